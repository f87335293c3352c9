//! The alert names the `?` that failed, and never another one.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use alert_core::alert_on_err;

use crate::observe::{block_on, only, seen};

fn fails(yes: bool) -> Result<u8, u8> {
    if yes { Err(1) } else { Ok(0) }
}

/// Where in this file the `?` after `marker` is.
fn question_mark_after(marker: &str) -> Option<(u32, u32)> {
    let marker = format!("/*{}*/", marker);
    include_str!("locating.rs").lines().zip(1..).find_map(|(line, number)| {
        let at = line.find(&marker)?;
        let ahead = line[at..].find('?')?;
        Some((number, (at + ahead + 1) as u32))
    })
}

#[alert_on_err(crate = crate::observe)]
async fn three(which: u8) -> Result<u8, u8> {
    let a = /*one*/fails(which == 1)?;
    let b = if a == 0 { /*two*/fails(which == 2)? } else { 3 };
    let c = { let nested = [/*three*/fails(which == 3)?]; nested[0] };
    Ok(a + b + c)
}

#[test]
fn the_one_that_failed() {
    for (which, marker) in [(1, "one"), (2, "two"), (3, "three")] {
        assert_eq!(block_on(three(which)), Err(1));
        let place = only().place;
        assert!(place.is_some());
        assert_eq!(place, question_mark_after(marker));
    }
    assert_eq!(block_on(three(0)), Ok(0));
    assert!(seen().is_empty());
}

#[alert_on_err(crate = crate::observe)]
fn chained(which: u8) -> Result<u8, u8> {
    let inner = /*outer of two*/Ok(fails(which == 1)).and_then(|inner| if which == 2 { Err(2) } else { Ok(inner) })??;
    return Err(inner + 7);
}

#[test]
fn a_return_has_no_place() {
    assert_eq!(chained(2), Err(2));
    assert_eq!(only().place, question_mark_after("outer of two"));
    assert_eq!(chained(1), Err(1));
    let (line, column) = question_mark_after("outer of two").unwrap();
    assert_eq!(only().place, Some((line, column + 1)), "the second of two");
    assert_eq!(chained(0), Err(7));
    assert_eq!(only().place, None);
}

#[alert_on_err(crate = crate::observe)]
fn inside(x: u8) -> Result<u8, u8> {
    let closure = |n: u8| -> Result<u8, u8> { let m = fails(n == 1)?; Ok(m) };
    let short = |n: u8| Ok::<u8, u8>(fails(n == 1)?);
    let generic = |n: u8| Ok::<Result<u8, u8>, u8>(Result::<u8, u8>::Ok(fails(n == 1)?));
    fn nested(n: u8) -> Result<u8, u8> { Ok(fails(n == 1)?) }
    let block = async { Ok::<u8, u8>(fails(x == 1)?) };
    let _handled = (closure(x), short(x), generic(x), nested(x), block_on(block));
    Err(x)
}

#[test]
fn what_fails_in_something_else_is_no_place() {
    assert_eq!(inside(1), Err(1));
    assert_eq!(only().place, None);
}

#[alert_on_err(crate = crate::observe, on(none))]
fn option(x: Option<u8>) -> Option<u8> {
    Some(/*option*/x? + 1)
}

#[test]
fn an_option() {
    assert_eq!(option(None), None);
    assert_eq!(only().place, question_mark_after("option"));
}

/// Fails through a `?` whose place nobody asks for; what comes after must not find it.
#[alert_on_err(crate = crate::observe)]
fn outer(which: u8) -> Result<u8, u8> {
    #[alert_on_err(crate = crate::observe, on(panic))]
    fn inner_panic_only(which: u8) -> Result<u8, u8> { Ok(fails(which == 1)?) }
    #[alert_on_err(crate = crate::observe)]
    fn inner_option(x: Option<u8>) -> Option<u8> { Some(x? + 1) }
    #[alert_on_err(crate = crate::observe)]
    fn inner_poll(which: u8) -> Poll<Result<u8, u8>> { Poll::Ready(Ok(fails(which == 3)?)) }
    #[alert_on_err(crate = crate::observe, locate = false)]
    fn inner_without(which: u8) -> Result<u8, u8> { Ok(fails(which == 4)?) }
    #[alert_on_err(crate = crate::observe, on(err))]
    fn inner_from_panics(which: u8) -> Result<u8, Panics> { if which == 5 { fails(true)?; } Ok(1) }
    let _ = inner_panic_only(which);
    let _ = inner_option(if which == 2 { None } else { Some(1) });
    let _ = inner_poll(which);
    let _ = inner_without(which);
    let _ = catch_unwind(AssertUnwindSafe(|| inner_from_panics(which)));
    Err(which)
}

#[derive(Debug)]
struct Panics;

impl From<u8> for Panics {
    fn from(_: u8) -> Self {
        std::panic::resume_unwind(Box::new(1))
    }
}

#[test]
fn nothing_stale() {
    for which in 0..=5 {
        assert_eq!(outer(which), Err(which));
        let last = seen().pop().unwrap();
        assert_eq!((last.function, last.place), ("outer", None), "{}", which);
    }
}

#[alert_on_err(crate = crate::observe)]
fn future(which: bool) -> impl Future<Output = Result<u8, u8>> {
    async move { Ok(/*future*/fails(which)?) }
}

#[test]
fn the_block_of_a_returned_future() {
    assert_eq!(block_on(future(true)), Err(1));
    assert_eq!(only().place, question_mark_after("future"));
}

#[alert_on_err(crate = crate::observe)]
fn behind_an_or(which: u8) -> Result<u8, u8> {
    if which > 9 || /*within*/fails(which == 1)? > 9 {
        return Ok(/*inside*/fails(which == 12)?);
    }
    let bits = which | 2 > 250 || which == 3 && [1 | /*in a list*/fails(which == 3)?].is_empty();
    let close = || fails(which == 4);
    /*called*/close()?;
    Ok(u8::from(bits) + /*after*/fails(which == 2)?)
}

#[test]
fn an_or_is_no_closure() {
    for (which, marker) in [(1, "within"), (12, "inside"), (3, "in a list"), (4, "called"), (2, "after")] {
        assert_eq!(behind_an_or(which), Err(1));
        let place = only().place;
        assert!(place.is_some(), "{}", marker);
        assert_eq!(place, question_mark_after(marker), "{}", marker);
    }
    assert_eq!(behind_an_or(5), Ok(0));
    assert!(seen().is_empty());
}

macro_rules! made {
    ($name:ident, $e:expr) => {
        #[alert_on_err(crate = crate::observe)]
        fn $name(x: bool) -> Result<u8, u8> { let y = $e; Ok(fails(x)? + y?) }
    };
}
made!(by_macro, { fails(false) });

#[test]
fn in_a_macro_the_place_is_never_wrong() {
    assert_eq!(by_macro(true), Err(1));
    let place = only().place.map(|(line, _)| line);
    let line_of = |text: &str| include_str!("locating.rs").lines().zip(1..).find(|(line, _)| line.contains(text));
    let call = line_of("made!(by_macro,").map(|(_, line)| line);
    let definition = line_of("fn $name(x: bool)").map(|(_, line)| line);
    assert!(call.is_some() && definition.is_some());
    assert!([None, call, definition].contains(&place), "{:?}", place);
}

/// A local whose drop calls the same function again.
struct CallsWell;

impl Drop for CallsWell {
    fn drop(&mut self) {
        let _ = well(true);
    }
}

#[alert_on_err(crate = crate::observe)]
fn well(nested: bool) -> Result<u8, u8> {
    if nested {
        return Ok(2);
    }
    let _calls_well = CallsWell;
    Ok(/*well*/fails(true)?)
}

/// A local whose drop calls the same function again, which fails without a `?`.
struct CallsBadly;

impl Drop for CallsBadly {
    fn drop(&mut self) {
        let _ = badly(true);
    }
}

#[alert_on_err(crate = crate::observe)]
fn badly(nested: bool) -> Result<u8, u8> {
    if nested {
        return Err(2);
    }
    let _calls_badly = CallsBadly;
    Ok(/*badly*/fails(true)?)
}

#[test]
fn known_limit_a_drop_that_fails_in_the_same_function_takes_the_place() {
    assert_eq!(badly(false), Err(1));
    let places: Vec<_> = crate::observe::seen().into_iter().map(|seen| seen.place).collect();
    assert_eq!(places, [question_mark_after("badly"), None]);
}

#[test]
fn a_drop_that_calls_the_same_function_well_leaves_the_place() {
    assert_eq!(well(false), Err(1));
    assert_eq!(only().place, question_mark_after("well"));
}
