//! Which `?` failed: a marker before each `?` of an annotated body leaves its place behind.
//!
//! Known limit: where a `?` fails, and the drop of a local then calls the same function once more, and that call
//! fails by a `return Err(..)`, the inner failure takes the place of the outer one. Telling the two calls apart
//! would cost every failing `?` a write to the number that every annotated call reads.

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
pub trait Locate: Sized {
    /// Gives the value on.
    #[must_use]
    fn __alert_at(self) -> Self;
}

/// For what `?` cannot be used on: leaves the compiler to say so in its own words.
pub trait LocateAny: Sized {
    /// Gives the value on.
    #[must_use]
    fn __alert_at(self) -> Self;
}

impl<T> LocateAny for &T {
    #[inline]
    fn __alert_at(self) -> Self {
        self
    }
}

/// Marks an `Option`, in a function whose `None` is reported.
pub trait LocateNone: Sized {
    /// Gives the value on.
    #[must_use]
    fn __alert_at(self) -> Self;
}

/// Leaves an `Option` unmarked, in a function whose `None` nobody reports: a mark would stay behind.
pub trait IgnoreNone: Sized {
    /// Gives the value on.
    #[must_use]
    fn __alert_at(self) -> Self;
}

impl<T> IgnoreNone for Option<T> {
    #[inline]
    fn __alert_at(self) -> Self {
        self
    }
}

macro_rules! locate {
    ($([$($generic:ident)*] $Locate:ident for $for:ty => $failed:expr,)*) => {$(
        impl<$($generic),*> $Locate for $for {
            #[inline]
            #[track_caller]
            fn __alert_at(self) -> Self {
                if $failed(&self) {
                    remember(Location::caller());
                }
                self
            }
        }
    )*};
}

locate! {
    [T E] Locate for Result<T, E> => Self::is_err,
    [T] LocateNone for Option<T> => Self::is_none,
    [T E] Locate for Poll<Result<T, E>> => |poll: &Self| matches!(poll, Poll::Ready(Err(_))),
    [T E] Locate for Poll<Option<Result<T, E>>> => |poll: &Self| matches!(poll, Poll::Ready(Some(Err(_)))),
}

// What it breaks with is no failure that anybody reports.
impl<B, C> Locate for ControlFlow<B, C> {
    #[inline]
    fn __alert_at(self) -> Self {
        self
    }
}
