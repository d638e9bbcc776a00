//! 告知不应该的查询: whoever should not have been looked at is told, some persons at a time. Cut off, the job goes on.

use std::collections::BTreeSet;

use register::notice::About;
use register::supervision::{Supervision, Telling};
use register::{PersonId, SupervisionId};
use store::Tx;

use crate::case::tell_about;
use crate::cx::Cx;
use crate::error::Result;
use crate::inquiry::credit_office;

/// Persons told in one transaction.
const PERSONS: u32 = 200;

/// Goes on telling whoever was looked at wrongfully; says how many notices are new. Runs twice, or in two processes,
/// without telling twice.
///
/// # Errors
/// [`crate::Error::Store`], of the first case that could not be gone on with; no other waits for it.
pub async fn tell_waiting(cx: &Cx) -> Result<u64> {
    let (mut done, mut failed) = (0, None);
    for id in store::supervision::untold(cx.store.read()).await? {
        let Some(case) = store::supervision::by_id(cx.store.read(), id).await? else { continue };
        match tell_of(cx, &case).await {
            Ok(told) => done += told,
            Err(error) => {
                tracing::error!(%error, case = %id, "those looked at are not all told yet");
                failed.get_or_insert(error);
            }
        }
    }
    failed.map_or(Ok(done), Err)
}

/// Tells everybody of whom this case found looks that should not have been, and who was not told yet.
pub(super) async fn tell_of(cx: &Cx, case: &Supervision) -> Result<u64> {
    let text = text_of(cx, case)?;
    let mut done = 0;
    loop {
        let tx = cx.store.begin().await?;
        let log = cx.log.name();
        let persons = store::supervision::persons_untold(&tx, log, case.id, PERSONS).await?;
        if persons.is_empty() {
            // What is left are looks that the log does not have any more.
            store::supervision::forget_untold(&tx, case.id).await?;
        }
        for person in &persons {
            done += u64::from(tell_one(cx, &tx, case.id, *person, text).await?);
        }
        tx.commit().await.map_err(store::StoreError::from)?;
        if persons.is_empty() {
            return Ok(done);
        }
    }
}

/// The text that tells of it. Of its own looks the office is not the judge; a rulebook of before has one text only.
fn text_of(cx: &Cx, case: &Supervision) -> Result<&'static str> {
    const OF_THE_OFFICE: &str = "look-wrongful-office";
    let is_of_office = credit_office(&cx.rules)? == case.agency;
    let has_own = cx.rules.notice(OF_THE_OFFICE).is_some();
    Ok(if is_of_office && has_own { OF_THE_OFFICE } else { "look-wrongful" })
}

/// Tells one person of his looks in this case, in one notice; not of those of which another case has told him. `false`
/// if there is nothing, or nobody, to tell.
async fn tell_one(
    cx: &Cx,
    tx: &Tx,
    case: SupervisionId,
    person: PersonId,
    text: &str,
) -> Result<bool> {
    let found = store::supervision::to_tell(tx, cx.log.name(), case, person).await?;
    let known: BTreeSet<u64> = found
        .iter()
        .filter(|look| look.case != case && look.told == Some(Telling::Told))
        .map(|look| look.seq)
        .collect();
    let waiting = found.iter().filter(|look| look.case == case && look.told.is_none());
    let (old, new): (Vec<u64>, Vec<u64>) =
        waiting.map(|look| look.seq).partition(|seq| known.contains(seq));
    store::supervision::mark_told(tx, case, &old, Telling::NotNeeded).await?;
    let Some(first) = new.first() else { return Ok(false) };
    // Nobody of that number may be in the register, and nobody is told who has died.
    let is_known = store::person::sealed(tx, person).await?.is_some();
    if !is_known || store::death::counts(tx, person).await? {
        store::supervision::mark_told(tx, case, &new, Telling::NotNeeded).await?;
        return Ok(false);
    }
    tell_about(cx, tx, person, About::Look(*first), text).await?;
    store::supervision::mark_told(tx, case, &new, Telling::Told).await?;
    Ok(true)
}
