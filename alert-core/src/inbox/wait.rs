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
    what: &'static str,
    within: Duration,
    last: Option<String>,
}

impl TimedOut {
    /// How many messages (or failures, if those were waited for) had come when the time was over.
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
            what,
            within,
            ..
        } = self;
        write!(f, "{found} of {wanted} {what} came within {within:?}")?;
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
    /// Waits for `n` messages.
    pub(super) async fn wait(
        self: &Arc<Shared>,
        wanted: Wanted,
        n: usize,
        within: Duration,
    ) -> Result<Vec<Message>, TimedOut> {
        let found = self.wait_for(within, move |state| enough(state, wanted, n)).await;
        found.ok_or_else(|| {
            let state = self.lock();
            timed_out(
                &state,
                wanted,
                n,
                state.messages_of(wanted).len(),
                "messages",
                within,
            )
        })
    }

    /// Waits until the accepted messages tell of `n` failures.
    pub(super) async fn wait_delta(
        self: &Arc<Shared>,
        chat: Option<u32>,
        n: u64,
        within: Duration,
    ) -> Result<u64, TimedOut> {
        let found = self
            .wait_for(within, move |state| {
                Some(state.delta(chat)).filter(|&delta| delta >= n)
            })
            .await;
        found.ok_or_else(|| {
            let state = self.lock();
            let wanted = Wanted { chat, accepted: None };
            let count = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
            timed_out(
                &state,
                wanted,
                count(n),
                count(state.delta(chat)),
                "failures",
                within,
            )
        })
    }

    /// Waits on the inbox's own runtime until `check` finds something.
    async fn wait_for<T: Send + 'static>(
        self: &Arc<Shared>,
        within: Duration,
        check: impl Fn(&State) -> Option<T> + Send + Sync + 'static,
    ) -> Option<T> {
        let (done, found) = oneshot::channel();
        let shared = Arc::clone(self);
        let task = self.runtime.spawn(async move {
            let mut version = shared.version.subscribe();
            let enough = async {
                loop {
                    version.borrow_and_update();
                    let found = check(&shared.lock());
                    if found.is_some() || version.changed().await.is_err() {
                        return found;
                    }
                }
            };
            let found = tokio::time::timeout(within, enough).await.ok().flatten();
            // Nobody listening means the wait was cancelled, which needs no answer.
            done.send(found).ok();
        });
        let waiting = Waiting(task.abort_handle());
        let found = found.await.ok().flatten();
        drop(waiting);
        found
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
        found.ok_or_else(|| {
            timed_out(
                &state,
                wanted,
                n,
                state.messages_of(wanted).len(),
                "messages",
                within,
            )
        })
    }
}

fn enough(state: &State, wanted: Wanted, n: usize) -> Option<Vec<Message>> {
    let found = state.messages_of(wanted);
    (found.len() >= n).then_some(found)
}

fn timed_out(
    state: &State,
    about: Wanted,
    wanted: usize,
    found: usize,
    what: &'static str,
    within: Duration,
) -> TimedOut {
    let refused = Wanted {
        accepted: Some(false),
        ..about
    };
    let last = state.messages_of(refused).pop().map(|message| {
        let verdict = message.verdict();
        format!("{} {} ({})", verdict.code(), verdict.text(), verdict.why())
    });
    TimedOut {
        wanted,
        found,
        what,
        within,
        last,
    }
}
