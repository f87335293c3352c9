//! Failures of one kind: counts, the latest of them, and what each robot has been told.

use std::time::Instant;

use super::class;
use super::paths::MAX_SITES;
use super::rhythm::Rhythm;
use super::route::{Target, Way};
use crate::chain::Description;
use crate::config::PolicyKind;
use crate::digest::DigestKind;
use crate::event::Event;
use crate::{Fingerprint, Severity, Site};

/// Traces named for one group.
const MAX_TRACES: usize = 3;
/// Texts shown of a group of many variants.
const MAX_SAMPLES: usize = 3;

/// What a group is known by: failures of one kind that go the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) fingerprint: Fingerprint,
    pub(crate) way: Way,
}

/// One kind of failure. Counts are cumulative and only ever grow, so that a message lost on the way is made
/// up for by the next.
#[derive(Debug)]
pub(crate) struct Group {
    /// The latest failure with detail.
    pub(crate) latest: Event,
    pub(crate) severity: Severity,
    /// Goes at once: a panic, `critical`, or a lost connection.
    pub(crate) severe: bool,
    /// The highest severity of the functions its errors passed on their way up.
    raised: Option<Severity>,
    /// The longest way one of its errors took, innermost first. Empty if none got further than its origin.
    path: Vec<&'static Site>,
    /// The latest traces its errors happened in, no more than [`MAX_TRACES`].
    traces: Vec<String>,
    /// A lost connection, of which other failures may be symptoms.
    pub(crate) lost_connection: bool,
    /// Robots that are to hear of it although no failure is new to them: of a silence's end, or of a connection
    /// that others had to wait for.
    owed: Vec<usize>,
    /// Some robot has accepted a message of it, in this run of the program or the one before.
    heard: bool,
    pub(crate) target: Target,
    pub(crate) first_at: Instant,
    pub(crate) last_at: Instant,
    pub(crate) count: Count,
    /// Stands for more texts than are kept apart: those before the latest, oldest first.
    variants: Option<Vec<Description>>,
    /// What each robot has accepted, by the robot's number.
    told: Vec<Count>,
    pub(crate) rhythm: Rhythm,
}

/// Remembers the trace a failure happened in.
fn seen_in(traces: &mut Vec<String>, event: &Event) {
    let Some(id) = event.context.surroundings.trace_id() else {
        return;
    };
    if traces.iter().any(|known| known == id) {
        return;
    }
    let mut place = if traces.len() == MAX_TRACES {
        traces.remove(0)
    } else {
        String::new()
    };
    id.clone_into(&mut place);
    traces.push(place);
}

/// A number of failures, and how many of them came without detail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) total: u64,
    pub(crate) without_detail: u64,
    /// Those of them whose own kind had no room in memory.
    pub(crate) without_room: u64,
    /// How severe they were said to be.
    pub(crate) severity: Severity,
}

impl Count {
    pub(crate) fn in_detail(total: u64) -> Self {
        Self {
            total,
            ..Self::default()
        }
    }

    /// Failures of which nothing but the number is known.
    pub(crate) fn without_detail(total: u64) -> Self {
        Self {
            total,
            without_detail: total,
            ..Self::default()
        }
    }

    pub(crate) fn since(self, earlier: Count) -> Count {
        Count {
            total: self.total.saturating_sub(earlier.total),
            without_detail: self.without_detail.saturating_sub(earlier.without_detail),
            without_room: self.without_room.saturating_sub(earlier.without_room),
            severity: self.severity,
        }
    }
}

impl Group {
    pub(crate) fn new(latest: Event, target: Target, robots: usize) -> Self {
        let lost_connection = !latest.context.is_judged && class::is_lost_connection(latest.words());
        let mut group = Self {
            severity: latest.severity,
            raised: None,
            path: Vec::new(),
            traces: Vec::new(),
            severe: latest.is_severe() || lost_connection,
            lost_connection,
            owed: Vec::new(),
            heard: false,
            target,
            first_at: latest.at,
            last_at: latest.at,
            count: Count {
                severity: latest.severity,
                ..Count::default()
            },
            variants: None,
            told: vec![Count::default(); robots],
            rhythm: Rhythm::default(),
            latest,
        };
        seen_in(&mut group.traces, &group.latest);
        group
    }

    /// A group that has something to say although nothing failed.
    pub(crate) fn notice(latest: Event, target: Target, robots: usize) -> Self {
        Self {
            owed: target.robots.clone(),
            severe: false,
            ..Self::new(latest, target, robots)
        }
    }

    /// Its robots are to hear of it again, whether or not anything is new.
    pub(crate) fn owe_all(&mut self) {
        self.owed.clone_from(&self.target.robots);
    }

    /// It stands for more texts than are kept apart.
    pub(crate) fn is_of_many(&mut self) {
        self.variants.get_or_insert_default();
    }

    /// Whether it stands for more texts than are kept apart.
    #[cfg(feature = "spool")]
    pub(crate) fn has_many(&self) -> bool {
        self.variants.is_some()
    }

    /// Different texts of a group of many variants, the latest first. Empty for any other.
    pub(crate) fn samples(&self) -> Vec<&str> {
        let Some(earlier) = &self.variants else {
            return Vec::new();
        };
        let mut samples: Vec<&str> = Vec::with_capacity(MAX_SAMPLES);
        for words in core::iter::once(self.latest.words()).chain(earlier.iter().rev()) {
            let text = words.links().next().unwrap_or_default();
            if !samples.contains(&text) {
                samples.push(text);
            }
        }
        samples
    }

    /// Keeps the detail of a newer failure.
    pub(crate) fn latest_is(&mut self, event: Event) {
        self.severe |= event.is_severe();
        seen_in(&mut self.traces, &event);
        let before = core::mem::replace(&mut self.latest, event);
        self.set_severity();
        let Some(variants) = &mut self.variants else {
            return;
        };
        if before.words().text() != self.latest.words().text() {
            if variants.len() == MAX_SAMPLES - 1 {
                variants.remove(0);
            }
            variants.push(before.into_words());
        }
    }

    /// The traces its errors happened in, the latest first.
    pub(crate) fn trace_ids(&self) -> Vec<String> {
        self.traces.iter().rev().cloned().collect()
    }

    fn set_severity(&mut self) {
        let own = self.latest.severity;
        self.severity = self.raised.map_or(own, |raised| raised.max(own));
        self.count.severity = self.severity;
    }

    /// One of its errors went this way. Keeps what the latest function said of it, if that says more.
    pub(crate) fn passed(&mut self, hop: Event, way: impl Iterator<Item = &'static Site>) {
        seen_in(&mut self.traces, &hop);
        let (at, severe) = (hop.at, hop.is_severe());
        if hop.context.is_partial && !self.path.is_empty() {
            // Those before it were told with an earlier failure that took the same way.
            if !self.path.iter().any(|known| core::ptr::eq(*known, hop.site)) && self.path.len() < MAX_SITES {
                self.path.push(hop.site);
            }
        } else {
            let way: Vec<_> = way.collect();
            if way.len() >= self.path.len() {
                self.path = way;
            }
        }
        let said = hop.description.text().len();
        if hop.context.incident == self.latest.context.incident && said > self.latest.description.text().len()
        {
            self.latest.description = hop.description;
        }
        self.raised = self.raised.max(Some(hop.severity));
        self.set_severity();
        if severe {
            self.severe = true;
            self.rhythm.escalate(at);
        }
    }

    /// The functions an error of this group passed through, innermost first.
    pub(crate) fn path(&self) -> Vec<String> {
        if self.path.is_empty() {
            return vec![self.latest.site.function().to_owned()];
        }
        self.path.iter().map(|site| site.function().to_owned()).collect()
    }

    /// Whether this robot was told of it when it was not known to be as severe as it is.
    pub(crate) fn owes_escalation(&self, robot: usize) -> bool {
        self.severe
            && self
                .told
                .get(robot)
                .is_some_and(|told| told.total > 0 && told.severity < self.severity)
    }

    /// Whether a message for this reason must not wait behind others.
    pub(crate) fn is_urgent(&self, kind: DigestKind) -> bool {
        self.severe && matches!(kind, DigestKind::First | DigestKind::Burst)
    }

    /// Whether this is its first message, and one that waits for others to share it.
    pub(crate) fn shares_first(&self) -> bool {
        let is_first = self
            .rhythm
            .due()
            .is_some_and(|(_, kind)| kind == DigestKind::First);
        is_first && !self.severe && self.target.policy.kind() == PolicyKind::FirstThenSummary
    }

    /// The group has been handed to its robots.
    pub(crate) fn spoke(&mut self, now: Instant, kind: DigestKind) {
        self.rhythm.spoke(now, kind, &self.target.policy);
    }

    /// Whether this robot has something to learn.
    pub(crate) fn has_news(&self, robot: usize) -> bool {
        self.owed.contains(&robot) || self.untold(robot).total > 0 || self.owes_escalation(robot)
    }

    /// Counts failures, and when to speak of them.
    pub(crate) fn count(&mut self, at: Instant, failures: Count) {
        self.rhythm
            .failed(at, failures.total, self.severe, &self.target.policy);
        self.count.total = self.count.total.saturating_add(failures.total);
        self.count.without_detail = self.count.without_detail.saturating_add(failures.without_detail);
        self.count.without_room = self.count.without_room.saturating_add(failures.without_room);
        self.first_at = self.first_at.min(at);
        self.last_at = self.last_at.max(at);
    }

    /// Counts what an earlier run of the program left untold, without a say in when to speak.
    #[cfg(feature = "spool")]
    pub(crate) fn restore(&mut self, failures: u64, heard: bool) {
        self.heard |= heard;
        self.count.total = self.count.total.saturating_add(failures);
    }

    /// Whether some robot has heard of it.
    #[cfg(feature = "spool")]
    pub(crate) fn is_heard(&self) -> bool {
        self.heard
    }

    /// What this robot has not been told.
    pub(crate) fn untold(&self, robot: usize) -> Count {
        self.count
            .since(self.told.get(robot).copied().unwrap_or_default())
    }

    /// The robot accepted a message that told everything up to `mark`. Gives the failures that no robot had
    /// accepted before.
    pub(crate) fn accepted(&mut self, robot: usize, mark: Count) -> u64 {
        let before = self.delivered();
        self.owed.retain(|owed| *owed != robot);
        self.heard = true;
        if let Some(told) = self.told.get_mut(robot) {
            told.total = told.total.max(mark.total);
            told.without_detail = told.without_detail.max(mark.without_detail);
            told.without_room = told.without_room.max(mark.without_room);
            told.severity = mark.severity;
        }
        self.delivered().saturating_sub(before)
    }

    /// Failures that at least one robot has been told of.
    pub(crate) fn delivered(&self) -> u64 {
        self.told.iter().map(|told| told.total).max().unwrap_or(0)
    }

    /// Failures that no robot has been told of.
    pub(crate) fn pending(&self) -> u64 {
        self.count.total.saturating_sub(self.delivered())
    }

    /// Whether each of its robots has been told everything.
    pub(crate) fn is_told(&self) -> bool {
        self.target.robots.iter().all(|robot| !self.has_news(*robot))
    }
}
