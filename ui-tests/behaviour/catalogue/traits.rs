//! Methods of traits, and what gives back futures.

use std::future::Future;
use std::pin::Pin;

use alert_core::alert_on_err;

use crate::observe::{block_on, only, pause};

#[allow(async_fn_in_trait)]
trait Load {
    async fn load(&self, n: u8) -> Result<u8, String>;

    #[alert_on_err(crate = crate::observe)]
    async fn twice(&self, n: u8) -> Result<u8, String> {
        Ok(self.load(n).await? * 2)
    }

    #[alert_on_err(crate = crate::observe)]
    fn generic<T: ToString>(&self, t: T) -> Result<u8, String> {
        Err(t.to_string())
    }
}

struct Store;

impl Load for Store {
    #[alert_on_err(crate = crate::observe)]
    async fn load(&self, mut n: u8) -> Result<u8, String> {
        n += 1;
        Ok(n)
    }
}

trait Object {
    fn get(&self) -> Result<u8, String>;
    fn later<'a>(&'a self, n: &'a u8) -> Pin<Box<dyn Future<Output = Result<u8, String>> + Send + 'a>>;
}

impl Object for Store {
    #[alert_on_err(crate = crate::observe)]
    fn get(&self) -> Result<u8, String> {
        Err("get".to_owned())
    }
    #[alert_on_err(crate = crate::observe)]
    fn later<'a>(&'a self, n: &'a u8) -> Pin<Box<dyn Future<Output = Result<u8, String>> + Send + 'a>> {
        let more = 1;
        Box::pin(async move {
            pause().await;
            Err(format!("{}", n + more))
        })
    }
}

#[test]
fn methods() {
    assert_eq!(block_on(Store.twice(1)), Ok(4));
    let _ = Store.generic(7);
    assert_eq!(only().links, ["7"]);
    let object: &dyn Object = &Store;
    let _ = object.get();
    assert_eq!(only().links, ["get"]);
    let _ = block_on(object.later(&1));
    assert_eq!(only().links, ["2"]);
}

#[alert_on_err(crate = crate::observe)]
fn borrows() -> Pin<Box<dyn Future<Output = Result<u8, u8>>>> {
    Box::pin(async { Err(1) })
}

type Boxed = Pin<Box<dyn Future<Output = u8>>>;

#[alert_on_err(crate = crate::observe)]
async fn gives_a_boxed_future(which: bool) -> Result<Boxed, String> {
    if which {
        return Ok(Box::pin(async { 1 }));
    }
    Ok(Box::pin(std::future::ready(2)))
}

#[alert_on_err(crate = crate::observe)]
fn future_and_handle(n: u8) -> (impl Future<Output = u8>, u8) {
    (async move { n }, n)
}

#[alert_on_err(crate = crate::observe)]
fn stream(n: u8) -> impl Iterator<Item = Result<u8, u8>> {
    (0..n).map(Err)
}

#[test]
fn futures_in_other_places() {
    let _ = block_on(borrows());
    assert_eq!(only().links, ["1"]);
    assert_eq!(
        block_on(async { gives_a_boxed_future(true).await.unwrap().await }),
        1
    );
    assert_eq!(
        block_on(async { gives_a_boxed_future(false).await.unwrap().await }),
        2
    );
    assert_eq!(block_on(future_and_handle(3).0), 3);
    assert_eq!(stream(2).count(), 2);
    fn takes<F: Fn(bool) -> Fut, Fut: Future>(_: F) {}
    takes(gives_a_boxed_future);
}
