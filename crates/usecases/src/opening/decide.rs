//! 决定启封: the second of two people decides, with reasons. Granted, both may look for a while; a relative's
//! wish that it be erased is carried out at once.

use jiff::ToSpan;
use register::opening::{Decision, Ground, Opening, WORDS, Wish};
use register::{OpeningId, PersonId};

use super::see::permitted_to_decide;
use super::{expect_second, kept_until, reasons_place};
use crate::access_log::{Door, Look};
use crate::case::{self, Of, mistake, read_words};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::retention;

/// Relatives' wishes hold only as long as the person is noted as dead: he may have been taken for another.
async fn expect_dead(tx: &store::Tx, opening: &Opening) -> Result<()> {
    if opening.ground != Ground::Relative || store::death::counts(tx, opening.person).await? {
        return Ok(());
    }
    let says = "去世登记已经撤销，近亲属的申请不能同意。";
    Err(Error::Mistakes(vec![mistake("decision", "not-dead", says)]))
}

/// Grants or refuses. The person, if he lives, is told of what is opened.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotSecond`], [`Error::Mistakes`] without reasons, [`Error::NotFound`].
pub async fn decide(
    cx: &Cx,
    actor: &Actor,
    person: PersonId,
    id: OpeningId,
    grants: Option<bool>,
    reasons: &str,
) -> Result<Opening> {
    permitted_to_decide(cx, actor, person)?;
    let mut mistakes = Vec::new();
    if grants.is_none() {
        mistakes.push(mistake("decision", "choice-missing", "请选择同意还是不同意。"));
    }
    let reasons = read_words("reasons", reasons, WORDS, &mut mistakes);
    let (Some(grants), true) = (grants, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };
    let tx = cx.store.begin().await?;
    let stored = store::opening::by_id(&tx, person, id).await?.ok_or(Error::NotFound)?;
    expect_second(&tx, stored.opening.asked_by, actor).await?;
    if grants {
        expect_dead(&tx, &stored.opening).await?;
    }
    let hours = cx.rules.limit("opening_hours");
    let until = cx.now().checked_add(hours.hours());
    let until = until.map_err(|_| Error::Internal("the clock"))?;
    let decision =
        Decision { by: actor.account, at: cx.now(), open_until: grants.then_some(until) };
    let opening = stored.opening.decide(decision)?;
    let sealed =
        retention::seal(cx, Some(kept_until(cx)?), reasons_place(&id), reasons.as_bytes())?;
    if !store::opening::decide(&tx, (person, id), &decision, &sealed).await? {
        return Err(register::opening::NotSecond::Decided.into());
    }
    if grants && opening.wish == Wish::Erase {
        // Before anything is erased: what is cut off here, or still under dispute, goes by itself later.
        for record in store::record::of_person(&tx, person).await? {
            store::retention::bring_forward(&tx, person, record.id, cx.today()).await?;
        }
    }
    if let (true, Some(record)) = (grants, opening.record) {
        case::tell(cx, &tx, Of { person, case: id.0, record }, "archive-opened").await?;
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    if grants && opening.wish == Wish::Erase {
        for record in store::record::of_person(cx.store.read(), person).await? {
            let mut look = Look::by(actor, Door::Erasure, person);
            look.matter.clone_from(&opening.number);
            retention::erase_one(cx, person, record.id, look).await?;
        }
    }
    Ok(opening)
}
