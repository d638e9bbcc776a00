#![allow(warnings, clippy::all)]
use std::io::{self, Read, Seek, Write};
use std::sync::{Arc, atomic::AtomicU64};
#[derive(Debug)] pub enum FileError { TooLarge { limit: u64 }, Other, Io(io::Error) }
impl std::fmt::Display for FileError { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("file") } }
impl std::error::Error for FileError {}
impl From<io::Error> for FileError { fn from(e: io::Error) -> Self { Self::Io(e) } }
impl FileError { pub fn code(&self) -> &'static str { "x" } pub fn says(&self) -> String { String::new() } pub fn next(&self) -> String { String::new() } }
#[derive(Clone, Debug)] pub struct Inspected { pub sha256: [u8; 32], pub size: u64 }
impl Inspected { pub fn needs_seek(&self) -> bool { false } }
#[derive(Clone, Copy, Debug, Default)] pub struct Limits;
impl Limits { pub fn workbook_fits(&self, _: u64) -> Result<(), FileError> { Ok(()) } }
#[derive(Debug)] pub struct Layout;
pub struct Column { pub title: &'static str, pub code: &'static str, pub is_required: bool, pub how: &'static str }
static LAYOUT: Layout = Layout;
impl Layout { pub fn by_code(c: &str) -> Option<&'static Self> { matches!(c, "penalty" | "licence").then_some(&LAYOUT) }
 pub fn columns(&self) -> Vec<Column> { Vec::new() } pub fn sample_headers(&self) -> Vec<&'static str> { vec!["姓名"] } }
pub trait ReadSeek: Read + Seek + Send {} impl<T: Read + Seek + Send> ReadSeek for T {}
pub enum Input { Seek(Box<dyn ReadSeek>), Stream(Box<dyn Read + Send>) }
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field { PartyCategory, PartyName, IdKind, IdNumber, RepairNoticeServedOn, DocumentNo, DocumentTitle, ViolationType, Facts, LegalBasis, PenaltyKinds, PenaltyContent, Fine, Confiscated, LicenceTaken, Procedure, ActOn, LicenceTitle, LicenceKind, CertificateName, LicenceNo, LicenceContent, State, ValidFrom, ValidUntil, DecidedOn, ServedOn, EffectiveOn, Authority, AuthorityCode }
#[derive(Debug, Default)] pub struct Row;
impl Row { pub fn text(&self, _: Field) -> Option<&str> { None } pub fn date(&self, _: Field) -> Option<jiff::civil::Date> { None } pub fn fen(&self, _: Field) -> Option<i64> { None } }
#[derive(Debug)] pub struct Code; impl Code { pub fn as_str(&self) -> &'static str { "c" } }
#[derive(Debug)] pub struct Problem { pub column: String, pub code: Code, pub says: String, pub next: String }
#[derive(Debug)] pub struct ReadRow { pub number: u64, pub row: Row, pub problems: Vec<Problem>, pub raw: Vec<String> }
pub struct Rows;
impl Rows { pub fn unknown_headers(&self) -> &[String] { &[] } pub fn raw_headers(&self) -> &[String] { &[] } pub fn headers(&self) -> Vec<(Field, String)> { Vec::new() } pub fn position(&self) -> Arc<AtomicU64> { Arc::default() } }
impl Iterator for Rows { type Item = Result<ReadRow, FileError>; fn next(&mut self) -> Option<Self::Item> { None } }
pub fn inspect(mut r: impl Read, _: u64) -> Result<Inspected, FileError> { let size = io::copy(&mut r, &mut io::sink())?; Ok(Inspected { sha256: [1; 32], size }) }
pub fn open(_: Input, _: &Inspected, _: &'static Layout, _: Limits) -> Result<Rows, FileError> { Ok(Rows) }
pub enum TableFormat { Csv } pub enum Encoding { Utf8Bom }
pub struct TableWriter<W>(W);
impl<W: Write> TableWriter<W> { pub fn new(_: TableFormat, _: Encoding, w: W, _: &[String]) -> io::Result<Self> { Ok(Self(w)) } pub fn row(&mut self, _: &[String]) -> io::Result<()> { Ok(()) } pub fn finish(self) -> io::Result<W> { Ok(self.0) } }
