//! Nothing leaks sideways (I14): the whole system is driven as a process, with everything of ours written to the log
//! as loudly as it can be; then whatever it left behind is searched for the people that were planted in it.
//!
//! Searched: the data folder with the embedded database and its write-ahead log (also after `kill -9`) or a dump of the
//! server's, backups, temporary files, what the process wrote, figures, traces, and what others got to see instead.
//! In UTF-8, GB18030, UTF-16, hexadecimal, base64, and escaped as addresses and JSON do it.

#[expect(dead_code, reason = "shared with the other tests")]
mod common;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::{Browser, Collector, MARKET, Place, PostBox, asks, machine_asks};
use rstest::rstest;
use testkit::Engine::{self, Postgres, Sqlite};

/// Whom a record is about, who has an account.
const NAME: &str = "𬴂㛃";
/// Whom a letter tells.
const OTHER: &str = "龘𠮷爨";
/// Who is somebody else.
const THIRD: &str = "周明";
const MAIL: &str = "zq7-planted@mail-planted.example";
const WORDS: &str = "那天我在爨底下照料彧赟，没有去过鬯犇街。";
const FACTS: &str = "在鬯犇街私设瀼灪摊位";
const MATTER: &str = "受理〔2026〕麤鱻七号";
const ADDRESS: &str = "示例市鱻麤路四十二号楼";

/// A number with a slip in its last place.
fn slipped(number: &str) -> String {
    let last = if number.ends_with('1') { '2' } else { '1' };
    format!("{}{last}", &number[..17])
}

fn numbers() -> [String; 3] {
    [641, 642, 643].map(testkit::number)
}

/// A text in one form, as bytes.
struct Needle {
    what: String,
    bytes: Vec<u8>,
}

/// All forms in which a text may lie about.
fn forms(text: &str) -> Vec<Needle> {
    let utf8 = text.as_bytes();
    let mut found: Vec<(&str, Vec<u8>)> = vec![
        ("UTF-8", utf8.to_vec()),
        ("GB18030", encoding_rs::GB18030.encode(text).0.into_owned()),
        ("UTF-16LE", text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("UTF-16BE", text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ("hexadecimal", hex::encode(utf8).into_bytes()),
        ("HEXADECIMAL", hex::encode_upper(utf8).into_bytes()),
        ("in an address", common::packed(text).into_bytes()),
    ];
    let escaped: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    found.push(("in JSON", escaped.into_bytes()));
    // Base64 of something that holds it, wherever it begins: what is certain of it.
    for before in 0..3 {
        let packed = STANDARD.encode([&vec![0; before][..], utf8].concat());
        let first = (before * 8).div_ceil(6);
        let last = ((before + utf8.len()) * 8) / 6;
        found.push(("base64", packed.as_bytes()[first..last].to_vec()));
    }
    found
        .into_iter()
        .map(|(form, bytes)| Needle { what: format!("{text} ({form})"), bytes })
        .collect()
}

/// Looks for many things at once.
struct Searcher {
    needles: Vec<Needle>,
    /// Whether anything begins with these two bytes.
    begins: Vec<bool>,
}

impl Searcher {
    fn new(texts: &[&str]) -> Self {
        let needles: Vec<_> = texts.iter().flat_map(|text| forms(text)).collect();
        let mut begins = vec![false; 1 << 16];
        for needle in &needles {
            assert!(needle.bytes.len() >= 6, "{} would be found by chance", needle.what);
            begins[usize::from(u16::from_be_bytes([needle.bytes[0], needle.bytes[1]]))] = true;
        }
        Self { needles, begins }
    }

    fn all() -> Self {
        let [a, b, _] = numbers();
        let local = MAIL.split('@').next().unwrap();
        Self::new(&[NAME, OTHER, &a, &b, MAIL, local, WORDS, &WORDS[..30], FACTS, MATTER, ADDRESS])
    }

    fn search(&self, place: &str, bytes: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        for at in 0..bytes.len().saturating_sub(1) {
            if self.begins[usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]))] {
                let here =
                    self.needles.iter().filter(|needle| bytes[at..].starts_with(&needle.bytes));
                found.extend(here.map(|needle| format!("{place}, byte {at}: {}", needle.what)));
            }
        }
        found
    }

    /// Every file below a folder; how many bytes there were.
    fn search_files(&self, folder: &Path, found: &mut Vec<String>) -> usize {
        let mut bytes = 0;
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.display().to_string();
                    found.extend(self.search("the name of a file", name.as_bytes()));
                    let content = std::fs::read(&path).unwrap();
                    bytes += content.len();
                    found.extend(self.search(&name, &content));
                }
            }
        }
        bytes
    }
}

#[test]
fn the_searcher_finds_what_is_planted_in_every_form() {
    let dir = tempfile::tempdir().unwrap();
    let number = &numbers()[0];
    let searcher = Searcher::new(&[NAME, number]);
    for text in [NAME, number] {
        for needle in forms(text) {
            let path = dir.path().join("canary");
            std::fs::write(&path, [&b"before \x00"[..], &needle.bytes, b" after"].concat())
                .unwrap();
            let mut found = Vec::new();
            searcher.search_files(dir.path(), &mut found);
            assert!(
                found.iter().any(|one| one.contains(&needle.what)),
                "{}: {found:?}",
                needle.what
            );
        }
    }
    for before in ["", "x", "xy", "xyz"] {
        let packed = STANDARD.encode(format!("{before}{NAME}, {number} and more"));
        assert!(searcher.search("packed", packed.as_bytes()).len() >= 2, "{before}");
    }
    assert!(searcher.search("nothing", "周明 999901198512310029 …".as_bytes()).is_empty());
}

const HEADER: &str = "CF_XDR_MC,CF_XDR_ZJHM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR_FK,CF_JDRQ,送达日期,信用修复告知书送达日期,违法行为发生日期";

fn row(name: &str, number: &str, nth: u32, fine: &str, told_on: &str) -> String {
    format!(
        "{name},{number},示市监罚字〔2026〕{nth}号,无照经营,{FACTS}。,食品安全法第一百二十二条,罚款,{fine},2026-10-09,{told_on},{told_on},2026-10-09"
    )
}

/// Accounts and records, by commands alone. Passwords: citizen, stranger, office; token of the system.
fn filled(place: &Place) -> [(String, String); 4] {
    let [a, b, c] = numbers();
    let outside = place.root.join("outside");
    std::fs::create_dir(&outside).unwrap();
    let path = |name: &str| outside.join(name).to_str().unwrap().to_owned();
    place.runs(&["migrate"]);
    let good = format!(
        "{HEADER}\n{}\n{}\n",
        row(NAME, &a, 1, "0.15", "2026-10-10"),
        row(OTHER, &b, 2, "0.2", "")
    );
    let bad = format!(
        "{HEADER}\n{}\n{}\n",
        row(NAME, &slipped(&a), 3, "许多", "2026-02-30"),
        row(&format!("{OTHER}9"), &b, 4, "0.1", "2026-10-10")
    );
    std::fs::write(path("good.csv"), good).unwrap();
    std::fs::write(path("bad.csv"), encoding_rs::GB18030.encode(&bad).0).unwrap();
    for (file, more) in
        [("good.csv", vec![]), ("bad.csv", vec!["--rejections".to_owned(), path("back.csv")])]
    {
        let file = path(file);
        let mut arguments = vec!["intake", "--item", "NP04-MR", "--agency", MARKET, file.as_str()];
        arguments.extend(more.iter().map(String::as_str));
        place.runs(&arguments);
    }
    let mut accounts = Vec::new();
    for (name, number) in [(NAME, &a), (THIRD, &c)] {
        std::fs::write(path("number"), number).unwrap();
        let number = path("number");
        let add =
            ["account", "add", "--kind", "citizen", "--name", name, "--id-number-file", &number];
        accounts.push(place.json(&add));
    }
    accounts.push(place.json(&[
        "account",
        "add",
        "--kind",
        "staff",
        "--role",
        "office-clerk",
        "--name",
        "office",
    ]));
    accounts.push(
        place.json(&["account", "add", "--kind", "system", "--role", "system", "--agency", MARKET]),
    );
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let known = accounts.iter().map(|account| {
        let secret = account.get("password").or_else(|| account.get("token"));
        (text(&account["login"]), text(secret.unwrap()))
    });
    known.collect::<Vec<_>>().try_into().unwrap()
}

/// The first address on a page that begins so.
fn link(page: &str, begins: &str) -> String {
    let (_, rest) = page
        .split_once(&format!("href=\"{begins}"))
        .unwrap_or_else(|| panic!("no {begins} in {page}"));
    format!("{begins}{}", rest.split('"').next().unwrap())
}

/// The person: contact, code, objection with papers, report. Where the objection is.
fn at_home(browser: &mut Browser, letters: &PostBox) -> String {
    browser.posts("/my/contact", "/my/contact", &[("channel", "mail"), ("address", MAIL)]);
    let (to, mail) = letters.waits_for(1).remove(0);
    assert!(to.contains(MAIL), "{to}");
    let plain = decoded(&mail);
    let digits = plain.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 6);
    let code = digits.unwrap_or_else(|| panic!("no code in {plain}")).to_owned();
    browser.posts("/my/contact", "/my/contact/code", &[("code", &code)]);
    let file = browser.gets("/my").text();
    assert!(file.contains(FACTS), "{file}");
    let form = link(&file, "/my/objections/new?record=");
    let paper = format!("%PDF-1.7\n{NAME} {} {WORDS}\n%%EOF\n", numbers()[0]);
    let name = format!("{NAME}的材料.pdf");
    let fields = [("ground", "wrong-fact"), ("request", "correct"), ("words", WORDS)];
    let answered = browser.sends(&form, &form, &fields, &[("papers", &name, paper.as_bytes())]);
    assert_eq!(answered.status, 303, "{}", answered.text());
    let case = answered.header("location").unwrap().to_owned();
    assert!(browser.gets(&case).text().contains(&WORDS[..30]));
    let report = browser.posts("/my/report", "/my/report", &[]);
    assert!(report.body.starts_with(b"%PDF"), "{} {}", report.status, report.text());
    case
}

/// The text of a mail in base64 or quoted-printable.
fn decoded(mail: &str) -> String {
    let body = mail.split_once("\r\n\r\n").map_or(mail, |(_, body)| body);
    let packed: String = body.lines().take_while(|line| *line != ".").collect();
    let unpacked =
        STANDARD.decode(packed.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    unpacked.unwrap_or_else(|| mail.to_owned())
}

/// The office prints the letter that tells the other.
fn by_post(browser: &mut Browser) {
    let until = Instant::now() + Duration::from_secs(30);
    let page = loop {
        let page = browser.gets("/office/deliveries").text();
        if page.contains("href=\"/office/letters/") {
            break page;
        }
        assert!(Instant::now() < until, "no letter waits: {page}");
        std::thread::sleep(Duration::from_millis(200));
    };
    let letter = link(&page, "/office/letters/");
    let printed = browser.posts(&letter, &letter, &[("address", ADDRESS)]);
    assert!(printed.body.starts_with(b"%PDF"), "{} {}", printed.status, printed.text());
}

/// What a machine sends that is wrong, with people in it; everything that comes back.
fn by_machine(address: &str, token: &str) -> Vec<u8> {
    let [a, ..] = numbers();
    let ask = format!(
        r#"{{"id_number":"{a}","name":"{NAME}","purpose":"food-licence-review","matter":"{MATTER}"}}"#
    );
    let answered = machine_asks(address, token, "/api/v1/checks", &ask);
    assert!(answered.status == 200 && answered.text().contains(FACTS), "{}", answered.text());
    let mut back = Vec::new();
    for (path, json, status) in [
        ("/api/v1/checks", ask.replace('}', ",}"), 400),
        ("/api/v1/checks", ask.replace("\"name\"", "\"nome\""), 400),
        ("/api/v1/checks", ask.replace(&format!("\"{a}\""), &a), 400),
        ("/api/v1/checks", ask.replace("food-licence-review", NAME), 422),
        ("/api/v1/checks", ask.replace(MATTER, &a), 422),
        ("/api/v1/checks", ask.replace(&a, &slipped(&a)), 422),
        ("/api/v1/reports/verify", format!(r#"{{"code":"{NAME}","sha256":"{a}"}}"#), 400),
        ("/api/v1/mandates/redeem", format!(r#"{{"code":"{NAME} {a}","matter":"1"}}"#), 404),
    ] {
        let answered = machine_asks(address, token, path, &json);
        assert_eq!(answered.status, status, "{path} {json}: {}", answered.text());
        back.extend(answered.body);
    }
    // A page may lead back to its own address; whoever asked knows it. It must not stand in the log.
    for path in [format!("/{NAME}"), format!("/my/looks/{a}"), format!("/api/v1/{a}")] {
        let path: Vec<_> = path.split('/').map(common::packed).collect();
        asks(address, &format!("GET {}?name={}", path.join("/"), common::packed(NAME)), &[], b"");
    }
    back
}

/// A file by machine: as it should be, and where the disk does not take it.
fn sends_a_file(place: &Place, address: &str, token: &str) -> Vec<u8> {
    let [a, ..] = numbers();
    let body = format!(
        "--bb\r\nContent-Disposition: form-data; name=\"item\"\r\n\r\nNP04-MR\r\n--bb\r\nContent-Disposition: form-data; \
         name=\"file\"; filename=\"{NAME}.csv\"\r\n\r\n{HEADER}\n{}\n\r\n--bb--\r\n",
        row(NAME, &a, 9, "多少", "2026-10-10")
    );
    let bearer = format!("Bearer {token}");
    let headers =
        [("Authorization", bearer.as_str()), ("Content-Type", "multipart/form-data; boundary=bb")];
    let sends = || asks(address, "POST /api/v1/intake/batches", &headers, body.as_bytes());
    let (files, away) = (place.data.join("files"), place.data.join("files.away"));
    std::fs::rename(&files, &away).unwrap();
    let failed = sends();
    std::fs::rename(&away, &files).unwrap();
    assert_eq!(failed.status, 500, "{}", failed.text());
    assert!(failed.text().contains("\"request\""), "{}", failed.text());
    let taken = sends();
    assert_eq!(taken.status, 202, "{}", taken.text());
    let at = taken.header("location").unwrap().to_owned();
    let until = Instant::now() + Duration::from_secs(30);
    let mut seen = failed.body;
    loop {
        let batch = asks(address, &format!("GET {at}"), &headers[..1], b"");
        if batch.text().contains("\"state\":\"done\"") {
            seen.extend(batch.body);
            break;
        }
        assert!(Instant::now() < until, "{}", batch.text());
        std::thread::sleep(Duration::from_millis(50));
    }
    // Why a row came back names no value.
    seen.extend(asks(address, &format!("GET {at}/rejections"), &headers[..1], b"").body);
    seen
}

/// All that the server holds, as the operator would take it.
fn dump(url: &str) -> Vec<u8> {
    let folders = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let own =
        folders.map(|entry| entry.path().join("bin/pg_dump")).filter(|path| path.exists()).max();
    let program = own.unwrap_or_else(|| "pg_dump".into());
    let output = Command::new(program).args(["--dbname", url]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[rstest]
#[tokio::test]
async fn i14_nothing_leaks_sideways(#[values(Sqlite, Postgres)] engine: Engine) {
    let root = tempfile::tempdir().unwrap();
    let mut place = Place::new(root.path(), engine).await;
    let (letters, port) = PostBox::begins();
    let (collector, endpoint) = Collector::begins();
    let mail = format!(
        "[mail]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\nfrom = \"office@example.cn\"\n"
    );
    std::fs::write(place.root.join("chengxin.toml"), mail).unwrap();
    let format = if engine == Sqlite { "text" } else { "json" };
    place.with = [
        ("CHENGXIN_LOG", common::LOUD),
        ("CHENGXIN_LOG_FORMAT", format),
        ("CHENGXIN_OTLP_ENDPOINT", endpoint.as_str()),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    let searcher = Searcher::all();
    let mut found = Vec::new();

    let [citizen, stranger, office, system] = filled(&place);
    let serve = place.serves();
    let mut home = Browser::new(&serve);
    home.signs_in(&citizen.0, &citizen.1);
    let case = at_home(&mut home, &letters);
    let mut desk = Browser::new(&serve);
    desk.signs_in(&office.0, &office.1);
    by_post(&mut desk);
    found.extend(searcher.search("answers to a machine", &by_machine(&serve.address, &system.1)));
    found.extend(
        searcher.search("a file by machine", &sends_a_file(&place, &serve.address, &system.1)),
    );

    // What somebody else gets to see instead.
    let mut foreign = Browser::new(&serve);
    foreign.signs_in(&stranger.0, &stranger.1);
    let paper = link(&home.gets(&case).text(), &format!("{case}/papers/"));
    for path in [
        case.clone(),
        paper,
        format!("{case}/nothing"),
        "/my/looks/0".to_owned(),
        "/office".to_owned(),
    ] {
        let answered = foreign.gets(&path);
        assert!([403, 404].contains(&answered.status), "{path}: {}", answered.status);
        found.extend(searcher.search(&format!("{path} by another"), &answered.body));
    }

    collector.waits_for("/my/objections/new");
    // Killed where it stands: what it has written ahead lies there too.
    drop(serve);
    let least = if engine == Sqlite { 10_000 } else { 100 };
    assert!(searcher.search_files(&place.data, &mut found) > least);

    let serve = place.serves();
    home.goes_to(&serve);
    assert!(home.gets("/my").text().contains(FACTS), "still signed in, and still there");
    let backups = place.root.join("backups");
    place.json(&["backup", backups.to_str().unwrap()]);
    let number = place.root.join("outside/number");
    std::fs::write(&number, &numbers()[0]).unwrap();
    let out = place.root.join("outside/report.pdf");
    let report = ["report", "--name", NAME, "--purpose", "food-licence-review", "--matter", MATTER];
    let files = [
        "--id-number-file",
        number.to_str().unwrap(),
        "--agency",
        MARKET,
        "--out",
        out.to_str().unwrap(),
    ];
    place.runs(&[&report[..], &files].concat());
    assert!(out.exists());
    let figures = asks(&serve.address, "GET /metrics", &[], b"");
    assert!(figures.text().contains("chengxin_requests_total"));
    found.extend(searcher.search("figures", &figures.body));
    serve.told_to_stop();
    assert_eq!(serve.ends(Duration::from_secs(60)).code(), Some(0));

    found.extend(searcher.search("traces", &collector.all()));
    for (folder, least) in
        [(&place.data, least), (&backups, 1_000), (&place.logs, 1_000), (&place.tmp, 0)]
    {
        let bytes = searcher.search_files(folder, &mut found);
        assert!(bytes >= least, "{} holds {bytes} bytes", folder.display());
    }
    if let Some(url) = &place.url {
        let dump = dump(url);
        assert!(dump.len() > 10_000);
        found.extend(searcher.search("the dump", &dump));
    }
    // It was told to be loud, and it was.
    let mut said = String::new();
    for entry in std::fs::read_dir(&place.logs).unwrap() {
        said.push_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap());
    }
    assert!(said.contains("answered") && said.contains("/my/objections/new"), "{said}");
    assert!(found.is_empty(), "{} leaks:\n{}", found.len(), found.join("\n"));
    let text = letters.waits_for(1).iter().map(|(_, mail)| decoded(mail)).collect::<String>();
    assert!(!text.contains(NAME) && !text.contains(FACTS), "mail says only that something waits");
}
