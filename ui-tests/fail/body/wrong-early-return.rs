use alert_core::alert_on_err;

#[alert_on_err]
async fn f(a: u8) -> Result<u8, String> {
    if a == 1 {
        return 7;
    }
    Ok(a)
}

fn main() {}
