use alert_core::alert_on_err;

#[alert_on_err(severity_by = |_| "error")]
async fn f() -> Result<(), String> {
    Ok(())
}

fn main() {}
