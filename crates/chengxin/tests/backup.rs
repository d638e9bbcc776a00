//! The restore drill: a register is copied while it works, put back elsewhere, and answers the same. A copy that was
//! touched or cut off is not put back; nothing of it can be read without the keys. And what the doctor finds.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rstest::rstest;
use serde_json::Value;
use testkit::Engine::{self, Postgres, Sqlite};

const MARKET: &str = "11999901TEMR000151";
const CLIENT: &str = "market-system";
const NAME: &str = "柳敏";
const NUMBER: &str = "999901197001010011";
const ASK: &str = r#"{"id_number":"999901197001010011","name":"柳敏","purpose":"food-licence-review","matter":"受理一号"}"#;

/// A data folder with its database.
struct Place {
    root: PathBuf,
    data: PathBuf,
    url: Option<String>,
}

impl Place {
    async fn new(root: &Path, name: &str, engine: Engine) -> Self {
        let unique = format!("{}{name}", root.file_name().unwrap().to_string_lossy());
        let url = match engine {
            Sqlite => None,
            Postgres => Some(testkit::own_database(&unique).await),
        };
        Self { root: root.to_owned(), data: root.join(name), url }
    }

    fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chengxin"));
        command.current_dir(&self.root).env_remove("DATABASE_URL");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("CHENGXIN_") {
                command.env_remove(name);
            }
        }
        let tmp = self.root.join("tmp");
        std::fs::create_dir_all(&tmp).unwrap();
        command.env("TMPDIR", tmp).env("CHENGXIN_DATA", &self.data);
        if let Some(url) = &self.url {
            command.env("DATABASE_URL", url);
        }
        command
    }

    fn says(&self, arguments: &[&str]) -> Output {
        self.program().args(arguments).output().unwrap()
    }

    fn runs(&self, arguments: &[&str]) -> String {
        let output = self.says(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn refuses(&self, arguments: &[&str]) -> String {
        let output = self.says(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        said
    }

    /// A register with one person; the token of a system that may look.
    fn begins(&self) -> String {
        self.runs(&["migrate"]);
        let rows = format!(
            "CF_XDR_MC,CF_XDR_ZJHM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR_FK,CF_JDRQ,送达日期,信用修复告知书送达日期,违法行为发生日期\n\
             {NAME},{NUMBER},示市监罚字〔2026〕1号,无照经营,经查属实。,食品安全法第一百二十二条,罚款,0.15,2026-10-09,2026-10-10,2026-10-10,2026-10-09\n"
        );
        std::fs::write(self.root.join("rows.csv"), rows).unwrap();
        self.runs(&["intake", "--item", "NP04-MR", "--agency", MARKET, "rows.csv"]);
        std::fs::remove_file(self.root.join("rows.csv")).unwrap();
        let account = ["account", "add", "--kind", "system", "--role", "system"];
        let more = ["--agency", MARKET, "--name", CLIENT, "--json"];
        let account = self.runs(&[&account[..], &more].concat());
        let account: Value = serde_json::from_str(&account).unwrap();
        account["token"].as_str().unwrap().to_owned()
    }

    fn backs_up(&self, into: &Path) -> (PathBuf, Value) {
        let said = self.runs(&["backup", into.to_str().unwrap(), "--json"]);
        let said: Value = serde_json::from_str(&said).unwrap();
        (PathBuf::from(said["folder"].as_str().unwrap()), said["manifest"].clone())
    }

    fn log_size(&self) -> u64 {
        let head: Value = serde_json::from_str(&self.runs(&["log", "head", "--json"])).unwrap();
        head["size"].as_u64().unwrap()
    }

    fn doctor(&self, with: &[(&str, &str)]) -> (bool, Value) {
        let mut command = self.program();
        let output =
            command.args(["doctor", "--json"]).envs(with.iter().copied()).output().unwrap();
        (output.status.success(), serde_json::from_slice(&output.stdout).unwrap())
    }
}

/// The state of one check.
fn state(found: &Value, check: &str) -> String {
    let all = found["checks"].as_array().unwrap();
    let one = all.iter().find(|one| one["check"] == check);
    one.unwrap_or_else(|| panic!("no {check} in {found}"))["state"].as_str().unwrap().to_owned()
}

struct Serve(Child, String);

impl Serve {
    fn starts(place: &Place) -> Self {
        Self::starts_with(place, &[])
    }

    fn starts_with(place: &Place, more: &[&str]) -> Self {
        let mut command = place.program();
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(more).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut address = String::new();
        while !address.contains("http://") {
            address.clear();
            assert_ne!(said.read_line(&mut address).unwrap(), 0, "serve has ended");
        }
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        let address = address.split_once("http://").unwrap().1.trim().to_owned();
        Self(child, address)
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// What a system sees of the person.
fn facts(address: &str, token: &str) -> Value {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST /api/v1/checks HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{ASK}",
        ASK.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    let body: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}"));
    body["facts"].clone()
}

/// A token for the secret of a system.
fn access_token(address: &str, secret: &str) -> String {
    let form = format!("grant_type=client_credentials&client_id={CLIENT}&client_secret={secret}");
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST /oauth/token HTTP/1.1\r\nHost: {address}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{form}",
        form.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    let body: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}"));
    body["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(all_files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[rstest]
#[tokio::test]
async fn a_register_is_copied_while_it_works_and_answers_the_same_elsewhere(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let old = Place::new(root, "old", engine).await;
    let token = old.begins();
    let serve = Serve::starts(&old);
    let before = facts(&serve.1, &token);
    assert_eq!(before.as_array().unwrap().len(), 1, "{before}");

    // Somebody goes on looking meanwhile, and once more afterwards.
    let stop = Arc::new(AtomicBool::new(false));
    let writer = {
        let (stop, address, token) = (stop.clone(), serve.1.clone(), token.clone());
        std::thread::spawn(move || {
            while !stop.load(Ordering::SeqCst) {
                facts(&address, &token);
            }
            facts(&address, &token);
        })
    };
    let backups = root.join("backups");
    let (folder, manifest) = old.backs_up(&backups);
    stop.store(true, Ordering::SeqCst);
    writer.join().unwrap();
    drop(serve);
    let size = manifest["log"]["size"].as_u64().unwrap();
    assert!(old.log_size() > size);
    assert!(folder.to_str().unwrap().ends_with(&format!("Z-{size}")), "{}", folder.display());

    let new = Place::new(root, "new", engine).await;
    let (from, keys) = (folder.to_str().unwrap(), old.data.to_str().unwrap());
    let said = new.runs(&["restore", from, "--keys", keys]);
    assert!(said.contains(&format!("put back: {size} entries")), "{said}");
    assert!(said.contains("chengxin doctor"), "{said}");
    let verified: Value = serde_json::from_str(&new.runs(&["log", "verify", "--json"])).unwrap();
    assert_eq!(verified["fault"], Value::Null);
    assert_eq!(verified["size"], size + 1, "that it was put back is in it too");
    let (is_well, found) = new.doctor(&[]);
    assert!(is_well, "{found}");
    let serve = Serve::starts_with(&new, &["--quiet"]);
    assert_eq!(facts(&serve.1, &token), before);
}

/// A drill beside the register at work has the same ways out: it must not eat the receipts of that, nor write to anybody.
#[rstest]
#[tokio::test]
async fn what_was_put_back_sends_nothing_and_lets_nobody_in_who_was_in(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let receipts = root.join("exchange/receipts");
    std::fs::create_dir_all(&receipts).unwrap();
    let receipt = receipts.join("correction-01936f2e-7c1a-7000-8000-0000000000a1.json");
    let ways_out =
        format!("[receivers.{MARKET}]\nfolder = \"{}\"\n", root.join("exchange").display());
    std::fs::write(root.join("chengxin.toml"), ways_out).unwrap();
    let old = Place::new(root, "old", engine).await;
    let secret = old.begins();
    let serve = Serve::starts(&old);
    let token = access_token(&serve.1, &secret);
    assert_eq!(facts(&serve.1, &token).as_array().unwrap().len(), 1);
    drop(serve);
    let (folder, _) = old.backs_up(&root.join("backups"));

    let new = Place::new(root, "new", engine).await;
    let said =
        new.runs(&["restore", folder.to_str().unwrap(), "--keys", old.data.to_str().unwrap()]);
    for part in ["ended: 1 sessions and access tokens", "do again", "serve --quiet"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    std::fs::write(&receipt, "{}").unwrap();
    let refused = new.says(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("serve --quiet"), "{refused:?}");

    let serve = Serve::starts_with(&new, &["--quiet"]);
    std::thread::sleep(std::time::Duration::from_secs(5));
    assert!(receipt.exists(), "somebody else's receipt");
    assert_eq!(facts(&serve.1, &token), Value::Null, "the access token has ended");
    assert_eq!(facts(&serve.1, &secret).as_array().unwrap().len(), 1);
    drop(serve);

    // It is the register from now on.
    std::fs::remove_file(new.data.join("restored")).unwrap();
    let serve = Serve::starts(&new);
    for _ in 0..100 {
        if !receipt.exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    assert!(!receipt.exists(), "receipts are read again");
    // A word about a certificate ends nobody who has none.
    let id = serve.0.id().to_string();
    assert!(Command::new("kill").args(["-HUP", &id]).status().unwrap().success());
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(facts(&serve.1, &secret).as_array().unwrap().len(), 1);
}

#[rstest]
#[tokio::test]
async fn i14_nothing_of_a_backup_can_be_read_and_no_key_is_in_it(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let old = Place::new(root, "old", engine).await;
    old.begins();
    let (folder, manifest) = old.backs_up(&root.join("backups"));
    assert!(!old.data.join("copying").exists());
    let keys = std::fs::read_to_string(old.data.join("keys.toml")).unwrap();
    let material =
        keys.split_once("material = \"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let months = std::fs::read_to_string(old.data.join("months.key")).unwrap();
    let mut seen = 0;
    for path in [all_files(&root.join("backups")), all_files(&root.join("tmp"))].concat() {
        let bytes = std::fs::read(&path).unwrap();
        let secrets = [NAME, NUMBER, "无照经营", &material, months.trim()];
        // Nor what an open copy would begin with.
        for text in secrets.into_iter().chain(["SQLite format 3", "PGDMP"]) {
            assert!(!holds(&bytes, text), "{text} in {}", path.display());
        }
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
        seen += 1;
    }
    assert_eq!(seen, manifest["parts"].as_array().unwrap().len() + 1, "the parts and the manifest");
    assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    // The search would find it.
    let dump = std::fs::read(folder.join("manifest.json")).unwrap();
    assert!(holds(&dump, "m0001_main_job"));
}

#[rstest]
#[tokio::test]
async fn what_was_touched_or_cut_off_or_would_be_put_over_something_is_refused(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let old = Place::new(root, "old", engine).await;
    old.begins();
    let (folder, _) = old.backs_up(&root.join("backups"));
    let new = Place::new(root, "new", engine).await;
    let keys = old.data.to_str().unwrap();
    let restore = ["restore", folder.to_str().unwrap(), "--keys", keys];

    let sealed = folder.join("db.sealed");
    let whole = std::fs::read(&sealed).unwrap();
    let mut touched = whole.clone();
    let middle = touched.len() / 2;
    touched[middle] ^= 1;
    std::fs::write(&sealed, touched).unwrap();
    assert!(new.refuses(&restore).contains("db.sealed: was changed"));
    std::fs::write(&sealed, whole).unwrap();

    let manifest = folder.join("manifest.json");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let size = text.split_once("\"size\": ").unwrap().1.split_once(',').unwrap().0.to_owned();
    std::fs::write(&manifest, text.replacen(&format!("\"size\": {size}"), "\"size\": 0", 1))
        .unwrap();
    assert!(new.refuses(&restore).contains("signature"));
    std::fs::remove_file(&manifest).unwrap();
    assert!(new.refuses(&restore).contains("no manifest.json"));
    std::fs::write(&manifest, text).unwrap();
    assert!(!new.data.exists(), "nothing was written");

    // Keys of another register.
    let other = Place::new(root, "other", Sqlite).await;
    other.runs(&["migrate"]);
    let others = ["restore", folder.to_str().unwrap(), "--keys", other.data.to_str().unwrap()];
    assert!(new.refuses(&others).contains("signature"));

    // Over a register at work: its data folder, and its database beside a new folder.
    let said = old.refuses(&["restore", folder.to_str().unwrap()]);
    assert!(said.contains("is not empty"), "{said}");
    if engine == Postgres {
        let into = root.join("beside");
        let beside = [&restore[..], &["--into", into.to_str().unwrap()]].concat();
        let said = old.refuses(&beside);
        assert!(said.contains("the database is not empty"), "{said}");
    }
    // Whole again, and into a folder that is named.
    let into = root.join("drill");
    new.runs(&[&restore[..], &["--into", into.to_str().unwrap()]].concat());
    assert!(into.join("keys.toml").exists() && !new.data.exists());
}

#[rstest]
#[tokio::test]
async fn a_backup_that_was_killed_is_none_and_the_next_one_clears_up(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let old = Place::new(root, "old", engine).await;
    old.begins();
    let backups = root.join("backups");
    std::fs::create_dir(&backups).unwrap();
    let mut command = old.program();
    command.arg("backup").arg(&backups).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let first = loop {
        if let Some(entry) = std::fs::read_dir(&backups).unwrap().next() {
            break entry.unwrap().path();
        }
        assert!(child.try_wait().unwrap().is_none(), "it ended without a trace");
    };
    child.kill().unwrap();
    child.wait().unwrap();
    // It has another name once the database is copied.
    let entries = std::fs::read_dir(&backups).unwrap();
    let folder = entries.map(|entry| entry.unwrap().path()).next().unwrap_or(first);
    let new = Place::new(root, "new", engine).await;
    let keys = old.data.to_str().unwrap();
    if !folder.join("manifest.json").exists() {
        let said = new.refuses(&["restore", folder.to_str().unwrap(), "--keys", keys]);
        assert!(said.contains("no manifest.json"), "{said}");
    }
    std::fs::create_dir_all(old.data.join("copying")).unwrap();
    std::fs::write(old.data.join("copying/copy.sqlite"), "left").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let (folder, _) = old.backs_up(&backups);
    assert!(!old.data.join("copying").exists());
    new.runs(&["restore", folder.to_str().unwrap(), "--keys", keys]);
}

#[tokio::test]
async fn without_the_programs_of_postgresql_it_is_said_what_is_missing() {
    let root = tempfile::tempdir().unwrap();
    let old = Place::new(root.path(), "old", Postgres).await;
    old.begins();
    let backups = root.path().join("backups");
    let mut command = old.program();
    command.arg("backup").arg(&backups).env("CHENGXIN_PG_TOOLS", "/nowhere");
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("/nowhere/pg_dump is not there"), "{said}");
    assert!(all_files(&backups).is_empty(), "nothing of it was kept");
}

#[rstest]
#[tokio::test]
async fn the_doctor_finds_what_is_wrong(#[values(Sqlite, Postgres)] engine: Engine) {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let old = Place::new(root, "old", engine).await;
    let (is_well, found) = old.doctor(&[]);
    assert!(!is_well);
    assert_eq!(state(&found, "data folder"), "wrong");
    assert!(!old.data.exists(), "it makes nothing");
    old.begins();

    let backups = root.join("backups");
    std::fs::create_dir(&backups).unwrap();
    let watched = [("CHENGXIN_BACKUPS", backups.to_str().unwrap())];
    let (is_well, found) = old.doctor(&watched);
    assert!(is_well, "{found}");
    for check in ["configuration", "keys", "month keys", "keys fit", "schema", "log", "clock"] {
        assert_eq!(state(&found, check), "ok", "{check}");
    }
    assert_eq!(state(&found, "backups"), "warning", "there is none");
    old.backs_up(&backups);
    assert_eq!(state(&old.doctor(&watched).1, "backups"), "ok");

    // More was remembered outside than the log holds.
    let witness = old.data.join("log-main.head");
    let line = std::fs::read_to_string(&witness).unwrap();
    let root_of_log = line.split_whitespace().last().unwrap();
    std::fs::write(&witness, format!("main 999 {root_of_log}\n")).unwrap();
    let (is_well, found) = old.doctor(&[]);
    assert!(!is_well);
    assert_eq!(state(&found, "log"), "wrong");
    std::fs::write(&witness, line).unwrap();

    let months = old.data.join("months.key");
    let text = std::fs::read(&months).unwrap();
    std::fs::write(&months, "00").unwrap();
    assert_eq!(state(&old.doctor(&[]).1, "month keys"), "wrong");
    std::fs::write(&months, text).unwrap();
    std::fs::set_permissions(&months, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(state(&old.doctor(&[]).1, "month keys"), "wrong");
    std::fs::set_permissions(&months, std::fs::Permissions::from_mode(0o600)).unwrap();

    let (is_well, found) = old.doctor(&[("CHENGXIN_READERS", "many")]);
    assert!(!is_well);
    assert_eq!(state(&found, "configuration"), "wrong");
    let said = old.runs(&["doctor"]);
    assert!(said.lines().any(|line| line.starts_with("ok       keys fit")), "{said}");
}
