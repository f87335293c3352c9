//! Start, flush and end.

use core::fmt;
use core::time::Duration;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::sync::oneshot;

use crate::channel::{CHANNEL, Stage};
use crate::config::{Config, is_disabled};
use crate::dispatch::{self, Command, Flush, Handle};
use crate::error::ConfigError;
use crate::health::Health;
use crate::silence::{Silence, SilenceId};
use crate::stats::BOOKS;
use crate::{Verdict, panics, transport};

/// How long a dropped guard waits.
const DROP_DEADLINE: Duration = Duration::from_secs(2);

/// The dispatcher that runs, for those who hold no guard.
static RUNNING: Mutex<Option<Handle>> = Mutex::new(None);

/// Starts alerting: from now on every failure of an annotated function reaches the robots.
///
/// Failures from before are held (100 of them in detail, the rest by count) and delivered now. Everything
/// runs on a thread of its own, so it does not matter whether there is a runtime, or what becomes of it.
///
/// With `ALERT_DISABLE=1` in the environment nothing is started, and failures cost one relaxed load.
///
/// # Errors
/// With every mistake of the configuration at once, each with its setting; when alerting already runs; and
/// when the system gives no thread.
///
/// # Panics
/// Never.
///
/// ```
/// use alert_core::{Config, Robot};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let alerts = alert_core::init(
///     Config::new("checkout").robot(Robot::webhook("http://127.0.0.1:9/alerts")),
/// )?;
/// assert!(alert_core::init(Config::new("again")).is_err());
/// # Ok(())
/// # }
/// ```
pub fn init(config: Config) -> Result<Guard, ConfigError> {
    if is_disabled() {
        CHANNEL.advance(Stage::Waiting, Stage::Disabled);
        return Ok(Guard { running: false });
    }
    config.check()?;
    // Held to the end, so that of two threads one is first and the other finds it done.
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    if running.is_some() {
        return Err(ConfigError::one(
            "init",
            "alerting already runs; keep the first guard, or shut it down first",
        ));
    }
    let transport = config
        .transport
        .clone()
        .or_else(|| transport::default_transport(config.timeout, config.connect_timeout))
        .ok_or_else(|| ConfigError::one("transport", "there is none; enable feature `http` or give one"))?;
    CHANNEL.open(config.capacity);
    if !CHANNEL.has_receivers() {
        let problem = "the last dispatcher is still ending; wait for its shutdown";
        return Err(ConfigError::one("init", problem));
    }
    let verifies = config.verifies;
    panics::install(config.all_panics, last_words);
    let started = dispatch::start(Arc::new(config), &CHANNEL, &BOOKS, transport);
    let handle =
        started.map_err(|error| ConfigError::one("init", format!("no thread to be had: {error}")))?;
    if verifies {
        // The one end of it that can be gone was started a line ago.
        let _gone = handle.ask.send(Command::Verify(None));
    }
    *running = Some(handle);
    let _ =
        CHANNEL.advance(Stage::Waiting, Stage::Running) || CHANNEL.advance(Stage::Stopped, Stage::Running);
    CHANNEL.call_dispatcher();
    Ok(Guard { running: true })
}

/// Sends everything pending now, whatever the policy, and waits for the answers, no longer than `limit`.
///
/// # Cancel safety
/// Dropping the future stops the wait, not the sending.
pub async fn flush(limit: Duration) -> Flushed {
    match ask(limit, Then::GoOn) {
        Some(done) => answer(done, limit).await,
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

/// Sends one marked test message to every robot, fallbacks too and whatever the routes say, and gives each
/// robot's verdict in the order of the configuration: its code, and what to do about it.
///
/// For a check at deployment, or behind an admin route; [`Config::verify`] does the same at the start. The
/// messages count as sent or failed and against each robot's budget, and never as failures. A refusal also
/// goes to [`Config::on_error`]. A robot that takes its test message need rest no longer. A robot that asked
/// to be left alone for more than 5 s gets none: its verdict says how long. Takes up to the time-out of a
/// request, twice where a refused rich form is tried in plain text.
///
/// Empty when alerting does not run, or ends meanwhile.
///
/// # Cancel safety
/// Dropping the future stops the wait, not the sending.
///
/// ```
/// use alert_core::{Config, Robot};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let robot = Robot::webhook("http://127.0.0.1:9/nobody-listens").name("ops");
/// let _alerts = alert_core::init(Config::new("checkout").robot(robot))?;
///
/// for verdict in alert_core::verify().await {
///     println!("{verdict}");
///     assert_eq!((verdict.robot(), verdict.is_accepted()), ("ops", false));
/// }
/// # Ok(())
/// # }
/// ```
pub async fn verify() -> Vec<Verdict> {
    let (asker, verdicts) = oneshot::channel();
    tell(Command::Verify(Some(asker)));
    verdicts.await.unwrap_or_default()
}

/// How alerting itself is doing: whether it runs, and of each robot how long it rests and what went wrong last.
/// Sends nothing and never waits for the network, so it suits a health check that is asked often.
///
/// ```
/// let health = alert_core::health();
/// if health.is_running() && !health.is_ok() {
///     println!("{health}");
/// }
/// ```
#[must_use]
pub fn health() -> Health {
    let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(handle) = running.as_ref() else {
        return Health::default();
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "how long a robot still rests counts from the call"
    )]
    let now = Instant::now();
    Health::new(!handle.ask.is_closed(), handle.board.read(now))
}

/// Switches capture off, or on again. On unless set, and unless `ALERT_DISABLE` says otherwise.
///
/// While it is off, a failure costs one relaxed load and is not counted; what was captured before is still sent. It
/// takes effect at once and in all threads, before `init` too.
///
/// ```
/// alert_core::set_enabled(false);
/// alert_core::raise(alert_core::Severity::Error, &std::io::Error::other("nobody hears of this"));
/// assert_eq!(alert_core::stats().captured(), 0);
/// alert_core::set_enabled(true);
/// ```
pub fn set_enabled(enabled: bool) {
    CHANNEL.set_enabled(enabled);
}

/// Mutes some failures from now on. Gives the silence's name, to end it early. Without effect while alerting
/// does not run.
#[expect(clippy::must_use_candidate, reason = "one that ends by itself needs no name")]
pub fn silence(silence: Silence) -> SilenceId {
    let id = silence.id();
    tell(Command::Silence(silence));
    id
}

/// Ends a silence before its time; the message about what it held back goes out now.
pub fn end_silence(id: SilenceId) {
    tell(Command::EndSilence(id));
}

fn tell(command: Command) {
    let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = running.as_ref() {
        // A dispatcher that is gone has no failures to mute.
        let _gone = handle.ask.send(command);
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
fn last_words(limit: Duration) {
    for _ in 0..100 {
        if let Ok(running) = RUNNING.try_lock() {
            let Some(mut done) = running
                .as_ref()
                .and_then(|handle| ask_of(handle, limit, Then::Abort))
            else {
                return;
            };
            drop(running);
            wait(&mut done, limit);
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
fn ask(limit: Duration, then: Then) -> Option<oneshot::Receiver<u64>> {
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    let handle = running.as_ref()?;
    let asked = ask_of(handle, limit, then);
    if then == Then::Stop {
        CHANNEL.advance(Stage::Running, Stage::Stopped);
        handle.stop.cancel();
        *running = None;
    }
    asked
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
        match ask(limit, Then::Stop) {
            Some(done) => answer(done, limit).await,
            None => Flushed::NotRunning,
        }
    }
}

impl Drop for Guard {
    /// As [`shutdown`](Guard::shutdown), waiting at most 2 s. Blocks the thread meanwhile.
    fn drop(&mut self) {
        if !core::mem::take(&mut self.running) {
            return;
        }
        let Some(mut done) = ask(DROP_DEADLINE, Then::Stop) else {
            return;
        };
        wait(
            &mut done,
            DROP_DEADLINE.saturating_add(Duration::from_millis(100)),
        );
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
