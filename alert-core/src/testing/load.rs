//! The dispatcher's machine on its own, for the benches: no thread, no socket, and a clock that is told.

use core::time::Duration;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use crate::chain::Description;
use crate::config::Config;
use crate::details::Details;
use crate::dispatch::Engine;
use crate::event::{Context, Event, EventKind};
use crate::robot::{Delivery, Form, kinds};
use crate::stats::Books;
use crate::{Digest, Policy, Robot, Site};

/// Failures in, messages out, at times of the caller's choosing. Every message is accepted at once.
#[doc(hidden)]
#[derive(Debug)]
pub struct Load {
    engine: Engine,
    start: Instant,
    now: Instant,
    messages: u64,
    told: u64,
    last: Option<Arc<Digest>>,
}

impl Load {
    /// A machine with one robot and this policy.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        let robot = Robot::webhook("http://127.0.0.1:9/bench");
        Self::of(Config::new("bench").policy(policy).robot(robot))
    }

    /// A machine with this configuration.
    #[must_use]
    pub fn of(config: Config) -> Self {
        #[expect(clippy::disallowed_methods, reason = "any instant will do to count from")]
        let start = Instant::now();
        let books: &'static Books = Box::leak(Box::new(Books::new()));
        let engine = Engine::new(Arc::new(config.host("here")), books, start);
        Self {
            engine,
            start,
            now: start,
            messages: 0,
            told: 0,
            last: None,
        }
    }

    /// One failure now.
    pub fn fail(&mut self, site: &'static Site, text: core::fmt::Arguments<'_>) {
        let mut description = Description::default();
        description.write_link(text);
        let (severity, kind) = (site.severity(), EventKind::Error);
        let (details, context) = (Details::default(), Context::default());
        let event = Event {
            site,
            at: self.now,
            severity,
            kind,
            description,
            details,
            place: None,
            panic: None,
            context,
        };
        let _hop = self.engine.absorb(event);
    }

    /// Sends what is due now.
    pub fn step(&mut self) {
        self.engine.set_clock(self.now, SystemTime::UNIX_EPOCH);
        loop {
            let outgoing = self.engine.step(self.now);
            if outgoing.is_empty() {
                return;
            }
            for message in outgoing {
                self.messages = self.messages.saturating_add(1);
                self.told = self.told.saturating_add(message.digest.delta());
                self.engine.answered(message.robot, &Delivery::Accepted, self.now);
                self.last = Some(message.digest);
            }
        }
    }

    /// Lets time pass up to so long after the start, sending what becomes due on the way.
    pub fn wait_until(&mut self, since_start: Duration) {
        let end = self.start + since_start;
        while let Some(due) = self.engine.next_due(self.now).filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.step();
        }
        self.now = self.now.max(end);
    }

    /// The names of the kinds of robots there are.
    pub fn kinds() -> impl Iterator<Item = &'static str> {
        kinds().map(crate::RobotKind::name)
    }

    /// The last message in the richest form of a kind of robot: the bytes of its body. `None` where there is no
    /// such message.
    #[must_use]
    pub fn written(&self, kind: &str) -> Option<usize> {
        let kind = kinds().find(|known| known.name() == kind)?;
        let robot =
            Robot::new(kind, "http://127.0.0.1:9/bot1:x/sendMessage?chat_id=1").secret("R".repeat(32));
        let (digest, now) = (self.last.as_deref()?, SystemTime::UNIX_EPOCH);
        let request = kind.formatter().format(digest, &robot, Form::Rich, now).ok()?;
        Some(request.body().len())
    }

    /// Messages so far, and the failures they told of.
    #[must_use]
    pub fn told(&self) -> (u64, u64) {
        (self.messages, self.told)
    }
}
