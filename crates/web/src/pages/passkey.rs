//! Passkeys 通行密钥: added, shown, removed.

use askama::Template;

use super::{Here, Mistakes, Shell, t};

/// What a page needs that asks the browser for a passkey.
pub struct PasskeyAsk {
    /// What the browser is asked, as JSON.
    pub options: String,
    /// The same as the register knows it, sealed, for the form.
    pub sealed: String,
}

impl PasskeyAsk {
    /// Of nobody.
    #[must_use]
    pub fn sample() -> Self {
        Self { options: t(r#"{"publicKey":{"challenge":"AAAA"}}"#), sealed: t("00") }
    }
}

/// One of one's own, in the list.
pub struct PasskeyRow {
    /// Identifier.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// Since when.
    pub added: String,
    /// When it was last used; empty if never.
    pub used: String,
}

impl PasskeyRow {
    /// One that was used, and a new one.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let row = |id, name, used| Self {
            id: t(id),
            name: t(name),
            added: t("2026年11月20日"),
            used: t(used),
        };
        vec![row("p1", "办公电脑", "2026年11月23日 09:12"), row("p2", "我的手机", "")]
    }
}

/// `/account/passkeys/new`: first fields `name`, `current`, `csrf`; then the browser is asked, with fields `challenge`,
/// `passkey`, `csrf`.
#[derive(Template)]
#[template(path = "sign_in/passkey_new.html")]
pub struct PasskeyNewPage {
    /// The frame.
    pub shell: Shell,
    /// What it is to be called, as it was typed.
    pub name: String,
    /// What the browser is asked, once the password was right.
    pub ask: Option<PasskeyAsk>,
    /// What is wrong.
    pub mistakes: Mistakes,
}

impl PasskeyNewPage {
    /// Nothing typed.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_clerk(Here::Account),
            name: String::new(),
            ask: None,
            mistakes: Mistakes::none(),
        }
    }

    /// After a wrong password.
    #[must_use]
    pub fn sample_refused() -> Self {
        let mistakes = Mistakes::none().and("current", "密码不对。");
        Self { name: t("办公电脑"), mistakes, ..Self::sample() }
    }

    /// After the right one.
    #[must_use]
    pub fn sample_ask() -> Self {
        Self { name: t("办公电脑"), ask: Some(PasskeyAsk::sample()), ..Self::sample() }
    }
}

/// `/account/passkeys/{id}`: removing one; fields `current`, `csrf`.
#[derive(Template)]
#[template(path = "sign_in/passkey.html")]
pub struct PasskeyPage {
    /// The frame.
    pub shell: Shell,
    /// Which.
    pub passkey: PasskeyRow,
    /// What is wrong.
    pub mistakes: Mistakes,
}

impl PasskeyPage {
    /// Nothing typed.
    #[must_use]
    pub fn sample() -> Self {
        let passkey = PasskeyRow {
            id: t("p1"),
            name: t("办公电脑"),
            added: t("2026年11月20日"),
            used: t("2026年11月23日 09:12"),
        };
        Self { shell: Shell::sample_clerk(Here::Account), passkey, mistakes: Mistakes::none() }
    }

    /// Where a second factor must be, and there is no other.
    #[must_use]
    pub fn sample_last() -> Self {
        let says = "您的岗位登录时必须有第二道验证，这是最后一道。请先设置验证码，或者添加另一把通行密钥。";
        Self { mistakes: Mistakes::none().and("current", says), ..Self::sample() }
    }
}
