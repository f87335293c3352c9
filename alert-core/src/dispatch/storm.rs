//! Many kinds of failure at once, from the first message about them to the one that says it is over.

use core::cmp::Reverse;
use core::time::Duration;
use std::collections::HashMap;
use std::time::Instant;

use super::group::{Group, Key};
use crate::digest::DigestKind;

/// More groups than this in one message are a storm.
pub(crate) const STORM: usize = 10;
/// It is over if for so long there was no such message and hardly one of its kinds failed.
const CALM: Duration = Duration::from_secs(180);
/// So many of its kinds may go on failing.
const STRAGGLERS: usize = 2;

/// A storm as one robot was told of it.
#[derive(Clone, Debug)]
pub(crate) struct Storm {
    pub(crate) since: Instant,
    /// It is not over before this.
    not_before: Instant,
    pub(crate) kinds: u64,
    pub(crate) failures: u64,
    /// The failures told of each kind that is still remembered.
    told: HashMap<Key, u64>,
}

impl Storm {
    /// Begins with a message that the robot accepted now.
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            since: now,
            not_before: now + CALM,
            kinds: 0,
            failures: 0,
            told: HashMap::new(),
        }
    }

    /// A message about so many groups got through.
    pub(crate) fn goes_on(&mut self, groups: usize, now: Instant) {
        if groups > STORM {
            self.not_before = now + CALM;
        }
    }

    /// The robot was told of so many failures of a group.
    pub(crate) fn told(&mut self, key: Key, failures: u64) {
        let kinds = &mut self.kinds;
        let told = self.told.entry(key).or_insert_with(|| {
            *kinds = kinds.saturating_add(1);
            0
        });
        *told = told.saturating_add(failures);
        self.failures = self.failures.saturating_add(failures);
    }

    pub(crate) fn forget(&mut self, key: Key) {
        self.told.remove(&key);
    }

    /// When it may be over.
    pub(crate) fn not_before(&self) -> Instant {
        self.not_before
    }

    /// Whether it is over. If not, looks again when it may be.
    pub(crate) fn is_over(&mut self, now: Instant, groups: &HashMap<Key, Group>) -> bool {
        if now < self.not_before {
            return false;
        }
        let known = self.told.keys().filter_map(|key| groups.get(key));
        let mut last: Vec<Instant> = known.map(|group| group.last_at).collect();
        last.sort_unstable_by_key(|at| Reverse(*at));
        if let Some(at) = last.get(STRAGGLERS) {
            self.not_before = *at + CALM;
        }
        self.not_before <= now
    }

    /// The kinds that failed most, as its last message lists them.
    pub(crate) fn worst<'a>(&self, groups: &'a HashMap<Key, Group>) -> Vec<(Key, DigestKind, &'a Group)> {
        let mut kinds: Vec<_> = self.told.iter().map(|(key, told)| (*told, *key)).collect();
        kinds.sort_unstable_by_key(|kind| Reverse(*kind));
        let known = kinds
            .iter()
            .filter_map(|(_, key)| Some((*key, DigestKind::Quiet, groups.get(key)?)));
        known.take(STORM).collect()
    }
}
