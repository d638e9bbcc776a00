//! Signing in 登录.

use askama::Template;

use super::{Here, Mistakes, Shell, t};

/// `/sign-in`: fields `login`, `password`, `next`, `csrf`.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    /// The frame.
    pub shell: Shell,
    /// What was typed as account name.
    pub login: String,
    /// Where to go afterwards; empty for the role's first page.
    pub next: String,
    /// What is wrong.
    pub mistakes: Mistakes,
    /// Accounts of the demonstration; empty in production.
    pub demo_accounts: Vec<DemoAccount>,
}

/// One account of the demonstration.
pub struct DemoAccount {
    /// Account name.
    pub login: String,
    /// Its password, known only because the demonstration printed it.
    pub password: String,
    /// Who it is.
    pub who: String,
}

impl SignInPage {
    /// Before anything was typed.
    #[must_use]
    pub fn sample() -> Self {
        let account = |login, password, who| DemoAccount {
            login: t(login),
            password: t(password),
            who: t(who),
        };
        Self {
            shell: Shell::sample(Here::SignIn),
            login: String::new(),
            next: t("/my"),
            mistakes: Mistakes::none(),
            demo_accounts: vec![
                account("person", "correct-horse-1", "本人：柳𬭚"),
                account("mr-clerk", "correct-horse-2", "单位经办人：市场监督管理局"),
                account("office-clerk", "correct-horse-3", "信用办经办人"),
            ],
        }
    }

    /// After a wrong password.
    #[must_use]
    pub fn sample_refused() -> Self {
        Self {
            login: t("person"),
            mistakes: Mistakes::none().and("login", "账号或密码不对，请核对后再试。"),
            demo_accounts: Vec::new(),
            ..Self::sample()
        }
    }
}
