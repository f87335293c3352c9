//! Errors that panic, recurse, flood or never end when they are asked for their words. The caller gets its own error
//! back, the dispatcher goes on.

use core::fmt;
use std::error::Error as StdError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use alert_core::inbox::{Chat, Message};
use alert_core::{Config, Flushed, Policy, Robot, Severity, alert_on_err};
use alert_tests::{PATIENCE, Scene};
use serde_json::Value;

/// An error whose words are code.
struct Says(fn(&mut fmt::Formatter<'_>) -> fmt::Result);

impl fmt::Display for Says {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}

impl fmt::Debug for Says {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Says")
    }
}

impl StdError for Says {}

#[alert_on_err]
fn fail_with(words: fn(&mut fmt::Formatter<'_>) -> fmt::Result) -> Result<(), Says> {
    Err(Says(words))
}

async fn scene() -> (Scene, Chat) {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    scene.start(
        Config::new("shop")
            .policy(Policy::each())
            .robot(Robot::webhook(archive.url())),
    );
    (scene, archive)
}

/// The one message after the one failure.
async fn message(archive: &Chat) -> Value {
    let told = archive.wait_accepted(1, PATIENCE).await.unwrap();
    let body = told[0].json();
    body["groups"][0].clone()
}

#[tokio::test]
async fn a_display_that_panics_is_told_without_its_words() {
    let (scene, archive) = scene().await;
    fail_with(|_| panic!("no words")).unwrap_err();
    let group = message(&archive).await;
    assert_eq!(group["message"], "message unavailable (its Display panicked)");
    assert_eq!(
        group["severity"], "error",
        "the inner panic is no alert of its own"
    );
    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.delivered), (1, 1));
}

#[tokio::test]
async fn a_display_that_returns_an_error_keeps_what_it_wrote() {
    let (scene, archive) = scene().await;
    fail_with(|f| {
        f.write_str("half a ")?;
        Err(fmt::Error)
    })
    .unwrap_err();
    assert_eq!(message(&archive).await["message"], "half a ");
    assert_eq!(scene.end().await.captured, 1);
}

fn recurses(f: &mut fmt::Formatter<'_>) -> fmt::Result {
    fail_with(recurses).unwrap_err();
    f.write_str("round and round")
}

/// Without the mark on the thread this would never end.
#[tokio::test]
async fn a_display_that_fails_through_an_annotated_function_is_counted_once() {
    let (scene, archive) = scene().await;
    fail_with(recurses).unwrap_err();
    assert_eq!(message(&archive).await["message"], "round and round");
    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.delivered, counts.reentrant), (2, 1, 1));
}

static ROWS: AtomicUsize = AtomicUsize::new(0);

#[tokio::test]
async fn a_display_of_50_megabytes_is_cut_and_stopped() {
    let (scene, archive) = scene().await;
    let start = Instant::now();
    fail_with(|f| {
        for row in 0..1_000_000 {
            ROWS.store(row, Ordering::Relaxed);
            writeln!(f, "row {row:6}: 40 characters of no use to anybody")?;
        }
        Ok(())
    })
    .unwrap_err();
    assert!(ROWS.load(Ordering::Relaxed) < 1_000, "it was not told to stop");
    // One that does not listen is not listened to either.
    fail_with(|f| {
        for _ in 0..500_000 {
            let _ignored = f.write_str("100 bytes, again and again, and nobody who asks whether any of them is still wanted by anyone at all");
        }
        Ok(())
    })
    .unwrap_err();
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "took {:?}",
        start.elapsed()
    );
    let told = archive.wait_accepted(2, PATIENCE).await.unwrap();
    for message in told {
        assert!(message.request().body().len() < 64 * 1024);
    }
    assert_eq!(scene.end().await.captured, 2);
}

/// An error with a very long chain behind it.
#[derive(Debug)]
struct Link(usize);

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "link {}", self.0)
    }
}

impl StdError for Link {
    /// Its own source: a cycle has no end at all.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        static CYCLE: Link = Link(1);
        Some(&CYCLE)
    }
}

#[tokio::test]
async fn a_chain_without_end_is_cut() {
    #[alert_on_err]
    fn fail() -> Result<(), Link> {
        Err(Link(0))
    }
    let (scene, archive) = scene().await;
    fail().unwrap_err();
    let group = message(&archive).await;
    let chain = group["chain"].as_array().unwrap();
    assert_eq!(
        (chain.len(), &chain[0], &chain[15]),
        (16, &"link 0".into(), &"link 1".into())
    );
    assert_eq!(scene.end().await.captured, 1);
}

#[tokio::test]
async fn a_display_that_writes_controls_and_overrides_shows_none() {
    let (scene, archive) = scene().await;
    fail_with(|f| f.write_str("paid\u{1b}[2J \u{202e}drawkcab\u{202c}\u{7} @all")).unwrap_err();
    let group = message(&archive).await;
    let text = group["message"].as_str().unwrap();
    assert!(
        !text.contains(['\u{1b}', '\u{202e}', '\u{202c}', '\u{7}']),
        "{text:?}"
    );
    assert!(text.contains("paid"), "{text:?}");
    assert_eq!(scene.end().await.captured, 1);
}

/// A lock held while the words are taken would be one that these words wait for.
#[tokio::test]
async fn a_display_that_waits_for_another_failing_thread_is_no_deadlock() {
    let (scene, archive) = scene().await;
    fail_with(|f| {
        std::thread::spawn(|| fail_with(|f| f.write_str("inner")).unwrap_err())
            .join()
            .unwrap();
        f.write_str("outer")
    })
    .unwrap_err();
    archive.wait_accepted(2, PATIENCE).await.unwrap();
    assert_eq!(scene.end().await.captured, 2);
}

/// Fails on a thread of its own, waits for it, and panics: with a lock of ours held the one could not end, and after the other
/// it would be poisoned.
fn waits_and_panics() -> bool {
    std::thread::spawn(|| fail_with(|f| f.write_str("inner")).unwrap_err())
        .join()
        .unwrap();
    panic!("in the middle of it")
}

/// Text and cause that are made by code like that.
#[derive(Debug)]
struct Treacherous;

impl fmt::Display for Treacherous {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if waits_and_panics() { "true" } else { "false" })
    }
}

impl std::error::Error for Treacherous {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        waits_and_panics().then_some(self as _)
    }
}

#[alert_on_err(when = |_| waits_and_panics())]
fn asks_whether() -> Result<(), Treacherous> {
    Err(Treacherous)
}

#[alert_on_err(severity_by = |_| if waits_and_panics() { Severity::Warning } else { Severity::Info })]
fn asks_how() -> Result<(), Treacherous> {
    Err(Treacherous)
}

#[alert_on_err(fields(trap = %Treacherous))]
fn asks_what() -> Result<(), Treacherous> {
    Err(Treacherous)
}

#[alert_on_err(key = Treacherous)]
fn asks_which() -> Result<(), Treacherous> {
    Err(Treacherous)
}

/// Fault 30: no lock of ours is held while the user's code runs, so none is waited for and none is poisoned. A test that
/// hangs here has found one.
#[tokio::test]
async fn whatever_of_the_users_panics_in_a_capture_poisons_no_lock_and_waits_for_none() {
    let (scene, archive) = scene().await;
    let asks: [fn() -> Result<(), Treacherous>; 4] = [asks_whether, asks_how, asks_what, asks_which];
    for ask in asks {
        let before = scene.counts().captured;
        tokio::task::spawn_blocking(move || {
            ask().unwrap_err();
            // Both a thread that panicked and others are as they were.
            fail_with(|f| f.write_str("after")).unwrap_err();
            std::thread::spawn(|| fail_with(|f| f.write_str("elsewhere")).unwrap_err())
                .join()
                .unwrap();
        })
        .await
        .unwrap();
        // Of its own, and one for each time it asked; and the two after it, in all detail.
        assert!(scene.counts().captured >= before + 4, "{:?}", scene.counts());
    }
    assert_eq!(alert_core::flush(PATIENCE).await, Flushed::Everything);
    let bodies: Vec<Value> = archive.accepted().iter().map(Message::json).collect();
    let told = |words: &str| -> u64 {
        let groups = bodies.iter().flat_map(|body| body["groups"].as_array().unwrap());
        groups
            .filter(|group| group["message"] == words)
            .map(|group| group["delta"].as_u64().unwrap())
            .sum()
    };
    assert_eq!((told("after"), told("elsewhere")), (4, 4), "{bodies:#?}");
    assert!(
        told("inner") >= 4 && told("message unavailable (its Display panicked)") >= 4,
        "{bodies:#?}"
    );
    scene.end().await;
}
