use alert_core::alert_on_err;

#[alert_on_err(on(err, err))]
async fn f() -> Result<(), String> {
    Ok(())
}

fn main() {}
