use alert_core::alert_on_err;

#[alert_on_err(keep_async = false)]
async fn f() -> ! {
    loop {}
}

fn main() {}
