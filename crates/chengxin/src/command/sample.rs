//! `chengxin sample`: a file of invented rows, as an agency would send it.

use std::io::BufWriter;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use intake::{Encoding, HeaderStyle, TableFormat, TableWriter};

use super::Failure;
use crate::config::Config;
use crate::machine::MachineClock;
use crate::sample::{Rows, Shape};
use crate::wiring::rules;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Xlsx,
    Jsonl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Writing {
    #[value(name = "utf-8")]
    Utf8,
    #[value(name = "gb18030")]
    Gb18030,
}

#[derive(Debug, Args)]
pub(crate) struct Sample {
    /// Item, for example NP04-MR.
    #[arg(long)]
    item: String,
    /// How many rows.
    #[arg(long)]
    rows: u64,
    /// The same seed gives the same rows on the same day.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Kind of file.
    #[arg(long, default_value = "csv")]
    format: Format,
    /// Writing system of csv and jsonl.
    #[arg(long, default_value = "utf-8")]
    encoding: Writing,
    /// Chinese headers instead of codes.
    #[arg(long)]
    chinese: bool,
    /// Leave out the days of service, as the layout itself does.
    #[arg(long)]
    without_service: bool,
    /// Rows in a hundred that have a mistake.
    #[arg(long, default_value_t = 0)]
    mistakes: u64,
    /// Where to write.
    #[arg(long)]
    out: PathBuf,
}

pub(crate) fn run(config: &Config, command: &Sample) -> Result<(), Failure> {
    if command.format == Format::Xlsx && command.encoding == Writing::Gb18030 {
        return Err(Failure::Usage(
            "a workbook has its own encoding: --encoding goes with csv and jsonl only".to_owned(),
        ));
    }
    let rules = rules(config)?;
    let item = rules
        .item(&command.item)
        .ok_or_else(|| Failure::Refused(format!("目录里没有事项 {}", command.item)))?;
    let layout = usecases::batch::layout_of(item)
        .ok_or_else(|| Failure::Refused(format!("事项 {} 不能用文件报送", command.item)))?;
    let agency = rules
        .agencies()
        .iter()
        .find(|agency| item.supplied_by.contains(&agency.kind))
        .ok_or_else(|| Failure::Refused("没有单位可以报送这个事项".to_owned()))?;
    let style = if command.chinese { HeaderStyle::Chinese } else { HeaderStyle::Code };
    let format = match command.format {
        Format::Csv => TableFormat::Csv,
        Format::Xlsx => TableFormat::Xlsx,
        Format::Jsonl => TableFormat::JsonLines,
    };
    let encoding = match command.encoding {
        Writing::Utf8 => Encoding::Utf8,
        Writing::Gb18030 => Encoding::Gb18030,
    };
    let file = BufWriter::new(std::fs::File::create(&command.out)?);
    let mut table = TableWriter::new(format, encoding, file, &layout.sample_headers(style))
        .map_err(Failure::refused)?;
    let shape = Shape {
        seed: command.seed,
        today: usecases::china_date(usecases::Clock::now(&MachineClock::default())),
        decided: (30, 300),
        is_served: !command.without_service,
        mistakes: command.mistakes,
    };
    let mut rows = Rows::new(layout, item, agency, shape);
    let bar = super::intake::bar("生成");
    bar.set_length(command.rows);
    for at in 0..command.rows {
        table.row(&rows.next()).map_err(Failure::refused)?;
        if at % 10_000 == 0 {
            bar.set_position(at);
        }
    }
    table.finish().map_err(Failure::refused)?;
    bar.finish_and_clear();
    eprintln!(
        "{} rows of {} for {} at {}",
        command.rows,
        item.code,
        agency.uscc,
        command.out.display()
    );
    Ok(())
}
