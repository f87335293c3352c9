//! The spans of `tracing` around a failure, and `error!` events as failures.

use core::fmt;

use tracing_core::field::{Field, Visit};
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Event, Level, Subscriber, dispatcher};
use tracing_subscriber::Registry;
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use super::{Fields, ID_NAMES, Surroundings, TraceId};
use crate::chain::{Describe, Description};
use crate::details::Details;
use crate::event::{EventKind, Logged};
use crate::incident::Since;
use crate::report::{self, Report};
use crate::{Severity, Site};

/// Stands for all `error!` events; each names its own place.
static LOGGED: Site = Site::stand_in("error!", "tracing", Severity::Error);

inventory::submit! { &LOGGED }

/// A layer for a `tracing` subscriber: alerts then show the fields of all spans around a failure, and the trace id
/// among them (`trace_id`, `request_id` and their like).
///
/// It needs the `Registry` of `tracing-subscriber` at the bottom, where `tracing_subscriber::registry()` and
/// `fmt()` put it. It records the fields when a span is made, and costs nothing more until something fails.
///
/// ```
/// use alert_core::trace::Spans;
/// use tracing_subscriber::layer::SubscriberExt;
///
/// let subscriber = tracing_subscriber::registry().with(Spans::new());
/// # let _unused = subscriber;
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Spans {
    errors: bool,
}

impl Spans {
    /// A layer that records fields.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether each `error!` event is a failure of its own. `false` unless set.
    ///
    /// One that quotes an error which an annotated function has reported is still one alert; an error that is logged first
    /// and returned afterwards is two. What is logged
    /// while an alert is captured or sent is left alone, so there is no loop.
    #[must_use]
    pub fn errors(self, errors: bool) -> Self {
        Self { errors }
    }
}

/// What a span was given, kept with it.
#[derive(Debug, Default)]
struct Recorded {
    fields: Fields,
    trace: TraceId,
}

impl Visit for Recorded {
    fn record_str(&mut self, field: &Field, value: &str) {
        if ID_NAMES.contains(&field.name()) {
            self.trace = TraceId::new(value);
        }
        self.fields.add(field.name(), format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if ID_NAMES.contains(&field.name()) {
            self.trace = TraceId::new(&format!("{value:?}"));
        }
        self.fields.add(field.name(), format_args!("{value:?}"));
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut recorded = Recorded::default();
        attributes.record(&mut recorded);
        span.extensions_mut().replace(recorded);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        // Written apart: the values are the user's code, which must not run under the span's lock.
        let mut more = Recorded::default();
        values.record(&mut more);
        let mut extensions = span.extensions_mut();
        let Some(known) = extensions.get_mut::<Recorded>() else {
            return;
        };
        // A value recorded later counts, so the earlier ones follow it.
        for (name, value) in known.fields.iter() {
            more.fields.add(name, format_args!("{value}"));
        }
        if more.trace.as_str().is_none() {
            more.trace = known.trace;
        }
        *known = more;
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let speaks = self.errors && *event.metadata().level() == Level::ERROR;
        if speaks && !report::is_inside() && !report::is_within_boundary() {
            logged(event);
        }
    }
}

/// Reports an `error!` event.
#[cold]
fn logged(event: &Event<'_>) {
    let metadata = event.metadata();
    report::report(&Report {
        site: &LOGGED,
        kind: EventKind::Raised,
        severity: Severity::Error,
        place: None,
        logged: Some(Logged {
            target: metadata.target(),
            file: metadata.file().unwrap_or_default(),
            line: metadata.line().unwrap_or(0),
        }),
        error: &Words(event),
        // Most likely it logs what a function gave back.
        since: Since::long_ago(),
        detail: Some(&|details| event.record(&mut Rest(details))),
    });
}

/// An event's words: its message, then the chain of the error it carries.
struct Words<'a>(&'a Event<'a>);

impl Describe for Words<'_> {
    fn describe(&self, into: &mut Description) {
        self.0.record(&mut Message(into));
        self.0.record(&mut Cause(into));
        if into.links().next().is_none() {
            into.write_link(format_args!("{}", self.0.metadata().name()));
        }
    }
}

const MESSAGE: &str = "message";

struct Message<'a>(&'a mut Description);

impl Visit for Message<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == MESSAGE {
            self.0.write_link(format_args!("{value:?}"));
        }
    }
}

struct Cause<'a>(&'a mut Description);

impl Visit for Cause<'_> {
    fn record_error(&mut self, _: &Field, error: &(dyn core::error::Error + 'static)) {
        self.0.chain(error);
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

/// Whatever else an event carries.
struct Rest<'a>(&'a mut Details);

impl Visit for Rest<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() != MESSAGE && !field.name().starts_with("log.") {
            self.0.field(field.name(), format_args!("{value}"));
        }
    }

    fn record_error(&mut self, _: &Field, _: &(dyn core::error::Error + 'static)) {}

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() != MESSAGE && !field.name().starts_with("log.") {
            self.0.field(field.name(), format_args!("{value:?}"));
        }
    }
}

/// Reads the spans around the calling code, innermost first.
pub(super) fn read(into: &mut Surroundings) {
    dispatcher::get_default(|dispatch| {
        let registry = dispatch.downcast_ref::<Registry>()?;
        let current = dispatch.current_span();
        let span = registry.span(current.id()?)?;
        for span in span.scope() {
            let extensions = span.extensions();
            let Some(recorded) = extensions.get::<Recorded>() else {
                continue;
            };
            if into.trace.as_str().is_none() {
                into.trace = recorded.trace;
            }
            for (name, value) in recorded.fields.iter() {
                into.fields.add(name, format_args!("{value}"));
            }
        }
        Some(())
    });
}
