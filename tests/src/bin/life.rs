//! Lives through what a process can live through only once: `life <what> [address of a webhook]`.

#![expect(clippy::unnecessary_wraps, reason = "stands for one that does more")]
#![allow(
    clippy::print_stdout,
    clippy::exit,
    reason = "its words and its end are what the tests look at"
)]

use std::process::ExitCode;
use std::time::Duration;

use alert_core::{Config, Guard, Policy, Robot, alert_on_err};
use alert_tests::resident;

#[alert_on_err]
fn fail() -> Result<(), std::io::Error> {
    Err(std::io::Error::other("no ink"))
}

#[alert_on_err]
fn middle() -> Result<(), std::io::Error> {
    fail()
}

#[alert_on_err]
fn top() -> Result<(), std::io::Error> {
    middle()
}

#[alert_on_err]
fn slip() -> Result<(), std::io::Error> {
    #[expect(clippy::unwrap_used, reason = "the test wants this panic")]
    let _ink = std::env::var_os("NOBODY SETS THIS").unwrap();
    Ok(())
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (what, url) = (
        arguments.next().unwrap_or_default(),
        arguments.next().unwrap_or_default(),
    );
    let start = || {
        start(
            Config::new("life")
                .policy(Policy::each())
                .robot(Robot::webhook(url.clone())),
        )
    };
    match what.as_str() {
        // Failures before `init`, from as many threads as asked for.
        "early" => {
            let each = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(0);
            let threads: Vec<_> = (0..4)
                .map(|_| std::thread::spawn(move || (0..each).filter(|_| fail().is_err()).count()))
                .collect();
            for thread in threads {
                let _failed = thread.join();
            }
            println!("before {}", alert_core::stats().captured());
            println!(
                "listed {}",
                alert_core::sites()
                    .filter(|site| site.function() == "fail")
                    .count()
            );
            end(start());
        }
        // One error through three functions, when there is no room left for the words of any.
        "full" => {
            for _ in 0..100 {
                let _failed = fail();
            }
            let _failed = top();
            println!("before {}", alert_core::stats().captured());
            end(start());
        }
        // Settings from the environment alone.
        "environment" => match alert_core::init(Config::from_env()) {
            Ok(guard) => {
                println!("pid {}", std::process::id());
                let _failed = fail();
                end(Some(guard));
            }
            Err(error) => {
                println!("refused {error}");
                for (setting, _) in error.problems() {
                    println!("setting-{setting} yes");
                }
            }
        },
        // As many failures as are held, each with megabytes in every text it brings.
        "huge" => {
            let _first = fail_hugely(1, Huge(1), Huge(1));
            let before = resident();
            let failed = (0..99).filter(|number| fail_hugely(*number, Huge(PIECES), Huge(PIECES)).is_err());
            println!("failed {}", failed.count());
            println!("grown {}", resident().saturating_sub(before));
            end(start());
        }
        // A robot that cannot be reached, and what is said of that.
        "unheard" => unheard(&url),
        // The guard is on the stack that a panic of `main` unwinds.
        "panic" => {
            let _guard = start();
            let _never = slip();
        }
        // No destructor runs.
        "exit" => {
            let _guard = start();
            let _failed = fail();
            std::process::exit(7);
        }
        // A guard that is never dropped.
        "forgotten" => {
            let guard = start();
            let _failed = fail();
            #[expect(clippy::mem_forget, reason = "what the test is about")]
            core::mem::forget(guard);
        }
        _ => return ExitCode::FAILURE,
    }
    ExitCode::SUCCESS
}

/// Five megabytes.
const PIECES: usize = 5_000;

/// A text that is nowhere in memory, of so many kilobytes.
#[derive(Debug, Clone, Copy)]
struct Huge(usize);

impl std::fmt::Display for Huge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Goes on whatever it is told: what stops it is its end.
        for _ in 0..self.0 {
            let _full = f.write_str(PIECE);
        }
        Ok(())
    }
}

/// A thousand bytes, and some.
const PIECE: &str = concat!(include_str!("silent.rs"), "\u{1F5A8}");

impl std::error::Error for Huge {}

#[alert_on_err(
    fields(%text, a = text, b = text, c = text, d = text, e = text, f = text, g = text, h = text, i = text, j = text, number),
    key = text
)]
fn fail_hugely(number: u64, error: Huge, text: Huge) -> Result<(), Huge> {
    Err(error)
}

fn unheard(url: &str) {
    let Ok(robot) = Robot::from_url(url) else { return };
    let guard = start(
        Config::new("life")
            .policy(Policy::each())
            .timeout(Duration::from_millis(500))
            .connect_timeout(Duration::from_millis(500))
            .on_error(|error| println!("error {} failed to {error}", error.code()))
            .robot(robot),
    );
    let _failed = fail();
    until(|| alert_core::stats().failed_messages() > 0);
    end(guard);
    until(|| !has_dispatcher());
    println!("dispatcher {}", if has_dispatcher() { "stays" } else { "gone" });
}

/// Waits, and not for ever, until something holds.
fn until(holds: impl Fn() -> bool) {
    for _ in 0..3_000 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Whether a thread of this process is a dispatcher's, where the system tells.
fn has_dispatcher() -> bool {
    let threads = std::fs::read_dir("/proc/self/task")
        .into_iter()
        .flatten()
        .flatten();
    let mut names = threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("comm")).ok());
    names.any(|name| name.trim_end() == "alert-dispatch")
}

fn start(config: Config) -> Option<Guard> {
    match alert_core::init(config) {
        Ok(guard) => Some(guard),
        Err(error) => {
            println!("refused {error}");
            None
        }
    }
}

fn end(guard: Option<Guard>) {
    drop(guard);
    let stats = alert_core::stats();
    println!("captured {}", stats.captured());
    println!("delivered {}", stats.delivered());
    println!("pending {}", stats.pending());
    println!("dropped {}", stats.dropped());
}
