//! Deliveries 投递: the outbox, written in the transaction that causes what is in it.

use chrono::{DateTime, NaiveDate, Utc};
use jiff::Timestamp;
use register::delivery::{Channel, Delivery, DeliveryState, Fault, Load};
use register::{DeliveryId, PersonId};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::bulk::{self, Existing};
use crate::convert::{big, count, date, day, instant, timestamp, uscc, values};
use crate::db::{Db, all, is_postgres, one, run};
use crate::error::{Result, StoreError};

/// Adds deliveries; one whose key is there already stays as it is. Says how many are new.
///
/// # Errors
/// [`StoreError`].
pub async fn add(db: &impl Db, deliveries: &[Delivery]) -> Result<u64> {
    let rows = deliveries.iter().map(|delivery| {
        values![
            delivery.person.0,
            delivery.id.0,
            delivery.key.as_str(),
            delivery.channel.code(),
            delivery.load.code(),
            delivery.about,
            delivery.receiver.map(|receiver| receiver.as_str().to_owned()),
            delivery.state.code(),
            0_i32,
            big(delivery.fence),
            instant(delivery.run_after),
            instant(delivery.created_at),
        ]
    });
    let columns = [
        "person_id",
        "id",
        "key",
        "channel",
        "load",
        "about",
        "receiver",
        "state",
        "attempts",
        "fence",
        "run_after",
        "created_at",
    ];
    bulk::insert(db, "outbox", &columns, rows.collect(), Existing::Keep).await
}

const COLUMNS: &str = "person_id, id, key, channel, load, about, receiver, state, attempts, fence, \
                       run_after, fault, created_at, ended_at, served_on";

/// Takes what is due, at most `limit`, until `until`: nobody else takes it before. Whoever took it before
/// and still holds on to it can no longer say how it ended. Letters are carried by people.
///
/// # Errors
/// [`StoreError`].
pub async fn take(
    db: &impl Db,
    now: Timestamp,
    until: Timestamp,
    limit: u32,
) -> Result<Vec<Delivery>> {
    let skip = if is_postgres(db) { "FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "UPDATE outbox SET fence = fence + 1, attempts = attempts + 1, leased_until = $1 \
         WHERE (person_id, id) IN (SELECT person_id, id FROM outbox WHERE state = 'waiting' \
         AND channel <> 'letter' AND run_after <= $2 \
         AND (leased_until IS NULL OR leased_until <= $3) \
         ORDER BY run_after LIMIT {limit} {skip}) RETURNING {COLUMNS}"
    );
    let values = values![instant(until), instant(now), instant(now)];
    all(db, &sql, values).await?.iter().map(delivery).collect()
}

/// Whether anything is due.
///
/// # Errors
/// [`StoreError`].
pub async fn is_due(db: &impl Db, now: Timestamp) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM outbox WHERE state = 'waiting' AND channel <> 'letter' \
               AND run_after <= $1 AND (leased_until IS NULL OR leased_until <= $2) LIMIT 1";
    Ok(one(db, sql, values![instant(now), instant(now)]).await?.is_some())
}

/// How many are due since before `at`, and nobody has taken them.
///
/// # Errors
/// [`StoreError`].
pub async fn overdue(db: &impl Db, at: Timestamp) -> Result<u64> {
    let sql = "SELECT COUNT(*) AS n FROM outbox WHERE state = 'waiting' AND channel <> 'letter' \
               AND run_after <= $1 AND (leased_until IS NULL OR leased_until <= $2)";
    let row = one(db, sql, values![instant(at), instant(at)]).await?;
    row.map_or(Ok(0), |row| count("outbox", row.try_get("", "n")?))
}

/// How many wait to be tried again, because they did not go out before.
///
/// # Errors
/// [`StoreError`].
pub async fn retried(db: &impl Db) -> Result<u64> {
    let sql = "SELECT COUNT(*) AS n FROM outbox WHERE state = 'waiting' AND channel <> 'letter' \
               AND attempts > 0";
    let row = one(db, sql, Vec::new()).await?;
    row.map_or(Ok(0), |row| count("outbox", row.try_get("", "n")?))
}

/// Gives a delivery back that was taken and not carried: it is due again from `run_after`, and has lost no try.
///
/// # Errors
/// [`StoreError`].
pub async fn give_back(db: &impl Db, delivery: &Delivery, run_after: Timestamp) -> Result<bool> {
    let sql = "UPDATE outbox SET attempts = attempts - 1, run_after = $1, leased_until = NULL \
               WHERE person_id = $2 AND id = $3 AND fence = $4 AND state = 'waiting'";
    let values = values![instant(run_after), delivery.person.0, delivery.id.0, big(delivery.fence)];
    Ok(run(db, sql, values).await? == 1)
}

/// Keeps how a try ended, if nobody took the delivery since; `false` if somebody did.
///
/// # Errors
/// [`StoreError`].
pub async fn settle(db: &impl Db, delivery: &Delivery) -> Result<bool> {
    let (ended_at, _) = ended(delivery.state);
    let sql = "UPDATE outbox SET state = $1, run_after = $2, fault = $3, ended_at = $4, \
               leased_until = NULL \
               WHERE person_id = $5 AND id = $6 AND fence = $7 AND state = 'waiting'";
    let values = values![
        delivery.state.code(),
        instant(delivery.run_after),
        delivery.fault.map(Fault::code),
        ended_at.map(instant),
        delivery.person.0,
        delivery.id.0,
        big(delivery.fence),
    ];
    Ok(run(db, sql, values).await? == 1)
}

/// Keeps how far a person has brought a letter, or that a delivery is tried again, if it still stands where
/// it was seen; `false` if not.
///
/// # Errors
/// [`StoreError`].
pub async fn advance(db: &impl Db, seen: &Delivery, now: &Delivery) -> Result<bool> {
    let (ended_at, served_on) = ended(now.state);
    let sql = "UPDATE outbox SET state = $1, run_after = $2, fault = $3, ended_at = $4, \
               served_on = $5, attempts = $6, leased_until = NULL \
               WHERE person_id = $7 AND id = $8 AND state = $9 AND fence = $10";
    let values = values![
        now.state.code(),
        instant(now.run_after),
        now.fault.map(Fault::code),
        ended_at.map(instant),
        served_on.map(day),
        i32::try_from(now.attempts).unwrap_or(i32::MAX),
        seen.person.0,
        seen.id.0,
        seen.state.code(),
        big(seen.fence),
    ];
    Ok(run(db, sql, values).await? == 1)
}

const fn ended(state: DeliveryState) -> (Option<Timestamp>, Option<jiff::civil::Date>) {
    match state {
        DeliveryState::Waiting => (None, None),
        DeliveryState::Sent { at } | DeliveryState::Failed { at } => (Some(at), None),
        DeliveryState::Served { at, on } => (Some(at), Some(on)),
    }
}

/// One delivery of a person.
///
/// # Errors
/// [`StoreError`].
pub async fn of_person_by_id(
    db: &impl Db,
    person: PersonId,
    id: DeliveryId,
) -> Result<Option<Delivery>> {
    let sql = format!("SELECT {COLUMNS} FROM outbox WHERE person_id = $1 AND id = $2");
    one(db, &sql, values![person.0, id.0]).await?.as_ref().map(delivery).transpose()
}

/// What was delivered to a person or about him, newest first, at most 500.
///
/// # Errors
/// [`StoreError`].
pub async fn of_person(db: &impl Db, person: PersonId) -> Result<Vec<Delivery>> {
    let sql =
        format!("SELECT {COLUMNS} FROM outbox WHERE person_id = $1 ORDER BY id DESC LIMIT 500");
    all(db, &sql, values![person.0]).await?.iter().map(delivery).collect()
}

/// What was given up, the latest first, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn failed(db: &impl Db, limit: u32) -> Result<Vec<Delivery>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM outbox WHERE state = 'failed' ORDER BY run_after DESC LIMIT {limit}"
    );
    all(db, &sql, Vec::new()).await?.iter().map(delivery).collect()
}

/// Letters that are to be printed, or posted and not served, the oldest first, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn letters(db: &impl Db, limit: u32) -> Result<Vec<Delivery>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM outbox WHERE channel = 'letter' AND state IN ('waiting', 'sent') \
         ORDER BY created_at LIMIT {limit}"
    );
    all(db, &sql, Vec::new()).await?.iter().map(delivery).collect()
}

/// How many stand where, by way and state.
///
/// # Errors
/// [`StoreError`].
pub async fn counts(db: &impl Db) -> Result<Vec<(String, String, u64)>> {
    let sql = "SELECT channel, state, COUNT(*) AS n FROM outbox GROUP BY channel, state \
               ORDER BY channel, state";
    let rows = all(db, sql, Vec::new()).await?;
    rows.iter()
        .map(|row| {
            let n = count("outbox", row.try_get("", "n")?)?;
            Ok((row.try_get("", "channel")?, row.try_get("", "state")?, n))
        })
        .collect()
}

/// How many still wait or were given up, by way and state.
///
/// # Errors
/// [`StoreError`].
pub async fn open_counts(db: &impl Db) -> Result<Vec<(String, String, u64)>> {
    let sql = "SELECT channel, state, COUNT(*) AS n FROM outbox \
               WHERE state IN ('waiting', 'failed') GROUP BY channel, state ORDER BY channel, state";
    let rows = all(db, sql, Vec::new()).await?;
    rows.iter()
        .map(|row| {
            let n = count("outbox", row.try_get("", "n")?)?;
            Ok((row.try_get("", "channel")?, row.try_get("", "state")?, n))
        })
        .collect()
}

/// Takes back what still waits to tell a person by an address that is no longer his.
///
/// # Errors
/// [`StoreError`].
pub async fn drop_waiting(db: &impl Db, person: PersonId) -> Result<u64> {
    let sql = "DELETE FROM outbox WHERE person_id = $1 AND receiver IS NULL \
               AND state IN ('waiting', 'failed')";
    run(db, sql, values![person.0]).await
}

fn delivery(row: &QueryResult) -> Result<Delivery> {
    let bad = |what| StoreError::BadRow { table: "outbox", what };
    let text = |column: &str| row.try_get::<String>("", column);
    let at = |column: &str| -> Result<Timestamp> {
        timestamp(row.try_get::<DateTime<Utc>>("", column)?)
    };
    let ended_at = || -> Result<Timestamp> {
        let at: Option<DateTime<Utc>> = row.try_get("", "ended_at")?;
        timestamp(at.ok_or(bad("ended_at"))?)
    };
    let state = match text("state")?.as_str() {
        "waiting" => DeliveryState::Waiting,
        "sent" => DeliveryState::Sent { at: ended_at()? },
        "failed" => DeliveryState::Failed { at: ended_at()? },
        "served" => {
            let on: Option<NaiveDate> = row.try_get("", "served_on")?;
            DeliveryState::Served { at: ended_at()?, on: date(on.ok_or(bad("served_on"))?)? }
        }
        _ => return Err(bad("state")),
    };
    let receiver: Option<String> = row.try_get("", "receiver")?;
    let fault: Option<String> = row.try_get("", "fault")?;
    let attempts: i32 = row.try_get("", "attempts")?;
    Ok(Delivery {
        id: DeliveryId(row.try_get::<Uuid>("", "id")?),
        person: PersonId(row.try_get::<Uuid>("", "person_id")?),
        key: text("key")?,
        channel: Channel::from_code(&text("channel")?).ok_or(bad("channel"))?,
        load: Load::from_code(&text("load")?).ok_or(bad("load"))?,
        about: row.try_get("", "about")?,
        receiver: receiver.map(|code| uscc("outbox", &code)).transpose()?,
        state,
        attempts: u32::try_from(attempts).map_err(|_| bad("attempts"))?,
        run_after: at("run_after")?,
        fence: count("outbox", row.try_get("", "fence")?)?,
        fault: fault.map(|code| Fault::from_code(&code).ok_or(bad("fault"))).transpose()?,
        created_at: at("created_at")?,
    })
}
