//! The attribute on `impl` blocks and modules.

use alert_core::alert_on_err;

use crate::observe::{block_on, only, seen};

struct Store;

#[alert_on_err(crate = crate::observe)]
impl Store {
    const SIZE: usize = { 3 };

    /// Can fail.
    async fn load(&self) -> Result<u8, String> {
        Err("load".to_owned())
    }
    pub(crate) fn save(&self) -> Result<u8, String> {
        Err("save".to_owned())
    }
    #[alert_on_err(skip)]
    fn skipped(&self) -> Result<u8, String> {
        Err("skipped".to_owned())
    }
    #[alert_on_err(name = "its own name")]
    fn own(&self) -> Result<u8, String> {
        Err("own".to_owned())
    }
    const fn constant(&self) -> Result<u8, u8> {
        Err(1)
    }
    fn len(&self) -> usize {
        Self::SIZE
    }
}

trait Load {
    fn get(&self) -> Result<u8, String>;
}

#[alert_on_err(crate = crate::observe)]
impl Load for Store {
    fn get(&self) -> Result<u8, String> {
        Err("get".to_owned())
    }
}

#[alert_on_err(crate = crate::observe)]
mod inside {
    #![allow(unused)]

    use super::Store;

    pub fn free() -> Result<u8, String> {
        Err("free".to_owned())
    }

    // No functions, whatever their types say.
    pub struct Later<T, F = fn() -> T> {
        pub make: F,
        pub made: Option<T>,
    }
    pub static LATER: Later<String, fn() -> Result<u8, String>> = Later {
        make: free,
        made: None,
    };
    pub type Make = fn() -> Result<u8, String>;
    pub trait Made {
        const MAKE: fn() -> Result<u8, String> = free;
    }

    impl Store {
        pub fn nested(&self) -> Result<u8, String> {
            Err("nested".to_owned())
        }
    }

    pub mod deeper {
        pub fn deep() -> Result<u8, String> {
            Err("deep".to_owned())
        }
    }
}

struct Till;

#[alert_on_err(
    crate = crate::observe,
    severity = "critical",
    on(err, panic),
    key = Vec::<(u8, u8)>::new().len(),
    when = |error: &String| error != "expected",
)]
impl Till {
    #[alert_on_err]
    fn as_the_block(&self) -> Result<u8, String> {
        Err("block".to_owned())
    }
    #[alert_on_err(severity = "info", key = "own")]
    async fn own(&self, text: &str) -> Result<u8, String> {
        Err(text.to_owned())
    }
    #[alert_on_err(on(panic))]
    fn panics_only(&self) -> Result<u8, String> {
        Err("x".to_owned())
    }
}

#[test]
fn a_function_says_what_differs_from_its_block() {
    let _ = Till.as_the_block();
    let seen_first = only();
    assert_eq!(
        (seen_first.severity, seen_first.key.as_deref()),
        (Some(alert_core::Severity::Critical), Some("0"))
    );
    let _ = block_on(Till.own("x"));
    let own = only();
    assert_eq!(
        (own.severity, own.key.as_deref()),
        (Some(alert_core::Severity::Info), Some("own"))
    );
    let _ = block_on(Till.own("expected"));
    let _ = Till.panics_only();
    assert_eq!(seen(), vec![]);
}

#[test]
fn every_function_that_can_fail() {
    let _ = block_on(Store.load());
    assert_eq!(only().function, "load");
    let _ = Store.save();
    assert_eq!(only().function, "save");
    let _ = Store.skipped();
    let _ = Store.constant();
    assert_eq!((Store.len(), seen()), (3, vec![]));
    let _ = Store.own();
    assert_eq!(only().function, "its own name");
    let _ = Store.get();
    assert_eq!(only().function, "get");
    let _ = inside::free();
    assert_eq!(only().function, "free");
    let _ = Store.nested();
    assert_eq!(only().function, "nested");
    let _ = inside::deeper::deep();
    assert_eq!(only().function, "deep");
}
