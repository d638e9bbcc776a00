//! Signing in 登录.

use askama::Template;

use super::identity::Offer;
use super::passkey::{PasskeyAsk, PasskeyRow};
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

/// `/sign-in/second`: fields `code` or `challenge` and `passkey`, `next`, `csrf`.
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
    /// What helps whoever has neither telephone nor spare codes: it depends on who he is.
    pub help: String,
    /// What the browser is asked, if he has passkeys.
    pub passkey: Option<PasskeyAsk>,
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
            help: t(crate::view::account::lost(register::Role::AgencyClerk)),
            passkey: None,
        }
    }

    /// For somebody who has passkeys, in production.
    #[must_use]
    pub fn sample_passkey() -> Self {
        let passkey = Some(PasskeyAsk::sample());
        Self { demo_code: String::new(), is_demo: false, passkey, ..Self::sample() }
    }

    /// After a passkey that was not right.
    #[must_use]
    pub fn sample_passkey_refused() -> Self {
        let says = "这把通行密钥没有通过核对。请再试一次，或者用验证码登录。";
        Self { mistakes: Mistakes::none().and("passkey", says), ..Self::sample_passkey() }
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
    /// Whether the code is asked for that whoever asked for the account has.
    pub needs_code: bool,
    /// Why there is a second factor.
    pub why: String,
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
            needs_code: true,
            why: t(crate::view::account::why(register::Role::AgencyClerk)),
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
    /// The account's name; empty if one does not sign in by it.
    pub login: String,
    /// Role and body.
    pub role: String,
    /// Whether one signs in by a password.
    pub has_password: bool,
    /// Since when there is a second factor, and how many spare codes are left; empty if there is none.
    pub second_factor: String,
    /// One's passkeys, the oldest first.
    pub passkeys: Vec<PasskeyRow>,
    /// Whether one can add some.
    pub can_add_passkey: bool,
    /// How many spare codes are left to whoever has passkeys alone; otherwise empty.
    pub spare: String,
    /// Where one is signed in.
    pub devices: Vec<DeviceRow>,
    /// What happened to the account lately, the newest first.
    pub events: Vec<EventRow>,
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

/// One thing that happened to an account.
pub struct EventRow {
    /// When.
    pub at: String,
    /// The account's name; empty on its own page.
    pub login: String,
    /// What.
    pub what: String,
    /// Who did it, if another did.
    pub by: String,
}

impl EventRow {
    fn sample(login: &str, what: &str, by: &str) -> Self {
        Self { at: t("2026年11月23日 09:12"), login: t(login), what: t(what), by: t(by) }
    }
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
            has_password: true,
            second_factor: t("2026年11月1日设置，还有 8 个备用码"),
            passkeys: PasskeyRow::samples(),
            can_add_passkey: true,
            spare: String::new(),
            devices: vec![device("", "Chrome，Windows"), device("d1", "Firefox，Android")],
            events: vec![
                EventRow::sample("", "登录", ""),
                EventRow::sample("", "重置密码和验证码", "office-lead"),
            ],
            mistakes: Mistakes::none(),
            done: String::new(),
        }
    }

    /// A person who came by the identity service.
    #[must_use]
    pub fn sample_identity() -> Self {
        Self {
            shell: Shell::sample(Here::Account),
            login: String::new(),
            role: t("本人"),
            has_password: false,
            second_factor: String::new(),
            passkeys: Vec::new(),
            can_add_passkey: false,
            events: vec![EventRow::sample("", "登录", "")],
            ..Self::sample()
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
    /// What happened to accounts lately, the newest first.
    pub events: Vec<EventRow>,
    /// What can be asked.
    pub wishes: Vec<Choice>,
    /// Roles at work.
    pub roles: Vec<Choice>,
    /// Bodies.
    pub agencies: Vec<Choice>,
    /// What was typed.
    pub login: String,
    /// What was typed.
    pub name: String,
    /// What was typed.
    pub reasons: String,
    /// Whether this actor may ask.
    pub may_ask: bool,
    /// Whether this actor sees the accounts and what happened to them.
    pub sees_accounts: bool,
    /// What is wrong.
    pub mistakes: Mistakes,
    /// What was made, shown this once.
    pub made: Option<Made>,
}

/// Half of what an account is first signed in to by.
pub struct Made {
    /// The account's name.
    pub login: String,
    /// The password, or the setup code.
    pub secret: String,
    /// Whether it is the setup code, for whoever asked; else the password, for whoever granted.
    pub is_code: bool,
    /// How many days the setup code holds, from the grant on.
    pub days: i64,
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
                detail: t(
                    "单位负责人，示例市市场监督管理局。给柳*（**************0011）。新任科长。",
                ),
                asked: t("office-clerk，2026年11月23日 09:12"),
                tag: Tag::new("等待另一个人决定", Tint::Open),
            }],
            accounts: vec![AccountRow {
                login: t("mr-clerk"),
                role: t("单位经办人，示例市市场监督管理局"),
                tag: Tag::new("已设置验证码", Tint::Good),
            }],
            events: vec![
                EventRow::sample("mr-clerk", "密码不对", ""),
                EventRow::sample("mr-clerk", "开立账号", "office-lead"),
            ],
            wishes: vec![Choice::new("open", "开立账号").chosen()],
            roles: vec![Choice::new("agency-clerk", "单位经办人")],
            agencies: vec![Choice::new("11999901TEMR000151", "示例市市场监督管理局")],
            login: String::new(),
            name: String::new(),
            reasons: String::new(),
            may_ask: true,
            sees_accounts: true,
            mistakes: Mistakes::none(),
            made: Some(Made {
                login: t("tr-clerk"),
                secret: t("abcd-efgh-jkmn-pqrs"),
                is_code: false,
                days: 7,
            }),
        }
    }

    /// After asking.
    #[must_use]
    pub fn sample_asked() -> Self {
        let made =
            Made { login: t("tr-clerk"), secret: t("2345-6789-ABCZ-2ZYK"), is_code: true, days: 7 };
        Self { made: Some(made), ..Self::sample() }
    }

    /// As the auditor reads it.
    #[must_use]
    pub fn sample_audit() -> Self {
        let mut page = Self { may_ask: false, made: None, ..Self::sample() };
        for row in &mut page.requests {
            row.id = String::new();
        }
        page
    }
}
