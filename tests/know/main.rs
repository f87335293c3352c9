//! What an alert knows: where an error came from, by which way, and what caused it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says that something is wrong by panicking"
)]

mod around;
mod errors;
mod escapes;
mod panics;
mod paths;
mod requests;
mod rules;
mod traces;
mod turn;
