//! When the spool is read and written.

use core::time::Duration;
use std::io;
use std::sync::Arc;
use std::time::Instant;

use super::{Closing, Dispatcher, now, wall};
use crate::config::Config;
use crate::error::{Error, ErrorKind};
use crate::robot::Problem;
use crate::spool::{Durable, Ended, Marker, Run, Spool};

/// Between two writes while nothing but counts change, of a file that holds little and of a full one: what a killed
/// process may lose. The first change after a while is written at once, as is everything before a message leaves
/// and after a robot took one.
const SOONEST: Duration = Duration::from_millis(50);
const LATEST: Duration = Duration::from_secs(5);

/// The spool of this dispatcher, and how far it is behind.
#[derive(Debug, Default)]
pub(crate) struct Spooling {
    /// Opened by the thread that calls `init`, and not read yet.
    opened: Option<io::Result<Spool>>,
    spool: Option<Spool>,
    marker: Option<Arc<Marker>>,
    /// What went wrong with the markers: with this run's, or with reading those before.
    unmarked: Option<io::Error>,
    /// Earlier runs that were not closed.
    ended: Vec<Ended>,
    /// The engine's count of changes that the file knows.
    written: u64,
    not_before: Option<Instant>,
    /// The next write that waits for the disk: a machine may lose power, but seldom.
    durable_from: Option<Instant>,
    /// The last write failed, and the `on_error` hook knows.
    fails: bool,
}

impl Spooling {
    /// Opens the spool the configuration names and marks this run as begun. On the thread that calls `init`, so that
    /// whatever comes after it finds the mark.
    pub(super) fn begin(config: &Config) -> Self {
        let mut begun = Self {
            opened: config
                .spool
                .as_deref()
                .map(|directory| Spool::open(directory, &config.service)),
            ..Self::default()
        };
        if let Some(Ok(spool)) = &begun.opened {
            let run = Run::this(wall(), config.release.as_deref());
            // Those before, before this one.
            begun.ended = spool.ended(|error| begun.unmarked = Some(error));
            match spool.mark(&run) {
                Ok(marker) => begun.marker = Some(Arc::new(marker)),
                Err(error) => begun.unmarked = Some(error),
            }
        }
        begun
    }

    /// Takes the mark away.
    pub(super) fn closing(&self) -> Closing {
        Closing::new(self.marker.clone())
    }
}

impl Dispatcher {
    /// Takes what an earlier run left. Once a dispatcher.
    pub(super) fn open_spool(&mut self) {
        let Some(opened) = self.spool.opened.take() else {
            return;
        };
        let wall = wall();
        match opened.map(|spool| (spool.read(wall), spool)) {
            Ok((kept, spool)) => {
                match kept {
                    Ok(kept) => {
                        let strange = kept.strange;
                        let lost = self.engine.restore(kept, now(), wall);
                        self.report_lost(lost, strange);
                    }
                    Err(error) => self.report_spool(&error),
                }
                self.spool.spool = Some(spool);
                self.tell_of_ended();
            }
            Err(error) => self.report_spool(&error),
        }
    }

    /// Tells of runs that were not closed, and forgets them once the spool knows.
    fn tell_of_ended(&mut self) {
        if let Some(error) = self.spool.unmarked.take() {
            self.report_spool(&error);
        }
        let marked = self.spool.marker.as_ref().map_or(Ok(()), |marker| marker.sync());
        if let Err(error) = marked {
            self.report_spool(&error);
        }
        let ended = core::mem::take(&mut self.spool.ended);
        if ended.is_empty() {
            return;
        }
        let now = now();
        for ended in &ended {
            self.engine.ended_unclosed(ended.run.as_ref(), now);
        }
        if self.write_spool(now, Durable::Yes).is_some() {
            ended.into_iter().for_each(Ended::forget);
        }
    }

    /// When the spool has to be written, if it is behind.
    pub(super) fn spool_due(&self) -> Option<Instant> {
        self.spool.not_before.filter(|_| self.is_behind())
    }

    /// Whether something changed since the file was written.
    pub(super) fn is_behind(&self) -> bool {
        self.spool.spool.is_some() && self.engine.changes() != self.spool.written
    }

    /// Writes the spool if it is behind and it is time.
    pub(super) fn keep_up(&mut self, now: Instant) {
        let has_come = |time: Option<Instant>| time.is_none_or(|time| time <= now);
        if self.is_behind() && has_come(self.spool.not_before) {
            let durable = has_come(self.spool.durable_from);
            self.write_spool(now, if durable { Durable::Yes } else { Durable::No });
        }
    }

    /// Writes the spool at once: whatever ends the process next, the next start knows what was said.
    pub(super) fn note_in_spool(&mut self, now: Instant) {
        if self.spool.spool.is_some() {
            self.write_spool(now, Durable::No);
        }
    }

    /// Writes the spool. Gives the failures that found no room, or nothing if it could not be written.
    pub(super) fn write_spool(&mut self, now: Instant, durable: Durable) -> Option<u64> {
        let spool = self.spool.spool.as_ref()?;
        if durable == Durable::Yes {
            self.spool.durable_from = Some(now + LATEST);
        }
        let written = spool.write(&self.engine.kept(now), self.engine.unsaid_losses(), durable);
        self.spool.written = self.engine.changes();
        let fullness = written.as_ref().map_or(0, |written| written.fullness);
        let pause = SOONEST.saturating_add(Duration::from_millis(fullness.saturating_mul(5)));
        self.spool.not_before = Some(now + pause.min(LATEST));
        if let Err(error) = &written
            && !self.spool.fails
        {
            self.report_spool(error);
        }
        self.spool.fails = written.is_err();
        Some(written.ok()?.left_out)
    }

    /// Writes the spool for the last time. Whether what is pending is safe there, if only by its number.
    pub(super) fn close_spool(&mut self, now: Instant) -> bool {
        let Some(left_out) = self.write_spool(now, Durable::Yes) else {
            return false;
        };
        self.report_lost(left_out, 0);
        true
    }

    fn report_spool(&self, error: &io::Error) {
        self.report_in_words("spool", &error.to_string(), 0);
    }

    /// What is known of some failures is no more than their number.
    fn report_lost(&self, failures: u64, strange: u64) {
        if failures > 0 {
            let words =
                format!("{failures} failures are too old, or found no room; they are counted, not told");
            self.report_in_words("left out", &words, failures);
        }
        if strange > 0 {
            self.report_in_words("damaged", &format!("{strange} of its entries are no group"), 0);
        }
    }

    fn report_in_words(&self, code: &str, words: &str, failures: u64) {
        let problem = Problem::new(code, words);
        self.report(&Error::new(ErrorKind::Spool, "", problem, failures));
    }
}
