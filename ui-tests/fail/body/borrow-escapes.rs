use alert_core::alert_on_err;

#[alert_on_err]
async fn f() -> Result<&'static str, String> {
    let local = String::new();
    Ok(&local)
}

fn main() {}
