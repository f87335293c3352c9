//! Watches a call or a future: `Ok` passes through, `Err` and panic become an event.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use crate::chain::{Describe, Description};
use crate::channel::CHANNEL;
use crate::details::Details;
use crate::event::{Context as Surroundings, Event, EventKind, PanicRecord};
use crate::incident::{IncidentId, Met, Sight, Since};
use crate::trace::TraceId;
use crate::{Severity, Site, incident, locate, panics};

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
    /// The function, called then, gave this failure back.
    Failed(&'a R, Since),
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
    H: Fn(Moment<'_, F::Output>) -> bool,
{
    let since = Since::now();
    Watch { future, hook, since }
}

/// As [`watch`], with what the future gives said first.
#[inline]
pub fn watch_as<T, F, H>(future: F, hook: H) -> Watch<F, H>
where
    F: Future<Output = T>,
    H: Fn(Moment<'_, T>) -> bool,
{
    let since = Since::now();
    Watch { future, hook, since }
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
        let hook = &*this.hook;
        // Lives for this poll only: a suspended future that an unrelated unwind drops did not panic.
        let guard = OnUnwind(|| {
            hook(Moment::Panicked);
        });
        let polled = this.future.poll(cx);
        guard.disarm();
        match polled {
            Poll::Ready(output) if hook(Moment::Finished(&output)) => {
                Poll::Ready(told(output, hook, *this.since))
            }
            polled => polled,
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

/// Tells of a failure and gives it on, still a failure: said once more, so that the compiler knows what `?` will
/// find.
#[inline]
fn told<R, H: Fn(Moment<'_, R>) -> bool>(output: R, hook: &H, since: Since) -> R {
    let output = tell(output, hook, since);
    if !hook(Moment::Finished(&output)) {
        never();
    }
    output
}

/// By value and apart, so that what succeeds never needs an address and stays in registers.
#[cold]
#[inline]
fn tell<R, H: Fn(Moment<'_, R>) -> bool>(output: R, hook: &H, since: Since) -> R {
    hook(Moment::Failed(&output, since));
    output
}

#[cold]
#[inline(never)]
fn never() -> ! {
    std::process::abort()
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

/// Reports an `Err`, `None` or cancelled future of an annotated function.
#[cold]
#[inline(never)]
pub fn failed(site: &'static Site, kind: EventKind, error: &(dyn Describe + '_), since: Since) {
    let place = locate::take(site);
    report(site, kind, site.severity(), place, error, since, &|_| ());
}

/// As [`failed`], for a function whose attribute says more. `judge` gives the severity, or `None` for a
/// failure that is none; `detail` adds key and fields. Both are the user's code and may panic.
#[cold]
#[inline(never)]
pub fn failed_with(
    site: &'static Site,
    kind: EventKind,
    error: &(dyn Describe + '_),
    since: Since,
    judge: &dyn Fn() -> Option<Severity>,
    detail: &dyn Fn(&mut Details),
) {
    let place = locate::take(site);
    let Some(entered) = Entered::new() else { return };
    let verdict = catch_unwind(AssertUnwindSafe(judge));
    drop(entered);
    if let Some(severity) = verdict.unwrap_or_else(|_| Some(site.severity())) {
        report(site, kind, severity, place, error, since, detail);
    }
}

/// Reports an error on the program's own word.
#[track_caller]
pub(crate) fn raised(site: &'static Site, severity: Severity, error: &(dyn Describe + '_)) {
    report(
        site,
        EventKind::Raised,
        severity,
        Some(core::panic::Location::caller()),
        error,
        // The program's own word is never taken for another error passing through.
        Since::now(),
        &|_| (),
    );
}

/// Reports the panic that is unwinding through an annotated function. Where an inner one has, it is a hop.
#[cold]
#[inline(never)]
pub fn panicked(site: &'static Site) {
    locate::forget();
    let Some(entered) = Entered::new() else { return };
    match panics::unwinds_through() {
        panics::Unwinding::New(record) => panics::reported_as(report_panic(site, record)),
        panics::Unwinding::Reported(incident) => hop_of_panic(site, incident),
    }
    drop(entered);
}

/// Reports a panic from the hook. Gives its incident, zero if it was counted and no more.
pub(crate) fn panicked_in_hook(record: Box<PanicRecord>) -> IncidentId {
    let Some(entered) = Entered::new() else { return 0 };
    let incident = report_panic(&panics::PANIC, record);
    drop(entered);
    incident
}

fn report_panic(site: &'static Site, record: Box<PanicRecord>) -> IncidentId {
    let Some(slot) = CHANNEL.reserve(site, true) else {
        return 0;
    };
    let at = clock();
    let sight = Sight {
        context: None,
        site,
        at,
        words: &record.message,
        since: Since::now(),
    };
    let (Met::New(incident) | Met::Hop(incident)) = incident::meet(&sight);
    slot.send(Event {
        site,
        at,
        severity: Severity::Critical,
        kind: EventKind::Panic,
        description: Description::default(),
        details: Details::default(),
        place: None,
        panic: Some(record),
        context: Surroundings {
            incident,
            is_hop: false,
            trace: TraceId::NONE,
        },
    });
    incident
}

fn hop_of_panic(site: &'static Site, incident: IncidentId) {
    // Without a number the panic itself was counted and no more: there is no alert to lengthen.
    let Some(slot) = CHANNEL.reserve_hop(site).filter(|_| incident != 0) else {
        return;
    };
    slot.send(Event {
        site,
        at: clock(),
        severity: Severity::Critical,
        kind: EventKind::Panic,
        description: Description::default(),
        details: Details::default(),
        place: None,
        panic: None,
        context: Surroundings {
            incident,
            is_hop: true,
            trace: TraceId::NONE,
        },
    });
}

fn report(
    site: &'static Site,
    kind: EventKind,
    severity: Severity,
    place: Option<&'static core::panic::Location<'static>>,
    error: &(dyn Describe + '_),
    since: Since,
    detail: &dyn Fn(&mut Details),
) {
    // Before anything else: most of a storm ends here, without an allocation or a look at the clock.
    let Some(entered) = Entered::new() else { return };
    let Some(slot) = CHANNEL.reserve(site, severity == Severity::Critical) else {
        return;
    };
    let at = clock();
    panics::nothing_unwinds();
    let mut description = Description::default();
    // The words are the user's code: they may panic, and then the error is still reported.
    if catch_unwind(AssertUnwindSafe(|| error.describe(&mut description))).is_err() {
        description.write_link(format_args!("message unavailable (its Display panicked)"));
    }
    let mut details = Details::default();
    // What was added before a panic stays.
    let _panicked = catch_unwind(AssertUnwindSafe(|| detail(&mut details)));
    let trace = TraceId::NONE;
    let sight = Sight {
        context: Some(incident::context(&trace)),
        site,
        at,
        words: &description,
        since,
    };
    let (incident, is_hop) = match incident::meet(&sight) {
        Met::New(incident) => (incident, false),
        Met::Hop(incident) => (incident, true),
    };
    slot.send(Event {
        site,
        at,
        severity,
        kind,
        description,
        details,
        place,
        panic: None,
        context: Surroundings {
            incident,
            is_hop,
            trace,
        },
    });
    drop(entered);
}

/// The one look at the clock of a failure.
fn clock() -> Instant {
    #[expect(
        clippy::disallowed_methods,
        reason = "capture is where the clock of an event is read"
    )]
    Instant::now()
}

thread_local! {
    /// Set while this thread captures a failure, and for good on the dispatcher's own thread.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// This thread captures a failure. What fails meanwhile (in a `Display`, say) is counted, never captured.
struct Entered;

impl Entered {
    fn new() -> Option<Self> {
        // A thread that is ending has no thread-locals left; it can no longer nest either.
        if INSIDE.try_with(|inside| inside.replace(true)).unwrap_or(false) {
            CHANNEL.count_reentrant();
            return None;
        }
        Some(Self)
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let _gone = INSIDE.try_with(|inside| inside.set(false));
    }
}

/// Whether this thread is inside our own code, whose failures are never alerts.
pub(crate) fn is_inside() -> bool {
    INSIDE.try_with(Cell::get).unwrap_or(false)
}

/// Marks this thread as the dispatcher's: nothing that fails on it becomes an alert.
pub(crate) fn never_here() {
    INSIDE.set(true);
}
