//! How failures find their groups: by fingerprint, by site, or by what an earlier run left.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::time::Instant;

use super::{Engine, sooner};
use crate::config::GroupBy;
use crate::digest::{DigestKind, NotShown};
use crate::dispatch::group::{Count, Group, Key};
use crate::dispatch::route::{Target, Way};
use crate::event::Event;
use crate::fingerprint::Identity;
use crate::silence::Silence;
use crate::{Fingerprint, Severity, Site};

/// Groups kept at a time. Past it the longest quiet one that every robot knows all about is forgotten.
pub(super) const MAX_GROUPS: usize = 4096;

/// Stands for every site whose failures can be counted and no more.
static ELSEWHERE: Site = Site::stand_in("elsewhere", "alert_core", Severity::Error);

/// In a key: what the failure would be known by without one.
const DEFAULT: &str = "{default}";

impl Engine {
    /// Takes one failure, or a hop of one. Gives back a hop whose failure it has not seen.
    #[must_use]
    pub(crate) fn absorb(&mut self, mut event: Event) -> Option<Event> {
        if let Some(severity) = self.config.severity_of_type(event.description.type_name()) {
            event.severity = severity;
            event.context.is_judged = true;
        }
        if event.context.is_hop {
            return self.absorb_hop(event);
        }
        if self.silences.holds(&event, event.at, 1) {
            self.silenced(&Target::of(&event, &self.config), 1);
            return None;
        }
        let identity = self.identify(&event);
        let key = self.key(identity, &event);
        if !self.make_room(key) {
            let count = Count {
                without_room: 1,
                ..Count::without_detail(1)
            };
            self.absorb_count(event.site, count, event.at);
            return None;
        }
        self.paths.begin(event.context.incident, key, event.site);
        let (site, at) = (address(event.site), event.at);
        match self.groups.entry(key) {
            Entry::Occupied(known) => {
                let group = known.into_mut();
                // A severity may have a policy of its own.
                if event.severity > group.severity {
                    group.target.join(Target::of(&event, &self.config));
                }
                group.latest_is(event);
            }
            Entry::Vacant(new) => {
                let target = Target::of(&event, &self.config);
                let group = new.insert(Group::new(event, target, self.outboxes.len()));
                if matches!(identity, Identity::Many(_)) {
                    group.is_of_many();
                }
                self.severe_news |= group.severe;
            }
        }
        self.latest_of_site.insert(site, key);
        self.count(key, at, Count::in_detail(1));
        None
    }

    /// An error passes through one more function: the way grows, and the severity may.
    fn absorb_hop(&mut self, hop: Event) -> Option<Event> {
        let Some((key, way)) = self.paths.hop(hop.context.incident, hop.site) else {
            return Some(hop);
        };
        let group = self.groups.get_mut(&key)?;
        let before = group.severity;
        group.passed(hop, way);
        // More severe than it was thought to be, it may be for others too.
        if group.severity > before {
            let target = Target::of_as(&group.latest, group.severity, &self.config);
            let more = group.target.join(target);
            if group.rhythm.has_spoken() {
                for robot in more {
                    if let Some(outbox) = self.outboxes.get_mut(robot) {
                        outbox.want(key, DigestKind::First);
                    }
                }
            }
        }
        self.earliest = sooner(self.earliest, group.rhythm.due().map(|(due, _)| due));
        None
    }

    /// A silence muted these: the next message of each robot that would have heard of them owns up to it.
    fn silenced(&mut self, target: &Target, failures: u64) {
        self.books.silenced(failures);
        for robot in &target.robots {
            if let Some(outbox) = self.outboxes.get_mut(*robot) {
                outbox.owe(NotShown::Silenced, failures);
            }
        }
    }

    fn key_of(&mut self, event: &Event) -> Key {
        let identity = self.identify(event);
        self.key(identity, event)
    }

    fn key(&self, identity: Identity, event: &Event) -> Key {
        Key {
            fingerprint: identity.fingerprint(),
            way: Way::of(event, &self.config),
        }
    }

    /// The identity of a failure. Texts beyond what one site and type may have share one.
    pub(super) fn identify(&mut self, event: &Event) -> Identity {
        let default = |engine: &mut Self| {
            let words = event.words();
            match engine.config.group_by {
                GroupBy::Site => engine.fingerprint(event, "", "", &[]),
                GroupBy::Type => engine.fingerprint(event, event.description.type_name(), "", &[]),
                GroupBy::Message if engine.config.is_raw(event) => engine.fingerprinter.of_raw(
                    event.site,
                    event.kind.as_str(),
                    event.description.type_name(),
                    words.text(),
                ),
                GroupBy::Message => {
                    engine.fingerprint(event, event.description.type_name(), words.text(), words.ends())
                }
            }
        };
        // The user's key stands for the words, or adds to what they make.
        let Some(key) = event.details.key() else {
            return default(self);
        };
        let key = if key.contains(DEFAULT) {
            let default = default(self).fingerprint();
            // It has no group of its own, so it takes none of its function's places either.
            self.fingerprinter.forget(default);
            Cow::Owned(key.replace(DEFAULT, &default.to_string()))
        } else {
            Cow::Borrowed(key)
        };
        // As it is: what looks like a value in it is what the user tells kinds apart by.
        let site = event.site;
        Identity::Own(Fingerprint::of(site.module(), site.function(), "", "key", &key))
    }

    fn fingerprint(&mut self, event: &Event, type_name: &str, text: &str, ends: &[u16]) -> Identity {
        self.fingerprinter
            .of(event.site, event.kind.as_str(), type_name, text, ends)
    }

    /// Takes failures that were counted at their site because the channel was full.
    pub(crate) fn absorb_overflow(&mut self, site: &'static Site, failures: u64, now: Instant) {
        let known = self.latest_of_site.get(&address(site));
        let known = known.and_then(|known| self.groups.get(known));
        let unknown = Event::without_detail(site, now);
        // The latest failure of the site stands for these.
        let event = known.map_or(&unknown, |group| &group.latest);
        if self.silences.holds(event, now, failures) {
            let target = Target::of(event, &self.config);
            return self.silenced(&target, failures);
        }
        self.absorb_count(site, Count::without_detail(failures), now);
    }

    /// Counts failures with the latest group of their site.
    fn absorb_count(&mut self, site: &'static Site, failures: Count, now: Instant) {
        let known = self.latest_of_site.get(&address(site)).copied();
        let known = known.filter(|known| self.groups.contains_key(known));
        let key = known.unwrap_or_else(|| self.group_without_detail(site, now));
        self.count(key, now, failures);
    }

    fn count(&mut self, key: Key, at: Instant, failures: Count) {
        self.changed();
        if let Some(group) = self.groups.get_mut(&key) {
            group.count(at, failures);
            self.earliest = sooner(self.earliest, group.rhythm.due().map(|(due, _)| due));
        }
    }

    /// Something a spool would have to know.
    #[cfg_attr(
        not(feature = "spool"),
        expect(clippy::unused_self, reason = "there is none without the feature")
    )]
    pub(super) fn changed(&mut self) {
        #[cfg(feature = "spool")]
        {
            self.changes = self.changes.wrapping_add(1);
        }
    }

    /// A group for a site none of whose failures found room; where there is no room for that either, the
    /// one group for all such sites.
    fn group_without_detail(&mut self, site: &'static Site, now: Instant) -> Key {
        let mut event = Event::without_detail(site, now);
        let mut key = self.key_of(&event);
        if !self.make_room(key) {
            event = Event::without_detail(&ELSEWHERE, now);
            key = self.key_of(&event);
        }
        self.latest_of_site.insert(address(event.site), key);
        let (target, robots) = (Target::of(&event, &self.config), self.outboxes.len());
        self.groups
            .entry(key)
            .or_insert_with(|| Group::new(event, target, robots));
        key
    }

    /// Sees to room for a group: forgets the longest quiet one that every robot knows all about. `false` if
    /// there is none, since a group with something untold is never forgotten.
    fn make_room(&mut self, newcomer: Key) -> bool {
        if self.groups.len() < MAX_GROUPS || self.groups.contains_key(&newcomer) {
            return true;
        }
        let told = self.groups.iter().filter(|(_, group)| group.is_told());
        let oldest = told.min_by_key(|(_, group)| group.last_at).map(|(key, _)| *key);
        let Some(oldest) = oldest else { return false };
        self.groups.remove(&oldest);
        // The same kind may go another way too.
        let same = |key: &Key| key.fingerprint == oldest.fingerprint;
        if !self.groups.keys().any(same) {
            self.fingerprinter.forget(oldest.fingerprint);
        }
        self.latest_of_site.retain(|_, key| *key != oldest);
        for outbox in &mut self.outboxes {
            outbox.forget(oldest);
        }
        true
    }

    /// A silence that held something back says so to every robot.
    pub(super) fn tell_of_end(&mut self, silence: &Silence, held: u64, now: Instant) {
        if held == 0 {
            return;
        }
        let mut event = Event::end_of_silence(silence, held, now);
        // Two silences that end alike are two.
        event.details.set_key(format_args!("{:?}", silence.id()));
        let key = self.key_of(&event);
        if !self.make_room(key) {
            return;
        }
        let target = Target::of(&event, &self.config);
        for robot in &target.robots {
            if let Some(outbox) = self.outboxes.get_mut(*robot) {
                outbox.want(key, DigestKind::Summary);
            }
        }
        self.groups
            .insert(key, Group::notice(event, target, self.outboxes.len()));
    }

    /// Takes a group of an earlier run, whose failures count as captured now.
    #[cfg(feature = "spool")]
    pub(super) fn adopt(&mut self, group: Group, failures: u64, now: Instant) {
        self.books.restored(failures);
        let event = &group.latest;
        // Not asked by its words, which would be a kind of their own.
        let identity = if group.has_many() && event.details.key().is_none() {
            let (site, type_name) = (event.site, event.description.type_name());
            self.fingerprinter.many(site, event.kind.as_str(), type_name)
        } else {
            self.identify(event)
        };
        let key = self.key(identity, event);
        if !self.make_room(key) {
            let count = Count {
                without_room: failures,
                ..Count::without_detail(failures)
            };
            return self.absorb_count(&ELSEWHERE, count, now);
        }
        // Two kinds of the earlier run may be one of this one, if what makes a kind was set anew.
        if let Some(known) = self.groups.get_mut(&key) {
            return known.restore(failures, false);
        }
        self.earliest = sooner(self.earliest, group.rhythm.due().map(|(due, _)| due));
        self.groups.insert(key, group);
    }
}

/// What tells two sites apart as keys.
fn address(site: &'static Site) -> usize {
    core::ptr::from_ref(site).addr()
}
