//! Deliveries 投递和信函: what waits, what was given up and why, and letters to be printed and posted.

use askama::Template;

use crate::pages::{Here, Mistakes, Shell, Tag, Tint, t};

/// `/office/deliveries`
#[derive(Template)]
#[template(path = "office/deliveries.html")]
pub struct DeliveriesPage {
    /// The frame.
    pub shell: Shell,
    /// Counts: way, state, how many.
    pub counts: Vec<(String, String, String)>,
    /// What was given up.
    pub failed: Vec<FailedRow>,
    /// Letters: to be written, or on their way.
    pub letters: Vec<LetterRow>,
    /// Whether the reader may act: an auditor only reads.
    pub may_act: bool,
}

/// Something that was given up. It names nobody.
pub struct FailedRow {
    /// Where trying again is asked for; empty if it cannot be.
    pub again: String,
    /// What it was.
    pub what: String,
    /// By which way.
    pub channel: String,
    /// Why.
    pub fault: String,
    /// Since when.
    pub since: String,
}

/// Somebody to be written to. It names nobody: who opens it is logged.
pub struct LetterRow {
    /// Its page.
    pub href: String,
    /// Since when it waits.
    pub since: String,
    /// What is in it.
    pub what: String,
    /// How far it has come.
    pub tag: Tag,
}

/// `/office/letters/{person}`
#[derive(Template)]
#[template(path = "office/letter.html")]
pub struct LetterPage {
    /// The frame.
    pub shell: Shell,
    /// Its own address.
    pub place: String,
    /// Whom it is for.
    pub person: String,
    /// Where his whole number is shown once; empty where it is not.
    pub whole_number: String,
    /// Titles of what it tells him, with the body it comes from, which may know his address.
    pub notices: Vec<(String, String)>,
    /// The address.
    pub address: String,
    /// Where its progress goes; empty before it was printed.
    pub progress: String,
    /// Whether it was posted.
    pub is_posted: bool,
    /// The day of service, as typed.
    pub served_on: String,
    /// What is wrong.
    pub mistakes: Mistakes,
}

impl DeliveriesPage {
    /// Something of each kind.
    #[must_use]
    pub fn sample() -> Self {
        let place = "01936f2e-7c1a-7000-8000-0000000000d1";
        Self {
            shell: Shell::sample_office(Here::OfficeDeliveries),
            counts: vec![
                (t("电子邮件"), t("已送出"), t("1,204")),
                (t("短信"), t("等待"), t("3")),
                (t("接口推送"), t("没有送到"), t("1")),
            ],
            failed: vec![FailedRow {
                again: format!("/office/deliveries/{place}/{place}"),
                what: t("更正通知（交通运输局）"),
                channel: t("接口推送"),
                fault: t("对方没有应答"),
                since: t("2026年11月20日 09:00"),
            }],
            letters: vec![
                LetterRow {
                    href: format!("/office/letters/{place}"),
                    since: t("2026年11月18日"),
                    what: t("2 份告知书"),
                    tag: Tag::new("等待打印", Tint::Open),
                },
                LetterRow {
                    href: format!("/office/letters/{place}"),
                    since: t("2026年11月17日"),
                    what: t("告知书"),
                    tag: Tag::new("已经寄出", Tint::Underway),
                },
            ],
            may_act: true,
        }
    }
}

impl LetterPage {
    /// A letter that was posted.
    #[must_use]
    pub fn sample() -> Self {
        let place = "/office/letters/01936f2e-7c1a-7000-8000-0000000000d1";
        Self {
            shell: Shell::sample_office(Here::OfficeDeliveries),
            place: t(place),
            person: t("柳𬭚，证件号码 **************0011"),
            whole_number: t("/office/number/letter/p/n"),
            notices: vec![(
                t("关于一条信息记入公共信用信息的告知书"),
                t("市场监督管理局报送，可以向它问送达地址"),
            )],
            address: t("示例市东城区某某路1号2单元301"),
            progress: format!("{place}/01936f2e-7c1a-7000-8000-0000000000d2"),
            is_posted: true,
            served_on: String::new(),
            mistakes: Mistakes::none(),
        }
    }
}
