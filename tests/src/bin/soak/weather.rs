//! What goes wrong when: a round of ten hours, each with troubles of its own, over one storm of failures an hour.

use std::time::{Duration, Instant};

use alert_core::inbox::Fault;
use alert_core::testing::{Moment, set_wall_clock_ahead};
use alert_core::{Matcher, Silence};
use alert_tests::on_one_thread;

use crate::load::Load;
use crate::service::Service;
use crate::town::Town;

const HOUR: Duration = Duration::from_secs(60 * 60);
const THREE_HOURS: i64 = 3 * 60 * 60;

/// One round. All is well again at its end, but for what robots remember.
pub(crate) fn round(hour: Duration, town: &mut Town, service: &mut Service, load: &Load) {
    for now in 0..10 {
        match now {
            1 => {
                town.archive.fault(Fault::Slow(Duration::from_millis(300)));
                town.ops.fault(Fault::Slow(Duration::from_secs(3)));
            }
            2 => {
                town.archive.fault_next(1, Fault::ResetBefore);
                town.ops.fault(Fault::ResetAfter);
            }
            3 => {
                town.archive.fault_next(2, Fault::ServerError);
                town.ops.fault_next(1, Fault::Truncated);
                town.ops.fault(Fault::Html);
            }
            4 => {
                town.archive.fault_next(1, Fault::Silent);
                town.ops.fault(Fault::Shield);
            }
            5 => {
                set_wall_clock_ahead(THREE_HOURS);
                town.advance(HOUR);
            }
            6 => {
                set_wall_clock_ahead(-THREE_HOURS);
                service.kill(Moment::Taking);
            }
            7 => {
                set_wall_clock_ahead(0);
                let weighs = Matcher::all().function("weighs");
                alert_core::silence(Silence::new(weighs, hour));
                service.kill(Moment::Sending);
            }
            8 => town.restart(),
            9 => {
                // Without a time to wait, so that it is the robot's own second.
                let throttled = Fault::Answer {
                    status: 429,
                    body: "slow down".to_owned(),
                };
                town.archive.fault_next(3, throttled);
                town.freeze();
            }
            _ => {}
        }
        load.storm();
        // What waits to share a message goes now, so that each hour has some.
        let start = Instant::now();
        while let Some(left) = hour.checked_sub(start.elapsed()) {
            on_one_thread(alert_core::flush(left.min(hour / 4)));
            std::thread::sleep(left.min(hour / 4));
        }
        town.heal();
        // A robot that takes a test message need not rest any longer.
        on_one_thread(alert_core::verify());
    }
}
