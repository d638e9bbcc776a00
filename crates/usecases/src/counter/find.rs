//! 窗口核对来人: whose document lies on the counter, which of his records he can object to, and how far his
//! cases have come.
//!
//! One clerk alone sees nothing that two people have to open.

use access::{Action, What};
use register::delivery::{Channel, DeliveryState};
use register::document::DocumentKind;
use register::notice::Notice;
use register::record::History;
use register::retention::is_archived;
use register::{Field, PersonId, PersonName, Record, RecordId, Redacted};

use super::visit;
use crate::access_log::{self, Disclosed, Door, Look, Outcome};
use crate::any_case::{self, AnyCase};
use crate::begin_case::is_untold;
use crate::case::mistake;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::seal;

/// Longest number of a visit, in characters.
const MATTER: usize = 64;

/// A visit as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// Kind of identity document; empty means a citizen's card.
    pub id_kind: String,
    /// Its number.
    pub id_number: Redacted<String>,
    /// The person's name.
    pub name: Redacted<String>,
    /// Number of the visit; the person sees it.
    pub matter: String,
}

/// Who is at the counter.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The person.
    pub person: PersonId,
    /// His name.
    pub name: PersonName,
    /// The last four characters of his number, the rest masked.
    pub number: String,
    /// Number of the visit.
    pub matter: String,
    /// His records, newest first, without those that were taken back, that are archived, or of which he has
    /// not been told yet.
    pub records: Vec<(Record, History)>,
    /// What is archived, newest first.
    pub archived: Vec<Archived>,
    /// His cases that are open, then those that ended lately.
    pub cases: Vec<AnyCase>,
    /// Whether a letter is on its way that tells him of a record: he may stand here with it in his hand before the post
    /// has said that it was served.
    pub has_letter: bool,
}

/// Of a record that is archived only which it is: two people open it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archived {
    /// The record.
    pub record: RecordId,
    /// What kind of document fixes it.
    pub kind: DocumentKind,
    /// The document's number; empty if it has none.
    pub document_no: String,
}

impl Archived {
    fn of(record: &Record) -> Self {
        Self {
            record: record.id,
            kind: record.document.kind,
            document_no: record.content.text(Field::DocumentNo).unwrap_or_default().to_owned(),
        }
    }
}

/// Finds who is at the counter by number and name together. The look is logged, also when it finds nobody.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`] if nobody in the register has this number
/// with this name, or he has died: then relatives ask, and two people open.
///
/// # Law
/// 信用修复管理办法 (2026) 3; 个人信息保护法 49, 51.
pub async fn find(cx: &Cx, actor: &Actor, visit: &Visit) -> Result<Disclosed<Visitor>> {
    let whom = whom(cx, actor, visit, (Action::HelpAtCounter, Door::Counter)).await?;
    disclose(cx, actor, whom, None).await
}

/// Whom number and name together mean, and the number of the visit. That nobody was found is logged.
pub(crate) async fn whom(
    cx: &Cx,
    actor: &Actor,
    visit: &Visit,
    (action, door): (Action, Door),
) -> Result<(PersonId, String)> {
    let mut mistakes = Vec::new();
    let typed = (visit.id_number.reveal().as_str(), visit.name.reveal().as_str());
    let who = seal::read_person(&visit.id_kind, typed, cx.today(), &mut mistakes);
    let matter = visit.matter.trim().to_owned();
    if matter.is_empty() || matter.chars().count() > MATTER {
        let says = format!("请填写窗口受理编号，最多 {MATTER} 个字。");
        mistakes.push(mistake("matter", "matter-missing", says));
    }
    let (Some((document, name)), true) = (who, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };
    let mark = seal::mark(cx, &document, &name)?;
    let found = cx.person(mark.blind).await?;
    let person = found.as_ref().map_or_else(|| seal::stand_in(&mark.blind), |found| found.person);
    may(cx, actor, person, action)?;
    if found.is_none_or(|found| found.name_mark != mark.name_mark) {
        let mut look = Look::by(actor, door, person);
        look.matter = matter;
        return refuse(cx, look, "no-such-person").await;
    }
    Ok((person, matter))
}

/// Refuses as if there were nobody, once that somebody tried is durable.
async fn refuse<T>(cx: &Cx, mut look: Look, reason: &str) -> Result<T> {
    look.outcome = Outcome::Refused;
    look.reason = Some(reason.to_owned());
    access_log::before(cx, look, ()).await?;
    Err(Error::NotFound)
}

/// One record of the person at the counter, in the visit of that token.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::Archived`], [`Error::Mistakes`] if the visit is over.
pub async fn record(
    cx: &Cx,
    actor: &Actor,
    visit: &str,
    record: RecordId,
) -> Result<Disclosed<Visitor>> {
    let (person, matter) = visit::of_token(cx, actor, visit)?;
    may_help(cx, actor, person)?;
    disclose(cx, actor, (person, matter), Some(record)).await
}

pub(super) fn may_help(cx: &Cx, actor: &Actor, person: PersonId) -> Result<()> {
    may(cx, actor, person, Action::HelpAtCounter)
}

/// Whether this actor may do that about this person.
pub(crate) fn may(cx: &Cx, actor: &Actor, person: PersonId, action: Action) -> Result<()> {
    let id = person.to_string();
    cx.permit(actor, action, What { person: Some(&id), ..What::default() })
}

async fn disclose(
    cx: &Cx,
    actor: &Actor,
    (person, matter): (PersonId, String),
    only: Option<RecordId>,
) -> Result<Disclosed<Visitor>> {
    let db = cx.store.read();
    let mut look = Look::by(actor, Door::Counter, person);
    look.matter.clone_from(&matter);
    if store::death::of_person(db, person).await?.is_some_and(|death| death.counts()) {
        return refuse(cx, look, "owner-died").await;
    }
    let (name, number) = seal::masked_identity(cx, person).await?;
    let (mut records, mut archived, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
    for stored in store::record::of_person(db, person).await? {
        let (record, history) = seal::open_record(&cx.vault, stored)?;
        let standing = record.standing(&history, &cx.rules, cx.today());
        let is_other = only.is_some_and(|only| only != record.id);
        // What was taken back is not there, and of what waits he hears by its notice first (I3).
        if is_other || history.withdrawn_on.is_some() {
            continue;
        }
        if is_untold(&record, &history) {
            waiting.push(record.id);
            continue;
        }
        if !is_archived(&standing) {
            records.push((record, history));
        } else if !record.is_by_consent() {
            archived.push(Archived::of(&record));
        }
    }
    records.reverse();
    archived.reverse();
    if only.is_some() && records.is_empty() {
        return Err(if archived.is_empty() { Error::NotFound } else { Error::Archived });
    }
    let cases = match only {
        Some(_) => Vec::new(),
        None => any_case::current(cx, person).await?,
    };
    let has_letter = is_letter_under_way(cx, person, &waiting).await?;
    look.records = records.iter().map(|(record, _)| record.id).collect();
    look.records.extend(archived.iter().map(|archived| archived.record));
    let visitor = Visitor { person, name, number, matter, records, archived, cases, has_letter };
    access_log::before(cx, look, visitor).await
}

/// Whether a letter that tells of one of these records is on its way.
async fn is_letter_under_way(cx: &Cx, person: PersonId, waiting: &[RecordId]) -> Result<bool> {
    if waiting.is_empty() {
        return Ok(false);
    }
    let db = cx.store.read();
    let mut letters = store::delivery::of_person(db, person).await?;
    letters.retain(|one| {
        one.channel == Channel::Letter
            && matches!(one.state, DeliveryState::Waiting | DeliveryState::Sent { .. })
    });
    let tells = |notice: &Notice| {
        notice.record().is_some_and(|record| waiting.contains(&record))
            && letters.iter().any(|letter| notice.delivery == Some(letter.id))
    };
    Ok(store::notice::of_person(db, person).await?.iter().any(tells))
}
