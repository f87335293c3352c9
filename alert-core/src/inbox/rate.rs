//! Rate limits: how many messages a chat takes in a window, and how long it stays closed afterwards.

use std::collections::VecDeque;
use std::time::Duration;

use super::clock::Millis;

/// A vendor's limit: at most `messages` in any `window`; one more closes the chat for `freeze`.
///
/// Each chat starts with the limits of its vendor (see the kinds in [`super::Kind`]); a test replaces them
/// with [`super::Chat::limit`] or removes them with [`super::Chat::no_limit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    messages: u32,
    window: Duration,
    freeze: Duration,
}

impl Limit {
    /// At most `messages` accepted in any `window`, without a freeze.
    #[must_use]
    pub const fn new(messages: u32, window: Duration) -> Limit {
        Limit {
            messages,
            window,
            freeze: Duration::ZERO,
        }
    }

    /// How long everything is refused once a message came above the limit. Default: not at all.
    #[must_use]
    pub const fn freeze(self, freeze: Duration) -> Limit {
        Limit { freeze, ..self }
    }

    /// How many messages fit in a window.
    #[must_use]
    pub const fn messages(&self) -> u32 {
        self.messages
    }

    /// The length of the window.
    #[must_use]
    pub const fn window(&self) -> Duration {
        self.window
    }
}

/// The limit that a message met, and how long it will stay shut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Full {
    pub(super) limit: Limit,
    pub(super) retry_after: Duration,
}

/// The send times of one chat. Pure: every question brings its own `now`.
#[derive(Debug, Default)]
pub(super) struct Rate {
    limits: Vec<Limit>,
    /// Times of accepted messages, oldest first; written by `count`, forgotten once no window reaches them.
    sent: VecDeque<Millis>,
    /// Set by a message above a limit with a freeze; over when `now` reaches its end.
    frozen: Option<(Limit, Millis)>,
}

impl Rate {
    pub(super) fn new(limits: Vec<Limit>) -> Rate {
        Rate {
            limits,
            ..Rate::default()
        }
    }

    pub(super) fn set_limits(&mut self, limits: Vec<Limit>) {
        *self = Rate::new(limits);
    }

    pub(super) fn limits(&self) -> &[Limit] {
        &self.limits
    }

    /// Whether one more message fits. A refusal may start a freeze.
    pub(super) fn check(&mut self, now: Millis) -> Result<(), Full> {
        self.forget(now);
        if let Some((limit, until)) = self.frozen {
            return Err(Full {
                limit,
                retry_after: between(now, until),
            });
        }
        for &limit in &self.limits {
            if self.used(limit, now) < limit.messages {
                continue;
            }
            if !limit.freeze.is_zero() {
                self.frozen = Some((limit, now.saturating_add(millis(limit.freeze))));
                return Err(Full {
                    limit,
                    retry_after: limit.freeze,
                });
            }
            return Err(Full {
                limit,
                retry_after: self.opens(limit, now),
            });
        }
        Ok(())
    }

    /// Notes an accepted message.
    pub(super) fn count(&mut self, now: Millis) {
        self.sent.push_back(now);
    }

    /// Messages inside the limit's window.
    pub(super) fn used(&self, limit: Limit, now: Millis) -> u32 {
        let start = now.saturating_sub(millis(limit.window));
        let used = self.sent.iter().filter(|&&at| at > start && at <= now).count();
        u32::try_from(used).unwrap_or(u32::MAX)
    }

    /// When the freeze ends, if one is on.
    pub(super) fn frozen_for(&self, now: Millis) -> Option<Duration> {
        let (_, until) = self.frozen?;
        (until > now).then(|| between(now, until))
    }

    /// Forgets what no window reaches any more, and what a clock set back has left in the future.
    fn forget(&mut self, now: Millis) {
        let longest = self
            .limits
            .iter()
            .map(|limit| millis(limit.window))
            .max()
            .unwrap_or(0);
        let start = now.saturating_sub(longest);
        self.sent.retain(|&at| at > start && at <= now);
        if self
            .frozen
            .is_some_and(|(limit, until)| until <= now || until.saturating_sub(now) > millis(limit.freeze))
        {
            self.frozen = None;
        }
    }

    fn opens(&self, limit: Limit, now: Millis) -> Duration {
        let start = now.saturating_sub(millis(limit.window));
        let oldest = self.sent.iter().copied().find(|&at| at > start).unwrap_or(now);
        between(now, oldest.saturating_add(millis(limit.window)))
    }
}

fn millis(duration: Duration) -> Millis {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn between(now: Millis, then: Millis) -> Duration {
    Duration::from_millis(u64::try_from(then.saturating_sub(now)).unwrap_or(0))
}
