use alert_core::alert_on_err;

#[alert_on_err(colour = "red")]
async fn f() -> Result<(), String> {
    Ok(())
}

fn main() {}
