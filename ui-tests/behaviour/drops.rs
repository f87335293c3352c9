//! Values are dropped when and in the order in which the plain function drops them.

use std::cell::RefCell;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Mutex;

use alert_core::alert_on_err;

use crate::observe::{block_on, pause, poll};

thread_local! {
    static DROPS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Writes its name down when dropped.
pub struct D(String);

impl Drop for D {
    fn drop(&mut self) {
        DROPS.with(|drops| drops.borrow_mut().push(std::mem::take(&mut self.0)));
    }
}

fn d(name: &str) -> D {
    D(name.to_owned())
}

fn drops(run: impl FnOnce()) -> Vec<String> {
    DROPS.with(|drops| drops.borrow_mut().clear());
    run();
    DROPS.with(|drops| drops.take())
}

/// The same function twice, plain and watched; `run` is given each of them as `f`.
macro_rules! same {
    ($test:ident: $order:literal, { $($function:tt)* }, $run:expr) => {
        #[test]
        fn $test() {
            #[allow(unused, clippy::all)]
            mod plain { use super::*; $($function)* pub fn run() { $run } }
            #[allow(unused, clippy::all)]
            mod watched { use super::*; #[alert_on_err] $($function)* pub fn run() { $run } }
            assert_eq!(drops(plain::run).join(" "), $order, "the plain function");
            assert_eq!(drops(watched::run).join(" "), $order, "the watched function");
        }
    };
}

same!(async_finished: "l c b a", {
    pub async fn f(a: D, b: D, c: D) -> Result<(), u8> { let l = d("l"); pause().await; let _: (&D, &D, &D) = (&a, &b, &c); Ok(()) }
}, { let _ = block_on(f(d("a"), d("b"), d("c"))); });

same!(async_unmentioned: "l c b a", {
    pub async fn f(a: D, b: D, c: D) -> Result<(), u8> { let l = d("l"); pause().await; Ok(()) }
}, { let _ = block_on(f(d("a"), d("b"), d("c"))); });

same!(async_some_unmentioned: "l c b a", {
    pub async fn f(a: D, b: D, c: D) -> Result<(), u8> { let l = d("l"); pause().await; let _x = &a; Ok(()) }
}, { let _ = block_on(f(d("a"), d("b"), d("c"))); });

same!(async_early_return: "l c b a", {
    pub async fn f(a: D, b: D, c: D) -> Result<(), u8> { let l = d("l"); let _x = (&c, &a); if l.0.len() == 1 { return Err(1); } pause().await; Ok(()) }
}, { let _ = block_on(f(d("a"), d("b"), d("c"))); });

same!(async_question_mark: "l c b a", {
    pub async fn f(a: D, b: D, c: D) -> Result<(), u8> { let l = d("l"); let _x = (&c, &a); Err(1)?; pause().await; Ok(()) }
}, { let _ = block_on(f(d("a"), d("b"), d("c"))); });

same!(async_cancelled: "l c b a", {
    pub async fn f(a: D, b: D, c: D) -> Result<(), u8> { let l = d("l"); pause().await; let _x = (&c, &a, &b); Ok(()) }
}, { let mut future = Box::pin(f(d("a"), d("b"), d("c"))); assert!(poll(future.as_mut()).is_pending()); });

same!(async_never_polled: "a b c", {
    pub async fn f(a: D, b: D, c: D) -> Result<(), u8> { let _x = (&c, &a, &b); Ok(()) }
}, { drop(f(d("a"), d("b"), d("c"))); });

same!(async_wild: "c b _", {
    pub async fn f(_: D, _b: D, c: D) -> Result<(), u8> { let _x = &c; Ok(()) }
}, { let _ = block_on(f(d("_"), d("b"), d("c"))); });

same!(async_wild_in_between: "c _ a", {
    pub async fn f(a: D, _: D, c: D) -> Result<(), u8> { let _x = (&c, &a); Ok(()) }
}, { let _ = block_on(f(d("a"), d("_"), d("c"))); });

same!(async_pattern: "b p0 p1", {
    pub async fn f((a, _): (D, D), b: D) -> Result<(), u8> { let _x = (&a, &b); Ok(()) }
}, { let _ = block_on(f((d("p0"), d("p1")), d("b"))); });

same!(async_mut: "a c b a2", {
    pub async fn f(mut a: D, b: D, mut c: D) -> Result<(), u8> { a = d("a2"); c.0.push_str(""); Ok(()) }
}, { let _ = block_on(f(d("a"), d("b"), d("c"))); });

same!(async_partial_move: "p0 b p1", {
    pub async fn f(p: (D, D), b: D) -> Result<(), u8> { let _x = p.0; Ok(()) }
}, { let _ = block_on(f((d("p0"), d("p1")), d("b"))); });

same!(async_mut_self: "changed", {
    pub async fn f(a: T) -> Result<(), u8> { a.consume().await }
    pub struct T { n: u8 }
    impl Drop for T { fn drop(&mut self) { drop(d(if self.n == 0 { "changed" } else { "as it was" })); } }
    impl T { #[alert_on_err] async fn consume(mut self) -> Result<(), u8> { self.n = 0; Ok(()) } }
}, { let _ = block_on(f(T { n: 1 })); });

same!(async_tail_temporary: "t a", {
    pub async fn f(a: D) -> Result<usize, u8> { Ok(Mutex::new(d("t")).lock().unwrap().0.len() + a.0.len()) }
}, { let _ = block_on(f(d("a"))); });

same!(async_mut_tail_temporary: "t a", {
    pub async fn f(mut a: D) -> Result<usize, u8> { a.0.push_str(""); Ok(Mutex::new(d("t")).lock().unwrap().0.len() + a.0.len()) }
}, { let _ = block_on(f(d("a"))); });

same!(private_async_mut_tail_temporary: "t a", {
    async fn f(mut a: D) -> Result<usize, u8> { a.0.push_str(""); Ok(Mutex::new(d("t")).lock().unwrap().0.len() + a.0.len()) }
}, { let _ = block_on(f(d("a"))); });

same!(sync_mut_tail_temporary: "t a", {
    pub fn f(mut a: D) -> Result<usize, u8> { a.0.push_str(""); Ok(Mutex::new(d("t")).lock().unwrap().0.len() + a.0.len()) }
}, { let _ = f(d("a")); });

same!(mut_guard_in_a_tail: "m m2", {
    pub fn f(mut m: Mutex<D>) -> Result<usize, u8> { m = Mutex::new(d("m2")); Ok(m.lock().unwrap().0.len()) }
}, { let _ = f(Mutex::new(d("m"))); });

same!(async_method_never_polled: "o a b", {
    pub async fn f(owner: Owner, a: D, b: D) -> Result<(), u8> { owner.run(a, b).await }
    pub struct Owner(pub D);
    impl Owner { #[alert_on_err] pub async fn run(self, a: D, b: D) -> Result<(), u8> { let _x = (&b, &self, &a); Ok(()) } }
}, { drop(Owner(d("o")).run(d("a"), d("b"))); });

same!(async_method_finished: "b a o", {
    pub async fn f(owner: Owner, a: D, b: D) -> Result<(), u8> { owner.run(a, b).await }
    pub struct Owner(pub D);
    impl Owner { #[alert_on_err] pub async fn run(self, a: D, b: D) -> Result<(), u8> { let _x = (&self, &a); Ok(()) } }
}, { let _ = block_on(Owner(d("o")).run(d("a"), d("b"))); });

same!(sync_finished: "l c b a", {
    pub fn f(a: D, b: D, c: D) -> Result<(), u8> { let l = d("l"); let _x = (&a, &c); Ok(()) }
}, { let _ = f(d("a"), d("b"), d("c")); });

same!(sync_early_return: "l c b a", {
    pub fn f(a: D, b: D, c: D) -> Result<(), u8> { let l = d("l"); if l.0.len() == 1 { return Err(1); } drop((a, b, c)); Ok(()) }
}, { let _ = f(d("a"), d("b"), d("c")); });

same!(sync_wild: "c b _", {
    pub fn f(_: D, _b: D, c: D) -> Result<(), u8> { Ok(()) }
}, { let _ = f(d("_"), d("b"), d("c")); });

same!(sync_wild_in_between: "c _ a", {
    pub fn f(a: D, _: D, c: D) -> Result<(), u8> { let _x = (&a, &c); Ok(()) }
}, { let _ = f(d("a"), d("_"), d("c")); });

same!(sync_pattern: "b p0 p1", {
    pub fn f((a, _): (D, D), b: D) -> Result<(), u8> { let _x = &a; Ok(()) }
}, { let _ = f((d("p0"), d("p1")), d("b")); });

same!(sync_mut: "a c b a2", {
    pub fn f(mut a: D, b: D, mut c: D) -> Result<(), u8> { a = d("a2"); c.0.push_str(""); Ok(()) }
}, { let _ = f(d("a"), d("b"), d("c")); });

same!(sync_partial_move: "p0 b p1", {
    pub fn f(p: (D, D), b: D) -> Result<(), u8> { let _x = p.0; Ok(()) }
}, { let _ = f((d("p0"), d("p1")), d("b")); });

same!(sync_mut_self: "changed", {
    pub fn f(a: T) -> Result<(), u8> { a.consume() }
    pub struct T { n: u8 }
    impl Drop for T { fn drop(&mut self) { drop(d(if self.n == 0 { "changed" } else { "as it was" })); } }
    impl T { #[alert_on_err] fn consume(mut self) -> Result<(), u8> { self.n = 0; Ok(()) } }
}, { let _ = f(T { n: 1 }); });

same!(sync_panic: "l b a", {
    pub fn f(a: D, b: D) -> Result<(), u8> { let l = d("l"); let _x = (&a, &b); std::panic::resume_unwind(Box::new(1)); }
}, { let _ = catch_unwind(AssertUnwindSafe(|| f(d("a"), d("b")))); });

same!(boxed_future: "l b a", {
    pub fn f(a: D, b: D) -> std::pin::Pin<Box<dyn std::future::Future<Output = Result<(), u8>>>> {
        Box::pin(async move { let l = d("l"); pause().await; let _x = (&b, &a); drop(l); drop(b); drop(a); Err(1) })
    }
}, { let _ = block_on(f(d("a"), d("b"))); });

/// A lock guard in the tail expression of edition 2024 is dropped before the lock; before that it must not be
/// one, or the plain function does not compile either.
same!(guard_in_a_tail: "t l a", {
    pub async fn f(a: D) -> Result<usize, u8> { let _l = d("l"); match (d("t"), &a) { (t, a) => Ok(t.0.len() + a.0.len()) } }
}, { let _ = block_on(f(d("a"))); });
