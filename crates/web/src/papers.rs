//! Forms with papers 带材料的表单: words and files of a case, read to their end whatever is wrong.

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use register::objection::PAPERS;
use register::paper::{LARGEST, PaperError};
use tokio::task::spawn_blocking;
use usecases::paper::{self, Received};
use usecases::{Actor, Cx, Error};

use crate::answer::Refused;
use crate::pages::Mistakes;
use crate::pages::form::KeptPaper;
use crate::session::same;
use crate::unsent::Reader;

/// Longest words in one field, in bytes.
const WORDS: usize = 32 << 10;

/// What was sent.
pub(crate) struct CaseForm {
    fields: Vec<(String, String)>,
    /// Papers that lie on the disk.
    pub(crate) papers: Vec<Received>,
    /// What is wrong with the files.
    pub(crate) mistakes: Mistakes,
}

impl CaseForm {
    /// A field as typed; empty if it was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// All fields.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The papers as the form shows them when it comes back.
    pub(crate) fn kept(&self, cx: &Cx, actor: &Actor) -> Vec<KeptPaper> {
        let of = |paper: &Received| KeptPaper {
            token: paper::token(cx, actor, paper),
            name: paper.name.clone(),
        };
        self.papers.iter().map(of).collect()
    }
}

fn broken(error: &MultipartError) -> Refused {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        Refused::too_large()
    } else {
        Refused::unreadable("表单没有传完，或者格式不对。")
    }
}

/// Reads a form of words and papers; the token comes first.
///
/// # Errors
/// A wrong token, with what was typed; a broken line, a field without end.
pub(crate) async fn read(
    cx: &Cx,
    actor: &Actor,
    csrf: &str,
    mut form: Multipart,
) -> Result<CaseForm, Refused> {
    let mut read = CaseForm { fields: Vec::new(), papers: Vec::new(), mistakes: Mistakes::none() };
    let mut is_trusted = false;
    // What stands in a form without the token is only given back.
    let mut unsent = Reader::new();
    let mut is_foreign = false;
    while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "csrf" {
            is_trusted = !is_foreign && same(csrf, &text(field).await?);
            continue;
        }
        if !is_trusted {
            is_foreign = true;
            unsent.take(field).await;
            continue;
        }
        match name.as_str() {
            "papers" => file(cx, field, &mut read).await?,
            "kept" => {
                let token = text(field).await?;
                let known = paper::of_token(cx, actor, &token);
                let is_new = |new: &Received| read.papers.iter().all(|paper| paper.id != new.id);
                read.papers.extend(known.filter(is_new));
            }
            _ => {
                let text = text(field).await?;
                read.fields.push((name, text));
            }
        }
    }
    if is_trusted { Ok(read) } else { Err(Refused::csrf().giving_back(unsent.fields)) }
}

async fn text(mut field: Field<'_>) -> Result<String, Refused> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > WORDS {
            return Err(Refused::unreadable("表单里有一项太长。"));
        }
    }
    String::from_utf8(bytes).map_err(|_| Refused::unreadable("表单的文字不是 UTF-8。"))
}

async fn file(cx: &Cx, mut field: Field<'_>, read: &mut CaseForm) -> Result<(), Refused> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let most = usize::try_from(LARGEST).unwrap_or(usize::MAX);
    let mut bytes = Vec::new();
    let mut is_large = false;
    // Read to its end, or the browser would show a broken line instead of what is wrong.
    while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
        is_large |= bytes.len() + piece.len() > most;
        if !is_large {
            bytes.extend_from_slice(&piece);
        }
    }
    if bytes.is_empty() && !is_large && name.is_empty() {
        return Ok(());
    }
    let shown = register::paper::plain_name(&name);
    if read.papers.len() >= PAPERS {
        let says = format!("最多交 {PAPERS} 份材料，“{shown}”没有收下。");
        read.mistakes = std::mem::take(&mut read.mistakes).and("papers", &says);
        return Ok(());
    }
    let cx = cx.clone();
    let taken = spawn_blocking(move || {
        if is_large { Ok(Err(PaperError::Large)) } else { paper::receive(&cx, &name, &bytes) }
    })
    .await
    .map_err(|_| Error::Internal("the end of a paper"))??;
    match taken {
        Ok(paper) => read.papers.push(paper),
        Err(error) => {
            let why = match error {
                PaperError::Empty => "是空的",
                PaperError::Large => "超过 10 MB",
                PaperError::Kind => "不是 PDF、JPEG、PNG 或者 OFD 文件",
            };
            let says = format!("“{shown}”{why}，没有收下。");
            read.mistakes = std::mem::take(&mut read.mistakes).and("papers", &says);
        }
    }
    Ok(())
}
