//! Verification of the whole log, beside reading the same rows and doing nothing with them.

use std::time::Instant;

use crate::intake::per_second;
use crate::line::Line;
use crate::product::{Product, watched};
use crate::{Args, Outcome};

const LOG: &str = "main";
const PAGE: u32 = 5_000;

pub(crate) async fn run(product: &Product, args: &Args) -> Outcome<Line> {
    product.filled().await?;
    let store = store::Store::open(&product.database("register")?, 1).await?;
    let started = Instant::now();
    let mut entries = 0;
    loop {
        let db = store.read();
        let page = store::access_entry::from(db, LOG, entries, PAGE).await?;
        let leaves = store::access_entry::leaves(db, LOG, entries, PAGE).await?;
        entries += u64::try_from(page.len().min(leaves.len()))?;
        if page.is_empty() {
            break;
        }
    }
    let floor = started.elapsed();
    store.close().await?;
    if entries == 0 {
        return Err("the log is empty: run `checks` on the same --dir first, or `all`".into());
    }
    let (ours, peak) = watched(product.command(&["log", "verify"])?)?;
    let line = Line {
        name: "log",
        engine: args.engine.name(),
        rows: entries,
        rss_mb: Some(peak),
        ..Line::default()
    };
    Ok(line.of(per_second(entries, ours), per_second(entries, floor)))
}
