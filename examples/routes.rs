//! Who hears of what, and when: routes by severity, owner and module, a policy for one of them, a silence, quiet
//! hours, and a robot that steps in for one that refuses.
//!
//! `cargo run -p alert-examples --example routes`

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::io;
use std::time::Duration;

use alert_core::inbox::Inbox;
use alert_core::{
    Config, Matcher, Mention, Policy, QuietHours, Robot, Route, Severity, Silence, alert_on_err,
};

mod pay {
    use super::{alert_on_err, io};

    #[alert_on_err(severity = "critical", owner = "payments")]
    pub(super) fn charge() -> Result<(), io::Error> {
        Err(io::Error::other("the bank said no to everyone"))
    }
}

mod catalog {
    use super::{alert_on_err, io};

    #[alert_on_err(severity = "warning")]
    pub(super) fn picture() -> Result<(), io::Error> {
        Err(io::Error::other("no picture of a teapot"))
    }
}

mod legacy {
    use super::{alert_on_err, io};

    #[alert_on_err]
    pub(super) fn export() -> Result<(), io::Error> {
        Err(io::Error::other("nobody reads this export"))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let inbox = Inbox::bind("127.0.0.1:0").await?;
    // Somebody renewed the secret of this one and told nobody: it refuses.
    let on_call = inbox.dingtalk().name("on call").secret("SECrenewed");
    let spare = inbox.slack().name("on call, spare");
    let team = inbox.feishu().name("team");

    let robots = Config::new("shop")
        .robot(
            Robot::dingtalk(on_call.url())
                .secret("SECformer")
                .name("on-call")
                .mention(Mention::all().from(Severity::Critical))
                .fallback(Robot::slack(spare.url()).name("on-call-spare")),
        )
        .robot(Robot::feishu(team.url()).name("team"));
    let config = robots
        // The first route that matches decides; `and_more` lets later ones add robots.
        .route(
            Route::new(Matcher::all().severity(Severity::Critical).owner("payments"))
                .to("on-call")
                .and_more(),
        )
        .route(
            Route::new(Matcher::all().module("*::catalog"))
                .to("team")
                .policy(Policy::digest_only()),
        )
        .route(Route::new(Matcher::all()).to("team"))
        // From ten to eight, eight hours ahead of UTC: severe failures speak, the rest waits for the morning.
        .quiet_hours(QuietHours::new((22, 0), (8, 0)).utc_offset_minutes(8 * 60))
        .on_error(|error| println!("failed to {error}"));
    let alerts = alert_core::init(config)?;

    // For as long as the old exporter is being taken down. It ends by itself and tells what it held back.
    let silence = Silence::new(Matcher::all().module("*::legacy"), Duration::from_secs(600))
        .by("anna")
        .because("the exporter is taken down");
    let silence = alert_core::silence(silence);

    let outcomes = [pay::charge(), catalog::picture(), legacy::export()];
    println!(
        "{} calls failed",
        outcomes.iter().filter(|outcome| outcome.is_err()).count()
    );
    // The spare robot is asked as soon as the first choice has refused.
    spare.wait_accepted(1, Duration::from_secs(10)).await?;
    alert_core::end_silence(silence);
    alerts.shutdown(Duration::from_secs(5)).await;

    for chat in [&on_call, &spare, &team] {
        println!(
            "\n== {}: {} accepted, {} refused",
            chat.kind(),
            chat.accepted().len(),
            chat.refused().len()
        );
        for message in chat.accepted() {
            println!("{}\n", message.text());
        }
    }
    let stats = alert_core::stats();
    println!("{stats}");
    if stats.silenced() == 1 && stats.delivered() >= 2 {
        Ok(())
    } else {
        Err("one failure was to be silenced, two to be told".into())
    }
}
