//! Does to itself what takes unsafe code: `alert-raw-tests <what> <directory of the spool>`. Each message that would be sent
//! is a line of its output.

use std::ffi::OsStr;
use std::io::Write;
use std::panic::catch_unwind;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use alert_core::{Config, Reply, Request, Robot, Sending, Transport, alert_on_err, init};

/// Writes each message's body as a line, with the number of the process that sends it before it.
struct Lines;

impl Transport for Lines {
    fn send(&self, request: Request) -> Sending {
        let mut line = format!("{} ", std::process::id()).into_bytes();
        line.extend_from_slice(request.body());
        line.push(b'\n');
        let mut out = std::io::stdout();
        let _written = out.write_all(&line).and_then(|()| out.flush());
        Box::pin(async { Ok(Reply::new(200, Vec::new())) })
    }
}

/// An error that takes no memory.
#[derive(Debug)]
struct NoInk;

impl std::fmt::Display for NoInk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no ink")
    }
}

impl std::error::Error for NoInk {}

#[alert_on_err]
fn parent_fails() -> Result<(), NoInk> {
    Err(NoInk)
}

#[alert_on_err]
fn child_fails() -> Result<(), NoInk> {
    Err(NoInk)
}

#[alert_on_err]
fn child_slips() -> Result<(), NoInk> {
    panic!("in the child")
}

/// Of other words: with the same it would be the error of the function it interrupts, on its way up.
#[derive(Debug)]
struct NoPaper;

impl std::fmt::Display for NoPaper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no paper")
    }
}

impl std::error::Error for NoPaper {}

#[alert_on_err]
fn handler_fails() -> Result<(), NoPaper> {
    Err(NoPaper)
}

static SIGNALS: AtomicU64 = AtomicU64::new(0);

/// Runs in the middle of whatever the thread does.
extern "C" fn on_signal(_: libc::c_int) {
    let _failed = handler_fails();
    SIGNALS.fetch_add(1, Ordering::SeqCst);
}

fn main() -> ExitCode {
    let what = std::env::args().nth(1).unwrap_or_default();
    let spool = std::env::args_os().nth(2).unwrap_or_default();
    let config = Config::new("raw")
        .robot(Robot::webhook("http://stdout.invalid/"))
        .spool(&spool)
        .transport(Lines);
    let Ok(guard) = init(config) else {
        return ExitCode::from(3);
    };
    let done = match what.as_str() {
        "fork" => {
            let _failed = parent_fails();
            // SAFETY: the child calls what a child of a process with threads had better not, which is what this is about;
            // no other thread works at this moment.
            match unsafe { libc::fork() } {
                0 => return child(guard),
                child => has_ended_well(child) && is_marked(&spool) && alert_core::stats().captured() == 1,
            }
        }
        "signals" => fails_while_signals_come(),
        _ => false,
    };
    drop(guard);
    let stats = alert_core::stats();
    let balanced = stats.captured() == stats.delivered() + stats.dropped() && stats.pending() == 0;
    eprintln!("{stats}");
    if done && balanced {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Fails more often than the channel holds, panics, and ends in order: nobody may wait for a dispatcher that is not there.
fn child(guard: alert_core::Guard) -> ExitCode {
    let start = Instant::now();
    for _ in 0..1_000 {
        let _failed = child_fails();
    }
    let _caught = catch_unwind(child_slips);
    let is_off = !alert_core::health().is_running();
    let refused = init(
        Config::new("raw")
            .robot(Robot::webhook("http://stdout.invalid/"))
            .transport(Lines),
    );
    let says_why = refused.is_err_and(|error| error.to_string().contains("forked"));
    drop(guard);
    // What waits for a dispatcher in vain takes two seconds.
    let at_once = start.elapsed() < Duration::from_secs(1);
    if is_off && says_why && at_once {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(9)
    }
}

/// Whether the parent's run still counts as one that was not closed.
fn is_marked(spool: &OsStr) -> bool {
    let files = std::fs::read_dir(spool).into_iter().flatten().flatten();
    files
        .map(|file| file.path())
        .any(|path| path.extension() == Some(OsStr::new("alive")))
}

fn has_ended_well(child: libc::pid_t) -> bool {
    let mut status = 0;
    // SAFETY: it writes to `status` alone.
    let ended = unsafe { libc::waitpid(child, &raw mut status, 0) };
    ended == child && libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0
}

/// A thousand signals interrupt a thread that captures one failure after the other.
fn fails_while_signals_come() -> bool {
    static STARTED: AtomicBool = AtomicBool::new(false);
    let handler = on_signal as extern "C" fn(libc::c_int);
    // SAFETY: it lives as long as the program. That it captures a failure is what this is about.
    unsafe { libc::signal(libc::SIGUSR1, handler as libc::sighandler_t) };
    // SAFETY: it asks for a number.
    let this = unsafe { libc::pthread_self() };
    let sender = thread::spawn(move || {
        for sent in 0..1_000_u64 {
            while !STARTED.load(Ordering::SeqCst) || SIGNALS.load(Ordering::SeqCst) < sent {
                std::hint::spin_loop();
            }
            // SAFETY: the thread waits for this one to end.
            unsafe { libc::pthread_kill(this, libc::SIGUSR1) };
        }
    });
    let mut failures = 0;
    while SIGNALS.load(Ordering::SeqCst) < 1_000 {
        let _failed = parent_fails();
        failures += 1;
        STARTED.store(true, Ordering::SeqCst);
    }
    let captured = alert_core::stats().captured();
    eprintln!("{captured} captured of {failures} and those of the signals");
    sender.join().is_ok() && captured == failures + 1_000
}
