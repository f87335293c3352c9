//! The reading side: what `dispatch::intake` does with the channel, in its order, without what is done with the failures.

use core::future::{Future, poll_fn};
use core::pin::pin;

use crate::Site;
use crate::channel::{Channel, Receivers};
use crate::event::Event;
use crate::site::registered;

pub(super) struct Dispatcher<'a> {
    channel: &'a Channel,
    receivers: Option<Receivers>,
    batch: Vec<Event>,
    told: u64,
}

impl<'a> Dispatcher<'a> {
    /// The one that has the receiving ends.
    pub(super) fn of(channel: &'a Channel) -> Self {
        Self {
            receivers: Some(channel.take_receivers().expect("no other dispatcher has them")),
            channel,
            batch: Vec::new(),
            told: 0,
        }
    }

    fn receivers(&mut self) -> &mut Receivers {
        self.receivers.as_mut().expect("it has not ended")
    }

    /// Takes all that is there. Gives how many failures it has taken so far.
    pub(super) fn take_all(&mut self) -> u64 {
        let mut batch = core::mem::take(&mut self.batch);
        self.channel.listen();
        batch.extend(self.channel.take_held());
        self.receivers().take(&mut batch);
        let without_detail: u64 = registered().map(Site::take_overflow).sum();
        self.told += batch.len() as u64 + without_detail;
        self.told
    }

    /// Waits for a failure. Where no wake-up comes it waits forever, which the checker takes for a deadlock.
    pub(super) fn wait(&mut self) {
        let mut woken = pin!(self.channel.woken());
        loom::future::block_on(poll_fn(|cx| woken.as_mut().poll(cx)));
    }

    /// Runs until it has taken so many failures.
    pub(super) fn run_until(&mut self, failures: u64) {
        while self.take_all() < failures {
            self.wait();
        }
    }
}

impl Drop for Dispatcher<'_> {
    fn drop(&mut self) {
        if let Some(receivers) = self.receivers.take() {
            self.channel.return_receivers(receivers);
        }
    }
}
