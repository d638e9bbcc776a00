//! 查询监督: the office watches over how people are looked up, asks bodies to explain, and says what it found.
//!
//! Found by lot, by rules over how looks were made, or because a body has told the person that it should not have
//! looked. It is about officers: the people are a number, the looks are positions in the log, and no list or report
//! names anybody. Surnames and addresses are not used, by no rule.

mod answer;
mod ask;
mod file;
mod find;
mod lot;
mod month;
mod patterns;
mod see;
mod tell;

use access::{Action, What};
use jiff::civil::Date;
use jiff::{Timestamp, tz};
use register::supervision::Supervision;
use register::{AccountId, PersonId, RecordId};
use uuid::Uuid;

pub use answer::answer;
pub use ask::{ask, ask_samples};
pub use find::{NewFinding, find};
pub use month::{AgencySamples, Figure, Month, RuleCases, month};
pub use see::{CaseFile, Listed, SeenLook, desk, desk_one, list, lists, office, one, paper};
pub use tell::tell_waiting;

pub(crate) use file::{from_inquiry, wrongful_of};
use lot::samples;

use crate::access_log::Door;
use crate::case::Of;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Mistake, Result};
use crate::inquiry::{OFFICE, credit_office};

/// Doors through which somebody at work looks at a person of his own accord: what the rules are about. Cases that a
/// person or a deadline has begun lead through others; the whole number in them he looks at of his own accord.
const WATCHED: [Door; 5] =
    [Door::Check, Door::Mandate, Door::Counter, Door::Opening, Door::WholeNumber];

/// Doors through which bodies look in a matter: of these looks some are drawn by lot.
const DRAWN: [Door; 3] = [Door::Check, Door::Mandate, Door::WholeNumber];

/// Entries read at once.
const PAGE: u32 = 2_000;

/// Finds what there is to find: patterns of the days that are over, samples of the months that are over.
///
/// Says how many cases are new; runs twice, or in two processes, without finding anything twice, and catches up with days on
/// which nobody ran it.
///
/// # Errors
/// [`Error::Store`], [`Error::Vault`].
pub async fn supervise(cx: &Cx) -> Result<u64> {
    // Both, whatever becomes of either.
    let patterns = patterns::patterns(cx).await;
    let samples = samples(cx).await;
    Ok(patterns? + samples?)
}

/// In the place of the person stands the case itself: it is about officers, and nothing leads from a person to it.
pub(crate) fn of(case: &Supervision) -> Of {
    Of { person: PersonId(case.id.0), case: case.id.0, record: RecordId(Uuid::nil()) }
}

/// What of all looks of a case, as the log has them, says who must keep away from it (I15).
struct Sides {
    /// The actor himself, if he was looked at.
    himself: Option<PersonId>,
    /// Whoever looked.
    lookers: Vec<AccountId>,
}

/// Lets pass or refuses, also whoever was himself looked at (I15).
async fn permit(cx: &Cx, actor: &Actor, action: Action, case: &Supervision) -> Result<Sides> {
    let (db, log) = (cx.store.read(), cx.log.name());
    let himself = match actor.person {
        Some(own) => store::supervision::is_about(db, log, case.id, own).await?.then_some(own),
        None => None,
    };
    let sides = Sides { himself, lookers: store::supervision::lookers(db, log, case.id).await? };
    permit_with(cx, actor, action, case, &sides)?;
    Ok(sides)
}

fn permit_with(
    cx: &Cx,
    actor: &Actor,
    action: Action,
    case: &Supervision,
    sides: &Sides,
) -> Result<()> {
    let whom = sides.himself.map(|person| person.to_string());
    let office = [OFFICE.to_owned()];
    let is_office = credit_office(&cx.rules).is_ok_and(|office| office == case.agency);
    let what = What {
        agency: Some(case.agency.as_str()),
        person: whom.as_deref(),
        allowed_kinds: is_office.then_some(office.as_slice()),
        ..What::default()
    };
    cx.permit(actor, action, what)
}

/// Whether one of the looks is the actor's own, by this account or another of the same human being (I15).
async fn is_his_own(cx: &Cx, actor: &Actor, sides: &Sides) -> Result<bool> {
    for account in &sides.lookers {
        if *account == actor.account {
            return Ok(true);
        }
        let found = store::account::by_id(cx.store.read(), *account).await?;
        let person = found.and_then(|account| account.person);
        if person.is_some() && person == actor.person {
            return Ok(true);
        }
    }
    Ok(false)
}

fn own_look(field: &'static str) -> Mistake {
    let says = "其中有您自己作出的查询，请由别人来办。";
    crate::case::mistake(field, "own-look", says)
}

/// Words of a case name nobody: a number in them is refused, a name we cannot know.
fn expect_no_number(field: &'static str, words: &str, mistakes: &mut Vec<Mistake>) {
    if register::mask::text(words).is_some() {
        let says = "这里不要写证件号码或者手机号码，写受理编号或者存证位置就可以；需要给对方看的放在材料里。";
        mistakes.push(crate::case::mistake(field, "words-personal", says));
    }
}

/// The first moment of a day in China.
fn begins(day: Date) -> Result<Timestamp> {
    let zone = tz::TimeZone::fixed(tz::offset(8));
    let at = day.to_zoned(zone).map_err(|_| Error::Internal("the beginning of a day"))?;
    Ok(at.timestamp())
}
