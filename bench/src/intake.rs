//! A file of penalties into an empty register, everything on.

use crate::line::Line;
use crate::product::{AGENCY, ITEM, Product, watched};
use crate::{Args, Outcome, floor};

pub(crate) async fn run(product: &Product, args: &Args) -> Outcome<Line> {
    let file = product.file()?;
    let url = product.empty("floor").await?;
    let floor = floor::intake::run(args.engine, &url, &file).await?;
    product.fresh().await?;
    let path = file.display().to_string();
    let (time, peak) =
        watched(product.command(&["intake", "--item", ITEM, "--agency", AGENCY, &path])?)?;
    product.is_filled()?;
    let rows = per_second(args.rows, time);
    let line = Line {
        name: "intake",
        engine: args.engine.name(),
        rows: args.rows,
        rss_mb: Some(peak),
        ..Line::default()
    };
    Ok(line.of(rows, per_second(args.rows, floor)))
}

#[expect(clippy::cast_precision_loss, reason = "a count of rows is far below 2^52")]
pub(crate) fn per_second(count: u64, time: std::time::Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}
