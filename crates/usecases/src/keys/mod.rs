//! 密钥轮换: a new key takes the place of an old one while everybody goes on working.
//!
//! ```text
//!   made, and taken by every process ──▶ seals and signs; the log says so over the old signature      (rotate.rs)
//!        │ rows, files and month keys are sealed anew, bit by bit, by the job or the command         (reseal.rs)
//!        │ everybody gets a place in the directory by the new key, then is looked up by it           (directory.rs)
//!        └ nothing needs the old key: its material is destroyed, its name and public key stay        (retire.rs)
//! ```
//!
//! What cannot be worked out anew, because what was hashed is here no more, stays with derived keys of the first key
//! (ADR 0022). What a month's key sealed is never sealed anew: it goes with that key.

pub(crate) mod directory;
mod error;
mod file;
mod reseal;
mod retire;
mod rotate;
mod status;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

pub(crate) use directory::Directory;
pub use directory::refresh;
pub use error::{KeysError, Result};
pub use file::{Held, KeyFile};
pub use reseal::{Resealed, by_itself, reseal};
pub use retire::{Retired, retire};
pub use rotate::{Rotated, rotate};
pub use status::{KeyStatus, Status, status};

use access::{Action, What};
use register::PersonId;
use uuid::Uuid;

use crate::access_log::{self, Door, Look};
use crate::cx::{Actor, Cx};

/// Longer than any request, transaction or answer lasts: what was begun with keys of before has ended by then.
pub(crate) const QUIET: SignedDuration = SignedDuration::from_mins(10);

/// As long as a browser may bring back what was sealed for it: forms with papers, visits at the counter, sign-ins.
pub(crate) const FORMS: SignedDuration = SignedDuration::from_hours(24);

/// When nothing was found that could be sealed anew: it is looked at again much later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rest {
    generation: u64,
    at: Timestamp,
}

/// Something that needs a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Use {
    /// What it is.
    pub what: String,
    /// How many.
    pub count: u64,
}

/// Whether this actor may do anything with keys.
fn permit(cx: &Cx, actor: &Actor) -> crate::Result<()> {
    cx.permit(actor, Action::KeepKeys, What::default())
}

/// Says in the log what is about to be done with the keys. The head over it is signed with the key that signs now.
async fn note(cx: &Cx, actor: &Actor, what: String) -> crate::Result<()> {
    let mut look = Look::by(actor, Door::Keys, PersonId(Uuid::nil()));
    look.matter = what;
    access_log::before(cx, look, ()).await.map(|_| ())
}
