use alert_core::alert_on_err;

#[alert_on_err(fields(a, a))]
async fn f(a: u8) -> Result<u8, String> {
    Ok(a)
}

fn main() {}
