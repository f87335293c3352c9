//! The two lanes: one for all failures, one kept for severe ones.

use crate::event::Event;
use crate::sync::{Mutex, MutexGuard, PoisonError, mpsc};

/// Places kept for severe events alone, so that a panic gets through a storm of ordinary errors.
const SEVERE_CAPACITY: usize = 32;

pub(super) struct Lanes {
    normal: mpsc::Sender<Event>,
    severe: mpsc::Sender<Event>,
    /// Here whenever no dispatcher runs; a dead dispatcher's successor finds them with their contents.
    receivers: Mutex<Option<Receivers>>,
}

/// The receiving ends of both lanes.
#[derive(Debug)]
pub(crate) struct Receivers {
    pub(crate) normal: mpsc::Receiver<Event>,
    pub(crate) severe: mpsc::Receiver<Event>,
}

impl Lanes {
    pub(super) fn new(capacity: usize) -> Self {
        let (normal, normal_out) = mpsc::channel(capacity);
        let (severe, severe_out) = mpsc::channel(SEVERE_CAPACITY);
        let receivers = Receivers {
            normal: normal_out,
            severe: severe_out,
        };
        Self {
            normal,
            severe,
            receivers: Mutex::new(Some(receivers)),
        }
    }

    /// A place, if there is one. Never waits.
    #[inline]
    pub(super) fn try_reserve(&self, severe: bool) -> Option<mpsc::Permit<'_, Event>> {
        let permit = match self.normal.try_reserve() {
            Err(_full) if severe => self.severe.try_reserve(),
            other => other,
        };
        permit.ok()
    }

    /// Whether the dispatcher had better come before the lanes overflow.
    #[inline]
    pub(super) fn is_half_full(&self) -> bool {
        let has_little_room = |lane: &mpsc::Sender<Event>| lane.capacity() <= lane.max_capacity() / 2;
        has_little_room(&self.normal) || has_little_room(&self.severe)
    }

    /// The receiving ends, or nothing while a dispatcher has them.
    pub(super) fn receivers(&self) -> MutexGuard<'_, Option<Receivers>> {
        self.receivers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Receivers {
    /// Takes what is there, the severe first, and no more than the lanes can hold: a flood does not keep the loop from
    /// sending.
    pub(crate) fn take(&mut self, batch: &mut Vec<Event>) {
        for lane in [&mut self.severe, &mut self.normal] {
            for _ in 0..lane.max_capacity() {
                match lane.try_recv() {
                    Ok(event) => batch.push(event),
                    Err(_) => break,
                }
            }
        }
    }
}
