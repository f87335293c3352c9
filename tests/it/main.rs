//! What the README promises, tried over real HTTP against the inbox: a module per promise.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says that something is wrong by panicking"
)]

mod answers;
mod clocks;
mod config;
mod delivery;
mod health;
mod hostile;
mod leaks;
mod lifecycle;
mod links;
mod panics;
mod processes;
mod refusals;
mod reports;
mod restarts;
mod routes;
mod secrets;
mod storms;
mod strangers;
mod successors;
mod tidy;
mod unreachable;
mod verify;
