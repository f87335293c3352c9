use alert_core::alert_on_err;

struct Own;

#[alert_on_err]
async fn f() -> Result<u8, Own> {
    Ok("1".parse::<u8>()?)
}

fn main() {}
