//! One file on its way 一次报送: the page, and the part of it that is fetched again every second.

use askama::Template;

use crate::pages::{Here, Shell, t};

/// `/desk/batches/{id}`
#[derive(Template)]
#[template(path = "desk/batch.html")]
pub struct BatchPage {
    /// The frame.
    pub shell: Shell,
    /// The file.
    pub batch: BatchView,
}

/// `/desk/batches/{id}/part`, for htmx: the moving part alone.
#[derive(Template)]
#[template(path = "desk/batch_part.html")]
pub struct BatchPart {
    /// The file.
    pub batch: BatchView,
}

/// One file, how far it is, what came back.
#[derive(Clone)]
pub struct BatchView {
    /// Identifier for its addresses.
    pub id: String,
    /// The item, by title.
    pub item: String,
    /// When it was sent, in full.
    pub sent_at: String,
    /// By which account.
    pub sent_by: String,
    /// Size, for reading.
    pub size: String,
    /// Whether it is still being read.
    pub is_running: bool,
    /// Why the file as a whole could not be read.
    pub error: Option<FileError>,
    /// How much of the file has been read, in hundredths; `None` if it cannot be known.
    pub percent: Option<u8>,
    /// Headers of columns that were not read.
    pub unread: Vec<String>,
    /// Rows decided so far.
    pub read: String,
    /// Rows that became records.
    pub accepted: String,
    /// Rows that were known already.
    pub duplicates: String,
    /// Rows that came back.
    pub rejected: String,
    /// The first rejections, at most 100.
    pub rejections: Vec<RejectionRow>,
    /// How many reasons there are in all, for reading; the rest is in the file.
    pub rejections_total: String,
    /// Whether there are more than are listed.
    pub has_more: bool,
    /// The list of returned rows, to be downloaded.
    pub returned: Returned,
}

/// What became of the list of returned rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Returned {
    /// There is none (yet).
    None,
    /// It can be downloaded.
    Kept {
        /// The last day on which it is certainly there, in full.
        through: String,
    },
    /// It was erased when its time was over.
    Erased,
    /// It is not there, and its time was not over.
    Missing,
}

/// Why a file could not be read.
#[derive(Clone)]
pub struct FileError {
    /// Stable code.
    pub code: String,
    /// What is wrong.
    pub says: String,
    /// What to do.
    pub next: String,
}

/// One reason for which a row came back.
#[derive(Clone)]
pub struct RejectionRow {
    /// Row number in the file.
    pub row: String,
    /// The agency's own header; empty for the row as a whole.
    pub column: String,
    /// Stable code.
    pub code: String,
    /// What is wrong.
    pub says: String,
    /// What to do.
    pub next: String,
}

impl BatchView {
    fn sample_done() -> Self {
        let reason = |row, column, code, says, next| RejectionRow {
            row: t(row),
            column: t(column),
            code: t(code),
            says: t(says),
            next: t(next),
        };
        Self {
            id: t("01936f2e-7c1a-7000-8000-0000000000b2"),
            item: t("市场监管行政处罚"),
            sent_at: t("2026年11月23日 09:12"),
            sent_by: t("mr-clerk"),
            size: t("3.1 MB"),
            is_running: false,
            error: None,
            unread: vec![t("备注二")],
            percent: Some(100),
            read: t("12,000"),
            accepted: t("11,926"),
            duplicates: t("57"),
            rejected: t("17"),
            rejections: vec![
                reason(
                    "118",
                    "自然人证件号码",
                    "id-check-digit",
                    "证件号码的校验位不对。",
                    "请对照证件核对后重新报送这一行。",
                ),
                reason(
                    "402",
                    "处罚决定日期",
                    "date-in-future",
                    "决定日期在今天以后。",
                    "请核对文书上的日期。",
                ),
                reason(
                    "977",
                    "",
                    "underage-act",
                    "行为发生时未满 18 周岁，依法不得记录，内容未保留。",
                    "请不要再次报送，并从本单位的报送数据中撤下。",
                ),
            ],
            rejections_total: t("17"),
            has_more: true,
            returned: Returned::Kept { through: t("2026年12月22日") },
        }
    }
}

impl BatchPage {
    fn with(batch: BatchView) -> Self {
        Self { shell: Shell::sample_clerk(Here::DeskSend), batch }
    }

    /// Read to the end.
    #[must_use]
    pub fn sample() -> Self {
        Self::with(BatchView::sample_done())
    }

    /// Long after it was read.
    #[must_use]
    pub fn sample_erased() -> Self {
        Self::with(BatchView { returned: Returned::Erased, ..BatchView::sample_done() })
    }

    /// Being read.
    #[must_use]
    pub fn sample_running() -> Self {
        Self::with(BatchView {
            is_running: true,
            percent: Some(72),
            returned: Returned::None,
            read: t("8,640"),
            accepted: t("8,571"),
            duplicates: t("52"),
            ..BatchView::sample_done()
        })
    }

    /// A file that is no table.
    #[must_use]
    pub fn sample_failed() -> Self {
        Self::with(BatchView {
            error: Some(FileError {
                code: t("xlsx-truncated"),
                says: t("文件不完整，读到一半就结束了。"),
                next: t("请重新导出，确认能用 Excel 打开后再报送。已进入的行不会重复。"),
            }),
            percent: None,
            returned: Returned::None,
            read: t("0"),
            accepted: t("0"),
            duplicates: t("0"),
            rejected: t("0"),
            rejections: Vec::new(),
            rejections_total: t("0"),
            has_more: false,
            ..BatchView::sample_done()
        })
    }
}

impl BatchPart {
    /// Being read.
    #[must_use]
    pub fn sample() -> Self {
        Self { batch: BatchPage::sample_running().batch }
    }
}
