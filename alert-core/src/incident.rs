//! One error, one alert: tells an error on its way up from one that happened anew.
//!
//! Nothing marks an error as reported: a wrapper is a new value, and any type may be one. So the last few
//! failures are remembered by *where they run* (the trace, else the task, else the thread) and *what they say*. A
//! failure of the same context that quotes an earlier one, seen from a function that has not seen it yet, is that
//! error passing through; seen from the same function again, it happened again.
//!
//! A function that was called after the earlier failure cannot be what that error passes through, so one that
//! fails alike a moment later is a failure of its own. That costs each call the look at one number.
//!
//! Known under-count: two different functions of one task that run at the same time (joined, say) and fail with
//! equal words within [`TTL`] are one incident with a hop. Known over-count: recursion of one function, and an
//! error whose source was thrown away.

use core::hash::{Hash, Hasher};
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;
use std::hash::DefaultHasher;
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::time::Instant;

use crate::Site;
use crate::chain::Description;
use crate::trace::TraceId;

/// An incident is over when nothing was seen of it for so long: its error is handled or at the top by then.
const TTL: Duration = Duration::from_secs(5);
/// Rings, chosen by context, so that threads that fail at once rarely meet.
const RINGS: usize = 32;
/// Incidents remembered in one ring.
const REMEMBERED: usize = 8;
/// Functions one incident is known to have passed. Longer ways go on without being told apart.
const MAX_SITES: usize = 12;
/// Bytes kept of an incident's words, to find them quoted in a longer text.
const QUOTED_BYTES: usize = 96;
/// Shorter texts are quoted by chance.
const LEAST_QUOTED_BYTES: usize = 4;
/// What the error of whoever joined a panicked task says of it.
const PANIC: &str = "panic";
/// Tries to enter a ring that another thread is in. Then the failure is taken for a new one.
const TRIES: u32 = 64;

/// The number of an incident within this process. Zero is none.
pub(crate) type IncidentId = u64;

/// When a call began, counted in incidents: none with a smaller number can be its own.
#[derive(Clone, Copy, Debug)]
pub struct Since(u32);

impl Since {
    /// A call that begins now. One relaxed load.
    #[inline]
    #[must_use]
    pub fn now() -> Self {
        Self(low(RECENT.next_id.load(Ordering::Relaxed)))
    }

    /// Before everything remembered: for what may tell of any earlier failure.
    #[cfg(feature = "tracing")]
    pub(crate) fn long_ago() -> Self {
        Self(Self::now().0.wrapping_sub(u32::MAX / 4))
    }

    /// Whether the incident came after the call began. The numbers wrap, so far apart they say nothing.
    fn is_before(self, incident: IncidentId) -> bool {
        low(incident).wrapping_sub(self.0) < u32::MAX / 2
    }
}

/// The lower half of a number.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
const fn low(number: u64) -> u32 {
    number as u32
}

/// What a failure turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Met {
    /// It has not been seen before.
    New(IncidentId),
    /// An error that has been reported passes through one more function.
    Hop(IncidentId),
}

/// A failure as the rings see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight<'a> {
    /// Where it runs. `None` is "may turn up anywhere": a panic, which a join carries to another task.
    pub(crate) context: Option<u64>,
    pub(crate) site: &'static Site,
    pub(crate) at: Instant,
    pub(crate) words: &'a Description,
    /// When the call that failed began.
    pub(crate) since: Since,
}

static RECENT: Recent = Recent::new();

/// Whether the failure is new or a reported error on its way up. Remembers it either way. Never waits.
pub(crate) fn meet(sight: &Sight<'_>) -> Met {
    RECENT.meet(sight)
}

/// Where this code runs: in which trace, else in which task, else on which thread.
pub(crate) fn context(trace: &TraceId) -> u64 {
    let mut hasher = DefaultHasher::new();
    if let Some(trace) = trace.as_str() {
        (0u8, trace).hash(&mut hasher);
    } else if let Some(task) = tokio::task::try_id() {
        (1u8, task).hash(&mut hasher);
    } else {
        // A thread that is ending has no thread-locals left, and no more errors to pass on.
        (2u8, THREAD.try_with(|thread| *thread).unwrap_or(0)).hash(&mut hasher);
    }
    hasher.finish()
}

static NEXT_THREAD: AtomicU64 = AtomicU64::new(1);
thread_local! {
    static THREAD: u64 = NEXT_THREAD.fetch_add(1, Ordering::Relaxed);
}

/// The rings of one process, or of one test.
pub(crate) struct Recent {
    next_id: AtomicU64,
    rings: [Mutex<Ring>; RINGS],
    /// Panics, whose words turn up in the error of whoever joined the task.
    panics: Mutex<Ring>,
}

impl Recent {
    #[expect(
        clippy::large_stack_arrays,
        reason = "made in a static, at compile time; a test has the stack for it"
    )]
    pub(crate) const fn new() -> Self {
        Self {
            next_id: AtomicU64::new(1),
            rings: [const { Mutex::new(Ring::new()) }; RINGS],
            panics: Mutex::new(Ring::new()),
        }
    }

    pub(crate) fn meet(&self, sight: &Sight<'_>) -> Met {
        let hashes = Hashes::of(sight.words);
        if let Some(context) = sight.context {
            // Every failure would meet in this one ring, so only those that talk of a panic look into it.
            let quoted = if sight.words.text().contains(PANIC) {
                enter(&self.panics).and_then(|mut panics| panics.hop(sight, &hashes))
            } else {
                None
            };
            if let Some(id) = quoted {
                return Met::Hop(id);
            }
            let number = usize::try_from(context).unwrap_or(0) % RINGS;
            let ring = self.rings.get(number).unwrap_or(&self.panics);
            enter(ring).map_or_else(
                || Met::New(self.id()),
                |mut ring| ring.meet(sight, &hashes, || self.id()),
            )
        } else {
            let id = self.id();
            if let Some(mut panics) = enter(&self.panics) {
                panics.add(Incident::new(id, sight, &hashes));
            }
            Met::New(id)
        }
    }

    fn id(&self) -> IncidentId {
        self.next_id.fetch_add(1, Ordering::Relaxed)
    }
}

/// Enters a ring without waiting for another thread to be preempted in it.
fn enter(ring: &Mutex<Ring>) -> Option<MutexGuard<'_, Ring>> {
    for _ in 0..TRIES {
        match ring.try_lock() {
            Ok(ring) => return Some(ring),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => core::hint::spin_loop(),
        }
    }
    None
}

/// The links of a chain as numbers.
struct Hashes {
    links: [u64; crate::chain::MAX_LINKS],
    count: usize,
}

impl Hashes {
    fn of(words: &Description) -> Self {
        let mut hashes = Self {
            links: [0; crate::chain::MAX_LINKS],
            count: 0,
        };
        for (place, link) in hashes.links.iter_mut().zip(words.links()) {
            let mut state = DefaultHasher::new();
            link.hash(&mut state);
            *place = state.finish();
            hashes.count = hashes.count.saturating_add(1);
        }
        hashes
    }

    fn known(&self) -> &[u64] {
        self.links.get(..self.count).unwrap_or_default()
    }

    fn head(&self) -> u64 {
        self.known().first().copied().unwrap_or(0)
    }

    fn root(&self) -> u64 {
        self.known().last().copied().unwrap_or(0)
    }
}

/// The latest incidents, the oldest overwritten first.
struct Ring {
    incidents: [Option<Incident>; REMEMBERED],
    next: usize,
}

impl Ring {
    const fn new() -> Self {
        Self {
            incidents: [const { None }; REMEMBERED],
            next: 0,
        }
    }

    fn add(&mut self, incident: Incident) {
        if let Some(place) = self.incidents.get_mut(self.next % REMEMBERED) {
            *place = Some(incident);
        }
        self.next = self.next.wrapping_add(1);
    }

    /// Those the failure may be on its way from.
    fn matching<'a>(
        &'a mut self,
        sight: &'a Sight<'_>,
        hashes: &'a Hashes,
    ) -> impl Iterator<Item = &'a mut Incident> {
        let known = self.incidents.iter_mut().flatten();
        known.filter(move |incident| incident.is_quoted_by(sight, hashes))
    }

    /// The latest incident that the failure is a hop of, if there is one.
    fn hop(&mut self, sight: &Sight<'_>, hashes: &Hashes) -> Option<IncidentId> {
        let passed = self
            .matching(sight, hashes)
            .filter(|incident| !incident.has_passed(sight.site));
        let incident = passed.max_by_key(|incident| incident.id)?;
        incident.pass(sight);
        Some(incident.id)
    }

    fn meet(&mut self, sight: &Sight<'_>, hashes: &Hashes, id: impl Fn() -> IncidentId) -> Met {
        // The latest decides: if it has been through this function, it happened again.
        let latest = self.matching(sight, hashes).max_by_key(|incident| incident.id);
        match latest {
            Some(incident) if !incident.has_passed(sight.site) => {
                incident.pass(sight);
                Met::Hop(incident.id)
            }
            Some(incident) => {
                *incident = Incident::new(id(), sight, hashes);
                Met::New(incident.id)
            }
            None => {
                let incident = Incident::new(id(), sight, hashes);
                let met = Met::New(incident.id);
                self.add(incident);
                met
            }
        }
    }
}

/// One error on its way up.
struct Incident {
    id: IncidentId,
    context: Option<u64>,
    seen: Instant,
    head: u64,
    root: u64,
    sites: [Option<&'static Site>; MAX_SITES],
    text: [u8; QUOTED_BYTES],
    text_bytes: usize,
}

impl Incident {
    fn new(id: IncidentId, sight: &Sight<'_>, hashes: &Hashes) -> Self {
        let mut incident = Self {
            id,
            context: sight.context,
            seen: sight.at,
            head: hashes.head(),
            root: hashes.root(),
            sites: [None; MAX_SITES],
            text: [0; QUOTED_BYTES],
            text_bytes: 0,
        };
        incident.pass(sight);
        let head = quotable(sight.words.links().next().unwrap_or_default());
        if let Some(place) = incident.text.get_mut(..head.len()) {
            place.copy_from_slice(head.as_bytes());
            incident.text_bytes = head.len();
        }
        incident
    }

    fn has_passed(&self, site: &'static Site) -> bool {
        self.sites
            .iter()
            .flatten()
            .any(|passed| core::ptr::eq(*passed, site))
    }

    fn pass(&mut self, sight: &Sight<'_>) {
        self.seen = sight.at;
        if let Some(free) = self.sites.iter_mut().find(|site| site.is_none()) {
            *free = Some(sight.site);
        }
    }

    fn is_quoted_by(&self, sight: &Sight<'_>, hashes: &Hashes) -> bool {
        if sight.at.saturating_duration_since(self.seen) > TTL || !sight.since.is_before(self.id) {
            return false;
        }
        match self.context {
            Some(_) if self.context != sight.context => false,
            Some(_) => {
                hashes.known().contains(&self.head) || self.root == hashes.root() || self.is_in(sight.words)
            }
            None => self.is_in(sight.words),
        }
    }

    fn is_in(&self, words: &Description) -> bool {
        let text = self.text.get(..self.text_bytes).unwrap_or_default();
        let text = core::str::from_utf8(text).unwrap_or_default();
        text.len() >= LEAST_QUOTED_BYTES && words.text().contains(text)
    }
}

/// As much of a text as its `Debug` leaves alone too, since a join error quotes a panic that way.
fn quotable(text: &str) -> &str {
    let end = text
        .char_indices()
        .find(|(_, letter)| letter.is_control() || matches!(letter, '"' | '\\'))
        .map_or(text.len(), |(at, _)| at);
    let end = text.floor_char_boundary(end.min(QUOTED_BYTES));
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests;
