//! No failure is left lying because a wake-up was lost.

use std::sync::Arc;

use super::dispatcher::Dispatcher;
use super::{FIRST, SECOND, fail, join, on_a_thread, running};
use crate::sync::check;

/// Failures that find the channel full are counted at their sites. A failing thread wakes the dispatcher if that sleeps:
/// whichever way the count and its going to sleep overlap, no count is missed.
///
/// # Panics
/// When the claim fails in some order of the threads.
pub fn a_count_without_detail_wakes_the_dispatcher() {
    check(3, || {
        let channel = running(1);
        let _the_only_place = channel.reserve(&FIRST, false).expect("it is free");
        let threads = [&FIRST, &SECOND].map(|site| {
            let channel = Arc::clone(&channel);
            on_a_thread(move || fail(&channel, site))
        });
        Dispatcher::of(&channel).run_until(2);
        join(threads);
    });
}

/// A failure that got a place is taken with its detail, one that got none without.
///
/// # Panics
/// When the claim fails in some order of the threads.
pub fn an_event_wakes_the_dispatcher() {
    check(2, || {
        let channel = running(1);
        let threads = [&FIRST, &SECOND].map(|site| {
            let channel = Arc::clone(&channel);
            on_a_thread(move || fail(&channel, site))
        });
        Dispatcher::of(&channel).run_until(2);
        join(threads);
    });
}

/// A dispatcher that dozes looks again by itself; but a channel that is half full wakes it before.
///
/// # Panics
/// When the claim fails in some order of the threads.
pub fn half_a_channel_wakes_a_dozing_dispatcher() {
    check(2, || {
        let channel = running(2);
        let mut dispatcher = Dispatcher::of(&channel);
        dispatcher.take_all();
        channel.doze();
        let other = Arc::clone(&channel);
        let thread = on_a_thread(move || fail(&other, &FIRST));
        dispatcher.wait();
        assert_eq!(dispatcher.take_all(), 1);
        join([thread]);
    });
}

/// Capture that panics between the place and the event gives the place back.
///
/// # Panics
/// When the claim fails in some order of the threads.
pub fn a_freed_place_is_a_place() {
    check(2, || {
        let channel = running(1);
        let other = Arc::clone(&channel);
        let thread = on_a_thread(move || drop(other.reserve(&FIRST, false)));
        fail(&channel, &SECOND);
        Dispatcher::of(&channel).run_until(1);
        join([thread]);
        assert!(channel.reserve(&FIRST, false).is_some(), "the place is free again");
    });
}
