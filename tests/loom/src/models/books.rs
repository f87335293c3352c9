//! Whoever reads the books sees them balance.

use std::sync::Arc;

use super::dispatcher::Dispatcher;
use super::{FIRST, fail, join, on_a_thread, running};
use crate::channel::Stage;
use crate::stats::{Books, Stats};
use crate::sync::check;

fn assert_balanced(books: &Stats) {
    let gone = books.delivered() + books.silenced() + books.dropped();
    assert!(gone <= books.captured(), "{books}");
}

/// A reader never sees a failure as delivered that it does not see as captured, with detail or without.
///
/// # Panics
/// When the claim fails in some order of the threads.
pub fn a_failure_is_counted_before_it_is_told() {
    check(3, || {
        let channel = running(1);
        let books = Arc::new(Books::new());
        assert_balanced(&books.read(&channel));
        let failing = Arc::clone(&channel);
        let thread = on_a_thread(move || {
            fail(&failing, &FIRST);
            fail(&failing, &FIRST);
        });
        let (read_channel, read_books) = (Arc::clone(&channel), Arc::clone(&books));
        let reader = on_a_thread(move || assert_balanced(&read_books.read(&read_channel)));
        let mut dispatcher = Dispatcher::of(&channel);
        // The failure of the warm-up was told before.
        books.delivered(1);
        let mut told = 0;
        while told < 2 {
            let now = dispatcher.take_all();
            books.delivered(now - told);
            told = now;
            if told < 2 {
                dispatcher.wait();
            }
        }
        join([thread, reader]);
        let end = books.read(&channel);
        assert_eq!((end.captured(), end.delivered(), end.pending()), (3, 3, 0));
    });
}

/// The same of one that comes after shutdown.
///
/// # Panics
/// When the claim fails in some order of the threads.
pub fn a_late_failure_is_counted_before_it_is_dropped() {
    check(3, || {
        let channel = running(1);
        let books = Books::new();
        assert!(channel.advance(Stage::Running, Stage::Stopped));
        let late = Arc::clone(&channel);
        let thread = on_a_thread(move || fail(&late, &FIRST));
        assert_balanced(&books.read(&channel));
        assert_balanced(&books.read(&channel));
        join([thread]);
        assert_eq!(books.read(&channel).dropped(), 1);
    });
}
