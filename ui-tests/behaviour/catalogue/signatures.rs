//! Receivers, lifetimes, generics, parameters, qualifiers.

#![allow(dead_code, clippy::all)]

use std::cell::Cell;
use std::pin::Pin;
use std::sync::Arc;

use alert_core::alert_on_err;

use crate::observe::{block_on, only, pause};

struct Holder<'a, T, const N: usize> {
    values: &'a [T; N],
    n: u8,
}

impl<'a, T: Clone, const N: usize> Holder<'a, T, N> {
    const SIZE: usize = N;

    #[alert_on_err(crate = crate::observe)]
    async fn by_ref(&self) -> Result<usize, String> {
        Ok(self.values.len())
    }
    #[alert_on_err(crate = crate::observe)]
    async fn by_mut(&mut self) -> Result<&mut u8, String> {
        self.n += 1;
        Ok(&mut self.n)
    }
    #[alert_on_err(crate = crate::observe)]
    async fn by_value(self) -> Result<Self, String> {
        let this: Self = self;
        Ok(this)
    }
    #[alert_on_err(crate = crate::observe)]
    async fn by_arc(self: Arc<Self>) -> Result<u8, String> {
        Ok(self.n)
    }
    #[alert_on_err(crate = crate::observe)]
    async fn by_pin(self: Pin<&mut Self>) -> Result<u8, String> {
        Ok(self.n)
    }
    #[alert_on_err(crate = crate::observe)]
    fn by_box(self: Box<Self>) -> Result<u8, String> {
        Ok(self.n)
    }
    #[alert_on_err(crate = crate::observe)]
    async fn two_lifetimes<'s>(&'s self, other: &'a [T; N]) -> Result<&'a [T; N], String> {
        Ok(if self.n == 0 { other } else { self.values })
    }
    #[alert_on_err(crate = crate::observe)]
    async fn array(&self, other: [T; N]) -> Result<String, String> {
        Err(format!("{}{}", Self::SIZE, other.len()))
    }
}

#[test]
fn receivers() {
    let mut holder = Holder {
        values: &[1, 2],
        n: 0,
    };
    assert_eq!(block_on(holder.by_ref()), Ok(2));
    assert_eq!(block_on(holder.by_mut()), Ok(&mut 1));
    assert_eq!(block_on(holder.two_lifetimes(&[3, 4])), Ok(&[1, 2]));
    assert_eq!(block_on(Pin::new(&mut holder).by_pin()), Ok(1));
    let _ = block_on(holder.array([1, 2]));
    assert_eq!(only().links, ["22"]);
    let holder = block_on(holder.by_value()).unwrap();
    assert_eq!(block_on(Arc::new(holder).by_arc()), Ok(1));
    let holder = Box::new(Holder {
        values: &[0_u8; 0],
        n: 3,
    });
    assert_eq!(holder.by_box(), Ok(3));
}

#[alert_on_err(crate = crate::observe)]
fn reborrows(x: &mut u8) -> Result<&u8, String> {
    *x += 1;
    Ok(x)
}
#[alert_on_err(crate = crate::observe)]
fn gives_mut(x: &mut u8) -> Result<&mut u8, String> {
    Ok(x)
}
#[alert_on_err(crate = crate::observe)]
async fn gives_mut_later(x: &mut u8) -> Result<&mut u8, String> {
    pause().await;
    Ok(x)
}
#[alert_on_err(crate = crate::observe)]
async fn shorter(mut a: &str) -> Result<usize, String> {
    let local = String::from("local");
    let before = a.len();
    a = &local;
    Ok(before + a.len())
}
#[alert_on_err(crate = crate::observe)]
async fn outlives<'a, 'b: 'a>(a: &'a str, b: &'b str) -> Result<&'a str, String> {
    Ok(if a.is_empty() { b } else { a })
}
#[alert_on_err(crate = crate::observe)]
fn late_bound(a: &str) -> Result<usize, String> {
    Ok(a.len())
}

#[alert_on_err(crate = crate::observe)]
async fn late_bound_later(a: &str) -> Result<usize, String> {
    Ok(a.len())
}

#[test]
fn lifetimes() {
    let mut n = 1;
    assert_eq!(reborrows(&mut n), Ok(&2));
    assert_eq!(gives_mut(&mut n), Ok(&mut 2));
    assert_eq!(block_on(gives_mut_later(&mut n)), Ok(&mut 2));
    assert_eq!(block_on(shorter("a")), Ok(6));
    assert_eq!(block_on(outlives("", "b")), Ok("b"));
    async fn asks(f: impl AsyncFn(&str) -> Result<usize, String>) -> usize {
        let local = String::from("ab");
        f(&local).await.unwrap()
    }
    assert_eq!(block_on(asks(late_bound_later)), 2);
    let pointer: for<'a> fn(&'a str) -> Result<usize, String> = late_bound;
    assert_eq!(pointer("abc"), Ok(3));
}

#[alert_on_err(crate = crate::observe)]
async fn bounds<T, F, const N: usize>(values: [T; N], f: F) -> Result<usize, String>
where
    T: std::fmt::Debug + Send,
    [T; N]: Sized,
    F: for<'a> Fn(&'a T) -> usize,
{
    Ok(values.iter().map(f).sum())
}
#[alert_on_err(crate = crate::observe)]
fn turbofish<E: Default + ToString>() -> Result<u8, String> {
    Err(E::default().to_string())
}
#[alert_on_err(crate = crate::observe)]
fn opaque(s: impl AsRef<str>) -> Result<impl Iterator<Item = u8>, String> {
    Ok(s.as_ref().to_owned().into_bytes().into_iter())
}
#[alert_on_err(crate = crate::observe)]
fn captures<'a>(s: &'a str) -> Result<impl Iterator<Item = u8> + use<'a>, String> {
    Ok(s.bytes())
}
#[alert_on_err(crate = crate::observe)]
fn adder(n: u8) -> impl Fn(u8) -> u8 {
    move |m| n + m
}

#[test]
fn generics() {
    assert_eq!(block_on(bounds([1, 2], |n| *n)), Ok(3));
    let _ = turbofish::<u8>();
    assert_eq!(only().links, ["0"]);
    assert_eq!(opaque("ab").map(Iterator::count), Ok(2));
    assert_eq!(captures("ab").map(Iterator::count), Ok(2));
    assert_eq!(adder(1)(2), 3);
}

struct P {
    x: u8,
    y: u8,
}

#[alert_on_err(crate = crate::observe)]
async fn patterns(
    (a, b): (u8, String),
    P { x, y: z }: P,
    &(c, d): &(u8, u8),
    whole @ (e, _): (u8, u8),
    [f, .., g]: [u8; 3],
    (mut h, _): (u8, u8),
    ref i: u8,
) -> Result<u8, String> {
    h += 1;
    Ok(a + b.len() as u8 + x + z + c + d + e + whole.1 + f + g + h + *i)
}
#[alert_on_err(crate = crate::observe)]
fn r#match(
    _: String,
    _unused: u8,
    #[cfg(any())] gone: Missing,
    #[allow(unused_mut)] mut b: u8,
    r#type: u8,
) -> Result<u8, String> {
    Ok(b + r#type)
}
#[alert_on_err(crate = crate::observe)]
async fn same_names(e: u8, x: u8, r: u8, fut: u8, __s: u8, output: u8) -> Result<u8, String> {
    Ok(e + x + r + fut + __s + output)
}
#[alert_on_err(crate = crate::observe)]
async fn in_a_format_string(name: &str) -> Result<u8, String> {
    Err(format!("no {name}"))
}
#[alert_on_err(crate = crate::observe)]
async fn moved(all: Vec<u8>) -> Result<u8, String> {
    let sum = all.into_iter().sum();
    Err(format!("{}", {
        let n: u8 = sum;
        n
    }))
}
#[alert_on_err(crate = crate::observe)]
async fn cell(n: Cell<u8>) -> Result<u8, String> {
    let n = n.get();
    pause().await;
    Ok(n)
}

#[test]
fn parameters() {
    let sum = patterns(
        (1, "b".to_owned()),
        P { x: 1, y: 1 },
        &(1, 1),
        (1, 1),
        [1, 0, 1],
        (1, 0),
        1,
    );
    assert_eq!(block_on(sum), Ok(13));
    assert_eq!(r#match(String::new(), 1, 2, 3), Ok(5));
    assert_eq!(block_on(same_names(1, 1, 1, 1, 1, 1)), Ok(6));
    let _ = block_on(in_a_format_string("bread"));
    assert_eq!(only().links, ["no bread"]);
    let _ = block_on(moved(vec![1, 2]));
    assert_eq!(only().links, ["3"]);
    fn is_send<T: Send>(t: T) -> T {
        t
    }
    assert_eq!(block_on(is_send(cell(Cell::new(1)))), Ok(1));
}

mod qualified {
    use super::*;

    #[alert_on_err(crate = crate::observe)]
    pub(in crate::catalogue) extern "C" fn foreign(n: u8) -> u8 {
        n + 1
    }
    #[alert_on_err(crate = crate::observe)]
    #[inline(always)]
    #[must_use = "it may fail"]
    #[doc = "Kept."]
    pub(super) fn attributes() -> Option<u8> {
        Some(1)
    }
    #[cfg_attr(all(), alert_on_err(crate = crate::observe))]
    #[cold]
    #[deprecated(note = "no more")]
    pub(super) fn by_cfg() -> Result<u8, String> {
        Err("by cfg".to_owned())
    }
}

#[test]
fn qualifiers() {
    assert_eq!(qualified::foreign(1), 2);
    assert_eq!(qualified::attributes(), Some(1));
    #[allow(deprecated)]
    let _ = qualified::by_cfg();
    assert_eq!(only().links, ["by cfg"]);
}
