//! What is kept: the database and its schema, the log, the clock beside it, what waits to go out; and the law as data.

use access::{Action, What};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use register::BatchId;
use rulebook::Rules;
use store::health::Health;
use store::{Engine, Store};

use super::Finding;
use super::finding::clock;
use crate::cx::{Actor, Cx};
use crate::error::Result;
use crate::office::{Upkeep, upkeep};
use crate::retention::has_gap;

/// How long a delivery may be due before nobody seems to carry it.
const PATIENCE: SignedDuration = SignedDuration::from_hours(1);

/// Longer than any batch takes.
const ONE_BATCH: SignedDuration = SignedDuration::from_hours(24);

/// Whether the database answers, and whether its schema is that of this program. Needs neither keys nor rulebook, and
/// knows nothing of what is kept, so nobody is asked whether he may.
pub async fn database(store: &Store) -> Vec<Finding> {
    match store::health::of(store).await {
        Ok(health) => of_health(store.engine(), health),
        Err(why) => vec![Finding::Unreachable { says: why.to_string() }],
    }
}

fn of_health(engine: Engine, health: Health) -> Vec<Finding> {
    let Health { version, applied, pending, is_durable } = health;
    let engine = match engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    let newest = applied.last().cloned().unwrap_or_default();
    vec![
        Finding::Database { engine, version, is_durable },
        Finding::Schema { newest, applied: applied.len(), pending },
    ]
}

/// How the log stands, the clock beside it, and what waits to go out.
///
/// # Errors
/// [`crate::Error::Denied`], [`crate::Error::Store`].
pub async fn inside(cx: &Cx, actor: &Actor) -> Result<Vec<Finding>> {
    cx.permit(actor, Action::SeeHealth, What::default())?;
    let head = store::access_entry::head(cx.store.read(), cx.log.name()).await?;
    // After the newest entry was read, so that one made meanwhile does not lie ahead.
    let now = cx.now();
    let newest = head.as_ref().map(|head| head.at);
    let log = Finding::Log {
        size: head.map_or(0, |head| head.size),
        age: newest.map(|at| now.duration_since(at)),
        failed: cx.log.figures().failed(),
    };
    let mut found = vec![log, clock(now, newest), outbox(cx, now).await?];
    if has_gap(cx).await? {
        found.push(Finding::Gap);
    }
    found.extend(stuck(cx, now).await?);
    Ok(found)
}

/// Batches without their file. Whoever sends one by the command line reads it elsewhere, but not for a day.
async fn stuck(cx: &Cx, now: Timestamp) -> Result<Option<Finding>> {
    let before = now.checked_sub(ONE_BATCH).unwrap_or(Timestamp::MIN);
    let running = store::batch::running_since(cx.store.read(), before).await?;
    let is_gone = |id: BatchId| !cx.files.upload(id).exists();
    let count = running.into_iter().filter(|id| is_gone(*id)).count();
    Ok((count > 0).then_some(Finding::Stuck { count }))
}

async fn outbox(cx: &Cx, now: Timestamp) -> Result<Finding> {
    let db = cx.store.read();
    let before = now.checked_sub(PATIENCE).unwrap_or(Timestamp::MIN);
    let open = store::delivery::open_counts(db).await?;
    let given_up = open.iter().filter(|(_, state, _)| state == "failed").map(|(_, _, n)| n).sum();
    Ok(Finding::Outbox {
        due: store::delivery::overdue(db, now).await?,
        late: store::delivery::overdue(db, before).await?,
        retried: store::delivery::retried(db).await?,
        given_up,
    })
}

/// Years whose holidays are known, and those that are not and should be (I16).
#[must_use]
pub fn holidays(rules: &Rules, today: Date) -> Finding {
    let missing = upkeep(rules, today).into_iter().filter_map(|what| match what {
        Upkeep::Holidays { year } => Some(year),
        Upkeep::Review { .. } | Upkeep::Assessment { .. } => None,
    });
    Finding::Holidays { last: rules.calendar().years().max(), missing: missing.collect() }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::State;
    use super::*;

    #[test]
    fn a_schema_that_is_behind_is_acted_upon_and_an_engine_that_forgets_is_watched() {
        let health = |is_durable, pending: &[&str]| Health {
            version: "17".to_owned(),
            applied: vec!["m0001".to_owned(), "m0002".to_owned()],
            pending: pending.iter().map(|name| (*name).to_owned()).collect(),
            is_durable,
        };
        let states = |health| -> Vec<State> {
            of_health(Engine::Postgres, health).iter().map(Finding::state).collect()
        };
        assert_eq!(states(health(true, &[])), [State::Good, State::Good]);
        assert_eq!(states(health(false, &["m0003"])), [State::Watch, State::Act]);
    }

    #[test]
    fn i16_the_operator_too_is_warned_sixty_days_before_a_year_without_holidays() {
        let rules = Rules::bundled().unwrap();
        assert_eq!(holidays(&rules, date(2026, 11, 1)).state(), State::Good);
        let warned = holidays(&rules, date(2026, 11, 2));
        assert_eq!(warned.state(), State::Watch);
        assert!(matches!(&warned, Finding::Holidays { missing, .. } if *missing == [2027]));
    }
}
