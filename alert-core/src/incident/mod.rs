//! One error, one alert: tells an error on its way up from one that happened anew.
//!
//! Nothing marks an error as reported: a wrapper is a new value, and any type may be one. So the last few
//! failures are remembered by *where they run* (the trace, else the task, else the thread) and *what they say*. A
//! failure of the same context that quotes an earlier one, seen from a function that has not seen it yet, is that
//! error passing through; seen from the same function again, it happened again.
//!
//! A function that was called, or first polled, after the earlier failure cannot be what that error passes through, so
//! one that fails alike a moment later is a failure of its own. That costs each call, and each poll, the look at one
//! number.
//!
//! Known under-count: two different functions of one task that run at the same time (joined, say) and fail with
//! equal words within [`TTL`] are one incident with a hop. Known over-count: recursion of one function, and an
//! error whose source was thrown away.

mod ring;
mod told;

use core::hash::{Hash, Hasher};
use std::time::Instant;

use self::ring::{Hashes, Ring, mixed};
use self::told::Told;
use crate::chain::Description;
use crate::hash::Hash64;
use crate::sync::{AtomicBool, AtomicU64, Mutex, MutexGuard, OnceLock, Ordering, TryLockError, spin_loop};
use crate::trace::TraceId;
use crate::{Severity, Site};

/// Rings, chosen by context, so that threads that fail at once rarely meet.
const RINGS: usize = 32;
/// What the error of whoever joined a panicked task says of it.
const PANIC: &str = "panic";
/// Tries to enter a ring that another thread is in. Then the failure is taken for a new one.
const TRIES: u32 = 64;

/// The number of an incident within this process. Zero is none.
pub(crate) type IncidentId = u64;

/// When a call began, counted in incidents: none with a smaller number can be its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since(u32);

impl Since {
    /// Of a future that nobody has polled yet. An incident has this number once in four billion, and then no harm
    /// is done.
    pub(crate) const NOT_YET: Self = Self(u32::MAX);

    /// A call that begins now. One relaxed load.
    #[inline]
    #[must_use]
    pub fn now() -> Self {
        Self(low(RECENT.last_id.load(Ordering::Relaxed)))
    }

    /// The same, or the other where it is [`NOT_YET`](Self::NOT_YET).
    #[inline]
    pub(crate) fn or(self, other: Self) -> Self {
        if self == Self::NOT_YET { other } else { self }
    }

    /// Before everything remembered: for what may tell of any earlier failure.
    #[cfg(feature = "tracing")]
    pub(crate) fn long_ago() -> Self {
        Self(Self::now().0.wrapping_sub(u32::MAX / 4))
    }

    /// Whether the incident came after the call began. The numbers wrap, so far apart they say nothing.
    fn is_before(self, incident: IncidentId) -> bool {
        let later = low(incident).wrapping_sub(self.0);
        later != 0 && later < u32::MAX / 2
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
    Hop {
        incident: IncidentId,
        /// It has more to say than where it was seen before.
        says_more: bool,
        /// Not every function it passed before was told of.
        is_partial: bool,
    },
}

/// A failure as the rings see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight<'a> {
    /// Where it runs. `None` is "may turn up anywhere": a panic, which a join carries to another task.
    pub(crate) context: Option<u64>,
    pub(crate) site: &'static Site,
    /// In milliseconds, as [`millis`] counts them. Zero where nobody looked: then it is no later than whatever it is
    /// on its way from.
    pub(crate) at: u64,
    pub(crate) words: &'a Description,
    /// What tells its kind apart beside its words: its key, its fields, its severity.
    pub(crate) apart: u64,
    /// When the call that failed began.
    pub(crate) since: Since,
}

static RECENT: Recent = Recent::new();

/// Whether the failure is new or a reported error on its way up. Remembers it either way. Never waits.
pub(crate) fn meet(sight: &Sight<'_>) -> Met {
    RECENT.meet(sight)
}

/// Whether any incident began since then. If none did, a failure cannot be one on its way up.
pub(crate) fn any_since(since: Since) -> bool {
    low(RECENT.last_id.load(Ordering::Relaxed)) != since.0
}

/// A reported error that plainly passes through one more function.
pub(crate) struct Passing {
    pub(crate) incident: IncidentId,
    /// The dispatcher was not told lately that errors of this kind take this way. The number is for
    /// [`untell`], if it cannot be told now.
    pub(crate) news: Option<u64>,
    /// Not every function it passed before was told of.
    pub(crate) is_partial: bool,
}

/// A hop could not be told after all: the next like it is news.
pub(crate) fn untell(news: u64) {
    RECENT.told.forget(news);
}

/// The dispatcher starts, or knew nothing of what a hop belongs to: every way is news again.
pub(crate) fn untell_all() {
    RECENT.told.forget_all();
}

/// A number for what tells a kind apart beside its words.
pub(crate) fn apart<'a>(parts: impl Iterator<Item = &'a str>, severity: Severity) -> u64 {
    let hash = Hash64::new().word(severity as u64);
    parts.fold(hash, |hash, part| hash.part(part.as_bytes())).finish()
}

/// As [`meet`], for a failure whose own words are known and no more. `None` where they do not decide; then
/// nothing is remembered.
pub(crate) fn meet_again(sight: &Sight<'_>, severity: Severity) -> Option<Passing> {
    RECENT.meet_again(sight, severity)
}

/// Where this code runs: in which trace, else in which task, which is given, else on which thread.
pub(crate) fn context(trace: &TraceId, task: Option<tokio::task::Id>) -> u64 {
    if let Some(trace) = trace.as_str() {
        return Hash64::new().part(trace.as_bytes()).finish();
    }
    if let Some(task) = task {
        let mut number = TaskNumber(0);
        task.hash(&mut number);
        return mixed(1, number.finish());
    }
    // A thread that is ending has no thread-locals left, and no more errors to pass on.
    mixed(2, THREAD.try_with(|thread| *thread).unwrap_or(0))
}

/// A time as a number that is cheap to compare: milliseconds since the first failure of the process.
pub(crate) fn millis(at: Instant) -> u64 {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    let since = at.saturating_duration_since(*FIRST.get_or_init(|| at));
    since
        .as_secs()
        .saturating_mul(1_000)
        .saturating_add(u64::from(since.subsec_millis()))
}

static NEXT_THREAD: AtomicU64 = AtomicU64::new(1);
thread_local! {
    static THREAD: u64 = NEXT_THREAD.fetch_add(1, Ordering::Relaxed);
}

/// What a task's id is inside: it hashes as the one number it is, and shows it in no cheaper way.
struct TaskNumber(u64);

impl Hasher for TaskNumber {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = Hash64::new().word(self.0).part(bytes).finish();
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// The rings of one process, or of one test.
///
/// All zero at the start, so that a program carries none of it in its file.
pub(crate) struct Recent {
    /// Zero before the first incident.
    last_id: AtomicU64,
    rings: [Mutex<Ring>; RINGS],
    /// Panics, whose words turn up in the error of whoever joined the task.
    panics: Mutex<Ring>,
    /// There is one in there. Before the first nothing is searched for its words.
    had_panic: AtomicBool,
    told: Told,
}

impl Recent {
    #[expect(
        clippy::large_stack_arrays,
        reason = "made in a static, at compile time; a test has the stack for it"
    )]
    pub(crate) const fn new() -> Self {
        Self {
            last_id: AtomicU64::new(0),
            rings: [const { Mutex::new(Ring::new()) }; RINGS],
            panics: Mutex::new(Ring::new()),
            had_panic: AtomicBool::new(false),
            told: Told::new(),
        }
    }

    pub(crate) fn meet(&self, sight: &Sight<'_>) -> Met {
        let hashes = Hashes::of(sight.words);
        if let Some(context) = sight.context {
            // Every failure would meet in this one ring, so only those that talk of a panic look into it.
            let may_quote = self.had_panic.load(Ordering::Relaxed) && sight.words.text().contains(PANIC);
            if may_quote
                && let Some(hop) = enter(&self.panics).and_then(|mut panics| panics.hop(sight, &hashes))
            {
                return hop;
            }
            enter(self.ring(context)).map_or_else(
                || Met::New(self.id()),
                |mut ring| ring.meet(sight, &hashes, || self.id()),
            )
        } else {
            let id = self.id();
            if let Some(mut panics) = enter(&self.panics) {
                panics.add(id, sight, &hashes);
                self.had_panic.store(true, Ordering::Relaxed);
            }
            Met::New(id)
        }
    }

    fn meet_again(&self, sight: &Sight<'_>, severity: Severity) -> Option<Passing> {
        let mut ring = enter(self.ring(sight.context?))?;
        let passed = ring.meet_again(sight)?;
        // The configuration may judge by the type, and a hop may be more severe than the failure.
        let type_name = sight.words.type_name().as_ptr().addr() as u64;
        let told_as = mixed(mixed(passed.way(), type_name), severity as u64);
        let is_news = self.told.is_news(told_as, sight.at.max(passed.seen()));
        let is_partial = passed.is_partial();
        if !is_news {
            passed.not_told();
        }
        Some(Passing {
            incident: passed.id(),
            news: is_news.then_some(told_as),
            is_partial,
        })
    }

    fn ring(&self, context: u64) -> &Mutex<Ring> {
        // The upper bits: the product that made it mixes upwards.
        let number = usize::try_from(context >> 32).unwrap_or(0) % RINGS;
        self.rings.get(number).unwrap_or(&self.panics)
    }

    fn id(&self) -> IncidentId {
        self.last_id.fetch_add(1, Ordering::Relaxed).wrapping_add(1)
    }
}

/// Enters a ring without waiting for another thread to be preempted in it.
fn enter(ring: &Mutex<Ring>) -> Option<MutexGuard<'_, Ring>> {
    for _ in 0..TRIES {
        match ring.try_lock() {
            Ok(ring) => return Some(ring),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => spin_loop(),
        }
    }
    None
}

#[cfg(test)]
mod tests;
