use alert_core::alert_on_err;

#[alert_on_err(error(pretty))]
async fn f() -> Result<(), String> {
    Ok(())
}

fn main() {}
