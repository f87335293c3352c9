use alert_core::alert_on_err;

#[alert_on_err]
const C: u8 = 1;

fn main() {}
