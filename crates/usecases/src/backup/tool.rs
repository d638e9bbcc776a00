//! A client program of PostgreSQL at work. Dropped, it is ended.

use std::io::Read;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

use super::error::{BackupError, Result};

/// Characters of what it said that are repeated.
const SAID: usize = 600;

/// A program that runs.
pub(super) struct Tool {
    name: &'static str,
    child: Child,
    said: Option<JoinHandle<String>>,
}

impl Tool {
    /// Starts it; what it complains of is kept.
    pub(super) fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child = command.stderr(Stdio::piped()).spawn().map_err(|why| {
            if why.kind() == std::io::ErrorKind::NotFound {
                return BackupError::NoTool { program: program.clone() };
            }
            BackupError::File { path: program.clone().into(), why }
        })?;
        // Beside us: it must never wait for somebody to read its complaints.
        let said = child.stderr.take().map(|mut complaints| {
            std::thread::spawn(move || {
                let mut said = Vec::new();
                let _ = complaints.read_to_end(&mut said);
                String::from_utf8_lossy(&said).trim().to_owned()
            })
        });
        Ok(Self { name, child, said })
    }

    /// What it writes.
    pub(super) fn output(&mut self) -> Result<ChildStdout> {
        self.child.stdout.take().ok_or(BackupError::Internal("no output"))
    }

    /// What it reads.
    pub(super) fn input(&mut self) -> Result<ChildStdin> {
        self.child.stdin.take().ok_or(BackupError::Internal("no input"))
    }

    /// Waits until it has ended, which must be well.
    pub(super) fn end(mut self) -> Result<()> {
        let ended = self.child.wait();
        let said = self.said.take().and_then(|said| said.join().ok()).unwrap_or_default();
        let is_well = ended.as_ref().is_ok_and(std::process::ExitStatus::success);
        if is_well {
            return Ok(());
        }
        let over = said.chars().count().saturating_sub(SAID);
        let mut says: String = said.chars().skip(over).collect();
        if says.is_empty() {
            says = ended.map_or_else(|why| why.to_string(), |status| status.to_string());
        }
        Err(BackupError::Tool { program: self.name, says })
    }
}

impl Drop for Tool {
    fn drop(&mut self) {
        // Ended already, this does nothing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Tool {
        Tool::start("sh", Command::new("sh").args(["-c", script]).stdout(Stdio::piped())).unwrap()
    }

    #[test]
    fn what_a_program_complains_of_is_said() {
        let mut tool = shell("printf out; echo 'no such database' >&2; exit 3");
        let mut out = String::new();
        tool.output().unwrap().read_to_string(&mut out).unwrap();
        assert_eq!(out, "out");
        assert_eq!(tool.end().unwrap_err().to_string(), "sh failed: no such database");
        shell("true").end().unwrap();
    }

    #[test]
    fn a_program_that_is_missing_is_named_with_what_to_do() {
        let missing = Tool::start("pg_dump", &mut Command::new("/nowhere/pg_dump"));
        let says = missing.err().unwrap().to_string();
        assert!(says.contains("/nowhere/pg_dump") && says.contains("postgresql-client"), "{says}");
    }

    #[test]
    fn a_program_that_nobody_needs_any_more_is_ended() {
        let begun = std::time::Instant::now();
        drop(shell("exec sleep 60"));
        assert!(begun.elapsed() < std::time::Duration::from_secs(30));
    }
}
