//! Flush and end: everything pending is sent, or accounted for, in the time there is.

use core::fmt;
use core::time::Duration;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use tokio::sync::oneshot;

use super::{RUNNING, here};
use crate::channel::{CHANNEL, Stage};
use crate::dispatch::{Closing, Command, Flush, Handle};

/// How long a dropped guard waits.
const DROP_DEADLINE: Duration = Duration::from_secs(2);

/// Sends everything pending now, whatever the policy, and waits for the answers, no longer than `limit`.
///
/// # Cancel safety
/// Dropping the future stops the wait, not the sending.
pub async fn flush(limit: Duration) -> Flushed {
    match ask(limit, Then::GoOn) {
        Some((done, _)) => answer(done, limit).await,
        None => Flushed::NotRunning,
    }
}

/// Kept beyond a limit, for an answer that is on its way.
const GRACE: Duration = Duration::from_millis(100);

/// Waits for the dispatcher's answer, and no longer than the limit, whatever the dispatcher is busy with. There may be
/// no runtime with a clock here, so a thread of its own watches it.
async fn answer(mut done: oneshot::Receiver<u64>, limit: Duration) -> Flushed {
    let (tell, told) = oneshot::channel();
    let watch = move || {
        let answer = wait(&mut done, limit.saturating_add(GRACE));
        // Nobody may be waiting any more.
        let _gone = tell.send(answer);
    };
    let watching = std::thread::Builder::new()
        .name("alert-flush".to_owned())
        .spawn(watch);
    match watching {
        Ok(_) => told.await.unwrap_or(Flushed::NotRunning),
        Err(_) => Flushed::Partly {
            pending: crate::stats().pending(),
        },
    }
}

/// What became of the failures that were pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flushed {
    /// A robot was told of every one, or the spool keeps it for the next start.
    Everything,
    /// So many were still pending when the time was over, or when no robot could take them in time. After a
    /// shutdown they count as dropped.
    Partly {
        /// Failures no robot was told of.
        pending: u64,
    },
    /// Alerting does not run.
    NotRunning,
}

impl From<Result<u64, oneshot::error::RecvError>> for Flushed {
    fn from(pending: Result<u64, oneshot::error::RecvError>) -> Self {
        match pending {
            Ok(0) => Flushed::Everything,
            Ok(pending) => Flushed::Partly { pending },
            Err(_) => Flushed::NotRunning,
        }
    }
}

/// Sends what is pending from a thread whose process is about to abort. Waits no longer than `limit`, and not
/// at all for a thread that holds what is needed.
pub(super) fn last_words(limit: Duration) {
    for _ in 0..100 {
        if let Ok(running) = RUNNING.try_lock() {
            let asked = here(running.as_ref())
                .and_then(|handle| Some((ask_of(handle, limit, Then::Abort)?, handle.closing.clone())));
            drop(running);
            if let Some((mut done, closing)) = asked {
                wait(&mut done, limit);
                // The panic tells of this end.
                closing.close();
            }
            return;
        }
        std::thread::yield_now();
    }
}

/// What comes after everything is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    GoOn,
    /// The process ends as soon as the answer is there.
    Abort,
    Stop,
}

/// Asks the dispatcher to send everything, and to stop then if so wished.
fn ask(limit: Duration, then: Then) -> Option<(oneshot::Receiver<u64>, Closing)> {
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    let handle = here(running.as_ref())?;
    let (asked, closing) = (ask_of(handle, limit, then), handle.closing.clone());
    if then == Then::Stop {
        CHANNEL.advance(Stage::Running, Stage::Stopped);
        handle.stop.cancel();
        *running = None;
    }
    Some((asked?, closing))
}

fn ask_of(handle: &Handle, limit: Duration, then: Then) -> Option<oneshot::Receiver<u64>> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the caller's limit counts from the call"
    )]
    let start = Instant::now();
    // A limit past the end of time is as good as a day.
    let deadline = start
        .checked_add(limit)
        .unwrap_or_else(|| start + Duration::from_secs(24 * 60 * 60));
    let (done, is_done) = oneshot::channel();
    let flush = Flush {
        deadline,
        done,
        is_last: then == Then::Stop,
        program_ends: then != Then::GoOn,
    };
    let asked = handle.ask.send(Command::Flush(flush)).is_ok();
    asked.then_some(is_done)
}

/// Alerting runs as long as this lives. Bind it to a name: `let _ = init(..)` ends it at once.
#[must_use = "alerting ends when the guard is dropped; bind it to a name that lives as long as the program"]
pub struct Guard {
    running: bool,
}

impl Guard {
    pub(super) const fn new(running: bool) -> Self {
        Self { running }
    }

    /// Sends everything pending, waits for the answers no longer than `limit`, and stops.
    ///
    /// Failures that come later are counted as [`DropReason::AfterShutdown`](crate::DropReason::AfterShutdown).
    ///
    /// # Cancel safety
    /// Dropping the future stops the wait; what is pending is still sent, or accounted for, by the dispatcher
    /// if the process lives long enough.
    pub async fn shutdown(mut self, limit: Duration) -> Flushed {
        if !core::mem::take(&mut self.running) {
            return Flushed::NotRunning;
        }
        let Some((done, closing)) = ask(limit, Then::Stop) else {
            return Flushed::NotRunning;
        };
        let flushed = answer(done, limit).await;
        // Where the dispatcher did not answer in time.
        closing.close();
        flushed
    }
}

impl Drop for Guard {
    /// As [`shutdown`](Guard::shutdown), waiting at most 2 s. Blocks the thread meanwhile.
    fn drop(&mut self) {
        if !core::mem::take(&mut self.running) {
            return;
        }
        let Some((mut done, closing)) = ask(DROP_DEADLINE, Then::Stop) else {
            return;
        };
        wait(
            &mut done,
            DROP_DEADLINE.saturating_add(Duration::from_millis(100)),
        );
        // Where the dispatcher did not answer in time.
        closing.close();
    }
}

/// Waits for an answer without a runtime, and without a panic inside one. What is not answered in time is told by the
/// counters.
fn wait(done: &mut oneshot::Receiver<u64>, limit: Duration) -> Flushed {
    use core::future::Future;
    use core::pin::Pin;
    use core::task::{Context, Poll, Waker};
    use std::task::Wake;
    use std::thread::{self, Thread};

    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut cx = Context::from_waker(&waker);
    #[expect(clippy::disallowed_methods, reason = "the wait is bounded by real time")]
    let start = Instant::now();
    loop {
        if let Poll::Ready(answer) = Pin::new(&mut *done).poll(&mut cx) {
            return Flushed::from(answer);
        }
        let left = limit.saturating_sub(start.elapsed());
        if left.is_zero() {
            return Flushed::Partly {
                pending: crate::stats().pending(),
            };
        }
        thread::park_timeout(left);
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("running", &self.running).finish()
    }
}
