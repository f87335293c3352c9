//! Where a failure happened, and who looks after it.

#![expect(clippy::unused_async, reason = "stands for one that does more")]

use alert_core::alert_on_err;
use serde_json::Value;

use crate::errors::{Said, said};
use crate::turn::Turn;

#[alert_on_err(owner = "payments", runbook = "https://wiki.example.com/pay")]
async fn charge() -> Result<u32, Said> {
    tokio::task::yield_now().await;
    Err(said("card expired"))
}

#[alert_on_err]
async fn checkout() -> Result<u32, Said> {
    charge().await
}

#[alert_on_err]
fn count() -> Result<u32, Said> {
    Err(said("stock is negative"))
}

#[alert_on_err(owner = "stock team")]
async fn falls() -> Result<u32, Said> {
    panic!("fell over")
}

fn named<T: Send + 'static>(name: &str, work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().name(name.to_owned()).spawn(work);
    thread.unwrap().join().unwrap()
}

/// Runs a task on a thread of this name, and gives the task's id.
fn task_on<F>(name: &str, work: F) -> String
where
    F: Future<Output: Send> + Send + 'static,
{
    named(name, || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let task = tokio::spawn(work);
            let id = task.id();
            let _ended = task.await;
            id.to_string()
        })
    })
}

#[tokio::test]
async fn an_error_names_its_thread_and_task_and_who_looks_after_it() {
    let turn = Turn::start().await;
    let task = task_on("till-1", checkout());
    let told = turn.end().await;
    let fields = &told.only()["fields"];
    assert_eq!(fields["thread"], "till-1");
    assert_eq!(fields["task"], task.as_str());
    assert_eq!(fields["owner"], "payments");
    assert_eq!(fields["runbook"], "https://wiki.example.com/pay");
    assert_eq!(fields["pid"], std::process::id().to_string());
}

#[tokio::test]
async fn a_panic_names_them_too() {
    let turn = Turn::start().await;
    let task = task_on("till-2", falls());
    let told = turn.end().await;
    let fields = &told.only()["fields"];
    assert_eq!(fields["thread"], "till-2");
    assert_eq!(fields["task"], task.as_str());
    assert_eq!(fields["owner"], "stock team");
}

#[tokio::test]
async fn outside_of_tasks_there_is_none() {
    let turn = Turn::start().await;
    named("cellar", || count().unwrap_err());
    let told = turn.end().await;
    let fields = &told.only()["fields"];
    assert_eq!(fields["thread"], "cellar");
    for name in ["task", "owner", "runbook", "pod"] {
        assert_eq!(fields[name], Value::Null, "{name}");
    }
}

#[alert_on_err(fields(thread = "of my own", owner = "me"), owner = "nobody")]
fn says_itself() -> Result<u32, Said> {
    Err(said("no stock"))
}

#[tokio::test]
async fn what_the_attribute_says_comes_first() {
    let turn = Turn::start().await;
    says_itself().unwrap_err();
    let told = turn.end().await;
    let fields = &told.only()["fields"];
    assert_eq!(fields["thread"], "of my own");
    assert_eq!(fields["owner"], "me");
}
