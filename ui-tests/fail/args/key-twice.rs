use alert_core::alert_on_err;

#[alert_on_err(name = "a", name = "b")]
async fn f() -> Result<(), String> {
    Ok(())
}

fn main() {}
