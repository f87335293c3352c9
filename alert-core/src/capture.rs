//! Watches a call or a future: `Ok` passes through, `Err` and panic become an event.

use crate::incident::Since;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

/// What the hook of an annotated function is told.
#[derive(Debug)]
#[expect(
    clippy::exhaustive_enums,
    reason = "generated code matches on it, and versions never mix"
)]
pub enum Moment<'a, R> {
    /// The function, called then, gave this back.
    Finished(&'a R, Since),
    /// The function is unwinding.
    Panicked,
    /// The future, made then, was dropped before it finished.
    Cancelled(Since),
}

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
    H: Fn(Moment<'_, F::Output>),
{
    let since = Since::now();
    Watch { future, hook, since }
}

/// As [`watch`], with what the future gives said first.
#[inline]
pub fn watch_as<T, F, H>(future: F, hook: H) -> Watch<F, H>
where
    F: Future<Output = T>,
    H: Fn(Moment<'_, T>),
{
    let since = Since::now();
    Watch { future, hook, since }
}

impl<F, H> Future for Watch<F, H>
where
    F: Future,
    H: Fn(Moment<'_, F::Output>),
{
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let hook = &*this.hook;
        // Lives for this poll only: a suspended future that an unrelated unwind drops did not panic.
        let guard = OnUnwind(|| hook(Moment::Panicked));
        let polled = this.future.poll(cx);
        guard.disarm();
        if let Poll::Ready(output) = &polled {
            hook(Moment::Finished(output, *this.since));
        }
        polled
    }
}

pin_project_lite::pin_project! {
    /// As [`Watch`], and it tells when it is dropped between its first poll and its end.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct WatchToTheEnd<F, H>
    where
        F: Future,
        H: Fn(Moment<'_, F::Output>),
    {
        #[pin]
        future: Watch<F, H>,
        running: bool,
    }

    impl<F, H> PinnedDrop for WatchToTheEnd<F, H>
    where
        F: Future,
        H: Fn(Moment<'_, F::Output>),
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
    H: Fn(Moment<'_, F::Output>),
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
    H: Fn(Moment<'_, F::Output>),
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
}

macro_rules! rewatch {
    ($($auto:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<'a, T, H> Rewatch<H> for Pin<Box<dyn Future<Output = T> + $($auto +)* 'a>>
        where
            T: 'a,
            H: Fn(Moment<'_, T>) + $($auto +)* 'a,
        {
            fn __alert_rewatch(self, hook: H) -> Self {
                Box::pin(watch(self, hook))
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
pub fn call<R>(body: impl FnOnce() -> R, hook: impl Fn(Moment<'_, R>)) -> R {
    let since = Since::now();
    let guard = OnUnwind(|| hook(Moment::Panicked));
    let output = body();
    guard.disarm();
    hook(Moment::Finished(&output, since));
    output
}

/// Watches a call that is made where it stands, so that `#[track_caller]` passes through.
#[derive(Debug)]
pub struct Hooked<R, H: Fn(Moment<'_, R>)> {
    hook: H,
    since: Since,
    /// The call was made while the thread unwound already: what is unwinding is not its panic.
    unwinding: bool,
    output: core::marker::PhantomData<fn() -> R>,
}

/// Starts to watch.
#[inline]
pub fn hooked<R, H: Fn(Moment<'_, R>)>(hook: H) -> Hooked<R, H> {
    let unwinding = std::thread::panicking();
    Hooked {
        hook,
        since: Since::now(),
        unwinding,
        output: core::marker::PhantomData,
    }
}

impl<R, H: Fn(Moment<'_, R>)> Hooked<R, H> {
    /// Ends with what the call gave, and gives it on.
    #[inline]
    pub fn finish(self, output: R) -> R {
        let this = core::mem::ManuallyDrop::new(self);
        (this.hook)(Moment::Finished(&output, this.since));
        output
    }
}

impl<R, H: Fn(Moment<'_, R>)> Drop for Hooked<R, H> {
    fn drop(&mut self) {
        if !self.unwinding && std::thread::panicking() {
            (self.hook)(Moment::Panicked);
        }
    }
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
