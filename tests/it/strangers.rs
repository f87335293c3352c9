//! Hooks, formatters and transports that fail where nobody expects it: it costs one robot's message, never the
//! dispatcher.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use alert_core::inbox::Fault;
use alert_core::{
    Config, Delivery, Digest, DigestKind, ErrorKind, Flushed, Form, FormatError, Formatter, Pace, Policy,
    Reply, Request, Robot, RobotKind, Sending, Transport, TransportError, alert_on_err,
};
use alert_tests::{Scene, until};

const PATIENCE: Duration = Duration::from_secs(60);

#[alert_on_err]
fn fails(words: &str) -> Result<(), std::io::Error> {
    Err(std::io::Error::other(words))
}

/// Answers, and panics when it is dropped: outside of every poll.
struct Bomb;

impl Future for Bomb {
    type Output = Result<Reply, TransportError>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(Ok(Reply::new(200, Vec::new())))
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("dropped carelessly");
    }
}

/// As many bombs as it is told, then a calm answer.
struct Careless(AtomicUsize);

impl Transport for Careless {
    fn send(&self, _: Request) -> Sending {
        match self.0.fetch_sub(1, Ordering::Relaxed) {
            2.. => Box::pin(Bomb),
            _ => Box::pin(async { Ok(Reply::new(200, Vec::new())) }),
        }
    }
}

#[tokio::test]
async fn a_message_whose_task_is_lost_is_sent_again_and_the_robot_goes_on() {
    let mut scene = Scene::set().await;
    let robot = Robot::webhook("http://127.0.0.1:9/careless");
    let config = Config::new("shop").policy(Policy::each()).robot(robot);
    scene.start(config.transport(Careless(AtomicUsize::new(2))));
    fails("no number").unwrap_err();
    let errors = scene.wait_errors(1).await;
    assert_eq!(errors[0].kind(), ErrorKind::Panicked, "{}", errors[0]);
    assert_eq!(alert_core::flush(PATIENCE).await, Flushed::Everything);
    fails("no number").unwrap_err();
    assert_eq!(alert_core::flush(PATIENCE).await, Flushed::Everything);
    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.delivered, counts.failed), (2, 2, 0));
}

/// Can write tests and, while it is told so, nothing else.
#[derive(Debug)]
struct Mute;

static MUTE: RobotKind = RobotKind::new("mute", &["mute.example.com"], &Mute);
static IS_MUTE: AtomicBool = AtomicBool::new(true);

impl Formatter for Mute {
    fn pace(&self) -> Pace {
        Pace::new(60, Duration::from_secs(60))
    }

    fn format(&self, digest: &Digest, robot: &Robot, _: Form, _: SystemTime) -> Result<Request, FormatError> {
        if IS_MUTE.load(Ordering::Relaxed) && digest.kind() != DigestKind::Test {
            return Err(FormatError::new("lost for words"));
        }
        Ok(Request::post_json(robot.url().clone(), "{}"))
    }

    fn read(&self, reply: &Reply) -> Delivery {
        Delivery::by_status(reply)
    }
}

#[tokio::test]
async fn a_message_that_cannot_be_written_is_told_as_such_and_stays_pending() {
    let mut scene = Scene::set().await;
    let chat = scene.inbox().webhook().any_json();
    scene.start(
        Config::new("shop")
            .policy(Policy::each())
            .robot(Robot::new(&MUTE, chat.url())),
    );
    fails("no number").unwrap_err();
    let errors = scene.wait_errors(1).await;
    let error = &errors[0];
    assert_eq!((error.kind(), error.failures()), (ErrorKind::Unwritable, 1));
    assert_eq!(
        error.to_string(),
        "write for robot `mute`: format: lost for words"
    );
    assert_eq!((scene.counts().pending, scene.counts().failed), (1, 1));
    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.delivered, counts.undelivered), (1, 0, 1));
}

static HOOK_PANICS: AtomicUsize = AtomicUsize::new(0);

#[tokio::test]
async fn an_on_error_hook_that_panics_or_fails_is_contained() {
    let scene = Scene::set().await;
    let chat = scene.inbox().webhook();
    chat.fault_next(
        1,
        Fault::Answer {
            status: 429,
            body: String::new(),
        },
    );
    chat.fault_next(1, Fault::Throttle);
    let config = Config::new("shop")
        .policy(Policy::each())
        .robot(Robot::webhook(chat.url()));
    let guard = alert_core::init(config.on_error(|_| {
        HOOK_PANICS.fetch_add(1, Ordering::Relaxed);
        // Counted, never alerted: an alert about it would fail again, and so on.
        fails("from the hook").unwrap_err();
        panic!("the hook is broken");
    }))
    .unwrap();
    fails("one").unwrap_err();
    until("the hook has run", || scene.counts().failed == 1).await;
    drop(guard);
    assert!(HOOK_PANICS.load(Ordering::Relaxed) >= 1);
    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.undelivered), (1 + counts.reentrant, 1));
    assert!(counts.reentrant >= 1);
}

/// A robot of another crate, as bad as can be.
#[derive(Debug)]
struct Broken;

static BREAKS: AtomicBool = AtomicBool::new(false);
static BROKEN: RobotKind = RobotKind::new("broken", &["broken.example.com"], &Broken);

impl Formatter for Broken {
    fn pace(&self) -> Pace {
        Pace::new(60, Duration::from_secs(60))
    }

    fn format(&self, _: &Digest, robot: &Robot, form: Form, _: SystemTime) -> Result<Request, FormatError> {
        assert!(form == Form::Plain, "the rich form panics");
        Ok(Request::post_json(robot.url().clone(), "{}"))
    }

    fn read(&self, reply: &Reply) -> Delivery {
        assert!(!BREAKS.load(Ordering::Relaxed), "reading panics");
        Delivery::by_status(reply)
    }
}

#[tokio::test]
async fn a_formatter_that_panics_falls_back_and_is_named() {
    let mut scene = Scene::set().await;
    let chat = scene.inbox().webhook().any_json();
    scene.start(
        Config::new("shop")
            .policy(Policy::each())
            .robot(Robot::new(&BROKEN, chat.url())),
    );
    // The rich form panics, the plain one passes.
    fails("one").unwrap_err();
    chat.wait_accepted(1, PATIENCE).await.unwrap();
    until("the books know", || scene.counts().delivered == 1).await;
    // Now the answer's reading panics too: two tries, and it is told.
    BREAKS.store(true, Ordering::Relaxed);
    fails("two").unwrap_err();
    let errors = scene.wait_errors(1).await;
    BREAKS.store(false, Ordering::Relaxed);
    assert_eq!(
        (errors[0].kind(), errors[0].code()),
        (ErrorKind::Unreachable, "read"),
        "{}",
        errors[0]
    );
    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.delivered, counts.undelivered), (2, 1, 1));
}

/// A transport that panics, at once or on its way, as often as it is told.
struct Shaky(AtomicUsize);

impl Transport for Shaky {
    fn send(&self, _: Request) -> Sending {
        match self.0.fetch_add(1, Ordering::Relaxed) {
            0 => panic!("cannot even begin"),
            1 => Box::pin(async { panic!("lost on the way") }),
            _ => Box::pin(async { Ok(Reply::new(200, Vec::new())) }),
        }
    }
}

#[tokio::test]
async fn a_transport_that_panics_has_failed_and_the_dispatcher_goes_on() {
    let mut scene = Scene::set().await;
    let robot = Robot::webhook("http://127.0.0.1:9/shaky");
    let config = Config::new("shop").policy(Policy::each()).robot(robot);
    scene.start(config.transport(Shaky(AtomicUsize::new(0))));
    fails("one").unwrap_err();
    let errors = scene.wait_errors(1).await;
    assert_eq!(
        (errors[0].kind(), errors[0].code()),
        (ErrorKind::Unreachable, "transport"),
        "{}",
        errors[0]
    );
    // Its rest of 5 s is over by then.
    assert_eq!(alert_core::flush(PATIENCE).await, Flushed::Everything);
    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.delivered, counts.failed), (1, 1, 1));
}

/// A kind whose pace panics: `init` says it never does.
#[derive(Debug)]
struct Restless;

static RESTLESS: RobotKind = RobotKind::new("restless", &["restless.example.com"], &Restless);

impl Formatter for Restless {
    fn pace(&self) -> Pace {
        panic!("no pace")
    }

    fn format(&self, _: &Digest, robot: &Robot, _: Form, _: SystemTime) -> Result<Request, FormatError> {
        Ok(Request::post_json(robot.url().clone(), "{}"))
    }

    fn read(&self, reply: &Reply) -> Delivery {
        Delivery::by_status(reply)
    }
}

#[tokio::test]
async fn a_pace_that_panics_is_an_error_of_init_and_harms_no_later_one() {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    let config = Config::new("shop").policy(Policy::each());
    let broken = config.clone().robot(Robot::new(&RESTLESS, "http://127.0.0.1:9/"));
    let refused = catch_unwind(AssertUnwindSafe(|| alert_core::init(broken)));
    let error = refused.expect("init never panics").unwrap_err();
    assert!(
        error.to_string().contains("`robot restless`: the formatter"),
        "{error}"
    );
    scene.start(config.robot(Robot::webhook(archive.url())));
    fails("one").unwrap_err();
    archive.wait_accepted(1, PATIENCE).await.unwrap();
    assert_eq!(scene.end().await.delivered, 1);
}
