//! Wiring 接线: keys, database, rulebook, policies, log, put together; and taken apart again.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use access::Access;
use rulebook::Rules;
use store::Store;
use tokio::task::JoinHandle;
use usecases::access_log::CommitterParts;
use usecases::health::Place;
use usecases::keys::{Held, KeyFile};
use usecases::retention::MonthKeys;
use usecases::{AccessLog, Clock, Cx, CxParts, Files, Random};
use vault::{Suite, Vault};

use crate::command::Failure;
use crate::config::Config;
use crate::machine::{MachineClock, MachineRandom};

/// A running context and the committer of its log.
pub(crate) struct App {
    pub(crate) cx: Cx,
    /// The machine under it.
    pub(crate) place: Place,
    committer: JoinHandle<()>,
    tending: JoinHandle<()>,
    /// What takes the keys anew when they change.
    keeping: Option<JoinHandle<()>>,
}

/// How often it is looked whether the keys have changed.
const LOOK: Duration = Duration::from_secs(1);

/// How many such looks later it is asked again which key leads to persons.
const ASKED: u32 = 5;

impl App {
    /// Opens everything. The database must have been migrated, unless `migrate` says to do it now.
    pub(crate) async fn open(config: &Config, migrate: bool) -> Result<Self, Failure> {
        Self::open_at(config, migrate, MachineClock::default()).await
    }

    /// The same with another clock.
    pub(crate) async fn open_at(
        config: &Config,
        migrate: bool,
        clock: MachineClock,
    ) -> Result<Self, Failure> {
        Self::open_with(config, migrate, clock, rules(config)?).await
    }

    /// The same with other rules.
    pub(crate) async fn open_with(
        config: &Config,
        migrate: bool,
        clock: MachineClock,
        rules: Rules,
    ) -> Result<Self, Failure> {
        let clock: Arc<dyn Clock> = Arc::new(clock);
        let random: Arc<dyn Random> = Arc::new(MachineRandom);
        if migrate {
            create_data(&config.data)?;
        }
        let vault = vault(config, migrate, clock.as_ref(), random.as_ref())?;
        let rules = Arc::new(rules);
        let store =
            Store::open(&config.database(), config.readers).await.map_err(Failure::refused)?;
        if migrate {
            store.migrate().await.map_err(Failure::refused)?;
        }
        store.expect_migrated().await.map_err(Failure::refused)?;
        let months =
            months(config, migrate, &vault, &store, clock.as_ref(), random.as_ref()).await?;
        let mut app = Self::together(config, store, (vault, months), rules, clock, random)?;
        app.keeps_keys().await?;
        // What the office assessed itself counts from the first check on.
        usecases::impact::refresh(&app.cx).await.map_err(Failure::refused)?;
        Ok(app)
    }

    /// Opens what is there as it is: makes nothing, claims nothing, and takes a schema that is older too.
    pub(crate) async fn open_as_it_is(config: &Config) -> Result<Self, Failure> {
        let vault = read_keys(&keys_file(&config.data))?;
        let months = MonthKeys::at(&months_file(&config.data));
        months.read(&vault).map_err(Failure::refused)?;
        let store =
            Store::open(&config.database(), config.readers).await.map_err(Failure::refused)?;
        let clock: Arc<dyn Clock> = Arc::new(MachineClock::default());
        let rules = Arc::new(rules(config)?);
        let random = Arc::new(MachineRandom);
        let app = Self::together(config, store, (vault, months), rules, clock, random)?;
        // A schema that is older knows one key that leads to persons, the first.
        if app.cx.store.expect_migrated().await.is_ok() {
            usecases::keys::refresh(&app.cx).await.map_err(Failure::refused)?;
        }
        Ok(app)
    }

    /// Holds the keys, and takes them anew for as long as the program runs.
    async fn keeps_keys(&mut self) -> Result<(), Failure> {
        let held = self.cx.keys.hold(&self.cx.vault).map_err(Failure::refused)?;
        usecases::keys::refresh(&self.cx).await.map_err(Failure::refused)?;
        self.keeping = Some(tokio::spawn(keep(self.cx.clone(), held)));
        Ok(())
    }

    fn together(
        config: &Config,
        store: Store,
        (vault, months): (Vault, MonthKeys),
        rules: Arc<Rules>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, Failure> {
        let access = Arc::new(Access::bundled().map_err(Failure::refused)?);
        let parts = CommitterParts {
            store: store.clone(),
            vault: vault.clone(),
            clock: clock.clone(),
            random: random.clone(),
            witness: Some(witness(config)),
            kept_months: kept_months(&rules),
        };
        let (log, committer) = AccessLog::new(&config.log, parts);
        let committer = tokio::spawn(committer.run());
        let tended = store.clone();
        let tending = tokio::spawn(async move {
            if let Err(error) = tended.tend().await {
                tracing::warn!(%error, "the database is not tended beside its writer");
            }
        });
        let files = Files::open(&config.data.join("files"))?;
        let channels = crate::carriers::channels(config)?;
        let keys = KeyFile::at(&keys_file(&config.data));
        let parts = CxParts {
            store,
            rules,
            vault,
            access,
            clock,
            random,
            log,
            files,
            months,
            keys,
            channels,
        };
        let cx = Cx::new(parts);
        Ok(Self { cx, place: place(config), committer, tending, keeping: None })
    }

    /// Lets the log finish and closes the database.
    pub(crate) async fn close(self) -> Result<(), Failure> {
        let store = self.cx.store.clone();
        if let Some(keeping) = self.keeping {
            keeping.abort();
            let _ = keeping.await;
        }
        drop(self.cx);
        self.committer.await.map_err(Failure::refused)?;
        self.tending.abort();
        // Stopped by us, so it says that it was.
        let _ = self.tending.await;
        store.close().await.map_err(Failure::refused)
    }
}

/// Takes the keys anew whenever they change. What cannot be used is said once, and those of before go on.
async fn keep(cx: Cx, mut held: Held) {
    let mut turns = tokio::time::interval(LOOK);
    turns.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut turn, mut is_well) = (0_u32, true);
    loop {
        turns.tick().await;
        turn = turn.wrapping_add(1);
        let renewed = cx.keys.renew(&cx.vault, &mut held);
        let is_new = matches!(renewed, Ok(true));
        if is_new {
            tracing::info!(generation = cx.vault.generation(), "the keys were changed");
        }
        // By which key persons are found is asked also while the file cannot be held: others may end that key.
        let refreshed = if is_new || turn.is_multiple_of(ASKED) {
            usecases::keys::refresh(&cx).await
        } else {
            Ok(())
        };
        let outcome = renewed.and(refreshed);
        match outcome {
            Ok(()) => is_well = true,
            Err(error) if is_well => {
                is_well = false;
                tracing::error!(%error, "the keys stay as they were");
            }
            Err(_) => {}
        }
    }
}

/// The file outside the database that remembers the log's last head.
pub(crate) fn witness(config: &Config) -> PathBuf {
    config.data.join(format!("log-{}.head", config.log))
}

/// Where data, embedded database and backups lie on this machine.
pub(crate) fn place(config: &Config) -> Place {
    Place {
        data: config.data.clone(),
        database: store::backup::file_of(&config.database()).ok(),
        backups: config.backups.clone(),
    }
}

/// Says that a data folder was put back from a backup; `serve` carries nothing out of it before somebody removes this.
pub(crate) fn restored_file(data: &Path) -> PathBuf {
    data.join("restored")
}

/// The keys in a data folder.
pub(crate) fn keys_file(data: &Path) -> PathBuf {
    data.join("keys.toml")
}

/// The month keys in a data folder.
pub(crate) fn months_file(data: &Path) -> PathBuf {
    data.join("months.key")
}

/// How long looks are kept, in months.
fn kept_months(rules: &Rules) -> u16 {
    u16::try_from(rules.limit("query_log_years").saturating_mul(12)).unwrap_or(0)
}

/// The keys of the months, which are destroyed one after the other; made on an empty data folder.
async fn months(
    config: &Config,
    create: bool,
    vault: &Vault,
    store: &Store,
    clock: &dyn Clock,
    random: &dyn Random,
) -> Result<MonthKeys, Failure> {
    let path = months_file(&config.data);
    let months = MonthKeys::at(&path);
    if months.exists() {
        months.read(vault).map_err(Failure::refused)?;
        let ours = vault.months_mark().map_err(Failure::refused)?;
        let claimed = claim(store, &ours).await?;
        return if claimed == ours { Ok(months) } else { Err(foreign(&path)) };
    }
    let db = store.read();
    let known = store::retention::months_mark(db).await.map_err(Failure::refused)?;
    let is_used = store::retention::first(db).await.map_err(Failure::refused)?.is_some();
    if known.is_some() || is_used {
        return Err(Failure::Refused(format!(
            "no month keys at {}, but the database holds what was sealed with them: copy the file from \
             the node that has it",
            path.display()
        )));
    }
    if !create {
        return Err(Failure::Refused(format!(
            "no month keys at {}: run `chengxin migrate` first",
            path.display()
        )));
    }
    let today = usecases::china_date(clock.now());
    months.begin(vault, today, random).map_err(Failure::refused)?;
    let ours = vault.months_mark().map_err(Failure::refused)?;
    if claim(store, &ours).await? != ours {
        // Another node began at the same moment and was first; nothing was sealed with ours yet.
        std::fs::remove_file(&path)?;
        return Err(foreign(&path));
    }
    Ok(months)
}

async fn claim(store: &Store, mark: &[u8; 32]) -> Result<[u8; 32], Failure> {
    let known = store::retention::months_mark(store.read()).await.map_err(Failure::refused)?;
    if let Some(known) = known {
        return Ok(known);
    }
    let tx = store.begin().await.map_err(Failure::refused)?;
    let claimed = store::retention::claim_months(&tx, mark).await.map_err(Failure::refused)?;
    tx.commit().await.map_err(Failure::refused)?;
    Ok(claimed)
}

fn foreign(path: &Path) -> Failure {
    Failure::Refused(format!(
        "the month keys at {} are not those that this database is sealed with: copy the file from the \
         node that has them",
        path.display()
    ))
}

/// The rulebook in force.
pub(crate) fn rules(config: &Config) -> Result<Rules, Failure> {
    let read = if config.rulebook.as_os_str().is_empty() {
        Rules::bundled()
    } else {
        Rules::load(&config.rulebook)
    };
    read.map_err(|findings| {
        let lines: Vec<_> = findings.iter().map(ToString::to_string).collect();
        Failure::Refused(format!("the rulebook cannot be used:\n{}", lines.join("\n")))
    })
}

pub(crate) fn create_data(dir: &Path) -> Result<(), Failure> {
    if !dir.exists() {
        fs::create_dir_all(dir)?;
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Reads the keys; makes them on an empty data folder, readable by nobody else, and says so.
fn vault(
    config: &Config,
    create: bool,
    clock: &dyn Clock,
    random: &dyn Random,
) -> Result<Vault, Failure> {
    let path = keys_file(&config.data);
    if !path.exists() {
        if !create {
            return Err(Failure::Refused(format!(
                "no keys at {}: run `chengxin migrate` first",
                path.display()
            )));
        }
        let suite = Suite::from_name(&config.suite)
            .ok_or_else(|| Failure::Usage("suite must be gm or intl".to_owned()))?;
        let today = usecases::china_date(clock.now()).to_string();
        let (text, vault) = Vault::create(suite, &today, &mut |bytes| random.fill(bytes))
            .map_err(Failure::refused)?;
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(text.text.as_bytes())?;
        file.sync_all()?;
        eprintln!(
            "created keys ({}) at {}, readable by you only; keep a copy in a safe place: \
             without them nothing can be read",
            suite.name(),
            path.display()
        );
        return Ok(vault);
    }
    read_keys(&path)
}

/// Reads keys that are there, and refuses them if others can read them too.
pub(crate) fn read_keys(path: &Path) -> Result<Vault, Failure> {
    let mode = fs::metadata(path)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(Failure::Refused(format!(
            "{} can be read by others (mode {mode:o}): run `chmod 600 {}`",
            path.display(),
            path.display()
        )));
    }
    Vault::read(&KeyFile::at(path).text()?.text).map_err(Failure::refused)
}
