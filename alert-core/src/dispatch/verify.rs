//! Test messages: one to each robot, counted as messages and never as failures.

use core::time::Duration;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::oneshot;
use tokio::task::{JoinError, JoinSet};
use tokio::time::sleep;

use super::Dispatcher;
use super::send::{answer_to, written};
use crate::digest::Digest;
use crate::robot::{Delivery, Form, Problem, Robot};
use crate::transport::Transport;
use crate::verdict::Verdict;

/// Who wants to know the verdicts; nobody does when `init` asked for the test.
pub(crate) type Asker = Option<oneshot::Sender<Vec<Verdict>>>;

/// The longest a test message waits for its robot's budget. Past it the verdict is that the robot is to be
/// left alone: to send through a throttle makes it longer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between a rich form that was refused and the plain one.
const BEFORE_PLAIN: Duration = Duration::from_secs(1);

/// A test message that was answered: of which round, at which place in it, and how.
pub(super) type Tested = (u64, usize, Delivery);

/// Test messages on their way, and who waits for their answers.
#[derive(Debug, Default)]
pub(super) struct Verifying {
    sending: JoinSet<Tested>,
    rounds: Vec<Round>,
    begun: u64,
}

/// One message to each robot.
#[derive(Debug)]
struct Round {
    number: u64,
    /// In the order of the configuration, each robot before its fallbacks: where it is, and its answer.
    places: Vec<Place>,
    asker: Asker,
}

#[derive(Debug)]
struct Place {
    robot: usize,
    link: usize,
    delivery: Option<Delivery>,
}

impl Verifying {
    pub(super) fn is_done(&self) -> bool {
        self.rounds.is_empty()
    }

    /// The next answer. Pending when nothing is on its way.
    pub(super) fn poll_answer(
        &mut self,
        cx: &mut core::task::Context<'_>,
    ) -> core::task::Poll<Result<Tested, JoinError>> {
        match self.sending.poll_join_next(cx) {
            core::task::Poll::Ready(Some(answer)) => core::task::Poll::Ready(answer),
            _ => core::task::Poll::Pending,
        }
    }
}

impl Dispatcher {
    /// Sends a test message to every robot and every fallback, whatever the routes say.
    pub(super) fn verify(&mut self, asker: Asker, now: Instant) {
        self.verifying.begun = self.verifying.begun.wrapping_add(1);
        let number = self.verifying.begun;
        let config = Arc::clone(&self.config);
        let robots = config.robots.iter().enumerate();
        let mut places = Vec::new();
        for (robot, link, target) in robots.flat_map(|(robot, first)| {
            let chain = first.chain().enumerate();
            chain.map(move |(link, target)| (robot, link, target))
        }) {
            let (digest, wait) = self.engine.test(robot, link, now, PATIENCE);
            let delivery = if wait > PATIENCE {
                let text = format!("left alone for another {} s", wait.as_secs());
                let problem = Problem::new("resting", &text).hint("no test was sent: it said to slow down");
                let retry_after = Some(wait);
                Some(Delivery::Throttled { retry_after, problem })
            } else {
                let test = Test {
                    robot: target.clone(),
                    digest,
                    transport: Arc::clone(&self.transport),
                    limit: self.backstop(),
                };
                let at = places.len();
                self.verifying
                    .sending
                    .spawn(async move { (number, at, test.send(wait).await) });
                None
            };
            places.push(Place {
                robot,
                link,
                delivery,
            });
        }
        let round = Round {
            number,
            places,
            asker,
        };
        self.verifying.rounds.push(round);
        self.end_rounds();
    }

    /// Counts an answer; tells whoever asked once all are there.
    pub(super) fn tested(&mut self, answer: Result<Tested, JoinError>, now: Instant) {
        // Panics are contained inside the task, and nothing aborts one while the loop runs.
        let Ok((number, at, delivery)) = answer else {
            return;
        };
        let rounds = &mut self.verifying.rounds;
        let round = rounds.iter_mut().find(|round| round.number == number);
        let Some(place) = round.and_then(|round| round.places.get_mut(at)) else {
            return;
        };
        let error = self.engine.tested(place.robot, place.link, &delivery, now);
        let until = self.engine.resting_until(place.robot, place.link);
        self.board.note((place.robot, place.link), error.as_ref(), until);
        place.delivery = Some(delivery);
        if let Some(error) = error {
            self.report(&error);
        }
        self.end_rounds();
    }

    fn end_rounds(&mut self) {
        let rounds = core::mem::take(&mut self.verifying.rounds);
        let is_done = |round: &Round| round.places.iter().all(|place| place.delivery.is_some());
        let (done, waiting) = rounds.into_iter().partition(is_done);
        self.verifying.rounds = waiting;
        for Round { places, asker, .. } in done {
            let Some(asker) = asker else { continue };
            let verdicts = places.into_iter().filter_map(|place| {
                let robot = self.engine.robot(place.robot, place.link)?;
                Some(Verdict::new(robot, place.link > 0, place.delivery?))
            });
            // Whoever asked may have stopped waiting.
            let _gone = asker.send(verdicts.collect());
        }
    }
}

/// One test message.
struct Test {
    robot: Robot,
    digest: Digest,
    transport: Arc<dyn Transport>,
    limit: Duration,
}

impl Test {
    /// Once, and once more in plain text where that may pass.
    async fn send(self, wait: Duration) -> Delivery {
        sleep(wait).await;
        let mut form = self.robot.form();
        loop {
            let delivery = match written(&self.robot, &self.digest, form) {
                Ok(request) => {
                    let transport = Arc::clone(&self.transport);
                    answer_to(request, self.robot.clone(), transport, self.limit).await
                }
                Err(problem) => Delivery::Refused {
                    problem,
                    try_plain: true,
                },
            };
            match delivery {
                Delivery::Refused { try_plain: true, .. } if form == Form::Rich => {
                    form = Form::Plain;
                    sleep(BEFORE_PLAIN).await;
                }
                other => return other,
            }
        }
    }
}
