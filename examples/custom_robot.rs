//! A kind of robot that this crate does not know, added from outside: a formatter and one line.
//!
//! `cargo run -p alert-examples --example custom_robot`

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::time::{Duration, SystemTime};

use alert_core::inbox::Inbox;
use alert_core::{
    Config, Delivery, Digest, Form, FormatError, Formatter, Pace, Problem, Reply, Request, Robot, RobotKind,
    Severity, alert_on_err, inventory,
};
use serde_json::json;

/// The company's own chat: takes `{"room", "text", "urgent"}` and answers 200 with `{"ok": true}`.
#[derive(Debug)]
struct Townhall;

impl Formatter for Townhall {
    fn pace(&self) -> Pace {
        Pace::new(30, Duration::from_secs(60)).per_second(1)
    }

    /// Pure: no clock, no network, no state. Texts of errors are a stranger's: escape what your chat gives a
    /// meaning to, and cut what it would refuse.
    fn format(&self, digest: &Digest, robot: &Robot, _: Form, _: SystemTime) -> Result<Request, FormatError> {
        let mut lines = vec![format!("{} failed, {} times", digest.service(), digest.delta())];
        for group in digest.groups().iter().take(10) {
            let message: String = group.message().chars().take(200).collect();
            let place = group.place();
            let (severity, delta) = (group.severity(), group.delta());
            let (function, file, line) = (place.function(), place.file(), place.line());
            lines.push(format!(
                "{severity} ×{delta} {function} ({file}:{line}): {message}"
            ));
        }
        let unlisted = digest.groups().len().saturating_sub(10);
        if unlisted > 0 {
            lines.push(format!("+{unlisted} more kinds of failure"));
        }
        let body = json!({
            "room": robot.label(),
            "text": lines.join("\n"),
            "urgent": digest.severity() >= Severity::Critical,
        });
        Ok(Request::post_json(robot.url().clone(), body.to_string()))
    }

    /// An HTTP status says little: read what the chat answers.
    fn read(&self, reply: &Reply) -> Delivery {
        let by_status = Delivery::by_status(reply);
        let is_ok = reply
            .json()
            .is_none_or(|answer| answer.get("ok").and_then(serde_json::Value::as_bool) != Some(false));
        if matches!(by_status, Delivery::Accepted) && !is_ok {
            return Delivery::Refused {
                problem: Problem::new("not ok", "townhall did not take it").hint("is the room archived?"),
                try_plain: false,
            };
        }
        by_status
    }
}

// From here on `townhall+https://..` and every URL on its host are known.
inventory::submit! { RobotKind::new("townhall", &["townhall.example.com"], &Townhall) }

#[alert_on_err(severity = "critical")]
fn charge() -> Result<(), std::io::Error> {
    Err(std::io::Error::other("the card reader is on fire"))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let inbox = Inbox::bind("127.0.0.1:0").await?;
    // The inbox does not know Townhall either: a webhook that takes any JSON stands in for it.
    let chat = inbox.webhook().any_json();
    let robot = Robot::from_url(format!("townhall+{}#name=payments", chat.url()))?;
    println!("a robot of kind `{}`", robot.kind());

    let alerts = alert_core::init(Config::new("shop").robot(robot))?;
    if let Err(error) = charge() {
        println!("charge: {error}");
    }
    alerts.shutdown(Duration::from_secs(5)).await;

    for message in chat.accepted() {
        println!("\n{}", String::from_utf8_lossy(message.request().body()));
    }
    if chat.accepted().len() == 1 {
        Ok(())
    } else {
        Err("townhall was not told".into())
    }
}
