//! Jobs 定时任务: everything that runs by itself. Each may run twice; the clock is its caller.

use std::time::Duration;

use crate::cx::Cx;
use crate::error::Result;

/// One job.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// Its name in the logs.
    pub name: &'static str,
    /// How often it runs.
    pub every: Duration,
    /// What it does.
    pub what: What,
}

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Goes on with batches that were cut off.
    ResumeBatches,
    /// Delivers notices that still wait for somebody who has an inbox.
    DeliverNotices,
    /// Lets silence count where a body's day to answer an objection, or to act on a result, is over.
    CountSilence,
    /// Sends corrections that a look under way has missed, and reminds whoever keeps silent.
    ChaseCorrections,
    /// Reminds bodies of what they have to do by which day.
    Remind,
    /// Moves days that were provisional once the holidays of their year are known.
    Recount,
    /// Looks for patterns in the looks of days that are over, draws samples of months that are, and goes on telling whoever
    /// was looked at wrongfully.
    Supervise,
    /// Removes sessions that have ended.
    RemoveSessions,
    /// Removes access tokens and secrets of machines that have ended, answers of the identity service and of passkeys that
    /// were used, and counts of wrong tries that are old.
    RemoveTokens,
    /// Goes on telling those affected by an incident, and erases incidents that were kept long enough.
    TendIncidents,
    /// Reads anew which impact assessments of the office are approved.
    LoadAssessments,
    /// Erases returned rows that were kept long enough and uploads that were left behind.
    EraseFiles,
    /// Erases what is kept no longer, and destroys the keys of months of which nothing is left.
    Erase,
    /// Seals anew what older keys sealed, and moves the directory to the key that seals now.
    Reseal,
}

/// The table of all jobs.
pub const JOBS: &[Job] = &[
    Job { name: "resume-batches", every: Duration::from_secs(60), what: What::ResumeBatches },
    Job { name: "deliver-notices", every: Duration::from_secs(600), what: What::DeliverNotices },
    Job { name: "count-silence", every: Duration::from_secs(600), what: What::CountSilence },
    Job { name: "chase-corrections", every: Duration::from_secs(60), what: What::ChaseCorrections },
    Job { name: "remind", every: Duration::from_secs(3_600), what: What::Remind },
    Job { name: "recount", every: Duration::from_secs(3_600), what: What::Recount },
    Job { name: "supervise", every: Duration::from_secs(3_600), what: What::Supervise },
    Job { name: "remove-sessions", every: Duration::from_secs(600), what: What::RemoveSessions },
    Job { name: "remove-tokens", every: Duration::from_secs(600), what: What::RemoveTokens },
    Job { name: "tend-incidents", every: Duration::from_secs(60), what: What::TendIncidents },
    Job { name: "load-assessments", every: Duration::from_secs(60), what: What::LoadAssessments },
    Job { name: "erase-files", every: Duration::from_secs(3_600), what: What::EraseFiles },
    Job { name: "erase", every: Duration::from_secs(3_600), what: What::Erase },
    Job { name: "reseal", every: Duration::from_secs(60), what: What::Reseal },
];

/// Runs a job once; says how many things it did.
///
/// # Errors
/// Of the first thing that could not be done; the job is tried again at its next turn.
pub async fn run(cx: &Cx, what: What) -> Result<u64> {
    match what {
        What::ResumeBatches => {
            crate::batch::resume_all(cx).await.map(|done| u64::try_from(done).unwrap_or(u64::MAX))
        }
        What::DeliverNotices => crate::notice::deliver_waiting(cx).await,
        What::CountSilence => {
            // Both, whatever becomes of either.
            let objections = crate::objection::silence(cx).await;
            let challenges = crate::challenge::silence(cx).await;
            Ok(objections? + challenges?)
        }
        What::ChaseCorrections => crate::correction::chase(cx).await,
        What::Remind => crate::duty::remind(cx).await,
        What::Recount => crate::duty::recount(cx).await,
        What::Supervise => {
            // Both, whatever becomes of either.
            let told = crate::supervision::tell_waiting(cx).await;
            let found = crate::supervision::supervise(cx).await;
            Ok(told? + found?)
        }
        What::RemoveSessions => {
            let tx = cx.store.begin().await?;
            let removed = store::session::remove_ended(&tx, cx.now()).await?;
            tx.commit().await.map_err(store::StoreError::from)?;
            Ok(removed)
        }
        What::RemoveTokens => {
            let spent = crate::account::identity::forget_spent(cx).await?;
            let answered = crate::account::passkey::forget_spent(cx).await?;
            let tries = crate::account::tries::forget_old(cx).await?;
            Ok(crate::client::remove_ended(cx).await? + spent + answered + tries)
        }
        What::TendIncidents => {
            // Both, whatever becomes of either.
            let told = crate::incident::tell_waiting(cx).await;
            let erased = crate::incident::erase(cx).await;
            Ok(told? + erased?)
        }
        What::LoadAssessments => crate::impact::refresh(cx).await,
        What::EraseFiles => crate::batch::erase_old(cx, cx.now()).await,
        What::Erase => {
            let done = crate::retention::erase(cx).await?;
            if done.keys || done.held > 0 {
                tracing::info!(keys = done.keys, held = done.held, "kept no longer");
            }
            Ok(done.records + done.looks + done.persons)
        }
        What::Reseal => crate::keys::by_itself(cx).await,
    }
}
