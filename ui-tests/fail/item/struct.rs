use alert_core::alert_on_err;

#[alert_on_err]
struct S;

fn uses(_: S) {}

fn main() {}
