//! When a group of failures speaks.

use core::time::Duration;

use crate::error::ConfigError;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// When a group of failures speaks. Severe failures (a panic, a lost database, `critical`) speak at once
/// under every policy; equal ones then fold.
///
/// ```
/// use alert_core::Policy;
/// use std::time::Duration;
///
/// let calm = Policy::first_then_summary().window(Duration::from_secs(30)).more_than(10);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    kind: PolicyKind,
    window: Duration,
    threshold: usize,
    first_wait: Duration,
    back_off: Vec<Duration>,
    growth: u64,
    quiet: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PolicyKind {
    FirstThenSummary,
    Threshold,
    Each,
    DigestOnly,
}

impl Default for Policy {
    fn default() -> Self {
        Self::first_then_summary()
    }
}

impl Policy {
    fn new(kind: PolicyKind) -> Self {
        Self {
            kind,
            window: MINUTE,
            threshold: 5,
            first_wait: SECOND,
            back_off: [1, 5, 15, 60].into_iter().map(Duration::from_mins).collect(),
            growth: 10,
            quiet: Duration::from_mins(10),
        }
    }

    /// The default: the first failure speaks at once, more than five within a minute make one burst message,
    /// then summaries come at growing distances, and a notice when it is over. Six or seven messages an
    /// hour for one broken thing, however often it fails, and every failure in some message's count.
    #[must_use]
    pub fn first_then_summary() -> Self {
        Self::new(PolicyKind::FirstThenSummary)
    }

    /// Nothing before the sixth failure within a minute, then one aggregated alert a window. What stays
    /// below is listed in a digest every ten minutes.
    #[must_use]
    pub fn threshold() -> Self {
        Self::new(PolicyKind::Threshold)
    }

    /// Every failure speaks at once. For development.
    #[must_use]
    pub fn each() -> Self {
        Self::new(PolicyKind::Each)
    }

    /// Nothing but a digest every ten minutes.
    #[must_use]
    pub fn digest_only() -> Self {
        Self::new(PolicyKind::DigestOnly)
    }

    /// The sliding window in which failures are counted. 60 s unless set; from 1 s to a day.
    #[must_use]
    pub fn window(self, window: Duration) -> Self {
        Self { window, ..self }
    }

    /// A burst is more than this many failures within the window. 5 unless set; from 1 to 1,000.
    #[must_use]
    pub fn more_than(self, threshold: usize) -> Self {
        Self { threshold, ..self }
    }

    /// How long a first message waits for others that come with it. 1 s unless set; up to a minute.
    #[must_use]
    pub fn first_wait(self, wait: Duration) -> Self {
        Self {
            first_wait: wait,
            ..self
        }
    }

    /// The distances between summaries; the last repeats. 1, 5, 15, 60 minutes unless set; at least one,
    /// each from 1 s to a day.
    #[must_use]
    pub fn back_off(self, steps: impl IntoIterator<Item = Duration>) -> Self {
        Self {
            back_off: steps.into_iter().collect(),
            ..self
        }
    }

    /// A group this many times as large brings its next summary forward. 10 unless set; from 2.
    #[must_use]
    pub fn growth(self, factor: u64) -> Self {
        Self {
            growth: factor,
            ..self
        }
    }

    /// Without a failure for so long, a group is over. 10 minutes unless set; from 1 s to a day.
    #[must_use]
    pub fn quiet(self, quiet: Duration) -> Self {
        Self { quiet, ..self }
    }

    /// Notes what is wrong with it, under the name of its setting.
    pub(crate) fn check(&self, at: &str, problems: &mut ConfigError) {
        let mut range = |setting: &str, value: Duration, least: Duration, most: Duration| {
            if value < least || value > most {
                problems.add(
                    format!("{at}.{setting}"),
                    format!("{value:?} is out of range; give {least:?} to {most:?}"),
                );
            }
        };
        range("window", self.window, SECOND, DAY);
        range("first_wait", self.first_wait, Duration::ZERO, MINUTE);
        range("quiet", self.quiet, SECOND, DAY);
        for step in &self.back_off {
            range("back_off", *step, SECOND, DAY);
        }
        if self.back_off.is_empty() {
            problems.add(format!("{at}.back_off"), "is empty; give at least one distance");
        }
        if !(1..=1_000).contains(&self.threshold) {
            problems.add(
                format!("{at}.more_than"),
                format!("{} is out of range; give 1 to 1000", self.threshold),
            );
        }
        if self.growth < 2 {
            problems.add(
                format!("{at}.growth"),
                format!("{} is out of range; give 2 or more", self.growth),
            );
        }
    }

    pub(crate) fn kind(&self) -> PolicyKind {
        self.kind
    }

    pub(crate) fn window_length(&self) -> Duration {
        self.window
    }

    pub(crate) fn threshold_count(&self) -> usize {
        self.threshold
    }

    pub(crate) fn first_wait_length(&self) -> Duration {
        self.first_wait
    }

    pub(crate) fn back_off_step(&self, step: usize) -> Duration {
        self.back_off
            .get(step)
            .or_else(|| self.back_off.last())
            .copied()
            .unwrap_or(HOUR)
    }

    pub(crate) fn growth_factor(&self) -> u64 {
        self.growth
    }

    pub(crate) fn quiet_length(&self) -> Duration {
        self.quiet
    }
}
