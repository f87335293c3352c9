use alert_core::alert_on_err;

unsafe extern "C" {
    #[alert_on_err]
    pub safe fn f();
}

fn main() {}
