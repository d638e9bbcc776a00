//! 本人声明: the person's own words beside a record, seen by whoever sees the record; nobody edits them.

use access::{Action, What};
use register::statement::{Statement, StatementError};
use register::{Event, EventId, EventKind, PersonId, RecordId};

use crate::cx::{Actor, Cx};
use crate::error::{Error, Mistake, Result};
use crate::{retention, seal};

/// Puts a statement beside a record, in place of any before; an empty one takes it away. Says whether
/// anything has changed.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`] if it is not his record.
///
/// # Law
/// 征信业管理条例 16 — the person may state his view (here by our own rule O11).
pub async fn state(
    cx: &Cx,
    actor: &Actor,
    person: PersonId,
    record: RecordId,
    text: &str,
) -> Result<bool> {
    let whom = person.to_string();
    cx.permit(actor, Action::OpenObjection, What { person: Some(&whom), ..What::default() })?;
    let statement = match Statement::parse(text) {
        Ok(statement) => Some(statement),
        Err(StatementError::Empty) => None,
        Err(error) => return Err(Error::Mistakes(vec![mistake(error)])),
    };
    let tx = cx.store.begin().await?;
    store::retention::held(&tx, person, record).await?;
    let stored = store::record::of_person(&tx, person).await?;
    let stored = stored.into_iter().find(|stored| stored.id == record).ok_or(Error::NotFound)?;
    let erase_on = retention::with_content(stored.erase_on, &stored.content);
    let (before, _) = seal::open_record(&cx.vault, stored)?;
    let now = statement.as_ref().map(Statement::as_str);
    if before.statement.as_deref() == now {
        return Ok(false);
    }
    let id = EventId(cx.new_id());
    let place = seal::event_place(&id);
    let sealed =
        now.map(|words| retention::seal(cx, erase_on, place, words.as_bytes())).transpose()?;
    let kind = if sealed.is_some() { EventKind::Stated } else { EventKind::StatementRemoved };
    let event = Event { id, record, kind, sealed, by: Some(actor.account), at: cx.now() };
    store::record::add_events(&tx, &[(person, event)]).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(true)
}

fn mistake(error: StatementError) -> Mistake {
    let (code, says) = match error {
        StatementError::Empty => ("words-missing", "请写上您想说的话。".to_owned()),
        StatementError::Long { count } => (
            "words-long",
            format!(
                "写了 {count} 个字，最多 {} 个字，请精简以后再保存。",
                register::statement::WORDS
            ),
        ),
        StatementError::Signs => {
            ("words-signs", "里面有无法显示的字符，请删去以后再保存。".to_owned())
        }
        StatementError::Number => (
            "words-number",
            "看到这条信息的单位都看得到声明，请不要写证件号码、手机号码和卡号。".to_owned(),
        ),
    };
    Mistake { field: "words", code, says }
}
