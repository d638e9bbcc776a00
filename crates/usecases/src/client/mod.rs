//! Systems 业务系统: by what a machine signs in, for what, and until when.
//!
//! ```text
//!   open ──▶ secret cx_… ──token──▶ access token at_… (minutes, for less)
//!              │  └──rotate──▶ a new one beside the old, which ends days later
//!              └── disabled, or its days over: neither opens anything
//! ```
//!
//! Of both only hashes are kept. Both work as bearer tokens of the API.

mod bearer;
mod open;
mod rotate;
mod scope;
mod see;
mod tidy;
mod token;

pub use bearer::by_token;
pub(crate) use bearer::{Caller, Kind, find};
pub use open::{Issued, NewClient, open};
pub use rotate::{Days, rotate};
pub use see::{System, ending, list, warn_days};
pub(crate) use tidy::remove_ended;
pub use token::{AccessToken, token};

use jiff::Timestamp;
use register::AccountId;
use register::client::{ClientSecret, after_days};
use zeroize::Zeroizing;

use crate::account::token_hash;
use crate::cx::Cx;
use crate::error::{Mistake, Result};

/// A new secret or token: how it begins says which of the two it is, also to whoever finds one where it
/// should not lie.
fn made(cx: &Cx, kind: Kind) -> Zeroizing<String> {
    Zeroizing::new(format!("{}{}", kind.begins(), hex::encode(cx.bytes::<32>())))
}

/// Makes a secret for a machine and keeps its hash.
async fn give_secret(
    cx: &Cx,
    db: &store::Tx,
    account: AccountId,
    (now, days): (Timestamp, i64),
) -> Result<(Zeroizing<String>, Timestamp)> {
    let secret = made(cx, Kind::Secret);
    let expires_at = after_days(now, days);
    let kept = ClientSecret { made_at: now, expires_at, last_used_at: None };
    store::client::add_secret(db, &token_hash(&secret), account, &kept).await?;
    Ok((secret, expires_at))
}

/// For how many days a secret is made: as long as the rulebook lets it last, or shorter.
fn valid_days(cx: &Cx, asked: Option<i64>, mistakes: &mut Vec<Mistake>) -> i64 {
    days_within(("valid_days", asked), (1, cx.rules.limit("client_secret_days")), mistakes)
}

/// A number of days that was asked for, or the most that may be.
fn days_within(
    (field, asked): (&'static str, Option<i64>),
    (least, most): (i64, i64),
    mistakes: &mut Vec<Mistake>,
) -> i64 {
    let days = asked.unwrap_or(most);
    if !(least..=most).contains(&days) {
        let says = format!("天数要在 {least} 到 {most} 之间。");
        mistakes.push(Mistake { field, code: "days-out-of-range", says });
    }
    days
}
