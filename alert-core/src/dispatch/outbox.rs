//! What one robot is still to be told, and when it may be told.

use core::time::Duration;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Instant;

use super::group::{Count, Group, Key};
use super::link::{Links, REST_AFTER_FAILURE, REST_AFTER_REFUSAL};
use super::rate::Share;
use super::storm::{STORM, Storm};
use crate::ErrorKind;
use crate::digest::{Digest, DigestKind, NotShown};
use crate::robot::{Delivery, Form, Robot};

/// Before the one retry of a request that failed.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// Up to so many groups get a message each; more share one.
pub(crate) const SINGLES: usize = 3;
/// Between two shared messages, in a storm and otherwise.
const STORM_SPACING: Duration = Duration::from_secs(60);
const SHARED_SPACING: Duration = Duration::from_secs(15);

/// One robot's side of the dispatcher. At most one message is on its way at a time.
#[derive(Debug)]
pub(crate) struct Outbox {
    /// Each message goes to the first that does not rest.
    pub(crate) links: Links,
    /// Groups that want to speak, each once, with the most telling reason.
    wanted: BTreeMap<Key, DigestKind>,
    in_flight: Option<InFlight>,
    shared_not_before: Option<Instant>,
    /// What is wanted waited for one moment, and the next message tells all of it.
    together: bool,
    /// What was held back or lost, and no accepted message owned up to.
    owed: BTreeMap<NotShown, u64>,
    /// From the first accepted message about many kinds to the one that says it is over.
    storm: Option<Storm>,
}

/// A message on its way, or waiting for its retry.
#[derive(Debug)]
struct InFlight {
    /// Which robot of the chain has it.
    link: usize,
    digest: Arc<Digest>,
    /// What the robot will have been told once it accepts.
    marks: Vec<(Key, Count)>,
    wanted: Vec<(Key, DigestKind)>,
    /// The storm whose end it tells.
    over: Option<Storm>,
    form: Form,
    retried: bool,
    /// `None` while it is on its way.
    again_at: Option<Instant>,
}

/// What became of a message, for the books.
#[derive(Debug)]
pub(crate) enum Settled {
    /// Accepted: the groups with what the robot now knows of each.
    Accepted(Vec<(Key, Count)>),
    /// Not accepted: why, and how many failures it told about.
    Not(ErrorKind, u64),
    /// Not settled: it goes once more.
    Again,
}

impl Outbox {
    pub(crate) fn new(robot: &Robot) -> Self {
        Self {
            links: Links::new(robot),
            wanted: BTreeMap::new(),
            in_flight: None,
            shared_not_before: None,
            together: false,
            owed: BTreeMap::new(),
            storm: None,
        }
    }

    /// A group wants to speak. One that already does keeps the more telling reason.
    pub(crate) fn want(&mut self, group: Key, kind: DigestKind) {
        let known = self.wanted.entry(group).or_insert(kind);
        if rank(kind) > rank(*known) {
            *known = kind;
        }
    }

    /// What is wanted now waited for this moment: it is one message.
    pub(crate) fn tell_together(&mut self) {
        self.together = !self.wanted.is_empty();
    }

    /// Whether what is wanted waited for one moment: quiet hours, a lost connection, or the robot itself.
    pub(crate) fn is_together(&self) -> bool {
        self.together
    }

    /// There is nothing new to tell of a group after all.
    pub(crate) fn has_told(&mut self, group: Key) {
        self.wanted.remove(&group);
    }

    /// A group is gone.
    pub(crate) fn forget(&mut self, group: Key) {
        self.wanted.remove(&group);
        // A message on its way may tell of it: what that says counts for this group and for none that comes after.
        if let Some(message) = &mut self.in_flight {
            for (known, mark) in &mut message.marks {
                if *known == group {
                    *mark = Count::default();
                }
            }
            message.wanted.retain(|(known, _)| *known != group);
        }
        if let Some(storm) = &mut self.storm {
            storm.forget(group);
        }
    }

    pub(crate) fn wanted(&self) -> impl Iterator<Item = (Key, DigestKind)> {
        self.wanted.iter().map(|(group, kind)| (*group, *kind))
    }

    /// When a message of this share may go. `None` while one is on its way or there is nothing to say.
    pub(crate) fn free_at(&mut self, now: Instant, share: Share) -> Option<Instant> {
        if let Some(message) = &self.in_flight {
            let link = self.links.get_mut(message.link)?;
            return Some(message.again_at?.max(link.log.free_at(now, Share::Severe)));
        }
        if self.wanted.is_empty() {
            return None;
        }
        let (_, free) = self.links.next(now, share)?;
        match (share, self.shared_not_before) {
            (Share::Normal, Some(not_before)) => Some(free.max(not_before)),
            _ => Some(free),
        }
    }

    /// When the message that the storm is over may go at the earliest, if there is one to end.
    pub(crate) fn storm_ends_at(&mut self, now: Instant) -> Option<Instant> {
        // Incidents end one by one.
        if self.in_flight.is_some() || self.links.is_one_subject() {
            return None;
        }
        let over = self.storm.as_ref()?.not_before();
        let (_, free) = self.links.next(now, Share::Normal)?;
        Some(free.max(over))
    }

    /// The storm that is over now. The next message tells of its end.
    pub(crate) fn ended_storm(&mut self, now: Instant, groups: &HashMap<Key, Group>) -> Option<Storm> {
        self.storm_ends_at(now).filter(|at| *at <= now)?;
        self.storm.take_if(|storm| storm.is_over(now, groups))
    }

    /// The message that goes once more, if there is one and it is time.
    pub(crate) fn again(&mut self, now: Instant) -> Option<(Arc<Digest>, usize, Form)> {
        let message = self.in_flight.as_mut()?;
        let link = self.links.get_mut(message.link)?;
        if message.again_at? > now || link.log.free_at(now, Share::Severe) > now {
            return None;
        }
        message.again_at = None;
        link.log.sent(now);
        Some((Arc::clone(&message.digest), message.link, message.form))
    }

    /// Which robot of the chain has the message on its way.
    pub(crate) fn link_in_use(&self) -> usize {
        self.in_flight.as_ref().map_or(0, |message| message.link)
    }

    /// Whether a message about this group is out and not answered.
    #[cfg(feature = "spool")]
    pub(crate) fn is_on_its_way(&self, group: Key) -> bool {
        self.in_flight.as_ref().is_some_and(|message| {
            message.again_at.is_none() && message.marks.iter().any(|(known, _)| *known == group)
        })
    }

    /// Whether a message is out and not answered.
    pub(crate) fn is_out(&self) -> bool {
        self.in_flight
            .as_ref()
            .is_some_and(|message| message.again_at.is_none())
    }

    pub(crate) fn has_in_flight(&self) -> bool {
        self.in_flight.is_some()
    }

    /// A new message goes out.
    pub(crate) fn send(
        &mut self,
        now: Instant,
        share: Share,
        digest: Digest,
        marks: Vec<(Key, Count)>,
        over: Option<Storm>,
    ) -> (Arc<Digest>, usize, Form) {
        let wanted: Vec<_> = marks
            .iter()
            .map(|(group, _)| (*group, self.wanted.remove(group).unwrap_or(DigestKind::Summary)))
            .collect();
        if marks.len() > SINGLES {
            let spacing = if marks.len() > STORM {
                STORM_SPACING
            } else {
                SHARED_SPACING
            };
            self.shared_not_before = Some(now + spacing);
        }
        self.together &= !self.wanted.is_empty();
        let (number, _) = self.links.next(now, share).unwrap_or((0, now));
        let mut form = Form::Rich;
        if let Some(link) = self.links.get_mut(number) {
            link.log.sent(now);
            form = link.form;
        }
        let digest = Arc::new(digest);
        let on_its_way = Arc::clone(&digest);
        self.in_flight = Some(InFlight {
            link: number,
            digest: on_its_way,
            marks,
            wanted,
            over,
            form,
            retried: false,
            again_at: None,
        });
        (digest, number, form)
    }

    /// The next message has to own up to this.
    pub(crate) fn owe(&mut self, reason: NotShown, n: u64) {
        if n > 0 {
            let owed = self.owed.entry(reason).or_default();
            *owed = owed.saturating_add(n);
        }
    }

    /// What the next message has to own up to.
    pub(crate) fn owed(&self) -> impl Iterator<Item = (NotShown, u64)> {
        self.owed.iter().map(|(reason, n)| (*reason, *n))
    }

    /// A message got through: what it owned up to is told, and a storm is what it was about many kinds.
    fn got_through(&mut self, message: &InFlight, now: Instant) {
        for (reason, told) in message.digest.not_shown() {
            if let Some(owed) = self.owed.get_mut(reason) {
                *owed = owed.saturating_sub(*told);
            }
        }
        self.owed.retain(|_, owed| *owed > 0);
        let groups = message.marks.len();
        if groups > STORM && self.storm.is_none() {
            self.storm = Some(Storm::new(now));
        }
        if let Some(storm) = &mut self.storm {
            storm.goes_on(groups, now);
            for ((key, _), group) in message.marks.iter().zip(message.digest.groups()) {
                storm.told(*key, group.delta());
            }
        }
    }

    /// The answer to the message on its way.
    pub(crate) fn answered(&mut self, now: Instant, delivery: &Delivery) -> Settled {
        let Some(mut message) = self.in_flight.take() else {
            return Settled::Again;
        };
        if let Some(link) = self.links.get_mut(message.link) {
            link.log.answered(now);
        }
        match delivery {
            Delivery::Accepted => {
                if let Some(link) = self.links.get_mut(message.link) {
                    link.rests = 0;
                }
                self.got_through(&message, now);
                return Settled::Accepted(message.marks);
            }
            Delivery::Refused { try_plain: true, .. } if message.form == Form::Rich => {
                message.form = Form::Plain;
                message.again_at = Some(now);
                self.in_flight = Some(message);
                return Settled::Again;
            }
            Delivery::Failed { .. } if !message.retried => {
                message.retried = true;
                message.again_at = Some(now + RETRY_AFTER);
                self.in_flight = Some(message);
                return Settled::Again;
            }
            _ => {}
        }
        self.storm = message.over.or_else(|| self.storm.take());
        // What the message told stays wanted, and is told with what comes meanwhile.
        for (group, kind) in message.wanted {
            self.want(group, kind);
        }
        self.together = true;
        let failures = message.digest.delta();
        let Some(link) = self.links.get_mut(message.link) else {
            return Settled::Again;
        };
        let (kind, rest) = match delivery {
            Delivery::Throttled { retry_after, .. } => {
                (ErrorKind::Throttled, retry_after.unwrap_or(link.pause))
            }
            Delivery::Refused { .. } => (ErrorKind::Refused, link.next_rest(&REST_AFTER_REFUSAL)),
            _ => (ErrorKind::Unreachable, link.next_rest(&REST_AFTER_FAILURE)),
        };
        link.rest(now, rest, kind == ErrorKind::Throttled);
        let reason = if kind == ErrorKind::Refused {
            NotShown::Refused
        } else {
            NotShown::Failed
        };
        self.owe(reason, 1);
        Settled::Not(kind, failures)
    }
}

/// The more telling reason of two wins.
pub(crate) fn rank(kind: DigestKind) -> u8 {
    match kind {
        DigestKind::Storm => 5,
        DigestKind::Burst => 4,
        DigestKind::First => 3,
        DigestKind::Summary => 2,
        DigestKind::Quiet => 1,
        DigestKind::Test => 0,
    }
}
