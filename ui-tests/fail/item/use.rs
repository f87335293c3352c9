use alert_core::alert_on_err;

#[alert_on_err]
use std::fmt::Debug;

fn uses(_: impl Debug) {}

fn main() {}
