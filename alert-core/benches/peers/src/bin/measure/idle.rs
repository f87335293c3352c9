//! What a program pays while nothing fails: wake-ups, threads and memory. Linux alone tells.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::{CAPACITY, tell};
use crate::failing::{Peer, Reader};

/// So long nothing fails.
const IDLE: Duration = Duration::from_secs(10);

pub(crate) fn measure(peer: &Peer) {
    let before = State::now();
    (peer.start)(Reader::Awake, CAPACITY);
    // What a start begins is over by then.
    std::thread::sleep(Duration::from_millis(500));
    let started = State::now();
    std::thread::sleep(IDLE);
    let after = State::now();
    tell("threads", (started.threads - before.threads) as f64);
    tell("kib", started.own_kib as f64 - before.own_kib as f64);
    tell("wakeups", (after.switches - started.switches) as f64);
}

struct State {
    threads: u64,
    /// Memory of no file. A program that was just built has pages not yet on disk, which would count as its own.
    own_kib: u64,
    /// How often a thread but this one was given a core: each time it was woken, at least.
    switches: u64,
}

impl State {
    fn now() -> Self {
        let own = std::process::id().to_string();
        let tasks = fs::read_dir("/proc/self/task").expect("Linux");
        let tasks: Vec<_> = tasks.flatten().map(|task| task.path()).collect();
        let others = tasks.iter().filter(|task| !task.ends_with(&own));
        Self {
            threads: tasks.len() as u64,
            own_kib: sum(Path::new("/proc/self/smaps_rollup"), "Anonymous:"),
            switches: others.map(|task| sum(&task.join("status"), "voluntary_ctxt_switches")).sum(),
        }
    }
}

/// The numbers of the lines that begin so.
fn sum(file: &Path, begins: &str) -> u64 {
    let text = fs::read_to_string(file).unwrap_or_default();
    let lines = text.lines().filter(|line| line.starts_with(begins));
    lines.filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).sum()
}
