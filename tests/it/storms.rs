//! A storm is a handful of messages, and every failure is in some message's count.

use std::num::ParseIntError;
use std::time::Duration;

use alert_core::inbox::Fault;
use alert_core::{Config, Matcher, Robot, Silence, alert_on_err};
use alert_tests::{Scene, resident};

const PATIENCE: Duration = Duration::from_secs(60);

#[alert_on_err]
fn overloaded() -> Result<(), ParseIntError> {
    "not a number".parse::<u8>().map(drop)
}

/// Fails so often in all, on as many threads as there are cores and on two at least, without a look at what comes of
/// it.
fn flood(failures: u64) {
    let threads = std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2) as u64);
    let threads: Vec<_> = (0..threads)
        .map(|thread| {
            let share = failures / threads + u64::from(thread < failures % threads);
            std::thread::spawn(move || {
                for _ in 0..share {
                    let _failed = overloaded();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_million_failures_from_all_cores_during_an_outage_are_all_told() {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    archive.fault(Fault::ServerError);
    scene.start(Config::new("shop").robot(Robot::webhook(archive.url())));
    flood(200_000);
    let before = resident();
    flood(9_800_000);
    let grown = resident().saturating_sub(before);
    assert!(grown < 16 * 1024 * 1024, "grew by {grown} bytes");
    archive.clear_faults();
    scene.inbox().wait_delta(10_000_000, PATIENCE).await.unwrap();
    let messages = archive.accepted().len();
    assert!(messages < 10, "{messages} messages");
    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.delivered), (10_000_000, 10_000_000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silenced_flood_is_counted_and_told_at_the_end_of_the_silence() {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    scene.start(Config::new("shop").robot(Robot::webhook(archive.url())));
    let deploy = Silence::new(Matcher::all().function("overloaded"), Duration::from_secs(600)).by("anna");
    let id = alert_core::silence(deploy);
    // Commands and failures come on lanes of their own: the silence holds once the loop has seen it.
    alert_core::flush(PATIENCE).await;
    flood(100_000);
    alert_core::flush(PATIENCE).await;
    assert_eq!(archive.accepted().len(), 0, "nothing is told while it lasts");
    alert_core::end_silence(id);
    let told = archive.wait_accepted(1, PATIENCE).await.unwrap();
    assert!(
        told[0].text().contains("held back 100000 failures"),
        "{}",
        told[0].text()
    );
    let counts = scene.end().await;
    assert_eq!(
        (counts.captured, counts.delivered, counts.pending),
        (100_000, 0, 0),
        "all of it silenced"
    );
}
