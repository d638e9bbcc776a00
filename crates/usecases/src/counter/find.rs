//! 窗口核对来人: whose document lies on the counter, and which of his records he can object to.

use access::{Action, What};
use register::record::History;
use register::{PersonId, PersonName, Record, RecordId};

use crate::access_log::{self, Disclosed, Door, Look, Outcome};
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
    pub id_number: String,
    /// The person's name.
    pub name: String,
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
    /// His records, newest first, without those that were taken back.
    pub records: Vec<(Record, History)>,
}

/// Finds who is at the counter by number and name together. The look is logged, also when it finds nobody.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`] if nobody in the register has this number
/// with this name.
pub async fn find(cx: &Cx, actor: &Actor, visit: &Visit) -> Result<Disclosed<Visitor>> {
    let (person, matter) = whom(cx, actor, visit, (Action::HelpAtCounter, Door::Counter)).await?;
    disclose(cx, actor, person, matter, None).await
}

/// Whom number and name together mean, and the number of the visit. That nobody was found is logged.
pub(crate) async fn whom(
    cx: &Cx,
    actor: &Actor,
    visit: &Visit,
    (action, door): (Action, Door),
) -> Result<(PersonId, String)> {
    let mut mistakes = Vec::new();
    let Visit { id_kind, id_number, name, .. } = visit;
    let who = seal::read_person(id_kind, id_number, name, cx.today(), &mut mistakes);
    let matter = visit.matter.trim().to_owned();
    if matter.is_empty() || matter.chars().count() > MATTER {
        let says = format!("请填写窗口受理编号，最多 {MATTER} 个字。");
        mistakes.push(mistake("matter", "matter-missing", says));
    }
    let (Some((document, name)), true) = (who, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };
    let blind = seal::blind(&cx.vault, &document);
    let mark = seal::name_mark(&cx.vault, &name);
    let found = cx.person(blind).await?;
    let person = found.as_ref().map_or_else(|| seal::stand_in(&blind), |found| found.person);
    may(cx, actor, person, action)?;
    if found.is_none_or(|found| found.name_mark != mark) {
        let mut look = Look::by(actor, door, person);
        look.matter = matter;
        look.outcome = Outcome::Refused;
        look.reason = Some("no-such-person".to_owned());
        access_log::before(cx, look, ()).await?;
        return Err(Error::NotFound);
    }
    Ok((person, matter))
}

/// One record of the person at the counter.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn record(
    cx: &Cx,
    actor: &Actor,
    person: PersonId,
    record: RecordId,
    matter: &str,
) -> Result<Disclosed<Visitor>> {
    may_help(cx, actor, person)?;
    disclose(cx, actor, person, matter.trim().to_owned(), Some(record)).await
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
    person: PersonId,
    matter: String,
    only: Option<RecordId>,
) -> Result<Disclosed<Visitor>> {
    let (name, number) = seal::masked_identity(cx, person).await?;
    let mut records = Vec::new();
    for stored in store::record::of_person(cx.store.read(), person).await? {
        let (record, history) = seal::open_record(&cx.vault, stored)?;
        if history.withdrawn_on.is_none() && only.is_none_or(|only| only == record.id) {
            records.push((record, history));
        }
    }
    records.reverse();
    if only.is_some() && records.is_empty() {
        return Err(Error::NotFound);
    }
    let mut look = Look::by(actor, Door::Counter, person);
    look.matter.clone_from(&matter);
    look.records = records.iter().map(|(record, _)| record.id).collect();
    access_log::before(cx, look, Visitor { person, name, number, matter, records }).await
}
