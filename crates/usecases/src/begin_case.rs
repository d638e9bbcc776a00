//! 能不能立案: whether a case can begin at all, whoever asks for it.

use register::record::History;
use register::retention::is_archived;
use register::{PersonId, Record};
use store::Tx;

use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Refuses whatever would begin in the name of somebody who has died: his relatives ask by two people's opening.
/// Nobody ends or confirms a death before the transaction ends.
///
/// # Errors
/// [`Error::NotFound`].
///
/// # Law
/// 个人信息保护法 49.
pub(crate) async fn expect_alive(tx: &Tx, person: PersonId) -> Result<()> {
    if store::death::counts(tx, person).await? { Err(Error::NotFound) } else { Ok(()) }
}

/// Refuses a case where none can begin.
///
/// About what is archived, and of what the person has not been told, only he himself begins one: another who could
/// would see it without a second person, or before him.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Archived`].
///
/// # Law
/// 信用修复管理办法 (2026) 3; 个人信息保护法 17, 35, 49.
pub(crate) async fn expect_can_begin(
    cx: &Cx,
    tx: &Tx,
    actor: &Actor,
    (record, history): (&Record, &History),
) -> Result<()> {
    expect_alive(tx, record.person).await?;
    if actor.person == Some(record.person) {
        return Ok(());
    }
    let standing = record.standing(history, &cx.rules, cx.today());
    if is_archived(&standing) {
        return Err(Error::Archived);
    }
    if is_untold(record, history) { Err(Error::NotFound) } else { Ok(()) }
}

/// Whether it speaks against the person and he has not been told of it, whatever else keeps it from being shown (I3).
pub(crate) fn is_untold(record: &Record, history: &History) -> bool {
    record.is_adverse() && history.told_on.is_none()
}
