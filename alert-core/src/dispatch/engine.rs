//! Everything after the channel, as one pure machine: failures and answers in, messages and errors out.

mod absorb;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use super::compose;
use super::compose::Composer;
use super::group::Group;
use super::hold::Hold;
use super::outbox::{Outbox, Settled, rank};
use super::paths::Paths;
use super::rate::Share;
use super::silence::Silences;
use crate::config::Config;
use crate::digest::{Digest, DigestKind};
use crate::error::Error;
use crate::fingerprint::Fingerprinter;
use crate::robot::{Delivery, Form, Problem, Robot};
use crate::silence::{Silence, SilenceId};
use crate::stats::Books;
use crate::{ErrorKind, Fingerprint};

/// A message for one robot.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) robot: usize,
    /// Which robot of its chain: 0, or that of a fallback.
    pub(crate) link: usize,
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
    paths: Paths,
    silences: Silences,
    /// No group wants to speak before this.
    earliest: Option<Instant>,
    /// A severe kind of failure turned up since [`has_severe_news`](Self::has_severe_news) was asked.
    severe_news: bool,
    /// Failures counted inside our own capture so far.
    reentrant: u64,
    /// The last messages before shutdown may use the reserved share.
    urgent: bool,
    /// Grows with everything a spool would have to know.
    #[cfg(feature = "spool")]
    changes: u64,
}

impl Engine {
    pub(crate) fn new(config: Arc<Config>, books: &'static Books, now: Instant) -> Self {
        let outboxes = config.robots.iter().map(Outbox::new).collect();
        let mut engine = Self {
            composer: Composer::new(&config),
            fingerprinter: Fingerprinter::new(config.rules().clone()),
            config,
            books,
            groups: HashMap::new(),
            latest_of_site: HashMap::new(),
            outboxes,
            paths: Paths::default(),
            silences: Silences::default(),
            earliest: None,
            severe_news: false,
            reentrant: 0,
            urgent: false,
            #[cfg(feature = "spool")]
            changes: 0,
        };
        for silence in engine.config.silences.clone() {
            engine.silences.add(silence, now);
        }
        engine
    }

    /// Writes into these books, as a later run of the same program.
    #[cfg(all(test, feature = "spool"))]
    pub(super) fn keep_books_in(&mut self, books: &'static Books) {
        self.books = books;
    }

    /// Mutes some failures from now on.
    pub(crate) fn silence(&mut self, silence: Silence, now: Instant) {
        self.silences.add(silence, now);
    }

    /// Ends a silence before its time.
    pub(crate) fn end_silence(&mut self, id: SilenceId, now: Instant) {
        self.silences.end(id, now);
    }

    /// Everything that is due and may go now.
    pub(crate) fn step(&mut self, now: Instant) -> Vec<Outgoing> {
        for (silence, held) in self.silences.take_ended(now) {
            self.tell_of_end(&silence, held, now);
        }
        if self.earliest.is_some_and(|earliest| earliest <= now) {
            self.speak(now);
        }
        (0..self.outboxes.len())
            .filter_map(|robot| self.next_for(robot, now))
            .collect()
    }

    /// Hands the groups whose time has come to their robots, but for those that are to wait.
    fn speak(&mut self, now: Instant) {
        let hold = Hold::now(&self.config, self.composer.wall(now), now, self.groups.values());
        self.earliest = None;
        for (fingerprint, group) in &mut self.groups {
            let mut next = group.rhythm.due();
            if let Some((_, kind)) = next.filter(|(due, _)| *due <= now) {
                next = if let Some(until) = hold.until(group) {
                    Some((until, kind))
                } else {
                    group.spoke(now, kind);
                    for robot in &group.target.robots {
                        if let Some(outbox) = self.outboxes.get_mut(*robot) {
                            outbox.want(*fingerprint, kind);
                        }
                    }
                    group.rhythm.due()
                };
            }
            self.earliest = sooner(self.earliest, next.map(|(due, _)| due));
        }
    }

    fn next_for(&mut self, robot: usize, now: Instant) -> Option<Outgoing> {
        let share = self.share(robot);
        let outbox = self.outboxes.get_mut(robot)?;
        if let Some((digest, link, form)) = outbox.again(now) {
            return Some(Outgoing {
                robot,
                link,
                digest,
                form,
            });
        }
        if outbox.has_in_flight() || outbox.free_at(now, share)? > now {
            return None;
        }
        let mut chosen: Vec<_> = Vec::new();
        let mut told = Vec::new();
        for (fingerprint, kind) in outbox.wanted() {
            match self.groups.get(&fingerprint) {
                Some(group) if kind == DigestKind::Quiet || group.has_news(robot) => {
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
        if outbox.is_one_subject() && !self.urgent {
            compose::keep_one_subject(&mut chosen);
        }
        if chosen.is_empty() {
            return None;
        }
        let not_shown: Vec<_> = outbox.not_shown(self.reentrant).collect();
        let (digest, marks) = self.composer.digest(now, robot, &chosen, not_shown);
        let (digest, link, form) = outbox.send(now, share, digest, marks);
        Some(Outgoing {
            robot,
            link,
            digest,
            form,
        })
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
        let mut due = sooner(self.earliest, self.silences.next_end());
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
        let outbox = self.outboxes.get_mut(robot)?;
        let link = outbox.link_in_use();
        match outbox.answered(now, delivery) {
            Settled::Again => None,
            Settled::Accepted(marks) => {
                self.changed();
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
                let label = self.robot(robot, link).map_or("", Robot::label);
                let problem = delivery.problem().cloned().unwrap_or_default();
                Some(Error::new(kind, label, problem, failures))
            }
        }
    }

    /// Which robot of its chain has the message on its way.
    pub(crate) fn link_in_use(&self, robot: usize) -> usize {
        self.outboxes.get(robot).map_or(0, Outbox::link_in_use)
    }

    /// Until when a robot of a chain is left alone.
    pub(crate) fn resting_until(&self, robot: usize, link: usize) -> Option<Instant> {
        self.outboxes.get(robot)?.resting_until(link)
    }

    /// Everything this engine knows, for what is kept of it.
    #[cfg(feature = "spool")]
    pub(crate) fn groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.values()
    }

    #[cfg(feature = "spool")]
    pub(crate) fn changes(&self) -> u64 {
        self.changes
    }

    #[cfg(feature = "spool")]
    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    #[cfg(feature = "spool")]
    pub(crate) fn robots(&self) -> usize {
        self.outboxes.len()
    }

    #[cfg(feature = "spool")]
    pub(crate) fn wall(&self, at: Instant) -> SystemTime {
        self.composer.wall(at)
    }

    /// A robot by its number and its place in the chain of fallbacks.
    pub(crate) fn robot(&self, robot: usize, link: usize) -> Option<&Robot> {
        self.config.robots.get(robot)?.chain().nth(link)
    }

    /// Everything untold is due now, but for what can wait in the spool if this is the `last` time; until [`calm`](Self::calm) it may use the reserved share.
    pub(crate) fn hurry(&mut self, now: Instant, last: bool) {
        self.urgent = true;
        if last {
            self.silences.end_all(now);
        }
        let waits: Vec<Fingerprint> = self
            .groups
            .iter()
            .filter(|(_, group)| last && self.can_wait(group))
            .map(|(known, _)| *known)
            .collect();
        for (fingerprint, group) in self.groups.iter_mut().filter(|(known, _)| !waits.contains(known)) {
            let due = group.rhythm.due().map(|(_, kind)| kind);
            let due = due.filter(|kind| *kind != DigestKind::Quiet);
            if let Some(kind) = due {
                group.spoke(now, kind);
            }
            for robot in group.target.robots.iter().filter(|robot| group.has_news(**robot)) {
                if let Some(outbox) = self.outboxes.get_mut(*robot) {
                    outbox.want(*fingerprint, due.unwrap_or(DigestKind::Summary));
                }
            }
        }
    }

    /// Whether a severe kind of failure turned up since this was last asked.
    pub(crate) fn has_severe_news(&mut self) -> bool {
        core::mem::take(&mut self.severe_news)
    }

    /// Tells how many failures were counted inside our own capture so far.
    pub(crate) fn set_reentrant(&mut self, reentrant: u64) {
        self.reentrant = reentrant;
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

    /// Whether a group that spoke lately has more to say at the end than can wait for the next start.
    fn can_wait(&self, group: &Group) -> bool {
        self.config.spool.is_some()
            && group
                .rhythm
                .due()
                .is_some_and(|(_, kind)| kind == DigestKind::Summary)
    }

    /// The end: what is still pending was kept for the next start, or is written off. Gives the error that
    /// says so.
    pub(crate) fn close(&mut self, kept: bool) -> Option<Error> {
        let pending = self.pending();
        if kept {
            self.books.spooled(pending);
            self.groups.clear();
            return None;
        }
        self.books.undelivered(pending);
        self.groups.clear();
        (pending > 0).then(|| Error::new(ErrorKind::Undelivered, "", Problem::default(), pending))
    }
}

fn sooner(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    one.into_iter().chain(other).min()
}

mod verify;

#[cfg(test)]
pub(super) mod tests;
