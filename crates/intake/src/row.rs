//! Rows: raw cells become typed values, with what is wrong beside them.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::cell;
use crate::error::FileError;
use crate::layout::{self, Column, Field, Kind, Layout, Names, Unit};
use crate::problem::{CellProblem, ProblemCode};

/// A cell as the file has it.
#[derive(Clone, PartialEq)]
pub(crate) enum RawCell {
    Text(String),
    Day(Date),
    /// A number whose text may have lost digits.
    Number {
        value: f64,
        is_1904: bool,
    },
    /// A formula without a result; the text that the cell shows.
    Fault(String),
}

impl std::fmt::Debug for RawCell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RawCell(…)")
    }
}

impl RawCell {
    pub(crate) const BLANK: Self = Self::Text(String::new());

    pub(crate) fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }

    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Text(text) | Self::Fault(text) => text,
            Self::Day(day) => day.to_string(),
            Self::Number { value, .. } => value.to_string(),
        }
    }
}

/// How the cells of a row lie under the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One for each column; another number is a mistake.
    Exact,
    /// In a grid: what is not there is blank, what has no header is not read.
    Grid,
    /// By key, and one key is not in the header.
    KeyUnexpected,
    /// A cell holds what looks like the rest of the row and another row: a quote was not closed.
    Swallowed,
}

/// A row as the file has it.
#[derive(Debug)]
pub(crate) struct RawRow {
    pub(crate) number: u64,
    pub(crate) cells: Vec<RawCell>,
    pub(crate) shape: Shape,
}

#[derive(Clone, PartialEq)]
enum Value {
    Text(String),
    Day(Date),
    Fen(i64),
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Value(…)")
    }
}

/// Typed values by field.
#[derive(Clone, Default)]
pub struct Row(Vec<(Field, Value)>);

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Row(…)")
    }
}

impl Row {
    fn get(&self, field: Field) -> Option<&Value> {
        self.0.iter().find(|(known, _)| *known == field).map(|(_, value)| value)
    }

    /// Words of a text column; never empty.
    #[must_use]
    pub fn text(&self, field: Field) -> Option<&str> {
        match self.get(field) {
            Some(Value::Text(text)) => Some(text),
            Some(Value::Day(_) | Value::Fen(_)) | None => None,
        }
    }

    /// The day of a date column.
    #[must_use]
    pub fn date(&self, field: Field) -> Option<Date> {
        match self.get(field) {
            Some(Value::Day(day)) => Some(*day),
            Some(Value::Text(_) | Value::Fen(_)) | None => None,
        }
    }

    /// The amount of an amount column, in fen.
    #[must_use]
    pub fn fen(&self, field: Field) -> Option<i64> {
        match self.get(field) {
            Some(Value::Fen(fen)) => Some(*fen),
            Some(Value::Text(_) | Value::Day(_)) | None => None,
        }
    }
}

/// One row of the file.
pub struct ReadRow {
    /// Its number in the file; the first row is 1.
    pub number: u64,
    /// What it says, as far as it can be read.
    pub row: Row,
    /// What cannot be read.
    pub problems: Vec<CellProblem>,
    /// The cells as they are, in the agency's own order.
    pub raw: Vec<String>,
}

/// What agencies send about persons stands in no log line: only which row it is.
impl std::fmt::Debug for ReadRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReadRow({}, …)", self.number)
    }
}

/// No agency's table is wider.
pub(crate) const MOST_COLUMNS: usize = 1_000;

/// The agency's header, understood.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) raw: Vec<String>,
    columns: Vec<Option<Known>>,
    pub(crate) unknown: Vec<String>,
    /// Fields without a column, and the field whose words stand for each.
    instead: Vec<(Field, Field)>,
}

/// A column that the layout knows, and the unit that the agency's header states.
#[derive(Clone, Copy, Debug)]
struct Known {
    column: &'static Column,
    unit: Unit,
}

impl Known {
    fn find(names: &Names, header: &str) -> Option<Self> {
        let column = names.find(header)?;
        let unit = match column.kind {
            // An amount in a unit that we do not know is not read at all.
            Kind::WanYuan => layout::unit(header)?,
            Kind::Text(_) | Kind::Day => Unit::WanYuan,
        };
        Some(Self { column, unit })
    }

    fn is_kept(&self) -> bool {
        self.column.field != Field::Dropped
    }
}

impl Header {
    /// Which of the first rows is the header: the one that names most columns, two at least.
    pub(crate) fn find(names: &Names, rows: &[RawRow]) -> Option<usize> {
        let known = |row: &RawRow| {
            row.cells
                .iter()
                .take(MOST_COLUMNS)
                .filter(|cell| matches!(cell, RawCell::Text(text) if names.find(text).is_some()))
                .count()
        };
        let best = rows.iter().enumerate().max_by_key(|(at, row)| (known(row), usize::MAX - at));
        best.filter(|(_, row)| known(row) >= 2).map(|(at, _)| at)
    }

    pub(crate) fn new(
        layout: &Layout,
        names: &Names,
        cells: Vec<RawCell>,
    ) -> Result<Self, FileError> {
        let mut raw: Vec<String> = cells.into_iter().map(RawCell::into_text).collect();
        while raw.last().is_some_and(|header| header.trim().is_empty()) {
            raw.pop();
        }
        if raw.len() > MOST_COLUMNS {
            return Err(FileError::NotATable);
        }
        let columns: Vec<_> = raw.iter().map(|header| Known::find(names, header)).collect();
        // A column of amounts whose unit is not known must not get lost without a word.
        let no_unit: Vec<String> = columns
            .iter()
            .zip(&raw)
            .filter(|(known, header)| known.is_none() && names.find(header).is_some())
            .map(|(_, header)| header.clone())
            .collect();
        if !no_unit.is_empty() {
            return Err(FileError::UnknownUnit { titles: no_unit });
        }
        let mut names_seen = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut twice = Vec::new();
        for (known, header) in columns.iter().zip(&raw) {
            let Some(known) = known.filter(Known::is_kept) else { continue };
            seen.insert(known.column.field);
            // Two names of one column are read together; the same name twice is a mistake.
            if !names_seen.insert(layout::folded(header)) {
                twice.push(header.clone());
            }
        }
        if !twice.is_empty() {
            return Err(FileError::DuplicateColumns { titles: twice });
        }
        let missing: Vec<String> = layout
            .columns
            .iter()
            .filter(|wanted| wanted.must && !seen.contains(&wanted.field))
            .filter(|wanted| wanted.instead.is_none_or(|field| !seen.contains(&field)))
            .map(|wanted| {
                let name = |at: usize| wanted.headers.get(at).copied().unwrap_or_default();
                format!("{}（{}）", name(1), name(0))
            })
            .collect();
        if !missing.is_empty() {
            return Err(FileError::MissingColumns { titles: missing });
        }
        let unknown = columns
            .iter()
            .zip(&raw)
            .filter(|(known, header)| known.is_none() && !header.trim().is_empty())
            .map(|(_, header)| header.clone())
            .collect();
        let instead = layout
            .columns
            .iter()
            .filter(|wanted| !seen.contains(&wanted.field))
            .filter_map(|wanted| Some((wanted.field, wanted.instead?)))
            .collect();
        Ok(Self { raw, columns, unknown, instead })
    }

    /// Whether a row says the header once more, in other names: codes above, Chinese below.
    pub(crate) fn is_said_again(&self, names: &Names, row: &RawRow) -> bool {
        let same = self.columns.iter().zip(&row.cells).filter(|(known, cell)| match cell {
            RawCell::Text(text) => known.is_some_and(|known| {
                names.find(text).is_some_and(|column| std::ptr::eq(column, known.column))
            }),
            RawCell::Day(_) | RawCell::Number { .. } | RawCell::Fault(_) => false,
        });
        same.count() * 2 > self.columns.len()
    }

    pub(crate) fn fields(&self) -> Vec<(Field, String)> {
        let known = self.columns.iter().zip(&self.raw);
        known
            .filter_map(|(known, raw)| known.map(|known| (known.column.field, raw.clone())))
            .collect()
    }

    pub(crate) fn read(&self, raw: RawRow) -> ReadRow {
        let RawRow { number, mut cells, shape } = raw;
        let mut problems = Vec::new();
        while cells.len() > self.columns.len() && cells.last().is_some_and(RawCell::is_blank) {
            cells.pop();
        }
        match shape {
            Shape::Grid => cells.resize(self.columns.len(), RawCell::BLANK),
            Shape::KeyUnexpected => {
                problems.push(CellProblem::new("", ProblemCode::KeyUnexpected));
            }
            Shape::Swallowed => {
                problems.push(CellProblem::new("", ProblemCode::WrongNumberOfCells));
            }
            Shape::Exact => {}
        }
        if shape != Shape::Swallowed && cells.len() != self.columns.len() {
            problems.push(CellProblem::new("", ProblemCode::WrongNumberOfCells));
        }
        let mut values: Vec<(Field, Value)> = Vec::with_capacity(cells.len());
        let mut empty: Vec<(Field, &str)> = Vec::new();
        for ((known, header), cell) in self.columns.iter().zip(&self.raw).zip(&cells) {
            let Some(known) = known.filter(Known::is_kept) else { continue };
            match value(known, cell) {
                Ok(Some(value)) => {
                    if let Err(code) = put(&mut values, known.column.field, value) {
                        problems.push(CellProblem::new(header, code));
                    }
                }
                Ok(None) if known.column.must => empty.push((known.column.field, header)),
                Ok(None) => {}
                Err(code) => problems.push(CellProblem::new(header, code)),
            }
        }
        // Another column of the same meaning may be filled.
        empty.retain(|(field, header)| {
            let has_problem = problems.iter().any(|problem| problem.column == *header);
            !has_problem && values.iter().all(|(known, _)| known != field)
        });
        let missing =
            empty.iter().map(|(_, column)| CellProblem::new(column, ProblemCode::ValueMissing));
        problems.extend(missing);
        for (field, instead) in &self.instead {
            let words = values.iter().find(|(known, _)| known == instead);
            values.extend(words.map(|(_, words)| (*field, words.clone())));
        }
        let raw = cells.into_iter().map(RawCell::into_text).collect();
        ReadRow { number, row: Row(values), problems, raw }
    }
}

/// Keeps a value; where two columns mean the same field, both must say the same. Kinds of penalty are
/// told over two columns in older files.
fn put(values: &mut Vec<(Field, Value)>, field: Field, value: Value) -> Result<(), ProblemCode> {
    let Some((_, known)) = values.iter_mut().find(|(known, _)| *known == field) else {
        values.push((field, value));
        return Ok(());
    };
    match (known, value) {
        (known, value) if *known == value => Ok(()),
        (Value::Text(known), Value::Text(more)) if field == Field::PenaltyKinds => {
            known.push('；');
            known.push_str(&more);
            Ok(())
        }
        _ => Err(ProblemCode::ColumnsDiffer),
    }
}

fn value(known: Known, cell: &RawCell) -> Result<Option<Value>, ProblemCode> {
    let Column { field, kind, .. } = *known.column;
    match cell {
        RawCell::Fault(_) => Err(ProblemCode::FormulaUnreadable),
        RawCell::Day(day) => match kind {
            Kind::Day => Ok(Some(Value::Day(*day))),
            Kind::WanYuan => Err(ProblemCode::AmountUnreadable),
            Kind::Text(_) => Ok(Some(Value::Text(day.to_string()))),
        },
        RawCell::Number { value, is_1904 } => match kind {
            Kind::Day => {
                let typed = cell::date(&value.to_string());
                let day = typed.or_else(|| cell::serial(*value, *is_1904));
                day.map(|day| Some(Value::Day(day))).ok_or(ProblemCode::DateUnreadable)
            }
            Kind::WanYuan => cell::fen(&cell::amount(*value), known.unit)
                .map(|fen| Some(Value::Fen(fen)))
                .ok_or(ProblemCode::AmountUnreadable),
            // A spreadsheet keeps 15 digits.
            Kind::Text(_) if value.abs() < 1e15 => text(known, &value.to_string()),
            Kind::Text(_) if field == Field::IdNumber => Err(ProblemCode::IdNumberLostDigits),
            Kind::Text(_) => Err(ProblemCode::NumberLostDigits),
        },
        RawCell::Text(words) => text(known, words),
    }
}

fn text(known: Known, words: &str) -> Result<Option<Value>, ProblemCode> {
    if words.contains('\u{FFFD}') {
        return Err(ProblemCode::BadCharacters);
    }
    let Column { field, kind, .. } = *known.column;
    let mut words = words.trim_matches(|c: char| c.is_whitespace() || is_unseen(c));
    if matches!(field, Field::IdNumber | Field::AuthorityCode) {
        words = without_text_mark(words);
    }
    if words.is_empty() {
        return Ok(None);
    }
    match kind {
        Kind::Day | Kind::WanYuan if cell::is_nothing(words) => Ok(None),
        Kind::Day if field == Field::ValidUntil && FOREVER.contains(&words) => Ok(None),
        Kind::Day => {
            cell::date(words).map(|day| Some(Value::Day(day))).ok_or(ProblemCode::DateUnreadable)
        }
        Kind::WanYuan => cell::fen(words, known.unit)
            .map(|fen| Some(Value::Fen(fen)))
            .ok_or(ProblemCode::AmountUnreadable),
        Kind::Text(most) if words.len() > most && words.chars().count() > most => {
            Err(ProblemCode::TooLong)
        }
        Kind::Text(_) if words.chars().any(is_unseen) => {
            Ok(Some(Value::Text(words.chars().filter(|c| !is_unseen(*c)).collect())))
        }
        Kind::Text(_) => Ok(Some(Value::Text(words.to_owned()))),
    }
}

/// How agencies write that something has no end.
const FOREVER: [&str; 4] = ["长期", "长期有效", "永久", "永久有效"];

/// Control characters except the line break, and characters that take no room: they come along when
/// text is copied from a page.
fn is_unseen(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{00AD}')
}

/// A number without the marks that keep a spreadsheet from reading it as one: `'1`, `="1"`.
fn without_text_mark(words: &str) -> &str {
    let inside = words.strip_prefix("=\"").and_then(|words| words.strip_suffix('"'));
    inside.or_else(|| words.strip_prefix(['\'', '‘', '’', '＇', '`'])).unwrap_or(words)
}
