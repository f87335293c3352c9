//! The stacks that errors keep themselves. A panic's goes to the dispatcher, which looks its symbols up; an error's
//! stays with the error, which goes on to the caller. So it is put into words here, on the failing thread, and only
//! now and then: no storm of errors may cost more than a few of them.

use core::sync::atomic::{AtomicU64, Ordering};

use crate::chain::Describe;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Stacks put into words in one second of the process. Each takes about 0.1 ms, the first one 100 ms and more.
const A_SECOND: u64 = 8;

/// The second of the last one, and in the lowest byte how many there were in it.
static SPENT: AtomicU64 = AtomicU64::new(0);

/// The stack that the error has kept, if it has one and its turn comes.
pub(super) fn of(error: &(dyn Describe + '_), millis: u64) -> Option<Box<str>> {
    let may = || {
        let spent = SPENT.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |spent| spend(spent, millis));
        spent.is_ok()
    };
    let stack = catch_unwind(AssertUnwindSafe(|| error.stack(&may)));
    stack.ok().flatten().map(String::into_boxed_str)
}

/// What is spent with one more, or `None` where that is too much.
fn spend(spent: u64, millis: u64) -> Option<u64> {
    // Counted from one, so that the first second is not the one before all.
    let second = (millis / 1_000).saturating_add(1);
    let this_second = if spent >> 8 == second { spent & 0xff } else { 0 };
    (this_second < A_SECOND).then(|| second << 8 | this_second.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_has_its_share_and_no_more() {
        let mut spent = 0;
        let mut count = |millis: u64| {
            let may = (0..100).filter(|_| match spend(spent, millis) {
                Some(now) => {
                    spent = now;
                    true
                }
                None => false,
            });
            may.count()
        };
        assert_eq!([count(0), count(999), count(1_000), count(59_000)], [8, 0, 8, 8]);
    }
}
