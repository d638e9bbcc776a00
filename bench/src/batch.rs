//! A thousand persons a request, each with his own place in the log.

use crate::checks::{asks, blinds, pick};
use crate::line::Line;
use crate::load::{self, Asked, post};
use crate::product::Product;
use crate::{Args, Outcome};

const PERSONS: usize = 1_000;
const CONNECTIONS: u64 = 4;

pub(crate) async fn run(product: &Product, args: &Args) -> Outcome<Line> {
    product.filled().await?;
    let calls = |bodies: Vec<String>| -> Vec<String> {
        bodies.chunks(PERSONS).map(|chunk| format!("[{}]", chunk.join(","))).collect()
    };
    let ours_calls = calls(asks(&product.file()?, args.rows)?);
    let floor_calls = calls(blinds(&product.database("register")?, args.rows).await?);
    let token = product.token()?;
    let each = f64::from(u32::try_from(PERSONS.min(usize::try_from(args.rows)?))?);

    let floor = product.serve_floor()?;
    let server = product.serve()?;
    let two = [
        Asked::new(&floor.address, move |n| post("/batch", "", pick(&floor_calls, n))),
        Asked::new(&server.address, move |n| {
            post("/api/v1/checks/batch", &token, pick(&ours_calls, n))
        }),
    ];
    let [floor, ours] = load::in_turns(two, CONNECTIONS, args.seconds).await?;
    let peak = server.peak_mb();
    drop(server);

    let line = Line {
        name: "batch",
        engine: args.engine.name(),
        rows: args.rows,
        p50_ms: Some(ours.p50_ms),
        p99_ms: Some(ours.p99_ms),
        floor_p99_ms: Some(floor.p99_ms),
        rss_mb: peak,
        ..Line::default()
    };
    Ok(line.of(ours.rate * each, floor.rate * each))
}
