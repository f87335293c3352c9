//! A program that dies, how it ended and what it told.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;

/// How a program ended and what it told.
#[derive(Debug)]
pub(super) struct Death {
    pub(super) status: ExitStatus,
    pub(super) took: Duration,
    pub(super) messages: usize,
    pub(super) groups: Vec<Value>,
    pub(super) complaint: String,
}

impl Death {
    pub(super) fn of(program: &Path, how: &[&str]) -> Self {
        let start = Instant::now();
        let output = Self::command(program, how).output().unwrap();
        Self::told(start, &output.stdout, &output.stderr, output.status)
    }

    /// Asked to end by SIGTERM, once it says that it is ready.
    pub(super) fn by_signal(program: &Path, how: &str) -> Self {
        Dying::ready(program, &[how]).end("-TERM")
    }

    pub(super) fn command(program: &Path, how: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(how).env("RUST_BACKTRACE", "0");
        command
    }

    pub(super) fn told(start: Instant, out: &[u8], complaint: &[u8], status: ExitStatus) -> Self {
        let messages: Vec<Value> = out
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).unwrap())
            .collect();
        Self {
            status,
            took: start.elapsed(),
            messages: messages.len(),
            groups: messages
                .iter()
                .flat_map(|message| message["groups"].as_array().unwrap().clone())
                .collect(),
            complaint: String::from_utf8_lossy(complaint).into_owned(),
        }
    }

    pub(super) fn failures(&self) -> u64 {
        self.groups
            .iter()
            .map(|group| group["delta"].as_u64().unwrap())
            .sum()
    }

    /// The function of each alert.
    pub(super) fn told_of(&self) -> Vec<&str> {
        self.groups
            .iter()
            .map(|group| group["site"]["function"].as_str().unwrap())
            .collect()
    }

    /// The words and the function of the only alert.
    pub(super) fn only(&self) -> (&str, &str) {
        let group = &self.groups[0];
        // How many messages tell of it is a matter of moments.
        let same = |other: &Value| other["fingerprint"] == group["fingerprint"];
        assert!(self.groups.iter().all(same), "{self:#?}");
        (
            group["message"].as_str().unwrap(),
            group["site"]["function"].as_str().unwrap(),
        )
    }
}

/// A program that waits for its end.
pub(super) struct Dying {
    start: Instant,
    /// Until it has ended.
    process: Option<Child>,
    out: BufReader<ChildStdout>,
    told: Vec<u8>,
}

impl Dying {
    /// Starts it and waits until it says that it is ready.
    pub(super) fn ready(program: &Path, how: &[&str]) -> Self {
        let start = Instant::now();
        let mut process = Death::command(program, how)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(process.stdout.take().unwrap());
        let mut dying = Self {
            start,
            process: Some(process),
            out,
            told: Vec::new(),
        };
        while dying.out.read_until(b'\n', &mut dying.told).unwrap() > 1 {}
        dying
    }

    pub(super) fn id(&self) -> String {
        self.process.as_ref().unwrap().id().to_string()
    }

    pub(super) fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.id()]).status();
        assert!(sent.unwrap().success());
    }

    pub(super) fn end(mut self, signal: &str) -> Death {
        self.signal(signal);
        self.out.read_to_end(&mut self.told).unwrap();
        let rest = self.process.take().unwrap().wait_with_output().unwrap();
        Death::told(self.start, &self.told, &rest.stderr, rest.status)
    }
}

impl Drop for Dying {
    /// A test that failed leaves nothing behind that waits for its end.
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            // It may have ended by itself.
            let _ended = process.kill();
            let _reaped = process.wait();
        }
    }
}

/// The program that dies, built as this test is.
pub(super) fn built_to_unwind() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_dies"))
}

/// The same program built with `panic = "abort"`.
pub(super) fn built_to_abort() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        // Beside the profile that this test was built with.
        let target = built_to_unwind().ancestors().nth(2).unwrap();
        let built = Command::new(env!("CARGO"))
            .args([
                "build",
                "--quiet",
                "--locked",
                "--profile",
                "abort",
                "--bin",
                "dies",
            ])
            .arg("--manifest-path")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
            .arg("--target-dir")
            .arg(target)
            .status();
        assert!(
            built.unwrap().success(),
            "the program builds with `panic = \"abort\"`"
        );
        target.join("abort/dies")
    })
}

/// The program, built either way.
pub(super) fn both() -> [&'static Path; 2] {
    [built_to_unwind(), built_to_abort()]
}
