//! Reports 信用报告: the person's own, and checking one by whoever holds it.

use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use register::report::Verdict;
use usecases::report::{Checked, digest, keep, own};
use usecases::{Error, my, report};

use super::deliveries::pdf;
use super::here;
use super::my::frame;
use crate::answer::{Answer, Refused, page, page_with};
use crate::extract::{Posted, Query};
use crate::pages::my::ReportPage;
use crate::pages::portal::{Verified, VerifyPage};
use crate::pages::{Here, Mistakes, Tag, Tint};
use crate::session::{Citizen, Visit};
use crate::state::WebState;
use crate::view::moment;

/// GET `/my/report`
pub(crate) async fn mine(citizen: Citizen, State(state): State<WebState>) -> Answer {
    let cx = &state.cx;
    let notices = my::notices(cx, &citizen.actor).await?;
    let issued = report::mine(cx, &citizen.actor).await?;
    page(&ReportPage {
        shell: frame(&citizen, Here::MyReport, &notices),
        issued: issued.into_iter().map(|one| (one.number, moment(one.issued_at))).collect(),
    })
}

/// POST `/my/report`: a new report as a file.
pub(crate) async fn issue(
    citizen: Citizen,
    State(state): State<WebState>,
    headers: HeaderMap,
    _posted: Posted,
) -> Answer<Response> {
    let site = match state.cx.channels.site.as_str() {
        "" => here(&headers),
        site => site.to_owned(),
    };
    let (draft, _) = own(&state.cx, &citizen.actor).await?.into_parts();
    let cx = state.cx.clone();
    let printed = tokio::task::spawn_blocking(move || {
        let made = crate::print::credit_report(&cx, &draft, &site);
        made.map(|bytes| (draft, bytes))
    });
    let printed = printed.await.map_err(|_| Error::Internal("a report"))?;
    let (draft, bytes) = printed.map_err(|_| Error::Internal("a report"))?;
    keep(&state.cx, &draft, &bytes).await?;
    Ok(pdf(bytes, &format!("{}.pdf", draft.report.number)))
}

/// A code that came with the address: somebody scanned it.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Scanned {
    code: String,
}

fn verified(checked: Checked) -> Verified {
    let (word, tint, says) = match checked.verdict {
        Verdict::Genuine => {
            ("真实有效", Tint::Good, "这份文件就是本平台出具的，出具以后登记的内容没有变化。")
        }
        // A code can stand on any paper: green is for whoever has shown the file.
        Verdict::CodeOnly => (
            "只核对了核验码",
            Tint::Plain,
            "本平台出具过这个核验码的报告，登记的内容没有变化。这里还没有核对文件或者纸上写的内容；\
             要核对的，请向本人要 PDF 文件，一起交上来。",
        ),
        Verdict::Superseded => (
            "内容有变化",
            Tint::Open,
            "这个核验码的报告是本平台出具的，但是出具以后登记的内容有变化，请向本人要一份新的。",
        ),
        Verdict::Changed => (
            "文件不符",
            Tint::Wrong,
            "核验码是真的，但是您交来的文件和出具的文件不一样，请不要采用，并向本人核对。",
        ),
        Verdict::Unknown => (
            "查不到",
            Tint::Wrong,
            "本平台没有出具过这个核验码的报告。请核对有没有输错；没有输错的，请不要采用。",
        ),
    };
    let (number, issued_at) =
        checked.report.map_or_else(Default::default, |(number, at)| (number, moment(at)));
    Verified { tag: Tag::new(word, tint), says: says.to_owned(), number, issued_at }
}

/// GET `/verify`: with a code in the address, the answer at once.
pub(crate) async fn form(
    visit: Visit,
    State(state): State<WebState>,
    Query(Scanned { code }): Query<Scanned>,
) -> Answer {
    let answer = if code.trim().is_empty() {
        None
    } else {
        Some(verified(report::verify(&state.cx, &code, None).await?))
    };
    let shell = visit.shell(Here::Elsewhere);
    page(&VerifyPage { shell, code, answer, mistakes: Mistakes::none() })
}

/// Largest file that is compared, in bytes.
const LARGEST: usize = 10 << 20;

/// POST `/verify`. It changes nothing, so a form from elsewhere does no harm.
pub(crate) async fn verify(
    visit: Visit,
    State(state): State<WebState>,
    mut form: Multipart,
) -> Answer {
    let broken = |_| Refused::unreadable("表单没有传完，或者格式不对。");
    let (mut code, mut file) = (String::new(), None);
    let mut mistakes = Mistakes::none();
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        while let Some(piece) = field.chunk().await.map_err(broken)? {
            if bytes.len() <= LARGEST {
                bytes.extend_from_slice(&piece);
            }
        }
        match name.as_str() {
            "code" => code = String::from_utf8_lossy(&bytes).into_owned(),
            "file" if bytes.len() > LARGEST => {
                mistakes = mistakes.and("file", "文件超过10 MB，不是本平台出具的报告。");
            }
            "file" if !bytes.is_empty() => file = Some(digest(&bytes)),
            _ => {}
        }
    }
    if code.trim().is_empty() {
        mistakes = mistakes.and("code", "请填写核验码。");
    }
    let shell = visit.shell(Here::Elsewhere);
    if !mistakes.is_empty() {
        let again = VerifyPage { shell, code, answer: None, mistakes };
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    }
    let answer = Some(verified(report::verify(&state.cx, &code, file).await?));
    page(&VerifyPage { shell, code, answer, mistakes })
}
