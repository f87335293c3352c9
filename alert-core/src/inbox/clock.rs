//! The inbox's clock: real time that a test may move.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// Milliseconds since 1970, as the simulated vendors see them.
pub(super) type Millis = i64;

/// The time the simulated vendors believe it is. It is also what the `Date` header of their replies says.
///
/// It runs at the speed of the machine's monotonic clock, so a change of the system time during a test has
/// no effect. A test moves it to let a rate window or a ten-minute freeze pass at once, or sets it to the day
/// a recorded signature was made.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    started: Instant,
    started_ms: Millis,
    hand: Mutex<Hand>,
}

/// How far a test has moved the clock; written by the public methods alone.
#[derive(Clone, Copy, Debug)]
enum Hand {
    /// Real time plus this.
    Runs(Millis),
    /// Stands at this time.
    Stands(Millis),
}

impl Clock {
    pub(super) fn new() -> Clock {
        Clock(Arc::new(Inner {
            started: Instant::now(),
            started_ms: millis_of(SystemTime::now()),
            hand: Mutex::new(Hand::Runs(0)),
        }))
    }

    /// Moves the vendors' time forward: rate windows, freezes and the age of signatures all see it.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        let mut hand = self.hand();
        *hand = match *hand {
            Hand::Runs(offset) => Hand::Runs(offset.saturating_add(by)),
            Hand::Stands(at) => Hand::Stands(at.saturating_add(by)),
        };
    }

    /// Sets the vendors' time. Send times of the future are forgotten by the rate windows.
    pub fn set(&self, to: SystemTime) {
        let to = millis_of(to);
        let mut hand = self.hand();
        *hand = match *hand {
            Hand::Runs(_) => Hand::Runs(to.saturating_sub(self.undisturbed())),
            Hand::Stands(_) => Hand::Stands(to),
        };
    }

    /// Stops the vendors' time where it is; from now on only `advance` and `set` move it. A test of a limit in a
    /// second then gives the same answer on a slow machine. Delays of [`super::Fault::Slow`] stay real.
    pub fn pause(&self) {
        let mut hand = self.hand();
        if let Hand::Runs(offset) = *hand {
            *hand = Hand::Stands(self.undisturbed().saturating_add(offset));
        }
    }

    /// The vendors' time.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        time_of(self.now_ms())
    }

    pub(super) fn now_ms(&self) -> Millis {
        match *self.hand() {
            Hand::Runs(offset) => self.undisturbed().saturating_add(offset),
            Hand::Stands(at) => at,
        }
    }

    fn hand(&self) -> MutexGuard<'_, Hand> {
        self.0.hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn undisturbed(&self) -> Millis {
        let elapsed = i64::try_from(self.0.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.0.started_ms.saturating_add(elapsed)
    }
}

fn millis_of(time: SystemTime) -> Millis {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

pub(super) fn time_of(ms: Millis) -> SystemTime {
    let ms = u64::try_from(ms).unwrap_or(0);
    UNIX_EPOCH
        .checked_add(Duration::from_millis(ms))
        .unwrap_or(UNIX_EPOCH)
}

/// The time as HTTP's `Date` header writes it. Source: RFC 9110, section 5.6.7.
pub(super) fn http_date(ms: Millis) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let seconds = u64::try_from(ms).unwrap_or(0) / 1_000;
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let (mut year, mut day) = (1970_u64, days);
    let leap = |year: u64| (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    let length = |year| if leap(year) { 366 } else { 365 };
    while day >= length(year) && year < 9_999 {
        day = day.saturating_sub(length(year));
        year = year.saturating_add(1);
    }
    let february = if leap(year) { 29 } else { 28 };
    let mut month = 0_usize;
    for of_month in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if day < of_month {
            break;
        }
        day = day.saturating_sub(of_month);
        month = month.saturating_add(1);
    }
    let week = usize::try_from(days % 7).unwrap_or(0);
    format!(
        "{}, {:02} {} {year} {:02}:{:02}:{:02} GMT",
        DAYS.get(week).unwrap_or(&"Thu"),
        day.saturating_add(1),
        MONTHS.get(month).unwrap_or(&"Dec"),
        second / 3_600,
        second / 60 % 60,
        second % 60,
    )
}
