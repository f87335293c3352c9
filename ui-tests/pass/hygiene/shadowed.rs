//! Names a user may have taken.
#![no_implicit_prelude]
#![allow(dead_code, unused_imports, non_camel_case_types)]

use ::alert_core::alert_on_err;

mod std {}
mod core {}
mod alert_core {}
struct Result;
struct Option;
enum Taken { Ok, Err, Some, None }
use self::Taken::{Err, None, Ok, Some};
type String = ();

trait Capture {
    fn capture(&self) {}
    fn failure(&self) {}
    fn describe(&self) {}
}
impl<T> Capture for T {}

#[alert_on_err]
async fn f<T, E, R, F, H>(e: T, r: E, fut: R, h: F, s: H) -> ::core::result::Result<(T, E, R, F, H), u8> {
    ::core::result::Result::Ok((e, r, fut, h, s))
}

#[alert_on_err(on(err, panic), when = |e| *e > 1, fields(a), key = "k")]
fn g(a: u8) -> ::core::result::Result<u8, u8> {
    let b = ::core::result::Result::<u8, u8>::Ok(a)?;
    ::core::result::Result::Ok(b)
}

#[alert_on_err(on(none))]
fn o(a: u8) -> ::core::option::Option<u8> {
    ::core::option::Option::Some(a)
}

fn main() {
    ::std::mem::drop(f(1, 2, 3, 4, 5));
    let _ = (g(1), o(1));
}
