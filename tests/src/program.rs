//! Programs of their own, for what can happen to a process only once.

use std::process::Stdio;

use tokio::process::Command;
use tokio::time::timeout;

use crate::PATIENCE;

/// How a program ended and what it printed.
#[derive(Debug)]
#[allow(clippy::exhaustive_structs, reason = "read by tests alone")]
pub struct Finished {
    /// Its exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub out: String,
    /// What it complained of.
    pub err: String,
}

impl Finished {
    /// The value of a line `name value` that the program printed.
    ///
    /// # Panics
    /// When it printed no such line.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        let found = self
            .out
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        found.unwrap_or_else(|| panic!("the program printed no `{name}`: {self:?}"))
    }
}

/// Runs a program to its end, in an environment without settings of ours but these.
///
/// # Panics
/// When it does not start, or not end within [`PATIENCE`]; it is killed then.
pub async fn run(program: &str, arguments: &[&str], settings: &[(&str, &str)]) -> Finished {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ALERT_")) {
        command.env_remove(name);
    }
    command
        .args(arguments)
        .envs(settings.iter().copied())
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = timeout(PATIENCE, command.output()).await;
    let output = output.expect("the program ends").expect("the program starts");
    Finished {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Bytes of memory that this process has in hand; zero where the system does not tell.
#[must_use]
pub fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.unwrap_or(0).saturating_mul(1024)
}
