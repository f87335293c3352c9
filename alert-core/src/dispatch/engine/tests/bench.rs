//! An engine to try things on: its own books, its own clock, and robots that answer as they are told.

use core::time::Duration;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::{Instant, SystemTime};

use crate::chain::Description;
use crate::channel::Channel;
use crate::config::Config;
use crate::digest::Digest;
use crate::dispatch::engine::{Engine, Outgoing};
use crate::event::{Event, EventKind};
use crate::robot::{Delivery, Problem, Robot};
use crate::stats::{Books, Stats};
use crate::{Fingerprint, Severity, Site};

pub(in crate::dispatch) static SHOP: Site =
    Site::new("charge", "shop", ("src/shop.rs", 10, 5, 20), Severity::Error);
pub(in crate::dispatch) static DEPOT: Site =
    Site::new("load", "depot", ("src/depot.rs", 30, 5, 40), Severity::Critical);

pub(in crate::dispatch) static DESK: Site =
    Site::new("sell", "desk", ("src/desk.rs", 50, 5, 60), Severity::Error);

/// Where clocks begin.
pub(in crate::dispatch) fn start() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "any instant will do to count from")]
    Instant::now()
}

/// An engine with its own books, and robots that answer as they are told.
pub(in crate::dispatch) struct Bench {
    pub(in crate::dispatch) engine: Engine,
    pub(in crate::dispatch) books: &'static Books,
    pub(in crate::dispatch) now: Instant,
    /// What the wall clock shows; it stands still unless a test moves it.
    pub(in crate::dispatch) wall: SystemTime,
    /// What each robot accepted, by group.
    pub(super) accepted: Vec<HashMap<Fingerprint, u64>>,
    pub(in crate::dispatch) messages: Vec<Vec<Arc<Digest>>>,
    pub(in crate::dispatch) absorbed: u64,
}

impl Bench {
    pub(in crate::dispatch) fn new(robots: usize) -> Self {
        let mut config = Config::new("shop").host("here");
        for number in 0..robots {
            config = config.robot(Robot::webhook(format!("http://127.0.0.1:9/{number}")));
        }
        let books = Box::leak(Box::new(Books::new()));
        let now = start();
        Self {
            engine: Engine::new(Arc::new(config), books, now),
            books,
            now,
            wall: SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000),
            accepted: vec![HashMap::new(); robots],
            messages: vec![Vec::new(); robots],
            absorbed: 0,
        }
    }

    pub(in crate::dispatch) fn fail(&mut self, site: &'static Site, message: &str) {
        self.fail_with(site, message, |_| ());
    }

    /// A failure with more to it.
    pub(in crate::dispatch) fn fail_with(
        &mut self,
        site: &'static Site,
        message: &str,
        more: impl FnOnce(&mut Event),
    ) {
        let mut description = Description::default();
        description.write_link(format_args!("{message}"));
        let (severity, kind) = (site.severity(), EventKind::Error);
        let mut event = Event {
            site,
            at: self.now,
            severity,
            kind,
            description,
            details: crate::details::Details::default(),
            place: None,
            panic: None,
            context: crate::event::Context::default(),
        };
        more(&mut event);
        let unknown = self.engine.absorb(event);
        assert!(unknown.is_none(), "a failure is always taken");
        self.absorbed += 1;
    }

    pub(in crate::dispatch) fn overflow(&mut self, site: &'static Site, failures: u64) {
        self.engine.absorb_overflow(site, failures, self.now);
        self.absorbed += failures;
    }

    /// Sends what is due; every robot gives this answer, until nothing more goes.
    pub(in crate::dispatch) fn step(&mut self, mut answer: impl FnMut(usize) -> Delivery) {
        self.engine.set_clock(self.now, self.wall);
        for _ in 0..1_000 {
            let outgoing = self.engine.step(self.now);
            if outgoing.is_empty() {
                return;
            }
            for Outgoing { robot, digest, .. } in outgoing {
                let delivery = answer(robot);
                if delivery == Delivery::Accepted {
                    for group in digest.groups() {
                        *self.accepted[robot].entry(group.fingerprint()).or_default() += group.delta();
                    }
                    self.messages[robot].push(Arc::clone(&digest));
                }
                self.engine.answered(robot, &delivery, self.now);
            }
        }
        panic!("the engine never comes to rest");
    }

    pub(in crate::dispatch) fn wait(&mut self, length: Duration) {
        self.now += length;
    }

    pub(in crate::dispatch) fn stats(&self) -> Stats {
        // Nothing goes through a channel here, so what was captured is what is left to compare.
        self.books.read(&Channel::new())
    }

    /// The books balance: what is delivered and what is pending make what came in.
    pub(super) fn audit(&self) {
        assert_eq!(self.stats().delivered() + self.engine.pending(), self.absorbed);
        let told: Vec<u64> = self.accepted.iter().map(|groups| groups.values().sum()).collect();
        assert!(
            told.iter().all(|told| *told <= self.absorbed),
            "{told:?} of {}",
            self.absorbed
        );
        if let [told] = told.as_slice() {
            assert_eq!(
                *told,
                self.stats().delivered(),
                "the deltas of accepted messages are what is delivered"
            );
        }
    }
}

pub(in crate::dispatch) fn accept(_: usize) -> Delivery {
    Delivery::Accepted
}

pub(in crate::dispatch) fn throttled() -> Delivery {
    Delivery::Throttled {
        retry_after: Some(Duration::from_secs(600)),
        problem: Problem::default(),
    }
}

pub(in crate::dispatch) fn refused() -> Delivery {
    Delivery::Refused {
        problem: Problem::default(),
        try_plain: false,
    }
}

pub(in crate::dispatch) fn failed() -> Delivery {
    Delivery::Failed {
        problem: Problem::default(),
    }
}

/// The same engine with another configuration.
pub(in crate::dispatch) fn bench_with(config: Config) -> Bench {
    let robots = config.robots.len();
    let mut bench = Bench::new(robots);
    bench.engine = Engine::new(Arc::new(config), bench.books, bench.now);
    bench
}

pub(in crate::dispatch) fn robot(name: &str) -> Robot {
    Robot::webhook(format!("http://127.0.0.1:9/{name}")).name(name)
}

/// One of a thousand kinds that have nothing in common: a hundred functions with ten texts each.
pub(in crate::dispatch) fn kind(number: usize) -> (&'static Site, String) {
    static SITES: OnceLock<Vec<Site>> = OnceLock::new();
    let sites = SITES.get_or_init(|| {
        let name = |number: usize| -> &'static str { format!("step_{number}").leak() };
        let site = |number| {
            Site::new(
                name(number),
                "shop::steps",
                ("src/steps.rs", 1, 5, 20),
                Severity::Error,
            )
        };
        (0..100).map(site).collect()
    });
    (&sites[number / 10], format!("kind {}", words(number % 10)))
}

/// A number in letters, since digits do not tell kinds apart.
pub(in crate::dispatch) fn words(number: usize) -> String {
    number
        .to_string()
        .bytes()
        .map(|digit| char::from(b'a' + (digit - b'0')))
        .collect()
}
