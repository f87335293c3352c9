//! Start and end: whatever the program does with its guard, its runtime or its threads, nothing hangs, nothing
//! panics, and every failure is delivered or accounted for.

mod runtimes;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use alert_core::inbox::{Chat, Fault, Message};
use alert_core::{Config, ErrorKind, Flushed, Policy, Robot, Severity, alert_on_err};
use alert_tests::{PATIENCE, Scene, until};

#[alert_on_err]
async fn fail() -> Result<(), std::io::Error> {
    Err(std::io::Error::other("no ink"))
}

#[alert_on_err]
fn fail_at_once() -> Result<(), std::io::Error> {
    Err(std::io::Error::other("no paper"))
}

/// A scene with one webhook whose alerts wait for the end: nothing speaks by itself within a minute.
async fn patient() -> (Scene, Chat) {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    scene.start(patient_config(&archive));
    (scene, archive)
}

fn patient_config(chat: &Chat) -> Config {
    Config::new("shop")
        .policy(Policy::digest_only())
        .timeout(Duration::from_secs(30))
        .robot(Robot::webhook(chat.url()))
}

#[tokio::test]
async fn a_dropped_guard_delivers_what_is_pending() {
    let (mut scene, archive) = patient().await;
    fail().await.unwrap_err();
    drop(scene.take_guard());
    assert_eq!(archive.delta(), 1);
    assert_eq!(scene.end().await.delivered, 1);
}

#[alert_on_err(severity = "critical")]
fn fail_badly() -> Result<(), std::io::Error> {
    Err(std::io::Error::other("no printer"))
}

/// Fault 60: what was counted since the last message, and the severe before the rest, though the rest failed first.
#[tokio::test]
async fn at_the_end_the_severe_is_sent_first_and_then_every_summary() {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    scene.start(Config::new("shop").robot(Robot::webhook(archive.url())));
    fail_at_once().unwrap_err();
    fail_badly().unwrap_err();
    until("the first of each is told", || archive.delta() == 2).await;
    // Both are summaries now, long before their time.
    for _ in 0..3 {
        fail_at_once().unwrap_err();
    }
    for _ in 0..2 {
        fail_badly().unwrap_err();
    }
    let told = archive.accepted().len();
    drop(scene.take_guard());
    assert_eq!(archive.delta(), 7);
    let bodies: Vec<serde_json::Value> = archive.accepted()[told..].iter().map(Message::json).collect();
    let groups = bodies.iter().flat_map(|body| body["groups"].as_array().unwrap());
    let told: Vec<_> = groups
        .map(|group| {
            (
                group["site"]["function"].as_str().unwrap(),
                group["delta"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [("fail_badly", 2), ("fail_at_once", 3)], "{bodies:#?}");
    assert_eq!(scene.end().await.delivered, 7);
}

#[tokio::test]
async fn a_dropped_guard_waits_two_seconds_for_a_silent_server_and_no_longer() {
    let (mut scene, archive) = patient().await;
    archive.fault(Fault::Silent);
    fail().await.unwrap_err();
    let start = Instant::now();
    drop(scene.take_guard());
    let waited = start.elapsed();
    assert!((1_900..4_000).contains(&waited.as_millis()), "waited {waited:?}");
    let errors = scene.wait_errors(1).await;
    assert_eq!(
        (errors[0].kind(), errors[0].failures()),
        (ErrorKind::Undelivered, 1)
    );
    assert_eq!(scene.end().await.undelivered, 1);
}

/// The wait for the dispatcher must not keep the runtime's one thread: the ticks show that it does not.
async fn shutdown_keeps_its_deadline() {
    let (mut scene, archive) = patient().await;
    archive.fault(Fault::Silent);
    fail().await.unwrap_err();
    let guard = scene.take_guard();
    let mut ticks = 0_u32;
    let flushed = {
        let mut shutdown = std::pin::pin!(guard.shutdown(Duration::from_millis(300)));
        loop {
            tokio::select! {
                flushed = &mut shutdown => break flushed,
                () = tokio::time::sleep(Duration::from_millis(20)) => ticks += 1,
            }
        }
    };
    assert_eq!(flushed, Flushed::Partly { pending: 1 });
    assert!((3..=50).contains(&ticks), "{ticks} ticks of 20 ms within 300 ms");
    assert_eq!(scene.end().await.undelivered, 1);
}

#[tokio::test]
async fn shutdown_keeps_its_deadline_on_a_current_thread_runtime() {
    shutdown_keeps_its_deadline().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shutdown_keeps_its_deadline_on_a_multi_thread_runtime() {
    shutdown_keeps_its_deadline().await;
}

#[tokio::test]
async fn a_shutdown_that_nobody_waits_for_still_delivers() {
    let (mut scene, archive) = patient().await;
    archive.fault(Fault::Slow(Duration::from_millis(200)));
    fail().await.unwrap_err();
    let guard = scene.take_guard();
    tokio::time::timeout(Duration::from_millis(20), guard.shutdown(PATIENCE))
        .await
        .unwrap_err();
    until("the failure is delivered", || scene.counts().delivered == 1).await;
    assert_eq!(scene.end().await.undelivered, 0);
}

#[tokio::test]
async fn a_second_init_is_an_error_and_the_first_stays() {
    let (scene, archive) = patient().await;
    let error = alert_core::init(patient_config(&archive)).unwrap_err();
    let problems: Vec<_> = error.problems().collect();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].0, "init");
    assert!(problems[0].1.contains("already runs"), "{error}");
    fail().await.unwrap_err();
    assert_eq!(alert_core::flush(PATIENCE).await, Flushed::Everything);
    assert_eq!(scene.end().await.delivered, 1);
}

#[tokio::test]
async fn of_threads_that_race_to_init_one_wins() {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    let barrier = std::sync::Barrier::new(8);
    let mut guards: Vec<_> = std::thread::scope(|scope| {
        let racers: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    alert_core::init(patient_config(&archive))
                })
            })
            .collect();
        racers
            .into_iter()
            .filter_map(|racer| racer.join().unwrap().ok())
            .collect()
    });
    assert_eq!(guards.len(), 1);
    fail().await.unwrap_err();
    assert_eq!(guards.remove(0).shutdown(PATIENCE).await, Flushed::Everything);
    assert_eq!(scene.end().await.delivered, 1);
}

/// Each failure races with a start or an end: it is delivered, written off or counted as late, and none of
/// it twice. What came between two dispatchers waits for the next.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_that_race_with_start_and_end_are_all_accounted_for() {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    let going = Arc::new(AtomicBool::new(true));
    let threads: Vec<_> = (0..3)
        .map(|_| {
            let going = Arc::clone(&going);
            std::thread::spawn(move || {
                let mut caused = 0_u64;
                while going.load(Ordering::Relaxed) {
                    fail_at_once().unwrap_err();
                    caused += 1;
                    if caused.is_multiple_of(64) {
                        std::thread::yield_now();
                    }
                }
                caused
            })
        })
        .collect();
    for round in 0..60 {
        let guard = alert_core::init(patient_config(&archive)).unwrap();
        if round % 2 == 0 {
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        // Without patience a message may be on its way at the end: written off, and accepted all the same.
        guard.shutdown(PATIENCE).await;
    }
    going.store(false, Ordering::Relaxed);
    let caused: u64 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    let guard = alert_core::init(patient_config(&archive)).unwrap();
    guard.shutdown(PATIENCE).await;
    let counts = scene.end().await;
    assert_eq!(counts.captured, caused, "{counts:?}");
    assert!(
        counts.delivered > 0 && counts.late > 0,
        "the race was none: {counts:?}"
    );
}

/// Shutdown is over only when the next `init` can start, all is told and nothing is pending. Many rounds,
/// since each gap between two steps of the end is narrow.
#[tokio::test]
async fn init_after_shutdown_works_at_once_and_nothing_stays_pending() {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    for round in 1..=100 {
        let guard = alert_core::init(patient_config(&archive))
            .unwrap_or_else(|error| panic!("round {round}: failed to {error}"));
        fail().await.unwrap_err();
        let flushed = guard.shutdown(PATIENCE).await;
        assert_eq!(flushed, Flushed::Everything, "round {round}");
        assert_eq!(scene.counts().pending, 0, "round {round}");
        assert_eq!(archive.delta(), round);
    }
    assert_eq!(scene.end().await.delivered, 100);
}

#[tokio::test]
async fn what_time_does_not_allow_is_accounted_for_when_shutdown_returns() {
    for _ in 0..20 {
        let (mut scene, archive) = patient().await;
        archive.fault(Fault::Silent);
        for _ in 0..150 {
            fail_at_once().unwrap_err();
        }
        let flushed = scene.take_guard().shutdown(Duration::ZERO).await;
        assert_eq!(flushed, Flushed::Partly { pending: 150 });
        let counts = scene.end().await;
        assert_eq!((counts.captured, counts.undelivered), (150, 150));
    }
}

#[tokio::test]
async fn failures_after_shutdown_are_counted_as_such() {
    let (mut scene, archive) = patient().await;
    scene.take_guard().shutdown(PATIENCE).await;
    for _ in 0..500 {
        fail().await.unwrap_err();
    }
    let panicking = std::thread::spawn(|| {
        #[alert_on_err]
        fn slip() -> Result<(), std::io::Error> {
            panic!("after all was over");
        }
        slip().ok();
    });
    panicking.join().unwrap_err();
    assert_eq!(alert_core::flush(PATIENCE).await, Flushed::NotRunning);
    assert!(archive.messages().is_empty());
    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.late), (501, 501));
}

/// Whatever the dispatcher is busy with, a caller waits no longer than it said.
#[tokio::test]
async fn a_hook_that_blocks_does_not_hold_up_who_shuts_down() {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    archive.fault(Fault::ServerError);
    let config = Config::new("shop").robot(Robot::webhook(archive.url()));
    let (entered, is_in) = mpsc::channel();
    let (leave, may_leave) = mpsc::channel::<()>();
    let may_leave = Mutex::new(may_leave);
    let guard = alert_core::init(config.on_error(move |_| {
        entered.send(()).ok();
        may_leave
            .lock()
            .unwrap()
            .recv_timeout(Duration::from_secs(8))
            .ok();
    }))
    .unwrap();
    alert_core::raise(Severity::Critical, &std::io::Error::other("no ink"));
    tokio::task::spawn_blocking(move || is_in.recv_timeout(PATIENCE))
        .await
        .unwrap()
        .unwrap();
    let start = Instant::now();
    let flushed = guard.shutdown(Duration::from_millis(300)).await;
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    assert!(matches!(flushed, Flushed::Partly { .. }), "{flushed:?}");
    // The next test starts when the dispatcher has ended.
    drop(leave);
    archive.clear_faults();
    until("the dispatcher has ended", || {
        alert_core::init(Config::new("shop").robot(Robot::webhook(archive.url()))).is_ok()
    })
    .await;
}
