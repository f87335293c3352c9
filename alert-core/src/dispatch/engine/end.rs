//! The end, or a flush: what is pending goes now, waits for the next start, or is written off.

use std::time::Instant;

use super::Engine;
use crate::ErrorKind;
use crate::digest::DigestKind;
use crate::dispatch::group::{Group, Key};
use crate::dispatch::rate::Share;
use crate::error::Error;
use crate::robot::Problem;

impl Engine {
    /// Everything untold is due now, but for what can wait in the spool if this is the `last` time; until [`calm`](Self::calm) it may use the reserved share.
    pub(crate) fn hurry(&mut self, now: Instant, last: bool) {
        self.urgent = true;
        if last {
            self.silences.end_all(now);
        }
        let waits: Vec<Key> = self
            .groups
            .iter()
            .filter(|(_, group)| last && self.can_wait(group))
            .map(|(known, _)| *known)
            .collect();
        for (key, group) in self.groups.iter_mut().filter(|(known, _)| !waits.contains(known)) {
            let due = group.rhythm.due().map(|(_, kind)| kind);
            let due = due.filter(|kind| *kind != DigestKind::Quiet);
            if let Some(kind) = due {
                group.spoke(now, kind);
            }
            for robot in group.target.robots.iter().filter(|robot| group.has_news(**robot)) {
                if let Some(outbox) = self.outboxes.get_mut(*robot) {
                    outbox.want(*key, due.unwrap_or(DigestKind::Summary));
                }
            }
        }
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
