//! The counters for the `metrics` facade.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ::metrics::{counter, gauge};

use crate::stats::Stats;

/// Tells the installed recorder where the counters stand. A recorder is a stranger's code: if it panics, that is
/// contained.
pub(crate) fn publish(stats: &Stats) {
    let _contained = catch_unwind(AssertUnwindSafe(|| {
        counter!("alert_captured_total").absolute(stats.captured());
        counter!("alert_delivered_total").absolute(stats.delivered());
        counter!("alert_silenced_total").absolute(stats.silenced());
        for (reason, failures) in stats.drops() {
            counter!("alert_dropped_total", "reason" => reason.as_str()).absolute(failures);
        }
        counter!("alert_hops_total").absolute(stats.hops());
        counter!("alert_sent_messages_total").absolute(stats.sent_messages());
        counter!("alert_failed_messages_total").absolute(stats.failed_messages());
        #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
        gauge!("alert_pending").set(stats.pending() as f64);
    }));
}

#[cfg(test)]
mod tests;
