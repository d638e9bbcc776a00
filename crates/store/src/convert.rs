//! Conversions 转换 between the types of the register and those of the engines.

use chrono::{DateTime, NaiveDate, Utc};
use jiff::Timestamp;
use jiff::civil::Date;
use register::{Content, Field, Uscc, Value as FieldValue};

use crate::error::{Result, StoreError};

/// Builds the list of values of a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$(sea_orm::Value::from($value)),*] };
}
pub(crate) use values;

/// A day as the engines take it.
pub(crate) fn day(date: Date) -> NaiveDate {
    let month = u32::try_from(date.month()).unwrap_or(1);
    let day = u32::try_from(date.day()).unwrap_or(1);
    NaiveDate::from_ymd_opt(i32::from(date.year()), month, day).unwrap_or_default()
}

/// A day as the register takes it.
pub(crate) fn date(day: NaiveDate) -> Result<Date> {
    use chrono::Datelike;
    let bad = StoreError::BadRow { table: "any", what: "date" };
    let (Ok(year), Ok(month), Ok(dom)) =
        (i16::try_from(day.year()), i8::try_from(day.month()), i8::try_from(day.day()))
    else {
        return Err(bad);
    };
    Date::new(year, month, dom).map_err(|_| bad)
}

/// An instant as the engines take it, to the millisecond.
pub(crate) fn instant(at: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at.as_millisecond()).unwrap_or_default()
}

/// An instant as the register takes it.
pub(crate) fn timestamp(at: DateTime<Utc>) -> Result<Timestamp> {
    Timestamp::from_millisecond(at.timestamp_millis())
        .map_err(|_| StoreError::BadRow { table: "any", what: "instant" })
}

/// An organisation's code that was sound when it was stored.
pub(crate) fn uscc(table: &'static str, code: &str) -> Result<Uscc> {
    Uscc::parse(code).map_err(|_| StoreError::BadRow { table, what: "organisation code" })
}

/// A count as the engines take it.
pub(crate) fn big(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count as we take it.
pub(crate) fn count(table: &'static str, big: i64) -> Result<u64> {
    u64::try_from(big).map_err(|_| StoreError::BadRow { table, what: "count" })
}

/// Content as bytes, ready to be sealed: JSON, because someone will have to read it in five years.
#[must_use]
pub fn content_bytes(content: &Content) -> Vec<u8> {
    let map: serde_json::Map<String, serde_json::Value> = content
        .iter()
        .map(|(field, value)| {
            let value = match value {
                FieldValue::Text(text) => serde_json::Value::from(text.as_str()),
                FieldValue::Day(day) => serde_json::Value::from(format!("@{day}")),
                FieldValue::Fen(fen) => serde_json::Value::from(*fen),
            };
            (field.code().to_owned(), value)
        })
        .collect();
    serde_json::to_vec(&map).unwrap_or_default()
}

/// Content back from bytes that were just opened.
/// # Errors
/// [`StoreError::BadRow`].
pub fn content_from(bytes: &[u8]) -> Result<Content> {
    let bad = || StoreError::BadRow { table: "record", what: "content" };
    let map: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(bytes).map_err(|_| bad())?;
    let mut content = Content::default();
    for field in Field::ALL.iter().copied() {
        let value = match map.get(field.code()) {
            None => continue,
            Some(serde_json::Value::String(text)) => match text.strip_prefix('@') {
                Some(day) if is_day(field) => FieldValue::Day(day.parse().map_err(|_| bad())?),
                _ => FieldValue::Text(text.clone()),
            },
            Some(serde_json::Value::Number(fen)) => FieldValue::Fen(fen.as_i64().ok_or_else(bad)?),
            Some(_) => return Err(bad()),
        };
        content.set(field, value);
    }
    Ok(content)
}

fn is_day(field: Field) -> bool {
    matches!(
        field,
        Field::ActOn
            | Field::DecidedOn
            | Field::ServedOn
            | Field::EffectiveOn
            | Field::ValidFrom
            | Field::ValidUntil
    )
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use register::{Content, Field, Value};

    #[test]
    fn content_comes_back_as_it_went() {
        let content: Content = [
            (Field::DocumentNo, Value::Text("@凌市监罚字〔2026〕1号".to_owned())),
            (Field::FineFen, Value::Fen(150_000)),
            (Field::DecidedOn, Value::Day(date(2026, 7, 3))),
        ]
        .into_iter()
        .collect();
        let back = super::content_from(&super::content_bytes(&content)).unwrap();
        assert_eq!(back.text(Field::DocumentNo), Some("@凌市监罚字〔2026〕1号"));
        assert_eq!(back.fen(Field::FineFen), Some(150_000));
        assert_eq!(back.day(Field::DecidedOn), Some(date(2026, 7, 3)));
    }
}
