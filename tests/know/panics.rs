//! Panics: one alert each, of the right one, however they are caught, resumed or hidden.

use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};

use alert_core::alert_on_err;

use crate::turn::Turn;

type Outcome = Result<(), std::io::Error>;

#[alert_on_err]
fn catches_then_resumes_another() -> Outcome {
    let _caught = catch_unwind(|| panic!("caught on purpose"));
    resume_unwind(Box::new("another"));
}

#[tokio::test]
async fn a_panic_caught_on_purpose_is_never_taken_for_a_later_resume() {
    let turn = Turn::start().await;
    let outcome = catch_unwind(catches_then_resumes_another);
    assert!(outcome.is_err());
    let told = turn.end().await;
    let message = told.only()["message"].as_str().unwrap();
    assert!(message.contains("details unavailable"), "{message}");
    assert_eq!((told.failures, told.hops), (1, 0));
}

#[alert_on_err]
fn catches_then_panics() -> Outcome {
    let _caught = catch_unwind(|| panic!("caught on purpose"));
    panic!("for real");
}

#[tokio::test]
async fn of_a_caught_panic_and_the_one_after_it_the_second_is_told() {
    let turn = Turn::start().await;
    assert!(catch_unwind(catches_then_panics).is_err());
    let told = turn.end().await;
    assert_eq!(told.only()["message"], "for real");
}

/// Panics and catches it, in a destructor.
struct Clumsy;

impl Drop for Clumsy {
    fn drop(&mut self) {
        let _caught = catch_unwind(|| panic!("while cleaning up"));
    }
}

#[alert_on_err]
fn falls_over_clumsy() -> Outcome {
    let _clumsy = Clumsy;
    panic!("the first");
}

#[tokio::test]
async fn a_panic_caught_in_a_destructor_does_not_hide_the_first() {
    let turn = Turn::start().await;
    assert!(catch_unwind(falls_over_clumsy).is_err());
    let told = turn.end().await;
    assert_eq!(told.only()["message"], "the first");
    assert_eq!((told.failures, told.hops), (1, 0));
}

#[alert_on_err]
fn fails() -> Outcome {
    Err(std::io::Error::other("no ink"))
}

#[alert_on_err]
fn resumes() -> Outcome {
    resume_unwind(Box::new(7_u8));
}

#[tokio::test]
async fn an_error_in_between_shows_that_a_panic_was_caught() {
    let turn = Turn::start().await;
    let thread = std::thread::spawn(|| {
        let _caught = catch_unwind(|| panic!("caught long ago"));
        fails().unwrap_err();
        resumes()
    });
    assert!(thread.join().is_err());
    let told = turn.end().await;
    assert_eq!(told.failures, 2);
    let panic = told.groups.iter().find(|group| group["severity"] == "critical");
    let message = panic.unwrap()["message"].as_str().unwrap();
    assert!(message.contains("details unavailable"), "{message}");
}

#[alert_on_err]
fn inner() -> Outcome {
    panic_any(42_u64)
}

#[alert_on_err]
fn outer() -> Outcome {
    let payload = catch_unwind(inner).unwrap_err();
    resume_unwind(payload)
}

#[tokio::test]
async fn a_reported_panic_that_is_caught_and_resumed_is_a_hop() {
    let turn = Turn::start().await;
    assert!(catch_unwind(outer).is_err());
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (1, 1));
    assert_eq!(told.only()["message"], "panic with a payload that is no text");
}

#[tokio::test]
async fn panics_outside_annotated_functions_are_reported_on_request() {
    let turn = Turn::with(|config| config.report_all_panics(true)).await;
    let task = tokio::spawn(async { panic!("in a task") });
    assert!(task.await.is_err());
    let blocking = tokio::task::spawn_blocking(|| panic!("in a blocking call"));
    assert!(blocking.await.is_err());
    let thread = std::thread::Builder::new()
        .name("painter".to_owned())
        .spawn(|| panic!("in a thread"));
    assert!(thread.unwrap().join().is_err());
    assert!(catch_unwind(AssertUnwindSafe(falls_over_quietly)).is_err());
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (4, 1));
    for (message, function) in [
        ("in a task", "panic"),
        ("in a blocking call", "panic"),
        ("in a thread", "panic"),
        ("annotated too", "falls_over_quietly"),
    ] {
        let group = told.groups.iter().find(|group| group["message"] == message);
        let group = group.unwrap_or_else(|| panic!("no {message}: {told:#?}"));
        assert_eq!(group["site"]["function"], function);
        assert_eq!(group["site"]["file"], file!());
    }
    let painted = told.groups.iter().find(|group| group["message"] == "in a thread");
    assert_eq!(painted.unwrap()["fields"]["thread"], "painter");
}

#[alert_on_err]
fn falls_over_quietly() -> Outcome {
    panic!("annotated too")
}

#[tokio::test]
async fn panics_outside_annotated_functions_are_left_alone_otherwise() {
    let turn = Turn::start().await;
    assert!(tokio::spawn(async { panic!("nobody asked") }).await.is_err());
    assert_eq!(turn.end().await.failures, 0);
}
