//! In which trace or request a failure happened, and what was known around it.
//!
//! An alert names the trace id of the first of these that has one: a field `trace_id` of the attribute; the
//! spans of `tracing` around the failure (feature `tracing`, with `Spans` in the subscriber); the current
//! context of OpenTelemetry (feature `opentelemetry`); the request that `Requests` (feature `tower`) or [`with_trace_id`] has set
//! around this task. Failures of one trace are one incident even across tasks.

mod id;
#[cfg(feature = "tower")]
mod requests;
mod runner;
#[cfg(feature = "tracing")]
mod spans;
#[cfg(any(feature = "tracing", feature = "opentelemetry"))]
mod strangers;

#[cfg(any(feature = "tracing", feature = "tower"))]
use core::fmt::{self, Write};
use core::future::Future;
#[cfg(feature = "tracing")]
use std::panic::AssertUnwindSafe;
#[cfg(any(feature = "tracing", feature = "opentelemetry"))]
use std::panic::catch_unwind;
#[cfg(feature = "tower")]
use std::sync::Arc;

pub(crate) use id::TraceId;
#[cfg(feature = "tower")]
pub use requests::{Answer, Handling, RequestService, Requests};
pub(crate) use runner::Runner;
#[cfg(feature = "tracing")]
pub use spans::Spans;

use crate::details::Details;

/// Bytes kept of the fields of all spans around a failure.
#[cfg(any(feature = "tracing", feature = "tower"))]
const MAX_FIELD_BYTES: usize = 2 * 1024;
/// Names under which a trace id travels.
const ID_NAMES: [&str; 5] = ["trace_id", "traceId", "trace.id", "request_id", "x-request-id"];

tokio::task_local! {
    static REQUEST: Request;
}

/// What is known of the request that a task works on.
#[derive(Clone)]
struct Request {
    id: TraceId,
    #[cfg(feature = "tower")]
    handled: Option<Arc<requests::Handled>>,
}

/// Runs a future as part of a trace: the alert of each failure inside names this id, and failures inside that are
/// one error are one alert, also where it crosses tasks that were given the same id.
///
/// Of the id 64 bytes are kept, up to the first blank. It does not follow into tasks that are spawned inside; wrap
/// those too.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use alert_core::trace::with_trace_id;
///
/// with_trace_id("order-4711", async { /* the work */ }).await;
/// # }
/// ```
///
/// # Cancel safety
/// As that of the future it wraps.
pub fn with_trace_id<F: Future>(id: impl AsRef<str>, future: F) -> impl Future<Output = F::Output> {
    let request = Request {
        id: TraceId::new(id.as_ref()),
        #[cfg(feature = "tower")]
        handled: None,
    };
    REQUEST.scope(request, future)
}

/// What surrounds a failure.
#[derive(Debug, Default)]
pub(crate) struct Surroundings {
    pub(crate) trace: TraceId,
    pub(crate) fields: Fields,
}

impl Surroundings {
    /// As an event carries it: one buffer, and a small value, since most failures have no surroundings and each is
    /// moved from thread to thread.
    #[inline]
    pub(crate) fn into_kept(self) -> Kept {
        let Fields(mut text) = self.fields;
        let id = self.trace.as_str().unwrap_or_default();
        let fields = text.len();
        text.push_str(id);
        Kept { text, fields }
    }
}

/// What surrounded a failure.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// The fields, then the id of the trace.
    text: String,
    /// Bytes of the fields.
    fields: usize,
}

impl Kept {
    /// The id of the trace, if it has one.
    pub(crate) fn trace_id(&self) -> Option<&str> {
        self.text.get(self.fields..).filter(|id| !id.is_empty())
    }

    /// Names and values.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        pairs(self.text.get(..self.fields).unwrap_or_default())
    }
}

/// Finds out in which trace the calling code runs, and the fields of the spans around it.
pub(crate) fn current(details: &Details) -> Surroundings {
    let mut found = Surroundings::default();
    #[cfg(any(feature = "tracing", feature = "opentelemetry"))]
    let may_ask = strangers::live();
    // Strangers' code, which may panic.
    #[cfg(feature = "tracing")]
    if may_ask {
        let _panicked = catch_unwind(AssertUnwindSafe(|| spans::read(&mut found)));
    }
    let explicit = details.fields().iter().find(|(name, _)| ID_NAMES.contains(name));
    if let Some((_, id)) = explicit {
        found.trace = TraceId::new(id);
    }
    #[cfg(feature = "opentelemetry")]
    if may_ask {
        // Asked even where it has no say, so that `strangers` holds for it.
        let theirs = catch_unwind(open_telemetry).unwrap_or_default();
        if found.trace.as_str().is_none() {
            found.trace = theirs;
        }
    }
    #[cfg(any(feature = "tracing", feature = "opentelemetry"))]
    strangers::asked();
    let _outside = REQUEST.try_with(|request| {
        if found.trace.as_str().is_none() {
            found.trace = request.id;
        }
        #[cfg(feature = "tower")]
        if let Some(handled) = &request.handled {
            handled.failed(&mut found.fields);
        }
    });
    found
}

#[cfg(feature = "opentelemetry")]
fn open_telemetry() -> TraceId {
    use opentelemetry::trace::TraceContextExt;
    opentelemetry::Context::map_current(|context| {
        if !context.has_active_span() {
            return TraceId::NONE;
        }
        let span = context.span();
        let span = span.span_context();
        if span.is_valid() {
            TraceId::written(format_args!("{}", span.trace_id()))
        } else {
            TraceId::NONE
        }
    })
}

/// Names and values, in one buffer so that they are one allocation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(String);

impl Fields {
    /// Ends a name or a value. No text of a field has one: they are left out.
    const END: char = '\0';

    /// Adds a field, unless one of this name is known or there is no more room.
    #[cfg(any(feature = "tracing", feature = "tower"))]
    pub(crate) fn add(&mut self, name: &str, value: fmt::Arguments<'_>) {
        let room = MAX_FIELD_BYTES.saturating_sub(self.0.len());
        if name.len().saturating_add(8) > room || self.iter().any(|(known, _)| known == name) {
            return;
        }
        if self.0.capacity() == 0 {
            self.0.reserve(256);
        }
        // An error is our own bound, or a `Display` that gave up: what it wrote stays.
        let _name = Bounded(self).write_str(name);
        self.0.push(Self::END);
        let _value = Bounded(self).write_fmt(value);
        self.0.push(Self::END);
    }

    /// Names and values.
    #[cfg(any(feature = "tracing", feature = "tower"))]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        pairs(&self.0)
    }
}

/// The names and values in such a buffer.
fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut parts = text.split_terminator(Fields::END);
    core::iter::from_fn(move || Some((parts.next()?, parts.next()?)))
}

/// Takes what fits, without the character that ends a text.
#[cfg(any(feature = "tracing", feature = "tower"))]
struct Bounded<'a>(&'a mut Fields);

#[cfg(any(feature = "tracing", feature = "tower"))]
impl Write for Bounded<'_> {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        for piece in part.split(Fields::END) {
            let room = MAX_FIELD_BYTES.saturating_sub(self.0.0.len());
            let kept = piece.get(..piece.floor_char_boundary(room)).unwrap_or_default();
            self.0.0.push_str(kept);
            if kept.len() < piece.len() {
                return Err(fmt::Error);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
