//! What this thread is doing, as far as a failure has to know: the program's own work, work for which one function
//! alone reports, or the capture of another failure.

use core::cell::Cell;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use crate::channel::CHANNEL;
use crate::event::EventKind;

/// What a thread does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    /// The program's own work.
    Work,
    /// The work of a function that reports for all within it.
    WithinBoundary,
    /// Capturing a failure. The dispatcher's own threads are said to do so for good.
    Capture,
}

thread_local! {
    static DOING: Cell<Doing> = const { Cell::new(Doing::Work) };
}

/// Says what is done from now on, and gives what was done before. A thread that is ending has no thread-locals left;
/// it can no longer nest either.
#[inline]
fn does(what: Doing) -> Doing {
    DOING.try_with(|doing| doing.replace(what)).unwrap_or(Doing::Work)
}

fn is_doing(what: Doing) -> bool {
    DOING.try_with(|doing| doing.get() == what).unwrap_or(false)
}

/// This thread captures a failure. What fails meanwhile (in a `Display`, say) is counted, never captured.
pub(super) struct Entered {
    before: Doing,
}

impl Entered {
    /// `None` where a failure of this kind is not captured.
    pub(super) fn new(kind: EventKind) -> Option<Self> {
        let before = does(Doing::Capture);
        match before {
            Doing::Capture => {
                CHANNEL.count_reentrant();
                None
            }
            // What the program raises itself is no function's failure.
            Doing::WithinBoundary if kind != EventKind::Raised => {
                does(before);
                None
            }
            Doing::Work | Doing::WithinBoundary => Some(Self { before }),
        }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        does(self.before);
    }
}

/// While it lives, annotated functions called on this thread report nothing: one further out does it for them.
#[derive(Debug)]
#[must_use = "it ends when it is dropped"]
pub struct Boundary {
    before: Doing,
}

impl Boundary {
    /// Begins the work of an annotated function that is a boundary.
    #[inline]
    pub fn enter() -> Self {
        let before = does(Doing::WithinBoundary);
        if before == Doing::Capture {
            does(before);
        }
        Self { before }
    }
}

impl Drop for Boundary {
    #[inline]
    fn drop(&mut self) {
        does(self.before);
    }
}

pin_project_lite::pin_project! {
    /// A future within which nothing is reported.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct WithinBoundary<F> {
        #[pin]
        future: F,
    }
}

/// Wraps the body of an annotated `async fn` that is a boundary.
#[inline]
pub fn boundary<F: Future>(future: F) -> WithinBoundary<F> {
    WithinBoundary { future }
}

impl<F: Future> Future for WithinBoundary<F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        // For this poll only: whatever else the thread does in between is none of it.
        let _within = Boundary::enter();
        self.project().future.poll(cx)
    }
}

/// Whether this thread is inside our own code, whose failures are never alerts.
pub(crate) fn is_inside() -> bool {
    is_doing(Doing::Capture)
}

/// Whether a function on this thread reports for all within it.
#[cfg(feature = "tracing")]
pub(crate) fn is_within_boundary() -> bool {
    is_doing(Doing::WithinBoundary)
}

/// Marks this thread as the dispatcher's: nothing that fails on it becomes an alert.
pub(crate) fn never_here() {
    DOING.set(Doing::Capture);
}
