//! Functions that give back futures, and `async fn` that is lowered to one.

use std::future::Future;
use std::mem::size_of_val;
use std::pin::Pin;

use alert_core::alert_on_err;

use crate::observe::{block_on, only, pause, poll, seen};

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

#[alert_on_err(crate = crate::observe)]
fn plain_call(fail: bool) -> impl Future<Output = Result<u8, u8>> + Send {
    other(fail)
}

async fn other(fail: bool) -> Result<u8, u8> {
    pause().await;
    if fail {
        Err(1)
    } else {
        Ok(1)
    }
}

#[alert_on_err(crate = crate::observe)]
fn early_return(fail: &bool) -> Pin<Box<dyn Future<Output = Result<u8, u8>> + Send + '_>> {
    if *fail {
        return Box::pin(async { Err(1) });
    }
    Box::pin(async move { Ok(2) })
}

#[alert_on_err(crate = crate::observe)]
fn boxed_call(fail: bool) -> Pin<Box<dyn Future<Output = Result<u8, u8>>>> {
    Box::pin(other(fail))
}

#[alert_on_err(crate = crate::observe, future)]
fn alias(fail: &bool) -> Boxed<'_, Result<u8, u8>> {
    Box::pin(async move {
        if *fail {
            Err(1)
        } else {
            Ok(2)
        }
    })
}

#[alert_on_err(crate = crate::observe, call)]
fn only_the_call(fail: bool) -> impl Future<Output = Result<u8, u8>> {
    other(fail)
}

#[test]
fn every_future_is_watched() {
    let _ = block_on(plain_call(true));
    assert_eq!(only().links, ["1"]);
    let _ = block_on(early_return(&true));
    assert_eq!(only().links, ["1"]);
    let _ = block_on(boxed_call(true));
    assert_eq!(only().links, ["1"]);
    let _ = block_on(alias(&true));
    assert_eq!(only().links, ["1"]);
    let _ = block_on(only_the_call(true));
    assert!(seen().is_empty());
}

async fn plain(big: [u8; 1024]) -> Result<u8, u8> {
    pause().await;
    Ok(big[0])
}

#[alert_on_err]
async fn lowered(big: [u8; 1024]) -> Result<u8, u8> {
    pause().await;
    Ok(big[0])
}

#[alert_on_err(keep_async)]
async fn kept(big: [u8; 1024]) -> Result<u8, u8> {
    pause().await;
    Ok(big[0])
}

#[test]
fn a_lowered_future_is_smaller_than_the_plain_one() {
    let [plain, lowered, kept] = [
        size_of_val(&plain([0; 1024])),
        size_of_val(&lowered([0; 1024])),
        size_of_val(&kept([0; 1024])),
    ];
    println!(
        "1 KiB argument: plain {}, lowered {}, kept {}",
        plain, lowered, kept
    );
    assert!(lowered <= 1040 && lowered < plain, "{} {}", lowered, plain);
    assert!(kept <= 2072, "{}", kept);
}

macro_rules! chain {
    ($name:ident, $($attr:tt)*) => {
        mod $name {
            use super::*;
            $($attr)* async fn one(big: [u8; 1024]) -> Result<u8, u8> { pause().await; Ok(big[0]) }
            $($attr)* async fn two(big: [u8; 1024]) -> Result<u8, u8> { Ok(one(big).await? + 1) }
            $($attr)* async fn three(big: [u8; 1024]) -> Result<u8, u8> { Ok(two(big).await? + 1) }
            $($attr)* pub(super) async fn four(big: [u8; 1024]) -> Result<u8, u8> { Ok(three(big).await? + 1) }
        }
    };
}
chain!(bare,);
chain!(low, #[alert_on_err(keep_async = false)]);
chain!(verbatim, #[alert_on_err(keep_async)]);

#[test]
fn sizes_four_levels_down() {
    let [bare, low, verbatim] = [
        size_of_val(&bare::four([0; 1024])),
        size_of_val(&low::four([0; 1024])),
        size_of_val(&verbatim::four([0; 1024])),
    ];
    println!(
        "1 KiB argument handed down 4 levels: bare {}, lowered {}, verbatim {}",
        bare, low, verbatim
    );
    assert!(low <= 4160, "{}", low);
    assert!(verbatim <= 8288, "{}", verbatim);
}

#[alert_on_err]
async fn recursive(n: u8) -> Result<u8, u8> {
    if n == 0 {
        return Ok(0);
    }
    Ok(Box::pin(recursive(n - 1)).await? + 1)
}

#[alert_on_err]
async fn borrows<'a>(a: &'a str, _b: &str, _: &mut u8, mut c: String) -> Result<&'a str, u8> {
    c.push_str(a);
    pause().await;
    Ok(a)
}

#[alert_on_err]
async fn hidden(a: &str) -> Result<impl Iterator<Item = char> + '_, u8> {
    pause().await;
    Ok(a.chars())
}

#[alert_on_err]
async fn generic<T: Clone, F: Fn(T) -> u8>(t: T, f: F, s: impl AsRef<str>) -> Result<u8, String> {
    pause().await;
    Ok(f(t.clone()) + s.as_ref().len() as u8)
}

#[test]
fn what_is_lowered_still_works() {
    assert_eq!(block_on(recursive(3)), Ok(3));
    assert_eq!(block_on(borrows("a", "b", &mut 1, String::new())), Ok("a"));
    assert_eq!(block_on(hidden("ab")).map(Iterator::count), Ok(2));
    assert_eq!(block_on(generic(1, |n| n, "ab")), Ok(3));
    fn takes_fn<'a, F: Future>(_: impl Fn(&'a str) -> F) {}
    takes_fn(hidden);
}

mod takes_and_gives {
    use std::pin::Pin;

    use super::*;

    #[alert_on_err]
    pub async fn boxed(a: String) -> Pin<Box<dyn Future<Output = u8> + Send>> {
        Box::pin(async move { a.len() as u8 })
    }

    #[alert_on_err]
    pub async fn hidden(a: String) -> impl Future<Output = u8> {
        drop(a);
        async { 1 }
    }

    #[alert_on_err]
    async fn changes(mut a: String) -> impl Future<Output = u8> {
        a.clear();
        async { 1 }
    }

    #[alert_on_err(call)]
    pub fn boxed_now(mut a: String) -> Pin<Box<dyn Future<Output = u8>>> {
        a.push('2');
        Box::pin(async move { a.len() as u8 })
    }

    #[alert_on_err(call)]
    pub fn hidden_now(mut a: String) -> impl Future<Output = u8> {
        a.clear();
        std::future::ready(1)
    }

    #[alert_on_err]
    pub fn either((Ok(mut n) | Err(mut n)): Result<u8, u8>) -> Result<u8, u8> {
        n += 1;
        Ok(n)
    }

    #[test]
    fn what_it_takes() {
        let text = || "1".to_owned();
        assert_eq!(block_on(async { boxed(text()).await.await }), 1);
        assert_eq!(block_on(async { hidden(text()).await.await }), 1);
        assert_eq!(block_on(async { changes(text()).await.await }), 1);
        assert_eq!(block_on(boxed_now(text())), 2);
        assert_eq!(block_on(hidden_now(text())), 1);
        assert_eq!(either(Err(1)), Ok(2));
    }
}
