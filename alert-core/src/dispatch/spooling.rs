//! When the spool is read and written.

use core::time::Duration;
use std::io;
use std::time::{Instant, SystemTime};

use super::{Dispatcher, now};
use crate::error::{Error, ErrorKind};
use crate::robot::Problem;
use crate::spool::Spool;

/// Between two writes while things change: what a killed process may lose, or tell twice.
const EVERY: Duration = Duration::from_secs(5);

/// The spool of this dispatcher, and how far it is behind.
#[derive(Debug, Default)]
pub(crate) struct Spooling {
    spool: Option<Spool>,
    /// The engine's count of changes that the file knows.
    written: u64,
    next: Option<Instant>,
}

impl Dispatcher {
    /// Opens the spool the configuration names and takes what an earlier run left. Once a dispatcher.
    pub(super) fn open_spool(&mut self) {
        let Some(directory) = self
            .config
            .spool
            .as_deref()
            .filter(|_| self.spool.spool.is_none())
        else {
            return;
        };
        let wall = SystemTime::now();
        let opened = Spool::open(directory, &self.config.service).map(|spool| (spool.read(wall), spool));
        match opened {
            Ok((saved, spool)) => {
                match saved {
                    Ok(saved) => self.engine.restore(saved, now(), wall),
                    Err(error) => self.report_spool(&error),
                }
                self.spool.spool = Some(spool);
            }
            Err(error) => self.report_spool(&error),
        }
    }

    /// When the spool has to be written, if it is behind.
    pub(super) fn spool_due(&self) -> Option<Instant> {
        self.spool.next
    }

    /// Writes the spool if it is behind and it is time.
    pub(super) fn keep_up(&mut self, now: Instant) {
        if self.spool.spool.is_none() || self.engine.changes() == self.spool.written {
            return;
        }
        match self.spool.next {
            None => self.spool.next = Some(now + EVERY),
            Some(next) if next <= now => {
                self.write_spool(now);
            }
            Some(_) => {}
        }
    }

    /// Writes the spool. Whether what is pending is safe there.
    pub(super) fn write_spool(&mut self, now: Instant) -> bool {
        let Some(spool) = &self.spool.spool else {
            return false;
        };
        let written = spool.write(&self.engine.kept(now));
        self.spool.written = self.engine.changes();
        self.spool.next = None;
        if let Err(error) = &written {
            self.report_spool(error);
        }
        written.is_ok()
    }

    fn report_spool(&self, error: &io::Error) {
        self.report(&Error::new(
            ErrorKind::Spool,
            "",
            Problem::new("spool", &error.to_string()),
            0,
        ));
    }
}
