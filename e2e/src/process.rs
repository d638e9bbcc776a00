//! A process that ends with the test, also when the test panics.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

pub(crate) struct Process {
    child: Child,
    said: Receiver<String>,
    log: PathBuf,
}

impl Process {
    /// Starts it; what it says aside goes to `log`.
    pub(crate) fn start(command: &mut Command, log: PathBuf) -> Self {
        let aside = File::create(&log).unwrap();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(aside)
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (say, said) = channel();
        // Reads on when nobody listens any more, so that the process never waits for a full pipe.
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = say.send(line);
            }
        });
        Self { child, said, log }
    }

    /// The lines up to and including the first that contains `last`.
    pub(crate) fn says(&self, last: &str, within: Duration) -> Vec<String> {
        self.says_one_of(&[last], within)
    }

    /// The lines up to and including the first that contains one of these.
    pub(crate) fn says_one_of(&self, last: &[&str], within: Duration) -> Vec<String> {
        let end = Instant::now() + within;
        let mut lines: Vec<String> = Vec::new();
        loop {
            match self.said.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    let is_last = last.iter().any(|last| line.contains(last));
                    lines.push(line);
                    if is_last {
                        return lines;
                    }
                }
                Err(error) => {
                    panic!("waited for {last:?}: {error}; said {lines:#?}\n{}", self.tail())
                }
            }
        }
    }

    /// The end of what it said aside.
    fn tail(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let from = lines.len().saturating_sub(20);
        lines.get(from..).unwrap_or_default().join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- end of {}\n{}", self.log.display(), self.tail());
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
