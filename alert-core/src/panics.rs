//! The panic hook: parks what happened in a thread-local for the innermost annotated function to take.

use core::cell::Cell;
use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::panic::{self, PanicHookInfo};
use std::sync::Once;

use crate::capture;
use crate::chain::Description;
use crate::event::PanicRecord;

thread_local! {
    /// The last panic of this thread that no annotated function has reported yet.
    static PARKED: RefCell<Option<Box<PanicRecord>>> = const { RefCell::new(None) };
    /// The panic that unwinds this thread has been reported: outer annotated functions stay quiet.
    static REPORTED: Cell<bool> = const { Cell::new(false) };
}

/// Puts our hook before whatever hook there is. Once per process.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            park(info);
            previous(info);
        }));
    });
}

/// Runs on the panicking thread before it unwinds. Runs no code of the user's, takes no lock, prints
/// nothing; a panic in here would abort the process, so it has none.
fn park(info: &PanicHookInfo<'_>) {
    if capture::is_inside() {
        return;
    }
    let mut message = Description::default();
    message.write_link(format_args!(
        "{}",
        info.payload_as_str()
            .unwrap_or("panic with a payload that is no text")
    ));
    let (file, line, column) = info
        .location()
        .map_or(("unknown", 0, 0), |at| (at.file(), at.line(), at.column()));
    let record = Box::new(PanicRecord {
        message,
        file: file.to_owned(),
        line,
        column,
        thread: std::thread::current().name().unwrap_or("unnamed").to_owned(),
        backtrace: Backtrace::force_capture(),
    });
    let _gone = PARKED.try_with(|parked| {
        if let Ok(mut parked) = parked.try_borrow_mut() {
            *parked = Some(record);
        }
    });
    let _gone = REPORTED.try_with(|reported| reported.set(false));
}

/// Takes the parked panic. `None` when an inner function has reported it.
///
/// Where the hook did not run (the program replaced it, or resumed an unwind by hand) the record says
/// that details are unavailable.
pub(crate) fn take() -> Option<Box<PanicRecord>> {
    let parked = PARKED
        .try_with(|parked| parked.try_borrow_mut().ok()?.take())
        .ok()
        .flatten();
    let reported = REPORTED
        .try_with(|reported| reported.replace(true))
        .unwrap_or(false);
    if parked.is_some() || reported {
        return parked;
    }
    let mut message = Description::default();
    message.write_link(format_args!(
        "panic; details unavailable, because the panic hook did not run"
    ));
    Some(Box::new(PanicRecord {
        message,
        file: String::new(),
        line: 0,
        column: 0,
        thread: std::thread::current().name().unwrap_or("unnamed").to_owned(),
        backtrace: Backtrace::disabled(),
    }))
}
