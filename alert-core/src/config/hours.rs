//! Hours in which only severe failures speak.

use core::time::Duration;
use std::time::SystemTime;

use crate::error::ConfigError;

const MINUTES_A_DAY: u32 = 24 * 60;

/// The same hours of every day, in which only severe failures speak. The rest is told at their end.
///
/// ```
/// use alert_core::QuietHours;
///
/// // From ten in the evening to eight in the morning, eight hours ahead of UTC.
/// let nights = QuietHours::new((22, 0), (8, 0)).utc_offset_minutes(8 * 60);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    from: (u32, u32),
    to: (u32, u32),
    utc_offset: i32,
}

impl QuietHours {
    /// From one time of day to another, each as hour and minute; over midnight if the second is earlier.
    #[must_use]
    pub const fn new(from: (u32, u32), to: (u32, u32)) -> Self {
        Self {
            from,
            to,
            utc_offset: 0,
        }
    }

    /// How far the times are ahead of UTC. 0 unless set; there is no daylight saving.
    #[must_use]
    pub const fn utc_offset_minutes(self, minutes: i32) -> Self {
        Self {
            utc_offset: minutes,
            ..self
        }
    }

    pub(crate) fn check(&self, problems: &mut ConfigError) {
        for (hour, minute) in [self.from, self.to] {
            if hour > 23 || minute > 59 {
                problems.add("quiet_hours", format!("{hour}:{minute:02} is no time of day"));
            }
        }
        if self.from == self.to {
            problems.add(
                "quiet_hours",
                "begin when they end; leave them out, or give two times",
            );
        }
        if !(-14 * 60..=14 * 60).contains(&self.utc_offset) {
            problems.add(
                "quiet_hours",
                format!("an offset of {} minutes is out of range", self.utc_offset),
            );
        }
    }

    /// How long the quiet still lasts. `None` outside of it.
    pub(crate) fn left(&self, wall: SystemTime) -> Option<Duration> {
        let since_epoch = wall
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs();
        let offset = u64::from(self.utc_offset.rem_euclid(24 * 60).unsigned_abs()).saturating_mul(60);
        let second_of_day = since_epoch.saturating_add(offset) % 86_400;
        let second = |(hour, minute): (u32, u32)| {
            u64::from(hour.saturating_mul(60).saturating_add(minute) % MINUTES_A_DAY).saturating_mul(60)
        };
        // Seconds from one time of day forward to another.
        let forward = |from: u64, to: u64| to.saturating_add(86_400).saturating_sub(from) % 86_400;
        let (from, to) = (second(self.from), second(self.to));
        let left = forward(second_of_day, to);
        (left > 0 && left <= forward(from, to)).then(|| Duration::from_secs(left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(hours: QuietHours, hour: u64, minute: u64) -> Option<u64> {
        let wall = SystemTime::UNIX_EPOCH + Duration::from_secs(20_000 * 86_400 + hour * 3_600 + minute * 60);
        hours.left(wall).map(|left| left.as_secs() / 60)
    }

    #[test]
    fn quiet_hours_go_over_midnight() {
        let nights = QuietHours::new((22, 0), (8, 0));
        assert_eq!(left(nights, 21, 59), None);
        assert_eq!(left(nights, 22, 0), Some(600));
        assert_eq!(left(nights, 3, 0), Some(300));
        assert_eq!(left(nights, 7, 59), Some(1));
        assert_eq!(left(nights, 8, 0), None);
    }

    #[test]
    fn an_offset_moves_them() {
        let nights = QuietHours::new((22, 0), (8, 0)).utc_offset_minutes(480);
        assert_eq!(left(nights, 14, 0), Some(600));
        assert_eq!(left(nights, 13, 59), None);
        let west = QuietHours::new((12, 0), (13, 0)).utc_offset_minutes(-60);
        assert_eq!(left(west, 13, 30), Some(30));
    }
}
