//! Writing tables: samples, and rows that go back.

use std::io::{self, Write};

use encoding_rs::GB18030;

use crate::error::FileError;
use crate::harmless::harmless;
use crate::inspect::Encoding;

/// Kinds of table that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum TableFormat {
    Csv,
    Xlsx,
    JsonLines,
}

/// Writes one table, row by row.
pub struct TableWriter<W: Write + Send> {
    to: W,
    kind: Kind,
    encoding: Encoding,
}

enum Kind {
    Csv,
    JsonLines(Vec<String>),
    Xlsx { book: Box<rust_xlsxwriter::Workbook>, row: u32 },
}

impl<W: Write + Send> std::fmt::Debug for TableWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TableWriter").finish_non_exhaustive()
    }
}

impl<W: Write + Send> TableWriter<W> {
    /// Begins a table with its header. The encoding counts for CSV and JSON Lines: GB18030 or UTF-8.
    ///
    /// Nothing is written in UTF-16. A CSV that came in it goes back as UTF-8 with a byte order mark,
    /// which every spreadsheet that writes UTF-16 opens too.
    ///
    /// # Errors
    /// [`FileError::Io`].
    pub fn new(
        format: TableFormat,
        encoding: Encoding,
        mut to: W,
        headers: &[String],
    ) -> Result<Self, FileError> {
        let kind = match format {
            TableFormat::Csv => Kind::Csv,
            TableFormat::JsonLines => Kind::JsonLines(headers.to_vec()),
            TableFormat::Xlsx => {
                let mut book = Box::new(rust_xlsxwriter::Workbook::new());
                book.add_worksheet_with_constant_memory().map_err(io::Error::other)?;
                Kind::Xlsx { book, row: 0 }
            }
        };
        let is_marked = match encoding {
            Encoding::Utf8Bom | Encoding::Utf16Le | Encoding::Utf16Be => true,
            Encoding::Utf8 | Encoding::Gb18030 => false,
        };
        if is_marked && format == TableFormat::Csv {
            to.write_all(b"\xEF\xBB\xBF")?;
        }
        let mut writer = Self { to, kind, encoding };
        if format != TableFormat::JsonLines {
            writer.row(headers)?;
        }
        Ok(writer)
    }

    /// Writes one row.
    ///
    /// # Errors
    /// [`FileError::Io`].
    pub fn row(&mut self, cells: &[String]) -> Result<(), FileError> {
        let line = match &mut self.kind {
            Kind::Csv => csv_line(cells),
            Kind::JsonLines(headers) => {
                let pairs: Vec<String> = headers
                    .iter()
                    .zip(cells)
                    .map(|(header, cell)| format!("{}:{}", json(header), json(cell)))
                    .collect();
                format!("{{{}}}\n", pairs.join(","))
            }
            Kind::Xlsx { book, row } => {
                let sheet = book.worksheet_from_index(0).map_err(io::Error::other)?;
                for (column, cell) in (0_u16..).zip(cells) {
                    sheet.write_string(*row, column, cell).map_err(io::Error::other)?;
                }
                *row += 1;
                return Ok(());
            }
        };
        if self.encoding == Encoding::Gb18030 {
            let (bytes, _, _) = GB18030.encode(&line);
            self.to.write_all(&bytes)?;
        } else {
            self.to.write_all(line.as_bytes())?;
        }
        Ok(())
    }

    /// Ends the table and gives the writer back.
    ///
    /// # Errors
    /// [`FileError::Io`].
    pub fn finish(mut self) -> Result<W, FileError> {
        if let Kind::Xlsx { book, .. } = &mut self.kind {
            let bytes = book.save_to_buffer().map_err(io::Error::other)?;
            self.to.write_all(&bytes)?;
        }
        self.to.flush()?;
        Ok(self.to)
    }
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// One line of CSV, as spreadsheets write it and read it as text.
fn csv_line(cells: &[String]) -> String {
    let mut line = String::with_capacity(cells.iter().map(|cell| cell.len() + 3).sum());
    for (at, cell) in cells.iter().map(|cell| harmless(cell)).enumerate() {
        if at > 0 {
            line.push(',');
        }
        let is_alone = cells.len() == 1 && cell.is_empty();
        if is_alone || cell.contains([',', '"', '\r', '\n']) || cell.trim().len() < cell.len() {
            line.push('"');
            line.push_str(&cell.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(&cell);
        }
    }
    line.push_str("\r\n");
    line
}
