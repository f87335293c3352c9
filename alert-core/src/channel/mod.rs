//! The global bounded channel: what never blocks, and what happens when it is full.

mod bell;
mod lanes;

use self::bell::Bell;
use self::lanes::Lanes;
pub(crate) use self::lanes::Receivers;
use crate::event::Event;
use crate::sync::{
    AtomicU8, AtomicU64, AtomicUsize, Mutex, OnceLock, Ordering, PoisonError, TryLockError, mpsc,
};
use crate::{Site, site};

/// Events the channel holds unless the configuration says otherwise: the size of the recipe this grew
/// from. A full channel loses detail, never count, so there is little reason for more.
pub(crate) const DEFAULT_CAPACITY: usize = 100;

/// The one channel of the process. Never closed, so a late failure finds it open.
pub(crate) static CHANNEL: Channel = Channel::new();

/// Where the program is between start and end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Stage {
    /// No `init` yet: failures are held for it.
    Waiting,
    /// A dispatcher takes what is sent.
    Running,
    /// Shut down: failures are counted.
    Stopped,
    /// Switched off by `ALERT_DISABLE` or `set_enabled`: failures are not even counted.
    Disabled,
}

/// Beside a [`Stage`]: switched off at run time.
const OFF: u8 = 0x80;

pub(crate) struct Channel {
    /// A [`Stage`], with [`OFF`] or without. Written by `init` and shutdown; read with one relaxed load by each failure.
    stage: AtomicU8,
    /// Made by the first `init`, whose capacity stays for the life of the process.
    lanes: OnceLock<Lanes>,
    /// What failed before `init`. Never waited for: a failing thread that finds it locked only counts.
    held: Mutex<Vec<Event>>,
    /// Places given out in `held`. Grows to [`DEFAULT_CAPACITY`] and stays there.
    held_places: AtomicUsize,
    /// Failures that got a place. Only ever grows.
    accepted: AtomicU64,
    /// Reported errors that passed through one more function: no failures of their own. Only ever grows.
    hops: AtomicU64,
    /// Failures that came after shutdown. Only ever grows.
    late: AtomicU64,
    /// Failures inside our own capture of another failure. Only ever grows.
    reentrant: AtomicU64,
    /// Wakes the dispatcher.
    bell: Bell,
}

/// A place in the channel, taken before the event is put into words. No lock is held meanwhile.
pub(crate) struct Slot<'a> {
    channel: &'a Channel,
    site: &'static Site,
    /// `None` is a place among the held.
    permit: Option<mpsc::Permit<'a, Event>>,
}

impl Channel {
    pub(crate) const fn new() -> Self {
        Self {
            stage: AtomicU8::new(Stage::Waiting as u8),
            lanes: OnceLock::new(),
            held: Mutex::new(Vec::new()),
            held_places: AtomicUsize::new(0),
            accepted: AtomicU64::new(0),
            hops: AtomicU64::new(0),
            late: AtomicU64::new(0),
            reentrant: AtomicU64::new(0),
            bell: Bell::new(),
        }
    }

    pub(crate) fn stage(&self) -> Stage {
        match self.stage.load(Ordering::Relaxed) {
            0 => Stage::Waiting,
            1 => Stage::Running,
            2 => Stage::Stopped,
            // Or whatever there is, with `OFF` beside it.
            _ => Stage::Disabled,
        }
    }

    /// Moves from one stage to another; `false` if it was not in the first. Being off stays as it is.
    pub(crate) fn advance(&self, from: Stage, to: Stage) -> bool {
        let next = |now: u8| (now & !OFF == from as u8).then_some(to as u8 | now & OFF);
        self.stage
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, next)
            .is_ok()
    }

    /// Switches capture off, or on again, whatever the stage.
    pub(crate) fn set_enabled(&self, enabled: bool) {
        if enabled {
            self.stage.fetch_and(!OFF, Ordering::AcqRel);
        } else {
            self.stage.fetch_or(OFF, Ordering::AcqRel);
        }
    }

    /// Makes the lanes. The first capacity of the process stays.
    pub(crate) fn open(&self, capacity: usize) {
        self.lanes.get_or_init(|| Lanes::new(capacity));
    }

    /// Takes a place for one failure of `site`, or counts the failure at its site and gives `None`.
    /// Costs nanoseconds and never waits.
    pub(crate) fn reserve(&self, site: &'static Site, severe: bool) -> Option<Slot<'_>> {
        match self.stage() {
            Stage::Running => self.reserve_lane(site, severe),
            Stage::Waiting => self.reserve_held(site),
            Stage::Stopped => {
                self.late.fetch_add(1, Ordering::Relaxed);
                None
            }
            Stage::Disabled => None,
        }
    }

    /// Takes a place for what is known to be a hop. Where there is none the hop is lost, and the way in the
    /// alert is shorter by one.
    pub(crate) fn reserve_hop(&self, site: &'static Site, severe: bool) -> Option<Slot<'_>> {
        match self.stage() {
            Stage::Running => self.try_lane(site, severe),
            Stage::Waiting | Stage::Stopped | Stage::Disabled => None,
        }
    }

    fn reserve_lane(&self, site: &'static Site, severe: bool) -> Option<Slot<'_>> {
        let slot = self.try_lane(site, severe);
        if slot.is_none() {
            self.overflow(site);
        }
        slot
    }

    fn try_lane(&self, site: &'static Site, severe: bool) -> Option<Slot<'_>> {
        let permit = self.lanes.get()?.try_reserve(severe)?;
        Some(Slot {
            channel: self,
            site,
            permit: Some(permit),
        })
    }

    /// Whether the dispatcher had better come before the lanes overflow.
    fn is_half_full(&self) -> bool {
        self.lanes.get().is_some_and(Lanes::is_half_full)
    }

    fn reserve_held(&self, site: &'static Site) -> Option<Slot<'_>> {
        let place = self.held_places.load(Ordering::Relaxed);
        if place < DEFAULT_CAPACITY && self.held_places.fetch_add(1, Ordering::Relaxed) < DEFAULT_CAPACITY {
            return Some(Slot {
                channel: self,
                site,
                permit: None,
            });
        }
        self.overflow(site);
        None
    }

    /// Counts a failure without detail and sees to it that the dispatcher looks.
    fn overflow(&self, site: &'static Site) {
        site.count_overflow();
        self.call_dispatcher();
    }

    /// Has the dispatcher look at once, whatever it waits for.
    pub(crate) fn call_dispatcher(&self) {
        self.bell.ring(|| true);
    }

    /// Completes when something is there to be looked at since [`listen`](Self::listen).
    ///
    /// # Cancel safety
    /// A wake-up that is not waited for is kept for the next wait.
    pub(crate) async fn woken(&self) {
        self.bell.rung().await;
    }

    /// The dispatcher's word that it will now look at all there is: whatever it does not find then will wake it.
    pub(crate) fn listen(&self) {
        self.bell.listen();
    }

    /// The dispatcher's word that it will look again within a moment: until then only much will wake it.
    pub(crate) fn doze(&self) {
        self.bell.doze();
    }

    /// What was held before `init`.
    pub(crate) fn take_held(&self) -> Vec<Event> {
        core::mem::take(&mut *self.held.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether the receiving ends are here, and not with a dispatcher.
    pub(crate) fn has_receivers(&self) -> bool {
        self.lanes.get().is_some_and(|lanes| lanes.receivers().is_some())
    }

    /// The receiving ends, for the one dispatcher. `None` while another has them.
    pub(crate) fn take_receivers(&self) -> Option<Receivers> {
        self.lanes.get()?.receivers().take()
    }

    /// Gives the receiving ends back for a later dispatcher, with whatever they hold.
    pub(crate) fn return_receivers(&self, receivers: Receivers) {
        if let Some(lanes) = self.lanes.get() {
            *lanes.receivers() = Some(receivers);
        }
    }

    /// Counts a failure that happened inside our own capture of another one.
    pub(crate) fn count_reentrant(&self) {
        self.reentrant.fetch_add(1, Ordering::Relaxed);
    }

    /// Failures counted so far, in whatever way.
    pub(crate) fn captured(&self) -> u64 {
        let overflow: u64 = site::registered()
            .map(Site::overflow)
            .fold(0, u64::saturating_add);
        [
            self.late(),
            self.reentrant(),
            self.accepted.load(Ordering::Relaxed),
        ]
        .into_iter()
        .fold(overflow, u64::saturating_add)
    }

    /// Reported errors that passed through one more function.
    pub(crate) fn hops(&self) -> u64 {
        self.hops.load(Ordering::Relaxed)
    }

    /// Counts a hop that the dispatcher need not be told of.
    pub(crate) fn count_hop(&self) {
        self.hops.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts what was sent: a failure, or a hop of one.
    fn count(&self, event: &Event) {
        let counter = if event.context.is_hop {
            &self.hops
        } else {
            &self.accepted
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Failures that came after shutdown.
    pub(crate) fn late(&self) -> u64 {
        self.late.load(Ordering::Relaxed)
    }

    /// Failures inside our own capture of another failure.
    pub(crate) fn reentrant(&self) -> u64 {
        self.reentrant.load(Ordering::Relaxed)
    }
}

impl Slot<'_> {
    /// Puts the event into its place.
    #[inline]
    pub(crate) fn send(self, event: Event) {
        if let Some(permit) = self.permit {
            self.channel.count(&event);
            permit.send(event);
            self.channel.bell.ring(|| self.channel.is_half_full());
        } else {
            self.hold(event);
        }
    }

    /// Keeps the event for `init`.
    #[cold]
    #[inline(never)]
    fn hold(self, event: Event) {
        let held = match self.channel.held.try_lock() {
            Ok(held) => Some(held),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        };
        if let Some(mut held) = held {
            self.channel.count(&event);
            held.push(event);
        } else if !event.context.is_hop {
            self.site.count_overflow();
        }
        // `init` may have come in between: then the dispatcher has to look once more.
        self.channel.call_dispatcher();
    }
}
