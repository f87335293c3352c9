//! What functions give back.

use std::convert::Infallible;
use std::fmt::{self, Display, Write};
use std::io;
use std::ops::ControlFlow;
use std::task::Poll;

use alert_core::alert_on_err;

use crate::observe::{block_on, only, seen};

type Fallible<T> = Result<T, String>;

#[alert_on_err(crate = crate::observe)]
fn of_io() -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::Other, "disk"))
}
#[alert_on_err(crate = crate::observe)]
fn of_fmt(out: &mut String) -> fmt::Result {
    out.write_str("a")?;
    Err(fmt::Error)
}
#[alert_on_err(crate = crate::observe)]
async fn of_an_alias() -> Fallible<u8> {
    Err("alias".to_owned())
}
#[alert_on_err(crate = crate::observe)]
fn unit_error() -> Result<u8, ()> {
    Err(())
}
#[alert_on_err(crate = crate::observe)]
fn tuple_error() -> Result<u8, (u16, String)> {
    Err((404, "lost".to_owned()))
}
#[alert_on_err(crate = crate::observe)]
fn cannot_fail() -> Result<u8, Infallible> {
    Ok(1)
}

#[test]
fn results() {
    let _ = of_io();
    assert_eq!(only().links, ["disk"]);
    let _ = of_fmt(&mut String::new());
    assert_eq!(only().links.len(), 1);
    let _ = block_on(of_an_alias());
    assert_eq!(only().links, ["alias"]);
    let _ = unit_error();
    assert_eq!(only().links, ["()"]);
    let _ = tuple_error();
    assert_eq!(only().links, ["(404, \"lost\")"]);
    let _ = cannot_fail();
    assert!(seen().is_empty());
}

#[alert_on_err(crate = crate::observe)]
fn poll() -> Poll<Result<u8, u8>> {
    Poll::Ready(Err(1))
}
#[alert_on_err(crate = crate::observe)]
fn flow() -> ControlFlow<u8, u8> {
    ControlFlow::Break(1)?;
    ControlFlow::Continue(1)
}
#[alert_on_err(crate = crate::observe)]
fn nothing(n: &mut u8) {
    *n += 1;
}
#[alert_on_err(crate = crate::observe)]
async fn nothing_later(n: &mut u8) {
    *n += 1;
}

#[test]
fn what_cannot_fail_passes_through() {
    let mut n = 0;
    nothing(&mut n);
    block_on(nothing_later(&mut n));
    assert_eq!(
        (n, poll(), flow()),
        (2, Poll::Ready(Err(1)), ControlFlow::Break(1))
    );
    assert!(seen().is_empty());
}

#[alert_on_err(crate = crate::observe)]
fn reference(n: &u8) -> &dyn Display {
    n
}
#[alert_on_err(crate = crate::observe)]
async fn boxed_from_two(which: bool) -> Box<dyn Display> {
    if which {
        return Box::new(1);
    }
    Box::new("two")
}
#[alert_on_err(crate = crate::observe)]
fn boxed_result_from_two(which: bool) -> Result<Box<dyn Display>, String> {
    if which {
        return Ok(Box::new(1));
    }
    Ok(Box::new("two"))
}
#[alert_on_err(crate = crate::observe)]
async fn pointer(which: bool) -> fn() -> u8 {
    fn one() -> u8 {
        1
    }
    fn two() -> u8 {
        2
    }
    if which {
        return one;
    }
    two
}
#[alert_on_err(crate = crate::observe)]
fn slice(n: &[u8; 2]) -> Result<&[u8], String> {
    match n {
        [0, _] => Err("zero".to_owned()),
        all => Ok(all),
    }
}

#[test]
fn coercions_to_the_declared_type() {
    assert_eq!(reference(&1).to_string(), "1");
    assert_eq!(block_on(boxed_from_two(true)).to_string(), "1");
    assert_eq!(block_on(boxed_from_two(false)).to_string(), "two");
    assert_eq!(boxed_result_from_two(false).ok().unwrap().to_string(), "two");
    assert_eq!((block_on(pointer(true))(), block_on(pointer(false))()), (1, 2));
    assert_eq!(slice(&[1, 2]), Ok(&[1, 2][..]));
}
