//! One message on its way: written, sent, its answer read and counted, whatever strangers' code does meanwhile.

use core::future::poll_fn;
use core::task::Poll;
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use tokio::task::{Id, JoinError};
use tokio::time::timeout;

use super::engine::Outgoing;
use super::{Dispatcher, wall};
use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::robot::{Delivery, Form, Problem, Reply, Request, Robot};
use crate::transport::{Transport, TransportError};

/// Waited for a request beyond its own timeout, in case the sender's does not hold.
const BACKSTOP: Duration = Duration::from_secs(1);

impl Dispatcher {
    /// Formats a message and puts it on its way.
    pub(super) fn send(&mut self, outgoing: Outgoing, now: Instant) {
        let Outgoing {
            robot: number,
            link,
            digest,
            form,
        } = outgoing;
        let Some(robot) = self.engine.robot(number, link) else {
            return;
        };
        let request = match written(robot, &digest, form) {
            Ok(request) => request,
            Err(problem) => return self.unwritable(number, &problem, now),
        };
        let (transport, limit, robot) = (Arc::clone(&self.transport), self.backstop(), robot.clone());
        let task = self.sending.spawn(answer_to(request, robot, transport, limit));
        self.on_their_way.push((task.id(), number));
    }

    /// The longest any answer is waited for.
    pub(super) fn backstop(&self) -> Duration {
        self.config.timeout.saturating_add(BACKSTOP)
    }

    fn unwritable(&mut self, robot: usize, problem: &Problem, now: Instant) {
        let delivery = Delivery::Refused {
            problem: problem.clone(),
            try_plain: true,
        };
        self.settle(robot, &delivery, Some(ErrorKind::Unwritable), now);
    }

    pub(super) fn answered(&mut self, answer: Result<(Id, Delivery), JoinError>, now: Instant) {
        let (task, delivery) = answer.unwrap_or_else(|error| {
            // Panics are contained inside the task, but for one of a stranger's destructor.
            let problem = Problem::new("send", &error.to_string());
            self.report(&Error::new(ErrorKind::Panicked, "", problem.clone(), 0));
            (error.id(), Delivery::Failed { problem })
        });
        let known = self.on_their_way.iter().position(|(id, _)| *id == task);
        if let Some(at) = known {
            let (_, robot) = self.on_their_way.swap_remove(at);
            self.settle(robot, &delivery, None, now);
        }
    }

    /// The message of a robot has its answer, or did not get as far as that for a reason of its own.
    pub(super) fn settle(&mut self, robot: usize, delivery: &Delivery, why: Option<ErrorKind>, now: Instant) {
        let link = self.engine.link_in_use(robot);
        let error = self.engine.answered(robot, delivery, now);
        let error = match why {
            Some(kind) => error.map(|error| error.of_kind(kind)),
            None => error,
        };
        #[cfg(feature = "spool")]
        self.note_in_spool(now);
        if error.is_some() || matches!(delivery, Delivery::Accepted) {
            let until = error
                .as_ref()
                .and_then(|_| self.engine.resting_until(robot, link));
            self.board.note((robot, link), error.as_ref(), until);
        }
        if let Some(error) = error {
            self.report(&error);
        }
    }
}

/// Formats a message. Formatting is a stranger's code, and may panic.
pub(super) fn written(robot: &Robot, digest: &Digest, form: Form) -> Result<Request, Problem> {
    let formatter = robot.robot_kind().formatter();
    let written = catch_unwind(AssertUnwindSafe(|| formatter.format(digest, robot, form, wall())));
    match written {
        Ok(Ok(request)) => Ok(request),
        Ok(Err(error)) => Err(Problem::new("format", &error.to_string())),
        Err(_) => Err(Problem::new("format", "the formatter panicked")),
    }
}

/// Sends, and reads the answer. Both are strangers' code, and may panic.
pub(super) async fn answer_to(
    request: Request,
    robot: Robot,
    transport: Arc<dyn Transport>,
    limit: Duration,
) -> Delivery {
    let formatter = robot.robot_kind().formatter();
    let problem = match timeout(limit, contained(transport, request)).await {
        Ok(Ok(reply)) => match catch_unwind(AssertUnwindSafe(|| formatter.read(&reply))) {
            Ok(delivery) => return delivery.without_secrets(&robot),
            Err(_) => Problem::new("read", "the formatter panicked on the answer"),
        },
        Ok(Err(error)) => Problem::new(error.code(), &error.to_string()),
        Err(_) => Problem::new("timeout", "no answer in time"),
    };
    Delivery::Failed { problem }.without_secrets(&robot)
}

/// Sends; a transport that panics has failed.
async fn contained(transport: Arc<dyn Transport>, request: Request) -> Result<Reply, TransportError> {
    let panicked = || TransportError::new("transport", "the transport panicked");
    let sending = catch_unwind(AssertUnwindSafe(|| transport.send(request)));
    let mut sending = sending.map_err(|_| panicked())?;
    poll_fn(|cx| {
        catch_unwind(AssertUnwindSafe(|| sending.as_mut().poll(cx)))
            .unwrap_or_else(|_| Poll::Ready(Err(panicked())))
    })
    .await
}
