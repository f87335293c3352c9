//! What one robot is still to be told, and when it may be told.

use core::time::Duration;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use super::group::Count;
use super::rate::{Share, SlidingLog};
use crate::digest::{Digest, DigestKind, NotShown};
use crate::robot::{Delivery, Form, Robot};
use crate::{ErrorKind, Fingerprint};

/// Before the one retry of a request that failed.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// How long a robot is left alone after a message failed for good, step by step; the last repeats.
const REST_AFTER_FAILURE: [Duration; 4] = [
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(60),
    Duration::from_secs(300),
];
/// The same after it refused one: that takes a person to mend.
const REST_AFTER_REFUSAL: [Duration; 4] = [
    Duration::from_secs(60),
    Duration::from_secs(300),
    Duration::from_secs(900),
    Duration::from_secs(3600),
];
/// The longest a robot can make us wait.
const LONGEST_REST: Duration = Duration::from_secs(3600);
/// Up to so many groups get a message each; more share one.
pub(crate) const SINGLES: usize = 3;
/// More groups than this at once are a storm.
pub(crate) const STORM: usize = 10;
/// Between two shared messages, in a storm and otherwise.
const STORM_SPACING: Duration = Duration::from_secs(60);
const SHARED_SPACING: Duration = Duration::from_secs(15);

/// One robot's side of the dispatcher. At most one message is on its way at a time.
#[derive(Debug)]
pub(crate) struct Outbox {
    /// The robot, then its fallbacks. Each message goes to the first that does not rest.
    links: Vec<Link>,
    /// Groups that want to speak, each once, with the most telling reason.
    wanted: BTreeMap<Fingerprint, DigestKind>,
    in_flight: Option<InFlight>,
    shared_not_before: Option<Instant>,
    /// Messages that failed or were refused since one got through.
    refused: u64,
    failed: u64,
    /// Failures inside our own capture that an accepted message owned up to.
    told_reentrant: u64,
}

/// One robot of a chain.
#[derive(Debug)]
struct Link {
    log: SlidingLog,
    pause: Duration,
    form: Form,
    one_subject: bool,
    resting_until: Option<Instant>,
    /// As long as the robot itself asked for; a part of the rest.
    throttled_until: Option<Instant>,
    /// Rests taken since it last accepted a message.
    rests: usize,
}

/// A message on its way, or waiting for its retry.
#[derive(Debug)]
struct InFlight {
    /// Which robot of the chain has it.
    link: usize,
    digest: Arc<Digest>,
    /// What the robot will have been told once it accepts.
    marks: Vec<(Fingerprint, Count)>,
    wanted: Vec<(Fingerprint, DigestKind)>,
    form: Form,
    retried: bool,
    /// `None` while it is on its way.
    again_at: Option<Instant>,
}

/// What became of a message, for the books.
#[derive(Debug)]
pub(crate) enum Settled {
    /// Accepted: the groups with what the robot now knows of each.
    Accepted(Vec<(Fingerprint, Count)>),
    /// Not accepted: why, and how many failures it told about.
    Not(ErrorKind, u64),
    /// Not settled: it goes once more.
    Again,
}

impl Outbox {
    pub(crate) fn new(robot: &Robot) -> Self {
        Self {
            links: robot.chain().map(Link::new).collect(),
            wanted: BTreeMap::new(),
            in_flight: None,
            shared_not_before: None,
            refused: 0,
            failed: 0,
            told_reentrant: 0,
        }
    }

    /// A group wants to speak. One that already does keeps the more telling reason.
    pub(crate) fn want(&mut self, group: Fingerprint, kind: DigestKind) {
        let known = self.wanted.entry(group).or_insert(kind);
        if rank(kind) > rank(*known) {
            *known = kind;
        }
    }

    pub(crate) fn forget(&mut self, group: Fingerprint) {
        self.wanted.remove(&group);
    }

    pub(crate) fn wanted(&self) -> impl Iterator<Item = (Fingerprint, DigestKind)> {
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
        let (_, free) = self.next_link(now, share)?;
        match (share, self.shared_not_before) {
            (Share::Normal, Some(not_before)) => Some(free.max(not_before)),
            _ => Some(free),
        }
    }

    /// The first robot of the chain that does not rest, or else the one that rests the shortest; and when it
    /// may get a message.
    fn next_link(&mut self, now: Instant, share: Share) -> Option<(usize, Instant)> {
        let mut rests: Vec<Instant> = Vec::with_capacity(self.links.len());
        for link in &mut self.links {
            rests.push(
                link.resting_until
                    .unwrap_or(now)
                    .max(now)
                    .max(link.log.budget_free_at(now, share)),
            );
        }
        let (number, rests) = rests
            .into_iter()
            .enumerate()
            .min_by_key(|(number, rests)| (*rests, *number))?;
        let free = self.links.get_mut(number)?.log.free_at(now, share);
        Some((number, rests.max(free)))
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

    /// Until when a robot of the chain is left alone, if it was told to be.
    pub(crate) fn resting_until(&self, link: usize) -> Option<Instant> {
        self.links.get(link)?.resting_until
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
        marks: Vec<(Fingerprint, Count)>,
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
        let (number, _) = self.next_link(now, share).unwrap_or((0, now));
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
            form,
            retried: false,
            again_at: None,
        });
        (digest, number, form)
    }

    /// Whether a robot of the chain takes one kind of failure a message.
    pub(crate) fn is_one_subject(&self) -> bool {
        self.links.iter().any(|link| link.one_subject)
    }

    /// A test message wants to go to a robot of the chain: the wait until it may, noted as sent if that is no
    /// longer than `patience`. The rest after a refusal does not count: that the robot may work again is what
    /// is to be found out.
    pub(crate) fn test(&mut self, link: usize, now: Instant, patience: Duration) -> Duration {
        let Some(link) = self.links.get_mut(link) else {
            return Duration::ZERO;
        };
        let free = link.log.free_at(now, Share::Severe);
        let free = link.throttled_until.map_or(free, |until| free.max(until));
        let wait = free.saturating_duration_since(now);
        if wait <= patience {
            link.log.sent(now);
        }
        wait
    }

    /// The answer to a test message: a robot that took it need rest no longer.
    pub(crate) fn tested(&mut self, link: usize, delivery: &Delivery, now: Instant) {
        let Some(link) = self.links.get_mut(link) else {
            return;
        };
        link.log.answered(now);
        match delivery {
            Delivery::Accepted => {
                link.resting_until = None;
                link.rests = 0;
            }
            Delivery::Throttled { retry_after, .. } => {
                link.rest(now, retry_after.unwrap_or(link.pause), true);
            }
            _ => {}
        }
    }

    /// What the next message has to own up to.
    /// `reentrant` is how many failures have been counted inside our own capture so far.
    pub(crate) fn not_shown(&self, reentrant: u64) -> impl Iterator<Item = (NotShown, u64)> {
        let reentrant = reentrant.saturating_sub(self.told_reentrant);
        [
            (NotShown::Refused, self.refused),
            (NotShown::Failed, self.failed),
            (NotShown::Reentrant, reentrant),
        ]
        .into_iter()
        .filter(|(_, n)| *n > 0)
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
                self.refused = 0;
                self.failed = 0;
                let owned_up = message
                    .digest
                    .not_shown()
                    .iter()
                    .find(|(reason, _)| *reason == NotShown::Reentrant);
                self.told_reentrant = self
                    .told_reentrant
                    .saturating_add(owned_up.map_or(0, |(_, count)| *count));
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
        // What the message told stays wanted, and is told with what comes meanwhile.
        for (group, kind) in message.wanted {
            self.want(group, kind);
        }
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
        let count = if kind == ErrorKind::Refused {
            &mut self.refused
        } else {
            &mut self.failed
        };
        *count = count.saturating_add(1);
        Settled::Not(kind, failures)
    }
}

impl Link {
    fn new(robot: &Robot) -> Self {
        let pace = robot.own_pace();
        Self {
            log: SlidingLog::new(pace, robot.budget()),
            pause: pace.pause(),
            form: robot.form(),
            one_subject: pace.is_one_subject(),
            resting_until: None,
            throttled_until: None,
            rests: 0,
        }
    }

    fn rest(&mut self, now: Instant, rest: Duration, throttled: bool) {
        let until = Some(now + rest.min(LONGEST_REST));
        self.resting_until = until;
        if throttled {
            self.throttled_until = until;
        }
    }

    fn next_rest(&mut self, steps: &[Duration]) -> Duration {
        let rest = steps
            .get(self.rests)
            .or_else(|| steps.last())
            .copied()
            .unwrap_or(LONGEST_REST);
        self.rests = self.rests.saturating_add(1);
        rest
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
