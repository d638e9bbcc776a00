//! On the way through the identity service 身份服务登录: why somebody did not come in, or that he went out.

use askama::Template;

use super::{Here, Shell, t};

/// `/sign-in/identity`, `/sign-in/identity/back`, `/sign-in/identity/out`: a fact, and what to do next.
#[derive(Template)]
#[template(path = "sign_in_identity.html")]
pub struct IdentityPage {
    /// The frame.
    pub shell: Shell,
    /// What happened, as a heading.
    pub title: String,
    /// What happened, as a sentence.
    pub says: String,
    /// What to do next.
    pub next: String,
    /// Number to be told at the counter; empty if none.
    pub number: String,
    /// Where he can go, the best first.
    pub offers: Vec<Offer>,
}

/// A way on.
pub struct Offer {
    /// Where to.
    pub href: String,
    /// What it says.
    pub text: String,
}

impl IdentityPage {
    fn of(title: &str, says: &str, next: &str, offers: &[(&str, &str)]) -> Self {
        let offer = |(href, text): &(&str, &str)| Offer { href: t(href), text: t(text) };
        Self {
            shell: Shell::sample(Here::Elsewhere),
            title: t(title),
            says: t(says),
            next: t(next),
            number: String::new(),
            offers: offers.iter().map(offer).collect(),
        }
    }

    /// He did not agree.
    #[must_use]
    pub fn sample() -> Self {
        Self::of(
            "没有登录",
            "您在省身份服务没有同意，或者取消了登录。本平台没有得到您的任何信息。",
            "需要登录的，可以再试一次。",
            &[("/sign-in/identity", "再用省身份服务登录一次"), ("/sign-in", "用账号和密码登录")],
        )
    }

    /// His number stands here under another name.
    #[must_use]
    pub fn sample_doubt() -> Self {
        let page = Self::of(
            "没有登录",
            "身份服务给出的姓名，和登记簿里这个证件号码的姓名不一致。为了不让您看到别人的档案，这次没有登录。",
            "改过姓名，或者认为登记簿写错了的，请带证件到信用办窗口，说出下面的编号。",
            &[
                ("/sign-in/identity?again=1", "在省身份服务换一个人登录"),
                ("/sign-in", "用账号和密码登录"),
            ],
        );
        Self { number: t("SM20261123-7KQ2MX"), ..page }
    }

    /// He has signed out here.
    #[must_use]
    pub fn sample_out() -> Self {
        Self::of(
            "您已退出",
            "您在本平台已经退出。在省身份服务那边可能还登录着，别人用同一个浏览器就能再进来。",
            "用的是公共电脑或者别人的手机，请把那边也退出。",
            &[("https://id.example.gov.cn/session/end", "也退出省身份服务")],
        )
    }
}
