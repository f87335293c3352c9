use alert_core::alert_on_err;

#[alert_on_err]
async fn f() {
    "1".parse::<u8>()?;
}

fn main() {}
