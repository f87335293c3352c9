//! Which `?` failed: a marker before each `?` of an annotated body leaves its place behind.

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
pub(crate) fn take(site: &Site) -> Option<&'static Location<'static>> {
    let place = PLACE.try_with(Cell::take).ok().flatten()?;
    site.contains(place.file(), place.line()).then_some(place)
}

/// Clears what a marker left.
pub(crate) fn forget() {
    let _gone = PLACE.try_with(Cell::take);
}

/// What generated code calls before each `?`: gives the value on and remembers the place if it is a failure.
pub trait Locate: Sized {
    /// Gives the value on.
    #[must_use]
    fn __alert_at(self) -> Self;
}

impl<T, E> Locate for Result<T, E> {
    #[inline]
    #[track_caller]
    fn __alert_at(self) -> Self {
        if self.is_err() {
            remember(Location::caller());
        }
        self
    }
}

impl<T> Locate for Option<T> {
    #[inline]
    #[track_caller]
    fn __alert_at(self) -> Self {
        if self.is_none() {
            remember(Location::caller());
        }
        self
    }
}

impl<B, C> Locate for ControlFlow<B, C> {
    #[inline]
    fn __alert_at(self) -> Self {
        self
    }
}

impl<T, E> Locate for Poll<Result<T, E>> {
    #[inline]
    #[track_caller]
    fn __alert_at(self) -> Self {
        if matches!(self, Poll::Ready(Err(_))) {
            remember(Location::caller());
        }
        self
    }
}

impl<T, E> Locate for Poll<Option<Result<T, E>>> {
    #[inline]
    #[track_caller]
    fn __alert_at(self) -> Self {
        if matches!(self, Poll::Ready(Some(Err(_)))) {
            remember(Location::caller());
        }
        self
    }
}
