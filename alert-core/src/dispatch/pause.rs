//! How long nothing works after the loop died: one death is over at once, a loop that always dies does not tell of it
//! ten times a second.

use core::time::Duration;

/// After the first death.
const SOONEST: Duration = Duration::from_millis(100);
/// After many; and a loop that lived for so long was well.
const LATEST: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct Pause(Duration);

impl Pause {
    pub(super) const fn new() -> Self {
        Self(SOONEST)
    }

    /// How long to wait after a loop that lived for so long: twice as long as the last time, or as the first time if it
    /// was well.
    pub(super) fn after(&mut self, lived: Duration) -> Duration {
        if lived >= LATEST {
            *self = Self::new();
        }
        let pause = self.0;
        self.0 = pause.saturating_mul(2).min(LATEST);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_up_to_a_minute_and_begins_anew_after_a_healthy_one() {
        let mut pause = Pause::new();
        let pauses: Vec<u128> = (0..12).map(|_| pause.after(Duration::ZERO).as_millis()).collect();
        assert_eq!(
            pauses,
            [
                100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200, 60_000, 60_000
            ]
        );
        assert_eq!(pause.after(Duration::from_millis(59_999)), LATEST);
        assert_eq!(pause.after(LATEST), SOONEST);
        assert_eq!(pause.after(Duration::ZERO), SOONEST * 2);
    }
}
