use alert_core::alert_on_err;

#[alert_on_err]
async fn f(text: String) -> Result<usize, String> {
    text.
}

fn main() {}
