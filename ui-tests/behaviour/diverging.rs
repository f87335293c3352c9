//! Bodies that never come to their end: nothing but the signature says what they would give.

#![deny(unreachable_code, unused, dependency_on_unit_never_type_fallback)]

use std::fmt::Debug;
use std::future::Future;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::pin::Pin;
use std::unimplemented as not_yet;

use alert_core::alert_on_err;

use crate::observe::{block_on, only, seen};

/// The function panics, and is named.
macro_rules! panics {
    ($($test:ident: { $($function:tt)* } $run:expr;)*) => {$(
        #[test]
        fn $test() {
            #[alert_on_err(crate = crate::observe)]
            $($function)*
            let result = catch_unwind(AssertUnwindSafe(|| { let _ = $run; }));
            assert!(result.is_err());
            assert_eq!(only().function, "f");
        }
    )*};
}

panics! {
    unit: { fn f() { panic!("x") } } f();
    unit_statement: { fn f() { panic!("x"); } } f();
    unit_written: { fn f() -> () { panic!("x") } } f();
    unit_todo: { fn f(_n: u8) { todo! {} } } f(1);
    unit_unimplemented: { fn f() { not_yet!("later") } } f();
    unit_unreachable: { fn f() { unreachable!() } } f();
    unit_last: { fn f(n: u8) { let m = n + 1; panic!("{}", m) } } f(1);
    unit_loop: { fn f(n: &mut u8) { loop { *n += 1; if *n == 9 { panic!("nine") } } } } f(&mut 1);
    unit_match: { fn f(n: u8) { match n { 0 => panic!("a"), _ => panic!("b") } } } f(1);
    unit_if: { fn f(n: u8) { if n == 0 { return; } panic!("b") } } f(1);
    unit_calls_never: { fn f() { never() } } f();
    later_unit: { async fn f() { panic!("x") } } block_on(f());
    later_unit_statement: { async fn f() { std::future::ready(1).await; panic!("x"); } } block_on(f());
    later_todo: { async fn f() { todo! {} } } block_on(f());
    later_loop: { async fn f(mut n: u8) { loop { std::future::ready(()).await; n += 1; if n == 9 { panic!("n") } } } } block_on(f(1));
    later_calls_never: { async fn f() { never() } } block_on(f());
    value: { fn f() -> u8 { panic!("x") } } f();
    result: { fn f() -> Result<u8, String> { todo! {} } } f();
    later_result: { async fn f() -> Result<u8, String> { todo! {} } } block_on(f());
    option: { fn f() -> Option<u8> { not_yet!() } } f();
    hidden: { fn f() -> impl Debug { todo! {} } } f();
    later_hidden: { async fn f() -> impl Debug + Send { panic!("x") } } block_on(f());
    boxed: { fn f() -> Pin<Box<dyn Future<Output = ()>>> { Box::pin(async move { panic!("x") }) } } block_on(f());
    opaque: { fn f() -> impl Future<Output = ()> { async move { panic!("x") } } } block_on(f());
    opaque_any: { fn f() -> impl Future { async move { panic!("x") } } } block_on(f());
    boxed_result: { fn f() -> Pin<Box<dyn Future<Output = Result<u8, u8>> + Send>> { Box::pin(async move { todo! {} }) } } block_on(f());
}

fn never() -> ! {
    panic!("never")
}

#[alert_on_err(crate = crate::observe)]
fn exits() {
    std::process::exit(3)
}

#[alert_on_err(crate = crate::observe)]
async fn exits_later() {
    std::process::exit(3)
}

#[alert_on_err(crate = crate::observe)]
fn runs_on() {
    loop {}
}

#[alert_on_err(crate = crate::observe)]
async fn runs_on_later() {
    loop {
        std::future::ready(()).await
    }
}

#[alert_on_err(crate = crate::observe, on(err, none, panic))]
fn both() -> Option<u8> {
    panic!("x")
}

struct S;

impl S {
    #[alert_on_err(crate = crate::observe)]
    fn method(&self) {
        panic!("x")
    }
    #[alert_on_err(crate = crate::observe)]
    async fn later(&mut self) {
        panic!("x")
    }
    #[alert_on_err(crate = crate::observe)]
    #[track_caller]
    fn tracked(&self) {
        panic!("x")
    }
}

#[test]
fn what_must_not_run_here_compiles() {
    let (_a, _b, _c): (fn(), fn(), fn(&S)) = (exits, runs_on, S::tracked);
    drop((exits_later(), runs_on_later()));
    let _ = catch_unwind(|| S.method());
    assert_eq!(only().function, "method");
    let _ = catch_unwind(|| block_on(S.later()));
    assert_eq!(only().function, "later");
    let _ = catch_unwind(both);
    assert_eq!(only().function, "both");
    assert!(seen().is_empty());
}
