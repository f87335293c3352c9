//! Alerting as a service uses it: started, asked, shut down and started again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use alert_core::testing::{Moment, dispatcher_lives, kill_dispatcher};
use alert_core::{Config, DropReason, ErrorKind, Flushed, Guard, Pace, Policy, Robot, Severity, Stats};
use alert_tests::on_one_thread;

use crate::load::Load;
use crate::town::Town;

/// For what must come in the end. Never the length of a run in which all is well.
const PATIENCE: Duration = Duration::from_secs(90);

pub(crate) struct Service {
    guard: Option<Guard>,
    /// What the hook was told of loops that died.
    deaths: Arc<AtomicU64>,
    killed: u64,
}

impl Service {
    pub(crate) fn start(town: &Town) -> Self {
        let deaths = Arc::default();
        Self {
            guard: Some(begin(town, &deaths)),
            deaths,
            killed: 0,
        }
    }

    /// The loop dies the next time it gets there.
    pub(crate) fn kill(&mut self, moment: Moment) {
        kill_dispatcher(moment);
        self.killed += 1;
    }

    /// With the load paused and the robots well: whether all accounts agree.
    pub(crate) fn audit(&self, town: &mut Town, load: &Load) -> Vec<String> {
        town.heal();
        let start = Instant::now();
        let agree = loop {
            // A robot that takes a test message need not rest any longer.
            on_one_thread(alert_core::verify());
            let flushed = on_one_thread(alert_core::flush(Duration::from_secs(5)));
            let (stats, told) = (alert_core::stats(), town.read());
            if flushed == Flushed::Everything && stats.delivered() == told {
                break Ok(());
            }
            if start.elapsed() > PATIENCE {
                break Err(format!(
                    "the archive was told of {told} failures, and the books say {stats}"
                ));
            }
        };
        let stats = alert_core::stats();
        let mut mistakes: Vec<String> = agree.err().into_iter().collect();
        let gone = stats.delivered() + stats.silenced() + stats.dropped() + stats.pending();
        if gone != stats.captured() {
            mistakes.push(format!("the books do not balance: {stats}"));
        }
        if given_up(stats) != 0 {
            mistakes.push(format!("{} failures were given up", given_up(stats)));
        }
        mistakes.extend(load.disagrees_with(stats.captured()));
        let deaths = self.deaths.load(Ordering::Acquire);
        if dispatcher_lives() || deaths != self.killed {
            mistakes.push(format!("{} loops were killed, and {deaths} died", self.killed));
        }
        mistakes
    }

    /// Shuts down and starts again, while nothing is pending.
    pub(crate) fn restart(&mut self, town: &Town) {
        drop(self.guard.take());
        self.guard = Some(begin(town, &self.deaths));
    }

    /// The end. What is wrong with the books after it.
    pub(crate) fn end(self, town: &mut Town) -> Vec<String> {
        let ended = self.guard.map(|guard| on_one_thread(guard.shutdown(PATIENCE)));
        let (stats, told) = (alert_core::stats(), town.read());
        let mut mistakes = Vec::new();
        if ended != Some(Flushed::Everything) || stats.pending() != 0 {
            mistakes.push(format!("the shutdown said {ended:?}, and the books say {stats}"));
        }
        if told != stats.delivered() || given_up(stats) != 0 {
            mistakes.push(format!(
                "the archive was told of {told} failures, and the books say {stats}"
            ));
        }
        mistakes
    }
}

/// What was dropped, but for a failure within the words of another, which is counted and no more.
fn given_up(stats: Stats) -> u64 {
    stats.dropped() - stats.dropped_by(DropReason::Reentrant)
}

fn begin(town: &Town, deaths: &Arc<AtomicU64>) -> Guard {
    let (archive, ops, secret) = town.addresses();
    let pace = Pace::new(10_000, Duration::from_secs(60)).cool_down(Duration::from_secs(1));
    let deaths = Arc::clone(deaths);
    let config = Config::new("soak")
        .timeout(Duration::from_secs(2))
        // Many messages, so that each trouble meets some; and of one severity as few as by default.
        .policy(Policy::each())
        .policy_for(Severity::Critical, Policy::first_then_summary())
        .robot(Robot::webhook(archive).name("archive").pace(pace))
        .robot(Robot::dingtalk(ops).secret(secret).pace(pace))
        .on_error(move |error| {
            if error.kind() == ErrorKind::Panicked && error.robot().is_empty() {
                deaths.fetch_add(1, Ordering::AcqRel);
            }
        });
    alert_core::init(config).expect("alerting starts")
}
