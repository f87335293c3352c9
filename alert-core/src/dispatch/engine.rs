//! Everything after the channel, as one pure machine: failures and answers in, messages and errors out.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use super::compose::Composer;
use super::group::{Count, Group};
use super::outbox::{Outbox, Settled, rank};
use super::rate::Share;
use super::{class, compose};
use crate::config::Config;
use crate::digest::{Digest, DigestKind};
use crate::error::Error;
use crate::event::Event;
use crate::fingerprint::{Fingerprinter, Identity, Rules};
use crate::robot::{Delivery, Form, Problem};
use crate::stats::Books;
use crate::{ErrorKind, Fingerprint, Severity, Site};

/// Groups kept at a time. Past it the longest quiet one that every robot knows all about is forgotten.
const MAX_GROUPS: usize = 4096;

/// Stands for every site whose failures can be counted and no more.
static ELSEWHERE: Site = Site::new("elsewhere", "", ("", 0, 0, 0), Severity::Error);

/// A message for one robot.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) robot: usize,
    pub(crate) digest: Arc<Digest>,
    pub(crate) form: Form,
}

/// The state of the dispatcher. Steps are given the time, so that tests own the clock.
#[derive(Debug)]
pub(crate) struct Engine {
    config: Arc<Config>,
    books: &'static Books,
    composer: Composer,
    fingerprinter: Fingerprinter,
    groups: HashMap<Fingerprint, Group>,
    /// The group that counts what a site could not detail, by the site's address.
    latest_of_site: HashMap<usize, Fingerprint>,
    outboxes: Vec<Outbox>,
    /// No group wants to speak before this.
    earliest: Option<Instant>,
    /// The last messages before shutdown may use the reserved share.
    urgent: bool,
}

impl Engine {
    pub(crate) fn new(config: Arc<Config>, books: &'static Books) -> Self {
        let outboxes = config
            .robots
            .iter()
            .map(|robot| Outbox::new(robot.robot_kind().formatter().pace(), robot.form()))
            .collect();
        Self {
            composer: Composer::new(&config),
            config,
            books,
            fingerprinter: Fingerprinter::new(Rules::default()),
            groups: HashMap::new(),
            latest_of_site: HashMap::new(),
            outboxes,
            earliest: None,
            urgent: false,
        }
    }

    /// Takes one failure.
    pub(crate) fn absorb(&mut self, event: Event) {
        let fingerprint = self.identify(&event);
        if !self.make_room(fingerprint) {
            return self.absorb_overflow(event.site, 1, event.at);
        }
        let (site, at, robots) = (address(event.site), event.at, self.outboxes.len());
        match self.groups.entry(fingerprint) {
            Entry::Occupied(known) => known.into_mut().latest_is(event),
            Entry::Vacant(new) => {
                let severe = event.is_severe() || class::is_lost_connection(event.words());
                new.insert(Group::new(event, severe, robots));
            }
        }
        self.latest_of_site.insert(site, fingerprint);
        self.count(
            fingerprint,
            at,
            Count {
                total: 1,
                without_detail: 0,
            },
        );
    }

    /// The identity of a failure. Texts beyond what one site and type may have share one.
    fn identify(&mut self, event: &Event) -> Fingerprint {
        let words = event.words();
        let identity = self.fingerprinter.of(
            event.site,
            event.kind.as_str(),
            event.description.type_name(),
            words.text(),
            words.ends(),
        );
        match identity {
            Identity::Own(fingerprint) | Identity::Many(fingerprint) => fingerprint,
        }
    }

    /// Takes failures that were counted at their site because the channel was full.
    pub(crate) fn absorb_overflow(&mut self, site: &'static Site, failures: u64, now: Instant) {
        let known = self.latest_of_site.get(&address(site)).copied();
        let fingerprint = match known.filter(|known| self.groups.contains_key(known)) {
            Some(known) => known,
            None => self.group_without_detail(site, now),
        };
        self.count(
            fingerprint,
            now,
            Count {
                total: failures,
                without_detail: failures,
            },
        );
    }

    fn count(&mut self, fingerprint: Fingerprint, at: Instant, failures: Count) {
        if let Some(group) = self.groups.get_mut(&fingerprint) {
            group.count(at, failures);
            group
                .rhythm
                .failed(at, failures.total, group.severe, &self.config.policy);
            self.earliest = sooner(self.earliest, group.rhythm.due().map(|(due, _)| due));
        }
    }

    /// A group for a site none of whose failures found room; where there is no room for that either, the
    /// one group for all such sites.
    fn group_without_detail(&mut self, site: &'static Site, now: Instant) -> Fingerprint {
        let mut event = Event::without_detail(site, now);
        let mut fingerprint = self.identify(&event);
        if !self.make_room(fingerprint) {
            event = Event::without_detail(&ELSEWHERE, now);
            fingerprint = self.identify(&event);
        }
        self.latest_of_site.insert(address(event.site), fingerprint);
        let (severe, robots) = (event.is_severe(), self.outboxes.len());
        self.groups
            .entry(fingerprint)
            .or_insert_with(|| Group::new(event, severe, robots));
        fingerprint
    }

    /// Sees to room for a group: forgets the longest quiet one that every robot knows all about. `false` if
    /// there is none, since a group with something untold is never forgotten.
    fn make_room(&mut self, newcomer: Fingerprint) -> bool {
        if self.groups.len() < MAX_GROUPS || self.groups.contains_key(&newcomer) {
            return true;
        }
        let told = self.groups.iter().filter(|(_, group)| group.is_told());
        let oldest = told
            .min_by_key(|(_, group)| group.last_at)
            .map(|(fingerprint, _)| *fingerprint);
        let Some(oldest) = oldest else { return false };
        self.groups.remove(&oldest);
        self.fingerprinter.forget(oldest);
        self.latest_of_site
            .retain(|_, fingerprint| *fingerprint != oldest);
        for outbox in &mut self.outboxes {
            outbox.forget(oldest);
        }
        true
    }

    /// Everything that is due and may go now.
    pub(crate) fn step(&mut self, now: Instant) -> Vec<Outgoing> {
        if self.earliest.is_some_and(|earliest| earliest <= now) {
            self.speak(now);
        }
        (0..self.outboxes.len())
            .filter_map(|robot| self.next_for(robot, now))
            .collect()
    }

    /// Hands the groups whose time has come to every robot.
    fn speak(&mut self, now: Instant) {
        self.earliest = None;
        for (fingerprint, group) in &mut self.groups {
            if let Some((_, kind)) = group.rhythm.due().filter(|(due, _)| *due <= now) {
                group.rhythm.spoke(now, kind, &self.config.policy);
                for outbox in &mut self.outboxes {
                    outbox.want(*fingerprint, kind);
                }
            }
            self.earliest = sooner(self.earliest, group.rhythm.due().map(|(due, _)| due));
        }
    }

    fn next_for(&mut self, robot: usize, now: Instant) -> Option<Outgoing> {
        let share = self.share(robot);
        let outbox = self.outboxes.get_mut(robot)?;
        if let Some((digest, form)) = outbox.again(now) {
            return Some(Outgoing { robot, digest, form });
        }
        if outbox.has_in_flight() || outbox.free_at(now, share)? > now {
            return None;
        }
        let mut chosen: Vec<_> = Vec::new();
        let mut told = Vec::new();
        for (fingerprint, kind) in outbox.wanted() {
            match self.groups.get(&fingerprint) {
                Some(group) if kind == DigestKind::Quiet || group.untold(robot).total > 0 => {
                    chosen.push((fingerprint, kind, group));
                }
                _ => told.push(fingerprint),
            }
        }
        for fingerprint in told {
            outbox.forget(fingerprint);
        }
        // Severe first, then what is most telling, then what failed most.
        chosen.sort_by_key(|(_, kind, group)| {
            let urgent = group.is_urgent(*kind);
            core::cmp::Reverse((urgent, group.severity, rank(*kind), group.untold(robot).total))
        });
        chosen.truncate(compose::groups_in_one(&chosen, self.urgent));
        if chosen.is_empty() {
            return None;
        }
        let not_shown: Vec<_> = outbox.not_shown().collect();
        let (digest, marks) = self.composer.digest(now, robot, &chosen, not_shown);
        let (digest, form) = outbox.send(now, digest, marks);
        Some(Outgoing { robot, digest, form })
    }

    /// Which share of the budget this robot's next message may use.
    fn share(&self, robot: usize) -> Share {
        let severe = self.outboxes.get(robot).is_some_and(|outbox| {
            outbox.wanted().any(|(fingerprint, kind)| {
                self.groups
                    .get(&fingerprint)
                    .is_some_and(|group| group.is_urgent(kind))
            })
        });
        if severe || self.urgent {
            Share::Severe
        } else {
            Share::Normal
        }
    }

    /// When something will be due that is not now. `None` if only a new failure or an answer can change that.
    pub(crate) fn next_due(&mut self, now: Instant) -> Option<Instant> {
        let mut due = self.earliest;
        for robot in 0..self.outboxes.len() {
            let share = self.share(robot);
            let free = self
                .outboxes
                .get_mut(robot)
                .and_then(|outbox| outbox.free_at(now, share));
            due = sooner(due, free);
        }
        due
    }

    /// The answer to a robot's message. Gives the error to report, if it is one.
    pub(crate) fn answered(&mut self, robot: usize, delivery: &Delivery, now: Instant) -> Option<Error> {
        match self.outboxes.get_mut(robot)?.answered(now, delivery) {
            Settled::Again => None,
            Settled::Accepted(marks) => {
                self.books.sent_message();
                for (fingerprint, mark) in marks {
                    if let Some(group) = self.groups.get_mut(&fingerprint) {
                        self.books.delivered(group.accepted(robot, mark));
                    }
                }
                None
            }
            Settled::Not(kind, failures) => {
                self.books.failed_message();
                let label = self.config.robots.get(robot).map_or("", |robot| robot.label());
                let problem = delivery.problem().cloned().unwrap_or_default();
                Some(Error::new(kind, label, problem, failures))
            }
        }
    }

    /// Everything untold is due now; until [`calm`](Self::calm) it may use the reserved share.
    pub(crate) fn hurry(&mut self, now: Instant) {
        self.urgent = true;
        for (fingerprint, group) in &mut self.groups {
            let due = group
                .rhythm
                .due()
                .map(|(_, kind)| kind)
                .filter(|kind| *kind != DigestKind::Quiet);
            if let Some(kind) = due {
                group.rhythm.spoke(now, kind, &self.config.policy);
            }
            let kind = due.unwrap_or(DigestKind::Summary);
            for (robot, outbox) in self.outboxes.iter_mut().enumerate() {
                if group.untold(robot).total > 0 {
                    outbox.want(*fingerprint, kind);
                }
            }
        }
    }

    /// Tells the wall time, for display.
    pub(crate) fn set_clock(&mut self, now: Instant, wall: SystemTime) {
        self.composer.set_clock(now, wall);
    }

    pub(crate) fn calm(&mut self) {
        self.urgent = false;
    }

    /// Whether nothing more can be delivered before the deadline.
    pub(crate) fn is_settled(&mut self, now: Instant, deadline: Instant) -> bool {
        self.outboxes
            .iter_mut()
            .all(|outbox| match outbox.free_at(now, Share::Severe) {
                Some(free) => free > deadline,
                None => !outbox.has_in_flight(),
            })
    }

    /// Failures that no robot has been told of.
    pub(crate) fn pending(&self) -> u64 {
        self.groups
            .values()
            .map(Group::pending)
            .fold(0, u64::saturating_add)
    }

    /// The end: writes off what is still pending and gives the error that says so.
    pub(crate) fn close(&mut self) -> Option<Error> {
        let pending = self.pending();
        self.books.undelivered(pending);
        self.groups.clear();
        (pending > 0).then(|| Error::new(ErrorKind::Undelivered, "", Problem::default(), pending))
    }
}

/// What tells two sites apart as keys.
fn address(site: &'static Site) -> usize {
    core::ptr::from_ref(site).addr()
}

fn sooner(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests;
