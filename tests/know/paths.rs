//! One error, one alert: each way an error can take through annotated functions, with what is counted.

#![expect(clippy::unused_async, reason = "stands for one that does more")]

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use alert_core::{Severity, alert_on_err};
use tokio::task::yield_now;

use crate::errors::{Said, Wrapped, said};
use crate::turn::{Turn, groups, texts};

#[alert_on_err]
async fn db(what: &str) -> Result<u32, Said> {
    yield_now().await;
    Err(said(what))
}

#[alert_on_err(severity = "warning")]
async fn repo(what: &str) -> Result<u32, Wrapped> {
    let rows = db(what).await;
    yield_now().await;
    rows.map_err(|error| Wrapped::new("no rows", error))
}

#[alert_on_err]
async fn service(what: &str) -> Result<u32, Wrapped> {
    repo(what).await.map_err(|error| Wrapped::new("no order", error))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_kept_through_three_functions_is_one_alert_with_the_path() {
    let turn = Turn::start().await;
    tokio::spawn(async { service("table is gone").await.unwrap_err() })
        .await
        .unwrap();
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (1, 2));
    let group = told.only();
    assert_eq!(texts(&group["path"]), ["db", "repo", "service"]);
    assert_eq!(texts(&group["chain"]), ["no order", "no rows", "table is gone"]);
    assert_eq!(group["site"]["function"], "db");
    assert_eq!(group["severity"], "error");
}

#[alert_on_err]
async fn quoting(what: &str) -> Result<u32, String> {
    db(what).await.map_err(|error| format!("failed: {error}"))
}

#[tokio::test]
async fn an_error_quoted_in_a_string_is_one_alert() {
    let turn = Turn::start().await;
    quoting("index is broken").await.unwrap_err();
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (1, 1));
    assert_eq!(told.path("db"), ["db", "quoting"]);
}

#[alert_on_err]
async fn stubborn(what: &str) -> Result<u32, Said> {
    let _first = db(what).await;
    let _second = db(what).await;
    db(what).await
}

#[tokio::test]
async fn three_tries_are_three_failures_and_the_last_goes_up() {
    let turn = Turn::start().await;
    stubborn("lock timed out").await.unwrap_err();
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (3, 1));
    assert_eq!(told.path("db"), ["db", "stubborn"]);
}

#[alert_on_err]
async fn both(what: &str) -> Result<(), Said> {
    let (one, other) = tokio::join!(db(what), db(what));
    one.and(other).map(|_| ())
}

#[tokio::test]
async fn two_at_once_in_one_task_are_two_failures_and_one_goes_up() {
    let turn = Turn::start().await;
    both("disk is full").await.unwrap_err();
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (2, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_fail_alike_at_once_are_not_mixed() {
    let turn = Turn::start().await;
    let requests: Vec<_> = (0..20).map(|_| tokio::spawn(service("pool is empty"))).collect();
    for request in requests {
        request.await.unwrap().unwrap_err();
    }
    let told = turn.end().await;
    assert_eq!(told.failures + told.hops, 60, "each function of each request");
    // A thread that is preempted inside a ring is not waited for: now and then a hop then counts as a failure.
    assert!((20..=26).contains(&told.failures), "{} failures", told.failures);
    assert_eq!(told.path("db"), ["db", "repo", "service"]);
}

#[alert_on_err]
async fn opaque(what: &str) -> Result<u32, Said> {
    db(what).await.map_err(|_| said("unavailable"))
}

#[tokio::test]
async fn a_source_thrown_away_makes_two_alerts() {
    let turn = Turn::start().await;
    opaque("row is locked").await.unwrap_err();
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (2, 0));
}

#[alert_on_err]
async fn parent(what: &'static str) -> Result<u32, Said> {
    tokio::spawn(db(what)).await.unwrap()
}

#[tokio::test]
async fn a_child_tasks_error_makes_two_alerts_without_a_trace_id() {
    let turn = Turn::start().await;
    parent("quota exceeded").await.unwrap_err();
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (2, 0));
}

#[alert_on_err]
async fn child() -> Result<u32, Said> {
    yield_now().await;
    panic!("stock is negative");
}

#[alert_on_err]
async fn joining() -> Result<u32, Wrapped> {
    let joined = tokio::spawn(child()).await;
    joined
        .map_err(|error| Wrapped::new("worker died", error))?
        .map_err(|error| Wrapped::new("worker failed", error))
}

#[tokio::test]
async fn a_panic_turned_into_an_error_is_counted_once() {
    let turn = Turn::start().await;
    joining().await.unwrap_err();
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (1, 1));
}

#[alert_on_err]
async fn slips() -> Result<(), Said> {
    yield_now().await;
    panic!("slipped");
}

#[alert_on_err]
async fn walks() -> Result<(), Said> {
    slips().await
}

#[alert_on_err]
fn runs() -> Result<(), Said> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(walks())
}

#[tokio::test]
async fn a_panic_through_three_functions_is_one_alert_with_the_path() {
    let turn = Turn::start().await;
    assert!(std::thread::spawn(runs).join().is_err());
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (1, 2));
    assert_eq!(told.only()["severity"], "critical");
}

#[alert_on_err(severity = "critical")]
async fn handler(what: &str) -> Result<u32, Said> {
    db(what).await
}

#[tokio::test]
async fn the_severest_function_on_the_way_decides() {
    let turn = Turn::start().await;
    handler("ledger is closed").await.unwrap_err();
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (1, 1));
    assert_eq!(told.only()["severity"], "critical");
}

#[alert_on_err(severity = "critical")]
async fn late(what: &str) -> Result<u32, Said> {
    let error = db(what).await;
    // What was known so far has been told by now.
    alert_core::flush(Duration::from_secs(5)).await;
    error
}

#[tokio::test]
async fn a_severity_found_out_after_the_message_makes_one_escalation() {
    let turn = Turn::start().await;
    late("journal is corrupt").await.unwrap_err();
    let recorder = turn.recorder.clone();
    let start = tokio::time::Instant::now();
    while recorder.messages().len() < 2 {
        assert!(start.elapsed() < Duration::from_secs(5), "no escalation came");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let told = turn.end().await;
    let seen: Vec<_> = groups(&recorder)
        .iter()
        .map(|group| (group["severity"].clone(), group["delta"].clone()))
        .collect();
    assert_eq!(seen, [("error".into(), 1.into()), ("critical".into(), 0.into())]);
    assert_eq!((told.failures, told.hops), (1, 1));
}

#[tokio::test]
async fn an_error_raised_by_hand_is_a_failure_of_its_own() {
    let turn = Turn::start().await;
    let error = db("mirror is stale").await.unwrap_err();
    alert_core::raise(Severity::Critical, &error);
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (2, 0));
}

#[alert_on_err]
async fn other(what: &str) -> Result<u32, Said> {
    Err(said(what))
}

#[tokio::test]
async fn two_functions_that_fail_alike_one_after_the_other_are_two_failures() {
    let turn = Turn::start().await;
    let _first = db("not today").await;
    let _second = other("not today").await;
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (2, 0));
}

#[tokio::test]
async fn known_under_count_two_functions_joined_that_fail_alike() {
    let turn = Turn::start().await;
    let (_first, _second) = tokio::join!(db("not today"), other("not today"));
    let told = turn.end().await;
    // Both may have begun before the first failed: then they look nested.
    assert_eq!(told.failures + told.hops, 2);
}

#[tokio::test]
async fn a_future_made_before_and_polled_after_another_failed_is_a_failure_of_its_own() {
    let turn = Turn::start().await;
    let (first, second) = (db("not today"), other("not today"));
    let _first = first.await;
    let _second = second.await;
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (2, 0));
}

#[alert_on_err]
fn digging(depth: u32) -> Result<u32, Said> {
    if depth == 0 {
        return Err(said("bedrock reached"));
    }
    digging(depth - 1)
}

#[tokio::test]
async fn known_over_count_recursion_of_one_function() {
    let turn = Turn::start().await;
    digging(2).unwrap_err();
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (3, 0));
}

static TENANT: Mutex<&str> = Mutex::new("");

#[alert_on_err(key = |_| *TENANT.lock().unwrap())]
async fn of_tenant() -> Result<u32, Said> {
    Err(said("ledger is closed"))
}

#[alert_on_err(severity = "critical")]
async fn books() -> Result<u32, Said> {
    of_tenant().await
}

#[tokio::test]
async fn each_kind_hears_of_the_way_though_another_took_it_a_moment_ago() {
    let turn = Turn::start().await;
    for tenant in ["acme", "bolt"] {
        *TENANT.lock().unwrap() = tenant;
        books().await.unwrap_err();
    }
    let told = turn.end().await;
    let mut kinds = HashMap::new();
    for group in &told.groups {
        kinds.insert(group["fingerprint"].to_string(), group);
    }
    assert_eq!(kinds.len(), 2, "a kind for each key");
    for latest in kinds.values() {
        assert_eq!(texts(&latest["path"]), ["of_tenant", "books"]);
        assert_eq!(latest["severity"], "critical");
    }
}

#[alert_on_err]
async fn dry(what: &str) -> Result<u32, Said> {
    Err(said(what))
}

#[alert_on_err]
async fn well(what: &str) -> Result<u32, Said> {
    dry(what).await
}

#[alert_on_err]
async fn wraps(what: &str) -> Result<u32, Wrapped> {
    well(what).await.map_err(|error| Wrapped::new("no water", error))
}

#[tokio::test]
async fn a_way_told_before_has_no_hole_when_it_goes_on() {
    let turn = Turn::start().await;
    well("the well is dry").await.unwrap_err();
    wraps("the well is dry").await.unwrap_err();
    let told = turn.end().await;
    assert_eq!(told.path("dry"), ["dry", "well", "wraps"]);
}
