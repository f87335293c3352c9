//! One test's turn at the one dispatcher of the process.

use std::time::Duration;

use alert_core::testing::Recorder;
use alert_core::{Config, Guard};
use serde_json::Value;
use tokio::sync::{Mutex, MutexGuard};

static TURN: Mutex<()> = Mutex::const_new(());

/// Alerting that reports to a recorder.
pub(crate) struct Turn {
    pub(crate) recorder: Recorder,
    guard: Guard,
    _alone: MutexGuard<'static, ()>,
}

impl Turn {
    pub(crate) async fn with(settings: impl FnOnce(Config) -> Config) -> Self {
        let alone = TURN.lock().await;
        let recorder = Recorder::new();
        let config = settings(Config::new("peers").recorder(&recorder));
        Self {
            recorder,
            guard: alert_core::init(config).unwrap(),
            _alone: alone,
        }
    }

    /// The groups of all messages, once everything has been told.
    pub(crate) async fn end(self) -> Vec<Value> {
        self.guard.shutdown(Duration::from_secs(5)).await;
        let messages = self.recorder.messages();
        let groups = messages.iter().map(|message| message["groups"].as_array().unwrap());
        groups.flatten().cloned().collect()
    }
}
