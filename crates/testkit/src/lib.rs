//! A small city 小城 for tests: on both engines, on any day of the law. Development only.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot be set up is to fail at once"
)]

pub mod fuzz;
pub mod passkey;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use access::Access;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, tz};
use register::batch::Batch;
use register::{AccountId, IdDocument, IdKind, PersonName, Role, Uscc};
use rulebook::Rules;
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use store::Store;
use usecases::access_log::CommitterParts;
use usecases::account::NewAccount;
use usecases::batch::Source;
use usecases::check::Ask;
use usecases::keys::KeyFile;
use usecases::log::Witness;
use usecases::retention::MonthKeys;
use usecases::{AccessLog, Actor, Channels, Clock, Cx, CxParts, Files, Random};
use vault::{Suite, Vault};

/// Which engine a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file in a temporary folder, keys of suite `gm`.
    Sqlite,
    /// A database of its own on the server that `./test` starts, keys of suite `intl`.
    Postgres,
}

/// A clock that is put on a day and goes on by a millisecond whenever it is asked, so that nothing works only
/// because two questions were answered alike.
#[derive(Debug)]
pub struct TickingClock(AtomicI64);

impl Clock for TickingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.fetch_add(1, Ordering::SeqCst)).unwrap()
    }
}

/// Randomness that repeats itself from test to test but never within one.
#[derive(Debug, Default)]
pub struct CountingRandom(AtomicU64);

impl Random for CountingRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for piece in bytes.chunks_mut(8) {
            let n = self.0.fetch_add(1, Ordering::SeqCst).wrapping_add(1);
            let mixed = n.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23) ^ n;
            let mixed = mixed.wrapping_mul(0xD6E8_FEB8_6659_FD93).to_le_bytes();
            for (to, from) in piece.iter_mut().zip(mixed) {
                *to = from;
            }
        }
    }
}

/// The market-regulation bureau of the imaginary city.
pub const MARKET: &str = "11999901TEMR000151";
/// Its transport bureau.
pub const TRANSPORT: &str = "11999901TETR000189";
/// Its tax bureau.
pub const TAX: &str = "11999901TETX000134";

/// The columns of a row made by [`City::row`].
pub const HEADER: &str = "CF_XDR_MC,CF_XDR_ZJHM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR_FK,CF_JDRQ,送达日期,信用修复告知书送达日期,违法行为发生日期";

/// One invented adult: number and name.
pub const LIU: (&str, &str) = ("999901197001010011", "柳𬭚");
/// Another.
pub const ZHOU: (&str, &str) = ("999901198512310029", "周明");
/// A child.
pub const CHILD: (&str, &str) = ("999901201206010049", "小树");

/// A city with its register.
pub struct City {
    /// What use cases work with.
    pub cx: Cx,
    /// Where its files are.
    pub dir: tempfile::TempDir,
    clock: Arc<TickingClock>,
    committer: Mutex<Option<tokio::task::JoinHandle<()>>>,
    made: AtomicU64,
}

impl City {
    /// A new city on 23 November 2026; e-mail and short messages can be sent.
    pub async fn on(engine: Engine) -> Self {
        Self::reaching(engine, Channels { mail: true, sms: true, ..Channels::default() }).await
    }

    /// The same with these ways out.
    pub async fn reaching(engine: Engine, channels: Channels) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = match engine {
            Engine::Sqlite => format!("sqlite://{}", dir.path().join("city.sqlite").display()),
            Engine::Postgres => {
                own_database(dir.path().file_name().unwrap().to_str().unwrap()).await
            }
        };
        let suite = if engine == Engine::Sqlite { Suite::Gm } else { Suite::Intl };
        let clock = Arc::new(TickingClock(AtomicI64::new(0)));
        let random = Arc::new(CountingRandom::default());
        let (text, vault) =
            Vault::create(suite, "2026-01-01", &mut |bytes| random.fill(bytes)).unwrap();
        let keys = KeyFile::at(&dir.path().join("keys.toml"));
        keys.begin(&text).unwrap();
        let store = Store::open(&url, 4).await.unwrap();
        store.migrate().await.unwrap();
        let parts = CommitterParts {
            store: store.clone(),
            vault: vault.clone(),
            clock: clock.clone(),
            random: random.clone(),
            witness: Some(dir.path().join("log-main.head")),
            kept_months: 60,
        };
        let (log, committer) = AccessLog::new("main", parts);
        let committer = tokio::spawn(committer.run());
        let months = MonthKeys::at(&dir.path().join("months.key"));
        months.begin(&vault, jiff::civil::date(2020, 1, 1), &*random).unwrap();
        let rules = kept_up();
        let cx = Cx::new(CxParts {
            store,
            rules: Arc::new(rules),
            vault,
            access: Arc::new(Access::bundled().unwrap()),
            clock: clock.clone(),
            random,
            log,
            files: Files::open(&dir.path().join("files")).unwrap(),
            months,
            keys,
            channels,
        });
        let committer = Mutex::new(Some(committer));
        let city = Self { cx, dir, clock, committer, made: AtomicU64::new(0) };
        city.stands_on("2026-11-23");
        city
    }

    /// Moves the clock to noon of that day in China.
    pub fn stands_on(&self, day: &str) {
        let day: Date = day.parse().unwrap();
        let noon = day.at(12, 0, 0, 0).to_zoned(tz::TimeZone::fixed(tz::offset(8))).unwrap();
        self.clock.0.store(noon.timestamp().as_millisecond(), Ordering::SeqCst);
    }

    /// What another process beside this one works with: the same database, a committer of its own.
    #[must_use]
    pub fn beside(&self) -> Cx {
        self.under(self.cx.rules.clone())
    }

    /// The same with keys of its own, as they are written now: it hears of others only if it looks.
    #[must_use]
    pub fn apart(&self) -> Cx {
        let vault = Vault::read(&self.cx.keys.text().unwrap().text).unwrap();
        self.cx.months.read(&vault).unwrap();
        self.with(self.cx.rules.clone(), vault)
    }

    /// The same by another rulebook, as after an update of it.
    #[must_use]
    pub fn under(&self, rules: Arc<Rules>) -> Cx {
        self.with(rules, self.cx.vault.clone())
    }

    fn with(&self, rules: Arc<Rules>, vault: Vault) -> Cx {
        let cx = &self.cx;
        let parts = CommitterParts {
            store: cx.store.clone(),
            vault: vault.clone(),
            clock: cx.clock.clone(),
            random: cx.random.clone(),
            witness: Some(self.witness()),
            kept_months: 60,
        };
        let (log, committer) = AccessLog::new(cx.log.name(), parts);
        tokio::spawn(committer.run());
        Cx::new(CxParts {
            store: cx.store.clone(),
            rules,
            vault,
            access: cx.access.clone(),
            clock: cx.clock.clone(),
            random: cx.random.clone(),
            log,
            files: Files::open(&self.dir.path().join("files")).unwrap(),
            months: cx.months.clone(),
            keys: cx.keys.clone(),
            channels: cx.channels.clone(),
        })
    }

    /// The file that remembers the log's last head.
    #[must_use]
    pub fn witness(&self) -> PathBuf {
        self.dir.path().join("log-main.head")
    }

    /// What it remembers.
    #[must_use]
    pub fn witnessed(&self) -> Option<Witness> {
        Witness::read(&self.witness()).unwrap()
    }

    /// Waits until it remembers a log of that size, which is written after the answer; its line.
    pub async fn remembers(&self, size: u64) -> String {
        let begins = format!("main {size} ");
        let written = async {
            loop {
                let line = std::fs::read_to_string(self.witness()).unwrap_or_default();
                if line.starts_with(&begins) {
                    return line;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), written).await.unwrap()
    }

    /// Stops the committer of the log, as if its disk had gone.
    pub fn loses_its_log(&self) {
        if let Some(committer) = self.committer.lock().unwrap().take() {
            committer.abort();
        }
    }

    /// A row about a person: fined 1,500 yuan on `decided_on`, served and told on `told_on`.
    pub fn row(&self, who: (&str, &str), decided_on: &str, told_on: &str) -> String {
        let n = self.made.fetch_add(1, Ordering::SeqCst) + 1;
        format!(
            "{},{},示市监罚字〔2026〕{n}号,无照经营,经查属实。,食品安全法第一百二十二条,罚款,0.15,{decided_on},{told_on},{told_on},{decided_on}",
            who.1, who.0
        )
    }

    /// Somebody who works for a body.
    pub fn clerk(&self, agency: &str) -> Actor {
        Actor {
            account: AccountId(self.cx.new_id()),
            login: "clerk".to_owned(),
            role: Role::AgencyClerk,
            agency: Some(Uscc::parse(agency).unwrap()),
            person: None,
            scope: None,
        }
    }

    /// Somebody in another role.
    pub fn staff(&self, role: Role) -> Actor {
        Actor { role, agency: None, ..self.clerk(MARKET) }
    }

    /// Sends rows under [`HEADER`] as an upload; gives the batch when it has ended.
    pub async fn sends(
        &self,
        actor: &Actor,
        item: &str,
        rows: &[String],
    ) -> usecases::Result<Batch> {
        self.sends_file(actor, item, format!("{HEADER}\n{}\n", rows.join("\n")).as_bytes()).await
    }

    /// Sends bytes.
    pub async fn sends_file(
        &self,
        actor: &Actor,
        item: &str,
        bytes: &[u8],
    ) -> usecases::Result<Batch> {
        let (batch, source) = self.begins(actor, item, bytes).await?;
        usecases::batch::process(&self.cx, batch, source, |_| {}).await
    }

    /// Sends bytes up to the point where reading would begin.
    pub async fn begins(
        &self,
        actor: &Actor,
        item: &str,
        bytes: &[u8],
    ) -> usecases::Result<(Batch, Source)> {
        let mut upload = usecases::batch::Upload::new(&self.cx, actor, item)?;
        upload.write(bytes)?;
        let (id, source) = upload.finish()?;
        let checked = usecases::batch::check_file(&self.cx, actor, item, &source)?;
        let batch = usecases::batch::begin(&self.cx, actor, item, Some(id), &checked).await?;
        Ok((batch, source))
    }

    /// A question about a person.
    pub fn ask(&self, who: (&str, &str), purpose: &str) -> Ask {
        Ask {
            id_kind: "01".to_owned(),
            id_number: who.0.into(),
            name: who.1.into(),
            purpose: purpose.to_owned(),
            matter: "受理〔2026〕第001号".to_owned(),
        }
    }

    /// The market-regulation bureau looks at a person for a food licence; how many facts it sees.
    pub async fn sees(&self, who: (&str, &str)) -> usize {
        let ask = self.ask(who, "food-licence-review");
        let seen = usecases::check::one(&self.cx, &self.clerk(MARKET), &ask).await.unwrap();
        seen.facts().len()
    }

    /// Opens a person's own account.
    pub async fn opens_account(&self, who: (&str, &str)) -> Actor {
        let document = IdDocument::parse(IdKind::Citizen, who.0, self.cx.today()).unwrap();
        let new = NewAccount {
            login: format!("person-{}", self.cx.new_id()),
            role: Role::Citizen,
            agency: None,
            person: Some((document, PersonName::parse(who.1).unwrap())),
            password: Some("a password that is long".to_owned()),
        };
        usecases::account::add(&self.cx, &lead(), new).await.unwrap().0.into()
    }

    /// Lets time pass.
    pub fn passes(&self, time: SignedDuration) {
        let passed = i64::try_from(time.as_millis()).unwrap();
        self.clock.0.fetch_add(passed, Ordering::SeqCst);
    }

    /// Does something to the database that nobody sees before it is committed.
    pub async fn begins_to(&self, statements: &[&str]) -> store::Tx {
        let tx = self.cx.store.begin().await.unwrap();
        for sql in statements {
            tx.execute_unprepared(sql).await.unwrap();
        }
        tx
    }

    /// Does something to the database behind everybody's back.
    pub async fn tampers(&self, sql: &str) -> u64 {
        let tx = self.begins_to(&[]).await;
        let done = tx.execute_unprepared(sql).await.unwrap().rows_affected();
        tx.commit().await.unwrap();
        done
    }

    /// How many wait for a lock on this city's server.
    pub async fn waits_for_locks(&self) -> i64 {
        let sql = "SELECT COUNT(*) AS n FROM pg_stat_activity \
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let asked = Statement::from_string(DbBackend::Postgres, sql.to_owned());
        let row = self.cx.store.read().query_one_raw(asked).await.unwrap().unwrap();
        row.try_get("", "n").unwrap()
    }

    /// Every row of every table as text, by table: what a look into the server would show.
    pub async fn all_rows(&self) -> Vec<(PathBuf, Vec<u8>)> {
        if self.cx.store.engine() == store::Engine::Sqlite {
            return Vec::new();
        }
        let tx = self.cx.store.begin().await.unwrap();
        let text = |sql: String| Statement::from_string(DbBackend::Postgres, sql);
        let names = "SELECT tablename::text AS line FROM pg_tables WHERE schemaname = 'public'";
        let mut found = Vec::new();
        for table in tx.query_all_raw(text(names.to_owned())).await.unwrap() {
            let table: String = table.try_get("", "line").unwrap();
            let sql = format!("SELECT CAST(t AS TEXT) AS line FROM {table} t");
            let rows = tx.query_all_raw(text(sql)).await.unwrap();
            let lines: Vec<String> =
                rows.iter().map(|row| row.try_get("", "line").unwrap()).collect();
            found.push((PathBuf::from(table), lines.join("\n").into_bytes()));
        }
        assert!(found.iter().any(|(_, bytes)| !bytes.is_empty()));
        found
    }

    /// Every file of the city, as bytes.
    pub fn all_bytes(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let mut folders = vec![self.dir.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = std::fs::read(&path).unwrap();
                    found.push((path, bytes));
                }
            }
        }
        found
    }
}

/// The lead of an office, who signs in nowhere.
#[must_use]
pub fn lead() -> Actor {
    Actor { role: Role::OfficeLead, ..usecases::account::operator(None) }
}

/// The bundled rulebook in a city that may use its impact assessments however far a test goes.
#[must_use]
pub fn kept_up() -> Rules {
    let title = "title = \"影响评估过了复核日期以后还可以用的天数\"";
    let (right, other) = (format!("{title}\nvalue = 30"), format!("{title}\nvalue = 30000"));
    rules_with("limits.toml", &right, &other)
}

/// The bundled rulebook with something else in one of its files, wherever it stands there.
#[must_use]
pub fn rules_with(file: &str, right: &str, other: &str) -> Rules {
    let from = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../rulebook"));
    let dir = tempfile::tempdir().unwrap();
    for folder in ["", "calendar"] {
        std::fs::create_dir_all(dir.path().join(folder)).unwrap();
        for entry in std::fs::read_dir(from.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let to = dir.path().join(folder).join(path.file_name().unwrap());
                std::fs::copy(&path, to).unwrap();
            }
        }
    }
    let file = dir.path().join(file);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains(right), "{} has no {right}", file.display());
    std::fs::write(&file, text.replace(right, other)).unwrap();
    Rules::load(dir.path()).unwrap_or_else(|findings| unreachable!("{findings:#?}"))
}

/// A new, empty database on the server that `./test` starts; its URL.
pub async fn own_database(name: &str) -> String {
    let server = std::env::var("CHENGXIN_TEST_PG_URL").expect(
        "CHENGXIN_TEST_PG_URL is not set: run the tests through ./test, which starts PostgreSQL",
    );
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let name = format!("cx_{}", name.to_lowercase());
    let admin = Database::connect(format!("{server}/postgres")).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    admin.close().await.unwrap();
    format!("{server}/{name}")
}

/// The identity number of the `n`th of up to a hundred invented adults born on one day.
#[must_use]
pub fn number(n: u32) -> String {
    let body = format!("99990119800505{:03}", n + 100);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 =
        body.chars().zip(weights).map(|(digit, by)| digit.to_digit(10).unwrap() * by).sum();
    let check = ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"];
    format!("{body}{}", check.get(usize::try_from(sum % 11).unwrap()).unwrap())
}
