use core::time::Duration;
use std::sync::OnceLock;

use proptest::prelude::*;

use super::absorb::MAX_GROUPS;
use super::*;
use crate::chain::Description;
use crate::channel::Channel;
use crate::digest::Digest;
use crate::event::Event;
use crate::event::EventKind;
use crate::robot::Problem;
use crate::stats::Stats;
use crate::{ErrorKind, Fingerprint, Severity, Site};

pub(in crate::dispatch) static SHOP: Site =
    Site::new("charge", "shop", ("src/shop.rs", 10, 5, 20), Severity::Error);
pub(in crate::dispatch) static DEPOT: Site =
    Site::new("load", "depot", ("src/depot.rs", 30, 5, 40), Severity::Critical);

pub(in crate::dispatch) static DESK: Site =
    Site::new("sell", "desk", ("src/desk.rs", 50, 5, 60), Severity::Error);

fn start() -> Instant {
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
    accepted: Vec<HashMap<Fingerprint, u64>>,
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
    fn audit(&self) {
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

#[test]
fn a_storm_of_one_kind_is_a_handful_of_messages() {
    let mut bench = Bench::new(1);
    for _ in 0..600 {
        for _ in 0..10 {
            bench.fail(&SHOP, "connection refused");
        }
        bench.step(accept);
        bench.wait(Duration::from_secs(1));
    }
    bench.audit();
    assert!(bench.messages[0].len() <= 8, "{}", bench.messages[0].len());
}

#[test]
fn five_hundred_kinds_at_once_are_one_message_and_stay_few() {
    let mut bench = Bench::new(1);
    for second in 0..600 {
        for number in (0..500).filter(|number| (second + number) % 20 == 0) {
            let (site, text) = kind(number);
            bench.fail(site, &text);
        }
        bench.step(accept);
        bench.audit();
        bench.wait(Duration::from_secs(1));
    }
    assert!(bench.messages[0].len() <= 14, "{}", bench.messages[0].len());
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

#[test]
fn a_severe_failure_goes_at_once_and_alone_in_the_middle_of_a_storm() {
    let mut bench = Bench::new(1);
    for number in 0..500 {
        let (site, text) = kind(number);
        bench.fail(site, &text);
    }
    bench.wait(Duration::from_secs(2));
    bench.step(accept);
    assert_eq!(bench.messages[0][0].groups().len(), 500);
    let before = bench.messages[0].len();
    bench.fail(&DEPOT, "disk is gone");
    bench.step(accept);
    let message = bench.messages[0].last().unwrap();
    assert_eq!(bench.messages[0].len(), before + 1);
    assert_eq!(message.groups().len(), 1);
    assert_eq!(message.groups()[0].message(), "disk is gone");
}

#[test]
fn what_a_robot_refuses_is_told_by_the_next_message_that_gets_through() {
    let mut bench = Bench::new(1);
    bench.fail(&SHOP, "no ink");
    bench.wait(Duration::from_secs(2));
    bench.step(|_| throttled());
    assert_eq!(bench.stats().delivered(), 0);
    bench.audit();
    for _ in 0..3 {
        bench.fail(&SHOP, "no ink");
    }
    bench.wait(Duration::from_secs(601));
    bench.step(accept);
    bench.audit();
    assert_eq!(bench.stats().delivered(), 4);
    let message = bench.messages[0].last().unwrap();
    assert_eq!(message.delta(), 4);
    assert_eq!(message.not_shown(), [(NotShown::Failed, 1)]);
}

#[test]
fn a_failed_request_is_retried_once_after_a_second() {
    let mut bench = Bench::new(1);
    bench.fail(&DEPOT, "no ink");
    let mut tries = 0;
    bench.step(|_| {
        tries += 1;
        failed()
    });
    assert_eq!(tries, 1);
    bench.wait(Duration::from_millis(999));
    bench.step(|_| unreachable!("too soon"));
    bench.wait(Duration::from_millis(1));
    bench.step(accept);
    assert_eq!(bench.stats().delivered(), 1);
    bench.audit();
}

#[test]
fn a_robot_in_cool_down_does_not_delay_another() {
    let mut bench = Bench::new(2);
    bench.fail(&DEPOT, "no ink");
    bench.step(|robot| {
        if robot == 0 {
            throttled()
        } else {
            Delivery::Accepted
        }
    });
    assert_eq!(bench.messages[1].len(), 1);
    assert_eq!(bench.stats().delivered(), 1, "told by one robot is told");
    bench.audit();
}

#[test]
fn what_found_the_channel_full_shows_up_with_its_kind() {
    let mut bench = Bench::new(1);
    bench.fail(&SHOP, "no ink");
    bench.overflow(&SHOP, 5_000);
    bench.wait(Duration::from_secs(2));
    bench.step(accept);
    let group = &bench.messages[0][0].groups()[0];
    assert_eq!((group.delta(), group.without_detail()), (5_001, 5_000));
    bench.audit();
}

#[test]
fn a_site_without_any_detail_has_a_group_too() {
    let mut bench = Bench::new(1);
    bench.overflow(&SHOP, 7);
    bench.wait(Duration::from_secs(2));
    bench.step(accept);
    assert_eq!(bench.messages[0][0].groups()[0].delta(), 7);
    bench.audit();
}

#[test]
fn more_kinds_than_there_is_room_for_keep_their_count() {
    let mut bench = Bench::new(1);
    for number in 0..MAX_GROUPS + 500 {
        bench.fail(&SHOP, &words(number));
    }
    assert!(bench.engine.groups.len() <= MAX_GROUPS + 1);
    bench.audit();
    bench.engine.hurry(bench.now, false);
    bench.step(accept);
    assert_eq!(bench.stats().delivered(), bench.absorbed);
}

#[test]
fn what_is_untold_at_the_end_is_written_off_and_said() {
    let mut bench = Bench::new(1);
    bench.fail(&SHOP, "no ink");
    let error = bench.engine.close(false).unwrap();
    assert_eq!((error.kind(), error.failures()), (ErrorKind::Undelivered, 1));
    assert_eq!(bench.stats().dropped(), 1);
    assert!(bench.engine.close(false).is_none());
}

/// Something that can happen to the engine.
#[derive(Clone, Debug)]
enum Step {
    Fail { kind: usize, severe: bool },
    Overflow { failures: u64 },
    Wait { millis: u64 },
    Go { answer: u8 },
    Lose,
    Hurry,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0usize..30, any::<bool>()).prop_map(|(kind, severe)| Step::Fail { kind, severe }),
        1 => (1u64..1_000).prop_map(|failures| Step::Overflow { failures }),
        2 => (0u64..120_000).prop_map(|millis| Step::Wait { millis }),
        3 => (0u8..6).prop_map(|answer| Step::Go { answer }),
        1 => Just(Step::Lose),
        1 => Just(Step::Hurry),
    ]
}

proptest! {
    #[test]
    fn the_books_balance_whatever_happens(
        steps in prop::collection::vec(any_step(), 1..200),
        robots in 1usize..4,
        mute in any::<bool>(),
    ) {
        let config = (0..robots).fold(Config::new("shop"), |config, number| config.robot(robot(&number.to_string())));
        let mut bench = bench_with(config.mute_symptoms(mute));
        for step in steps {
            match step {
                Step::Fail { kind, severe } => bench.fail(if severe { &DEPOT } else { &SHOP }, &words(kind)),
                Step::Overflow { failures } => bench.overflow(&SHOP, failures),
                Step::Wait { millis } => bench.wait(Duration::from_millis(millis)),
                Step::Go { answer } => bench.step(|robot| match (usize::from(answer) + robot) % 6 {
                    0 => throttled(),
                    1 => refused(),
                    2 => failed(),
                    _ => Delivery::Accepted,
                }),
                Step::Lose => bench.fail(&DESK, "connection refused"),
                Step::Hurry => bench.engine.hurry(bench.now, false),
            }
            bench.audit();
        }
        // Hours later, with robots that work again, everything has been told, and each robot knows it all.
        for _ in 0..200 {
            bench.wait(Duration::from_secs(300));
            bench.step(accept);
        }
        bench.audit();
        prop_assert_eq!(bench.stats().delivered(), bench.absorbed);
        for told in &bench.accepted {
            prop_assert_eq!(told.values().sum::<u64>(), bench.absorbed);
        }
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

mod bounds;
mod clocks;
mod routes;
mod rules;
mod storms;
mod symptoms;
