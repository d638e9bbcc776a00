//! One person a request: 64 connections, each look durable in the log before its answer.

use std::path::Path;
use std::time::Duration;

use serde_json::json;
use sqlx::Connection as _;

use crate::floor::intake::column;
use crate::line::{Line, round};
use crate::load::{self, Asked, Connection, post};
use crate::product::Product;
use crate::{Args, Outcome};

/// Persons that are asked about, in turn.
const PERSONS: usize = 100_000;
const CONNECTIONS: u64 = 64;

pub(crate) async fn run(product: &Product, args: &Args) -> Outcome<Vec<Line>> {
    product.filled().await?;
    let asks = asks(&product.file()?, args.rows)?;
    let blinds = blinds(&product.database("register")?, args.rows).await?;
    let token = product.token()?;
    let line = |name| Line { name, engine: args.engine.name(), rows: args.rows, ..Line::default() };

    let floor = product.serve_floor()?;
    let floor_first = first(&floor, &post("/checks", "", pick(&blinds, 0))).await?;
    let server = product.serve()?;
    let ours_first = first(&server, &post("/api/v1/checks", &token, pick(&asks, 0))).await?;
    let two = [
        Asked::new(&floor.address, move |n| post("/checks", "", pick(&blinds, n))),
        Asked::new(&server.address, move |n| post("/api/v1/checks", &token, pick(&asks, n))),
    ];
    let [floor, ours] = load::in_turns(two, CONNECTIONS, args.seconds).await?;
    let peak = server.peak_mb();
    drop(server);

    let checks = Line {
        p50_ms: Some(ours.p50_ms),
        p99_ms: Some(ours.p99_ms),
        floor_p99_ms: Some(floor.p99_ms),
        rss_mb: peak,
        ..line("checks").of(ours.rate, floor.rate)
    };
    let start = Line {
        p50_ms: Some(millis(ours_first)),
        floor_p99_ms: Some(millis(floor_first)),
        ..line("first-answer").of(1.0 / ours_first.as_secs_f64(), 1.0 / floor_first.as_secs_f64())
    };
    Ok(vec![checks, start])
}

/// From the start of the process to its first answer.
async fn first(server: &crate::product::Server, question: &[u8]) -> Outcome<Duration> {
    let mut connection = Connection::open(&server.address).await?;
    connection.ask(question).await?;
    Ok(server.started.elapsed())
}

fn millis(time: Duration) -> f64 {
    round(time.as_secs_f64() * 1_000.0)
}

pub(crate) fn pick(bodies: &[String], n: u64) -> &str {
    // A step that is prime to most lengths: neighbours in the file are not neighbours here.
    let at = usize::try_from(n).unwrap_or(0).wrapping_mul(7_919) % bodies.len().max(1);
    bodies.get(at).map_or("", String::as_str)
}

/// Questions about persons of the file.
pub(crate) fn asks(file: &Path, rows: u64) -> Outcome<Vec<String>> {
    let mut reader = csv::Reader::from_path(file)?;
    let headers = reader.headers()?.clone();
    let (number, name) = (column(&headers, "CF_XDR_ZJHM")?, column(&headers, "CF_XDR_MC")?);
    let step = (usize::try_from(rows)? / PERSONS).max(1);
    let mut asks = Vec::new();
    for row in reader.records().step_by(step) {
        let row = row?;
        let ask = json!({
            "id_kind": "01",
            "id_number": row.get(number),
            "name": row.get(name),
            "purpose": "food-licence-review",
            "matter": format!("BENCH-{}", asks.len()),
        });
        asks.push(ask.to_string());
    }
    Ok(asks)
}

/// The same for the bare server, which is given the key itself.
pub(crate) async fn blinds(url: &str, rows: u64) -> Outcome<Vec<String>> {
    let sql = "SELECT blind FROM person_key";
    let keys: Vec<Vec<u8>> = if url.starts_with("sqlite") {
        let mut connection = sqlx::SqliteConnection::connect(url).await?;
        sqlx::query_scalar(sql).fetch_all(&mut connection).await?
    } else {
        let mut connection = sqlx::PgConnection::connect(url).await?;
        sqlx::query_scalar(sql).fetch_all(&mut connection).await?
    };
    let step = (usize::try_from(rows)? / PERSONS).max(1);
    Ok(keys
        .iter()
        .step_by(step)
        .map(|key| json!({ "blind": hex::encode(key) }).to_string())
        .collect())
}
