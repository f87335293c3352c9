//! One message on its way: written, sent and its answer read, whatever strangers' code does meanwhile.

use core::future::poll_fn;
use core::task::Poll;
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tokio::time::timeout;

use super::wall;
use crate::digest::Digest;
use crate::robot::{Delivery, Form, Problem, Reply, Request, Robot};
use crate::transport::{Transport, TransportError};

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
