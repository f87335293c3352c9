use alert_core::alert_on_err;

#[alert_on_err(severity = "fatal", nme = "x", on(error), crate = "a")]
async fn f() -> Result<(), String> {
    Ok(())
}

fn main() {}
