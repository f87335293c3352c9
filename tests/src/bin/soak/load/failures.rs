//! The shapes in which something fails.

#![expect(clippy::unnecessary_wraps, reason = "stands for one that does more")]

use core::fmt;
use std::io;
use std::num::ParseIntError;
use std::panic::{AssertUnwindSafe, catch_unwind};

use alert_core::{Severity, alert_on_err, raise};

/// One thing that goes wrong.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// A sync function, always of one kind.
    Weighs,
    /// A sync function whose words differ each time.
    Numbers,
    /// Three async functions that an error passes through.
    Nested,
    /// Severe: a lost connection.
    Connects,
    /// An async function panics, in a task of its own where there are tasks.
    Panics,
    /// Raised by hand.
    Raised,
    /// Putting it into words fails through another annotated function.
    Recurses,
}

impl Shape {
    /// What a task does in its `n`th turn of this hour. Two shapes an hour, since more kinds would share a message, and
    /// few messages meet few troubles.
    pub(super) fn of_task(hour: u64, n: u64) -> Self {
        match (hour * 2 + n % 2) % 7 {
            0 | 1 => Shape::Nested,
            2 => Shape::Connects,
            3 => Shape::Panics,
            4 => Shape::Numbers,
            5 => Shape::Recurses,
            _ => Shape::Raised,
        }
    }

    /// What a plain thread does.
    pub(super) fn of_thread(hour: u64, n: u64) -> Self {
        match (hour + n % 2) % 5 {
            0 => Shape::Weighs,
            1 => Shape::Numbers,
            2 => Shape::Raised,
            3 => Shape::Recurses,
            _ => Shape::Panics,
        }
    }

    /// The `n`th failure of a storm.
    pub(super) fn of_storm(n: u64) -> Self {
        match n % 512 {
            0 => Shape::Panics,
            1..32 => Shape::Numbers,
            _ => Shape::Weighs,
        }
    }

    /// How many failures it is, at least and at most.
    pub(super) const fn failures(self) -> (u64, u64) {
        match self {
            Shape::Nested => (1, 3),
            // The other one only fails when this one is put into words.
            Shape::Recurses => (1, 2),
            _ => (1, 1),
        }
    }

    /// Fails without a runtime.
    pub(super) fn fail(self, n: u64) {
        let _failed = match self {
            Shape::Weighs => weighs().is_err(),
            Shape::Recurses => recurses().is_err(),
            Shape::Panics => catch_unwind(AssertUnwindSafe(|| slips(n))).is_err(),
            Shape::Raised => {
                raise(Severity::Warning, &io::Error::other("by hand"));
                true
            }
            _ => numbers(n).is_err(),
        };
    }

    /// Fails in a task.
    pub(super) async fn fail_in_task(self, n: u64) {
        let _failed = match self {
            Shape::Nested => handles(n % 3).await.is_err(),
            Shape::Connects => connects().await.is_err(),
            Shape::Panics => tokio::spawn(falls(n)).await.is_err(),
            shape => {
                shape.fail(n);
                true
            }
        };
    }
}

#[alert_on_err]
fn weighs() -> Result<u8, ParseIntError> {
    "not a number".parse::<u8>()
}

#[alert_on_err(severity = "warning")]
fn numbers(n: u64) -> Result<(), io::Error> {
    Err(io::Error::other(format!("order {n} has no ink")))
}

#[alert_on_err(severity = "critical")]
async fn connects() -> Result<(), io::Error> {
    tokio::task::yield_now().await;
    Err(io::Error::from(io::ErrorKind::ConnectionRefused))
}

#[alert_on_err]
async fn reads(row: u64) -> Result<String, io::Error> {
    tokio::task::yield_now().await;
    Err(io::Error::other(format!("no row {row} in table `orders`")))
}

#[alert_on_err]
async fn serves(row: u64) -> Result<String, io::Error> {
    let text = reads(row).await?;
    Ok(text)
}

#[alert_on_err]
async fn handles(row: u64) -> Result<String, io::Error> {
    let text = serves(row).await?;
    Ok(text)
}

#[alert_on_err]
fn slips(n: u64) -> Result<(), io::Error> {
    assert_eq!(n, u64::MAX, "slipped");
    Ok(())
}

#[alert_on_err]
async fn falls(n: u64) -> Result<(), io::Error> {
    tokio::task::yield_now().await;
    assert_eq!(n, u64::MAX, "fell");
    Ok(())
}

/// Nobody can say what it is without another failure.
#[derive(Debug)]
struct Maze;

impl fmt::Display for Maze {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if weighs().is_ok() {
            "heavy"
        } else {
            "round and round"
        })
    }
}

impl std::error::Error for Maze {}

#[alert_on_err]
fn recurses() -> Result<(), Maze> {
    Err(Maze)
}
