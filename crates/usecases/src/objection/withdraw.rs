//! 撤回异议: the person takes it back; the mark goes.

use access::{Action, What};
use register::objection::{NotNow, Objection};
use register::{ObjectionId, PersonId};

use super::answer::end_of_contest;
use super::of;
use crate::case::{change, step};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Takes an objection back.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::NotNow`] if it has ended.
pub async fn withdraw(
    cx: &Cx,
    actor: &Actor,
    person: PersonId,
    id: ObjectionId,
) -> Result<Objection> {
    let whom = person.to_string();
    cx.permit(actor, Action::OpenObjection, What { person: Some(&whom), ..What::default() })?;
    let found = store::objection::of_person_by_id(cx.store.read(), person, id).await?;
    let stood = found.ok_or(Error::NotFound)?;
    let now = stood.withdraw(cx.now())?;
    let ends = end_of_contest(&stood);
    let tx = cx.store.begin().await?;
    if !store::objection::save(&tx, &stood, &now).await? {
        return Err(NotNow::Closed.into());
    }
    step(cx, &tx, of(&now), "withdrawn", Some(actor.account), "").await?;
    change(cx, &tx, of(&now), Some(actor.account), ends).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}
