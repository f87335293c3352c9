//! Panics in every way a program can, thousands of times and in an order that a number decides, while alerting starts and
//! ends: `hook <number>`. A panic inside our hook would abort it.

#![allow(
    clippy::print_stdout,
    clippy::panic,
    reason = "its words and its panics are what the tests look at"
)]

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind, set_hook};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use alert_core::testing::Recorder;
use alert_core::{Config, Guard, alert_on_err};

const THREADS: u64 = 4;
const PANICS: u64 = 4_000;

/// A lock that each panic poisons.
static POISONED: Mutex<u64> = Mutex::new(0);

thread_local! {
    static STATE: Cell<u64> = const { Cell::new(1) };
    /// Panics once more when its thread is as good as gone.
    static LAST: RefCell<Option<Last>> = const { RefCell::new(None) };
}

/// The next number below `end`.
fn below(end: u64) -> u64 {
    STATE.with(|state| {
        let mut next = state.get();
        next ^= next << 13;
        next ^= next >> 7;
        next ^= next << 17;
        state.set(next);
        next.checked_rem(end).unwrap_or(0)
    })
}

struct Last;

impl Drop for Last {
    fn drop(&mut self) {
        drop(catch_unwind(|| slips(0)));
    }
}

/// Panics, and catches it, while another panic unwinds.
struct Careless(u64);

impl Drop for Careless {
    fn drop(&mut self) {
        drop(catch_unwind(|| slips(self.0)));
    }
}

/// Panics while it is put into words.
#[derive(Debug)]
struct Broken;

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        slips(0).map_err(|_| std::fmt::Error)?;
        f.write_str("never")
    }
}

impl std::error::Error for Broken {}

#[alert_on_err]
fn breaks() -> Result<(), Broken> {
    Err(Broken)
}

#[alert_on_err]
fn slips(depth: u64) -> Result<(), std::io::Error> {
    if depth > 0 {
        return slips(depth.saturating_sub(1));
    }
    plainly()
}

/// Panics without an annotated function of its own.
fn plainly() -> Result<(), std::io::Error> {
    let text = ["", "short", "纸用完了\u{202e}\u{1b}[31m", "{}%s\0\n"];
    let part = text
        .get(usize::try_from(below(4)).unwrap_or(0))
        .copied()
        .unwrap_or("");
    match below(6) {
        0 => panic!("{}", part.repeat(usize::try_from(below(20_000)).unwrap_or(0))),
        1 => panic_any(17_u64),
        2 => panic_any(Box::new("in a box") as Box<dyn std::any::Any + Send>),
        3 => resume_unwind(Box::new(part)),
        4 => {
            let _held = POISONED.lock();
            panic!("with a lock")
        }
        _ => panic_any(std::io::Error::other(part)),
    }
}

fn panics_once() {
    let depth = below(4);
    match below(7) {
        0 => drop(catch_unwind(plainly)),
        1 => drop(catch_unwind(|| {
            let _careless = Careless(depth);
            slips(depth)
        })),
        2 => drop(catch_unwind(breaks)),
        3 => {
            let caught = catch_unwind(|| slips(depth));
            drop(caught.map_err(|payload| catch_unwind(AssertUnwindSafe(|| resume_unwind(payload)))));
        }
        4 => {
            let ended = std::thread::Builder::new().spawn(|| {
                LAST.with(|last| *last.borrow_mut() = Some(Last));
                slips(1)
            });
            drop(ended.map(std::thread::JoinHandle::join));
        }
        _ => drop(catch_unwind(|| slips(depth))),
    }
}

fn start(all: bool) -> Option<Guard> {
    let config = Config::new("hook").channel_capacity(1).report_all_panics(all);
    alert_core::init(config.recorder(&Recorder::new())).ok()
}

fn main() -> ExitCode {
    let number = std::env::args()
        .nth(1)
        .and_then(|number| number.parse().ok())
        .unwrap_or(1_u64);
    // What is not ours need not print it all.
    set_hook(Box::new(|_| ()));
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|worker| {
                scope.spawn(move || {
                    STATE.set(number.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(worker) | 1);
                    (0..PANICS).for_each(|_| panics_once());
                })
            })
            .collect();
        // Starts and ends all the while.
        scope.spawn(|| {
            let mut all = false;
            while !done.load(Ordering::Acquire) {
                let guard = start(all);
                std::thread::sleep(Duration::from_millis(3));
                drop(guard);
                all = !all;
            }
        });
        for worker in workers {
            let _ended = worker.join();
        }
        done.store(true, Ordering::Release);
    });
    drop(start(false));
    let stats = alert_core::stats();
    println!("captured {}", stats.captured());
    println!("settled {}", stats.delivered().saturating_add(stats.dropped()));
    println!("pending {}", stats.pending());
    ExitCode::SUCCESS
}
