//! When a group speaks: one small state machine per group, stepped with the times of its failures.

use core::time::Duration;
use std::collections::VecDeque;
use std::time::Instant;

use crate::config::{Policy, PolicyKind};
use crate::digest::DigestKind;

/// How long even a message of its own waits, so that the error has passed all functions on its way up and
/// the message shows them. Severe ones do not wait.
const SETTLE: Duration = Duration::from_millis(150);

/// When one group speaks next, and why.
#[derive(Debug, Default)]
pub(crate) struct Rhythm {
    /// The times of the latest failures, oldest first; no more than the threshold plus one.
    recent: VecDeque<Instant>,
    /// From the first failure after a quiet while to the next quiet while.
    episode: Option<Episode>,
    due: Option<(Instant, DigestKind)>,
}

#[derive(Debug)]
struct Episode {
    last_failure: Instant,
    failures: u64,
    /// When the group last spoke in this episode.
    spoken: Option<Instant>,
    /// Failures since it last spoke; the first of them.
    untold_since: Option<Instant>,
    burst: bool,
    severe: bool,
    /// Steps of back-off taken.
    step: usize,
    /// The number of failures that brings the next summary forward.
    growth: u64,
}

/// What of a rhythm outlives the program.
#[cfg(feature = "spool")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    pub(crate) spoken: Option<Instant>,
    pub(crate) burst: bool,
    pub(crate) step: usize,
}

impl Rhythm {
    /// When the group wants to speak, and why. The time may be past.
    pub(crate) fn due(&self) -> Option<(Instant, DigestKind)> {
        self.due
    }

    /// Whether its first message, though not due, may share that of another kind: its way up is known by now.
    pub(crate) fn may_join_first(&self, now: Instant) -> bool {
        let is_first = self.due.is_some_and(|(_, kind)| kind == DigestKind::First);
        let since = self.episode.as_ref().and_then(|episode| episode.untold_since);
        is_first && since.is_some_and(|since| since + SETTLE <= now)
    }

    /// `count` failures at one time. `severe` ones do not wait.
    pub(crate) fn failed(&mut self, at: Instant, count: u64, severe: bool, policy: &Policy) {
        self.end_if_quiet(at, policy);
        let fresh = self.episode.is_none();
        let episode = self.episode.get_or_insert(Episode {
            last_failure: at,
            failures: 0,
            spoken: None,
            untold_since: None,
            burst: false,
            severe: false,
            step: 0,
            growth: 1,
        });
        episode.last_failure = episode.last_failure.max(at);
        episode.failures = episode.failures.saturating_add(count);
        episode.untold_since.get_or_insert(at);
        let newly_severe = severe && !episode.severe;
        episode.severe |= severe;
        let crossed = remember(&mut self.recent, at, count, policy);

        match policy.kind() {
            _ if newly_severe => self.want(at, DigestKind::First),
            PolicyKind::Each => self.want(at + SETTLE, DigestKind::First),
            PolicyKind::FirstThenSummary if fresh => {
                self.want(at + policy.first_wait_length(), DigestKind::First);
            }
            PolicyKind::FirstThenSummary if crossed && !episode.burst => {
                episode.burst = true;
                self.want(at, DigestKind::Burst);
            }
            PolicyKind::Threshold if crossed => {
                // One aggregated alert a window: what follows within it is told by the next.
                let next = episode
                    .spoken
                    .map_or(at, |spoken| spoken + policy.window_length());
                self.want(next.max(at + policy.first_wait_length()), DigestKind::Burst);
            }
            _ => self.want_later(at, policy),
        }
    }

    /// The failures told so far turned out to be severe: they are told once more, as that.
    pub(crate) fn escalate(&mut self, at: Instant) {
        if let Some(episode) = &mut self.episode
            && !episode.severe
        {
            episode.severe = true;
            self.want(at, DigestKind::First);
        }
    }

    /// A message of its own. A group that already wants one speaks at the sooner time.
    fn want(&mut self, at: Instant, kind: DigestKind) {
        self.due = Some(match self.due {
            Some((due, known)) if has_own_message(known) => (due.min(at), stronger(known, kind)),
            _ => (at, kind),
        });
    }

    /// The next summary, for a failure that needs no message of its own.
    fn want_later(&mut self, at: Instant, policy: &Policy) {
        let Some(episode) = &mut self.episode else { return };
        if self.due.is_some_and(|(_, kind)| has_own_message(kind)) {
            return;
        }
        let untold_since = episode.untold_since.unwrap_or(at);
        let spoken = episode.spoken.unwrap_or(untold_since);
        self.due = Some(match policy.kind() {
            PolicyKind::FirstThenSummary if episode.burst || episode.severe => {
                let quiet = at + policy.quiet_length();
                let summary = spoken + policy.back_off_step(episode.step);
                if episode.failures >= episode.growth {
                    (at, DigestKind::Summary)
                } else if summary <= quiet || !episode.burst {
                    (summary, DigestKind::Summary)
                } else {
                    (quiet, DigestKind::Quiet)
                }
            }
            PolicyKind::FirstThenSummary => (spoken + policy.quiet_length(), DigestKind::Summary),
            _ => (untold_since + policy.quiet_length(), DigestKind::Summary),
        });
    }

    /// The group has been put into messages. Sets when it wants to say that all is quiet.
    pub(crate) fn spoke(&mut self, now: Instant, kind: DigestKind, policy: &Policy) {
        self.due = None;
        let Some(episode) = &mut self.episode else { return };
        if kind == DigestKind::Quiet {
            self.episode = None;
            self.recent.clear();
            return;
        }
        if kind == DigestKind::Summary {
            episode.step = episode.step.saturating_add(1);
        }
        if policy.kind() == PolicyKind::Threshold {
            self.recent.clear();
        }
        while episode.growth <= episode.failures {
            episode.growth = episode.growth.saturating_mul(policy.growth_factor().max(2));
        }
        episode.spoken = Some(now);
        episode.untold_since = None;
        if episode.burst {
            self.due = Some((episode.last_failure + policy.quiet_length(), DigestKind::Quiet));
        }
    }

    /// Whether the group has spoken since it was last quiet.
    pub(crate) fn has_spoken(&self) -> bool {
        self.episode
            .as_ref()
            .is_some_and(|episode| episode.spoken.is_some())
    }

    /// What the next start of the program has to know.
    #[cfg(feature = "spool")]
    pub(crate) fn memory(&self) -> Option<Memory> {
        let episode = self.episode.as_ref()?;
        let Episode {
            spoken, burst, step, ..
        } = *episode;
        Some(Memory { spoken, burst, step })
    }

    /// Goes on where an earlier run of the program ended, with what it left untold.
    #[cfg(feature = "spool")]
    pub(crate) fn resume(
        &mut self,
        last: Instant,
        untold: u64,
        severe: bool,
        memory: Memory,
        policy: &Policy,
    ) {
        let Memory { spoken, burst, step } = memory;
        self.episode = Some(Episode {
            last_failure: last,
            failures: untold,
            spoken,
            untold_since: (untold > 0).then_some(last),
            burst,
            severe,
            step,
            growth: untold.max(1).saturating_mul(policy.growth_factor()),
        });
        if untold == 0 {
            return;
        }
        match spoken {
            Some(_) => self.want_later(last, policy),
            None => self.want(last, DigestKind::First),
        }
    }

    /// Whether nothing happened for so long that the next failure is a new beginning, and all is told.
    pub(crate) fn is_quiet(&self, now: Instant, policy: &Policy) -> bool {
        self.due.is_none()
            && self.episode.as_ref().is_none_or(|episode| {
                now.saturating_duration_since(episode.last_failure) >= policy.quiet_length()
            })
    }

    fn end_if_quiet(&mut self, at: Instant, policy: &Policy) {
        if self.is_quiet(at, policy) {
            self.episode = None;
            self.recent.clear();
        }
    }
}

/// Notes the times of `count` failures. Whether they make more than the threshold within the window.
fn remember(recent: &mut VecDeque<Instant>, at: Instant, count: u64, policy: &Policy) -> bool {
    let keep = policy.threshold_count().saturating_add(1);
    for _ in 0..usize::try_from(count).unwrap_or(usize::MAX).min(keep) {
        if recent.len() == keep {
            recent.pop_front();
        }
        recent.push_back(at);
    }
    let first = recent.front().copied().unwrap_or(at);
    recent.len() == keep && at.saturating_duration_since(first) < policy.window_length()
}

fn has_own_message(kind: DigestKind) -> bool {
    matches!(kind, DigestKind::First | DigestKind::Burst)
}

fn stronger(one: DigestKind, other: DigestKind) -> DigestKind {
    if one == DigestKind::Burst { one } else { other }
}

#[cfg(test)]
mod tests;
