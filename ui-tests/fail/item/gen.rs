use alert_core::alert_on_err;

#[alert_on_err]
gen fn each() -> u8 {
    yield 1;
}

fn main() {}
