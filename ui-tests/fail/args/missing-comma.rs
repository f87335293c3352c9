use alert_core::alert_on_err;

#[alert_on_err(severity = "error" name = "a")]
async fn f() -> Result<(), String> {
    Ok(())
}

fn main() {}
