#![deny(unused_variables)]

use alert_core::alert_on_err;

#[alert_on_err]
pub async fn f(used: u8, unused: u8) -> Result<u8, String> {
    Ok(used)
}

fn main() {}
