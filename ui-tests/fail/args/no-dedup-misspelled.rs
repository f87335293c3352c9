use alert_core::alert_on_err;

#[alert_on_err(no_dedupe)]
async fn f() -> Result<(), String> {
    Ok(())
}

fn main() {}
