//! Redacted 隐值: a personal value on its way through the program, which no log line can print.
//!
//! Two forms of one thing. [`Redacted`] holds a single value: `{:?}` and `{}` print [`MARK`], nothing can
//! serialise it, whoever needs it says [`Redacted::reveal`], and its memory is overwritten when it goes.
//! [`hidden!`](crate::hidden) is for a whole struct that holds words of people beside other things: its `{:?}`
//! prints the name of the type alone.
//!
//! A test of the house (`chengxin/tests/sideways.rs`) reads the sources and refuses a struct that holds a
//! personal value in the open and derives `Debug`.

use std::fmt;

use zeroize::Zeroize;

/// What is printed instead of the value.
pub const MARK: &str = "…";

/// A personal value: an identity number, a name, an address, what somebody typed about himself.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Redacted<T: Zeroize>(T);

impl<T: Zeroize> Redacted<T> {
    /// Takes a value in.
    #[must_use]
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself: to compute with, to seal, to show to whoever may see it. Never for a log line, an
    /// error, a metric or a trace.
    #[must_use]
    pub const fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> Drop for Redacted<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MARK)
    }
}

impl<T: Zeroize> fmt::Display for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MARK)
    }
}

impl From<String> for Redacted<String> {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl From<&str> for Redacted<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

/// Gives structs that hold words of people a `Debug` that prints the name of the type and [`MARK`].
///
/// ```
/// struct Said {
///     words: String,
/// }
/// register::hidden!(Said);
/// let said = Said { words: "柳敏没有收到告知书".to_owned() };
/// assert_eq!(format!("{said:?}"), "Said(…)");
/// assert!(!said.words.is_empty());
/// ```
#[macro_export]
macro_rules! hidden {
    ($($name:ident $(<$life:lifetime>)?),+ $(,)?) => {$(
        impl ::std::fmt::Debug for $name $(<$life>)? {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_debug_nor_display_shows_the_value() {
        let number = Redacted::from("999901197001010011");
        for shown in [format!("{number:?}"), format!("{number}"), format!("{number:#?}")] {
            assert_eq!(shown, MARK);
        }
        assert_eq!(number.reveal(), "999901197001010011");
        let inside = Some(vec![number.clone()]);
        assert!(!format!("{inside:?}").contains('9'), "{inside:?}");
        assert_eq!(number, Redacted::new("999901197001010011".to_owned()));
    }

    #[test]
    fn the_memory_is_overwritten() {
        struct Seen<'a>(&'a std::cell::Cell<bool>);
        impl Zeroize for Seen<'_> {
            fn zeroize(&mut self) {
                self.0.set(true);
            }
        }
        let is_overwritten = std::cell::Cell::new(false);
        let value = Redacted::new(Seen(&is_overwritten));
        assert!(!is_overwritten.get());
        drop(value);
        assert!(is_overwritten.get());
    }

    #[test]
    fn a_hidden_struct_shows_only_what_it_is() {
        struct Words {
            words: String,
        }
        crate::hidden!(Words);
        let words = Words { words: "当天店里没有营业".to_owned() };
        assert_eq!(format!("{words:?}"), "Words(…)");
        assert!(!words.words.is_empty());
    }
}
