use alert_core::alert_on_err;

#[alert_on_err]
const fn f() -> u8 {
    1
}

const _: u8 = f();

fn main() {}
