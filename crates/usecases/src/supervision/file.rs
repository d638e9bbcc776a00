//! A case as it is entered, and what it leaves beside a look.

use std::collections::BTreeSet;

use jiff::Timestamp;
use register::inquiry::Inquiry;
use register::supervision::{Done, Origin, Rule, State, Supervision};
use register::{AccountId, SupervisionId, Uscc};
use store::Tx;
use store::access_entry::Entry;
use store::supervision::Wrongful;

use super::of;
use crate::case::{number, step};
use crate::cx::Cx;
use crate::error::Result;

/// What was found, before it is a case.
pub(super) struct New {
    pub(super) key: String,
    pub(super) origin: Origin,
    pub(super) rule: Option<Rule>,
    pub(super) agency: Uscc,
    pub(super) account: Option<AccountId>,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    pub(super) looks: Vec<u64>,
    pub(super) persons: u64,
}

fn case(cx: &Cx, new: &New) -> Supervision {
    let id = SupervisionId(cx.new_id());
    Supervision {
        id,
        number: number("JD", cx.today(), id.0),
        key: new.key.clone(),
        origin: new.origin,
        rule: new.rule,
        agency: new.agency,
        account: new.account,
        from: new.from,
        to: new.to,
        looks: u64::try_from(new.looks.len()).unwrap_or(u64::MAX),
        persons: new.persons,
        found_at: cx.now(),
        state: State::Found,
        asked: None,
        answered: None,
        closed: None,
    }
}

/// Enters what was found, with every one of its looks: whoever is in one may have to be told; `false` if it was found
/// before.
pub(super) async fn enter(cx: &Cx, tx: &Tx, new: &New) -> Result<bool> {
    let case = case(cx, new);
    Ok(store::supervision::add(tx, &case, &new.looks).await?)
}

/// A body has told the person that it should not have looked: it has answered, and the office says what it finds.
///
/// The words were written for the person: numbers in them are masked here; a name we cannot know, so that whoever reads
/// them is logged.
pub(crate) async fn from_inquiry(
    cx: &Cx,
    tx: &Tx,
    inquiry: &Inquiry,
    entry: Option<&Entry>,
    by: AccountId,
    words: &str,
) -> Result<()> {
    let at = entry.map_or(inquiry.asked_at, |entry| entry.at);
    let new = New {
        key: format!("inquiry:{}", inquiry.id),
        origin: Origin::Inquiry,
        rule: None,
        agency: inquiry.agency,
        account: entry.map(|entry| entry.account),
        from: at,
        to: at,
        looks: vec![inquiry.look],
        persons: 1,
    };
    let answered = Done { by, at: cx.now() };
    let case = Supervision { state: State::Answered, answered: Some(answered), ..case(cx, &new) };
    if store::supervision::add(tx, &case, &new.looks).await? {
        let masked = register::mask::running_text(words);
        let words = masked.as_deref().unwrap_or(words);
        step(cx, tx, of(&case), "answered", Some(by), words).await?;
    }
    Ok(())
}

/// Which of these looks should not have been, as the office found; the first finding of each counts.
pub(crate) async fn wrongful_of(cx: &Cx, seqs: &[u64]) -> Result<Vec<Wrongful>> {
    let mut found = store::supervision::wrongful(cx.store.read(), seqs).await?;
    let mut seen = BTreeSet::new();
    found.retain(|one| seen.insert(one.seq));
    Ok(found)
}
