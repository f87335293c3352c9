//! What no robot had been told when the program ended, on disk for its next start.
//!
//! One plain file, replaced as a whole: groups, not failures, are kept, so it is small (some hundred bytes a
//! group) and an embedded store would cost more than it holds. A file that cannot be read is left aside under
//! another name and reported, never the end of a start. What finds no room in it is a number in it, so that the next
//! start can say how many failures it cannot tell.

mod marker;

use core::time::Duration;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::{Value, json};

pub(crate) use self::marker::{Ended, Marker, Run};
use crate::Severity;
use crate::fingerprint::stable_hash;

/// The version of the file's form. A reader leaves other versions aside.
const VERSION: u64 = 1;
/// No file grows beyond this; the least urgent groups are left out first.
const MAX_BYTES: usize = 1024 * 1024;
/// Room in it for what is no group.
const FRAME: usize = 128;
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
    pub(crate) fields: Vec<(String, String)>,
    /// It stands for more texts than are kept apart.
    pub(crate) many: bool,
    pub(crate) chain: Vec<String>,
    /// Failures no robot was told of; zero for a group that is kept so that it does not speak again at once.
    pub(crate) untold: u64,
    pub(crate) last_at: SystemTime,
    pub(crate) spoken_at: Option<SystemTime>,
    pub(crate) burst: bool,
    pub(crate) step: usize,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) groups: Vec<Saved>,
    /// Failures that nothing in it tells of: there was no room, or they are too old.
    pub(crate) left_out: u64,
    /// Entries that are no group.
    pub(crate) strange: u64,
}

/// What a write came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// Failures that found no room: the file knows no more of them than their number.
    pub(crate) left_out: u64,
    /// How full the file is, in thousandths.
    pub(crate) fullness: u64,
}

/// Whether a write is to survive the machine, not only the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durable {
    /// Waits for the disk.
    Yes,
    /// Left to the system, which costs no wait before a message.
    No,
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
        // For people; the number tells services apart whose names differ in other letters, in case or in their end.
        let name: String = service
            .chars()
            .take(40)
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .collect();
        let number = stable_hash(service.as_bytes());
        Ok(Self {
            path: directory.join(format!("alerts-{name}-{number:016x}.json")),
        })
    }

    /// What was kept. A file that is none of ours is put aside.
    ///
    /// # Errors
    /// When there is a file that cannot be read.
    pub(crate) fn read(&self, now: SystemTime) -> io::Result<Kept> {
        let file = match fs::File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Kept::default()),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
        file.take(limit).read_to_end(&mut bytes)?;
        if let Some(kept) = parse(&bytes, now) {
            return Ok(kept);
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
    pub(crate) fn write(&self, saved: &[Saved], lost: u64, durable: Durable) -> io::Result<Written> {
        let beside = self.path.with_extension("new");
        let mut file = private(&beside)?;
        let (bytes, left_out) = render(saved, lost);
        file.write_all(&bytes)?;
        if durable == Durable::Yes {
            file.sync_all()?;
        }
        fs::rename(beside, &self.path)?;
        let thousandths = bytes.len().saturating_mul(1_000) / MAX_BYTES;
        Ok(Written {
            left_out,
            fullness: u64::try_from(thousandths).unwrap_or(u64::MAX),
        })
    }
}

/// A new file that nobody else can read: what failures say may be meant for the service alone.
fn private(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true).create(true).truncate(true).open(path)
}

/// The file's bytes, and the failures of the groups that found no room in it. `lost` were lost before.
fn render(saved: &[Saved], lost: u64) -> (Vec<u8>, u64) {
    let (mut groups, mut bytes, mut left_out) = (Vec::new(), FRAME, 0_u64);
    for saved in saved {
        let group = group(saved).to_string();
        let with_it = bytes.saturating_add(group.len()).saturating_add(1);
        if with_it <= MAX_BYTES {
            bytes = with_it;
            groups.push(group);
        } else {
            left_out = left_out.saturating_add(saved.untold);
        }
    }
    let unsaid = lost.saturating_add(left_out);
    let groups = groups.join(",");
    let file = format!("{{\"spool\":{VERSION},\"left_out\":{unsaid},\"groups\":[{groups}]}}");
    (file.into_bytes(), left_out)
}

fn group(saved: &Saved) -> Value {
    json!({
        "function": saved.function, "module": saved.module, "file": saved.file, "line": saved.line,
        "column": saved.column, "severity": saved.severity.as_str(), "kind": saved.kind, "type": saved.error_type, "key": saved.key,
        "fields": saved.fields, "many": saved.many,
        "chain": saved.chain, "untold": saved.untold, "last_at": seconds(saved.last_at), "spoken_at": saved.spoken_at.map(seconds),
        "burst": saved.burst, "step": saved.step,
    })
}

/// `None` for what is not a spool of this version. What is no group, or too old, is counted.
pub(crate) fn parse(bytes: &[u8], now: SystemTime) -> Option<Kept> {
    let file: Value = serde_json::from_slice(bytes).ok()?;
    if file.get("spool")?.as_u64()? != VERSION {
        return None;
    }
    let mut kept = Kept {
        left_out: file.get("left_out")?.as_u64()?,
        ..Kept::default()
    };
    for entry in file.get("groups")?.as_array()? {
        let untold = entry.get("untold").and_then(Value::as_u64).unwrap_or(0);
        match parse_group(entry) {
            Some(saved) if now.duration_since(saved.last_at).unwrap_or_default() <= MAX_AGE => {
                kept.groups.push(saved);
                continue;
            }
            Some(_) => {}
            None => kept.strange = kept.strange.saturating_add(1),
        }
        kept.left_out = kept.left_out.saturating_add(untold);
    }
    Some(kept)
}

fn parse_group(group: &Value) -> Option<Saved> {
    let text = |key: &str| group.get(key)?.as_str().map(str::to_owned);
    let number = |key: &str| group.get(key)?.as_u64();
    let time =
        |key: &str| number(key).and_then(|at| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(at)));
    let chain = group.get("chain")?.as_array()?.iter();
    let fields = group.get("fields")?.as_array()?.iter();
    let pair = |pair: &Value| {
        let text = |at: usize| pair.get(at)?.as_str().map(str::to_owned);
        Some((text(0)?, text(1)?))
    };
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
        fields: fields.filter_map(pair).collect(),
        many: group.get("many")?.as_bool()?,
        chain: chain.filter_map(Value::as_str).map(str::to_owned).collect(),
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
