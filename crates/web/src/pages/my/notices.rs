//! Notices 告知书.

use askama::Template;

use crate::pages::{Fact, Here, Link, Shell, t, ts};

/// `/my/notices`
#[derive(Template)]
#[template(path = "my/notices.html")]
pub struct NoticesPage {
    /// The frame.
    pub shell: Shell,
    /// Notices, newest first.
    pub notices: Vec<NoticeRow>,
}

/// One notice in the list.
pub struct NoticeRow {
    /// Identifier for its address.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Who tells.
    pub from: String,
    /// When it arrived, in full.
    pub delivered_on: String,
    /// Whether it has not been opened yet.
    pub is_unread: bool,
}

/// `/my/notices/{id}`
#[derive(Template)]
#[template(path = "my/notice.html")]
pub struct NoticePage {
    /// The frame.
    pub shell: Shell,
    /// Its heading.
    pub title: String,
    /// The person as addressed, unmasked: only he sees this page.
    pub to: String,
    /// What is told, one paragraph each.
    pub paragraphs: Vec<String>,
    /// What the facts are about.
    pub heading: String,
    /// The record in question, or the question that is answered.
    pub facts: Vec<Fact>,
    /// Links to what he can do now.
    pub acts: Vec<Link>,
    /// Whom it comes from.
    pub from: String,
    /// When it arrived, in full.
    pub delivered_on: String,
    /// Until when nobody else sees the record; empty if there is no quiet period.
    pub quiet_until: String,
    /// Whether that day may still move (the year's holidays are not published yet, I16).
    pub is_provisional: bool,
}

impl NoticesPage {
    /// One unread, one read.
    #[must_use]
    pub fn sample() -> Self {
        let row = |id, title, on, is_unread| NoticeRow {
            id: t(id),
            title: t(title),
            from: t("市场监督管理局"),
            delivered_on: t(on),
            is_unread,
        };
        Self {
            shell: Shell::sample_person(Here::MyNotices),
            notices: vec![
                row("n2", "一条行政处罚信息将进入您的档案", "2026年11月18日", true),
                row("n1", "一条行政处罚信息将进入您的档案", "2026年7月6日", false),
            ],
        }
    }

    /// No notice yet.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self { notices: Vec::new(), ..Self::sample() }
    }
}

impl NoticePage {
    /// A record in its quiet period.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_person(Here::MyNotices),
            title: t("一条行政处罚信息将进入您的档案"),
            to: t("柳𬭚"),
            paragraphs: ts(&[
                "市场监督管理局报送了一条关于您的行政处罚信息。我们先告诉您，再让别人看到。",
                "告知期内，除报送单位外没有人看得到这条信息。告知期满后，依法需要的单位办理具体事项时可以看到。",
                "认为有错的，可以随时提出异议，15个工作日内答复您，不收费。",
            ]),
            heading: t("这条信息"),
            facts: vec![
                Fact::new("文书", "凌市监罚字〔2026〕188号"),
                Fact::new("内容", "罚款 3,000 元；没收违法所得 86.50 元"),
                Fact::new("分类", "一般"),
                Fact::new("停止展示", "最迟 2027年11月10日"),
            ],
            acts: vec![Link::new("/my#r2", "看这条信息"), Link::new("/rights", "您的权利")],
            from: t("市场监督管理局报送"),
            delivered_on: t("2026年11月18日"),
            quiet_until: t("2026年11月25日"),
            is_provisional: true,
        }
    }
}
