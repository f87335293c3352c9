//! Before `init`, at the end, and what comes in between.

use std::sync::Arc;

use super::dispatcher::Dispatcher;
use super::{FIRST, SECOND, fail, join, on_a_thread, running, waiting};
use crate::channel::Stage;
use crate::sync::check;

/// A failure that meets `init` halfway is held, or sent, or counted: told in each case.
///
/// # Panics
/// When the claim fails in some order of the threads.
pub fn a_failure_before_init_waits_for_it() {
    check(3, || {
        let channel = waiting(1);
        let threads = [&FIRST, &SECOND].map(|site| {
            let channel = Arc::clone(&channel);
            on_a_thread(move || fail(&channel, site))
        });
        // As `init` does it: the dispatcher may look before the stage is its own.
        let mut dispatcher = Dispatcher::of(&channel);
        dispatcher.take_all();
        assert!(channel.advance(Stage::Waiting, Stage::Running));
        channel.call_dispatcher();
        dispatcher.run_until(2);
        join(threads);
        assert_eq!(channel.captured(), 3);
    });
}

/// A failure during shutdown is told by the last look of the dispatcher, counted as late, or there for the next one.
///
/// # Panics
/// When the claim fails in some order of the threads.
pub fn a_failure_during_shutdown_is_late_or_waits() {
    check(3, || {
        let channel = running(1);
        let threads = [&FIRST, &SECOND].map(|site| {
            let channel = Arc::clone(&channel);
            on_a_thread(move || fail(&channel, site))
        });
        let mut dispatcher = Dispatcher::of(&channel);
        assert!(channel.advance(Stage::Running, Stage::Stopped));
        let told = dispatcher.take_all();
        drop(dispatcher);
        join(threads);
        let left = Dispatcher::of(&channel).take_all();
        assert_eq!(told + left + channel.late(), 2);
        assert_eq!(channel.captured(), 3);
    });
}

/// Two shutdowns at once, or a shutdown and a start: one is first, and the other is told so.
///
/// # Panics
/// When the claim fails in some order of the threads.
pub fn only_one_of_two_ends_wins() {
    check(3, || {
        let channel = running(1);
        let other = Arc::clone(&channel);
        let (tell, told) = std::sync::mpsc::channel();
        let thread = on_a_thread(move || {
            tell.send(other.advance(Stage::Running, Stage::Stopped)).expect("it is waited for");
        });
        let here = channel.advance(Stage::Running, Stage::Stopped);
        join([thread]);
        assert_ne!(here, told.recv().expect("the thread has told"));
    });
}

/// What switches capture off and what moves the stage are two writers of one atomic.
///
/// # Panics
/// When the claim fails in some order of the threads.
pub fn switching_off_survives_init() {
    check(3, || {
        let channel = waiting(1);
        let other = Arc::clone(&channel);
        let thread = on_a_thread(move || other.set_enabled(false));
        assert!(channel.advance(Stage::Waiting, Stage::Running));
        join([thread]);
        assert_eq!(channel.stage(), Stage::Disabled);
        channel.set_enabled(true);
        assert_eq!(channel.stage(), Stage::Running);
    });
}
