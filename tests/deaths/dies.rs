//! Ends in the way it is told to: `dies <how> [<directory of the spool>]`. Each message that
//! would be sent is a line of its output; an empty one says that it may be ended now.

#![expect(clippy::unnecessary_wraps, reason = "stands for one that does more")]
#![allow(
    clippy::panic,
    clippy::exit,
    clippy::mem_forget,
    clippy::print_stdout,
    unconditional_recursion,
    reason = "dying in every way is what this is for"
)]

mod lasts;

use std::cell::RefCell;
use std::io::Write;
use std::panic::{catch_unwind, set_hook};
use std::sync::atomic::Ordering;
use std::time::Duration;

use alert_core::{Config, Guard, Policy, Reply, Request, Robot, Sending, Transport, alert_on_err, init};
use tokio::signal::unix::{SignalKind, signal};

use self::lasts::Before;

type Outcome = Result<(), std::io::Error>;

/// Writes each message's body as a line.
struct Lines;

impl Transport for Lines {
    fn send(&self, request: Request) -> Sending {
        let mut line = request.body().to_vec();
        let failures = lasts::sum(&String::from_utf8_lossy(&line), "\"delta\":");
        line.push(b'\n');
        let mut out = std::io::stdout();
        let _written = out.write_all(&line).and_then(|()| out.flush());
        Box::pin(async move {
            lasts::TOLD.fetch_add(failures, Ordering::SeqCst);
            Ok(Reply::new(200, Vec::new()))
        })
    }
}

/// Writes each message's body as a line, and takes the process with it before there is an answer.
struct Unanswered;

impl Transport for Unanswered {
    fn send(&self, request: Request) -> Sending {
        let _answer = Lines.send(request);
        std::process::abort()
    }
}

/// Never answers.
struct Silence;

impl Transport for Silence {
    fn send(&self, _: Request) -> Sending {
        Box::pin(std::future::pending())
    }
}

/// Panics, on the dispatcher's own thread.
struct Broken;

impl Transport for Broken {
    fn send(&self, _: Request) -> Sending {
        panic!("the transport is broken")
    }
}

#[alert_on_err]
fn slips() -> Outcome {
    panic!("slipped");
}

#[alert_on_err]
fn carries() -> Outcome {
    slips()
}

extern "C" fn cannot_unwind() {
    panic!("in foreign hands");
}

#[alert_on_err]
fn calls_c() -> Outcome {
    cannot_unwind();
    Ok(())
}

struct Careless;

impl Drop for Careless {
    fn drop(&mut self) {
        panic!("in the destructor");
    }
}

#[alert_on_err]
fn drops_carelessly() -> Outcome {
    let _careless = Careless;
    panic!("before the destructor");
}

/// Fails and panics when its thread is as good as gone.
struct Last;

impl Drop for Last {
    fn drop(&mut self) {
        let _err = fails();
        drop(catch_unwind(slips));
    }
}

thread_local! {
    static LAST: RefCell<Option<Last>> = const { RefCell::new(None) };
}

#[alert_on_err]
fn fails() -> Outcome {
    Err(std::io::Error::other("no ink"))
}

#[alert_on_err(severity = "critical")]
fn fails_badly() -> Outcome {
    fails_plainly()
}

fn fails_plainly() -> Outcome {
    Err(std::io::Error::other("no ink"))
}

/// One failure is told, and another waits for the digest in ten minutes.
fn tells_one_and_keeps_one() {
    let _err = fails_badly();
    while alert_core::stats().delivered() == 0 {
        std::thread::sleep(Duration::from_millis(1));
    }
    let _err = fails();
}

/// Goes on until it is asked to end, and then ends in order.
async fn serves(guard: Guard) -> std::io::Result<()> {
    let mut terminated = signal(SignalKind::terminate())?;
    tells_one_and_keeps_one();
    println!();
    terminated.recv().await;
    guard.shutdown(Duration::from_secs(5)).await;
    Ok(())
}

fn overflow(depth: u64) -> u64 {
    overflow(depth.wrapping_add(1)).wrapping_add(depth)
}

fn main() {
    let how = std::env::args().nth(1).unwrap_or_default();
    let config = Config::new("dies")
        .policy(Policy::each())
        .robot(Robot::webhook("http://stdout.invalid/"));
    let directory = std::env::args_os().nth(2);
    let before = Before::of(directory.clone());
    let config = match directory {
        Some(directory) => config.policy(Policy::default()).spool(directory),
        None => config,
    };
    let config = match how.as_str() {
        "served" | "terminated" | "abort" | "overflow" => config.policy(Policy::digest_only()),
        _ => config,
    };
    let config = match how.as_str() {
        "stuck" => config.transport(Silence),
        "unheard" => config.transport(Unanswered),
        "broken" => config.transport(Broken),
        _ => config.transport(Lines),
    };
    let Ok(guard) = init(config) else {
        std::process::exit(3)
    };
    match how.as_str() {
        "annotated" | "stuck" => {
            let _never = carries();
        }
        "thread" => {
            let _ended = std::thread::spawn(|| panic!("in a thread")).join();
        }
        "extern-c" => {
            let _never = calls_c();
        }
        "destructor" => {
            let _never = drops_carelessly();
        }
        "replaced" => {
            set_hook(Box::new(|_| ()));
            for _ in 0..3 {
                drop(catch_unwind(carries));
            }
        }
        "thread-local" => {
            let thread = std::thread::spawn(|| LAST.with(|last| *last.borrow_mut() = Some(Last)));
            let _ended = thread.join();
        }
        "broken" => {
            let _err = fails();
            // The dispatcher's panic ends the process where panics abort.
            std::thread::sleep(Duration::from_secs(60));
        }
        // Nothing goes wrong.
        "closes" => drop(guard),
        "exit" => {
            let _err = fails();
            drop(guard);
            std::process::exit(0);
        }
        "aborts" | "unheard" => {
            let _err = fails_badly();
            before.one_more_lasts();
            std::process::abort();
        }
        "abort" => {
            tells_one_and_keeps_one();
            std::process::abort();
        }
        "served" => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
            if runtime
                .and_then(|runtime| runtime.block_on(serves(guard)))
                .is_err()
            {
                std::process::exit(5);
            }
        }
        "waits" => {
            println!();
            std::thread::sleep(Duration::from_secs(60));
        }
        "goes-on" => {
            println!();
            for _ in 0..200 {
                let _err = fails();
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        // As if it were never to end.
        "forgets" => core::mem::forget(guard),
        "terminated" => {
            tells_one_and_keeps_one();
            println!();
            std::thread::sleep(Duration::from_secs(60));
        }
        "overflow" => {
            tells_one_and_keeps_one();
            let _never = overflow(0);
        }
        _ => std::process::exit(4),
    }
}
