use alert_core::alert_on_err;

#[alert_on_err(crate = "a::b")]
async fn f() -> Result<(), String> {
    Ok(())
}

fn main() {}
