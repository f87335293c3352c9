//! The panic hook: parks what happened in a thread-local for the innermost annotated function to take.
//!
//! The hook cannot know whether anybody catches the panic before that, and a panic resumed by hand passes no
//! hook. So the record carries its backtrace, in which the dispatcher finds out whether the panic was caught on
//! its way (`dispatch/examine.rs`), and the panics parked before it.

use core::cell::Cell;
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::panic::{self, PanicHookInfo};
use std::sync::Once;
use std::time::Instant;

use crate::chain::Description;
use crate::event::PanicRecord;
use crate::incident::IncidentId;
use crate::{Severity, Site, report};

/// A parked panic older than this was caught long ago: what unwinds now is another. Unwinding takes
/// microseconds, unless a destructor on the way is slow.
const STALE_AFTER: Duration = Duration::from_secs(1);
/// A reported panic may be caught and resumed by hand. Later than this after it was last seen, an unwinding that
/// passed no hook is another one.
const RESUMED_WITHIN: Duration = Duration::from_secs(5);
/// How long a process that is about to abort waits for its last alert.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// Panics kept that may have been caught, or may be the one that unwinds.
const MAX_PARKED: u32 = 3;
/// What the standard library says just before it aborts a process that could otherwise unwind.
const ABORTING: [&str; 2] = [
    "panic in a function that cannot unwind",
    "panic in a destructor during cleanup",
];

/// Whether the hook reports every panic. Written by `init`.
static ALL: AtomicBool = AtomicBool::new(false);

/// Stands for panics that the hook itself reports: outside annotated functions, or just before an abort.
pub(crate) static PANIC: Site = Site::stand_in("panic", "alert_core", Severity::Critical);

inventory::submit! { &PANIC }

thread_local! {
    /// The last panic of this thread that no annotated function has reported yet.
    static PARKED: RefCell<Option<Parked>> = const { RefCell::new(None) };
    /// The panic that unwinds this thread, once an annotated function has reported it.
    static REPORTED: Cell<Option<Reported>> = const { Cell::new(None) };
}

#[derive(Debug)]
struct Parked {
    at: Instant,
    /// Holds the panics parked before it.
    record: Box<PanicRecord>,
    /// How many there are in all.
    count: u32,
}

/// A reported panic on its way up.
#[derive(Clone, Copy, Debug)]
struct Reported {
    incident: IncidentId,
    /// When it was last seen passing through an annotated function.
    at: Instant,
    /// Where on the stack that was. An unwinding only ever gets to higher addresses.
    depth: usize,
    /// Our hook saw it, so what passes without it is the same panic resumed.
    had_hook: bool,
}

/// What unwinds through an annotated function.
#[derive(Debug)]
pub(crate) enum Unwinding {
    /// A panic that nobody has reported.
    New(Box<PanicRecord>),
    /// A panic that an inner function has reported as this incident; zero if only as a number.
    Reported(IncidentId),
}

/// Puts our hook before whatever hook there is. Once per process.
///
/// `last_words` sends what is pending and waits for it, no longer than it is told.
pub(crate) fn install(all: bool, last_words: fn(Duration)) {
    static ONCE: Once = Once::new();
    ALL.store(all, Ordering::Relaxed);
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let ends = saw(info);
            previous(info);
            if ends {
                last_words(LAST_WORDS);
            }
        }));
    });
}

/// Runs on the panicking thread before it unwinds. Runs no code of the user's, takes no lock, prints
/// nothing; a panic in here would abort the process, so it has none. Whether the process is about to end.
fn saw(info: &PanicHookInfo<'_>) -> bool {
    if report::is_inside() {
        return false;
    }
    if info.payload_as_str().is_some_and(|text| ABORTING.contains(&text)) {
        report_what_aborts(info);
        return true;
    }
    if cfg!(panic = "abort") || ALL.load(Ordering::Relaxed) {
        report_from_hook(record(info));
    } else {
        park(info);
    }
    cfg!(panic = "abort")
}

/// Keeps a panic for the innermost annotated function it unwinds through, if there is one.
fn park(info: &PanicHookInfo<'_>) {
    let at = now();
    let _gone = PARKED.try_with(|parked| {
        if let Ok(mut parked) = parked.try_borrow_mut() {
            let earlier = parked.take().filter(|earlier| {
                earlier.count < MAX_PARKED && at.saturating_duration_since(earlier.at) < STALE_AFTER
            });
            let count = earlier
                .as_ref()
                .map_or(1, |earlier| earlier.count.saturating_add(1));
            let mut record = record(info);
            record.earlier = earlier.map(|earlier| earlier.record);
            *parked = Some(Parked { at, record, count });
        }
    });
    let _gone = REPORTED.try_with(|reported| reported.set(None));
}

fn report_from_hook(record: Box<PanicRecord>) {
    let incident = report::panicked_in_hook(record);
    // Whatever annotated function it unwinds through lies further up.
    set_reported(Reported {
        incident,
        at: now(),
        depth: 0,
        had_hook: true,
    });
}

/// A panic got to where it cannot unwind: into `extern "C"`, or out of a destructor while another unwinds.
fn report_what_aborts(info: &PanicHookInfo<'_>) {
    match take_parked(now()) {
        Some(parked) => report_from_hook(parked.record),
        // Reported already, on its way here.
        None if REPORTED.try_with(Cell::get).ok().flatten().is_some() => {}
        None => report_from_hook(record(info)),
    }
}

fn take_parked(at: Instant) -> Option<Parked> {
    let parked = PARKED.try_with(|parked| parked.try_borrow_mut().ok()?.take());
    let parked = parked.ok().flatten()?;
    (at.saturating_duration_since(parked.at) < STALE_AFTER).then_some(parked)
}

/// This thread goes on as usual: what is parked was caught.
pub(crate) fn nothing_unwinds() {
    let _gone = PARKED.try_with(|parked| {
        if let Ok(mut parked) = parked.try_borrow_mut()
            && parked.is_some()
            && !std::thread::panicking()
        {
            *parked = None;
        }
    });
}

fn record(info: &PanicHookInfo<'_>) -> Box<PanicRecord> {
    let mut message = Description::default();
    message.write_link(format_args!(
        "{}",
        info.payload_as_str()
            .unwrap_or("panic with a payload that is no text")
    ));
    let (file, line, column) = info
        .location()
        .map_or(("unknown", 0, 0), |at| (at.file(), at.line(), at.column()));
    Box::new(PanicRecord {
        message,
        file: file.to_owned(),
        line,
        column,
        thread: thread_name(),
        backtrace: Backtrace::force_capture(),
        frames: None,
        earlier: None,
    })
}

fn thread_name() -> String {
    std::thread::current().name().unwrap_or("unnamed").to_owned()
}

/// Tells what unwinds through the annotated function that asks: a new panic, taken from where the hook
/// parked it, or one that an inner function has reported.
///
/// Where the hook did not run (the program replaced it, or resumed an unwind by hand) the record says
/// that details are unavailable.
pub(crate) fn unwinds_through() -> Unwinding {
    let mark = 0u8;
    let (at, depth) = (now(), core::ptr::from_ref(&mark).addr());
    let parked = take_parked(at);
    let passing = Reported {
        incident: 0,
        at,
        depth,
        had_hook: parked.is_some(),
    };
    if let Some(parked) = parked {
        set_reported(passing);
        return Unwinding::New(parked.record);
    }
    let reported = REPORTED.try_with(Cell::get).ok().flatten();
    if let Some(reported) = reported.filter(|reported| reported.is_met_again(&passing)) {
        set_reported(Reported {
            incident: reported.incident,
            had_hook: reported.had_hook,
            ..passing
        });
        return Unwinding::Reported(reported.incident);
    }
    set_reported(passing);
    Unwinding::New(PanicRecord::without_details(
        "panic; details unavailable, because the panic hook did not run",
        thread_name(),
    ))
}

impl Reported {
    /// Whether an unwinding that our hook did not see is this one.
    fn is_met_again(&self, passing: &Reported) -> bool {
        let age = passing.at.saturating_duration_since(self.at);
        if self.had_hook {
            // Had it been another panic, the hook would have cleared the mark. Caught and resumed by hand, it
            // may come by at any depth.
            return age < RESUMED_WITHIN;
        }
        // The program replaced the hook. A second panic comes from deeper than the last one had got to.
        age < STALE_AFTER && passing.depth > self.depth
    }
}

/// The panic that unwinds this thread was reported as this incident.
pub(crate) fn reported_as(incident: IncidentId) {
    let _gone = REPORTED.try_with(|reported| {
        reported.set(reported.get().map(|reported| Reported { incident, ..reported }));
    });
}

fn set_reported(passing: Reported) {
    let _gone = REPORTED.try_with(|reported| reported.set(Some(passing)));
}

fn now() -> Instant {
    #[expect(
        clippy::disallowed_methods,
        reason = "a panic is told from an older one by its time"
    )]
    Instant::now()
}
