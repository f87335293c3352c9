//! A transport or a formatter that fails where nobody expects it: one robot's message, never the dispatcher.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use alert_core::{
    Config, Delivery, Digest, DigestKind, ErrorKind, Flushed, Form, FormatError, Formatter, Pace, Policy,
    Reply, Request, Robot, RobotKind, Sending, Transport, TransportError, alert_on_err,
};
use alert_tests::Scene;

const PATIENCE: Duration = Duration::from_secs(60);

#[alert_on_err]
fn sells() -> Result<(), std::num::ParseIntError> {
    "not a number".parse::<u8>().map(drop)
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
    sells().unwrap_err();
    let errors = scene.wait_errors(1).await;
    assert_eq!(errors[0].kind(), ErrorKind::Panicked, "{}", errors[0]);
    assert_eq!(alert_core::flush(PATIENCE).await, Flushed::Everything);
    sells().unwrap_err();
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
    sells().unwrap_err();
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
