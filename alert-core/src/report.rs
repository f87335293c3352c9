//! Puts a failure into an event: its words, its surroundings, and whether it is one that was reported before.

mod inside;
mod passing;
#[cfg(any(feature = "anyhow", feature = "eyre"))]
mod stacks;

use core::cell::Cell;
use core::panic::Location;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use crate::chain::{Describe, Description};
use crate::channel::{CHANNEL, Slot};
use crate::details::Details;
use crate::event::{Context, Event, EventKind, Logged, PanicRecord};
use crate::incident::{IncidentId, Met, Sight, Since};
use crate::trace::{self, Runner};
use crate::{Severity, Site, incident, locate, panics};

use inside::Entered;
#[cfg(feature = "tracing")]
pub(crate) use inside::is_within_boundary;
pub use inside::{Boundary, boundary};
pub(crate) use inside::{is_inside, never_here};

/// Reports an `Err`, `None` or cancelled future of an annotated function.
#[cold]
#[inline(never)]
pub fn failed(site: &'static Site, kind: EventKind, error: &(dyn Describe + '_), since: Since) {
    failed_as(
        site,
        kind,
        site.severity(),
        locate::take(site),
        error,
        since,
        None,
    );
}

/// As [`failed`], for a function whose attribute says more. `judge` gives the severity, or `None` for a
/// failure that is none; `detail` adds key and fields. Both are the user's code and may panic.
#[cold]
#[inline(never)]
pub fn failed_with(
    site: &'static Site,
    kind: EventKind,
    error: &(dyn Describe + '_),
    since: Since,
    judge: &dyn Fn() -> Option<Severity>,
    detail: &dyn Fn(&mut Details),
) {
    // First: the judge may run code that leaves places of its own.
    let place = locate::take(site);
    let Some(entered) = Entered::new(kind) else { return };
    let verdict = catch_unwind(AssertUnwindSafe(judge));
    drop(entered);
    if let Some(severity) = verdict.unwrap_or_else(|_| Some(site.severity())) {
        failed_as(site, kind, severity, place, error, since, Some(detail));
    }
}

fn failed_as(
    site: &'static Site,
    kind: EventKind,
    severity: Severity,
    place: Option<&'static Location<'static>>,
    error: &(dyn Describe + '_),
    since: Since,
    detail: Option<&dyn Fn(&mut Details)>,
) {
    report(&Report {
        site,
        kind,
        severity,
        place,
        logged: None,
        error,
        since,
        detail,
    });
}

/// Reports an error on the program's own word.
#[track_caller]
pub(crate) fn raised(site: &'static Site, severity: Severity, error: &(dyn Describe + '_)) {
    report(&Report {
        site,
        kind: EventKind::Raised,
        severity,
        place: Some(Location::caller()),
        logged: None,
        error,
        // The program's own word is a failure of its own, whatever was reported before it.
        since: Since::now(),
        detail: None,
    });
}

/// A failure, before it is put into words.
pub(crate) struct Report<'a> {
    pub(crate) site: &'static Site,
    pub(crate) kind: EventKind,
    pub(crate) severity: Severity,
    pub(crate) place: Option<&'static Location<'static>>,
    /// Where it was logged, if that is how it got here.
    pub(crate) logged: Option<Logged>,
    pub(crate) error: &'a (dyn Describe + 'a),
    /// When the call that failed began.
    pub(crate) since: Since,
    pub(crate) detail: Option<&'a dyn Fn(&mut Details)>,
}

/// Reports a failure. Costs an atomic addition where the channel has no room.
pub(crate) fn report(report: &Report<'_>) {
    // Before anything else: most of a storm ends here, without an allocation or a look at the clock.
    let Some(entered) = Entered::new(report.kind) else {
        return;
    };
    let severe = report.severity == Severity::Critical;
    if !passing::is_passing(report)
        && let Some(slot) = CHANNEL.reserve(report.site, severe)
    {
        send(slot, report);
    }
    drop(entered);
}

fn send(slot: Slot<'_>, report: &Report<'_>) {
    let at = clock();
    panics::nothing_unwinds();
    let mut description = Description::reusing(take_buffer(), false);
    put_into_words(report.error, &mut description);
    let mut details = Details::default();
    if let Some(detail) = report.detail {
        // What was added before a panic stays.
        let _panicked = catch_unwind(AssertUnwindSafe(|| detail(&mut details)));
    }
    let (surroundings, runner) = (trace::current(&details), Runner::current());
    let sight = Sight {
        context: Some(incident::context(&surroundings.trace, runner.id())),
        site: report.site,
        at: incident::millis(at),
        words: &description,
        apart: incident::apart(details.parts(), report.severity),
        since: report.since,
    };
    let (incident, is_hop, says_more, is_partial) = match incident::meet(&sight) {
        Met::New(incident) => (incident, false, true, false),
        Met::Hop {
            incident,
            says_more,
            is_partial,
        } => (incident, true, says_more, is_partial),
    };
    #[cfg(any(feature = "anyhow", feature = "eyre"))]
    let stack = if is_hop {
        None
    } else {
        stacks::of(report.error, incident::millis(at))
    };
    #[cfg(not(any(feature = "anyhow", feature = "eyre")))]
    let stack = None;
    slot.send(Event {
        site: report.site,
        at,
        severity: report.severity,
        kind: report.kind,
        description: description.to_keep(says_more),
        details,
        place: report.place,
        panic: None,
        context: Context {
            incident,
            is_hop,
            is_partial,
            is_judged: false,
            surroundings: surroundings.into_kept(),
            runner,
            stack,
            logged: report.logged.map(Box::new),
        },
    });
    keep_buffer(description);
}

/// Puts an error into words.
fn put_into_words(error: &(dyn Describe + '_), description: &mut Description) {
    // The words are the user's code: they may panic, and then the error is still reported.
    if catch_unwind(AssertUnwindSafe(|| error.describe(description))).is_err() {
        description.write_link(format_args!("message unavailable (its Display panicked)"));
    }
}

/// The buffer of this thread's last failure: an event takes along a copy of just its size.
fn take_buffer() -> String {
    BUFFER.try_with(Cell::take).unwrap_or_default()
}

/// Keeps the buffer for this thread's next failure.
fn keep_buffer(description: Description) {
    let buffer = description.into_buffer();
    if buffer.capacity() <= MAX_BUFFER {
        let _gone = BUFFER.try_with(|kept| kept.set(buffer));
    }
}

/// Reports the panic that is unwinding through an annotated function. Where an inner one has, it is a hop.
#[cold]
#[inline(never)]
pub fn panicked(site: &'static Site) {
    locate::forget();
    let Some(entered) = Entered::new(EventKind::Panic) else {
        return;
    };
    match panics::unwinds_through() {
        panics::Unwinding::New(record) => panics::reported_as(send_panic(site, record)),
        panics::Unwinding::Reported(incident) => {
            // Without a number the panic itself was counted and no more: there is no alert to lengthen.
            if let Some(slot) = CHANNEL.reserve_hop(site, true).filter(|_| incident != 0) {
                slot.send(event_of_panic(site, clock(), None, incident));
            }
        }
    }
    drop(entered);
}

/// Reports a panic from the hook. Gives its incident, zero if it was counted and no more.
pub(crate) fn panicked_in_hook(record: Box<PanicRecord>) -> IncidentId {
    // The hook speaks for no function, so within a boundary too.
    let Some(entered) = Entered::new(EventKind::Raised) else {
        return 0;
    };
    let incident = send_panic(&panics::PANIC, record);
    drop(entered);
    incident
}

fn send_panic(site: &'static Site, record: Box<PanicRecord>) -> IncidentId {
    let Some(slot) = CHANNEL.reserve(site, true) else {
        return 0;
    };
    let at = clock();
    let sight = Sight {
        context: None,
        site,
        at: incident::millis(at),
        words: &record.message,
        apart: 0,
        since: Since::now(),
    };
    let (Met::New(incident) | Met::Hop { incident, .. }) = incident::meet(&sight);
    slot.send(event_of_panic(site, at, Some(record), incident));
    incident
}

/// A panic; without a record, one more function it unwinds through.
fn event_of_panic(
    site: &'static Site,
    at: Instant,
    record: Option<Box<PanicRecord>>,
    incident: IncidentId,
) -> Event {
    let is_hop = record.is_none();
    let (surroundings, runner) = if is_hop {
        Default::default()
    } else {
        let surroundings = trace::current(&Details::default());
        (surroundings.into_kept(), Runner::current())
    };
    Event {
        site,
        at,
        severity: Severity::Critical,
        kind: EventKind::Panic,
        description: Description::default(),
        details: Details::default(),
        place: None,
        panic: record,
        context: Context {
            incident,
            is_hop,
            is_partial: false,
            is_judged: false,
            surroundings,
            runner,
            stack: None,
            logged: None,
        },
    }
}

/// The one look at the clock of a failure.
fn clock() -> Instant {
    #[expect(
        clippy::disallowed_methods,
        reason = "capture is where the clock of an event is read"
    )]
    Instant::now()
}

/// Bytes of the longest text whose buffer a thread keeps for its next failure.
const MAX_BUFFER: usize = 1024;

thread_local! {
    /// Where this thread's failures are put into words.
    static BUFFER: Cell<String> = const { Cell::new(String::new()) };
}
