use alert_core::alert_on_err;

struct S;

#[alert_on_err(name = "x")]
impl S {}

fn main() {}
