//! What the process takes of its machine.

use std::fmt;
use std::fs;
use std::time::{Duration, Instant};

/// Threads and connections need a moment to end; a leak never does.
const PATIENCE: Duration = Duration::from_secs(20);

/// Zeros where the system has no `/proc`.
#[derive(Clone, Copy)]
pub(crate) struct Vitals {
    kib: u64,
    threads: usize,
    /// Sockets among them.
    files: usize,
}

impl Vitals {
    pub(crate) fn now() -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = resident.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        let entries = |folder| fs::read_dir(folder).map_or(0, Iterator::count);
        Self {
            kib: kib.unwrap_or(0),
            threads: entries("/proc/self/task"),
            files: entries("/proc/self/fd"),
        }
    }

    /// What is wrong with the memory, if it is not flat: so much more is allowed, for the messages that the inbox keeps of a
    /// round and for the allocator's own room.
    pub(crate) fn grown_since(&self, warm: &Self, allowed_kib: u64) -> Option<String> {
        let grown = self.kib.saturating_sub(warm.kib);
        let says = format!("memory grew by {grown} KiB since the warm-up; {allowed_kib} are allowed");
        (grown > allowed_kib).then_some(says)
    }

    /// What is left that was not there before, once everything has ended.
    pub(crate) fn back_to(before: &Self) -> Option<String> {
        let start = Instant::now();
        loop {
            let now = Self::now();
            if (now.threads, now.files) == (before.threads, before.files) {
                return None;
            }
            if start.elapsed() > PATIENCE {
                return Some(format!("not as before: {now}"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl fmt::Display for Vitals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kib, threads, files } = self;
        write!(f, "{kib} KiB, {threads} threads, {files} files and sockets")
    }
}
