//! The next message of one robot: which groups are in it, and which share of the budget it may use.

use std::sync::Arc;
use std::time::Instant;

use super::Engine;
use crate::digest::{Digest, DigestKind, NotShown};
use crate::dispatch::compose;
use crate::dispatch::hold::Hold;
use crate::dispatch::outbox::rank;
use crate::dispatch::rate::Share;
use crate::robot::Form;

/// A message for one robot.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) robot: usize,
    /// Which robot of its chain: 0, or that of a fallback.
    pub(crate) link: usize,
    pub(crate) digest: Arc<Digest>,
    pub(crate) form: Form,
}

impl Engine {
    /// What a robot is told now, if it may be told something.
    pub(super) fn next_for(&mut self, robot: usize, now: Instant) -> Option<Outgoing> {
        let (digest, link, form) = self.next_message(robot, now)?;
        Some(Outgoing {
            robot,
            link,
            digest,
            form,
        })
    }

    fn next_message(&mut self, robot: usize, now: Instant) -> Option<(Arc<Digest>, usize, Form)> {
        let share = self.share(robot);
        let outbox = self.outboxes.get_mut(robot)?;
        if let Some(again) = outbox.again(now) {
            return Some(again);
        }
        if let Some(storm) = outbox.ended_storm(now, &self.groups) {
            let owed = outbox.owed().collect();
            let worst = storm.worst(&self.groups);
            let (digest, marks) = self.composer.end_of_storm(now, robot, &storm, &worst, owed);
            return Some(outbox.send(now, Share::Normal, digest, marks, Some(storm)));
        }
        if outbox.has_in_flight() || outbox.free_at(now, share)? > now {
            return None;
        }
        let mut chosen: Vec<_> = Vec::new();
        let mut told = Vec::new();
        for (key, kind) in outbox.wanted() {
            match self.groups.get(&key) {
                Some(group) if kind == DigestKind::Quiet || group.has_news(robot) => {
                    chosen.push((key, kind, group));
                }
                _ => told.push(key),
            }
        }
        for key in told {
            outbox.has_told(key);
        }
        // Severe first, then what is most telling, then what failed most.
        chosen.sort_by_key(|(_, kind, group)| {
            let urgent = group.is_urgent(*kind);
            core::cmp::Reverse((urgent, group.severity, rank(*kind), group.untold(robot).total))
        });
        let together = outbox.is_together();
        chosen.truncate(compose::groups_in_one(&chosen, self.urgent, together));
        if outbox.links.is_one_subject() && !self.urgent {
            compose::keep_one_subject(&mut chosen);
        }
        if chosen.is_empty() {
            return None;
        }
        let mut not_shown: Vec<_> = outbox.owed().collect();
        if chosen.iter().any(|(_, _, group)| group.lost_connection) {
            let hold = Hold::now(&self.config, self.composer.wall(now), now, &self.groups);
            let waiting = self
                .groups
                .values()
                .filter(|group| group.target.robots.contains(&robot) && hold.is_symptom(group, now));
            let failures = waiting
                .map(|group| group.untold(robot).total)
                .fold(0, u64::saturating_add);
            not_shown.extend((failures > 0).then_some((NotShown::Symptoms, failures)));
        }
        let (digest, marks) = self.composer.digest(now, robot, &chosen, not_shown);
        Some(outbox.send(now, share, digest, marks, None))
    }

    /// Which share of the budget this robot's next message may use.
    pub(super) fn share(&self, robot: usize) -> Share {
        let severe = self.outboxes.get(robot).is_some_and(|outbox| {
            outbox
                .wanted()
                .any(|(key, kind)| self.groups.get(&key).is_some_and(|group| group.is_urgent(kind)))
        });
        if severe || self.urgent {
            Share::Severe
        } else {
            Share::Normal
        }
    }
}
