//! What goes to the spool at the end, and what comes from it at the start.

mod names;

use std::time::{Instant, SystemTime};

use super::Engine;
use crate::chain::Description;
use crate::details::Details;
use crate::digest::NotShown;
use crate::dispatch::group::{Group, Key};
use crate::dispatch::outbox::Outbox;
use crate::dispatch::rhythm::Memory;
use crate::dispatch::route::Target;
use crate::event::{Context, Event, EventKind};
use crate::robot::clock;
use crate::spool::{Kept, Run, Saved};

impl Engine {
    /// Every group that has something untold, or spoke so lately that it must not speak at once again.
    pub(crate) fn kept(&self, now: Instant) -> Vec<Saved> {
        let mut groups: Vec<(&Key, &Group)> = self
            .groups
            .iter()
            .filter(|(_, group)| group.pending() > 0 || !group.rhythm.is_quiet(now, &group.target.policy))
            .collect();
        groups.sort_by_key(|(_, group)| core::cmp::Reverse((group.severity, group.pending())));
        groups
            .into_iter()
            .map(|(key, group)| self.saved(*key, group))
            .collect()
    }

    fn saved(&self, key: Key, group: &Group) -> Saved {
        let event = &group.latest;
        // What was handed to robots that did not take it has not been spoken. What is on its way may well be.
        let is_spoken = group.is_heard() || self.outboxes.iter().any(|outbox| outbox.is_on_its_way(key));
        let memory = group.rhythm.memory().filter(|_| is_spoken);
        Saved {
            function: event.site.function().to_owned(),
            module: event.site.module().to_owned(),
            file: event.site.file().to_owned(),
            line: event.site.line(),
            column: event.site.column(),
            severity: group.severity,
            kind: event.kind.as_str().to_owned(),
            key: event.details.key().map(|key| self.composer.safe(key)),
            fields: event
                .details
                .fields()
                .iter()
                .map(|(name, value)| ((*name).to_owned(), self.composer.safe_field(name, value)))
                .collect(),
            many: group.has_many(),
            error_type: event.description.type_name().to_owned(),
            chain: event
                .words()
                .links()
                .map(|link| self.composer.safe(link))
                .collect(),
            untold: group.pending(),
            last_at: self.composer.wall(group.last_at),
            spoken_at: memory
                .and_then(|memory| memory.spoken)
                .map(|spoken| self.composer.wall(spoken)),
            burst: memory.is_some_and(|memory| memory.burst),
            step: memory.map_or(0, |memory| memory.step),
        }
    }

    /// Grows with everything the spool would have to know.
    pub(crate) fn changes(&self) -> u64 {
        self.changes
    }

    /// What an earlier run left and could not be told, as far as no message has owned up to it.
    pub(crate) fn unsaid_losses(&self) -> u64 {
        let unsaid = |outbox: &Outbox| {
            let mut owed = outbox.owed();
            owed.find(|(reason, _)| *reason == NotShown::SpoolBound)
                .map_or(0, |(_, n)| n)
        };
        self.outboxes.iter().map(unsaid).min().unwrap_or(0)
    }

    /// Takes what an earlier run kept. Its failures count as captured by this one. Gives the number of those that
    /// can no longer be told.
    pub(crate) fn restore(&mut self, kept: Kept, now: Instant, wall: SystemTime) -> u64 {
        let mut lost = kept.left_out;
        for saved in kept.groups {
            let past = |at: SystemTime| {
                now.checked_sub(wall.duration_since(at).unwrap_or_default())
                    .unwrap_or(now)
            };
            let Some(kind) = EventKind::named(&saved.kind) else {
                lost = lost.saturating_add(saved.untold);
                continue;
            };
            let site = names::site(&saved);
            let mut description = Description::default();
            description.set_type_name(names::name(&saved.error_type));
            for link in &saved.chain {
                description.write_link(format_args!("{link}"));
            }
            let (last_at, severity) = (past(saved.last_at), saved.severity);
            let mut details = Details::default();
            if let Some(key) = &saved.key {
                details.set_key(key);
            }
            for (name, value) in saved.fields {
                details.field(names::name(&name), format_args!("{value}"));
            }
            let context = Context::default();
            let event = Event {
                site,
                at: last_at,
                severity,
                kind,
                description,
                details,
                place: None,
                panic: None,
                context,
            };
            let target = Target::of(&event, &self.config);
            let mut group = Group::new(event, target, self.outboxes.len());
            if saved.many {
                group.is_of_many();
            }
            let policy = std::sync::Arc::clone(&group.target.policy);
            let memory = Memory {
                spoken: saved.spoken_at.map(past),
                burst: saved.burst,
                step: saved.step,
            };
            group
                .rhythm
                .resume(last_at, saved.untold, group.severe, memory, &policy);
            group.restore(saved.untold, saved.spoken_at.is_some());
            self.adopt(group, saved.untold, now);
        }
        self.write_off(lost);
        lost
    }

    /// What an earlier run left and can no longer be told: counted as captured and dropped, and owned up to by the next
    /// message of every robot.
    fn write_off(&mut self, failures: u64) {
        self.books.restored(failures);
        self.books.spool_bound(failures);
        for outbox in &mut self.outboxes {
            outbox.owe(NotShown::SpoolBound, failures);
        }
    }

    /// An earlier run ended without closing: one failure of this run, of the same kind whenever it happens.
    pub(crate) fn ended_unclosed(&mut self, run: Option<&Run>, now: Instant) {
        let mut which = String::new();
        if let Some(run) = run {
            let started = clock(run.started, None, self.config.language);
            which = format!(" (pid {}, started {started}", run.pid);
            if let Some(release) = &run.release {
                which.push_str(", release ");
                which.push_str(release);
            }
            which.push(')');
        }
        let event = Event::unclosed(&which, now);
        self.books.restored(1);
        // It is no hop.
        let _none = self.absorb(event);
    }
}

#[cfg(test)]
mod tests;
