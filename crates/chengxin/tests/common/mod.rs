//! The program as a process with a browser, a machine and a post box beside it, for tests that look at all of it.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::Engine::{self, Postgres, Sqlite};

/// The market-regulation bureau of the imaginary city.
pub(crate) const MARKET: &str = "11999901TEMR000151";

/// Only our own rooms speak, and all of them as loudly as they can.
pub(crate) const LOUD: &str = "warn,access=trace,chengxin=trace,courier=trace,identity=trace,intake=trace,\
    ledger=trace,register=trace,report=trace,rulebook=trace,store=trace,usecases=trace,vault=trace,web=trace";

/// A place of its own: data, temporary files, and what was written while it ran.
pub(crate) struct Place {
    pub(crate) root: PathBuf,
    pub(crate) data: PathBuf,
    pub(crate) tmp: PathBuf,
    pub(crate) logs: PathBuf,
    pub(crate) url: Option<String>,
    /// Variables of every command.
    pub(crate) with: Vec<(String, String)>,
}

impl Place {
    pub(crate) async fn new(root: &Path, engine: Engine) -> Self {
        let unique = format!("{}place", root.file_name().unwrap().to_string_lossy());
        let url = match engine {
            Sqlite => None,
            Postgres => Some(testkit::own_database(&unique).await),
        };
        let [data, tmp, logs] = ["data", "tmp", "logs"].map(|name| root.join(name));
        for folder in [&tmp, &logs] {
            std::fs::create_dir_all(folder).unwrap();
        }
        Self { root: root.to_owned(), data, tmp, logs, url, with: Vec::new() }
    }

    pub(crate) fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chengxin"));
        command.current_dir(&self.root).env_remove("DATABASE_URL");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("CHENGXIN_") {
                command.env_remove(name);
            }
        }
        command.env("TMPDIR", &self.tmp).env("CHENGXIN_DATA", &self.data);
        command.env("CHENGXIN_HTTPS", "false").envs(self.with.iter().cloned());
        if let Some(url) = &self.url {
            command.env("DATABASE_URL", url);
        }
        command
    }

    /// A file of what a process writes, which is searched later.
    fn writes(&self, what: &str) -> File {
        let nth = std::fs::read_dir(&self.logs).unwrap().count();
        File::create(self.logs.join(format!("{nth:03}-{what}"))).unwrap()
    }

    /// Runs a command to its good end; its standard output, which is for whoever asked. What it writes beside that is
    /// kept.
    pub(crate) fn runs(&self, arguments: &[&str]) -> String {
        let mut command = self.program();
        let output = command.args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        self.writes(arguments[0]).write_all(&output.stderr).unwrap();
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.runs(&[arguments, &["--json"]].concat())).unwrap()
    }

    pub(crate) fn serves(&self) -> Serve {
        let path =
            self.logs.join(format!("{:03}-serve", std::fs::read_dir(&self.logs).unwrap().count()));
        let stderr = File::create(&path).unwrap();
        let mut command = self.program();
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        let child = command.stdout(stderr.try_clone().unwrap()).stderr(stderr).spawn().unwrap();
        let mut serve = Serve { child: Some(child), address: String::new() };
        let until = Instant::now() + Duration::from_secs(60);
        while serve.address.is_empty() {
            let said = std::fs::read_to_string(&path).unwrap();
            assert!(Instant::now() < until && serve.runs(), "it does not serve: {said}");
            if let Some((_, rest)) = said.split_once("listening on http://")
                && let Some((address, _)) = rest.split_once('\n')
            {
                serve.address = address.trim().to_owned();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        serve
    }
}

/// A server. Dropped, it is killed.
pub(crate) struct Serve {
    child: Option<Child>,
    pub(crate) address: String,
}

impl Serve {
    fn runs(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| child.try_wait().unwrap().is_none())
    }

    /// Asks it to stop, as the service manager does.
    pub(crate) fn told_to_stop(&self) {
        let id = self.child.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// Waits until it has ended.
    pub(crate) fn ends(mut self, within: Duration) -> ExitStatus {
        let mut child = self.child.take().unwrap();
        let until = Instant::now() + within;
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                return status;
            }
            if Instant::now() > until {
                child.kill().unwrap();
                child.wait().unwrap();
                panic!("it does not end within {within:?}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // On Unix this is SIGKILL.
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The token of the first form.
    pub(crate) fn csrf(&self) -> String {
        let text = self.text();
        let (_, rest) =
            text.split_once("name=\"csrf\" value=\"").unwrap_or_else(|| panic!("no form: {text}"));
        rest.split('"').next().unwrap().to_owned()
    }
}

/// Begins a request; its answer is read by [`answer`].
pub(crate) fn begins(address: &str, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

pub(crate) fn answer(mut stream: TcpStream) -> Answer {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let at = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(bytes.len());
    let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
    let mut body = bytes.get(at + 4..).unwrap_or_default().to_vec();
    if head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        body = unchunked(&body);
    }
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Answer { status, head, body }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(at) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&rest[..at]).unwrap();
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        if size == 0 {
            break;
        }
        body.extend_from_slice(&rest[at + 2..at + 2 + size]);
        rest = &rest[at + 4 + size..];
    }
    body
}

pub(crate) fn asks(address: &str, line: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut head = format!(
        "{line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    let mut stream = begins(address, &head);
    // Whoever refuses by the head alone may hang up before all of it has come.
    let _ = stream.write_all(body);
    answer(stream)
}

/// A machine with its token.
pub(crate) fn machine_asks(address: &str, token: &str, path: &str, json: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    asks(address, &format!("POST {path}"), &headers, json.as_bytes())
}

/// A browser with its cookies.
pub(crate) struct Browser {
    address: String,
    cookies: Vec<(String, String)>,
}

impl Browser {
    pub(crate) fn new(serve: &Serve) -> Self {
        Self { address: serve.address.clone(), cookies: Vec::new() }
    }

    /// The same browser at a server that was started anew.
    pub(crate) fn goes_to(&mut self, serve: &Serve) {
        serve.address.clone_into(&mut self.address);
    }

    fn asks(&mut self, line: &str, kind: &str, body: &[u8]) -> Answer {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answered = asks(
            &self.address,
            line,
            &[("Cookie", &cookies.join("; ")), ("Content-Type", kind)],
            body,
        );
        for line in answered.head.lines() {
            let Some((name, value)) = line.split_once(':') else { continue };
            if name.eq_ignore_ascii_case("set-cookie") {
                let (name, value) =
                    value.trim().split(';').next().unwrap().split_once('=').unwrap();
                self.cookies.retain(|(known, _)| known != name);
                if !value.is_empty() {
                    self.cookies.push((name.to_owned(), value.to_owned()));
                }
            }
        }
        answered
    }

    pub(crate) fn gets(&mut self, path: &str) -> Answer {
        self.asks(&format!("GET {path}"), "text/plain", b"")
    }

    /// Sends a form of the page at `from`, with its token.
    pub(crate) fn posts(&mut self, from: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.gets(from).csrf();
        let mut body = format!("csrf={csrf}");
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", packed(value)));
        }
        self.asks(&format!("POST {path}"), "application/x-www-form-urlencoded", body.as_bytes())
    }

    /// The same with files: name of the field, of the file, and its bytes.
    pub(crate) fn sends(
        &mut self,
        from: &str,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Answer {
        let csrf = self.gets(from).csrf();
        let mut body = Vec::new();
        for (name, value) in [("csrf", csrf.as_str())].iter().chain(fields) {
            let head = format!(
                "--bb\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend_from_slice(head.as_bytes());
        }
        for (name, file, bytes) in files {
            let head = format!(
                "--bb\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--bb--\r\n");
        self.asks(&format!("POST {path}"), "multipart/form-data; boundary=bb", &body)
    }

    /// Signs in with a password that was made for him, taking every step that is asked.
    pub(crate) fn signs_in(&mut self, login: &str, password: &str) {
        let to = |answered: &Answer| {
            let to = answered.header("location").unwrap_or_default().split('?').next();
            to.unwrap_or_default().to_owned()
        };
        let first = [("login", login), ("password", password), ("next", "")];
        let mut step = to(&self.posts("/sign-in", "/sign-in", &first));
        let own = "鹳雀楼 umbrella 93 Trompete";
        for _ in 0..3 {
            step = match step.as_str() {
                "/sign-in/password" => {
                    let typed = [("current", password), ("new", own), ("again", own), ("next", "")];
                    to(&self.posts("/sign-in/password", "/sign-in/password", &typed))
                }
                "/sign-in/enrol" => self.enrols(),
                _ => break,
            };
        }
        assert!(!step.is_empty() && !step.starts_with("/sign-in"), "{login} stands at {step:?}");
    }

    /// Sets up a second factor; where the page with the spare codes leads.
    fn enrols(&mut self) -> String {
        let page = self.gets("/sign-in/enrol");
        let text = page.text();
        let between = |from: &str| {
            let (_, rest) = text.split_once(from).unwrap();
            rest.split(['<', '"']).next().unwrap().to_owned()
        };
        let secret = between("id=\"secret\">").replace(' ', "");
        let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
        let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
        let body = format!(
            "csrf={}&setup={}&code={}&next=",
            page.csrf(),
            packed(&between("name=\"setup\" value=\"")),
            totp.generate(now)
        );
        let answered =
            self.asks("POST /sign-in/enrol", "application/x-www-form-urlencoded", body.as_bytes());
        assert_eq!(answered.status, 200, "{}", answered.text());
        // The page with spare codes leads on.
        let to = answered.text();
        let to = to.split_once("govuk-button\" href=\"").unwrap().1;
        to.split('"').next().unwrap().to_owned()
    }
}

pub(crate) fn packed(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A mail server that keeps what it is given: to whom, and the whole mail.
#[derive(Clone, Default)]
pub(crate) struct PostBox(Arc<Mutex<Vec<(String, String)>>>);

impl PostBox {
    /// Begins; its port.
    pub(crate) fn begins() -> (Self, u16) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let own = Self::default();
        let kept = own.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let _ = kept.takes(stream.unwrap());
            }
        });
        (own, port)
    }

    fn takes(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?);
        let mut stream = stream;
        let mut to = String::new();
        stream.write_all(b"220 box\r\n")?;
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let upper = line.trim().to_uppercase();
            if upper.starts_with("EHLO") {
                stream.write_all(b"250-box\r\n250 8BITMIME\r\n")?;
            } else if upper.starts_with("RCPT") {
                line.clone_into(&mut to);
                stream.write_all(b"250 ok\r\n")?;
            } else if upper.starts_with("DATA") {
                stream.write_all(b"354 go\r\n")?;
                let mut mail = String::new();
                while !mail.ends_with("\r\n.\r\n") && lines.read_line(&mut mail)? > 0 {}
                self.0.lock().unwrap().push((to.clone(), mail));
                stream.write_all(b"250 kept\r\n")?;
            } else if upper.starts_with("QUIT") {
                return stream.write_all(b"221 bye\r\n");
            } else {
                stream.write_all(b"250 ok\r\n")?;
            }
        }
    }

    /// Waits for so many mails.
    pub(crate) fn waits_for(&self, count: usize) -> Vec<(String, String)> {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            let mails = self.0.lock().unwrap().clone();
            if mails.len() >= count {
                return mails;
            }
            assert!(Instant::now() < until, "{} mails", mails.len());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// A collector of traces that keeps what it is given.
#[derive(Clone, Default)]
pub(crate) struct Collector(Arc<Mutex<Vec<u8>>>);

impl Collector {
    /// Begins; its address.
    pub(crate) fn begins() -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let own = Self::default();
        let kept = own.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let _ = kept.takes(stream.unwrap());
            }
        });
        (own, address)
    }

    fn takes(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            self.0.lock().unwrap().extend_from_slice(line.as_bytes());
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        self.0.lock().unwrap().extend_from_slice(&body);
        let mut stream = stream;
        stream.write_all(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        )
    }

    /// Everything that came.
    pub(crate) fn all(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }

    /// Waits until something that came holds these bytes.
    pub(crate) fn waits_for(&self, what: &str) {
        let until = Instant::now() + Duration::from_secs(30);
        while !self.all().windows(what.len()).any(|some| some == what.as_bytes()) {
            assert!(
                Instant::now() < until,
                "no {what} in {}",
                String::from_utf8_lossy(&self.all())
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}
