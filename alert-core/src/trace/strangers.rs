//! Whether the thread-locals of others can still be asked.
//!
//! A thread that ends takes its thread-locals down, the youngest first, and to ask one that is gone panics. That is
//! contained, but not inside the panic hook: there it would abort the process. So one of ours is made after those that were
//! asked, and goes before them.

use core::cell::Cell;

struct Youngest;

impl Drop for Youngest {
    fn drop(&mut self) {
        // That it has a destructor is all there is to it: without one nobody would note that it is gone.
    }
}

thread_local! {
    static YOUNGEST: Youngest = const { Youngest };
    /// Somebody was asked on this thread. Has no destructor, so it is there to the end.
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

/// Whether those who were asked on this thread before are still there.
pub(super) fn live() -> bool {
    !ASKED.get() || YOUNGEST.try_with(|_| ()).is_ok()
}

/// They were asked.
pub(super) fn asked() {
    if !ASKED.replace(true) {
        let _made = YOUNGEST.try_with(|_| ());
    }
}
