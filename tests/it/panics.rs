//! A panic is one alert of the innermost annotated function, with message, place and the user's own frames; it
//! goes on as it would have gone, and none is invented.

#![expect(clippy::unnecessary_wraps, reason = "stands for one that does more")]

use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};

use alert_core::inbox::{Chat, Fault, Inbox};
use alert_core::{Config, Flushed, Policy, Robot, alert_on_err};
use alert_tests::{Gate, PATIENCE, Scene, line_of, run, until};
use serde_json::Value;

type Outcome = Result<u32, std::io::Error>;

#[inline(never)]
fn reckon(divisor: u32) -> u32 {
    assert!(divisor > 0, "cannot divide the {} loot", "golden"); // <- reckon
    100 / divisor
}

#[alert_on_err]
async fn share(pirates: u32) -> Outcome {
    tokio::task::yield_now().await;
    Ok(reckon(pirates))
}

#[alert_on_err]
async fn captain(pirates: u32) -> Outcome {
    share(pirates).await
}

#[alert_on_err]
async fn ship(pirates: u32) -> Outcome {
    captain(pirates).await
}

#[alert_on_err]
async fn waits_for_ever() -> Outcome {
    std::future::pending().await
}

#[alert_on_err]
fn brings(payload: Box<dyn std::any::Any + Send>) -> Outcome {
    resume_unwind(payload)
}

#[alert_on_err]
fn throws(payload: u64) -> Outcome {
    panic_any(payload)
}

async fn scene() -> (Scene, Chat) {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    scene.start(
        Config::new("ship")
            .policy(Policy::each())
            .robot(Robot::webhook(archive.url())),
    );
    (scene, archive)
}

/// The groups of all messages, after everything has been sent.
async fn groups(archive: &Chat) -> Vec<Value> {
    alert_core::flush(PATIENCE).await;
    let bodies = archive
        .accepted()
        .into_iter()
        .map(|message| message.request().body().to_vec());
    let bodies = bodies.map(|body| serde_json::from_slice::<Value>(&body).unwrap());
    bodies
        .flat_map(|body| body["groups"].as_array().unwrap().clone())
        .collect()
}

#[tokio::test]
async fn a_panic_tells_message_place_and_the_users_frames() {
    let (scene, archive) = scene().await;
    tokio::spawn(share(0)).await.unwrap_err();
    let groups = groups(&archive).await;
    assert_eq!(groups.len(), 1);
    let group = &groups[0];
    assert_eq!(group["message"], "cannot divide the golden loot");
    assert_eq!(group["severity"], "critical");
    assert_eq!(group["site"]["function"], "share");
    assert_eq!(group["site"]["file"], file!());
    let line = line_of(include_str!("panics.rs"), "reckon");
    assert_eq!(group["site"]["line"], line);
    let stack: Vec<_> = group["stack"]
        .as_array()
        .unwrap()
        .iter()
        .map(|frame| frame.as_str().unwrap())
        .collect();
    assert!(stack.len() >= 2, "{stack:?}");
    assert!(
        stack[0].starts_with("it::panics::reckon at ") && stack[0].ends_with(&format!(":{line}")),
        "{stack:?}"
    );
    // With line tables alone the name of an inlined block has no path.
    assert!(stack[1].contains("panics.rs:"), "{stack:?}");
    assert!(
        !stack.iter().any(|frame| frame.starts_with("alert_core")),
        "{stack:?}"
    );
    assert_eq!(scene.end().await.captured, 1);
}

#[tokio::test]
async fn a_panic_through_three_functions_is_one_alert_of_the_innermost() {
    let (scene, archive) = scene().await;
    for _ in 0..3 {
        tokio::spawn(ship(0)).await.unwrap_err();
    }
    let groups = groups(&archive).await;
    assert!(
        groups.iter().all(|group| group["site"]["function"] == "share"),
        "{groups:#?}"
    );
    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.delivered), (3, 3));
}

/// A guard that lives across an await would be dropped by the sibling's unwinding.
#[tokio::test]
async fn a_sibling_in_join_is_not_blamed() {
    let (scene, archive) = scene().await;
    tokio::spawn(async {
        // The waiting one is polled first, so it is under way when the other panics.
        let (_never, _panics) = tokio::join!(waits_for_ever(), share(0));
    })
    .await
    .unwrap_err();
    let groups = groups(&archive).await;
    assert_eq!(groups.len(), 1, "{groups:#?}");
    assert_eq!(groups[0]["site"]["function"], "share");
    assert_eq!(scene.end().await.captured, 1);
}

#[alert_on_err]
fn catches_inside() -> Outcome {
    Ok(catch_unwind(|| reckon(0)).unwrap_or(7))
}

#[alert_on_err]
fn catches_and_fails() -> Outcome {
    catch_unwind(|| reckon(0)).map_err(|_| std::io::Error::other("no loot"))
}

#[tokio::test]
async fn a_panic_that_is_caught_inside_is_none() {
    let (scene, archive) = scene().await;
    assert_eq!(catches_inside().unwrap(), 7);
    // Nor does it colour what comes after it on this thread.
    catches_and_fails().unwrap_err();
    let groups = groups(&archive).await;
    assert_eq!(groups.len(), 1, "{groups:#?}");
    assert_eq!(
        (&groups[0]["message"], &groups[0]["severity"]),
        (&"no loot".into(), &"error".into())
    );
    assert!(groups[0]["stack"].as_array().unwrap().is_empty());
    assert_eq!(scene.end().await.captured, 1);
}

#[tokio::test]
async fn a_payload_that_is_no_text_passes_unchanged_and_is_told_as_such() {
    let (scene, archive) = scene().await;
    let payload = catch_unwind(|| throws(42)).unwrap_err();
    assert_eq!(payload.downcast_ref::<u64>(), Some(&42));
    let groups = groups(&archive).await;
    assert_eq!(groups[0]["message"], "panic with a payload that is no text");
    assert_eq!(scene.end().await.captured, 1);
}

#[tokio::test]
async fn a_resumed_panic_is_told_once_and_without_details() {
    let (scene, archive) = scene().await;
    // Reported where it happened: carried on by hand, it is no second failure.
    let payload = catch_unwind(|| throws(1)).unwrap_err();
    catch_unwind(AssertUnwindSafe(|| brings(payload))).unwrap_err();
    assert_eq!(scene.counts().captured, 1);
    // On a thread where no hook ran: told, since something did go wrong.
    let resumed = std::thread::spawn(|| brings(Box::new("by hand")));
    resumed.join().unwrap_err();
    let groups = groups(&archive).await;
    assert_eq!(groups.len(), 2, "{groups:#?}");
    assert!(
        groups[1]["message"]
            .as_str()
            .unwrap()
            .contains("details unavailable")
    );
    assert_eq!(groups[1]["site"]["function"], "brings");
    assert_eq!(scene.end().await.captured, 2);
}

#[tokio::test]
async fn panics_are_told_from_tasks_threads_and_blocking_calls() {
    let (scene, archive) = scene().await;
    let mut set = tokio::task::JoinSet::new();
    set.spawn(share(0));
    set.join_next().await.unwrap().unwrap_err();
    tokio::task::spawn_blocking(|| throws(2)).await.unwrap_err();
    std::thread::spawn(|| throws(3)).join().unwrap_err();
    let local = tokio::task::LocalSet::new();
    local
        .run_until(async { tokio::task::spawn_local(share(0)).await.unwrap_err() })
        .await;
    let told: u64 = groups(&archive)
        .await
        .iter()
        .filter_map(|group| group["delta"].as_u64())
        .sum();
    assert_eq!(told, 4);
    assert_eq!(scene.end().await.captured, 4);
}

/// It must not wait behind a full channel, and its count is exact even where detail finds no room.
#[tokio::test]
async fn a_panic_gets_through_a_storm_of_errors() {
    let (scene, archive) = scene().await;
    archive.fault_next(1, Fault::Slow(std::time::Duration::from_millis(200)));
    for _ in 0..3_000 {
        catches_and_fails_quietly().unwrap_err();
    }
    tokio::spawn(share(0)).await.unwrap_err();
    let groups = groups(&archive).await;
    let panic = groups
        .iter()
        .find(|group| group["site"]["function"] == "share")
        .unwrap();
    assert_eq!(panic["message"], "cannot divide the golden loot");
    assert_eq!(scene.end().await.captured, 3_001);
}

/// Fault 2: with a dispatcher that takes nothing, so that the channel is full for certain. The panic's words have a place of
/// their own.
#[tokio::test]
async fn a_panic_that_finds_the_channel_full_is_told_with_its_words() {
    let mut scene = Scene::set().await;
    let gate = Gate::default();
    scene.start(
        Config::new("ship")
            .policy(Policy::each())
            .robot(Robot::webhook("http://127.0.0.1:9/gate"))
            .transport(gate.clone()),
    );
    catches_and_fails_quietly().unwrap_err();
    until("the dispatcher stands at the gate", || gate.messages().len() == 1).await;
    for _ in 0..1_000 {
        catches_and_fails_quietly().unwrap_err();
    }
    tokio::spawn(share(0)).await.unwrap_err();
    gate.let_go();
    assert_eq!(alert_core::flush(PATIENCE).await, Flushed::Everything);
    let messages = gate.messages();
    let mut groups = messages
        .iter()
        .flat_map(|body| body["groups"].as_array().unwrap());
    let panic = groups.find(|group| group["site"]["function"] == "share").unwrap();
    assert_eq!(panic["message"], "cannot divide the golden loot");
    assert!(!panic["stack"].as_array().unwrap().is_empty(), "{panic:#}");
    assert_eq!(scene.end().await.captured, 1_002);
}

#[alert_on_err]
fn catches_and_fails_quietly() -> Outcome {
    Err(std::io::Error::other("no loot"))
}

/// A message of 5 MB: what is kept and sent has bounds.
#[tokio::test]
async fn a_huge_panic_message_is_cut() {
    #[alert_on_err]
    fn shouts() -> Outcome {
        panic_any("Arr".repeat(2_000_000))
    }
    let (scene, archive) = scene().await;
    std::thread::spawn(shouts).join().unwrap_err();
    let groups = groups(&archive).await;
    let message = groups[0]["message"].as_str().unwrap();
    assert!(
        message.starts_with("ArrArr") && message.len() <= 4_200,
        "{} bytes",
        message.len()
    );
    assert_eq!(scene.end().await.captured, 1);
}

/// Runs `panics <what>` and gives what it printed with what the webhook heard.
async fn program(what: &str) -> (alert_tests::Finished, Vec<Value>, u64) {
    let inbox = Inbox::bind("127.0.0.1:0").await.unwrap();
    let chat = inbox.webhook();
    let ended = run(env!("CARGO_BIN_EXE_panics"), &[what, &chat.url()], &[]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let bodies = chat
        .accepted()
        .into_iter()
        .map(|message| message.request().body().to_vec());
    let bodies = bodies
        .map(|body| serde_json::from_slice(&body).unwrap())
        .collect();
    (ended, bodies, chat.delta())
}

#[tokio::test]
async fn the_users_own_hook_still_runs() {
    let (ended, bodies, delta) = program("hook-before").await;
    assert_eq!(ended.value("hook"), "saw: overboard");
    assert!(!ended.out.contains("error"), "{ended:?}");
    assert_eq!(bodies[0]["groups"][0]["message"], "overboard");
    assert_eq!(delta, 1);
}

#[tokio::test]
async fn a_hook_that_replaces_ours_costs_the_details_and_no_alert_and_is_noticed_once() {
    let (ended, bodies, delta) = program("hook-after").await;
    assert_eq!(ended.value("hook"), "saw: overboard");
    assert_eq!(ended.out.matches("hook saw").count(), 2);
    let noticed = ended.value("error");
    assert!(
        noticed.contains("the program replaced it after `init`"),
        "{ended:?}"
    );
    assert_eq!(ended.out.matches("error").count(), 1);
    assert!(
        bodies[0]["groups"][0]["message"]
            .as_str()
            .unwrap()
            .contains("details unavailable")
    );
    assert_eq!(delta, 2);
}

#[tokio::test]
async fn two_thousand_panics_from_four_threads_are_a_few_messages() {
    let (ended, bodies, delta) = program("storm").await;
    assert_eq!(
        (ended.value("captured"), ended.value("delivered")),
        ("2000", "2000")
    );
    assert_eq!(delta, 2_000);
    assert!((1..=6).contains(&bodies.len()), "{} messages", bodies.len());
}
