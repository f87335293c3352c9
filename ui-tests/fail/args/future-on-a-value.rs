use alert_core::alert_on_err;

#[alert_on_err(future)]
fn f() -> Result<u8, String> {
    Ok(1)
}

fn main() {}
