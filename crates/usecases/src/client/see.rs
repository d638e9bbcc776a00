//! 业务系统一览: which machines there are, when they were last used, and when their secrets end.

use access::{Action, What};
use jiff::Timestamp;
use register::client::{Scope, Validity, validity};
use register::{Role, Uscc};
use store::client::Machine;

use crate::cx::{Actor, Cx};
use crate::error::Result;

/// A machine as the office sees it.
#[derive(Clone, Debug)]
pub struct System {
    /// What the log calls it.
    pub login: String,
    /// In which role.
    pub role: Role,
    /// For which body.
    pub agency: Option<Uscc>,
    /// What it was let in for.
    pub scope: Scope,
    /// When one of its secrets was last used, to the hour.
    pub last_used_at: Option<Timestamp>,
    /// When its last secret ends, or ended.
    pub ends_at: Option<Timestamp>,
    /// Secrets that open something now.
    pub live: usize,
    /// How long they still hold; `None` if the account is switched off.
    pub validity: Option<Validity>,
}

impl System {
    /// Whether its last secret ends soon or has ended.
    #[must_use]
    pub fn must_be_seen_to(&self) -> bool {
        match self.validity {
            Some(Validity::EndsSoon | Validity::Ended) => true,
            Some(Validity::Good) | None => false,
        }
    }
}

/// How long ahead the office is warned of a secret that ends, in days.
#[must_use]
pub fn warn_days(cx: &Cx) -> i64 {
    cx.rules.limit("client_secret_warn_days")
}

/// All machines: those first that somebody must see to, then by login.
///
/// # Errors
/// [`crate::Error::Denied`].
pub async fn list(cx: &Cx, actor: &Actor) -> Result<Vec<System>> {
    cx.permit(actor, Action::SeeOffice, What::default())?;
    let (now, warn) = (cx.now(), warn_days(cx));
    let machines = store::client::list(cx.store.read()).await?;
    let mut systems: Vec<System> =
        machines.into_iter().map(|machine| system(machine, now, warn)).collect();
    systems.sort_by_key(|system| match system.validity {
        Some(Validity::Ended) => 0,
        Some(Validity::EndsSoon) => 1,
        Some(Validity::Good) => 2,
        None => 3,
    });
    Ok(systems)
}

/// How many machines' last secret ends soon or has ended.
///
/// # Errors
/// [`crate::Error::Denied`].
pub async fn ending(cx: &Cx, actor: &Actor) -> Result<usize> {
    let systems = list(cx, actor).await?;
    Ok(systems.iter().filter(|system| system.must_be_seen_to()).count())
}

fn system(machine: Machine, now: Timestamp, warn_days: i64) -> System {
    let ends_at = machine.secrets.iter().map(|secret| secret.expires_at).max();
    System {
        login: machine.login,
        role: machine.role,
        agency: machine.agency,
        scope: machine.scope,
        last_used_at: machine.secrets.iter().filter_map(|secret| secret.last_used_at).max(),
        ends_at,
        live: machine.secrets.iter().filter(|secret| secret.expires_at > now).count(),
        validity: (!machine.is_disabled).then(|| validity(ends_at, now, warn_days)),
    }
}
