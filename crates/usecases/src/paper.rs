//! 材料: papers that come with a case, kept byte for byte and sealed, outside the database.

use std::io::Read;

use register::paper::{self, Paper, PaperError, PaperKind};
use register::{PaperId, PersonId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::case::StoredPaper;
use vault::Place;

use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::files;

/// A paper that lies on the disk and belongs to no case yet; it is erased after a day if none takes it.
#[derive(Clone)]
pub struct Received {
    /// Its identifier.
    pub id: PaperId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: PaperKind,
    /// Bytes.
    pub size: u64,
    /// SHA-256.
    pub digest: [u8; 32],
}

register::hidden!(Received);

/// Takes a paper: looks at what it is, seals it, makes it durable.
///
/// # Errors
/// [`PaperError`] as an answer; [`Error::Disk`].
pub fn receive(cx: &Cx, name: &str, bytes: &[u8]) -> Result<Result<Received, PaperError>> {
    let kind = match PaperKind::of(bytes) {
        Ok(kind) => kind,
        Err(error) => return Ok(Err(error)),
    };
    let id = PaperId(cx.new_id());
    let path = cx.files.paper(id);
    let mut sealer = cx.files.create(&path, &cx.vault, cx.bytes())?;
    std::io::Write::write_all(&mut sealer, bytes)?;
    files::finish(&path, sealer)?;
    Ok(Ok(Received {
        id,
        name: paper::plain_name(name),
        kind,
        size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        digest: Sha256::digest(bytes).into(),
    }))
}

/// A paper as a hidden field of a form that comes back with mistakes, so that it need not be chosen
/// again: sealed, and good for this account only.
#[must_use]
pub fn token(cx: &Cx, actor: &Actor, paper: &Received) -> String {
    let plain = serde_json::to_vec(&Token {
        id: paper.id.0,
        name: paper.name.clone(),
        kind: paper.kind.code().to_owned(),
        size: paper.size,
        digest: hex::encode(paper.digest),
    });
    let place = Place { table: "paper", column: "token", row: actor.account.0.as_bytes() };
    hex::encode(cx.vault.seal(place, &plain.unwrap_or_default(), cx.bytes()))
}

/// The paper of a token; `None` if it is not one of ours for this account.
#[must_use]
pub fn of_token(cx: &Cx, actor: &Actor, token: &str) -> Option<Received> {
    let place = Place { table: "paper", column: "token", row: actor.account.0.as_bytes() };
    let plain = cx.vault.open(place, &hex::decode(token).ok()?).ok()?;
    let token: Token = serde_json::from_slice(&plain).ok()?;
    let id = PaperId(token.id);
    cx.files.paper(id).exists().then_some(())?;
    Some(Received {
        id,
        name: token.name,
        kind: PaperKind::from_code(&token.kind)?,
        size: token.size,
        digest: hex::decode(token.digest).ok()?.try_into().ok()?,
    })
}

#[derive(Serialize, Deserialize)]
struct Token {
    id: uuid::Uuid,
    name: String,
    kind: String,
    size: u64,
    digest: String,
}

/// The papers as a case keeps them.
pub(crate) fn of_case(
    cx: &Cx,
    person: PersonId,
    case: uuid::Uuid,
    is_of_agency: bool,
    received: &[Received],
) -> Vec<StoredPaper> {
    let of = |paper: &Received| StoredPaper {
        name: cx.vault.seal(name_place(&paper.id), paper.name.as_bytes(), cx.bytes()),
        paper: Paper {
            id: paper.id,
            person,
            case,
            name: paper.name.clone(),
            kind: paper.kind,
            size: paper.size,
            digest: paper.digest,
            is_of_agency,
            at: cx.now(),
        },
    };
    received.iter().map(of).collect()
}

/// A case's papers with their names.
pub(crate) fn opened(cx: &Cx, stored: Vec<StoredPaper>) -> Result<Vec<Paper>> {
    let open = |StoredPaper { paper, name }: StoredPaper| -> Result<Paper> {
        let name = cx.vault.open(name_place(&paper.id), &name)?;
        let name = String::from_utf8(name.to_vec());
        Ok(Paper { name: name.map_err(|_| Error::Internal("the name of a paper"))?, ..paper })
    };
    stored.into_iter().map(open).collect()
}

/// The bytes of a paper, exactly as they came.
pub type Bytes = Box<dyn Read + Send>;

/// One of the papers of a case with its bytes.
pub(crate) fn one_of(cx: &Cx, papers: Vec<Paper>, id: PaperId) -> Result<(Paper, Bytes)> {
    let paper = papers.into_iter().find(|paper| paper.id == id).ok_or(Error::NotFound)?;
    Ok((paper, Box::new(cx.files.read(&cx.files.paper(id), &cx.vault)?)))
}

/// The bytes of these papers, in order, as long as they make up at most `most` together.
pub(crate) fn up_to(cx: &Cx, papers: &[Paper], most: u64) -> Result<Vec<Option<Bytes>>> {
    let mut left = most;
    let bytes = |paper: &Paper| -> Result<Option<Bytes>> {
        let Some(after) = left.checked_sub(paper.size) else { return Ok(None) };
        left = after;
        Ok(Some(Box::new(cx.files.read(&cx.files.paper(paper.id), &cx.vault)?)))
    };
    papers.iter().map(bytes).collect()
}

fn name_place(id: &PaperId) -> Place<'_> {
    Place { table: "paper", column: "name", row: id.0.as_bytes() }
}
