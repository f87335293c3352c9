use alert_core::alert_on_err;

#[alert_on_err(when = |_| 3)]
async fn f() -> Result<(), String> {
    Ok(())
}

fn main() {}
