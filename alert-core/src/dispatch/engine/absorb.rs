//! How failures find their groups: by fingerprint, by site, or by what an earlier run left.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::time::Instant;

use super::{Engine, sooner};
use crate::config::GroupBy;
use crate::digest::DigestKind;
use crate::dispatch::group::{Count, Group};
use crate::dispatch::route::Target;
use crate::event::Event;
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
        if self.silences.holds(&event, 1) {
            self.books.silenced(1);
            return None;
        }
        let fingerprint = self.identify(&event);
        if !self.make_room(fingerprint) {
            self.absorb_overflow(event.site, 1, event.at);
            return None;
        }
        self.paths.begin(event.context.incident, fingerprint, event.site);
        let (site, at) = (address(event.site), event.at);
        match self.groups.entry(fingerprint) {
            Entry::Occupied(known) => {
                let group = known.into_mut();
                // A failure more severe than those before it may be for others too.
                if event.severity > group.severity {
                    group.target.join(Target::of(&event, &self.config));
                }
                group.latest_is(event);
            }
            Entry::Vacant(new) => {
                let target = Target::of(&event, &self.config);
                let group = new.insert(Group::new(event, target, self.outboxes.len()));
                self.severe_news |= group.severe;
            }
        }
        self.latest_of_site.insert(site, fingerprint);
        self.count(fingerprint, at, Count::in_detail(1));
        None
    }

    /// An error passes through one more function: the way grows, and the severity may.
    fn absorb_hop(&mut self, hop: Event) -> Option<Event> {
        let Some((fingerprint, way)) = self.paths.hop(hop.context.incident, hop.site) else {
            return Some(hop);
        };
        let group = self.groups.get_mut(&fingerprint)?;
        group.passed(hop, way);
        self.earliest = sooner(self.earliest, group.rhythm.due().map(|(due, _)| due));
        None
    }

    /// The identity of a failure. Texts beyond what one site and type may have share one.
    pub(super) fn identify(&mut self, event: &Event) -> Fingerprint {
        let default = |engine: &mut Self| {
            let words = event.words();
            match engine.config.group_by {
                GroupBy::Site => engine.fingerprint(event, "", "", &[]),
                GroupBy::Type => engine.fingerprint(event, event.description.type_name(), "", &[]),
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
            Cow::Owned(key.replace(DEFAULT, &default(self).to_string()))
        } else {
            Cow::Borrowed(key)
        };
        // As it is: what looks like a value in it is what the user tells kinds apart by.
        let site = event.site;
        Fingerprint::of(site.module(), site.function(), "", "key", &key)
    }

    fn fingerprint(&mut self, event: &Event, type_name: &str, text: &str, ends: &[u16]) -> Fingerprint {
        self.fingerprinter
            .of(event.site, event.kind.as_str(), type_name, text, ends)
            .fingerprint()
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
                ..Count::default()
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
    pub(super) fn changed(&mut self) {
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

    /// A silence that held something back says so to every robot.
    pub(super) fn tell_of_end(&mut self, silence: &Silence, held: u64, now: Instant) {
        if held == 0 {
            return;
        }
        let mut event = Event::end_of_silence(silence, held, now);
        // Two silences that end alike are two.
        event.details.set_key(format_args!("{:?}", silence.id()));
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

    /// Takes a group of an earlier run, whose failures count as captured now.
    #[cfg(feature = "spool")]
    pub(crate) fn adopt(&mut self, group: Group, failures: u64) {
        let fingerprint = self.identify(&group.latest);
        if !self.make_room(fingerprint) {
            return;
        }
        self.books.restored(failures);
        // Two kinds of the earlier run may be one of this one, if what makes a kind was set anew.
        if let Some(known) = self.groups.get_mut(&fingerprint) {
            return known.restore(failures, false);
        }
        self.earliest = sooner(self.earliest, group.rhythm.due().map(|(due, _)| due));
        self.groups.insert(fingerprint, group);
    }
}

/// What tells two sites apart as keys.
fn address(site: &'static Site) -> usize {
    core::ptr::from_ref(site).addr()
}
