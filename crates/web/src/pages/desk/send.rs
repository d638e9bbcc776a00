//! Send a file 报送数据.

use askama::Template;

use crate::pages::{Choice, Here, Mistakes, Shell, t};

/// `/desk/send`: multipart fields `csrf`, `item`, `file`.
#[derive(Template)]
#[template(path = "desk/send.html")]
pub struct SendPage {
    /// The frame.
    pub shell: Shell,
    /// Items that this agency may supply.
    pub items: Vec<Choice>,
    /// What is wrong.
    pub mistakes: Mistakes,
    /// Columns that are read.
    pub columns: Vec<ColumnRow>,
    /// Samples to download.
    pub samples: Vec<SampleFile>,
    /// Largest file, for example `2 GB`.
    pub largest: String,
}

/// One column of the layout.
pub struct ColumnRow {
    /// What it is in Chinese, which the header may also be.
    pub title: String,
    /// Its code in the layout.
    pub code: String,
    /// Whether it must be there.
    pub is_required: bool,
    /// How it is written.
    pub how: String,
}

/// A sample file.
pub struct SampleFile {
    /// Its address.
    pub href: String,
    /// What it is.
    pub text: String,
}

impl SendPage {
    /// What is said below the file field.
    #[must_use]
    pub fn file_hint(&self) -> String {
        format!(
            "Excel（xlsx）、CSV 或 JSON Lines，不超过 {}。列的先后不限，表头用代码或中文都可以。",
            self.largest
        )
    }

    /// Before a file was chosen.
    #[must_use]
    pub fn sample() -> Self {
        let column = |title, code, is_required, how| ColumnRow {
            title: t(title),
            code: t(code),
            is_required,
            how: t(how),
        };
        let file = |href, text| SampleFile { href: t(href), text: t(text) };
        Self {
            shell: Shell::sample_clerk(Here::DeskSend),
            items: vec![
                Choice::new("NP04-MR", "市场监管行政处罚").chosen(),
                Choice::new("NP03", "给自然人的行政许可"),
            ],
            mistakes: Mistakes::none(),
            columns: vec![
                column("行政相对人名称", "CF_XDR_MC", true, "姓名，生僻字照原样写"),
                column("自然人证件号码", "CF_XDR_ZJHM", true, "18 位居民身份证号或其他证件号"),
                column("行政处罚决定书文号", "CF_WSH", true, "照文书写"),
                column(
                    "处罚决定日期",
                    "CF_JDRQ",
                    true,
                    "2026-03-01、2026/3/1、20260301 或 2026年3月1日",
                ),
                column("罚款金额（万元）", "CF_NR_FK", false, "最多 6 位小数"),
                column("送达日期", "", false, "没有这一列时，由我们告知本人，告知期满后才能被看到"),
            ],
            samples: vec![
                file("/desk/samples/NP04-MR.xlsx", "Excel 样表"),
                file("/desk/samples/NP04-MR.csv", "CSV 样表"),
            ],
            largest: t("2 GB"),
        }
    }

    /// After nothing was chosen.
    #[must_use]
    pub fn sample_mistakes() -> Self {
        Self {
            items: vec![Choice::new("NP04-MR", "市场监管行政处罚")],
            mistakes: Mistakes::none()
                .and("item", "请选择这个文件报送的事项。")
                .and("file", "请选择要报送的文件。"),
            ..Self::sample()
        }
    }
}
