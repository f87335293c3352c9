//! Every shape of failure reaches every robot, with where and why, and none is lost in a storm.

#![expect(clippy::unused_async, reason = "stands for one that does more")]

use core::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use alert_core::inbox::{Fault, Kind};
use alert_core::{Config, Policy, Robot, Severity, alert_on_err};
use alert_tests::{Gate, PATIENCE, Scene, line_of, until};
use serde_json::Value;

/// An error with a cause.
#[derive(Debug)]
struct Declined(std::io::Error);

impl fmt::Display for Declined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("card declined")
    }
}

impl std::error::Error for Declined {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

fn bank() -> Result<u32, Declined> {
    Err(Declined(std::io::Error::other("the bank is closed")))
}

#[alert_on_err]
async fn charge() -> Result<u32, Declined> {
    tokio::task::yield_now().await;
    let receipt = bank()?; // <- charge
    Ok(receipt)
}

#[alert_on_err(severity = "warning")]
fn price() -> Result<u32, Declined> {
    let price = bank()?; // <- price
    Ok(price)
}

#[alert_on_err]
async fn slip() -> Result<(), Declined> {
    tokio::task::yield_now().await;
    panic!("slipped on the stairs"); // <- slip
}

fn told() {
    alert_core::raise(Severity::Error, &Declined(std::io::Error::other("by hand"))); // <- told
}

struct Shop;

impl Shop {
    #[alert_on_err]
    async fn stock(&self) -> Result<u32, Declined> {
        Ok(bank()? + 1) // <- stock
    }
}

trait Till {
    fn open(&self) -> impl Future<Output = Result<u32, Declined>> + Send;
    fn close(&self) -> Pin<Box<dyn Future<Output = Result<u32, Declined>> + Send + '_>>;
}

impl Till for Shop {
    #[alert_on_err]
    async fn open(&self) -> Result<u32, Declined> {
        let count = bank()?; // <- open
        Ok(count)
    }

    #[alert_on_err]
    fn close(&self) -> Pin<Box<dyn Future<Output = Result<u32, Declined>> + Send + '_>> {
        Box::pin(async move {
            let count = bank()?; // <- close
            Ok(count)
        })
    }
}

fn line(name: &str) -> u32 {
    line_of(include_str!("delivery.rs"), name)
}

/// Runs the future on a task, so that its panic ends there.
async fn on_a_task<F>(future: F)
where
    F: Future<Output: Send> + Send + 'static,
{
    // How it ended is what the alert tells.
    tokio::spawn(future).await.ok();
}

fn check_place(group: &Value, function: &str, line_name: &str) {
    assert_eq!(group["site"]["function"], function, "{group:#}");
    assert_eq!(group["site"]["file"], file!(), "{group:#}");
    assert_eq!(group["site"]["line"], line(line_name), "{group:#}");
    assert_eq!(group["delta"], 1, "{group:#}");
}

#[tokio::test]
async fn every_shape_of_failure_names_its_function_and_line() {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    scene.start(
        Config::new("shop")
            .policy(Policy::each())
            .robot(Robot::webhook(archive.url())),
    );

    let mut shapes = 0;
    let mut next = async |function: &str, at: &str| {
        shapes += 1;
        let messages = archive.wait_accepted(shapes, PATIENCE).await.unwrap();
        let body = messages[shapes - 1].json();
        assert_eq!(body["service"], "shop");
        check_place(&body["groups"][0], function, at);
        body["groups"][0].clone()
    };

    charge().await.unwrap_err();
    let group = next("charge", "charge").await;
    assert_eq!(
        group["chain"],
        serde_json::json!(["card declined", "the bank is closed"])
    );
    assert_eq!(group["error_type"], "it::delivery::Declined");
    assert_eq!(group["severity"], "error");

    price().unwrap_err();
    assert_eq!(next("price", "price").await["severity"], "warning");

    on_a_task(slip()).await;
    let group = next("slip", "slip").await;
    assert_eq!(group["message"], "slipped on the stairs");
    assert_eq!(group["severity"], "critical");

    told();
    assert_eq!(next("raise", "told").await["chain"][1], "by hand");

    Shop.stock().await.unwrap_err();
    next("stock", "stock").await;
    Shop.open().await.unwrap_err();
    next("open", "open").await;
    Shop.close().await.unwrap_err();
    next("close", "close").await;

    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.delivered, counts.failed), (7, 7, 0));
}

#[tokio::test]
async fn every_robot_shows_function_place_and_chain() {
    let mut scene = Scene::set().await;
    let secret = "SEC9c2f4e1a7b3d5f60";
    scene.secret(secret);
    let mut config = Config::new("shop").policy(Policy::each());
    let mut chats = Vec::new();
    for kind in Kind::ALL {
        let mut chat = scene.chat(kind);
        let Some(mut robot) = Scene::robot(&chat) else {
            continue;
        };
        if matches!(kind, Kind::Dingtalk | Kind::Feishu | Kind::Webhook) {
            (chat, robot) = (chat.secret(secret), robot.secret(secret));
        }
        if matches!(kind, Kind::Dingtalk | Kind::Feishu) {
            (chat, robot) = (chat.keyword("till"), robot.keyword("till"));
        }
        config = config.robot(robot.name(format!("{kind} of the shop")));
        chats.push(chat);
    }
    assert!(chats.len() >= 3, "DingTalk, Feishu and the webhook at least");
    scene.start(config);

    charge().await.unwrap_err();
    for chat in &chats {
        let shown = chat.wait_accepted(1, PATIENCE).await.unwrap()[0].text();
        let place = format!("{}:{}", file!(), line("charge"));
        for part in ["shop", "charge", &place, "card declined", "the bank is closed"] {
            assert!(shown.contains(part), "{chat:?} does not show `{part}`:\n{shown}");
        }
    }
    on_a_task(slip()).await;
    for chat in &chats {
        let shown = chat.wait_accepted(2, PATIENCE).await.unwrap()[1].text();
        let place = format!("{}:{}", file!(), line("slip"));
        for part in ["slip", &place, "slipped on the stairs"] {
            assert!(shown.contains(part), "{chat:?} does not show `{part}`:\n{shown}");
        }
        assert!(chat.refused().is_empty(), "{:?}", chat.refused());
    }
    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.delivered, counts.failed), (2, 2, 0));
}

/// Without the counters at the sites this loses whatever finds the channel of 100 full.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_storm_is_a_handful_of_messages_and_every_failure_is_in_one() {
    const STORM: u64 = 6_000;
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    let ops = scene.chat(Kind::Dingtalk);
    scene.start(
        Config::new("shop")
            .robot(Robot::webhook(archive.url()))
            .robot(Robot::dingtalk(ops.url())),
    );
    let storm: Vec<_> = (0..4)
        .map(|_| {
            tokio::spawn(async {
                for _ in 0..STORM / 4 {
                    charge().await.unwrap_err();
                }
            })
        })
        .collect();
    for part in storm {
        part.await.unwrap();
    }
    let counts = {
        let guard = scene.take_guard();
        guard.shutdown(Duration::from_secs(5)).await;
        let messages = archive.accepted().len();
        assert!((1..15).contains(&messages), "{messages} messages");
        assert!((1..15).contains(&ops.accepted().len()));
        assert!(ops.refused().is_empty(), "{:?}", ops.refused());
        scene.end().await
    };
    assert_eq!((counts.captured, counts.delivered), (STORM, STORM));
}

#[tokio::test]
async fn a_full_channel_loses_detail_and_says_how_much_but_no_count() {
    let mut scene = Scene::set().await;
    let gate = Gate::default();
    let robot = Robot::webhook("http://127.0.0.1:9/gate");
    scene.start(
        Config::new("shop")
            .policy(Policy::each())
            .robot(robot)
            .transport(gate.clone()),
    );
    charge().await.unwrap_err();
    until("the dispatcher stands at the gate", || gate.messages().len() == 1).await;
    for _ in 0..1_000 {
        charge().await.unwrap_err();
    }
    gate.let_go();
    assert_eq!(alert_core::flush(PATIENCE).await, alert_core::Flushed::Everything);

    let messages = gate.messages();
    let told: u64 = messages
        .iter()
        .filter_map(|body| body["groups"][0]["delta"].as_u64())
        .sum();
    let without_detail: u64 = messages
        .iter()
        .filter_map(|body| body["not_shown"]["queue_full"].as_u64())
        .sum();
    assert_eq!(told, 1_001, "{messages:#?}");
    assert_eq!(without_detail, 900, "{messages:#?}");
    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.delivered), (1_001, 1_001));
}

#[tokio::test]
async fn a_robot_that_hangs_does_not_delay_the_other() {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    let ops = scene.chat(Kind::Feishu);
    ops.fault(Fault::Silent);
    scene.start(
        Config::new("shop")
            .policy(Policy::each())
            .timeout(Duration::from_secs(30))
            .robot(Robot::feishu(ops.url()))
            .robot(Robot::webhook(archive.url())),
    );
    for told in 1..=3 {
        charge().await.unwrap_err();
        archive.wait_accepted(told, PATIENCE).await.unwrap();
    }
    assert_eq!(ops.messages().len(), 1, "one message at a time is on its way");
    drop(scene.take_guard());
    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.delivered, counts.sent), (3, 3, 3));
}

/// What cannot carry an attribute is watched where it stands.
#[tokio::test]
async fn a_watched_future_names_its_place_and_what_it_is() {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    scene.start(
        Config::new("shop")
            .policy(Policy::each())
            .robot(Robot::webhook(archive.url())),
    );
    let line = line!() + 1;
    let read = alert_core::watch!(
        severity = "critical",
        name = "read the menu",
        tokio::fs::read("/no/menu")
    )
    .await;
    read.unwrap_err();
    let told = archive.wait_accepted(1, PATIENCE).await.unwrap();
    let body = told[0].json();
    let group = &body["groups"][0];
    assert_eq!(group["site"]["function"], "read the menu");
    assert_eq!(group["site"]["line"], line);
    assert_eq!(group["severity"], "critical");
    let panics = tokio::spawn(alert_core::watch!(async {
        [1, 2, 3].iter().position(|n| *n == 4).unwrap()
    }));
    panics.await.unwrap_err();
    archive.wait_accepted(2, PATIENCE).await.unwrap();
    let counts = scene.end().await;
    assert_eq!(counts.captured, 2);
}
