#![deny(dead_code)]

use alert_core::alert_on_err;

#[alert_on_err]
fn dead() -> Result<(), String> {
    Ok(())
}

fn main() {}
