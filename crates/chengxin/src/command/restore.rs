//! `chengxin restore`: verifies a backup, puts it back where nothing is yet, and verifies what is there then.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::Args;
use store::Engine;
use store::backup::{engine_of, is_empty};
use usecases::backup::{Backup, Manifest, Target};
use usecases::keys::KeyFile;
use usecases::log::Witness;
use usecases::retention::MonthKeys;
use vault::{KeyText, Vault};

use super::{Failure, print};
use crate::config::Config;
use crate::wiring::{
    App, create_data, keys_file, months_file, read_keys, restored_file, rules, witness,
};

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The folder of one backup.
    backup: PathBuf,
    /// A new data folder to put it into, instead of the configured one; an embedded database goes there too.
    #[arg(long)]
    into: Option<PathBuf>,
    /// Folder that holds keys.toml and months.key, which are in no backup; they are copied. Without it they must
    /// lie in the data folder already. Older copies of keys.toml may lie there too, as keys-….toml: they open what
    /// was sealed before a key was retired.
    #[arg(long)]
    keys: Option<PathBuf>,
}

pub(crate) async fn run(config: &Config, command: &Restore) -> Result<(), Failure> {
    let target = target(config, command.into.as_deref());
    expect_fresh(&target.data, command.keys.is_some())?;
    rules(&target)?;
    let Keys { text, vault } = keys(command.keys.as_deref().unwrap_or(&target.data))?;
    let verified = tokio::task::block_in_place(|| Backup::verified(&command.backup, &vault));
    let backup = verified.map_err(Failure::refused)?;
    expect_fit(&backup, &target, &vault).await?;

    create_data(&target.data)?;
    let brought = command.keys.as_deref().map(|folder| (folder, &text));
    put_back(&backup, &target, &vault, brought)?;
    let app = App::open_as_it_is(&target).await?;
    let outcome = verify(&app, &target, backup.manifest()).await;
    app.close().await?;
    let pending = outcome?;
    say_what_next(&target, command, backup.manifest(), &vault, pending);
    Ok(())
}

/// The configuration under which what is put back will be served.
fn target(config: &Config, into: Option<&Path>) -> Config {
    let mut target = config.clone();
    if let Some(into) = into {
        target.data = into.to_owned();
        if engine_of(&config.database()).is_ok_and(|engine| engine == Engine::Sqlite) {
            target.database_url = String::new();
        }
    }
    target
}

/// Refuses a data folder in which anything lies but the keys.
fn expect_fresh(data: &Path, brings_keys: bool) -> Result<(), Failure> {
    let mut in_the_way = Vec::new();
    let entries = match fs::read_dir(data) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    for entry in entries {
        let entry = entry?;
        let is_key = [keys_file(data), months_file(data)].contains(&entry.path());
        let is_empty = entry.file_type()?.is_dir() && fs::read_dir(entry.path())?.next().is_none();
        if !is_empty && (brings_keys || !is_key) {
            in_the_way.push(entry.file_name());
        }
    }
    if in_the_way.is_empty() {
        return Ok(());
    }
    in_the_way.sort();
    let names: Vec<_> = in_the_way.iter().map(|name: &OsString| name.to_string_lossy()).collect();
    Err(Failure::Refused(format!(
        "{} is not empty ({}): nothing is put over what is there. Name a new folder with --into",
        data.display(),
        names.join(", ")
    )))
}

/// Keys that open what they sealed, and how they are written down.
struct Keys {
    text: KeyText,
    vault: Vault,
}

/// The keys, which are in no backup.
fn keys(folder: &Path) -> Result<Keys, Failure> {
    let (keys, months) = (keys_file(folder), months_file(folder));
    if !keys.is_file() || !months.is_file() {
        return Err(Failure::Refused(format!(
            "keys.toml and months.key are not both at {}: they are in no backup. Put your copies there, or \
             name their folder with --keys",
            folder.display()
        )));
    }
    // As they are, they must be for nobody else to read.
    read_keys(&keys)?;
    let text = with_older(folder, KeyText { text: fs::read_to_string(&keys)? })?;
    let vault = Vault::read(&text.text).map_err(Failure::refused)?;
    MonthKeys::at(&months).read(&vault).map_err(Failure::refused)?;
    Ok(Keys { text, vault })
}

/// The same keys with those that were retired since an older copy beside them was made.
fn with_older(folder: &Path, mut text: KeyText) -> Result<KeyText, Failure> {
    let mut older = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("keys-") && name.ends_with(".toml") {
            older.push(path);
        }
    }
    older.sort();
    for path in older {
        let copy = KeyText { text: fs::read_to_string(&path)? };
        let said = |why: vault::VaultError| Failure::Refused(format!("{}: {why}", path.display()));
        let (with, recalled) = text.with_recalled(&copy).map_err(said)?;
        for key in recalled {
            eprintln!("key {key} is taken from {}", path.display());
        }
        text = with;
    }
    Ok(text)
}

/// Refuses what was verified but does not belong here.
async fn expect_fit(backup: &Backup, target: &Config, vault: &Vault) -> Result<(), Failure> {
    let manifest = backup.manifest();
    let database = target.database();
    let engine = engine_of(&database).map_err(Failure::refused)?;
    if !backup.is_of(engine) {
        let wants = if engine == Engine::Sqlite { "postgres://…" } else { "sqlite://…" };
        return Err(Failure::Refused(format!(
            "this backup is of {}, and the database that is configured is not: set DATABASE_URL to {wants}",
            manifest.engine
        )));
    }
    if manifest.log.name != target.log {
        return Err(Failure::Refused(format!(
            "the log in this backup is called {}, the one that is configured {}: set `log`",
            manifest.log.name, target.log
        )));
    }
    let lacking = manifest.lacking(vault);
    if !lacking.is_empty() {
        let names = lacking.iter().map(|key| format!("key {} ({})", key.id, key.public_key));
        return Err(Failure::Refused(format!(
            "this backup needs {}, which these keys do not hold, or only by name because it was retired. Put the              copy of keys.toml of that time beside keys.toml, as keys-OLD.toml, and name their folder with --keys",
            names.collect::<Vec<_>>().join(", ")
        )));
    }
    let ours = hex::encode(vault.months_mark().map_err(Failure::refused)?);
    if manifest.months.as_ref().is_some_and(|mark| *mark != ours) {
        let says = "these month keys are not those that this backup is sealed with: use the months.key of \
                    the register that it was taken of";
        return Err(Failure::Refused(says.to_owned()));
    }
    if !is_empty(&database).await.map_err(Failure::refused)? {
        let says = "the database is not empty: nothing is put over what is there. Name a new folder with \
                    --into, or a new PostgreSQL database by DATABASE_URL";
        return Err(Failure::Refused(says.to_owned()));
    }
    Ok(())
}

fn put_back(
    backup: &Backup,
    target: &Config,
    vault: &Vault,
    keys: Option<(&Path, &KeyText)>,
) -> Result<(), Failure> {
    let (database, witness) = (target.database(), witness(target));
    let place = Target {
        data: &target.data,
        database: &database,
        tools: &target.pg_tools,
        witness: &witness,
    };
    // First, so that nothing is ever carried out of what was put back without a word of the operator.
    let mark = restored_file(&target.data);
    mark_as_restored(&mark, backup.manifest())?;
    let done = tokio::task::block_in_place(|| backup.put_back(vault, &place));
    if let Err(error) = done {
        fs::remove_file(&mark)?;
        return Err(Failure::refused(error));
    }
    // Last, so that a second try finds the folder as the first one did.
    if let Some((folder, text)) = keys {
        KeyFile::at(&keys_file(&target.data)).begin(text)?;
        copy_secret(&months_file(folder), &months_file(&target.data))?;
    }
    Ok(())
}

fn mark_as_restored(mark: &Path, manifest: &Manifest) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(mark)?;
    let says = "`chengxin serve` refuses while this file is here (operator guide, Restore)";
    writeln!(file, "put back from the backup of {}: {says}", manifest.taken_at)?;
    file.sync_all()
}

fn copy_secret(from: &Path, to: &Path) -> io::Result<()> {
    let mut copy = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    io::copy(&mut File::open(from)?, &mut copy)?;
    copy.sync_all()
}

/// Walks through the log that was put back, logs that it was, and says how many changes the schema lacks.
async fn verify(app: &App, target: &Config, manifest: &Manifest) -> Result<usize, Failure> {
    let operator = usecases::account::operator(None);
    let seen = Witness::read(&witness(target))?;
    let bar = super::intake::bar("核验存证");
    let found = usecases::log::verify(&app.cx, &operator, 0, seen, |at, of| {
        bar.set_length(of);
        bar.set_position(at);
    })
    .await?;
    bar.finish_and_clear();
    let wrong = |what: String| {
        Failure::Refused(format!(
            "what was put back does not fit the backup: {what}. Do not serve from it: try another backup, \
             and tell the auditor (operator guide, The log)"
        ))
    };
    if let Some(fault) = found.fault {
        return Err(wrong(format!("first bad position {}: {}", fault.seq, fault.what)));
    }
    let log = &manifest.log;
    if (found.size, &found.root) != (log.size, &log.root) {
        return Err(wrong(format!("{} entries instead of {}", found.size, log.size)));
    }
    print(format!("put back: {} entries, root {}: the log fits", found.size, found.root));
    usecases::backup::note_restored(&app.cx, &operator, manifest).await?;
    let ended = usecases::backup::end_sign_ins(&app.cx, &operator).await?;
    print(format!("ended: {ended} sessions and access tokens; everybody signs in anew"));
    let health = store::health::of(&app.cx.store).await.map_err(Failure::refused)?;
    Ok(health.pending.len())
}

fn say_what_next(
    target: &Config,
    command: &Restore,
    manifest: &Manifest,
    vault: &Vault,
    pending: usize,
) {
    print("next:");
    if command.into.is_some() {
        print(format!("- CHENGXIN_DATA={} for the commands that follow", target.data.display()));
    }
    if pending > 0 {
        print(format!("- `chengxin migrate`: the schema lacks {pending} changes of this program"));
    }
    let destroyed = vault.first_month().unwrap_or(0).saturating_sub(manifest.first_month);
    if destroyed > 0 {
        print(format!(
            "- keys of {destroyed} months were destroyed since: what was sealed with them opens no more, as \
             it should; `chengxin serve` erases it within the hour"
        ));
    }
    print(format!(
        "- what happened after {} is not in it, looks among it: write down why it was put back, and keep a \
         newer log-{}.head as evidence",
        manifest.taken_at, target.log
    ));
    print(format!(
        "- do again what was done after {}, because all of it stands as it stood then: accounts and systems \
         switched off, secrets of systems ended or rotated, passwords and second factors replaced; mandates and \
         consents revoked; records corrected, withdrawn or deleted; cases decided",
        manifest.taken_at
    ));
    print(
        "- `chengxin doctor`, then `chengxin serve --quiet` for a look: nothing leaves the house then",
    );
    print(format!(
        "- a drill ends here: remove folder and database. If it is the register from now on, remove {}, then \
         `chengxin serve`: what waited to go out at {} goes out, perhaps a second time",
        restored_file(&target.data).display(),
        manifest.taken_at
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_keys_may_lie_where_a_backup_is_put_back() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        expect_fresh(&data, false).unwrap();
        fs::create_dir_all(data.join("files")).unwrap();
        fs::write(keys_file(&data), "k").unwrap();
        fs::write(months_file(&data), "m").unwrap();
        expect_fresh(&data, false).unwrap();
        assert!(expect_fresh(&data, true).is_err(), "others would be put over them");
        fs::write(data.join("files/a.paper"), "p").unwrap();
        let Err(Failure::Refused(says)) = expect_fresh(&data, false) else { panic!() };
        assert!(says.contains("(files)") && says.contains("--into"), "{says}");
    }

    #[test]
    fn a_new_folder_holds_its_own_embedded_database_and_a_server_stays_the_one_that_is_named() {
        let mut config = Config { database_url: "sqlite:///a/b".to_owned(), ..Config::default() };
        let target = |config: &Config| target(config, Some(Path::new("/new"))).database();
        assert_eq!(target(&config), "sqlite:///new/chengxin.sqlite");
        config.database_url = "postgres://h/db".to_owned();
        assert_eq!(target(&config), "postgres://h/db");
    }
}
