//! Wakes the dispatcher, and no more often than is of use.
//!
//! To wake a thread takes a system call, which costs more than all else a failure does. So the dispatcher says
//! how it sleeps: after it found something it dozes for a moment, to be woken only if much comes, and looks again by
//! itself; when it then finds nothing, it sleeps, to be woken by the first that comes.

use crate::sync::{AtomicU8, Notify, Ordering, fence};

/// It looks, or will look, without being woken.
const AWAKE: u8 = 0;
/// It looks again within a moment.
const DOZING: u8 = 1;
/// It looks when it is woken.
const ASLEEP: u8 = 2;

pub(super) struct Bell {
    /// Written by the dispatcher when it goes to look, and by whoever wakes it.
    sleep: AtomicU8,
    rung: Notify,
}

impl Bell {
    pub(super) const fn new() -> Self {
        Self {
            sleep: AtomicU8::new(AWAKE),
            rung: Notify::const_new(),
        }
    }

    /// Something was left for the dispatcher. Wakes it if it sleeps, and if it dozes and this is much.
    pub(super) fn ring(&self, is_much: impl FnOnce() -> bool) {
        // What was left comes before this look, as in `listen` the word comes before that look: one of the two
        // sees the other.
        fence(Ordering::SeqCst);
        let wanted = match self.sleep.load(Ordering::Relaxed) {
            AWAKE => false,
            DOZING => is_much(),
            _ => true,
        };
        if wanted && self.sleep.swap(AWAKE, Ordering::AcqRel) != AWAKE {
            self.rung.notify_one();
        }
    }

    /// The dispatcher's word that it will look now: whatever it does not find then will wake it.
    pub(super) fn listen(&self) {
        // Not a store: all that write here then stand in one row, which is easier to reason about.
        self.sleep.swap(ASLEEP, Ordering::AcqRel);
        fence(Ordering::SeqCst);
    }

    /// The dispatcher's word that it will look again within a moment.
    pub(super) fn doze(&self) {
        self.sleep.swap(DOZING, Ordering::AcqRel);
    }

    /// Completes when the bell was rung.
    ///
    /// # Cancel safety
    /// A ring that is not waited for is kept for the next wait.
    pub(super) async fn rung(&self) {
        self.rung.notified().await;
    }
}
