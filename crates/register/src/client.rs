//! Client credentials 系统凭据: by what a machine signs in, for what, and until when.
//!
//! A machine has secrets that last (`cx_…`, two while the old one is being replaced) and asks with one of
//! them for access tokens that do not (`at_…`). Its scope says for which purposes it may look, which
//! items it may send and what else it may do; a token may be for less, never for more.

use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

/// What a machine was let in for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// For which purposes it may look; `None`: for all of its body's.
    pub purposes: Option<Vec<String>>,
    /// Which items it may send; `None`: all of its body's.
    pub items: Option<Vec<String>>,
    /// What else it may do, of [`ALSO`]; `None`: all of that.
    pub also: Option<Vec<String>>,
}

/// A scope in words cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "a scope is a list of purpose:CODE, item:CODE, mandate, corrections with one space between two"
)]
pub struct BadScope;

/// How a word of a scope begins.
const PURPOSE: &str = "purpose:";
const ITEM: &str = "item:";
/// To look by mandates.
pub const MANDATE: &str = "mandate";
/// To see what its body received and has changed since, and to acknowledge it.
pub const CORRECTIONS: &str = "corrections";
/// What a machine may do beside looking for purposes and sending items.
pub const ALSO: [&str; 2] = [MANDATE, CORRECTIONS];
/// Most words in one scope.
const WORDS: usize = 200;
/// Most days that anything is counted ahead: a century.
pub const MOST_DAYS: i64 = 36_500;

impl Scope {
    /// Reads `purpose:CODE item:CODE mandate corrections`. Whoever asks in words asks for these and for nothing
    /// else: a scope that names no item is for no item, and one without `mandate` looks by none.
    ///
    /// # Errors
    /// [`BadScope`].
    pub fn parse(text: &str) -> Result<Self, BadScope> {
        let (mut purposes, mut items, mut also) = (Vec::new(), Vec::new(), Vec::new());
        for (at, word) in text.split(' ').enumerate() {
            let (list, code) = match (word.strip_prefix(PURPOSE), word.strip_prefix(ITEM)) {
                (Some(code), _) => (&mut purposes, code),
                (None, Some(code)) => (&mut items, code),
                (None, None) if ALSO.contains(&word) => (&mut also, word),
                (None, None) => return Err(BadScope),
            };
            let is_code = |c: char| c.is_ascii_alphanumeric() || c == '-';
            if at >= WORDS || code.is_empty() || !code.chars().all(is_code) {
                return Err(BadScope);
            }
            if !list.iter().any(|known| known == code) {
                list.push(code.to_owned());
            }
        }
        Ok(Self { purposes: Some(purposes), items: Some(items), also: Some(also) })
    }

    /// In words, as [`Scope::parse`] reads them; "all" has no words.
    #[must_use]
    pub fn words(&self) -> String {
        let words = |begins: &'static str, codes: &Option<Vec<String>>| {
            let codes = codes.clone().unwrap_or_default();
            codes.into_iter().map(move |code| format!("{begins}{code}"))
        };
        let named = words(PURPOSE, &self.purposes).chain(words(ITEM, &self.items));
        named.chain(words("", &self.also)).collect::<Vec<_>>().join(" ")
    }

    /// Whether this asks for no more than `whole` holds.
    #[must_use]
    pub fn is_within(&self, whole: &Self) -> bool {
        within(&self.purposes, &whole.purposes)
            && within(&self.items, &whole.items)
            && within(&self.also, &whole.also)
    }

    /// Whether a look for that purpose is in it.
    #[must_use]
    pub fn has_purpose(&self, code: &str) -> bool {
        has(&self.purposes, code)
    }

    /// Whether sending that item is in it.
    #[must_use]
    pub fn has_item(&self, code: &str) -> bool {
        has(&self.items, code)
    }

    /// Whether looking by mandates is in it.
    #[must_use]
    pub fn has_mandate(&self) -> bool {
        has(&self.also, MANDATE)
    }

    /// Whether seeing and acknowledging corrections is in it.
    #[must_use]
    pub fn has_corrections(&self) -> bool {
        has(&self.also, CORRECTIONS)
    }

    /// What is in both: what a token was given, as far as its machine may still do it.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self {
            purposes: both(&self.purposes, &other.purposes),
            items: both(&self.items, &other.items),
            also: both(&self.also, &other.also),
        }
    }

    /// Whether it is all that its body may do.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.purposes.is_none() && self.items.is_none() && self.also.is_none()
    }
}

fn has(codes: &Option<Vec<String>>, code: &str) -> bool {
    codes.as_ref().is_none_or(|codes| codes.iter().any(|known| known == code))
}

fn within(asked: &Option<Vec<String>>, whole: &Option<Vec<String>>) -> bool {
    match (asked, whole) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(asked), Some(whole)) => asked.iter().all(|code| whole.contains(code)),
    }
}

fn both(one: &Option<Vec<String>>, other: &Option<Vec<String>>) -> Option<Vec<String>> {
    match (one, other) {
        (None, codes) | (codes, None) => codes.clone(),
        (Some(one), Some(other)) => {
            Some(one.iter().filter(|code| other.contains(code)).cloned().collect())
        }
    }
}

/// A secret of a machine, without the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientSecret {
    /// When it was made.
    pub made_at: Timestamp,
    /// From when on it opens nothing.
    pub expires_at: Timestamp,
    /// When it was last used, to the hour.
    pub last_used_at: Option<Timestamp>,
}

/// How long the secrets of a machine still hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// One lasts longer than the warning reaches.
    Good,
    /// The last one ends soon.
    EndsSoon,
    /// None opens anything any more.
    Ended,
}

/// Of a machine whose last secret ends at `ends_at`, warned of that many days ahead.
#[must_use]
pub fn validity(ends_at: Option<Timestamp>, now: Timestamp, warn_days: i64) -> Validity {
    match ends_at {
        Some(ends_at) if ends_at > after_days(now, warn_days) => Validity::Good,
        Some(ends_at) if ends_at > now => Validity::EndsSoon,
        Some(_) | None => Validity::Ended,
    }
}

/// That many days of 24 hours later.
#[must_use]
pub fn after_days(at: Timestamp, days: i64) -> Timestamp {
    let hours = days.clamp(0, MOST_DAYS) * 24;
    at.checked_add(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(text: &str) -> Scope {
        Scope::parse(text).unwrap()
    }

    #[test]
    fn a_scope_in_words_names_all_that_is_asked_for() {
        let asked = scope("purpose:licence-review item:NP04-MR purpose:licence-review");
        assert_eq!(asked.purposes, Some(vec!["licence-review".to_owned()]));
        assert_eq!(asked.words(), "purpose:licence-review item:NP04-MR");
        let sends = scope("item:NP03");
        assert!(sends.has_item("NP03") && !sends.has_item("NP04-MR"));
        assert!(!sends.has_purpose("licence-review"), "for no purpose at all");
        assert!(Scope::default().has_purpose("licence-review"), "for all of its body's");
        assert!(!sends.has_mandate() && !sends.has_corrections(), "what is not named is not in it");
        let also = scope("corrections item:NP03 mandate");
        assert_eq!(also.words(), "item:NP03 corrections mandate");
        assert!(also.has_mandate() && also.has_corrections());
        assert!(Scope::default().has_mandate() && Scope::default().has_corrections());
        for bad in [
            "",
            " ",
            "purpose:",
            "admin",
            "mandate:",
            "Mandate",
            "purpose:a  item:b",
            "item:a,b",
            "item:a\nb",
        ] {
            assert_eq!(Scope::parse(bad), Err(BadScope), "{bad:?}");
        }
    }

    #[test]
    fn a_token_may_be_for_less_and_never_for_more() {
        let all = Scope::default();
        let one = scope("purpose:a");
        let two = scope("purpose:a purpose:b item:c");
        for (asked, whole, fits) in [
            (&one, &all, true),
            (&one, &two, true),
            (&two, &one, false),
            (&all, &two, false),
            (&two, &two, true),
            (&scope("purpose:a mandate"), &two, false),
        ] {
            assert_eq!(asked.is_within(whole), fits, "{asked:?} of {whole:?}");
            let left = asked.and(whole);
            assert!(left.is_within(asked) && left.is_within(whole), "{asked:?} and {whole:?}");
        }
        assert!(all.and(&all).is_all());
    }

    #[test]
    fn the_office_is_warned_before_the_last_secret_ends() {
        let now: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let at = |text: &str| text.parse().ok();
        assert_eq!(validity(at("2026-12-23T00:00:01Z"), now, 30), Validity::Good);
        assert_eq!(validity(at("2026-12-23T00:00:00Z"), now, 30), Validity::EndsSoon);
        assert_eq!(validity(at("2026-11-23T00:00:00Z"), now, 30), Validity::Ended);
        assert_eq!(validity(None, now, 30), Validity::Ended);
    }
}
