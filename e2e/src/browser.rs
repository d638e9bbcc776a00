//! The browser 浏览器: Debian's Chromium, driven by its chromedriver.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use thirtyfour::common::log::LoggingPrefsLogLevel;
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, WebDriver};

use crate::process::Process;

const ARGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--lang=zh-CN",
    // As on a phone, where they take no room.
    "--hide-scrollbars",
    // Smooth scrolling would move what is about to be clicked.
    "--force-prefers-reduced-motion",
];

/// Ends its browsers, then itself.
pub(crate) struct ChromeDriver {
    port: u16,
    _process: Process,
}

/// Fails at once, with what to do, where there is no browser.
pub(crate) fn is_needed() {
    for name in ["chromium", "chromedriver"] {
        installed(name);
    }
}

impl ChromeDriver {
    pub(crate) fn start(dir: &Path) -> Self {
        // Built together with the program, the driver's client knows TLS and asks for its mathematics,
        // although it only talks to this machine. Set already: by another journey.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // It takes a free port of one kind of address and ends if another program has it on the other kind:
        // then it asks for another.
        (0..10).find_map(|_| Self::on_a_port(dir)).expect("chromedriver finds a free port")
    }

    fn on_a_port(dir: &Path) -> Option<Self> {
        let mut command = Command::new(installed("chromedriver"));
        // What the browser leaves behind goes away with the folder.
        command.arg("--port=0").env("TMPDIR", dir);
        let process = Process::start(&mut command, dir.join("chromedriver.log"));
        let ends = ["started successfully on port", "port not available"];
        let said = process.says_one_of(&ends, Duration::from_secs(60));
        if said.last().is_some_and(|line| line.contains("not available")) {
            return None;
        }
        let port = said.last().and_then(|line| line.trim_end_matches('.').rsplit(' ').next());
        let port = port.and_then(|port| port.parse().ok());
        let port = port.unwrap_or_else(|| panic!("chromedriver does not tell its port: {said:?}"));
        Some(Self { port, _process: process })
    }

    pub(crate) async fn open(&self) -> WebDriver {
        let mut caps = DesiredCapabilities::chrome();
        caps.set_binary(installed("chromium").to_str().unwrap()).unwrap();
        for arg in ARGS {
            caps.add_arg(arg).unwrap();
        }
        caps.set_browser_log_level(LoggingPrefsLogLevel::All).unwrap();
        let driver = WebDriver::new(format!("http://127.0.0.1:{}", self.port), caps).await;
        let driver = driver.expect("Chromium opens");
        driver.set_script_timeout(Duration::from_secs(60)).await.unwrap();
        driver
    }
}

impl Drop for ChromeDriver {
    fn drop(&mut self) {
        // Killed at once, it would leave its browsers behind.
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
            let ask = "GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
            if stream.write_all(ask.as_bytes()).is_ok() {
                let _ = stream.read(&mut [0; 512]);
            }
        }
    }
}

/// Where a program of that name is; never skipped in silence.
fn installed(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|at| at.is_file());
    found.unwrap_or_else(|| {
        panic!("{name} is missing; install it: apt-get install chromium chromium-driver")
    })
}
