use alert_core::alert_on_err;

#[alert_on_err(boundary = "yes")]
async fn f() -> Result<(), String> {
    Ok(())
}

fn main() {}
