//! Everything after the channel, as one pure machine: failures and answers in, messages and errors out.

mod absorb;
mod end;
#[cfg(feature = "spool")]
mod keep;
mod outgoing;
mod verify;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

pub(crate) use self::outgoing::Outgoing;
use super::compose::Composer;
use super::group::{Group, Key};
use super::hold::Hold;
use super::outbox::{Outbox, Settled};
use super::paths::Paths;
use super::silence::Silences;
use crate::config::Config;
use crate::digest::{DigestKind, NotShown};
use crate::error::Error;
use crate::fingerprint::Fingerprinter;
use crate::robot::{Delivery, Robot};
use crate::silence::{Silence, SilenceId};
use crate::stats::Books;

/// The state of the dispatcher. Steps are given the time, so that tests own the clock.
#[derive(Debug)]
pub(crate) struct Engine {
    config: Arc<Config>,
    books: &'static Books,
    composer: Composer,
    fingerprinter: Fingerprinter,
    groups: HashMap<Key, Group>,
    /// The group that counts what a site could not detail, by the site's address.
    latest_of_site: HashMap<usize, Key>,
    outboxes: Vec<Outbox>,
    paths: Paths,
    silences: Silences,
    /// No group wants to speak before this.
    earliest: Option<Instant>,
    /// A severe kind of failure turned up since [`has_severe_news`](Self::has_severe_news) was asked.
    severe_news: bool,
    /// The lost connection that others wait for, since one did.
    waited_for: Option<Key>,
    /// Something waits for the end of the quiet hours.
    waits_for_hours: bool,
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
            waited_for: None,
            waits_for_hours: false,
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
        let hold = Hold::now(&self.config, self.composer.wall(now), now, &self.groups);
        self.earliest = None;
        let mut waits = false;
        let is_due = |group: &Group| group.rhythm.due().is_some_and(|(due, _)| due <= now);
        // The first of several new kinds ends the wait of all.
        let mut firsts = self.groups.values().filter(|group| group.shares_first());
        let batch = firsts.any(|group| is_due(group) && hold.until(group).is_none());
        for (key, group) in &mut self.groups {
            let joins = batch && group.shares_first() && group.rhythm.may_join_first(now);
            let mut next = group.rhythm.due();
            if let Some((_, kind)) = next.filter(|_| joins || is_due(group)) {
                next = if let Some(until) = hold.until(group) {
                    waits = true;
                    Some((until, kind))
                } else {
                    group.spoke(now, kind);
                    for robot in &group.target.robots {
                        if let Some(outbox) = self.outboxes.get_mut(*robot) {
                            outbox.want(*key, kind);
                        }
                    }
                    group.rhythm.due()
                };
            }
            self.earliest = sooner(self.earliest, next.map(|(due, _)| due));
        }
        match hold.root() {
            Some(root) if waits => self.waited_for = Some(root),
            Some(_) => {}
            None => self.tell_with_root(),
        }
        if hold.is_quiet() {
            self.waits_for_hours |= waits;
        } else if core::mem::take(&mut self.waits_for_hours) {
            self.tell_together();
        }
    }

    fn tell_together(&mut self) {
        self.outboxes.iter_mut().for_each(Outbox::tell_together);
    }

    /// What waited for a lost connection is told now: together with it, so that it is seen what it waited for.
    fn tell_with_root(&mut self) {
        let Some(root) = self.waited_for.take() else {
            return;
        };
        let Some(group) = self.groups.get_mut(&root) else {
            return;
        };
        group.owe_all();
        for robot in &group.target.robots {
            if let Some(outbox) = self.outboxes.get_mut(*robot) {
                outbox.want(root, DigestKind::Summary);
            }
        }
        self.tell_together();
    }

    /// When something will be due that is not now. `None` if only a new failure or an answer can change that.
    pub(crate) fn next_due(&mut self, now: Instant) -> Option<Instant> {
        let mut due = sooner(self.earliest, self.silences.next_end());
        for robot in 0..self.outboxes.len() {
            let share = self.share(robot);
            let free = self
                .outboxes
                .get_mut(robot)
                .and_then(|outbox| sooner(outbox.free_at(now, share), outbox.storm_ends_at(now)));
            due = sooner(due, free);
        }
        due
    }

    /// A loop died while it worked on this: everything is looked at again. Gives the robots with a message out.
    pub(crate) fn take_up(&mut self, now: Instant) -> Vec<usize> {
        self.earliest = Some(now);
        let outboxes = self.outboxes.iter().enumerate();
        outboxes
            .filter_map(|(robot, outbox)| outbox.is_out().then_some(robot))
            .collect()
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
                for (key, mark) in marks {
                    if let Some(group) = self.groups.get_mut(&key) {
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
        self.outboxes.get(robot)?.links.resting_until(link)
    }

    /// A robot by its number and its place in the chain of fallbacks.
    pub(crate) fn robot(&self, robot: usize, link: usize) -> Option<&Robot> {
        self.config.robots.get(robot)?.chain().nth(link)
    }

    /// Whether a severe kind of failure turned up since this was last asked.
    pub(crate) fn has_severe_news(&mut self) -> bool {
        core::mem::take(&mut self.severe_news)
    }

    /// Tells how many failures were counted inside our own capture so far.
    pub(crate) fn set_reentrant(&mut self, reentrant: u64) {
        let more = reentrant.saturating_sub(self.reentrant);
        self.reentrant = reentrant;
        for outbox in &mut self.outboxes {
            outbox.owe(NotShown::Reentrant, more);
        }
    }

    /// Tells the wall time, for display.
    pub(crate) fn set_clock(&mut self, now: Instant, wall: SystemTime) {
        self.composer.set_clock(now, wall);
    }
}

fn sooner(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    one.into_iter().chain(other).min()
}

#[cfg(test)]
pub(super) mod tests;
