//! What a panic's stack tells: whether it is the panic that unwound, which frames are the user's, and which
//! annotated function it was in.

use super::stack;
use crate::event::{Event, PanicRecord};
use crate::{Site, panics};

/// Stacks looked at in one turn of the loop. Each takes about 0.1 ms; in a storm the rest go as they come.
const MAX_A_TURN: u32 = 8;

/// How many stacks may still be looked at.
#[derive(Debug)]
pub(crate) struct Budget(u32);

impl Budget {
    pub(crate) fn new() -> Self {
        Self(MAX_A_TURN)
    }
}

/// Looks at the stack of a panic, if it is one.
pub(crate) fn examine(event: &mut Event, budget: &mut Budget) {
    if budget.0 == 0 {
        return;
    }
    let Some(mut record) = event.panic.take() else {
        return;
    };
    budget.0 = budget.0.saturating_sub(1);
    let from_hook = core::ptr::eq(event.site, &raw const panics::PANIC);
    let found = loop {
        let Some(text) = stack::text(&record.backtrace) else {
            break record;
        };
        // The hook reports what it sees; a function is told of a panic by its unwinding alone.
        if from_hook || stack::was_caught(&text) != Some(true) {
            record.frames = Some(stack::frames(&text));
            break record;
        }
        let Some(earlier) = record.earlier.take() else {
            let words = "panic; details unavailable, because it was resumed by hand";
            break PanicRecord::without_details(words, record.thread);
        };
        record = earlier;
    };
    if from_hook && let Some(site) = found.frames.iter().flatten().find_map(|frame| annotated(frame)) {
        event.site = site;
    }
    event.panic = Some(found);
}

/// The annotated function a frame is in.
fn annotated(frame: &str) -> Option<&'static Site> {
    let (_, place) = frame.rsplit_once(" at ")?;
    let (file, line) = place.rsplit_once(':')?;
    let line = line.parse().ok()?;
    crate::site::registered().find(|site| site.spans(file, line))
}
