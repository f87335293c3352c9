//! One test's turn at the one dispatcher of the process.

use std::time::Duration;

use alert_core::testing::Recorder;
use alert_core::{Config, Guard, Stats};
use serde_json::Value;
use tokio::sync::{Mutex, MutexGuard};

static TURN: Mutex<()> = Mutex::const_new(());

/// Alerting that reports to a recorder, and the books since it started.
pub(crate) struct Turn {
    pub(crate) recorder: Recorder,
    guard: Guard,
    before: Stats,
    _alone: MutexGuard<'static, ()>,
}

/// What a test caused.
#[derive(Debug)]
pub(crate) struct Told {
    /// Failures, as the messages count them.
    pub(crate) failures: u64,
    pub(crate) hops: u64,
    /// The groups of all messages, in the order they were told.
    pub(crate) groups: Vec<Value>,
}

impl Turn {
    pub(crate) async fn start() -> Self {
        Self::with(|config| config).await
    }

    pub(crate) async fn with(settings: impl FnOnce(Config) -> Config) -> Self {
        let turn = TURN.lock().await;
        let recorder = Recorder::new();
        let before = alert_core::stats();
        let config = settings(Config::new("know").recorder(&recorder));
        Self {
            recorder,
            guard: alert_core::init(config).expect("alerting starts"),
            before,
            _alone: turn,
        }
    }

    /// Ends alerting, checks that the books balance, and gives what was told.
    pub(crate) async fn end(self) -> Told {
        self.guard.shutdown(Duration::from_secs(5)).await;
        let (before, now) = (self.before, alert_core::stats());
        let failures = self.recorder.failures();
        assert_eq!(now.pending(), 0, "something is pending after shutdown: {now}");
        assert_eq!(now.captured() - before.captured(), failures, "captured is told");
        Told {
            failures,
            hops: now.hops() - before.hops(),
            groups: groups(&self.recorder),
        }
    }
}

/// The groups of all messages so far.
pub(crate) fn groups(recorder: &Recorder) -> Vec<Value> {
    let messages = recorder.messages();
    let of = |message: &Value| message["groups"].as_array().cloned().unwrap_or_default();
    messages.iter().flat_map(of).collect()
}

impl Told {
    /// The only group there is.
    pub(crate) fn only(&self) -> &Value {
        assert_eq!(self.groups.len(), 1, "{:#?}", self.groups);
        &self.groups[0]
    }

    /// The path of the group whose innermost function is this.
    pub(crate) fn path(&self, innermost: &str) -> Vec<String> {
        let found = self
            .groups
            .iter()
            .rfind(|group| group["site"]["function"] == innermost);
        let found = found.unwrap_or_else(|| panic!("no group of {innermost}: {self:#?}"));
        texts(&found["path"])
    }
}

/// A list of texts.
pub(crate) fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().expect("a list");
    list.iter()
        .map(|text| text.as_str().unwrap().to_owned())
        .collect()
}
