//! Health 运行状况: how the register and the machine under it do. Counts, ages and versions; nothing here knows a person.
//!
//! The page of the operator and `chengxin doctor` look by the same functions and judge by the same [`State`]; each says
//! the findings in its own words. Who looks without a context, because it cannot be put together, looks at the parts.

mod backups;
mod disk;
mod finding;
mod inside;
mod runs;

use std::path::PathBuf;

use access::{Action, What};
use jiff::Timestamp;

pub use backups::backups;
pub use disk::disk;
pub use finding::{Finding, State, certificate};
pub use inside::{database, holidays, inside};

use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// What the machine under the register is, as it was configured.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// The data folder.
    pub data: PathBuf,
    /// The file of the embedded database; `None` if a server keeps it.
    pub database: Option<PathBuf>,
    /// Folder of the backups; empty if none is set up.
    pub backups: PathBuf,
}

/// How everything is that this process can see; it began its jobs at `began`.
///
/// # Errors
/// [`Error::Denied`]. What cannot be looked at is a finding, not an error.
pub async fn look(cx: &Cx, actor: &Actor, place: &Place, began: Timestamp) -> Result<Vec<Finding>> {
    cx.permit(actor, Action::SeeHealth, What::default())?;
    let mut found = database(&cx.store).await;
    match inside(cx, actor).await {
        Ok(more) => found.extend(more),
        Err(Error::Store(why)) => found.push(Finding::Unreachable { says: why.to_string() }),
        Err(error) => return Err(error),
    }
    found.extend(beside(cx, place).await?);
    found.push(holidays(&cx.rules, cx.today()));
    found.extend(runs::runs(cx, began));
    Ok(found)
}

/// What lies on the disk, looked at where it keeps nobody waiting.
async fn beside(cx: &Cx, place: &Place) -> Result<Vec<Finding>> {
    let (place, vault, now) = (place.clone(), cx.vault.clone(), cx.now());
    let looked = tokio::task::spawn_blocking(move || {
        let mut found = vec![disk(&place)];
        found.extend(backups(&place, Some(&vault), now));
        found
    });
    looked.await.map_err(|_| Error::Internal("a worker has ended"))
}
