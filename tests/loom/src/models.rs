//! What is claimed. Each function tries all orders of its threads and panics at the first in which the claim fails.

mod books;
mod dispatcher;
mod incidents;
mod life;
mod wake_ups;

use std::sync::Arc;
use std::time::Instant;

use loom::thread::JoinHandle;

use crate::channel::{Channel, Stage};
use crate::event::Event;
use crate::site::registered;
use crate::{Severity, Site};

pub use books::{a_failure_is_counted_before_it_is_told, a_late_failure_is_counted_before_it_is_dropped};
pub use incidents::{two_failures_at_once_are_two_incidents, two_steps_of_one_error_are_one_incident};
pub use life::{
    a_failure_before_init_waits_for_it, a_failure_during_shutdown_is_late_or_waits, only_one_of_two_ends_wins,
    switching_off_survives_init,
};
pub use wake_ups::{
    a_count_without_detail_wakes_the_dispatcher, a_freed_place_is_a_place, an_event_wakes_the_dispatcher,
    half_a_channel_wakes_a_dozing_dispatcher,
};

static FIRST: Site = site("first");
static SECOND: Site = site("second");
inventory::submit! { &FIRST }
inventory::submit! { &SECOND }

const fn site(function: &'static str) -> Site {
    Site::new(function, "models", ("models.rs", 1, 1, 9), Severity::Error)
}

fn event(site: &'static Site) -> Event {
    Event::without_detail(site, Instant::now())
}

/// A channel that a dispatcher may take from.
fn running(capacity: usize) -> Arc<Channel> {
    let channel = waiting(capacity);
    assert!(channel.advance(Stage::Waiting, Stage::Running));
    channel
}

/// A channel as it is before `init`, with lanes. One failure has come and been taken and every counter read, since no
/// thread but the first may be the first to touch a part.
fn waiting(capacity: usize) -> Arc<Channel> {
    let channel = Arc::new(Channel::new());
    channel.open(capacity);
    channel.listen();
    fail(&channel, &FIRST);
    loom::future::block_on(channel.woken());
    assert_eq!(channel.take_held().len(), 1);
    let overflow: u64 = registered().map(Site::take_overflow).sum();
    assert_eq!((channel.captured(), channel.hops(), overflow), (1, 0, 0));
    channel
}

/// A failure of a site, captured as `report` does it: a place first, the words after.
fn fail(channel: &Channel, site: &'static Site) {
    if let Some(slot) = channel.reserve(site, false) {
        slot.send(event(site));
    }
}

fn on_a_thread(run: impl FnOnce() + 'static) -> JoinHandle<()> {
    loom::thread::spawn(run)
}

fn join(threads: impl IntoIterator<Item = JoinHandle<()>>) {
    for thread in threads {
        thread.join().expect("no thread panics");
    }
}
