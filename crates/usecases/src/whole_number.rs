//! 完整证件号码: who handles a case and needs all of an identity number says why, proves himself anew, and sees it once.
//!
//! Pages at work show its last characters only. The person sees in his log that somebody saw all of it, and why.

use access::{Action, What};
use register::mask::{self, REASON_LEAST, REASON_MOST};
use register::objection::NotNow;
use register::opening::Wish;
use register::{
    ChallengeId, DeathId, IdDocument, NoticeId, ObjectionId, OpeningId, PersonId, PersonName,
    RepairId, Uscc,
};

use crate::access_log::{self, Disclosed, Door, Look};
use crate::account::tries::Place;
use crate::account::{Proof, prove};
use crate::case::{self, mistake, read_words};
use crate::counter::may;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::{challenge, letter, objection, repair, seal};

/// The affair in which somebody needs the whole number. There is no other way to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Affair {
    /// An objection that his body answers.
    Objection(ObjectionId),
    /// A repair that his body decides.
    Repair(RepairId),
    /// A challenge on which his body acts.
    Challenge(ChallengeId),
    /// A letter that the office writes, by the first notice in it.
    Letter(PersonId, NoticeId),
    /// A request to open what is archived.
    Opening(PersonId, OpeningId),
    /// A death that waits for its second person.
    Death(PersonId, DeathId),
}

/// What is asked, as it was typed.
#[derive(Clone, Default)]
pub struct Ask {
    /// Why; the person reads it.
    pub reason: String,
    /// That it is he who asks.
    pub proof: Proof,
}

/// A whole number, with whose it is.
#[derive(Clone, Debug)]
pub struct WholeNumber {
    /// His name.
    pub name: PersonName,
    /// His document.
    pub document: IdDocument,
    /// The number of the affair.
    pub affair: String,
}

/// The number of the affair, if this actor may see the whole number in it now. Nothing is shown of the person.
///
/// # Errors
/// [`Error::Denied`], also about himself (I15); [`Error::NotFound`], [`Error::NotNow`] once the affair is over.
pub async fn about(cx: &Cx, actor: &Actor, affair: Affair) -> Result<String> {
    Ok(permitted(cx, actor, affair).await?.1)
}

/// Shows the whole number once. The look is logged before with the reason, and the person sees it.
///
/// # Errors
/// Like [`about`]; [`Error::Mistakes`] for a reason that is none and for a proof that is wrong, [`Error::Wait`] after too
/// many of those, [`Error::Log`].
///
/// # Law
/// 个人信息保护法 6, 28, 29, 51 — no more than needed; sensitive information with a definite need and strict measures.
pub async fn show(
    cx: &Cx,
    actor: &Actor,
    affair: Affair,
    place: &Place,
    ask: &Ask,
) -> Result<Disclosed<WholeNumber>> {
    let (person, number) = permitted(cx, actor, affair).await?;
    let mut mistakes = Vec::new();
    let reason = read_words("reason", &ask.reason, REASON_MOST, &mut mistakes);
    if mistakes.is_empty() && reason.chars().count() < REASON_LEAST {
        let says = format!("请写清楚为什么要看，至少 {REASON_LEAST} 个字，本人会看到。");
        mistakes.push(mistake("reason", "reason-short", says));
    }
    for (field, typed, says) in [
        ("password", &ask.proof.password, "请再输入一次您的密码。"),
        ("code", &ask.proof.code, "请输入验证码。"),
    ] {
        if typed.is_empty() {
            mistakes.push(mistake(field, "proof-missing", says));
        }
    }
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    prove(cx, actor, place, &ask.proof).await?;
    let sealed = store::person::sealed(cx.store.read(), person).await?;
    let (kind, sealed) = sealed.ok_or(Error::NotFound)?;
    let (document, name) = seal::open_identity(&cx.vault, person, &kind, &sealed)?;
    let mut look = Look::by(actor, Door::WholeNumber, person);
    // A number has no place in the reason either.
    let reason = mask::text(&reason).unwrap_or(reason);
    look.matter = format!("{number}，理由：{reason}");
    access_log::before(cx, look, WholeNumber { name, document, affair: number }).await
}

/// Whose number it is and the number of the affair, if this actor may see it there: the affair is his, it is not over,
/// and it is not about himself.
async fn permitted(cx: &Cx, actor: &Actor, affair: Affair) -> Result<(PersonId, String)> {
    let (person, number) = of(cx, actor, affair).await?;
    let whom = person.to_string();
    let what = What {
        agency: actor.agency.as_ref().map(Uscc::as_str),
        person: Some(&whom),
        has_matter: !number.is_empty(),
        ..What::default()
    };
    cx.permit(actor, Action::SeeWholeNumber, what)?;
    Ok((person, number))
}

/// The same by the rights that the affair itself needs.
async fn of(cx: &Cx, actor: &Actor, affair: Affair) -> Result<(PersonId, String)> {
    let db = cx.store.read();
    match affair {
        Affair::Objection(id) => case::while_open(&objection::permitted(cx, actor, id).await?),
        Affair::Repair(id) => case::while_open(&repair::permitted(cx, actor, id).await?),
        Affair::Challenge(id) => case::while_open(&challenge::permitted(cx, actor, id).await?),
        Affair::Letter(person, notice) => letter::to_write(cx, actor, person, notice).await,
        Affair::Opening(person, id) => {
            may(cx, actor, person, Action::AskOpening)?;
            let stored = store::opening::by_id(db, person, id).await?.ok_or(Error::NotFound)?;
            let opening = stored.opening;
            let is_open = opening.wish == Wish::See && opening.is_open_to(actor.account, cx.now());
            if opening.decision.is_some() && !is_open {
                return Err(NotNow::Closed.into());
            }
            Ok((person, opening.number))
        }
        Affair::Death(person, id) => {
            may(cx, actor, person, Action::NoteDeath)?;
            let (death, _) = store::death::by_id(db, person, id).await?.ok_or(Error::NotFound)?;
            if death.confirmed.is_some() || death.ended_at.is_some() {
                return Err(NotNow::Closed.into());
            }
            Ok((person, death.number))
        }
    }
}
