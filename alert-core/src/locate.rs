//! Which `?` failed: a marker before each `?` of an annotated body leaves its place behind.
//!
//! Known limit: where a `?` fails, and the drop of a local then calls the same function once more, and that call
//! fails by a `return Err(..)`, the inner failure takes the place of the outer one. To tell the two calls apart, a
//! call has to know what came before it. A number for that alone costs each call two or three instructions on its way to
//! `Ok`, as many as the attribute costs a ready call in all; and were the number of incidents, which each call reads
//! anyway, to count failing `?` too, every error would look like one that was reported before and go the longer way.

use core::cell::Cell;
use core::ops::ControlFlow;
use core::panic::Location;
use core::task::Poll;

use crate::Site;

thread_local! {
    /// Where the last marked `?` of this thread failed. Written by a marker on failure alone, taken by the
    /// report of the function it belongs to; its source range tells whose it is.
    static PLACE: Cell<Option<&'static Location<'static>>> = const { Cell::new(None) };
}

#[cold]
#[inline(never)]
fn remember(place: &'static Location<'static>) {
    // A thread that is ending has no thread-locals left: the alert then names the function's own line.
    let _gone = PLACE.try_with(|last| last.set(Some(place)));
}

/// Takes what a marker left, if it lies in this function.
#[must_use]
pub fn take(site: &Site) -> Option<&'static Location<'static>> {
    let place = PLACE.try_with(Cell::take).ok().flatten()?;
    site.contains(place.file(), place.line()).then_some(place)
}

/// Clears what a marker left.
pub fn forget() {
    let _gone = PLACE.try_with(Cell::take);
}

/// What generated code calls before each `?`: gives the value on and remembers the place if it is a failure.
///
/// One trait with two methods, so that a function brings one name into scope, and the compiler looks at one trait.
pub trait Locate: Sized {
    /// Gives the value on.
    #[must_use]
    fn __alert_at(self) -> Self;

    /// As [`__alert_at`](Self::__alert_at), in a function whose `None` is reported.
    #[must_use]
    fn __alert_at_or_none(self) -> Self;
}

macro_rules! locate {
    ($([$($generic:ident)*] $for:ty => $failed:expr, $none:expr;)*) => {$(
        impl<$($generic),*> Locate for $for {
            #[inline]
            #[track_caller]
            fn __alert_at(self) -> Self {
                if $failed(&self) {
                    remember(Location::caller());
                }
                self
            }

            #[inline]
            #[track_caller]
            fn __alert_at_or_none(self) -> Self {
                if $none(&self) {
                    remember(Location::caller());
                }
                self
            }
        }
    )*};
}

/// Nothing that anybody reports.
const fn never<R>(_: &R) -> bool {
    false
}

locate! {
    [T E] Result<T, E> => Self::is_err, Self::is_err;
    // Where nobody reports a `None`, a mark of it would stay behind.
    [T] Option<T> => never, Self::is_none;
    [T E] Poll<Result<T, E>> => ready_err, ready_err;
    [T E] Poll<Option<Result<T, E>>> => ready_some_err, ready_some_err;
    // What it breaks with is no failure.
    [B C] ControlFlow<B, C> => never, never;
}

const fn ready_err<T, E>(poll: &Poll<Result<T, E>>) -> bool {
    matches!(poll, Poll::Ready(Err(_)))
}

const fn ready_some_err<T, E>(poll: &Poll<Option<Result<T, E>>>) -> bool {
    matches!(poll, Poll::Ready(Some(Err(_))))
}

/// For what `?` cannot be used on: leaves the compiler to say so in its own words.
impl<T> Locate for &T {
    #[inline]
    fn __alert_at(self) -> Self {
        self
    }

    #[inline]
    fn __alert_at_or_none(self) -> Self {
        self
    }
}
