//! Functions that a macro writes: types, names, bodies and arguments arrive in invisible groups.

use std::future::Future;
use std::pin::Pin;

use alert_core::alert_on_err;

macro_rules! make {
    ($severity:literal, $vis:vis $name:ident($arg:ident: $ty:ty) -> $ret:ty $body:block) => {
        #[alert_on_err(severity = $severity)]
        $vis async fn $name($arg: $ty) -> $ret $body
    };
}
make!("error", pub make_public(a: &str) -> Result<usize, String> { Ok(a.len()) });
make!("info", private(a: u8) -> Result<u8, String> { Ok(a + 1) });

macro_rules! make_sync {
    ($name:ident, $ret:ty, $body:expr) => {
        #[alert_on_err]
        fn $name() -> $ret { $body }
    };
}
make_sync!(never, !, std::process::exit(0));
make_sync!(boxed, Pin<Box<dyn Future<Output = Result<u8, u8>> + Send>>, Box::pin(async move { Ok(1) }));
make_sync!(opaque, impl Future<Output = Result<u8, u8>>, async move { Ok(1) });
make_sync!(result, Result<u8, std::num::ParseIntError>, Ok("1".parse::<u8>()?));

struct S(u8);
macro_rules! method {
    ($self:ident => $body:expr) => {
        impl S { #[alert_on_err] async fn method(&$self) -> Result<u8, u8> { $body } }
    };
}
method!(self => Ok(self.0));

fn main() {
    drop(make_public("a"));
    drop(private(1));
    drop(boxed());
    drop(opaque());
    let _ = result();
    drop(S(1).method());
    if std::env::args().count() > 9 { never() }
}
