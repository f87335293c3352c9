//! Which hops the dispatcher was told of lately. In a storm of one kind every error takes the same way, and to be
//! told of it once is enough.

use crate::sync::{AtomicU64, Ordering};

/// Hops remembered, each in the one place its number gives it.
const PLACES: usize = 64;
/// Seconds after which a hop is told again, should the dispatcher have forgotten it.
const AGAIN_AFTER: u64 = 5;
/// The part of an entry that says when.
const SECONDS: u64 = 0xFFFF;

pub(super) struct Told {
    /// The upper bits of a hop's number, and below them the second in which it was told.
    places: [AtomicU64; PLACES],
}

impl Told {
    pub(super) const fn new() -> Self {
        Self {
            places: [const { AtomicU64::new(0) }; PLACES],
        }
    }

    /// The next hop of this number is news.
    pub(super) fn forget(&self, hop: u64) {
        if let Some(place) = self.place(hop) {
            place.store(0, Ordering::Relaxed);
        }
    }

    /// Every hop is news.
    pub(super) fn forget_all(&self) {
        for place in &self.places {
            place.store(0, Ordering::Relaxed);
        }
    }

    fn place(&self, hop: u64) -> Option<&AtomicU64> {
        self.places.get(usize::try_from(hop >> 32).unwrap_or(0) % PLACES)
    }

    /// Whether the dispatcher was not told of this hop within the last seconds, at so many milliseconds. Who hears yes is
    /// to tell it.
    pub(super) fn is_news(&self, hop: u64, at: u64) -> bool {
        // From one, so that an empty place is no hop's.
        let second = (at / 1_000).wrapping_add(1) & SECONDS;
        let Some(place) = self.place(hop) else {
            return true;
        };
        let known = place.load(Ordering::Relaxed);
        let is_same = (known ^ hop) & !SECONDS == 0 && known & SECONDS != 0;
        if is_same && second.wrapping_sub(known) & SECONDS <= AGAIN_AFTER {
            return false;
        }
        place.store(hop & !SECONDS | second, Ordering::Relaxed);
        true
    }
}
