//! Waiting for messages with a deadline, from async and from plain code, without ever polling.

use std::fmt;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use super::message::Message;
use super::store::{Shared, State};

/// Which messages are meant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// One chat, or all.
    pub(super) chat: Option<u32>,
    /// Accepted ones, refused ones, or both.
    pub(super) accepted: Option<bool>,
}

impl Wanted {
    pub(super) fn is(self, message: &Message) -> bool {
        self.chat.is_none_or(|id| id == message.0.chat_id)
            && self
                .accepted
                .is_none_or(|accepted| accepted == message.accepted())
    }
}

/// The messages waited for did not come in time.
#[derive(Clone, Debug)]
pub struct TimedOut {
    wanted: usize,
    found: usize,
    within: Duration,
    last: Option<String>,
}

impl TimedOut {
    /// How many had come when the time was over.
    #[must_use]
    pub fn found(&self) -> usize {
        self.found
    }
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TimedOut {
            wanted,
            found,
            within,
            ..
        } = self;
        write!(f, "{found} of {wanted} messages came within {within:?}")?;
        match &self.last {
            Some(last) => write!(f, "; the last one was refused: {last}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for TimedOut {}

/// Ends the task that waits when nobody waits for it any more.
struct Waiting(AbortHandle);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Shared {
    pub(super) async fn wait(
        self: &Arc<Shared>,
        wanted: Wanted,
        n: usize,
        within: Duration,
    ) -> Result<Vec<Message>, TimedOut> {
        let (done, found) = oneshot::channel();
        let shared = Arc::clone(self);
        let task = self.runtime.spawn(async move {
            let mut version = shared.version.subscribe();
            let enough = async {
                loop {
                    version.borrow_and_update();
                    if let Some(found) = enough(&shared.lock(), wanted, n) {
                        return found;
                    }
                    if version.changed().await.is_err() {
                        return Vec::new();
                    }
                }
            };
            let found = tokio::time::timeout(within, enough).await.ok();
            // Nobody listening means the wait was cancelled, which needs no answer.
            done.send(found).ok();
        });
        let waiting = Waiting(task.abort_handle());
        let found = found.await.ok().flatten();
        drop(waiting);
        found.ok_or_else(|| timed_out(&self.lock(), wanted, n, within))
    }

    pub(super) fn wait_blocking(
        &self,
        wanted: Wanted,
        n: usize,
        within: Duration,
    ) -> Result<Vec<Message>, TimedOut> {
        let mut found = None;
        let missing = |state: &mut State| {
            found = enough(state, wanted, n);
            found.is_none()
        };
        let (state, _) = self
            .changed
            .wait_timeout_while(self.lock(), within, missing)
            .unwrap_or_else(PoisonError::into_inner);
        found.ok_or_else(|| timed_out(&state, wanted, n, within))
    }
}

fn enough(state: &State, wanted: Wanted, n: usize) -> Option<Vec<Message>> {
    let found = state.messages_of(wanted);
    (found.len() >= n).then_some(found)
}

fn timed_out(state: &State, wanted: Wanted, n: usize, within: Duration) -> TimedOut {
    let refused = Wanted {
        accepted: Some(false),
        ..wanted
    };
    let last = state.messages_of(refused).pop().map(|message| {
        let verdict = message.verdict();
        format!("{} {} ({})", verdict.code(), verdict.text(), verdict.why())
    });
    TimedOut {
        wanted: n,
        found: state.messages_of(wanted).len(),
        within,
        last,
    }
}
