//! What no robot had been told when the program ended, on disk for its next start.
//!
//! One plain file, replaced as a whole: groups, not failures, are kept, so it is small (some hundred bytes a
//! group) and an embedded store would cost more than it holds. A file that cannot be read is left aside under
//! another name and reported, never the end of a start.

use core::time::Duration;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::{Value, json};

use crate::Severity;

/// The version of the file's form. A reader leaves other versions aside.
const VERSION: u64 = 1;
/// No file grows beyond this; the least urgent groups are left out first.
const MAX_BYTES: usize = 1024 * 1024;
/// What is older is no news.
const MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// One group as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Saved {
    pub(crate) function: String,
    pub(crate) module: String,
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) severity: Severity,
    pub(crate) kind: String,
    pub(crate) error_type: String,
    /// The user's key for the group, if the attribute gave one.
    pub(crate) key: Option<String>,
    pub(crate) chain: Vec<String>,
    /// Failures no robot was told of; zero for a group that is kept so that it does not speak again at once.
    pub(crate) untold: u64,
    pub(crate) last_at: SystemTime,
    pub(crate) spoken_at: Option<SystemTime>,
    pub(crate) burst: bool,
    pub(crate) step: usize,
}

/// The file of one service in one directory.
#[derive(Debug)]
pub(crate) struct Spool {
    path: PathBuf,
}

impl Spool {
    /// In this directory, which is made if need be.
    ///
    /// # Errors
    /// When the directory can be neither found nor made.
    pub(crate) fn open(directory: &Path, service: &str) -> io::Result<Self> {
        fs::create_dir_all(directory)?;
        let name: String = service
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .collect();
        Ok(Self {
            path: directory.join(format!("alerts-{name}.json")),
        })
    }

    /// What was kept. A file that is none of ours is put aside.
    ///
    /// # Errors
    /// When there is a file that cannot be read.
    pub(crate) fn read(&self, now: SystemTime) -> io::Result<Vec<Saved>> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        if let Some(saved) = parse(&bytes, now) {
            return Ok(saved);
        }
        fs::rename(&self.path, self.path.with_extension("unreadable"))?;
        Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "the spool was not readable and is put aside",
        ))
    }

    /// Replaces what is kept, so that a crash leaves the old file or the new one.
    ///
    /// # Errors
    /// When the disk is full or the directory gone.
    pub(crate) fn write(&self, saved: &[Saved]) -> io::Result<()> {
        let beside = self.path.with_extension("new");
        let mut file = fs::File::create(&beside)?;
        file.write_all(&render(saved))?;
        file.sync_all()?;
        fs::rename(beside, &self.path)
    }
}

fn render(saved: &[Saved]) -> Vec<u8> {
    let mut groups: Vec<Value> = saved.iter().map(group).collect();
    loop {
        let bytes = json!({ "spool": VERSION, "groups": groups })
            .to_string()
            .into_bytes();
        if bytes.len() <= MAX_BYTES || groups.is_empty() {
            return bytes;
        }
        groups.truncate(groups.len() / 2);
    }
}

fn group(saved: &Saved) -> Value {
    json!({
        "function": saved.function, "module": saved.module, "file": saved.file, "line": saved.line,
        "column": saved.column, "severity": saved.severity.as_str(), "kind": saved.kind, "type": saved.error_type, "key": saved.key,
        "chain": saved.chain, "untold": saved.untold, "last_at": seconds(saved.last_at), "spoken_at": saved.spoken_at.map(seconds),
        "burst": saved.burst, "step": saved.step,
    })
}

/// `None` for what is not a spool of this version. A group that is not one, or is too old, is left out.
pub(crate) fn parse(bytes: &[u8], now: SystemTime) -> Option<Vec<Saved>> {
    let file: Value = serde_json::from_slice(bytes).ok()?;
    if file.get("spool")?.as_u64()? != VERSION {
        return None;
    }
    let groups = file.get("groups")?.as_array()?.iter().filter_map(parse_group);
    Some(
        groups
            .filter(|saved| now.duration_since(saved.last_at).unwrap_or_default() <= MAX_AGE)
            .collect(),
    )
}

fn parse_group(group: &Value) -> Option<Saved> {
    let text = |key: &str| group.get(key)?.as_str().map(str::to_owned);
    let number = |key: &str| group.get(key)?.as_u64();
    let time =
        |key: &str| number(key).and_then(|at| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(at)));
    let chain = group
        .get("chain")?
        .as_array()?
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    Some(Saved {
        function: text("function")?,
        module: text("module")?,
        file: text("file")?,
        line: u32::try_from(number("line")?).ok()?,
        column: u32::try_from(number("column")?).ok()?,
        severity: text("severity")?.parse().ok()?,
        kind: text("kind")?,
        error_type: text("type")?,
        key: text("key"),
        chain,
        untold: number("untold")?,
        last_at: time("last_at")?,
        spoken_at: time("spoken_at"),
        burst: group.get("burst")?.as_bool()?,
        step: usize::try_from(number("step")?).ok()?,
    })
}

fn seconds(at: SystemTime) -> u64 {
    at.duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}

#[cfg(test)]
mod tests;
