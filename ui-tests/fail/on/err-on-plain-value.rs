use alert_core::alert_on_err;

#[alert_on_err(on(err))]
fn f() -> u8 {
    1
}

fn main() {}
