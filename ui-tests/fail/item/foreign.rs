use alert_core::alert_on_err;


unsafe extern "C" {
    #[alert_on_err]
    fn f();
}

fn main() {}
