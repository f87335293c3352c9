//! What the loop waits for, and how it takes all that is there.

use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::Poll;
use core::time::Duration;
use std::time::Instant;

use tokio::task::{Id, JoinError};
use tokio::time::sleep_until;

use super::examine::{self, Budget};
#[cfg(any(test, feature = "testing"))]
use super::rehearse;
use super::verify::Tested;
use super::{Command, Dispatcher, now};
use crate::error::{Error, ErrorKind};
use crate::event::Event;
use crate::robot::{Delivery, Problem};
use crate::{incident, site};

/// After it found something, the loop looks again this much later by itself. A storm then wakes it for every half
/// channel, not for every failure.
const DOZE: Duration = Duration::from_millis(1);

/// What woke the loop.
pub(super) enum Woken {
    /// Events are in the channel, or counted at their sites.
    Events,
    Asked(Command),
    Answered(Result<(Id, Delivery), JoinError>),
    Tested(Result<Tested, JoinError>),
    /// Something is due, or the loop is to stop.
    Due,
}

impl Dispatcher {
    /// Waits for whatever comes first. What comes meanwhile stays where it is.
    pub(super) async fn wait(&mut self) -> Woken {
        let asked = self.asked.iter().map(|command| command.deadline);
        let due = asked.chain(self.engine.next_due(now()));
        #[cfg(feature = "spool")]
        let due = due.chain(self.spool_due());
        let due = due.chain(self.look_again).min();
        let mut due = pin!(async move {
            match due {
                Some(due) => sleep_until(due.into()).await,
                None => core::future::pending().await,
            }
        });
        let mut news = pin!(self.channel.woken());
        // Once seen, it is no news: the loop then waits for what it has been asked.
        let mut stopped = pin!(self.stop.news());
        let (sending, commands) = (&mut self.sending, &mut self.commands);
        let verifying = &mut self.verifying;
        poll_fn(move |cx| {
            if let Poll::Ready(Some(command)) = commands.poll_recv(cx) {
                return Poll::Ready(Woken::Asked(command));
            }
            if let Poll::Ready(Some(answer)) = sending.poll_join_next_with_id(cx) {
                return Poll::Ready(Woken::Answered(answer));
            }
            if let Poll::Ready(answer) = verifying.poll_answer(cx) {
                return Poll::Ready(Woken::Tested(answer));
            }
            if news.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Woken::Events);
            }
            let due = due.as_mut().poll(cx).is_ready() || stopped.as_mut().poll(cx).is_ready();
            if due {
                Poll::Ready(Woken::Due)
            } else {
                Poll::Pending
            }
        })
        .await
    }

    /// Takes everything that is there without waiting: held events, both lanes, and what was counted at the sites. In this order, so that a count without detail finds its group.
    pub(super) fn take_all(&mut self, now: Instant) {
        // What was asked before a failure is known before the failure is.
        while let Ok(command) = self.commands.try_recv() {
            self.obey(command, now);
        }
        self.take_events(now);
    }

    pub(super) fn take_events(&mut self, now: Instant) {
        self.channel.listen();
        let mut batch = core::mem::take(&mut self.in_hand.empty);
        batch.extend(self.channel.take_held());
        self.engine.set_reentrant(self.channel.reentrant());
        self.receivers.take(&mut batch);
        let mut found = !batch.is_empty();
        // Severe events came first, so a hop may have overtaken the failure it belongs to.
        let mut early: Vec<Event> = Vec::new();
        let mut budget = Budget::new();
        self.in_hand.hold(batch);
        while let Some(mut event) = self.in_hand.next() {
            #[cfg(any(test, feature = "testing"))]
            rehearse::die_if_told(rehearse::Moment::Taking);
            self.note_bypass(&event);
            examine::examine(&mut event, &mut budget);
            early.extend(self.engine.absorb(event));
        }
        for hop in early {
            // Still unknown: its failure was counted without detail, or is long over. Then nobody was told of its way.
            if self.engine.absorb(hop).is_some() {
                incident::untell_all();
            }
        }
        for site in site::registered() {
            let failures = self.in_hand.take_overflow(site);
            if failures > 0 {
                found = true;
                #[cfg(feature = "testing")]
                rehearse::die_if_told(rehearse::Moment::Counting);
                self.engine.absorb_overflow(site, failures, now);
                self.in_hand.put_down();
            }
        }
        if found {
            self.channel.doze();
        }
        self.look_again = found.then(|| super::now() + DOZE);
    }

    /// Tells once that panics pass the hook by.
    fn note_bypass(&mut self, event: &Event) {
        let bypassed = event.panic.as_ref().is_some_and(|panic| !panic.has_details());
        if bypassed && !core::mem::replace(&mut self.told_of_bypass, true) {
            self.report(&Error::new(ErrorKind::HookBypassed, "", Problem::default(), 0));
        }
    }
}
