//! One test's turn at the one dispatcher of the process.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alert_core::inbox::{Chat, Inbox, Kind};
use alert_core::{Config, Error, Guard, Robot, Stats};
use tokio::sync::MutexGuard;

use crate::{Counts, assert_no_secret, until};

/// Alerting is global: one test at a time has it.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// An inbox, alerting that reports to it, and the books since the start.
///
/// End it with [`Scene::end`], which checks the books and looks for secrets. A test that fails drops it, which
/// stops alerting too.
#[derive(Debug)]
pub struct Scene {
    guard: Option<Guard>,
    errors: Arc<Mutex<Vec<Error>>>,
    archive: Option<Chat>,
    secrets: Vec<String>,
    texts: Vec<(&'static str, String)>,
    before: Stats,
    inbox: Inbox,
    // Last, so that the next test finds alerting stopped.
    _turn: MutexGuard<'static, ()>,
}

impl Scene {
    /// Waits for its turn and opens an inbox. Alerting does not run yet.
    ///
    /// # Panics
    /// When there is no port.
    pub async fn set() -> Self {
        let turn = TURN.lock().await;
        let inbox = Inbox::bind("127.0.0.1:0").await.unwrap();
        Self {
            guard: None,
            errors: Arc::default(),
            archive: None,
            secrets: Vec::new(),
            texts: Vec::new(),
            before: alert_core::stats(),
            inbox,
            _turn: turn,
        }
    }

    /// The inbox.
    #[must_use]
    pub fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    /// Opens a chat whose token must not be seen anywhere.
    pub fn chat(&mut self, kind: Kind) -> Chat {
        let chat = self.inbox.chat(kind);
        self.secrets.push(token_of(&chat.url()));
        chat
    }

    /// The robot of a chat; `None` if this version does not speak to that kind.
    #[must_use]
    pub fn robot(chat: &Chat) -> Option<Robot> {
        Robot::from_url(format!("{}+{}", chat.kind(), chat.url())).ok()
    }

    /// A webhook that gets everything and counts it independently. [`end`](Self::end) compares the books
    /// with it.
    pub fn archive(&mut self) -> Chat {
        let chat = self.chat(Kind::Webhook);
        self.archive = Some(chat.clone());
        chat
    }

    /// Something that must not be in any text.
    pub fn secret(&mut self, secret: impl Into<String>) {
        self.secrets.push(secret.into());
    }

    /// A text in which no secret may be.
    pub fn text(&mut self, what: &'static str, text: impl Into<String>) {
        self.texts.push((what, text.into()));
    }

    /// Starts alerting with what the test wants of it.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(&mut self, config: Config) {
        let errors = Arc::clone(&self.errors);
        let config = config.on_error(move |error| {
            errors
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(error.clone());
        });
        self.texts.push(("the configuration", format!("{config:#?}")));
        self.guard = Some(alert_core::init(config).expect("alerting starts"));
    }

    /// What `on_error` was told.
    #[must_use]
    pub fn errors(&self) -> Vec<Error> {
        self.errors.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until `on_error` was told `n` times.
    pub async fn wait_errors(&self, n: usize) -> Vec<Error> {
        until("errors told to `on_error`", || self.errors().len() >= n).await;
        self.errors()
    }

    /// The books since the scene was set.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts::since(&self.before)
    }

    /// Takes the guard out, for a test that ends alerting in its own way.
    ///
    /// # Panics
    /// When alerting was not started.
    pub fn take_guard(&mut self) -> Guard {
        self.guard.take().expect("alerting was started")
    }

    /// Shuts down, if the test has not, and checks that the books balance, that nothing is pending, that the
    /// archive heard of every delivered failure, that no message tells a time before the clock was read, and
    /// that no text holds a secret.
    ///
    /// # Panics
    /// When any of that does not hold.
    pub async fn end(mut self) -> Counts {
        if let Some(guard) = self.guard.take() {
            let flushed = guard.shutdown(Duration::from_secs(2)).await;
            self.texts.push(("the shutdown's answer", format!("{flushed:?}")));
        }
        let counts = self.counts();
        assert_eq!(
            counts.pending, 0,
            "something is pending after shutdown: {counts:?}"
        );
        if let Some(archive) = &self.archive {
            assert_eq!(
                archive.delta(),
                counts.delivered,
                "the archive heard of another number"
            );
        }
        let mut texts = core::mem::take(&mut self.texts);
        for error in self.errors() {
            texts.push(("an error", format!("{error}\n{error:#?}\n{:?}", error.hint())));
        }
        for message in self.inbox.messages() {
            let text = message.text();
            assert!(
                !text.contains("1970-01-01"),
                "written before the clock was read:\n{text}"
            );
            texts.push(("a message", text));
            texts.push((
                "a message's body",
                String::from_utf8_lossy(message.request().body()).into_owned(),
            ));
        }
        assert_no_secret(&self.secrets, texts);
        counts
    }
}

/// The token in a robot's address: what stands last in it.
#[must_use]
pub fn token_of(url: &str) -> String {
    url.rsplit(['/', '=']).next().unwrap_or_default().to_owned()
}
