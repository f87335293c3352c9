//! The short way for what most failures of an outer function are: an error that has been reported, on its way up.
//!
//! Where an incident began during the call, and the error's own words are those it was reported with, nothing more has
//! to be found out: no sources, no place in the channel that a failure could have had, and mostly no event, since
//! the way was told a moment ago.

use super::{Report, clock, keep_buffer, put_into_words, take_buffer};
use crate::chain::Description;
use crate::channel::{CHANNEL, Stage};
use crate::details::Details;
use crate::event::{Context, Event};
use crate::incident::{self, Sight};
use crate::trace::{self, Runner};
use crate::{Severity, panics};

/// Whether the failure is plainly a reported error on its way up; then that is told, and no more is to be done.
pub(super) fn is_passing(report: &Report<'_>) -> bool {
    // A field may name another trace, and a key another kind.
    if report.detail.is_some() || !incident::any_since(report.since) || CHANNEL.stage() != Stage::Running {
        return false;
    }
    panics::nothing_unwinds();
    let surroundings = trace::current(&Details::default());
    let mut description = Description::reusing(take_buffer(), true);
    put_into_words(report.error, &mut description);
    let sight = Sight {
        context: Some(incident::context(&surroundings.trace, tokio::task::try_id())),
        site: report.site,
        // To look at the clock is the dearest part of this, and says nothing: the error that passes through a call
        // began during it, however long that took.
        at: 0,
        words: &description,
        apart: 0,
        since: report.since,
    };
    let passing = incident::meet_again(&sight, report.severity);
    if let Some(passing) = &passing {
        let severe = report.severity == Severity::Critical;
        let slot = passing
            .news
            .and_then(|_| CHANNEL.reserve_hop(report.site, severe));
        if slot.is_none() {
            CHANNEL.count_hop();
            passing.news.into_iter().for_each(incident::untell);
        }
        if let Some(slot) = slot {
            slot.send(Event {
                site: report.site,
                at: clock(),
                severity: report.severity,
                kind: report.kind,
                description: description.to_keep(false),
                details: Details::default(),
                place: report.place,
                panic: None,
                context: Context {
                    incident: passing.incident,
                    is_hop: true,
                    is_partial: passing.is_partial,
                    is_judged: false,
                    surroundings: surroundings.into_kept(),
                    runner: Runner::default(),
                    stack: None,
                    logged: report.logged.map(Box::new),
                },
            });
        }
    }
    keep_buffer(description);
    passing.is_some()
}
