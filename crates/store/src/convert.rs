//! Conversions 转换 between the types of the register and those of the engines.

use chrono::{DateTime, NaiveDate, Utc};
use jiff::Timestamp;
use jiff::civil::Date;
use register::{Content, Field, Uscc, Value as FieldValue};
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
    serde_json::to_vec(&Sealed(content)).unwrap_or_default()
}

/// Content back from bytes that were just opened.
///
/// # Errors
/// [`StoreError::BadRow`].
pub fn content_from(bytes: &[u8]) -> Result<Content> {
    let Opened(content) = serde_json::from_slice(bytes)
        .map_err(|_| StoreError::BadRow { table: "record", what: "content" })?;
    Ok(content)
}

struct Sealed<'a>(&'a Content);

impl Serialize for Sealed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (field, value) in self.0.iter() {
            match value {
                FieldValue::Text(text) => map.serialize_entry(field.code(), text)?,
                FieldValue::Day(day) => {
                    map.serialize_entry(field.code(), &format_args!("@{day}"))?
                }
                FieldValue::Fen(fen) => map.serialize_entry(field.code(), fen)?,
            }
        }
        map.end()
    }
}

struct Opened(Content);

impl<'de> Deserialize<'de> for Opened {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields)
    }
}

struct Fields;

/// One value of the map.
enum Kept {
    Fen(i64),
    Text(String),
}

impl<'de> Deserialize<'de> for Kept {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = Kept;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("words or an amount in fen")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Kept, E> {
                Ok(Kept::Text(text.to_owned()))
            }

            fn visit_i64<E: serde::de::Error>(self, fen: i64) -> Result<Kept, E> {
                Ok(Kept::Fen(fen))
            }

            fn visit_u64<E: serde::de::Error>(self, fen: u64) -> Result<Kept, E> {
                i64::try_from(fen).map(Kept::Fen).map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl<'de> Visitor<'de> for Fields {
    type Value = Opened;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the fields of a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Opened, A::Error> {
        let mut content = Content::default();
        while let Some(code) = map.next_key::<&str>()? {
            // A field that this program does not know any more is passed over.
            let Some(field) = Field::from_code(code) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let value = match map.next_value()? {
                Kept::Fen(fen) => FieldValue::Fen(fen),
                Kept::Text(text) => match text.strip_prefix('@') {
                    Some(day) if is_day(field) => {
                        FieldValue::Day(day.parse().map_err(A::Error::custom)?)
                    }
                    _ => FieldValue::Text(text),
                },
            };
            content.set(field, value);
        }
        Ok(Opened(content))
    }
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
