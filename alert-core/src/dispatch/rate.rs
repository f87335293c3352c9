//! How many messages one robot may get: an exact log of send times, so that no window ever holds more.

use core::time::Duration;
use std::collections::VecDeque;
use std::time::Instant;

use crate::robot::Pace;

/// Kept between two windows of the vendor's and ours: a request is on its way for a moment.
const MARGIN: Duration = Duration::from_secs(1);

/// What a message may use of the budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Share {
    /// Ordinary messages: half of the vendor's number.
    Normal,
    /// Severe ones, and the last ones before shutdown: nine tenths. The rest is spare.
    Severe,
}

/// The send times of one robot within its window.
#[derive(Debug)]
pub(crate) struct SlidingLog {
    pace: Pace,
    budget: Option<Budget>,
    sent: VecDeque<Instant>,
}

impl SlidingLog {
    pub(crate) fn new(pace: Pace, monthly: Option<u32>) -> Self {
        Self {
            pace,
            budget: monthly.map(Budget::new),
            sent: VecDeque::new(),
        }
    }

    fn allowed(&self, share: Share) -> usize {
        let all = usize::try_from(self.pace.messages()).unwrap_or(usize::MAX);
        let part = match share {
            Share::Normal => all / 2,
            Share::Severe => all.saturating_mul(9) / 10,
        };
        part.max(1)
    }

    /// When the next message of this share may go: `now`, or later.
    pub(crate) fn free_at(&mut self, now: Instant, share: Share) -> Instant {
        let window = self.pace.window().saturating_add(MARGIN);
        while self
            .sent
            .front()
            .is_some_and(|first| now.saturating_duration_since(*first) >= window)
        {
            self.sent.pop_front();
        }
        let by_window = self
            .nth_last(self.allowed(share))
            .map_or(now, |first| first + window);
        let per_second = usize::try_from(self.pace.limit_per_second()).unwrap_or(usize::MAX);
        let by_second = self.nth_last(per_second).map_or(now, |first| first + MARGIN);
        now.max(by_window)
            .max(by_second)
            .max(self.budget_free_at(now, share))
    }

    /// When the month has room for one more: `now`, or later.
    pub(crate) fn budget_free_at(&mut self, now: Instant, share: Share) -> Instant {
        self.budget
            .as_mut()
            .map_or(now, |budget| budget.free_at(now, share))
    }

    /// The time of the `n`th message from the end, if there were that many.
    fn nth_last(&self, n: usize) -> Option<Instant> {
        self.sent
            .len()
            .checked_sub(n)
            .and_then(|at| self.sent.get(at))
            .copied()
    }

    /// Notes a message sent now.
    pub(crate) fn sent(&mut self, now: Instant) {
        self.sent.push_back(now);
        if let Some(budget) = &mut self.budget {
            budget.sent(now);
        }
    }

    /// The answer to the last message is here: the vendor counted it at some time up to now, so the windows
    /// start now. On its way for long, it would otherwise reach the vendor within a second of the next one.
    pub(crate) fn answered(&mut self, now: Instant) {
        if let Some(last) = self.sent.back_mut() {
            *last = now.max(*last);
        }
    }
}

/// How many messages a robot may get in a month, whatever its pace.
#[derive(Debug)]
struct Budget {
    messages: usize,
    sent: VecDeque<Instant>,
}

/// The month of a budget.
const MONTH: Duration = Duration::from_secs(30 * 24 * 60 * 60);

impl Budget {
    fn new(messages: u32) -> Self {
        Self {
            messages: usize::try_from(messages).unwrap_or(usize::MAX),
            sent: VecDeque::new(),
        }
    }

    /// When there is room for one more: `now`, or later. What is severe has room always.
    fn free_at(&mut self, now: Instant, share: Share) -> Instant {
        while self
            .sent
            .front()
            .is_some_and(|first| now.saturating_duration_since(*first) >= MONTH)
        {
            self.sent.pop_front();
        }
        match self.sent.front() {
            Some(first) if share == Share::Normal && self.sent.len() >= self.messages => *first + MONTH,
            None if share == Share::Normal && self.messages == 0 => now + MONTH,
            _ => now,
        }
    }

    /// Notes a message sent now. Past the budget only as many as it allows are remembered.
    fn sent(&mut self, now: Instant) {
        if self.sent.len() > self.messages {
            self.sent.pop_front();
        }
        self.sent.push_back(now);
    }
}

#[cfg(test)]
mod tests;
