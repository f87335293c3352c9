//! Start, and what can be asked of what runs.

mod end;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

pub use end::{Flushed, Guard, flush};
use tokio::sync::oneshot;

use crate::channel::{CHANNEL, Stage};
use crate::config::{Config, is_disabled};
use crate::dispatch::{self, Command, Handle};
use crate::error::ConfigError;
use crate::health::Health;
use crate::silence::{Silence, SilenceId};
use crate::stats::BOOKS;
use crate::{Verdict, panics, transport};

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
    let config = match is_disabled() {
        Ok(true) => {
            CHANNEL.advance(Stage::Waiting, Stage::Disabled);
            return Ok(Guard::new(false));
        }
        Ok(false) => config,
        Err(unknown) => config.with_problems(&unknown),
    };
    config.check()?;
    // Held to the end, so that of two threads one is first and the other finds it done.
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    if running.as_ref().is_some_and(|handle| !handle.is_here()) {
        let problem =
            "alerting runs in the process this one was forked from; start it after the fork, or `exec`";
        return Err(ConfigError::one("init", problem));
    }
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
    panics::install(config.all_panics, end::last_words);
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
    Ok(Guard::new(true))
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
    let Some(handle) = here(running.as_ref()) else {
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
    if let Some(handle) = here(running.as_ref()) {
        // A dispatcher that is gone has no failures to mute.
        let _gone = handle.ask.send(command);
    }
}

/// The dispatcher that runs in this process.
fn here(running: Option<&Handle>) -> Option<&Handle> {
    running.filter(|handle| handle.is_here())
}
