//! The two escapes from "one error, one alert": `boundary`, where one function reports for all within it, and
//! `no_dedup`, where each error is a failure of its own.

#![expect(clippy::unused_async, reason = "stands for one that does more")]

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;

use alert_core::{Severity, alert_on_err};
use serde_json::Value;
use tokio::task::yield_now;

use crate::errors::{Said, Wrapped, said};
use crate::turn::{Told, Turn, texts};

#[alert_on_err]
async fn db(what: &str) -> Result<u32, Said> {
    yield_now().await;
    Err(said(what))
}

#[alert_on_err]
fn disk(what: &str) -> Result<u32, Said> {
    Err(said(what))
}

#[alert_on_err]
fn slips() -> Result<u32, Said> {
    panic!("slipped");
}

/// The only alert is of this function, as one failure without a hop.
fn only_of<'a>(told: &'a Told, function: &str) -> &'a Value {
    assert_eq!((told.failures, told.hops), (1, 0), "{told:#?}");
    let group = told.only();
    assert_eq!(texts(&group["path"]), [function]);
    group
}

#[alert_on_err(boundary)]
async fn handler() -> Result<u32, Wrapped> {
    let _tried = db("first try").await;
    let rows = db("table is gone").await;
    rows.map_err(|error| Wrapped::new("no orders", error))
}

#[tokio::test]
async fn a_boundary_reports_and_what_is_within_does_not() {
    let turn = Turn::start().await;
    handler().await.unwrap_err();
    let told = turn.end().await;
    let group = only_of(&told, "handler");
    assert_eq!(texts(&group["chain"]), ["no orders", "table is gone"]);
}

#[alert_on_err(boundary)]
async fn copes() -> Result<u32, Said> {
    db("first try").await.or(Ok(7))
}

#[tokio::test]
async fn a_boundary_that_copes_with_an_error_makes_no_alert() {
    let turn = Turn::start().await;
    assert_eq!(copes().await.unwrap(), 7);
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (0, 0));
}

#[alert_on_err(boundary, severity = "critical")]
async fn outermost() -> Result<u32, Wrapped> {
    handler().await
}

#[tokio::test]
async fn of_two_boundaries_the_outer_one_reports() {
    let turn = Turn::start().await;
    outermost().await.unwrap_err();
    let told = turn.end().await;
    assert_eq!(only_of(&told, "outermost")["severity"], "critical");
}

#[alert_on_err]
async fn caller() -> Result<u32, Wrapped> {
    handler().await
}

#[tokio::test]
async fn the_way_on_from_a_boundary_is_told_as_ever() {
    let turn = Turn::start().await;
    caller().await.unwrap_err();
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (1, 1));
    assert_eq!(told.path("handler"), ["handler", "caller"]);
}

#[tokio::test]
async fn a_sibling_of_a_boundary_reports_for_itself() {
    let turn = Turn::start().await;
    // In turns, on one thread: what one of them silences must not silence the other.
    let (_, _) = tokio::join!(handler(), db("elsewhere"));
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (2, 0));
    assert_eq!(told.path("db"), ["db"]);
    assert_eq!(told.path("handler"), ["handler"]);
}

#[alert_on_err(boundary)]
async fn spawns() -> Result<u32, Said> {
    tokio::spawn(db("in a task")).await.unwrap().or(Ok(0))
}

#[tokio::test]
async fn a_task_spawned_within_reports_for_itself() {
    let turn = Turn::start().await;
    assert_eq!(spawns().await.unwrap(), 0);
    only_of(&turn.end().await, "db");
}

#[alert_on_err(boundary)]
async fn raises() -> Result<u32, Said> {
    alert_core::raise(Severity::Error, &said("by hand"));
    Ok(1)
}

#[tokio::test]
async fn what_the_program_raises_itself_is_told_within_a_boundary_too() {
    let turn = Turn::start().await;
    raises().await.unwrap();
    assert_eq!(turn.end().await.only()["message"], "by hand");
}

#[alert_on_err(boundary)]
async fn panics_within() -> Result<u32, Said> {
    yield_now().await;
    slips()
}

#[tokio::test]
async fn a_panic_within_is_told_of_the_boundary_with_its_own_words_and_place() {
    let turn = Turn::start().await;
    tokio::spawn(panics_within()).await.unwrap_err();
    // The thread has left the boundary, although it left it by unwinding.
    disk("afterwards").unwrap_err();
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (2, 0));
    let panic = told.groups.iter().find(|group| group["severity"] == "critical");
    let panic = panic.unwrap();
    assert_eq!(panic["message"], "slipped");
    assert_eq!(texts(&panic["path"]), ["panics_within"]);
    assert_eq!(panic["site"]["file"], file!());
}

#[alert_on_err(boundary)]
fn catches_within() -> Result<u32, Said> {
    let _caught = catch_unwind(slips);
    disk("after the catch")
}

#[tokio::test]
async fn a_panic_caught_within_is_not_told() {
    let turn = Turn::start().await;
    catches_within().unwrap_err();
    let told = turn.end().await;
    assert_eq!(only_of(&told, "catches_within")["message"], "after the catch");
}

#[alert_on_err(boundary)]
fn plain(what: &str) -> Result<u32, Said> {
    let found = disk(what)?;
    Ok(found)
}

#[alert_on_err(boundary)]
#[track_caller]
fn tracked(what: &str) -> Result<u32, Said> {
    disk(what)
}

#[alert_on_err(boundary)]
#[track_caller]
fn tracked_with_question_mark(what: &str) -> Result<u32, Said> {
    let found = disk(what)?;
    Ok(found)
}

type Boxed = Pin<Box<dyn Future<Output = Result<u32, Said>> + Send>>;

#[alert_on_err(boundary)]
fn boxed(what: &'static str) -> Pin<Box<dyn Future<Output = Result<u32, Said>> + Send>> {
    Box::pin(async move { db(what).await })
}

#[alert_on_err(boundary, future)]
fn passed_on(what: &'static str) -> Boxed {
    if what.is_empty() {
        return Box::pin(async { Ok(1) });
    }
    let later = db(what);
    Box::pin(later)
}

#[alert_on_err(boundary)]
fn opaque(what: &'static str) -> impl Future<Output = Result<u32, Said>> {
    if what.is_empty() {
        return db("nothing");
    }
    db(what)
}

struct Store;

#[alert_on_err(boundary)]
impl Store {
    async fn load(&self, what: &str) -> Result<u32, Said> {
        db(what).await
    }
}

#[tokio::test]
async fn every_shape_of_function_can_be_a_boundary() {
    let turn = Turn::start().await;
    plain("plain").unwrap_err();
    tracked("tracked").unwrap_err();
    tracked_with_question_mark("tracked, with a question mark").unwrap_err();
    boxed("boxed").await.unwrap_err();
    passed_on("passed on").await.unwrap_err();
    opaque("opaque").await.unwrap_err();
    Store.load("a method").await.unwrap_err();
    let told = turn.end().await;
    for function in [
        "plain",
        "tracked",
        "tracked_with_question_mark",
        "boxed",
        "passed_on",
        "opaque",
        "load",
    ] {
        assert_eq!(told.path(function), [function]);
    }
    assert_eq!((told.failures, told.hops), (7, 0));
}

#[alert_on_err(no_dedup)]
async fn counts_all(what: &str) -> Result<u32, Wrapped> {
    db(what).await.map_err(|error| Wrapped::new("no orders", error))
}

#[alert_on_err]
async fn above() -> Result<u32, Wrapped> {
    counts_all("index is broken").await
}

#[tokio::test]
async fn without_dedup_an_error_on_its_way_up_counts_again() {
    let turn = Turn::start().await;
    above().await.unwrap_err();
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (2, 1));
    assert_eq!(told.path("db"), ["db"]);
    assert_eq!(told.path("counts_all"), ["counts_all", "above"]);
}

#[alert_on_err(no_dedup)]
async fn ask(what: &str) -> Result<u32, Said> {
    yield_now().await;
    Err(said(what))
}

#[alert_on_err(no_dedup)]
async fn look_up(what: &str) -> Result<u32, Said> {
    ask(what).await
}

/// Joined ones that fail alike are otherwise a known under-count.
#[tokio::test]
async fn without_dedup_each_function_counts_each_of_its_errors() {
    let turn = Turn::start().await;
    let (_, _) = tokio::join!(look_up("not today"), ask("not today"));
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (3, 0));
}

#[alert_on_err(no_dedup)]
fn falls() -> Result<u32, Said> {
    slips()
}

#[tokio::test]
async fn without_dedup_a_panic_is_one_alert_still() {
    let turn = Turn::start().await;
    assert!(catch_unwind(AssertUnwindSafe(falls)).is_err());
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (1, 1));
}
