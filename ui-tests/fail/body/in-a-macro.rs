use alert_core::alert_on_err;

macro_rules! make {
    ($name:ident, $body:expr) => {
        #[alert_on_err]
        async fn $name() -> Result<u8, String> {
            $body
        }
    };
}

make!(f, 7);

fn main() {}
