//! 办理修复: taken up, extended once, granted or refused with reasons.

use access::{Action, What};
use register::objection::{NotNow, REASONS};
use register::repair::Repair;
use register::{EventKind, RepairId, Uscc};

use super::of;
use crate::case::{change, mistake, read_words, step, tell};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// What the body does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Takes it up.
    Accept,
    /// Needs longer.
    Extend,
    /// Grants it.
    Grant,
    /// Does not take it up, or refuses it.
    Refuse,
}

impl Decision {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Accept, Self::Extend, Self::Grant, Self::Refuse];

    /// Its code, also of the step that it leaves.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accept => "accepted",
            Self::Extend => "extended",
            Self::Grant => "granted",
            Self::Refuse => "refused",
        }
    }

    /// The decision of that code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.code() == code)
    }
}

/// Decides. A grant ends display, sharing and use, and tells every receiver, in one transaction.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`] without reasons where they are owed, [`Error::NotFound`],
/// [`Error::NotNow`] if it does not stand there.
///
/// # Law
/// 信用修复管理办法 (2026) 3; 国办发〔2025〕22号 — decided by whoever determined the fact.
pub async fn decide(
    cx: &Cx,
    actor: &Actor,
    id: RepairId,
    decision: &str,
    reasons: &str,
) -> Result<Repair> {
    let stood = permitted(cx, actor, id).await?;
    let mut mistakes = Vec::new();
    let decision = Decision::from_code(decision);
    if decision.is_none() {
        mistakes.push(mistake("decision", "choice-missing", "请选择怎样办理。"));
    }
    let owes_reasons = matches!(decision, Some(Decision::Refuse | Decision::Extend) | None);
    let reasons = if owes_reasons || !reasons.trim().is_empty() {
        read_words("reasons", reasons, REASONS, &mut mistakes)
    } else {
        String::new()
    };
    let (Some(decision), true) = (decision, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };
    let at = cx.now();
    let now = match decision {
        Decision::Accept => stood.accept(),
        Decision::Extend => stood.extend(&cx.rules, cx.today()),
        Decision::Grant => stood.grant(at),
        Decision::Refuse => stood.refuse(at),
    };
    let now = now.ok_or(if stood.is_open() { NotNow::Early } else { NotNow::Closed })?;
    let tx = cx.store.begin().await?;
    if !store::repair::save(&tx, &stood, &now).await? {
        return Err(NotNow::Closed.into());
    }
    step(cx, &tx, of(&now), decision.code(), Some(actor.account), &reasons).await?;
    if decision == Decision::Grant {
        let ends = vec![(EventKind::Repaired { on: cx.today() }, None)];
        change(cx, &tx, of(&now), Some(actor.account), ends).await?;
    }
    let text = match decision {
        Decision::Accept => "repair-accepted",
        Decision::Extend => "repair-extended",
        Decision::Grant => "repair-granted",
        Decision::Refuse => "repair-refused",
    };
    tell(cx, &tx, of(&now), text).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}

/// The repair, if this actor's body has to decide it.
pub(super) async fn permitted(cx: &Cx, actor: &Actor, id: RepairId) -> Result<Repair> {
    let own = actor.agency;
    let agency = own.as_ref().map(Uscc::as_str);
    cx.permit(actor, Action::AnswerObjection, What { agency, ..What::default() })?;
    let agency = agency.unwrap_or_default();
    let found = store::repair::of_agency_by_id(cx.store.read(), agency, id).await?;
    let found = found.ok_or(Error::NotFound)?;
    let person = found.person.to_string();
    let what = What { agency: Some(agency), person: Some(&person), ..What::default() };
    cx.permit(actor, Action::AnswerObjection, what)?;
    Ok(found)
}
