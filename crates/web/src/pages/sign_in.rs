//! Signing in 登录.

use askama::Template;

use super::identity::Offer;
use super::{Choice, Here, Mistakes, Shell, Tag, Tint, t};

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
    /// The way to the identity service, if there is one.
    pub identity: Option<Offer>,
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
            identity: None,
            demo_accounts: vec![
                account("person", "correct-horse-1", "本人：柳𬭚"),
                account("mr-clerk", "correct-horse-2", "单位经办人：市场监督管理局"),
                account("office-clerk", "correct-horse-3", "信用办经办人"),
            ],
        }
    }

    /// Where persons come in by the identity service.
    #[must_use]
    pub fn sample_identity() -> Self {
        let offer =
            Offer { href: t("/sign-in/identity?next=%2Fmy"), text: t("用省身份服务登录") };
        Self { identity: Some(offer), demo_accounts: Vec::new(), ..Self::sample() }
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

/// `/sign-in/second`: fields `code`, `next`, `csrf`.
#[derive(Template)]
#[template(path = "sign_in/second.html")]
pub struct SecondPage {
    /// The frame.
    pub shell: Shell,
    /// Where to go afterwards.
    pub next: String,
    /// What is wrong.
    pub mistakes: Mistakes,
    /// The code that is good now, in a demonstration only; empty in production.
    pub demo_code: String,
    /// Whether this is a demonstration.
    pub is_demo: bool,
}

impl SecondPage {
    /// In a demonstration.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample(Here::SignIn),
            next: t("/desk"),
            mistakes: Mistakes::none(),
            demo_code: t("123456"),
            is_demo: true,
        }
    }

    /// After a wrong code, in production.
    #[must_use]
    pub fn sample_refused() -> Self {
        let says =
            "验证码不对，或者已经用过。请等下一个验证码出现再试；手机不在身边的，可以用备用码。";
        Self {
            mistakes: Mistakes::none().and("code", says),
            demo_code: String::new(),
            is_demo: false,
            ..Self::sample()
        }
    }
}

/// `/sign-in/enrol` and `/account/second-factor`: fields `setup`, `code`, `current`, `next`, `csrf`.
#[derive(Template)]
#[template(path = "sign_in/enrol.html")]
pub struct EnrolPage {
    /// The frame.
    pub shell: Shell,
    /// Where the form goes.
    pub place: String,
    /// Where to go afterwards.
    pub next: String,
    /// The secret as one types it.
    pub secret: String,
    /// The same as a picture.
    pub qr: String,
    /// The same, sealed, for the form.
    pub setup: String,
    /// What must be shown of what is so far: nothing while one signs in, otherwise how it is called.
    pub current: String,
    /// What is wrong.
    pub mistakes: Mistakes,
}

impl EnrolPage {
    /// At the first sign-in.
    #[must_use]
    pub fn sample() -> Self {
        let uri = "otpauth://totp/Chengxin:mr-clerk?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
        Self {
            shell: Shell::sample(Here::SignIn),
            place: t("/sign-in/enrol"),
            next: t("/desk"),
            secret: t("JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP"),
            qr: crate::view::mandate::qr(uri),
            setup: t("00"),
            current: String::new(),
            mistakes: Mistakes::none(),
        }
    }
}

/// What is shown once after a second factor was set up.
#[derive(Template)]
#[template(path = "sign_in/spare.html")]
pub struct SparePage {
    /// The frame.
    pub shell: Shell,
    /// The codes.
    pub codes: Vec<String>,
    /// Where to go on.
    pub next: String,
}

impl SparePage {
    /// Eight codes.
    #[must_use]
    pub fn sample() -> Self {
        let codes = (0..8).map(|n| format!("2345-6789-ABCZ-2Z{n}K")).collect();
        Self { shell: Shell::sample(Here::SignIn), codes, next: t("/desk") }
    }
}

/// `/sign-in/password`: fields `current`, `new`, `again`, `next`, `csrf`.
#[derive(Template)]
#[template(path = "sign_in/password.html")]
pub struct PasswordPage {
    /// The frame.
    pub shell: Shell,
    /// Where to go afterwards.
    pub next: String,
    /// What is wrong.
    pub mistakes: Mistakes,
}

impl PasswordPage {
    /// Nothing typed.
    #[must_use]
    pub fn sample() -> Self {
        Self { shell: Shell::sample(Here::SignIn), next: t("/desk"), mistakes: Mistakes::none() }
    }
}

/// `/account`: signing in, and where one is signed in.
#[derive(Template)]
#[template(path = "sign_in/account.html")]
pub struct AccountPage {
    /// The frame.
    pub shell: Shell,
    /// The account's name.
    pub login: String,
    /// Role and body.
    pub role: String,
    /// Since when there is a second factor, and how many spare codes are left; empty if there is none.
    pub second_factor: String,
    /// Where one is signed in.
    pub devices: Vec<DeviceRow>,
    /// What is wrong with a new password.
    pub mistakes: Mistakes,
    /// What was done.
    pub done: String,
}

/// One place where one is signed in.
pub struct DeviceRow {
    /// Identifier to end it by; empty for the one that is open.
    pub id: String,
    /// What kind of browser it said it is.
    pub browser: String,
    /// Since when.
    pub since: String,
    /// When it was last used.
    pub seen: String,
}

impl AccountPage {
    /// A clerk in two places.
    #[must_use]
    pub fn sample() -> Self {
        let device = |id, browser| DeviceRow {
            id: t(id),
            browser: t(browser),
            since: t("2026年11月23日 09:12"),
            seen: t("2026年11月23日 10:40"),
        };
        Self {
            shell: Shell::sample_clerk(Here::Account),
            login: t("mr-clerk"),
            role: t("单位经办人，示例市市场监督管理局"),
            second_factor: t("2026年11月1日设置，还有 8 个备用码"),
            devices: vec![device("", "Chrome，Windows"), device("d1", "Firefox，Android")],
            mistakes: Mistakes::none(),
            done: String::new(),
        }
    }
}

/// `/office/accounts`: accounts at work, and what is asked for them.
#[derive(Template)]
#[template(path = "office/accounts.html")]
pub struct AccountsPage {
    /// The frame.
    pub shell: Shell,
    /// Requests, those that wait first.
    pub requests: Vec<RequestRow>,
    /// Accounts by name.
    pub accounts: Vec<AccountRow>,
    /// What can be asked.
    pub wishes: Vec<Choice>,
    /// Roles at work.
    pub roles: Vec<Choice>,
    /// Bodies.
    pub agencies: Vec<Choice>,
    /// What was typed.
    pub login: String,
    /// What was typed.
    pub reasons: String,
    /// Whether this actor may ask.
    pub may_ask: bool,
    /// Whether this actor sees the accounts and may decide.
    pub may_decide: bool,
    /// What is wrong.
    pub mistakes: Mistakes,
    /// A password that was made, shown this once, with the account's name; empty if none.
    pub made: Option<(String, String)>,
}

/// One request.
pub struct RequestRow {
    /// Identifier to decide it by; empty if it is decided, or this actor cannot.
    pub id: String,
    /// What is asked, for which account.
    pub title: String,
    /// Role, body, reasons.
    pub detail: String,
    /// Who asked, and when.
    pub asked: String,
    /// Where it stands.
    pub tag: Tag,
}

/// One account.
pub struct AccountRow {
    /// Its name.
    pub login: String,
    /// Role and body.
    pub role: String,
    /// Whether it has a second factor, is off.
    pub tag: Tag,
}

impl AccountsPage {
    /// With one that waits and one account.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_office(Here::OfficeAccounts),
            requests: vec![RequestRow {
                id: t("r1"),
                title: t("开立账号 mr-lead"),
                detail: t("单位负责人，示例市市场监督管理局。新任科长。"),
                asked: t("office-clerk，2026年11月23日 09:12"),
                tag: Tag::new("等待另一个人决定", Tint::Open),
            }],
            accounts: vec![AccountRow {
                login: t("mr-clerk"),
                role: t("单位经办人，示例市市场监督管理局"),
                tag: Tag::new("已设置验证码", Tint::Good),
            }],
            wishes: vec![Choice::new("open", "开立账号").chosen()],
            roles: vec![Choice::new("agency-clerk", "单位经办人")],
            agencies: vec![Choice::new("11999901TEMR000151", "示例市市场监督管理局")],
            login: String::new(),
            reasons: String::new(),
            may_ask: true,
            may_decide: true,
            mistakes: Mistakes::none(),
            made: Some((t("tr-clerk"), t("abcd-efgh-jkmn-pqrs"))),
        }
    }
}
