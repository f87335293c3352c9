//! Where the crate has another path.

mod re {
    pub mod exported {
        pub use alert_core::*;
    }
}

use re::exported::alert_on_err;

#[alert_on_err(crate = crate::re::exported)]
async fn f() -> Result<u8, String> {
    Ok(1)
}

#[alert_on_err(crate = crate::re::exported)]
mod inside {
    pub fn g() -> Result<u8, String> {
        Ok(1)
    }
}

fn main() {
    drop(f());
    let _ = inside::g();
}
