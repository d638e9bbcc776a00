//! Rows: raw cells become typed values, with what is wrong beside them.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::cell;
use crate::error::FileError;
use crate::layout::{Column, Field, Kind, Layout};
use crate::problem::{CellProblem, ProblemCode};

/// A cell as the file has it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RawCell {
    Text(String),
    Day(Date),
    /// A number whose text may have lost digits.
    Number(f64),
}

impl RawCell {
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Day(day) => day.to_string(),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// A row as the file has it.
#[derive(Debug)]
pub(crate) struct RawRow {
    pub(crate) number: u64,
    pub(crate) cells: Vec<RawCell>,
}

#[derive(Clone, Debug)]
enum Value {
    Text(String),
    Day(Date),
    Fen(i64),
}

/// Typed values by field.
#[derive(Clone, Debug, Default)]
pub struct Row(Vec<(Field, Value)>);

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
#[derive(Debug)]
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

/// The agency's header, understood.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) raw: Vec<String>,
    columns: Vec<Option<&'static Column>>,
    pub(crate) unknown: Vec<String>,
}

impl Header {
    /// Which of the first rows is the header: the one that names most columns, two at least.
    pub(crate) fn find(layout: &Layout, rows: &[RawRow]) -> Option<usize> {
        let known = |row: &RawRow| {
            row.cells
                .iter()
                .filter(|cell| matches!(cell, RawCell::Text(text) if layout.find(text).is_some()))
                .count()
        };
        let best = rows.iter().enumerate().max_by_key(|(at, row)| (known(row), usize::MAX - at));
        best.filter(|(_, row)| known(row) >= 2).map(|(at, _)| at)
    }

    pub(crate) fn new(layout: &'static Layout, cells: Vec<RawCell>) -> Result<Self, FileError> {
        let mut raw: Vec<String> = cells.into_iter().map(RawCell::into_text).collect();
        while raw.last().is_some_and(|header| header.trim().is_empty()) {
            raw.pop();
        }
        let columns: Vec<_> = raw.iter().map(|header| layout.find(header)).collect();
        let mut seen = BTreeSet::new();
        let mut twice = Vec::new();
        for (column, header) in columns.iter().zip(&raw) {
            let kept = column.filter(|column| column.field != Field::Dropped);
            if kept.is_some_and(|column| !seen.insert(column.headers.first())) {
                twice.push(header.clone());
            }
        }
        if !twice.is_empty() {
            return Err(FileError::DuplicateColumns { titles: twice });
        }
        let missing: Vec<String> = layout
            .columns
            .iter()
            .filter(|wanted| wanted.must && !seen.contains(&wanted.headers.first()))
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
            .filter(|(column, header)| column.is_none() && !header.trim().is_empty())
            .map(|(_, header)| header.clone())
            .collect();
        Ok(Self { raw, columns, unknown })
    }

    pub(crate) fn fields(&self) -> Vec<(Field, String)> {
        let known = self.columns.iter().zip(&self.raw);
        known.filter_map(|(column, raw)| Some(((*column)?.field, raw.clone()))).collect()
    }

    pub(crate) fn read(&self, raw: RawRow) -> ReadRow {
        let RawRow { number, mut cells } = raw;
        let mut problems = Vec::new();
        while cells.len() > self.columns.len()
            && matches!(cells.last(), Some(RawCell::Text(text)) if text.trim().is_empty())
        {
            cells.pop();
        }
        if cells.len() != self.columns.len() {
            problems.push(CellProblem::new("", ProblemCode::WrongNumberOfCells));
        }
        let mut row = Row::default();
        for ((column, header), cell) in self.columns.iter().zip(&self.raw).zip(&cells) {
            let Some(column) = column.filter(|column| column.field != Field::Dropped) else {
                continue;
            };
            match value(column, cell) {
                Ok(Some(value)) => row.0.push((column.field, value)),
                Ok(None) if column.must => {
                    problems.push(CellProblem::new(header, ProblemCode::ValueMissing));
                }
                Ok(None) => {}
                Err(code) => problems.push(CellProblem::new(header, code)),
            }
        }
        ReadRow { number, row, problems, raw: cells.into_iter().map(RawCell::into_text).collect() }
    }
}

fn value(column: &Column, cell: &RawCell) -> Result<Option<Value>, ProblemCode> {
    let text = match cell {
        RawCell::Day(day) => {
            return Ok(Some(match column.kind {
                Kind::Day => Value::Day(*day),
                Kind::Text(_) | Kind::WanYuan => Value::Text(day.to_string()),
            }));
        }
        RawCell::Number(number) => match column.kind {
            Kind::Day => {
                let typed = cell::date(&number.to_string());
                let day = typed.or_else(|| cell::serial(*number, false));
                return day.map(|day| Some(Value::Day(day))).ok_or(ProblemCode::DateUnreadable);
            }
            Kind::Text(_) if column.field == Field::IdNumber && number.abs() >= 1e15 => {
                return Err(ProblemCode::IdNumberLostDigits);
            }
            Kind::Text(_) | Kind::WanYuan => number.to_string(),
        },
        RawCell::Text(text) => text.clone(),
    };
    if text.contains('\u{FFFD}') {
        return Err(ProblemCode::BadCharacters);
    }
    let text = text.trim_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{FEFF}');
    if text.is_empty() {
        return Ok(None);
    }
    match column.kind {
        Kind::Day => {
            cell::date(text).map(|day| Some(Value::Day(day))).ok_or(ProblemCode::DateUnreadable)
        }
        Kind::WanYuan => {
            cell::fen(text).map(|fen| Some(Value::Fen(fen))).ok_or(ProblemCode::AmountUnreadable)
        }
        Kind::Text(most) if text.len() > most && text.chars().count() > most => {
            Err(ProblemCode::TooLong)
        }
        Kind::Text(_) => {
            let is_clean = !text.chars().any(|c| c.is_control() && c != '\n');
            let kept = if is_clean {
                text.to_owned()
            } else {
                text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
            };
            Ok(Some(Value::Text(kept)))
        }
    }
}
