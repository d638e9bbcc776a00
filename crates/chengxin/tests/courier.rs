//! Dead between a decision and its correction: after the restart it goes out, once.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const MARKET: &str = "11999901TEMR000151";

/// Keys of what came, with how often each came.
type Came = Arc<Mutex<BTreeMap<String, usize>>>;

fn receiver() -> (String, Came) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/corrections", listener.local_addr().unwrap());
    let came = Came::default();
    let counted = came.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = take(stream.unwrap(), &counted);
        }
    });
    (url, came)
}

fn take(stream: TcpStream, came: &Came) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut key, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim();
        match line.split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("idempotency-key") => {
                key = value.to_owned();
            }
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().unwrap();
            }
            _ if line.is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    assert!(String::from_utf8_lossy(&body).contains(r#""change":"withdrawn""#));
    *came.lock().unwrap().entry(key).or_default() += 1;
    let mut stream = stream;
    stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
}

fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chengxin"));
    command.current_dir(folder).env_remove("DATABASE_URL");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CHENGXIN_") {
            command.env_remove(name);
        }
    }
    command
}

fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = program(folder).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// A server that is killed, never asked to stop.
struct Serve(Child, String);

impl Serve {
    fn starts(folder: &Path) -> Self {
        let mut command = program(folder);
        command.args(["serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::piped());
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
        // On Unix this is SIGKILL.
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

fn post(address: &str, token: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn i13_killed_between_decision_and_correction_each_receiver_gets_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (url, came) = receiver();
    let config = format!("[receivers.{MARKET}]\nwebhook = \"{url}\"\n");
    std::fs::write(folder.join("chengxin.toml"), config).unwrap();
    run(folder, &["migrate"]);
    let rows = "CF_XDR_MC,CF_XDR_ZJHM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR_FK,CF_JDRQ,送达日期,信用修复告知书送达日期,违法行为发生日期\n\
        柳敏,999901197001010011,示市监罚字〔2026〕1号,无照经营,经查属实。,食品安全法第一百二十二条,罚款,0.15,2026-10-09,2026-10-10,2026-10-10,2026-10-09\n";
    std::fs::write(folder.join("rows.csv"), rows).unwrap();
    run(folder, &["intake", "--item", "NP04-MR", "--agency", MARKET, "rows.csv"]);
    let account = run(
        folder,
        &["account", "add", "--kind", "system", "--role", "system", "--agency", MARKET, "--json"],
    );
    let account: serde_json::Value = serde_json::from_str(&account).unwrap();
    let token = account["token"].as_str().unwrap();

    let serve = Serve::starts(folder);
    let ask = r#"{"id_number":"999901197001010011","name":"柳敏","purpose":"food-licence-review","matter":"受理1号"}"#;
    let seen = post(&serve.1, token, "/api/v1/checks", ask);
    assert!(seen.contains("无照经营"), "{seen}");
    drop(serve);

    // Decided while nobody is there to carry.
    std::fs::write(folder.join("number"), "999901197001010011").unwrap();
    run(
        folder,
        &[
            "record",
            "withdraw",
            "--document-no",
            "示市监罚字〔2026〕1号",
            "--id-number-file",
            "number",
            "--agency",
            MARKET,
        ],
    );
    for round in 0..3 {
        let serve = Serve::starts(folder);
        let until = Instant::now() + Duration::from_secs(if round == 0 { 60 } else { 6 });
        while Instant::now() < until && (round > 0 || came.lock().unwrap().is_empty()) {
            std::thread::sleep(Duration::from_millis(20));
        }
        drop(serve);
        assert_eq!(came.lock().unwrap().len(), 1, "round {round}");
    }
}
