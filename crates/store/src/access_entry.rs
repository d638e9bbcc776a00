//! Access entries 查询登记 and the leaves, nodes and heads of the log over them.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use jiff::civil::Date;
use register::{AccountId, PersonId};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk;
use crate::convert::{big, count, instant, timestamp, values};
use crate::db::{Db, Engine, Store, all, is_postgres, one, run};
use crate::error::{Result, StoreError};
use crate::record::hash;
use crate::supervision::Within;

/// One look, as it lies in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its position in the log, from 0.
    pub seq: u64,
    /// Whom it was about; the stand-in identifier if the register does not know the person.
    pub person: PersonId,
    /// When.
    pub at: Timestamp,
    /// Through which door: `check`, `own-file` …
    pub door: String,
    /// `answered` or `refused`.
    pub outcome: String,
    /// Who looked.
    pub account: AccountId,
    /// For which body.
    pub agency: Option<String>,
    /// For which purpose.
    pub purpose: Option<String>,
    /// Matter and facts, sealed.
    pub detail: Vec<u8>,
    /// What makes the leaf say nothing once it is gone.
    pub salt: [u8; 16],
}

/// A leaf of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Position, from 0.
    pub seq: u64,
    /// Hash of the leaf.
    pub hash: [u8; 32],
    /// Keyed hash over position and leaf: names the first bad place exactly.
    pub seal: [u8; 32],
}

/// A node that covers a whole power of 256 leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Height: 8, 16, 24 …
    pub level: u8,
    /// Position among the nodes of that height.
    pub index: u64,
    /// Its hash.
    pub hash: [u8; 32],
}

/// A signed head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Leaves under it.
    pub size: u64,
    /// Root hash.
    pub root: [u8; 32],
    /// When it was signed.
    pub at: Timestamp,
    /// Signature.
    pub signature: Vec<u8>,
}

/// Where the log stands: its size and the frontier's bytes. A log that has no entry yet is begun.
///
/// # Errors
/// [`StoreError`].
pub async fn state(store: &Store, log: &str, empty: &[u8]) -> Result<(u64, Vec<u8>)> {
    let tx = store.begin().await?;
    let sql =
        "INSERT INTO log_state (log, size, frontier) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING";
    run(&tx, sql, values![log, empty.to_vec()]).await?;
    let sql = "SELECT size, frontier FROM log_state WHERE log = $1";
    let row = one(&tx, sql, values![log]).await?;
    tx.commit().await?;
    let row = row.ok_or(StoreError::BadRow { table: "log_state", what: "row" })?;
    Ok((count("log_state", row.try_get("", "size")?)?, row.try_get("", "frontier")?))
}

/// One group of entries with everything that belongs to it.
#[derive(Debug)]
pub struct Group<'a> {
    /// The log.
    pub log: &'a str,
    /// The entries, in order.
    pub entries: &'a [Entry],
    /// Their leaves.
    pub leaves: &'a [Leaf],
    /// Nodes that this group completed.
    pub nodes: &'a [Node],
    /// The head after it.
    pub head: &'a Head,
    /// The frontier after it.
    pub frontier: Vec<u8>,
}

/// Keeps a group durably, or nothing of it.
///
/// It is a failure if another process has written these positions meanwhile: each position can be
/// written once. Then ask for the [`state`] again.
///
/// # Errors
/// [`StoreError`].
pub async fn append(store: &Store, group: &Group<'_>) -> Result<()> {
    if store.engine() == Engine::Postgres {
        let tx = store.begin().await?;
        for (sql, values) in statements(store.writer(), group) {
            run(&tx, &sql, values).await?;
        }
        return Ok(tx.commit().await?);
    }
    // One trip to the engine's thread instead of a dozen: what waits here waits for every answer.
    let mut text = "BEGIN IMMEDIATE".to_owned();
    let mut all = Vec::new();
    for (sql, values) in statements(store.writer(), group) {
        text.push(';');
        // Where another process was faster the engine itself ends the transaction, so that nobody who
        // waits for this connection gets it while it is inside one.
        text.push_str(&sql.replacen("INSERT INTO", "INSERT OR ROLLBACK INTO", 1));
        all.extend(values);
    }
    text.push_str(";COMMIT");
    if let Err(error) = run(store.writer(), &text, all).await {
        // After any other fault; where it has ended already, this is refused and harmless.
        let _ = run(store.writer(), "ROLLBACK", Vec::new()).await;
        return Err(error);
    }
    Ok(())
}

fn statements(db: &impl Db, group: &Group<'_>) -> Vec<(String, Vec<Value>)> {
    let log = group.log;
    let entries = group.entries.iter().map(|entry| {
        values![
            entry.person.0,
            log,
            big(entry.seq),
            instant(entry.at),
            entry.door.as_str(),
            entry.outcome.as_str(),
            entry.account.0,
            entry.agency.clone(),
            entry.purpose.clone(),
            entry.detail.clone(),
            entry.salt.to_vec(),
        ]
    });
    let columns = [
        "person_id",
        "log",
        "seq",
        "at",
        "door",
        "outcome",
        "account_id",
        "agency",
        "purpose",
        "detail",
        "salt",
    ];
    let leaves = group
        .leaves
        .iter()
        .map(|leaf| values![log, big(leaf.seq), leaf.hash.to_vec(), leaf.seal.to_vec()]);
    let nodes = group
        .nodes
        .iter()
        .map(|node| values![log, i64::from(node.level), big(node.index), node.hash.to_vec()]);
    let head = group.head;
    let head =
        values![log, big(head.size), head.root.to_vec(), instant(head.at), head.signature.clone()];
    let mut all = Vec::new();
    // The leaves first: where another process was faster, they are what fails.
    all.extend(bulk::inserts(db, "log_leaf", &["log", "seq", "hash", "seal"], leaves));
    all.extend(bulk::inserts(db, "access_entry", &columns, entries));
    all.extend(bulk::inserts(db, "log_node", &["log", "level", "idx", "hash"], nodes));
    let columns = ["log", "size", "root", "at", "signature"];
    all.extend(bulk::inserts(db, "log_head", &columns, std::iter::once(head)));
    let places = if is_postgres(db) { ["$1", "$2", "$3"] } else { ["?"; 3] };
    let [size, frontier, of] = places;
    let sql = format!("UPDATE log_state SET size = {size}, frontier = {frontier} WHERE log = {of}");
    all.push((sql, values![big(group.head.size), group.frontier.clone(), log]));
    all
}

/// How many looks were answered and refused on one day in China.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayCount {
    /// The day.
    pub day: Date,
    /// Answered.
    pub answered: u64,
    /// Refused.
    pub refused: u64,
}

/// Looks by day, newest first, from the instant `since` on.
///
/// # Errors
/// [`StoreError`].
pub async fn by_day(db: &impl Db, log: &str, since: Timestamp) -> Result<Vec<DayCount>> {
    // Heads are few and in order of time: they say from which position on to count.
    let sql = "SELECT size FROM log_head WHERE log = $1 AND at < $2 ORDER BY size DESC LIMIT 1";
    let before = one(db, sql, values![log, instant(since)]).await?;
    let from: i64 = before.map_or(Ok(0), |row| row.try_get("", "size"))?;
    let day = if is_postgres(db) {
        "CAST((at AT TIME ZONE 'UTC') + INTERVAL '8 hours' AS DATE)"
    } else {
        "date(at, '+8 hours')"
    };
    let sql = format!(
        "SELECT {day} AS day, SUM(CASE outcome WHEN 'answered' THEN 1 ELSE 0 END) AS answered, \
         COUNT(*) AS looks FROM access_entry WHERE log = $1 AND seq >= $2 AND at >= $3 \
         GROUP BY {day} ORDER BY 1 DESC"
    );
    let rows = all(db, &sql, values![log, from, instant(since)]).await?;
    rows.iter()
        .map(|row| {
            let answered = count("access_entry", row.try_get("", "answered")?)?;
            let looks = count("access_entry", row.try_get("", "looks")?)?;
            let day = crate::convert::date(row.try_get("", "day")?)?;
            Ok(DayCount { day, answered, refused: looks.saturating_sub(answered) })
        })
        .collect()
}

/// The position from which on looks may have been made at `since` or later: heads are few and in order of time.
///
/// # Errors
/// [`StoreError`].
pub async fn position_at(db: &impl Db, log: &str, since: Timestamp) -> Result<u64> {
    let before = heads_before(db, log, since, 1).await?;
    Ok(before.first().map_or(0, |head| head.size))
}

/// Entries of a span of time, in order, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn within(db: &impl Db, within: Within<'_>, limit: u32) -> Result<Vec<Entry>> {
    let (condition, bound) = within.condition();
    let sql = format!("{ENTRY} {condition} ORDER BY seq LIMIT {limit}");
    all(db, &sql, bound).await?.iter().map(entry).collect()
}

/// The entries at these positions, in order.
///
/// # Errors
/// [`StoreError`].
pub async fn at(db: &impl Db, log: &str, seqs: &[u64]) -> Result<Vec<Entry>> {
    let mut entries = Vec::with_capacity(seqs.len());
    for seqs in seqs.chunks(bulk::IN_LIST) {
        let places: Vec<String> = (2..).take(seqs.len()).map(|at| format!("${at}")).collect();
        let sql = format!("{ENTRY} WHERE log = $1 AND seq IN ({}) ORDER BY seq", places.join(", "));
        let mut bound = values![log];
        bound.extend(seqs.iter().map(|seq| Value::from(big(*seq))));
        for row in all(db, &sql, bound).await? {
            entries.push(entry(&row)?);
        }
    }
    Ok(entries)
}

pub(crate) const ENTRY: &str = "SELECT person_id, seq, at, door, outcome, account_id, agency, purpose, detail, \
                     salt FROM access_entry";

/// Looks at one person with one outcome before a position, newest first, at most `limit`; several
/// identifiers because a person may have been looked for before he was in the register.
///
/// # Errors
/// [`StoreError`].
pub async fn of_person(
    db: &impl Db,
    log: &str,
    persons: &[PersonId],
    outcome: &str,
    before: u64,
    limit: u32,
) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let sql = format!(
        "{ENTRY} WHERE person_id = $1 AND log = $2 AND seq < $3 AND outcome = $4 \
         ORDER BY seq DESC LIMIT {limit}"
    );
    for person in persons {
        for row in all(db, &sql, values![person.0, log, big(before), outcome]).await? {
            entries.push(entry(&row)?);
        }
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.seq));
    entries.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(entries)
}

/// The latest looks at one person with one outcome through other doors than `doors`, newest first, at most `limit`, and
/// how many there are in all.
///
/// # Errors
/// [`StoreError`].
pub async fn through_others(
    db: &impl Db,
    log: &str,
    persons: &[PersonId],
    outcome: &str,
    doors: &[&str],
    limit: u32,
) -> Result<(Vec<Entry>, u64)> {
    let places: Vec<String> = (4..).take(doors.len()).map(|at| format!("${at}")).collect();
    let these = format!(
        "WHERE person_id = $1 AND log = $2 AND outcome = $3 AND door NOT IN ({})",
        places.join(", ")
    );
    let latest = format!("{ENTRY} {these} ORDER BY seq DESC LIMIT {limit}");
    let number = format!("SELECT COUNT(*) AS looks FROM access_entry {these}");
    let (mut entries, mut looks) = (Vec::new(), 0);
    for person in persons {
        let mut values = values![person.0, log, outcome];
        values.extend(doors.iter().map(|door| Value::from(*door)));
        for row in all(db, &latest, values.clone()).await? {
            entries.push(entry(&row)?);
        }
        if let Some(row) = one(db, &number, values).await? {
            looks += count("access_entry", row.try_get("", "looks")?)?;
        }
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.seq));
    entries.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok((entries, looks))
}

/// How many looks at one person had this outcome.
///
/// # Errors
/// [`StoreError`].
pub async fn count_of_person(
    db: &impl Db,
    log: &str,
    persons: &[PersonId],
    outcome: &str,
) -> Result<u64> {
    let sql = "SELECT COUNT(*) AS looks FROM access_entry \
               WHERE person_id = $1 AND log = $2 AND outcome = $3";
    let mut looks = 0;
    for person in persons {
        if let Some(row) = one(db, sql, values![person.0, log, outcome]).await? {
            looks += count("access_entry", row.try_get("", "looks")?)?;
        }
    }
    Ok(looks)
}

/// Entries from position `from` on, in order, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn from(db: &impl Db, log: &str, from: u64, limit: u32) -> Result<Vec<Entry>> {
    let sql = format!("{ENTRY} WHERE log = $1 AND seq >= $2 ORDER BY seq LIMIT {limit}");
    all(db, &sql, values![log, big(from)]).await?.iter().map(entry).collect()
}

/// Leaves from position `from` on, in order, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn leaves(db: &impl Db, log: &str, from: u64, limit: u32) -> Result<Vec<Leaf>> {
    let sql = format!(
        "SELECT seq, hash, seal FROM log_leaf WHERE log = $1 AND seq >= $2 ORDER BY seq LIMIT {limit}"
    );
    let rows = all(db, &sql, values![log, big(from)]).await?;
    rows.iter()
        .map(|row| {
            Ok(Leaf {
                seq: count("log_leaf", row.try_get("", "seq")?)?,
                hash: hash(row, "hash")?,
                seal: hash(row, "seal")?,
            })
        })
        .collect()
}

/// Hashes of `number` nodes of one height from `from` on; height 0 are the leaves.
///
/// # Errors
/// [`StoreError`].
pub async fn nodes(
    db: &impl Db,
    log: &str,
    level: u8,
    from: u64,
    number: u64,
) -> Result<Vec<(u64, [u8; 32])>> {
    let to = from.saturating_add(number);
    let (sql, values): (&str, Vec<Value>) = if level == 0 {
        (
            "SELECT seq AS idx, hash FROM log_leaf WHERE log = $1 AND seq >= $2 AND seq < $3",
            values![log, big(from), big(to)],
        )
    } else {
        (
            "SELECT idx, hash FROM log_node WHERE log = $1 AND idx >= $2 AND idx < $3 AND level = $4",
            values![log, big(from), big(to), i64::from(level)],
        )
    };
    let rows = all(db, sql, values).await?;
    rows.iter()
        .map(|row| Ok((count("log_node", row.try_get("", "idx")?)?, hash(row, "hash")?)))
        .collect()
}

/// The newest head.
///
/// # Errors
/// [`StoreError`].
pub async fn head(db: &impl Db, log: &str) -> Result<Option<Head>> {
    let sql = "SELECT size, root, at, signature FROM log_head WHERE log = $1 \
               ORDER BY size DESC LIMIT 1";
    one(db, sql, values![log]).await?.as_ref().map(head_of).transpose()
}

/// The first head that covers at least `size` leaves.
///
/// # Errors
/// [`StoreError`].
pub async fn head_from(db: &impl Db, log: &str, size: u64) -> Result<Option<Head>> {
    let sql = "SELECT size, root, at, signature FROM log_head WHERE log = $1 AND size >= $2 \
               ORDER BY size LIMIT 1";
    one(db, sql, values![log, big(size)]).await?.as_ref().map(head_of).transpose()
}

/// The heads that say they were signed before `at`, the last first, at most `limit`; whoever relies on that checks
/// their signatures.
///
/// # Errors
/// [`StoreError`].
pub async fn heads_before(db: &impl Db, log: &str, at: Timestamp, limit: u32) -> Result<Vec<Head>> {
    let sql = format!(
        "SELECT size, root, at, signature FROM log_head WHERE log = $1 AND at < $2 \
         ORDER BY size DESC LIMIT {limit}"
    );
    all(db, &sql, values![log, instant(at)]).await?.iter().map(head_of).collect()
}

/// Heads over more than `after` leaves, smallest first, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn heads(db: &impl Db, log: &str, after: u64, limit: u32) -> Result<Vec<Head>> {
    let sql = format!(
        "SELECT size, root, at, signature FROM log_head WHERE log = $1 AND size > $2 \
         ORDER BY size LIMIT {limit}"
    );
    all(db, &sql, values![log, big(after)]).await?.iter().map(head_of).collect()
}

fn head_of(row: &QueryResult) -> Result<Head> {
    Ok(Head {
        size: count("log_head", row.try_get("", "size")?)?,
        root: hash(row, "root")?,
        at: timestamp(row.try_get::<DateTime<Utc>>("", "at")?)?,
        signature: row.try_get("", "signature")?,
    })
}

pub(crate) fn entry(row: &QueryResult) -> Result<Entry> {
    Ok(Entry {
        seq: count("access_entry", row.try_get("", "seq")?)?,
        person: PersonId(row.try_get::<Uuid>("", "person_id")?),
        at: timestamp(row.try_get::<DateTime<Utc>>("", "at")?)?,
        door: row.try_get("", "door")?,
        outcome: row.try_get("", "outcome")?,
        account: AccountId(row.try_get::<Uuid>("", "account_id")?),
        agency: row.try_get("", "agency")?,
        purpose: row.try_get("", "purpose")?,
        detail: row.try_get("", "detail")?,
        salt: row
            .try_get::<Vec<u8>>("", "salt")?
            .try_into()
            .map_err(|_| StoreError::BadRow { table: "access_entry", what: "salt" })?,
    })
}
