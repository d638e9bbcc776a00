//! Workbooks: unpacked sizes are counted first, then cells are streamed from a thread of their own.
//!
//! The table of shared strings lies in memory as a whole; the limits bound it.

use std::io::{Read, Seek, SeekFrom};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use calamine::{DataRef, Reader, Xlsx};
use jiff::civil::Date;

use crate::error::FileError;
use crate::layout::Layout;
use crate::open::{Limits, ReadSeek};
use crate::row::{Header, RawCell, RawRow};

/// Rows before the header that are looked at.
pub(crate) const TITLE_ROWS: usize = 6;

pub(crate) struct Workbook {
    rows: Receiver<Result<RawRow, FileError>>,
}

impl Workbook {
    pub(crate) fn new(
        mut from: Box<dyn ReadSeek + Send>,
        layout: &'static Layout,
        limits: Limits,
    ) -> Result<Self, FileError> {
        measure(&mut from, limits)?;
        from.seek(SeekFrom::Start(0))?;
        let (sender, rows) = sync_channel(256);
        std::thread::Builder::new().name("workbook".to_owned()).spawn(move || {
            if let Err(error) = stream(from, layout, &sender) {
                // Nobody listens any more if the batch was given up.
                let _ = sender.send(Err(error));
            }
        })?;
        Ok(Self { rows })
    }

    pub(crate) fn next(&mut self) -> Result<Option<RawRow>, FileError> {
        self.rows.recv().ok().transpose()
    }
}

/// Really unpacks every part into nothing, counting.
fn measure(from: &mut (impl Read + Seek), limits: Limits) -> Result<(), FileError> {
    let packed = from.seek(SeekFrom::End(0))?;
    from.seek(SeekFrom::Start(0))?;
    let mut archive = zip::ZipArchive::new(&mut *from).map_err(|_| FileError::Damaged)?;
    if archive.len() > 2_000 {
        return Err(FileError::Bomb);
    }
    let most = limits.unpacked.min(packed.saturating_mul(limits.ratio).max(16 << 20));
    let mut total = 0;
    let mut is_workbook = false;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| FileError::Damaged)?;
        let name = part.name().map_err(|_| FileError::Damaged)?.into_owned();
        is_workbook |= name == "xl/workbook.xml";
        let is_strings = name == "xl/sharedStrings.xml";
        let room = most.saturating_sub(total) + 1;
        let count = std::io::copy(&mut part.take(room), &mut std::io::sink())
            .map_err(|_| FileError::Damaged)?;
        total += count;
        if total > most || (is_strings && count > limits.strings) {
            return Err(FileError::Bomb);
        }
    }
    if is_workbook { Ok(()) } else { Err(FileError::NotATable) }
}

fn stream(
    from: Box<dyn ReadSeek + Send>,
    layout: &'static Layout,
    sender: &SyncSender<Result<RawRow, FileError>>,
) -> Result<(), FileError> {
    let mut book: Xlsx<_> = Xlsx::new(from).map_err(|_| FileError::Damaged)?;
    let sheets = book.sheet_names();
    let mut chosen = sheets.first().cloned().ok_or(FileError::Empty)?;
    for sheet in &sheets {
        let mut first = Vec::new();
        each_row(&mut book, sheet, |row| {
            first.push(row);
            first.len() < TITLE_ROWS
        })?;
        if Header::find(layout, &first).is_some() {
            chosen.clone_from(sheet);
            break;
        }
    }
    each_row(&mut book, &chosen, |row| sender.send(Ok(row)).is_ok())
}

/// Calls `take` for each row that is not blank until it says no.
fn each_row(
    book: &mut Xlsx<Box<dyn ReadSeek + Send>>,
    sheet: &str,
    mut take: impl FnMut(RawRow) -> bool,
) -> Result<(), FileError> {
    let mut cells = book.worksheet_cells_reader(sheet).map_err(|_| FileError::Damaged)?;
    let mut row: Option<RawRow> = None;
    while let Some(cell) = cells.next_cell().map_err(|_| FileError::Damaged)? {
        let (at, column) = cell.get_position();
        let number = u64::from(at) + 1;
        if row.as_ref().is_some_and(|row| row.number != number)
            && let Some(full) = row.take()
            && !is_blank(&full)
            && !take(full)
        {
            return Ok(());
        }
        let row = row.get_or_insert_with(|| RawRow { number, cells: Vec::new() });
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column > 16_384 {
            return Err(FileError::Damaged);
        }
        while row.cells.len() <= column {
            row.cells.push(RawCell::Text(String::new()));
        }
        if let Some(slot) = row.cells.get_mut(column) {
            *slot = raw(cell.get_value());
        }
    }
    if let Some(last) = row.filter(|row| !is_blank(row)) {
        take(last);
    }
    Ok(())
}

fn is_blank(row: &RawRow) -> bool {
    row.cells.iter().all(|cell| matches!(cell, RawCell::Text(text) if text.trim().is_empty()))
}

fn raw(value: &DataRef<'_>) -> RawCell {
    match value {
        DataRef::Int(number) => RawCell::Text(number.to_string()),
        DataRef::Float(number) => RawCell::Number(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            RawCell::Text(text.clone())
        }
        DataRef::SharedString(text) => RawCell::Text((*text).to_owned()),
        DataRef::Bool(truth) => RawCell::Text(truth.to_string()),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            let date = i16::try_from(year)
                .ok()
                .zip(i8::try_from(month).ok())
                .zip(i8::try_from(day).ok())
                .and_then(|((year, month), day)| Date::new(year, month, day).ok());
            date.map_or_else(|| RawCell::Number(moment.as_f64()), RawCell::Day)
        }
        DataRef::Error(_) | DataRef::Empty => RawCell::Text(String::new()),
    }
}
