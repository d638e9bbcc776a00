//! `chengxin demo`: everything on one machine, with invented people and accounts of every role.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use clap::Args;
use intake::{Encoding, HeaderStyle, TableFormat, TableWriter};
use jiff::{SignedDuration, Timestamp};

use register::{IdDocument, PersonName, Role, Uscc, china_date};
use tokio::net::TcpListener;
use usecases::account::NewAccount;
use usecases::batch::Source;
use usecases::objection::NewObjection;
use usecases::record::Change;
use usecases::{Actor, Clock as _};

use super::{Failure, print};
use crate::config::Config;
use crate::door::Entry;
use crate::machine::MachineClock;
use crate::sample::{Rows, Shape, person};
use crate::wiring::App;

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Data folder; kept for the next time.
    #[arg(long, default_value = "data/demo")]
    data: PathBuf,
    /// Behave as if it were this moment now, for example `2026-12-02T02:00:00+08:00`.
    #[arg(long, hide = true)]
    at: Option<Timestamp>,
}

/// The password of every demonstration account: it guards nothing, because nobody in it exists.
const PASSWORD: &str = "chengxin-demo";

/// One file that the imaginary city sends.
struct Sent {
    item: &'static str,
    seed: u64,
    rows: u64,
    /// Days since the decisions, between.
    decided: (i64, i64),
    /// Whether service is stated.
    is_served: bool,
    /// How many days ago it was sent.
    days_ago: i64,
}

const fn sent(item: &'static str, seed: u64, rows: u64) -> Sent {
    Sent { item, seed, rows, decided: (30, 300), is_served: true, days_ago: 0 }
}

/// Records shown, waiting (service not stated), in the quiet period, ended; [`CHANGES`] adds the rest.
const FILES: &[Sent] = &[
    sent("NP04-MR", 1, 320),
    Sent { decided: (5, 40), is_served: false, ..sent("NP04-MR", 1_001, 60) },
    Sent { decided: (4, 6), ..sent("NP04-MR", 1_002, 60) },
    Sent { decided: (10, 60), days_ago: 420, ..sent("NP04-MR", 1_003, 80) },
    sent("NP04-TR", 2, 260),
    sent("NP04-HC", 3, 240),
    sent("NP04-HR", 4, 240),
    sent("NP04-TX", 5, 240),
    sent("NP04-EE", 6, 240),
    sent("NP04-AG", 7, 240),
    sent("NP04-HE", 8, 240),
    sent("NP04-ED", 9, 160),
    Sent { decided: (30, 600), ..sent("NP03", 1, 200) },
];

pub(crate) async fn run(mut config: Config, command: Demo) -> Result<(), Failure> {
    config.data = command.data;
    config.database_url = String::new();
    config.https = false;
    let identity = crate::issuer::provider(&config, true)?;
    let listener = TcpListener::bind(command.listen).await?;
    let is_new = begin(&config.data)?;
    let offset = command
        .at
        .map_or(SignedDuration::ZERO, |at| at.duration_since(MachineClock::default().now()));
    let app = App::open_at(&config, true, MachineClock { offset }).await?;
    let accounts = if is_new {
        eprintln!("making an imaginary city …");
        fill(&app, &config, offset).await?;
        let accounts = open_accounts(&app).await?;
        std::fs::remove_file(unfinished(&config.data))?;
        accounts
    } else {
        known_accounts(&app)
    };
    let address = listener.local_addr()?;
    print(format!("\n诚信演示：http://{address}\n人物和单位都是虚构的，密码都是 {PASSWORD}\n"));
    for account in &accounts {
        print(format!("  {:16} {}", account.login, account.who));
    }
    print("\n按 Ctrl+C 结束。");
    let (entry, nobody) = (Entry::plain(), Some(Vec::new()));
    super::serve::serve(app, listener, Some(accounts), entry, nobody, identity).await
}

/// Says that a city is being made in this folder.
fn unfinished(data: &Path) -> PathBuf {
    data.join("demo.unfinished")
}

/// Whether a city is to be made here. One that was stopped half-way is made anew; a register that is
/// there already is left as it is.
fn begin(data: &Path) -> Result<bool, Failure> {
    let unfinished = unfinished(data);
    if unfinished.exists() {
        std::fs::remove_dir_all(data)?;
    }
    let is_new = !data.join("keys.toml").exists();
    if is_new {
        std::fs::create_dir_all(data)?;
        // Only a folder that was empty is ever emptied again.
        if std::fs::read_dir(data)?.next().is_some() {
            let data = data.display();
            return Err(Failure::Refused(format!("{data} is not empty: give --data a new folder")));
        }
        std::fs::set_permissions(data, std::fs::Permissions::from_mode(0o700))?;
        std::fs::write(unfinished, "")?;
    }
    Ok(is_new)
}

async fn fill(app: &App, config: &Config, now: SignedDuration) -> Result<(), Failure> {
    for file in FILES {
        if file.days_ago == 0 {
            send(app, file).await?;
        } else {
            // A file of an older time enters in that time: its display has ended since.
            let offset = now - SignedDuration::from_hours(24 * file.days_ago);
            let clock = MachineClock { offset };
            let rules = crate::wiring::rules(config)?.assessed_by(china_date(clock.now()));
            let then = App::open_with(config, false, clock, rules).await?;
            let outcome = send(&then, file).await;
            then.close().await?;
            outcome?;
        }
    }
    Ok(())
}

async fn send(app: &App, file: &Sent) -> Result<(), Failure> {
    let code = file.item;
    let cx = &app.cx;
    let missing = || Failure::Refused(format!("事项 {code} 不能用文件报送"));
    let item = cx.rules.item(code).ok_or_else(missing)?;
    let layout = usecases::batch::layout_of(item).ok_or_else(missing)?;
    let agency = cx
        .rules
        .agencies()
        .iter()
        .find(|agency| item.supplied_by.contains(&agency.kind))
        .ok_or_else(missing)?;
    let shape = Shape {
        seed: file.seed,
        today: cx.today(),
        decided: file.decided,
        is_served: file.is_served,
        mistakes: 2,
    };
    let mut made = Rows::new(layout, item, agency, shape);
    let headers = layout.sample_headers(HeaderStyle::Code);
    let actor = usecases::account::operator(Some(
        Uscc::parse(&agency.uscc).map_err(|error| Failure::Refused(error.to_string()))?,
    ));
    let mut upload = usecases::batch::Upload::new(cx, &actor, code)?;
    let table = TableWriter::new(TableFormat::Csv, Encoding::Utf8, Vec::new(), &headers);
    let mut table = table.map_err(Failure::refused)?;
    for _ in 0..file.rows {
        table.row(&made.next()).map_err(Failure::refused)?;
    }
    upload.write(&table.finish().map_err(Failure::refused)?)?;
    let (id, source) = upload.finish()?;
    let checked = usecases::batch::check_file(cx, &actor, code, &source)?;
    let batch = usecases::batch::begin(cx, &actor, code, Some(id), &checked).await?;
    usecases::batch::process(cx, batch, Source::Upload(id), |_| {}).await?;
    Ok(())
}

/// The secret of everybody's second factor at work in a demonstration, which shows its codes itself.
const SECOND_FACTOR: [u8; 20] = *b"a demonstration only";

/// Accounts of staff: login, role, code of the body, what is printed.
const STAFF: &[(&str, Role, Option<&str>, &str)] = &[
    ("mr-clerk", Role::AgencyClerk, Some("11999901TEMR000151"), "市场监管局经办人：报送、核查"),
    (
        "mr-second",
        Role::AgencyClerk,
        Some("11999901TEMR000151"),
        "市场监管局另一位经办人：自己作出的查询要由别人说明",
    ),
    ("tr-clerk", Role::AgencyClerk, Some("11999901TETR000189"), "交通局经办人：报送、核查"),
    (
        "tr-lead",
        Role::AgencyLead,
        Some("11999901TETR000189"),
        "交通局负责人：向信用办说明本单位的查询",
    ),
    ("union-clerk", Role::AgencyClerk, Some("11999901TEGH00015D"), "总工会经办人：报送荣誉"),
    ("hr-clerk", Role::AgencyClerk, Some("11999901TEHR00016B"), "人社局经办人：报送、核查"),
    ("office-clerk", Role::OfficeClerk, None, "信用办经办人"),
    ("office-lead", Role::OfficeLead, None, "信用办负责人"),
    ("auditor", Role::Auditor, None, "审计员"),
    ("operator", Role::Operator, None, "系统运维：只看系统的运行状况，看不到任何人"),
];

/// What happened to the records of some persons after they had entered: who noted it, and what.
const CHANGES: &[(&str, &str, Change)] = &[
    ("citizen-6", "office-clerk", Change::Contest),
    ("citizen-6", "office-clerk", Change::Suspend),
    ("citizen-7", "mr-clerk", Change::Withdraw),
];

/// Persons who have an account, by their place among the invented people.
fn citizens() -> Vec<(String, u64, &'static str)> {
    vec![
        ("citizen-1".to_owned(), 104_729, "有处罚和许可信息的个人"),
        ("citizen-2".to_owned(), 104_729 * 1_001, "刚收到告知书的个人"),
        ("citizen-3".to_owned(), 104_729 * 1_003, "信息已经停止展示的个人"),
        ("citizen-4".to_owned(), 77, "没有任何信息的个人"),
        ("citizen-5".to_owned(), 104_729 + 11, "对处罚信息提出异议的个人"),
        ("citizen-6".to_owned(), 104_729 + 12, "信息暂停展示的个人"),
        ("citizen-7".to_owned(), 104_729 + 13, "信息已经撤下的个人"),
    ]
}

fn known_accounts(app: &App) -> Vec<web::DemoAccount> {
    let name = |code: Option<&str>| {
        code.and_then(|code| app.cx.rules.agency(code)).map_or("", |agency| agency.name.as_str())
    };
    let staff = STAFF.iter().map(|(login, _, agency, who)| {
        (
            (*login).to_owned(),
            if agency.is_some() {
                format!("{who}（{}）", name(*agency))
            } else {
                (*who).to_owned()
            },
        )
    });
    let citizens = citizens().into_iter().map(|(login, n, who)| {
        let person = person(n);
        (login, format!("{who}：{}，{}", person.name, person.number))
    });
    staff
        .chain(citizens)
        .map(|(login, who)| {
            let is_staff = STAFF.iter().any(|(staff, ..)| *staff == login);
            let second_factor = is_staff.then_some(SECOND_FACTOR);
            web::DemoAccount { login, password: PASSWORD.to_owned(), who, second_factor }
        })
        .collect()
}

async fn open_accounts(app: &App) -> Result<Vec<web::DemoAccount>, Failure> {
    let mut actors = BTreeMap::new();
    for (login, role, agency, _) in STAFF {
        let agency = agency
            .map(|code| Uscc::parse(code).map_err(|error| Failure::Refused(error.to_string())))
            .transpose()?;
        let new = account(login, *role, agency, None);
        let actor = open_account(app, new).await?;
        usecases::account::give_second_factor(&app.cx, actor.account, SECOND_FACTOR).await?;
        actors.insert((*login).to_owned(), actor);
    }
    for (login, n, _) in citizens() {
        let who = person(n);
        let who = super::account::person(&app.cx, "01", &who.number, &who.name)?;
        let new = account(&login, Role::Citizen, None, Some(who));
        actors.insert(login, open_account(app, new).await?);
    }
    for (whose, by, what) in CHANGES {
        let missing = || Failure::Refused(format!("the demonstration lacks {whose} or {by}"));
        let by = actors.get(*by).ok_or_else(missing)?;
        let whose = actors.get(*whose).and_then(|actor| actor.person).ok_or_else(missing)?;
        for stored in
            store::record::of_person(app.cx.store.read(), whose).await.map_err(Failure::refused)?
        {
            if stored.severity.is_some() {
                usecases::record::change(&app.cx, by, whose, stored.id, *what).await?;
            }
        }
    }
    if let Some(who) = actors.get("citizen-5") {
        object(app, who).await?;
    }
    if let (Some(who), Some(by)) = (actors.get("citizen-2"), actors.get("union-clerk")) {
        honour(app, who, by).await?;
    }
    Ok(known_accounts(app))
}

/// A person objects to what is against him, in his own words.
async fn object(app: &App, who: &Actor) -> Result<(), Failure> {
    let Some(whose) = who.person else { return Ok(()) };
    let records = store::record::of_person(app.cx.store.read(), whose).await;
    for stored in records.map_err(Failure::refused)? {
        if stored.severity.is_none() {
            continue;
        }
        let new = NewObjection {
            ground: "wrong-fact".to_owned(),
            request: "correct".to_owned(),
            words: "违法事实写得不对：当天店里没有营业，只是在整理货架。请调阅现场笔录核对。"
                .to_owned(),
            papers: Vec::new(),
        };
        usecases::objection::open(&app.cx, who, whose, stored.id, new).await?;
    }
    Ok(())
}

/// A person allows his honours, and has one.
async fn honour(app: &App, who: &Actor, by: &Actor) -> Result<(), Failure> {
    let cx = &app.cx;
    usecases::consent::give(cx, who, "NP10").await?;
    let (_, n, _) = citizens().into_iter().nth(1).ok_or(Failure::Refused(String::new()))?;
    let person = person(n);
    let file = format!(
        "姓名,证件号码,表彰文件文号,荣誉称号,表彰日期\n{},{},示工表〔2026〕7号,示例市劳动模范,2026-05-01\n",
        person.name, person.number
    );
    let mut upload = usecases::batch::Upload::new(cx, by, "NP10")?;
    upload.write(file.as_bytes())?;
    let (id, source) = upload.finish()?;
    let checked = usecases::batch::check_file(cx, by, "NP10", &source)?;
    let batch = usecases::batch::begin(cx, by, "NP10", Some(id), &checked).await?;
    usecases::batch::process(cx, batch, Source::Upload(id), |_| {}).await?;
    Ok(())
}

fn account(
    login: &str,
    role: Role,
    agency: Option<Uscc>,
    person: Option<(IdDocument, PersonName)>,
) -> NewAccount {
    NewAccount {
        login: login.to_owned(),
        role,
        agency,
        person,
        password: Some(PASSWORD.to_owned()),
    }
}

/// Opened as by a lead: the accounts of an imaginary city are those of its lead too.
async fn open_account(app: &App, new: NewAccount) -> Result<Actor, Failure> {
    let lead = Actor { role: Role::OfficeLead, ..usecases::account::operator(None) };
    Ok(usecases::account::add(&app.cx, &lead, new).await?.0.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_that_was_stopped_half_way_is_made_anew_and_a_register_is_left_alone() {
        let dir = tempfile::TempDir::new().unwrap();
        let data = dir.path().join("demo");
        assert!(begin(&data).unwrap(), "an empty place");
        std::fs::write(data.join("keys.toml"), "half").unwrap();
        assert!(begin(&data).unwrap(), "stopped half-way");
        assert!(!data.join("keys.toml").exists());
        std::fs::write(data.join("keys.toml"), "whole").unwrap();
        std::fs::remove_file(unfinished(&data)).unwrap();
        assert!(!begin(&data).unwrap(), "finished");
        assert!(data.join("keys.toml").exists());
        let home = dir.path().join("home");
        std::fs::create_dir(&home).unwrap();
        std::fs::write(home.join("letter"), "mine").unwrap();
        assert!(begin(&home).is_err(), "somebody else's folder");
        assert!(home.join("letter").exists() && !unfinished(&home).exists());
    }
}
