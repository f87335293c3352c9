use alert_core::alert_on_err;


unsafe extern "C" {
    #[alert_on_err]
    fn printf(format: *const u8, ...) -> i32;
}

fn main() {}
