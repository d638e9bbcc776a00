//! The whole identity number 完整证件号码: why, who asks, and then all of it once.

use askama::Template;
use register::mask::{REASON_LEAST, REASON_MOST};

use super::{Here, Link, Mistakes, Shell, t, ts};

/// `/desk/number/{kind}/{id}` and `/office/number/{kind}/{person}/{id}`: fields `reason`, `password`, `code`, `csrf`.
#[derive(Template)]
#[template(path = "whole_number.html")]
pub struct WholeNumberPage {
    /// The frame.
    pub shell: Shell,
    /// The page of the affair.
    pub back: Link,
    /// Where the form goes.
    pub place: String,
    /// The affair, with its number.
    pub affair: String,
    /// Reasons that are usual in such an affair.
    pub usual: Vec<String>,
    /// The reason, as it was typed.
    pub reason: String,
    /// The code that is good now, in a demonstration only; empty in production.
    pub demo_code: String,
    /// Whether this is a demonstration.
    pub is_demo: bool,
    /// What is wrong.
    pub mistakes: Mistakes,
}

impl WholeNumberPage {
    /// How long a reason is.
    #[must_use]
    pub fn hint(&self) -> String {
        format!("本人会看到。{REASON_LEAST} 到 {REASON_MOST} 个字，可以选一个常用的再改。")
    }

    /// A clerk who answers an objection.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_clerk(Here::DeskToday),
            back: Link::new("/desk/objections/o", "异议 YY20261123-7F3K2Q"),
            place: t("/desk/number/objection/o"),
            affair: t("异议 YY20261123-7F3K2Q"),
            usual: ts(&["核对文书原件上的证件号码", "在本单位业务系统里查找这个人的案卷"]),
            reason: String::new(),
            demo_code: t("123456"),
            is_demo: true,
            mistakes: Mistakes::none(),
        }
    }

    /// After a wrong code, in production.
    #[must_use]
    pub fn sample_refused() -> Self {
        let says = "密码或者验证码不对，或者验证码已经用过。请核对密码，等下一个验证码出现再试。";
        Self {
            reason: t("核对文书原件上的证件号码"),
            demo_code: String::new(),
            is_demo: false,
            mistakes: Mistakes::none().and("password", says),
            ..Self::sample()
        }
    }
}

/// The answer to that form.
#[derive(Template)]
#[template(path = "whole_number_shown.html")]
pub struct WholeNumberShownPage {
    /// The frame.
    pub shell: Shell,
    /// The page of the affair.
    pub back: Link,
    /// The affair, with its number.
    pub affair: String,
    /// Whose number it is.
    pub name: String,
    /// What kind of document.
    pub kind: String,
    /// All of it.
    pub number: String,
    /// Position of the look in the log.
    pub log_seq: String,
}

impl WholeNumberShownPage {
    /// Of an invented person.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_clerk(Here::DeskToday),
            back: Link::new("/desk/objections/o", "异议 YY20261123-7F3K2Q"),
            affair: t("异议 YY20261123-7F3K2Q"),
            name: t("柳𬭚"),
            kind: t("居民身份证"),
            number: t("999901197001010011"),
            log_seq: t("48,214"),
        }
    }
}
