//! A key takes the place of another while a server answers, and no request fails; a backup of before is put back with the
//! copy of the keys that was kept.

#[expect(dead_code, reason = "shared with the other tests")]
mod common;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use common::{MARKET, Place, Serve, machine_asks};
use jiff::SignedDuration;
use rstest::rstest;
use serde_json::Value;
use store::Store;
use testkit::Engine::{self, Postgres, Sqlite};

const ASK: &str = r#"{"id_number":"999901197001010011","name":"柳敏","purpose":"food-licence-review","matter":"受理一号"}"#;

/// A register with one person; the token of a system that may look.
fn begins(place: &Place) -> String {
    place.runs(&["migrate"]);
    let rows = "CF_XDR_MC,CF_XDR_ZJHM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR_FK,CF_JDRQ,送达日期,信用修复告知书送达日期,违法行为发生日期\n\
         柳敏,999901197001010011,示市监罚字〔2026〕1号,无照经营,经查属实。,食品安全法第一百二十二条,罚款,0.15,2026-10-09,2026-10-10,2026-10-10,2026-10-09\n";
    std::fs::write(place.root.join("rows.csv"), rows).unwrap();
    place.runs(&["intake", "--item", "NP04-MR", "--agency", MARKET, "rows.csv"]);
    let account = ["account", "add", "--kind", "system", "--role", "system", "--agency", MARKET];
    place.json(&account)["token"].as_str().unwrap().to_owned()
}

/// How many facts a system sees; anything but a good answer is said.
fn facts(address: &str, token: &str) -> Result<usize, String> {
    let answered = machine_asks(address, token, "/api/v1/checks", ASK);
    let body: Value = serde_json::from_slice(&answered.body).unwrap_or_default();
    match (answered.status, body["facts"].as_array()) {
        (200, Some(facts)) => Ok(facts.len()),
        (status, _) => Err(format!("{status} {}", answered.text())),
    }
}

/// Somebody who goes on looking until he is told to stop; how often he looked, and what was wrong.
struct Looking {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<(u32, Vec<String>)>,
}

impl Looking {
    fn begins(serve: &Serve, token: &str) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (told, address, token) = (stop.clone(), serve.address.clone(), token.to_owned());
        let thread = std::thread::spawn(move || {
            let (mut looked, mut wrong) = (0, Vec::new());
            while !told.load(Ordering::SeqCst) {
                match facts(&address, &token) {
                    Ok(1) => {}
                    Ok(other) => wrong.push(format!("{other} facts")),
                    Err(said) => wrong.push(said),
                }
                looked += 1;
                std::thread::sleep(Duration::from_millis(5));
            }
            (looked, wrong)
        });
        Self { stop, thread }
    }

    fn ends(self) {
        self.stop.store(true, Ordering::SeqCst);
        let (looked, wrong) = self.thread.join().unwrap();
        assert!(looked > 10, "{looked}");
        assert_eq!(wrong, Vec::<String>::new());
    }
}

fn refuses(place: &Place, arguments: &[&str]) -> String {
    let output = place.program().args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
    said
}

fn url(place: &Place) -> String {
    let file = place.data.join("chengxin.sqlite");
    place.url.clone().unwrap_or_else(|| format!("sqlite://{}", file.display()))
}

/// As if two days had passed since the key was replaced and the directory moved.
async fn days_pass(place: &Place) {
    let path = place.data.join("keys.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("replaced_at = ").unwrap();
    let (at, after) = rest.split_once('\n').unwrap();
    let at = at.trim().parse::<i64>().unwrap() - 2 * 86_400;
    std::fs::write(&path, format!("{before}replaced_at = {at}\n{after}")).unwrap();
    let store = Store::open(&url(place), 1).await.unwrap();
    let tx = store.begin().await.unwrap();
    for key in store::directory::alone(&tx).await.unwrap() {
        let since = key.since.map(|since| since - SignedDuration::from_hours(48));
        store::directory::put(&tx, &store::directory::DirectoryKey { since, ..key }).await.unwrap();
    }
    tx.commit().await.unwrap();
    store.close().await.unwrap();
}

fn copies(from: &Path, to: &Path, names: &[(&str, &str)]) {
    std::fs::create_dir_all(to).unwrap();
    for (name, other) in names {
        // With its mode: a key that others can read is refused.
        std::fs::copy(from.join(name), to.join(other)).unwrap();
    }
}

#[rstest]
#[tokio::test]
async fn keys_are_replaced_while_a_server_answers(#[values(Sqlite, Postgres)] engine: Engine) {
    let [root, old, other] = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let root = root.path();
    let place = Place::new(old.path(), engine).await;
    let token = begins(&place);
    let serve = place.serves();
    assert_eq!(facts(&serve.address, &token), Ok(1));
    let backups = root.join("backups");
    let backup = place.json(&["backup", backups.to_str().unwrap()]);
    assert_eq!(backup["manifest"]["keys"][0]["id"], 1);

    let looking = Looking::begins(&serve, &token);
    let rotated = place.json(&["keys", "rotate"]);
    assert_eq!(rotated["key"], 2);
    assert_eq!(rotated["before"], 1);
    // The server signs with the new one at once.
    let head = place.json(&["log", "head"]);
    assert_eq!(head["public_key"], rotated["public_key"]);
    let said = refuses(&place, &["keys", "retire", "1"]);
    assert!(said.contains("a day must have passed"), "{said}");
    let done = place.json(&["keys", "reseal"]);
    assert_eq!(done["left"], 0);
    let said = refuses(&place, &["keys", "retire", "1", "--now"]);
    assert!(said.contains("ten minutes"), "{said}");

    // What the safe place holds from now on: the keys of then, and of now.
    let safe = root.join("safe");
    copies(&place.data, &safe, &[("keys.toml", "keys-1.toml")]);
    // The server asks each second by which key persons are found. Before the days that pass at once here, give it far more
    // than that.
    tokio::time::sleep(Duration::from_secs(15)).await;
    days_pass(&place).await;
    place.json(&["keys", "reseal"]);
    let status = place.json(&["keys", "status"]);
    assert_eq!(status["keys"][0]["uses"], Value::from(Vec::<Value>::new()), "{status}");
    // The server has taken the file as it stands a second later.
    let until = Instant::now() + Duration::from_secs(30);
    while place.json(&["keys", "status"])["behind"] != 0 {
        assert!(Instant::now() < until, "somebody is behind");
    }
    let retired = place.json(&["keys", "retire", "1"]);
    assert_eq!(retired["key"], 1);
    let list = place.json(&["keys", "list"]);
    assert_eq!(list["keys"][0]["state"], "retired");
    assert_eq!(list["keys"][1]["state"], "active");
    assert!(list["keys"][0]["public_key"].as_str().unwrap().len() > 60);
    looking.ends();
    assert_eq!(facts(&serve.address, &token), Ok(1));
    let verified = place.json(&["log", "verify"]);
    assert_eq!(verified["fault"], Value::Null, "{verified}");
    drop(serve);
    let serve = place.serves();
    assert_eq!(facts(&serve.address, &token), Ok(1), "with the keys of now alone");
    drop(serve);

    // The backup of before opens with the copy that was kept, and not without it.
    copies(&place.data, &safe, &[("keys.toml", "keys.toml"), ("months.key", "months.key")]);
    let new = Place::new(other.path(), engine).await;
    let folder = backup["folder"].as_str().unwrap();
    let said = refuses(&new, &["restore", folder, "--keys", place.data.to_str().unwrap()]);
    assert!(said.contains("this backup needs key 1"), "{said}");
    assert!(!new.data.exists(), "nothing was written");
    let said = new.runs(&["restore", folder, "--keys", safe.to_str().unwrap()]);
    assert!(said.contains("the log fits"), "{said}");
    assert_eq!(new.json(&["log", "verify"])["fault"], Value::Null);
    let status = new.json(&["keys", "status"]);
    assert_eq!(status["keys"][0]["state"], "old", "{status}");
    assert!(!status["keys"][0]["uses"].as_array().unwrap().is_empty());
    assert_eq!(new.json(&["keys", "reseal"])["left"], 0);
}
