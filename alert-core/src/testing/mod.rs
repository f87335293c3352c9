//! What would have been sent, without a network; and how a text is normalised for grouping.

#[doc(hidden)]
pub mod fuzz;
mod load;

use serde_json::Value;

#[doc(hidden)]
pub use load::Load;

use crate::dispatch::rehearse;
#[doc(hidden)]
pub use crate::dispatch::rehearse::Moment;
use crate::fingerprint::{Fingerprint, Fingerprinter, Normalizer, Rules};
use crate::robot::Robot;
use crate::transport::memory::Memory;
use crate::{Config, Policy, Site};

/// Keeps every message in memory, as the generic webhook's body.
///
/// ```
/// use alert_core::testing::Recorder;
/// use alert_core::{Config, Severity};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let recorder = Recorder::new();
/// let alerts = alert_core::init(Config::new("checkout").recorder(&recorder))?;
///
/// alert_core::raise(Severity::Error, &std::io::Error::other("no ink"));
/// alert_core::flush(Duration::from_secs(5)).await;
///
/// assert_eq!(recorder.failures(), 1);
/// assert_eq!(recorder.messages()[0]["groups"][0]["message"], "no ink");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    memory: Memory,
}

impl Recorder {
    /// A recorder without messages.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The messages so far, each as the body of schema 1.
    #[must_use]
    pub fn messages(&self) -> Vec<Value> {
        self.memory
            .bodies()
            .iter()
            .filter_map(|body| serde_json::from_slice(body).ok())
            .collect()
    }

    /// The failures all messages tell about: the sum of their `delta`.
    #[must_use]
    pub fn failures(&self) -> u64 {
        self.messages().iter().map(delta).fold(0, u64::saturating_add)
    }

    /// Forgets the messages.
    pub fn clear(&self) {
        self.memory.clear();
    }
}

/// The failures one message tells about.
fn delta(message: &Value) -> u64 {
    let number = |pointer: &str, value: &Value| value.pointer(pointer).and_then(Value::as_u64).unwrap_or(0);
    let groups = message
        .pointer("/groups")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let listed = groups
        .map(|group| number("/delta", group))
        .fold(0, u64::saturating_add);
    listed.saturating_add(number("/unlisted/delta", message))
}

impl Config {
    /// Sends every message to this recorder and nowhere else. Each failure speaks at once, unless a policy
    /// is set after this.
    #[must_use]
    pub fn recorder(self, recorder: &Recorder) -> Self {
        let robots = vec![Robot::webhook("http://recorder.invalid/").name("recorder")];
        Self {
            robots,
            ..self.policy(Policy::each()).transport(recorder.memory.clone())
        }
    }
}
/// The grouping text of an error's text: what is left once ids, numbers, addresses, times and quoted values are
/// replaced. Two failures of one site and type are the same kind if these texts are equal.
///
/// The text of a chain is its links joined by `: `, outermost first.
///
/// ```
/// use alert_core::testing::normalize;
///
/// assert_eq!(normalize("订单12345支付失败"), "订单<n>支付失败");
/// assert_eq!(
///     normalize("failed to connect to 10.0.3.17:6379: Connection refused (os error 111)"),
///     "failed to connect to <ip>:6379: connection refused (os error 111)",
/// );
/// ```
#[must_use]
pub fn normalize(text: &str) -> String {
    Normalizer::default()
        .chain(core::iter::once(text), &Rules::default())
        .to_owned()
}

/// Not public API: the state of the dispatcher that fingerprints need, for the benches.
#[doc(hidden)]
#[derive(Debug)]
pub struct Fingerprints(Fingerprinter, Normalizer, Rules);

impl Default for Fingerprints {
    fn default() -> Self {
        Self(
            Fingerprinter::new(Rules::default()),
            Normalizer::default(),
            Rules::default(),
        )
    }
}

impl Fingerprints {
    /// The grouping text, in a buffer that is used again.
    pub fn normalize(&mut self, text: &str) -> &str {
        self.1.chain(core::iter::once(text), &self.2)
    }

    /// The fingerprint of an event by way of the memo.
    pub fn of(&mut self, site: &Site, type_name: &str, text: &str, ends: &[u16]) -> Fingerprint {
        self.0.of(site, "", type_name, text, ends).fingerprint()
    }

    /// Forgets a group.
    pub fn forget(&mut self, fingerprint: Fingerprint) {
        self.0.forget(fingerprint);
    }
}

/// Not public API: the loop of the dispatcher that runs panics when it gets to this moment of its turn.
#[doc(hidden)]
pub fn kill_dispatcher(moment: Moment) {
    rehearse::die_at(moment);
}

/// Not public API: whether the last [`kill_dispatcher`] has killed none yet.
#[doc(hidden)]
#[must_use]
pub fn dispatcher_lives() -> bool {
    rehearse::lives()
}

/// Not public API: the wall clock of the dispatcher is so many seconds ahead of the machine's.
#[doc(hidden)]
pub fn set_wall_clock_ahead(seconds: i64) {
    rehearse::set_ahead(seconds);
}
