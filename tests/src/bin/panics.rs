//! Panics with hooks of its own: `panics <what> <address of a webhook>`.

#![allow(
    clippy::print_stdout,
    clippy::panic,
    reason = "its words and its panics are what the tests look at"
)]

use std::panic::{catch_unwind, set_hook};
use std::process::ExitCode;

use alert_core::{Config, Robot, alert_on_err};

#[alert_on_err]
fn slip() -> Result<(), std::io::Error> {
    panic!("overboard")
}

/// A hook that knows of no other.
fn own_hook() {
    set_hook(Box::new(|info| {
        let text = info.payload().downcast_ref::<&str>().copied();
        println!("hook saw: {}", text.unwrap_or("?"));
    }));
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (what, url) = (
        arguments.next().unwrap_or_default(),
        arguments.next().unwrap_or_default(),
    );
    match what.as_str() {
        "hook-before" => own_hook(),
        "storm" => set_hook(Box::new(|_| ())),
        _ => (),
    }
    let config = Config::new("ship").robot(Robot::webhook(url));
    let config = config.on_error(|error| println!("error failed to {error}"));
    let Ok(guard) = alert_core::init(config) else {
        return ExitCode::FAILURE;
    };
    match what.as_str() {
        "hook-before" => drop(catch_unwind(slip)),
        "hook-after" => {
            own_hook();
            for _ in 0..2 {
                drop(catch_unwind(slip));
            }
        }
        "storm" => {
            let threads: Vec<_> = (0..4)
                .map(|_| {
                    std::thread::spawn(|| {
                        for _ in 0..500 {
                            drop(catch_unwind(slip));
                        }
                    })
                })
                .collect();
            for thread in threads {
                let _ended = thread.join();
            }
        }
        _ => return ExitCode::FAILURE,
    }
    drop(guard);
    let stats = alert_core::stats();
    println!("captured {}", stats.captured());
    println!("delivered {}", stats.delivered());
    ExitCode::SUCCESS
}
