//! Failures of several threads that meet in one ring.

use std::sync::{Arc, mpsc};

use super::{FIRST, SECOND, join, on_a_thread};
use crate::Site;
use crate::chain::Description;
use crate::incident::{Met, Recent, Sight, Since};
use crate::sync::check;

/// What a failure of one context turns out to be.
fn meet(recent: &Recent, site: &'static Site, words: &str) -> Met {
    let mut description = Description::default();
    description.write_link(format_args!("{words}"));
    recent.meet(&Sight {
        context: Some(7),
        site,
        at: 0,
        words: &description,
        apart: 0,
        since: Since::now(),
    })
}

/// Two failures with words of their own, on two threads of one trace, at once.
fn two_at_once(first: (&'static Site, &'static str), second: (&'static Site, &'static str)) -> (Met, Met) {
    // Too big for the stack that loom gives a thread.
    let made = std::thread::spawn(|| Arc::new(Recent::new())).join();
    let recent = made.expect("there is room on its own stack");
    // Makes every part, in a ring that is then as it was.
    assert!(matches!(meet(&recent, &FIRST, "warm"), Met::New(_)));
    let other = Arc::clone(&recent);
    let (tell, told) = mpsc::channel();
    let thread = on_a_thread(move || {
        tell.send(meet(&other, first.0, first.1)).expect("it is waited for");
    });
    let here = meet(&recent, second.0, second.1);
    join([thread]);
    (told.recv().expect("the thread has told"), here)
}

/// Two failures at once are two incidents, each with a number of its own.
///
/// # Panics
/// When the claim fails in some order of the threads.
pub fn two_failures_at_once_are_two_incidents() {
    check(2, || {
        let (Met::New(there), Met::New(here)) = two_at_once((&FIRST, "no ink"), (&SECOND, "no paper")) else {
            panic!("neither quotes the other");
        };
        assert_ne!(there, here);
    });
}

/// Two functions that see one error at once: whoever enters the ring second passes it on. A thread that cannot enter
/// gives up and takes it for a failure of its own, and does not wait.
///
/// # Panics
/// When the claim fails in some order of the threads.
pub fn two_steps_of_one_error_are_one_incident() {
    check(2, || match two_at_once((&FIRST, "no ink"), (&SECOND, "no ink")) {
        (Met::New(new), Met::Hop { incident: hop, .. }) | (Met::Hop { incident: hop, .. }, Met::New(new)) => assert_eq!(new, hop),
        (Met::New(there), Met::New(here)) => assert_ne!(there, here),
        (Met::Hop { .. }, Met::Hop { .. }) => panic!("nobody saw it first"),
    });
}
