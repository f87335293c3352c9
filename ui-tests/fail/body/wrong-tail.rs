use alert_core::alert_on_err;

#[alert_on_err]
async fn f() -> Result<u8, String> {
    "text"
}

fn main() {}
