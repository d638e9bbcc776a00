//! Workbooks: when [`crate::package`] has measured one, its cells are streamed from an own thread.
//!
//! The table of shared strings lies in memory as a whole; the limits bound it. Formulas are not
//! computed: what the spreadsheet last showed is read.

use std::io::SeekFrom;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};
use jiff::civil::Date;

use crate::error::FileError;
use crate::layout::Layout;
use crate::open::{Limits, ReadSeek};
use crate::package::{self, Package};
use crate::row::{Header, RawCell, RawRow, Shape};

/// Rows before the header that are looked at.
pub(crate) const TITLE_ROWS: usize = 6;

/// Rows that the thread may be ahead.
const AHEAD: usize = 64;

pub(crate) struct Workbook {
    /// `None` is said at the end, so that a thread that dies is not taken for a file that ends.
    rows: Receiver<Result<Option<RawRow>, FileError>>,
    is_over: bool,
}

type Sender = SyncSender<Result<Option<RawRow>, FileError>>;

impl Workbook {
    pub(crate) fn new(
        mut from: Box<dyn ReadSeek + Send>,
        layout: &'static Layout,
        limits: Limits,
    ) -> Result<Self, FileError> {
        let package = package::measure(&mut from, limits)?;
        from.seek(SeekFrom::Start(0))?;
        let (sender, rows) = sync_channel(AHEAD);
        std::thread::Builder::new().name("workbook".to_owned()).spawn(move || {
            let end = stream(from, layout, Sheet { package, limits }, &sender).map(|()| None);
            // Nobody listens any more if the batch was given up.
            let _ = sender.send(end);
        })?;
        Ok(Self { rows, is_over: false })
    }

    pub(crate) fn next(&mut self) -> Result<Option<RawRow>, FileError> {
        if self.is_over {
            return Ok(None);
        }
        let next = self.rows.recv().unwrap_or(Err(FileError::Damaged));
        self.is_over = !matches!(next, Ok(Some(_)));
        next
    }
}

fn stream(
    from: Box<dyn ReadSeek + Send>,
    layout: &'static Layout,
    rows: Sheet,
    sender: &Sender,
) -> Result<(), FileError> {
    let mut book: Xlsx<_> = Xlsx::new(from).map_err(|_| FileError::Damaged)?;
    let tables = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    // What nobody sees in the spreadsheet is a template or a list to choose from.
    let (seen, unseen): (Vec<_>, Vec<_>) =
        tables.partition(|sheet| sheet.visible == SheetVisible::Visible);
    let sheets: Vec<String> = if seen.is_empty() { unseen } else { seen }
        .iter()
        .map(|sheet| sheet.name.clone())
        .collect();
    let first_sheet = sheets.first().ok_or(FileError::Empty)?;
    let names = layout.names();
    let (mut with_rows, mut with_header) = (None, None);
    for sheet in &sheets {
        let mut first = Vec::new();
        rows.each_row(&mut book, sheet, |row| {
            first.push(row);
            first.len() < TITLE_ROWS
        })?;
        let Some(at) = Header::find(&names, &first) else { continue };
        let is_header = |row: &RawRow| Header::find(&names, std::slice::from_ref(row)).is_some();
        if !first.iter().skip(at + 1).any(|row| !is_header(row)) {
            with_header.get_or_insert(sheet);
            continue;
        }
        if with_rows.replace(sheet).is_some() {
            // The rows of one of them would be lost without a word.
            return Err(FileError::TwoTables);
        }
    }
    let chosen = with_rows.or(with_header).unwrap_or(first_sheet);
    rows.each_row(&mut book, chosen, |row| sender.send(Ok(Some(row))).is_ok())
}

/// How sheets of one workbook are read.
#[derive(Clone, Copy)]
struct Sheet {
    package: Package,
    limits: Limits,
}

impl Sheet {
    /// Calls `take` for each row that is not blank until it says no.
    fn each_row(
        self,
        book: &mut Xlsx<Box<dyn ReadSeek + Send>>,
        sheet: &str,
        mut take: impl FnMut(RawRow) -> bool,
    ) -> Result<(), FileError> {
        let mut cells = book.worksheet_cells_reader(sheet).map_err(|_| FileError::Damaged)?;
        let mut row: Option<RawRow> = None;
        let mut bytes = 0_u64;
        while let Some(cell) =
            cells.next_cell_with_formula_metadata().map_err(|_| FileError::Damaged)?
        {
            let (at, column) = cell.pos;
            let number = u64::from(at) + 1;
            match row.as_ref().map(|row| row.number) {
                // Rows that go back would be counted twice.
                Some(before) if number < before => return Err(FileError::Damaged),
                Some(before) if number > before => {
                    bytes = 0;
                    if row.take().filter(is_filled).is_some_and(|full| !take(full)) {
                        return Ok(());
                    }
                }
                Some(_) | None => {}
            }
            let row = row.get_or_insert(RawRow { number, cells: Vec::new(), shape: Shape::Grid });
            let column = usize::try_from(column).unwrap_or(usize::MAX);
            if column >= 16_384 {
                return Err(FileError::Damaged);
            }
            let is_lost = cell.formula.is_some() && matches!(cell.value, DataRef::Empty);
            let value = if is_lost { RawCell::Fault(String::new()) } else { self.raw(&cell.value) };
            if let RawCell::Text(text) = &value {
                bytes += u64::try_from(text.len()).unwrap_or(u64::MAX);
                if bytes > self.limits.record {
                    return Err(FileError::RecordTooLong { row: number });
                }
            }
            while row.cells.len() <= column {
                row.cells.push(RawCell::BLANK);
            }
            if let Some(slot) = row.cells.get_mut(column) {
                *slot = value;
            }
        }
        if let Some(last) = row.filter(is_filled) {
            take(last);
        }
        Ok(())
    }

    fn raw(self, value: &DataRef<'_>) -> RawCell {
        let number = |value| RawCell::Number { value, is_1904: self.package.is_1904 };
        match value {
            DataRef::Int(number) => RawCell::Text(number.to_string()),
            DataRef::Float(value) => number(*value),
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
                date.map_or_else(|| number(moment.as_f64()), RawCell::Day)
            }
            DataRef::Error(error) => RawCell::Fault(error.to_string()),
            DataRef::Empty => RawCell::BLANK,
        }
    }
}

fn is_filled(row: &RawRow) -> bool {
    !row.cells.iter().all(RawCell::is_blank)
}
