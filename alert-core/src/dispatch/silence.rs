//! The silences that hold now, and what each has held back.

use std::time::Instant;

use crate::event::Event;
use crate::silence::{Silence, SilenceId};

/// The silences that have not ended.
#[derive(Debug, Default)]
pub(crate) struct Silences(Vec<Active>);

#[derive(Debug)]
struct Active {
    silence: Silence,
    until: Instant,
    held: u64,
}

impl Silences {
    pub(crate) fn add(&mut self, silence: Silence, now: Instant) {
        let until = now + silence.length;
        self.0.push(Active {
            silence,
            until,
            held: 0,
        });
    }

    /// Ends one before its time.
    pub(crate) fn end(&mut self, id: SilenceId, now: Instant) {
        for active in self.0.iter_mut().filter(|active| active.silence.id == id) {
            active.until = now;
        }
    }

    /// Ends all of them: the program does.
    pub(crate) fn end_all(&mut self, now: Instant) {
        for active in &mut self.0 {
            active.until = active.until.min(now);
        }
    }

    /// Whether a failure of that time is muted; if so the first silence that mutes it counts it.
    pub(crate) fn holds(&mut self, event: &Event, at: Instant, failures: u64) -> bool {
        let active = self
            .0
            .iter_mut()
            .find(|active| at < active.until && active.silence.matcher.matches(event));
        active
            .map(|active| active.held = active.held.saturating_add(failures))
            .is_some()
    }

    /// When the next one ends.
    pub(crate) fn next_end(&self) -> Option<Instant> {
        self.0.iter().map(|active| active.until).min()
    }

    /// Takes out those that are over, each with the failures it held back.
    pub(crate) fn take_ended(&mut self, now: Instant) -> Vec<(Silence, u64)> {
        let (ended, lasting) = core::mem::take(&mut self.0)
            .into_iter()
            .partition(|active| active.until <= now);
        self.0 = lasting;
        let ended: Vec<Active> = ended;
        ended
            .into_iter()
            .map(|active| (active.silence, active.held))
            .collect()
    }
}
