use alert_core::alert_on_err;

#[alert_on_err(fields(self))]
async fn f() -> Result<(), String> {
    Ok(())
}

fn main() {}
