//! Why a file as a whole cannot be taken. Never holds what stands in the file.

use thiserror::Error;

/// A fault of the file.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum FileError {
    #[error("the file is larger than {limit} bytes")]
    TooLarge { limit: u64 },
    #[error("the file is empty")]
    Empty,
    #[error("the file is no table")]
    NotATable,
    #[error("the file is a workbook of the old kind")]
    OldExcel,
    #[error("the workbook is encrypted")]
    Encrypted,
    #[error("the workbook is damaged or was cut off")]
    Damaged,
    #[error("the workbook unpacks to far more than it should")]
    Bomb,
    #[error("the workbook has rows on more than one sheet")]
    TwoTables,
    #[error("the header lacks columns")]
    MissingColumns { titles: Vec<String> },
    #[error("the header names a column twice")]
    DuplicateColumns { titles: Vec<String> },
    #[error("a column of amounts is in a unit that is not known")]
    UnknownUnit { titles: Vec<String> },
    #[error("the writing system of the file cannot be read")]
    Encoding,
    #[error("row {row} is too long")]
    RecordTooLong { row: u64 },
    #[error("disk: {0}")]
    Io(#[from] std::io::Error),
}

impl FileError {
    /// Stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "file-too-large",
            Self::Empty => "file-empty",
            Self::NotATable => "file-not-a-table",
            Self::OldExcel => "file-old-excel",
            Self::Encrypted => "file-encrypted",
            Self::Damaged => "file-damaged",
            Self::Bomb => "file-bomb",
            Self::TwoTables => "file-two-tables",
            Self::MissingColumns { .. } => "columns-missing",
            Self::DuplicateColumns { .. } => "columns-twice",
            Self::UnknownUnit { .. } => "columns-unit",
            Self::Encoding => "file-encoding",
            Self::RecordTooLong { .. } => "row-too-long",
            Self::Io(_) => "file-unreadable",
        }
    }

    /// What is wrong.
    #[must_use]
    pub fn says(&self) -> String {
        match self {
            Self::TooLarge { limit } => {
                format!("文件太大，最多 {} MB。", limit / 1_048_576)
            }
            Self::Empty => "文件是空的，没有任何一行数据。".to_owned(),
            Self::NotATable => "这个文件不是表格，没有读取。".to_owned(),
            Self::OldExcel => "这是旧版的 Excel 文件（xls），读不了。".to_owned(),
            Self::Encrypted => "这个 Excel 文件设了打开密码，读不了。".to_owned(),
            Self::Damaged => "Excel 文件不完整或者已经损坏。".to_owned(),
            Self::Bomb => "这个文件解压以后大得不正常，没有读取。".to_owned(),
            Self::TwoTables => "这个 Excel 文件里不止一张工作表有数据，没有读取。".to_owned(),
            Self::MissingColumns { titles } => format!("表头缺少这些列：{}。", titles.join("、")),
            Self::UnknownUnit { titles } => {
                format!("这些金额列的单位不认识，没有读取：{}。", titles.join("、"))
            }
            Self::DuplicateColumns { titles } => {
                format!("表头里这些列出现了不止一次：{}。", titles.join("、"))
            }
            Self::Encoding => "文件的文字编码读不出来。".to_owned(),
            Self::RecordTooLong { row } => {
                format!("第 {row} 行长得不正常，可能少了一个引号。这一行以后没有读取。")
            }
            Self::Io(_) => "文件读到一半读不下去了。".to_owned(),
        }
    }

    /// What to do.
    #[must_use]
    pub fn next(&self) -> String {
        match self {
            Self::TooLarge { .. } => "请分成几个文件报送。",
            Self::Empty | Self::NotATable => "请报送 Excel（xlsx）、CSV 或者 JSON Lines 文件。",
            Self::OldExcel => "请用 Excel 或者 WPS 打开，另存为 xlsx 以后再报送。",
            Self::Encrypted => "请取消打开密码，保存以后再报送。",
            Self::Damaged | Self::Io(_) => "请重新导出以后再报送。",
            Self::Bomb => "请另存为 CSV 以后再报送。",
            Self::TwoTables => "请把数据合到一张工作表里，或者分成几个文件报送。",
            Self::MissingColumns { .. } => "请对照样表补齐表头，列的先后不限。",
            Self::DuplicateColumns { .. } => "请删掉多余的列。",
            Self::UnknownUnit { .. } => "请换算成万元或者元，并在表头的括号里写明。",
            Self::Encoding => "请另存为 UTF-8 或者 GB18030 编码的 CSV。",
            Self::RecordTooLong { .. } => "请检查这一行的引号，改好以后把整个文件再报送一次。",
        }
        .to_owned()
    }
}
