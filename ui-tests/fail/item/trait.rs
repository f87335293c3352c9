use alert_core::alert_on_err;

#[alert_on_err]
trait T {}

fn main() {}
