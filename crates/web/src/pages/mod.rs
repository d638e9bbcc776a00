//! Pages 页面: what each template needs, as plain strings, with an invented sample of each.
//!
//! A page struct mirrors its template (`templates/<place>/<page>.html`) and holds nothing that has
//! still to be decided: dates, amounts and masks are done before they come here (see `format`).

pub mod case;
pub mod desk;
pub mod form;
pub mod format;
pub mod identity;
pub mod my;
pub mod office;
pub mod operator;
pub mod passkey;
pub mod portal;
pub mod record;
pub mod shell;
pub mod sign_in;
pub mod whole_number;

pub use form::{Choice, Mistake, Mistakes};
pub use record::{Fact, LifeStep, RecordCard, Tag, Tint};
pub use shell::{Here, Link, Nav, Shell, SignedIn};
pub use whole_number::{WholeNumberPage, WholeNumberShownPage};

/// For samples: text without ceremony.
fn t(text: &str) -> String {
    text.to_owned()
}

/// For samples: several texts.
fn ts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| t(text)).collect()
}
