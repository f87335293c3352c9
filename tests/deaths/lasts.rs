//! What is known of a failure beyond the life of the process: told, or in the spool.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Failures that messages with an answer told of.
pub(crate) static TOLD: AtomicU64 = AtomicU64::new(0);

/// The sum of the numbers behind this key, in JSON.
pub(crate) fn sum(text: &str, key: &str) -> u64 {
    let digits = |after: &str| -> String { after.chars().take_while(char::is_ascii_digit).collect() };
    let numbers = text.split(key).skip(1);
    numbers
        .filter_map(|after| digits(after).parse::<u64>().ok())
        .sum()
}

/// The files in this directory that end so.
fn files(directory: &OsString, end: &str) -> impl Iterator<Item = PathBuf> {
    let files = fs::read_dir(directory).into_iter().flatten().flatten();
    let files = files.map(|file| file.path());
    files.filter(move |file| file.extension().is_some_and(|known| known == end))
}

/// Failures that the spool in this directory keeps for the next start.
fn kept(directory: &OsString) -> u64 {
    files(directory, "json")
        .filter_map(|file| fs::read_to_string(file).ok())
        .map(|text| sum(&text, "\"untold\":"))
        .sum()
}

/// The spool before anything failed, with the ends of earlier runs that this one will tell of.
pub(crate) struct Before(Option<(OsString, u64)>);

impl Before {
    pub(crate) fn of(directory: Option<OsString>) -> Self {
        Self(directory.map(|directory| {
            let ended = u64::try_from(files(&directory, "alive").count()).unwrap_or(u64::MAX);
            let known = kept(&directory).saturating_add(ended);
            (directory, known)
        }))
    }

    /// Waits until one more failure lasts, whatever the machine does meanwhile, and then for as long as a message
    /// takes to leave.
    pub(crate) fn one_more_lasts(&self) {
        let Some((directory, before)) = &self.0 else {
            return;
        };
        for _ in 0..2_000 {
            let known = kept(directory).checked_add(TOLD.load(Ordering::SeqCst));
            if known == before.checked_add(1) {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
