//! Everything after the channel, as one pure machine: failures and answers in, messages and errors out.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use super::compose;
use super::compose::Composer;
use super::group::{Count, Group};
use super::hold::Hold;
use super::outbox::{Outbox, Settled, rank};
use super::rate::Share;
use super::route::Target;
use super::silence::Silences;
use crate::config::Config;
use crate::digest::{Digest, DigestKind};
use crate::error::Error;
use crate::event::Event;
use crate::fingerprint::{Fingerprinter, Rules};
use crate::robot::{Delivery, Form, Problem, Robot};
use crate::silence::{Silence, SilenceId};
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
    silences: Silences,
    /// No group wants to speak before this.
    earliest: Option<Instant>,
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
            config,
            books,
            fingerprinter: Fingerprinter::new(Rules::default()),
            groups: HashMap::new(),
            latest_of_site: HashMap::new(),
            outboxes,
            silences: Silences::default(),
            earliest: None,
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

    /// Takes one failure.
    pub(crate) fn absorb(&mut self, event: Event) {
        if self.silences.holds(&event, 1) {
            return self.books.silenced(1);
        }
        let fingerprint = self.identify(&event);
        if !self.make_room(fingerprint) {
            return self.absorb_overflow(event.site, 1, event.at);
        }
        let (site, at) = (address(event.site), event.at);
        match self.groups.entry(fingerprint) {
            Entry::Occupied(known) => known.into_mut().latest_is(event),
            Entry::Vacant(new) => {
                let target = Target::of(&event, &self.config);
                new.insert(Group::new(event, target, self.outboxes.len()));
            }
        }
        self.latest_of_site.insert(site, fingerprint);
        self.count(fingerprint, at, Count::in_detail(1));
    }

    /// The identity of a failure. Texts beyond what one site and type may have share one.
    fn identify(&mut self, event: &Event) -> Fingerprint {
        let words = event.words();
        let (site, code, name) = (event.site, event.kind.as_str(), event.description.type_name());
        // The user's key stands for the words.
        let identity = match event.details.key() {
            Some(key) => self.fingerprinter.of(
                site,
                code,
                name,
                key,
                &[u16::try_from(key.len()).unwrap_or(u16::MAX)],
            ),
            None => self
                .fingerprinter
                .of(site, code, name, words.text(), words.ends()),
        };
        identity.fingerprint()
    }

    /// Takes failures that were counted at their site because the channel was full.
    pub(crate) fn absorb_overflow(&mut self, site: &'static Site, failures: u64, now: Instant) {
        let known = self.latest_of_site.get(&address(site)).copied();
        let known = known.filter(|known| self.groups.contains_key(known));
        if known.is_none() && self.silences.holds(&Event::without_detail(site, now), failures) {
            return self.books.silenced(failures);
        }
        let fingerprint = known.unwrap_or_else(|| self.group_without_detail(site, now));
        let group = self.groups.get(&fingerprint);
        if group.is_some_and(|group| self.silences.holds(&group.latest, failures)) {
            return self.books.silenced(failures);
        }
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
        self.changed();
        if let Some(group) = self.groups.get_mut(&fingerprint) {
            group.count(at, failures);
            self.earliest = sooner(self.earliest, group.rhythm.due().map(|(due, _)| due));
        }
    }

    /// Something a spool would have to know.
    #[cfg_attr(
        not(feature = "spool"),
        expect(clippy::unused_self, reason = "there is none without the feature")
    )]
    fn changed(&mut self) {
        #[cfg(feature = "spool")]
        {
            self.changes = self.changes.wrapping_add(1);
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
        let (target, robots) = (Target::of(&event, &self.config), self.outboxes.len());
        self.groups
            .entry(fingerprint)
            .or_insert_with(|| Group::new(event, target, robots));
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

    /// A silence that held something back says so to every robot.
    fn tell_of_end(&mut self, silence: &Silence, held: u64, now: Instant) {
        if held == 0 {
            return;
        }
        let event = Event::end_of_silence(silence, held, now);
        let fingerprint = self.identify(&event);
        if !self.make_room(fingerprint) {
            return;
        }
        let target = Target::of(&event, &self.config);
        for robot in &target.robots {
            if let Some(outbox) = self.outboxes.get_mut(*robot) {
                outbox.want(fingerprint, DigestKind::Summary);
            }
        }
        self.groups
            .insert(fingerprint, Group::notice(event, target, self.outboxes.len()));
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
        let not_shown: Vec<_> = outbox.not_shown().collect();
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

    /// Takes a group of an earlier run, whose failures count as captured now.
    #[cfg(feature = "spool")]
    pub(crate) fn adopt(&mut self, group: Group, failures: u64) {
        let fingerprint = self.identify(&group.latest);
        if self.groups.contains_key(&fingerprint) || !self.make_room(fingerprint) {
            return;
        }
        self.books.restored(failures);
        self.earliest = sooner(self.earliest, group.rhythm.due().map(|(due, _)| due));
        self.groups.insert(fingerprint, group);
    }

    /// A robot by its number and its place in the chain of fallbacks.
    pub(crate) fn robot(&self, robot: usize, link: usize) -> Option<&Robot> {
        self.config.robots.get(robot)?.chain().nth(link)
    }

    /// Everything untold is due now, but for what can wait in the spool if this is the `last` time; until [`calm`](Self::calm) it may use the reserved share.
    pub(crate) fn hurry(&mut self, now: Instant, last: bool) {
        self.urgent = true;
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

mod verify;

#[cfg(test)]
pub(super) mod tests;
