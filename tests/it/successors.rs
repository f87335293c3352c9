//! A loop of the dispatcher that dies has a successor, which goes on with all it held.

use std::num::ParseIntError;
use std::time::{Duration, Instant};

use alert_core::testing::{Moment, dispatcher_lives, kill_dispatcher};
use alert_core::{Config, ErrorKind, Flushed, Policy, Robot, alert_on_err};
use alert_tests::{Gate, Scene, until};

const PATIENCE: Duration = Duration::from_secs(60);

#[alert_on_err]
fn weighs() -> Result<(), ParseIntError> {
    "not a number".parse::<u8>().map(drop)
}

#[alert_on_err(severity = "critical")]
fn measures() -> Result<(), ParseIntError> {
    "300".parse::<u8>().map(drop)
}

fn config(gate: &Gate) -> Config {
    let robot = Robot::webhook("http://127.0.0.1:9/gate");
    Config::new("shop")
        .policy(Policy::each())
        .robot(robot)
        .transport(gate.clone())
}

/// The failures that all messages tell of, and those of them whose words were lost.
fn told(gate: &Gate) -> (u64, u64) {
    let messages = gate.messages();
    let groups = messages
        .iter()
        .flat_map(|body| body["groups"].as_array().unwrap());
    let without = messages
        .iter()
        .filter_map(|body| body["not_shown"]["queue_full"].as_u64());
    (
        groups.filter_map(|group| group["delta"].as_u64()).sum(),
        without.sum(),
    )
}

#[tokio::test]
async fn what_a_loop_had_taken_when_it_died_is_told_by_its_successor() {
    let mut scene = Scene::set().await;
    let gate = Gate::default();
    scene.start(config(&gate));
    weighs().unwrap_err();
    until("the dispatcher stands at the gate", || gate.messages().len() == 1).await;
    // All of these are taken in one turn, and the loop dies of the first.
    for _ in 0..20 {
        weighs().unwrap_err();
        measures().unwrap_err();
    }
    kill_dispatcher(Moment::Taking);
    gate.let_go();
    assert_eq!(alert_core::flush(PATIENCE).await, Flushed::Everything);
    assert!(!dispatcher_lives(), "it died");
    assert_eq!(scene.errors()[0].kind(), ErrorKind::Panicked);
    assert_eq!(
        told(&gate),
        (41, 1),
        "the one it died of is counted, the others are told in full"
    );
    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.delivered), (41, 41));
}

#[tokio::test]
async fn what_was_counted_at_a_site_when_the_loop_died_is_told_by_its_successor() {
    let mut scene = Scene::set().await;
    let gate = Gate::default();
    scene.start(config(&gate));
    weighs().unwrap_err();
    until("the dispatcher stands at the gate", || gate.messages().len() == 1).await;
    // More than the channel holds.
    for _ in 0..1_000 {
        weighs().unwrap_err();
    }
    kill_dispatcher(Moment::Counting);
    gate.let_go();
    assert_eq!(alert_core::flush(PATIENCE).await, Flushed::Everything);
    assert!(!dispatcher_lives(), "it died");
    assert_eq!(told(&gate), (1_001, 900));
    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.delivered), (1_001, 1_001));
}

#[tokio::test]
async fn a_message_that_was_ready_when_the_loop_died_is_sent_by_its_successor() {
    let mut scene = Scene::set().await;
    let gate = Gate::default();
    gate.let_go();
    scene.start(config(&gate));
    kill_dispatcher(Moment::Sending);
    weighs().unwrap_err();
    until("the loop dies", || !dispatcher_lives()).await;
    measures().unwrap_err();
    assert_eq!(alert_core::flush(PATIENCE).await, Flushed::Everything);
    assert_eq!(scene.errors()[0].kind(), ErrorKind::Panicked);
    assert_eq!(told(&gate), (2, 0), "both in full");
    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.delivered, counts.failed), (2, 2, 0));
}

#[tokio::test]
async fn a_loop_that_dies_again_and_again_is_followed_later_each_time_but_never_by_a_late_end() {
    let mut scene = Scene::set().await;
    let gate = Gate::default();
    gate.let_go();
    scene.start(config(&gate));
    let start = Instant::now();
    for deaths in 1..=6 {
        kill_dispatcher(Moment::Taking);
        weighs().unwrap_err();
        until("the loop dies", || scene.errors().len() == deaths).await;
    }
    let pauses = Duration::from_millis(100 + 200 + 400 + 800 + 1_600);
    assert!(start.elapsed() >= pauses, "{:?}", start.elapsed());
    // The seventh loop would come after 3.2 s.
    let start = Instant::now();
    assert_eq!(scene.take_guard().shutdown(PATIENCE).await, Flushed::Everything);
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.delivered), (6, 6));
}
