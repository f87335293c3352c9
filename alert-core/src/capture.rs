//! Watches a call or a future: `Ok` passes through, `Err` and panic become an event.

use crate::incident::Since;
use crate::report::boundary;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

mod hooked;

pub use hooked::{Hooked, hooked};

/// What the hook of an annotated function is told; it says whether the function failed.
#[derive(Debug)]
#[expect(
    clippy::exhaustive_enums,
    reason = "generated code matches on it, and versions never mix"
)]
pub enum Moment<'a, R> {
    /// The function gave this back: a question, and nothing else.
    Finished(&'a R),
    /// The function, called or first polled then, gave this failure back.
    Failed(&'a R, Since),
    /// The function is unwinding.
    Panicked,
    /// The future, first polled then, was dropped before it finished.
    Cancelled(Since),
}

impl<R> Clone for Moment<'_, R> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Moment<'_, R> {}

pin_project_lite::pin_project! {
    /// A future whose outcome is told to a hook.
    ///
    /// The hook is a closure without captures, so the wrapper adds one number to the future it wraps.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct Watch<F, H> {
        #[pin]
        future: F,
        hook: H,
        since: Since,
    }
}

/// Wraps the body of an annotated `async fn`.
#[inline]
pub fn watch<F, H>(future: F, hook: H) -> Watch<F, H>
where
    F: Future,
    H: Fn(Moment<'_, F::Output>) -> bool,
{
    Watch {
        future,
        hook,
        since: Since::NOT_YET,
    }
}

/// As [`watch`], with what the future gives said first.
#[inline]
pub fn watch_as<T, F, H>(future: F, hook: H) -> Watch<F, H>
where
    F: Future<Output = T>,
    H: Fn(Moment<'_, T>) -> bool,
{
    Watch {
        future,
        hook,
        since: Since::NOT_YET,
    }
}

impl<F, H> Future for Watch<F, H>
where
    F: Future,
    H: Fn(Moment<'_, F::Output>) -> bool,
{
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        // What failed between the making of a future and its first poll is none of its failures.
        let now = Since::now();
        let hook = &*this.hook;
        // Lives for this poll only: a suspended future that an unrelated unwind drops did not panic.
        let guard = OnUnwind(|| {
            hook(Moment::Panicked);
        });
        let polled = this.future.poll(cx);
        guard.disarm();
        match polled {
            Poll::Ready(output) if hook(Moment::Finished(&output)) => {
                Poll::Ready(told(output, hook, this.since.or(now)))
            }
            Poll::Pending => {
                *this.since = this.since.or(now);
                Poll::Pending
            }
            polled @ Poll::Ready(_) => polled,
        }
    }
}

pin_project_lite::pin_project! {
    /// As [`Watch`], and it tells when it is dropped between its first poll and its end.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct WatchToTheEnd<F, H>
    where
        F: Future,
        H: Fn(Moment<'_, F::Output>) -> bool,
    {
        #[pin]
        future: Watch<F, H>,
        running: bool,
    }

    impl<F, H> PinnedDrop for WatchToTheEnd<F, H>
    where
        F: Future,
        H: Fn(Moment<'_, F::Output>) -> bool,
    {
        fn drop(this: Pin<&mut Self>) {
            // While the thread unwinds, the panic is the news.
            if this.running && !std::thread::panicking() {
                (this.future.hook)(Moment::Cancelled(this.future.since));
            }
        }
    }
}

/// Wraps the body of an `async fn` annotated with `on(cancel)`.
#[inline]
pub fn watch_to_the_end<F, H>(future: F, hook: H) -> WatchToTheEnd<F, H>
where
    F: Future,
    H: Fn(Moment<'_, F::Output>) -> bool,
{
    let future = watch(future, hook);
    WatchToTheEnd {
        future,
        running: false,
    }
}

impl<F, H> Future for WatchToTheEnd<F, H>
where
    F: Future,
    H: Fn(Moment<'_, F::Output>) -> bool,
{
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        // Not running meanwhile: a panic in here is told as a panic.
        *this.running = false;
        let polled = this.future.poll(cx);
        *this.running = polled.is_pending();
        polled
    }
}

/// Watches a boxed future, at the price of a second box.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a future; drop `future`",
    label = "not a pinned box of a future"
)]
pub trait Rewatch<H>: Sized {
    /// The same type, watched.
    #[must_use]
    fn __alert_rewatch(self, hook: H) -> Self;
    /// The same type, watched and a boundary.
    #[must_use]
    fn __alert_rewatch_boundary(self, hook: H) -> Self;
}

macro_rules! rewatch {
    ($($auto:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<'a, T, H> Rewatch<H> for Pin<Box<dyn Future<Output = T> + $($auto +)* 'a>>
        where
            T: 'a,
            H: Fn(Moment<'_, T>) -> bool + $($auto +)* 'a,
        {
            fn __alert_rewatch(self, hook: H) -> Self {
                Box::pin(watch(self, hook))
            }
            fn __alert_rewatch_boundary(self, hook: H) -> Self {
                Box::pin(watch(boundary(self), hook))
            }
        }
    };
}

rewatch!();
rewatch!(Send);
rewatch!(Send Sync);

/// Runs the part of a function that makes a future, so that each of its `return`s is seen.
#[inline]
pub fn run<R>(body: impl FnOnce() -> R) -> R {
    body()
}

/// Runs the body of an annotated function that is not async.
#[inline]
pub fn call<R>(body: impl FnOnce() -> R, hook: impl Fn(Moment<'_, R>) -> bool) -> R {
    let since = Since::now();
    let guard = OnUnwind(|| {
        hook(Moment::Panicked);
    });
    let output = body();
    guard.disarm();
    if hook(Moment::Finished(&output)) {
        return told(output, &hook, since);
    }
    output
}

/// Tells of a failure and gives it on. By value and apart, so that what succeeds never needs an address and stays
/// in registers.
#[cold]
#[inline]
fn told<R, H: Fn(Moment<'_, R>) -> bool>(output: R, hook: &H, since: Since) -> R {
    hook(Moment::Failed(&output, since));
    output
}

/// Calls its closure when dropped by an unwinding panic.
struct OnUnwind<F: Fn()>(F);

impl<F: Fn()> OnUnwind<F> {
    #[inline]
    fn disarm(self) {
        let _disarmed = core::mem::ManuallyDrop::new(self);
    }
}

impl<F: Fn()> Drop for OnUnwind<F> {
    #[cold]
    fn drop(&mut self) {
        (self.0)();
    }
}
