//! Whether the last run closed: a file of its own for each run, there as long as the run is.
//!
//! A living run holds its file locked, and the system lets go of the lock however a process ends. So a file that can
//! be locked is of a run that ended without closing. No process id is asked, since in a container it is always 1.

use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::time::SystemTime;

use serde_json::{Value, json};

use super::{Spool, private, seconds};

/// The version of the file's form.
const VERSION: u64 = 1;
/// What a reader looks at.
const MAX_BYTES: u64 = 4096;
const EXTENSION: &str = "alive";

/// Stands on disk for this run until it is closed.
#[derive(Debug)]
pub(crate) struct Marker {
    path: PathBuf,
    closed: AtomicBool,
    /// Holds the lock.
    file: File,
}

/// An earlier run that ended without closing. Until it is forgotten nobody else takes it for one.
#[derive(Debug)]
pub(crate) struct Ended {
    path: PathBuf,
    /// Nothing where its file was not written to the end.
    pub(crate) run: Option<Run>,
    /// Holds the lock.
    _file: File,
}

/// What a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) pid: u64,
    pub(crate) started: SystemTime,
    pub(crate) release: Option<String>,
}

impl Run {
    /// This process.
    pub(crate) fn this(started: SystemTime, release: Option<&str>) -> Self {
        let pid = u64::from(std::process::id());
        let release = release.map(str::to_owned);
        Self {
            pid,
            started,
            release,
        }
    }
}

impl Spool {
    /// Leaves the file of this run. It appears under its name when it is written and locked.
    ///
    /// # Errors
    /// When the directory takes no file, or the file system knows no locks.
    pub(crate) fn mark(&self, run: &Run) -> io::Result<Marker> {
        let since = run.started.duration_since(SystemTime::UNIX_EPOCH);
        let name = format!("{:x}-{}", since.unwrap_or_default().as_nanos(), run.pid);
        let path = self.path.with_extension(format!("{name}.{EXTENSION}"));
        let beside = self.path.with_extension(format!("{name}.new"));
        let mut file = private(&beside)?;
        let marked = (|| {
            file.try_lock()?;
            let (started, release) = (seconds(run.started), &run.release);
            let words = json!({"alive": VERSION, "pid": run.pid, "started": started, "release": release});
            file.write_all(words.to_string().as_bytes())?;
            fs::rename(&beside, &path)
        })();
        if let Err(error) = marked {
            // What is left of it harms nobody.
            let _gone = fs::remove_file(&beside);
            return Err(error);
        }
        let closed = AtomicBool::new(false);
        Ok(Marker { path, closed, file })
    }

    /// The runs that ended without closing, oldest first. What cannot be read is told and passed over: one such file
    /// must not silence the others, and it is asked again at the next start.
    pub(crate) fn ended(&self, mut fails: impl FnMut(io::Error)) -> Vec<Ended> {
        let Some((directory, stem)) = self.path.parent().zip(self.path.file_stem()) else {
            return Vec::new();
        };
        let mut ended = Vec::new();
        let entries = fs::read_dir(directory).map_err(&mut fails);
        for entry in entries.into_iter().flatten() {
            let path = match entry {
                Ok(entry) => entry.path(),
                Err(error) => {
                    fails(error);
                    continue;
                }
            };
            let is_ours = path.extension() == Some(OsStr::new(EXTENSION))
                && path.file_stem().is_some_and(|name| {
                    // Between the name of the service and the end stands what tells its runs apart.
                    PathBuf::from(name).file_stem() == Some(stem)
                });
            if is_ours {
                match ended_at(path) {
                    Ok(run) => ended.extend(run),
                    Err(error) => fails(error),
                }
            }
        }
        ended.sort_by_key(|ended| ended.run.as_ref().map(|run| run.started));
        ended
    }
}

/// The run of this file, unless it lives.
fn ended_at(path: PathBuf) -> io::Result<Option<Ended>> {
    // Network file systems lock for themselves only what is open for writing.
    let file = match File::options().read(true).write(true).open(&path) {
        Ok(file) => file,
        // Closed meanwhile.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    // Whoever had it locked may have closed, or forgotten it, since it was opened.
    if !path.try_exists()? {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    (&file).take(MAX_BYTES).read_to_end(&mut bytes)?;
    let run = parse(&bytes);
    Ok(Some(Ended {
        path,
        run,
        _file: file,
    }))
}

fn parse(bytes: &[u8]) -> Option<Run> {
    let run: Value = serde_json::from_slice(bytes).ok()?;
    let started = Duration::from_secs(run.get("started")?.as_u64()?);
    Some(Run {
        pid: run.get("pid")?.as_u64()?,
        started: SystemTime::UNIX_EPOCH.checked_add(started)?,
        release: run.get("release").and_then(Value::as_str).map(str::to_owned),
    })
}

impl Marker {
    /// This run ends in order, or has told that it does not. Once is enough.
    pub(crate) fn close(&self) {
        if !self.closed.swap(true, Ordering::Relaxed) {
            // If it is gone the directory is, and with it whoever would ask.
            let _gone = fs::remove_file(&self.path);
        }
    }

    /// Waits until the file would survive the machine.
    ///
    /// # Errors
    /// When the disk says so.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }
}

/// Where no thread of ours was to be had, or it came to its end.
impl Drop for Marker {
    fn drop(&mut self) {
        self.close();
    }
}

impl Ended {
    /// Its end is told, or will be.
    pub(crate) fn forget(self) {
        // A file that stays is told of again: better than never.
        let _gone = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests;
