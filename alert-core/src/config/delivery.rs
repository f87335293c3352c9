//! The way to the robots: how much waits, how long a request may take, where it goes, what becomes of the rest.

use core::time::Duration;
use std::sync::Arc;

use super::Config;
use crate::error::Error;
use crate::transport::Transport;

impl Config {
    /// Failures the channel holds with all detail. 100 unless set; from 1 to 100,000. A full channel loses
    /// detail, never count. The first `init` of a process decides.
    #[must_use]
    pub fn channel_capacity(self, events: usize) -> Self {
        Self {
            capacity: events,
            ..self
        }
    }

    /// How long one request may take in all. 4 s unless set; up to a minute.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// How long connecting may take. 2 s unless set, or less where [`timeout`](Self::timeout) is; up to that.
    #[must_use]
    pub fn connect_timeout(self, timeout: Duration) -> Self {
        Self {
            connect_timeout: timeout,
            ..self
        }
    }

    /// Keeps in this directory what no robot had been told at the end, and which kinds spoke lately, for the
    /// next start. Told there once; and a service that crashes and restarts over and over speaks as seldom as
    /// one that runs, however it dies. One process a directory and service; at most 1 MiB; nothing older than a day.
    /// What that leaves out is counted and reported. Off unless set.
    ///
    /// The next start also tells of a run that ended without closing: killed, aborted, out of stack or memory, left by
    /// an exit that drops no guard, or lost with its machine. That is one failure of severity `warning`, with the
    /// start time and the process id of that run. What runs beside is never taken for one: a living run keeps a file in
    /// this directory locked. Where the file system knows no locks there is no such note, and
    /// [`on_error`](Self::on_error) is told.
    #[cfg(feature = "spool")]
    #[must_use]
    pub fn spool(self, directory: impl Into<std::path::PathBuf>) -> Self {
        Self {
            spool: Some(directory.into()),
            ..self
        }
    }

    /// Sends one marked test message to every robot at the start. Off unless set.
    ///
    /// [`init`](crate::init) does not wait for the answers: a robot that refuses is told to
    /// [`on_error`](Self::on_error), with its code and what to do; one that takes it shows the message.
    /// [`verify`](crate::verify) gives every verdict.
    #[must_use]
    pub fn verify(self, verify: bool) -> Self {
        Self {
            verifies: verify,
            ..self
        }
    }

    /// Called for each failure on the way to a robot, on the dispatcher's thread. If it panics, the panic
    /// is contained. Whatever it reports through annotated functions is counted, never alerted. Unless set, failures
    /// that stay undelivered at the end are one line on stderr.
    #[must_use]
    pub fn on_error(self, hook: impl Fn(&Error) + Send + Sync + 'static) -> Self {
        Self {
            on_error: Some(Arc::new(hook)),
            ..self
        }
    }

    /// Takes messages where you want them. The HTTP sender unless set; without feature `http` there is none, and
    /// [`init`](crate::init) demands one.
    #[must_use]
    pub fn transport(self, transport: impl Transport) -> Self {
        Self {
            transport: Some(Arc::new(transport)),
            ..self
        }
    }
}
