//! Two tests of one binary, each with a runtime of its own, share one `init`: both get their alerts.
//!
//! This is how a service's own tests use alerting. A dispatcher on the first test's runtime would be gone
//! before the second one fails.

#![allow(
    clippy::unwrap_used,
    reason = "a test says that something is wrong by panicking"
)]

use std::sync::OnceLock;
use std::time::Duration;

use alert_core::inbox::{Chat, Inbox};
use alert_core::{Config, Guard, Policy, Robot, alert_on_err};

/// Started by whichever test comes first; never shut down, as in a service's tests.
fn shared() -> &'static Chat {
    static SHARED: OnceLock<(Inbox, Chat, Guard)> = OnceLock::new();
    let (_, chat, _) = SHARED.get_or_init(|| {
        let inbox = Inbox::bind_blocking("127.0.0.1:0").unwrap();
        let chat = inbox.webhook();
        let config = Config::new("shop")
            .policy(Policy::each())
            .robot(Robot::webhook(chat.url()));
        let guard = alert_core::init(config).unwrap();
        (inbox, chat, guard)
    });
    chat
}

#[alert_on_err]
async fn fail(what: &str) -> Result<(), std::io::Error> {
    tokio::task::yield_now().await;
    Err(std::io::Error::other(what.to_owned()))
}

async fn gets_its_alert(what: &str) {
    let chat = shared();
    fail(what).await.unwrap_err();
    // The other test's alert may come first, or in the same message.
    for wanted in 1.. {
        let seen = chat.wait_accepted(wanted, Duration::from_secs(10)).await.unwrap();
        if seen.iter().any(|message| message.text().contains(what)) {
            return;
        }
    }
}

#[tokio::test]
async fn the_first_gets_its_alert() {
    gets_its_alert("no ink in the printer").await;
}

#[tokio::test]
async fn the_second_gets_its_alert() {
    gets_its_alert("no paper in the tray").await;
}
