//! What the loop has in hand while it works, so that after a panic of it nothing is lost: its successor counts the
//! failures it died of, goes on with those it had taken, and repeats messages that never left.

use std::time::Instant;

use super::Dispatcher;
use crate::Site;
use crate::error::{Error, ErrorKind};
use crate::event::Event;
use crate::robot::{Delivery, Problem};

/// Events out of the channel. Outlives a loop.
#[derive(Debug, Default)]
pub(super) struct InHand {
    /// Not yet looked at, the last first.
    events: Vec<Event>,
    /// Where the failures belong that are being looked at, and how many they are; nothing while that is a hop.
    looked_at: Option<(&'static Site, u64)>,
    /// What the next events are put into.
    pub(super) empty: Vec<Event>,
    /// A loop died, and none has taken up its work yet.
    died: bool,
}

impl InHand {
    /// Takes events. What a dead loop had left comes before them.
    pub(super) fn hold(&mut self, mut events: Vec<Event>) {
        events.reverse();
        events.append(&mut self.events);
        self.events = events;
    }

    /// The next event. The one before is done with.
    pub(super) fn next(&mut self) -> Option<Event> {
        let Some(event) = self.events.pop() else {
            self.looked_at = None;
            self.empty = core::mem::take(&mut self.events);
            return None;
        };
        self.looked_at = (!event.context.is_hop).then_some((event.site, 1));
        Some(event)
    }

    /// Takes what was counted at a site. In hand until [`put_down`](Self::put_down).
    pub(super) fn take_overflow(&mut self, site: &'static Site) -> u64 {
        let failures = site.take_overflow();
        self.looked_at = (failures > 0).then_some((site, failures));
        failures
    }

    /// What was looked at has found its group.
    pub(super) fn put_down(&mut self) {
        self.looked_at = None;
    }
}

impl Dispatcher {
    /// Tells that a loop died.
    pub(super) fn died(&mut self) {
        self.in_hand.died = true;
        let problem = Problem::new("dispatcher", "");
        self.report(&Error::new(ErrorKind::Panicked, "", problem, 0));
    }

    /// Takes up the work of a loop that died.
    pub(super) fn take_up(&mut self, now: Instant) {
        if !core::mem::take(&mut self.in_hand.died) {
            return;
        }
        // Whatever it died of is not looked at once more: it is counted, and its words are lost.
        if let Some((site, failures)) = self.in_hand.looked_at.take() {
            self.engine.absorb_overflow(site, failures, now);
        }
        for robot in self.engine.take_up(now) {
            let has_left = self
                .on_their_way
                .iter()
                .any(|(_, on_its_way)| *on_its_way == robot);
            if !has_left {
                let problem = Problem::new("dispatcher", "it ended before the message left");
                self.settle(robot, &Delivery::Failed { problem }, None, now);
            }
        }
    }
}
