//! What is said when a page cannot be shown 出错页.

use askama::Template;

use crate::pages::{Here, Link, Shell, t};

/// Any refusal or failure: a fact, and what to do next.
#[derive(Template)]
#[template(path = "portal/error.html")]
pub struct ErrorPage {
    /// The frame.
    pub shell: Shell,
    /// HTTP status.
    pub status: u16,
    /// What happened, as a heading.
    pub title: String,
    /// What happened, as a sentence.
    pub says: String,
    /// What to do next.
    pub next: String,
    /// The rule behind it; empty if none.
    pub because: String,
    /// Number of this request, to be told to the office; empty if none.
    pub request: String,
    /// What was typed into a form that was not taken.
    pub unsent: Vec<Unsent>,
    /// The way back to that form.
    pub way: Option<Link>,
}

/// What was typed into one field.
pub struct Unsent {
    /// What the field is called.
    pub label: String,
    /// The words, line by line.
    pub lines: Vec<String>,
}

impl ErrorPage {
    /// 404
    #[must_use]
    pub fn not_found(shell: Shell) -> Self {
        Self::new(
            shell,
            404,
            "没有找到这个页面",
            "地址可能写错了，或者这个页面已经不在了。",
            "请核对地址，或者回到首页。",
        )
    }

    /// 403; `because` names the rule.
    #[must_use]
    pub fn forbidden(shell: Shell, because: &str) -> Self {
        let page = Self::new(
            shell,
            403,
            "您的账号不能做这件事",
            "没有任何内容被打开，这次尝试已登记。",
            "如果这是您的工作需要，请联系本单位负责人。",
        );
        Self { because: t(because), ..page }
    }

    /// 500; `request` is the number under which the log has it.
    #[must_use]
    pub fn broken(shell: Shell, request: &str) -> Self {
        let page = Self::new(
            shell,
            500,
            "系统出了问题",
            "刚才的操作没有完成，也没有留下半截的数据。",
            "请稍后再试。再次出现时，请把下面的编号告诉信用办。",
        );
        Self { request: t(request), ..page }
    }

    /// Any other.
    #[must_use]
    pub fn new(shell: Shell, status: u16, title: &str, says: &str, next: &str) -> Self {
        Self {
            shell,
            status,
            title: t(title),
            says: t(says),
            next: t(next),
            because: String::new(),
            request: String::new(),
            unsent: Vec::new(),
            way: None,
        }
    }

    /// 401 for somebody whose session ended while he wrote.
    #[must_use]
    pub fn sample_unsent() -> Self {
        let says = "登录已经过期，刚才填写的内容没有提交。";
        let shell = Shell::sample(Here::Elsewhere);
        let lines = vec![t("罚款是 150 元，不是 1500 元。"), t("收据在附件里。")];
        let to = "/sign-in?next=/my/objections/new%3Frecord%3Dr";
        Self {
            unsent: vec![Unsent { label: t("您写的话"), lines }],
            way: Some(Link::new(to, "重新登录，回到刚才的表单")),
            ..Self::new(shell, 401, "登录已经过期", says, "请重新登录，再提交一次。")
        }
    }

    /// 404 for a visitor.
    #[must_use]
    pub fn sample() -> Self {
        Self::not_found(Shell::sample(Here::Elsewhere))
    }

    /// 403 for a clerk.
    #[must_use]
    pub fn sample_forbidden() -> Self {
        let because = "工作人员不能查看或办理自己的档案，请由另一位同事办理。";
        Self::forbidden(Shell::sample_clerk(Here::Elsewhere), because)
    }

    /// 500 for a person.
    #[must_use]
    pub fn sample_broken() -> Self {
        Self::broken(Shell::sample_person(Here::Elsewhere), "01936f2e-7c1a-7000-8000-0000000000a1")
    }
}
