//! Printed reports: a person signed in asks for his own, one after the other, beside printing a sample of the
//! same layout in this process and doing nothing else: no register, no log, no signature, no door.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::line::{Line, round};
use crate::product::{Product, Server};
use crate::{Args, Outcome};

#[path = "../../crates/report/tests/it/sample.rs"]
#[expect(dead_code, reason = "of the sample only the report is printed here")]
mod sample;

const PASSWORD_FIELD: &str = "password";

pub(crate) async fn run(product: &Product, args: &Args) -> Outcome<Line> {
    product.filled().await?;
    let (login, password) = citizen(product)?;
    let server = product.serve()?;
    let session = Session::begin(&server, &login, &password)?;
    // The first report loads the fonts.
    let first = session.report()?;
    let pages = pages(&first);
    let until = Instant::now() + Duration::from_secs(args.seconds);
    let mut millis = Vec::new();
    let begun = Instant::now();
    while Instant::now() < until {
        let one = Instant::now();
        session.report()?;
        millis.push(one.elapsed().as_secs_f64() * 1_000.0);
    }
    let ours = rate(millis.len(), begun.elapsed());
    millis.sort_by(f64::total_cmp);
    let at = |share: usize| {
        let place = millis.len().saturating_sub(1) * share / 100;
        millis.get(place).map(|millis| round(*millis))
    };
    report::credit_report(&sample::report())?;
    let (mut printed, begun) = (0, Instant::now());
    while begun.elapsed() < Duration::from_secs(args.seconds.min(5)) {
        report::credit_report(&sample::report())?;
        printed += 1;
    }
    let floor = rate(printed, begun.elapsed());
    let line = Line {
        name: "report",
        engine: args.engine.name(),
        rows: pages,
        p50_ms: at(50),
        p99_ms: at(99),
        rss_mb: server.peak_mb(),
        ..Line::default()
    };
    Ok(line.of(ours, floor))
}

fn rate(count: usize, time: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / time.as_secs_f64()
}

/// An account of the person in the first row of the file.
fn citizen(product: &Product) -> Outcome<(String, String)> {
    let mut rows = csv::Reader::from_path(product.file()?)?;
    let headers = rows.headers()?.clone();
    let column = |name: &str| headers.iter().position(|header| header == name);
    let (name, number) =
        column("CF_XDR_MC").zip(column("CF_XDR_ZJHM")).ok_or("a file without persons")?;
    let row = rows.records().next().ok_or("an empty file")??;
    let cell = |at: usize| row.get(at).unwrap_or_default().to_owned();
    let (name, number) = (cell(name), cell(number));
    let args =
        ["account", "add", "--kind", "citizen", "--role", "citizen", "--name", &name, "--json"];
    let mut command = product.command(&[&args[..], &["--id-number-file", "-"]].concat())?;
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    child.stdin.take().ok_or("no standard input")?.write_all(number.as_bytes())?;
    let output = child.wait_with_output()?;
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let text = |field: &str| answer.get(field).and_then(serde_json::Value::as_str);
    let account = text("login").zip(text(PASSWORD_FIELD)).ok_or("no account was made")?;
    Ok((account.0.to_owned(), account.1.to_owned()))
}

/// The password that the citizen chooses; it guards an invented register for some seconds.
const OWN: &str = "鹳雀楼 umbrella 93 Trompete";

/// A browser of the plainest kind: one cookie, one form token.
struct Session {
    address: String,
    cookie: String,
    csrf: String,
}

impl Session {
    fn begin(server: &Server, login: &str, password: &str) -> Outcome<Self> {
        let address = server.address.clone();
        let (head, body) = exchange(&address, "GET", "/sign-in", "", "")?;
        let (pre, csrf) = (cookies(&head), token(&body)?);
        let form = [("login", login), ("password", password), ("csrf", &csrf)]
            .map(|(field, value)| format!("{field}={}", escaped(value)))
            .join("&");
        let (head, _) = exchange(&address, "POST", "/sign-in", &pre, &form)?;
        let mut cookie = cookies(&head);
        // The password was made on the command line: his own is chosen before anything else.
        if head.to_ascii_lowercase().contains("location: /sign-in/password") {
            let (_, body) = exchange(&address, "GET", "/sign-in/password", &cookie, "")?;
            let form = [
                ("csrf", token(&body)?.as_str()),
                ("current", password),
                ("new", OWN),
                ("again", OWN),
            ]
            .map(|(field, value)| format!("{field}={}", escaped(value)))
            .join("&");
            let (head, _) = exchange(&address, "POST", "/sign-in/password", &cookie, &form)?;
            cookie = cookies(&head);
        }
        let (_, body) = exchange(&address, "GET", "/my/report", &cookie, "")?;
        Ok(Self { address, csrf: token(&body)?, cookie })
    }

    fn report(&self) -> Outcome<Vec<u8>> {
        let form = format!("csrf={}", escaped(&self.csrf));
        let (head, body) = exchange(&self.address, "POST", "/my/report", &self.cookie, &form)?;
        if body.starts_with(b"%PDF-") {
            Ok(body)
        } else {
            Err(format!("no report: {}", head.lines().next().unwrap_or_default()).into())
        }
    }
}

/// One request and its whole answer: head and body.
fn exchange(
    address: &str,
    method: &str,
    path: &str,
    cookie: &str,
    form: &str,
) -> Outcome<(String, Vec<u8>)> {
    let mut stream = TcpStream::connect(address)?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\nconnection: close\r\n\
         cookie: {cookie}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or("no answer")?;
    let body = answer.split_off(end + 4);
    Ok((String::from_utf8_lossy(&answer).into_owned(), body))
}

fn cookies(head: &str) -> String {
    let set = head.lines().filter(|line| line.to_ascii_lowercase().starts_with("set-cookie:"));
    let pairs = set.filter_map(|line| line.split_once(':')?.1.split(';').next().map(str::trim));
    pairs.collect::<Vec<_>>().join("; ")
}

fn token(page: &[u8]) -> Outcome<String> {
    let page = String::from_utf8_lossy(page);
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").ok_or("a page without a form")?;
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}

fn escaped(value: &str) -> String {
    value
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// Pages of a file, as it says itself.
fn pages(pdf: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(pdf);
    text.matches("/Type /Page\n").count().max(text.matches("/Type/Page/").count()) as u64
}
