//! Whatever runtime or thread the program starts, fails or ends on.

use alert_core::inbox::Kind;
use alert_core::{Config, Flushed, Policy, Robot};
use alert_tests::{PATIENCE, Scene, on_one_thread};

use super::{fail, fail_at_once, patient, patient_config};

#[test]
fn a_runtime_that_is_gone_changes_nothing() {
    let (scene, archive) = on_one_thread(patient());
    // The runtime on which alerting was started is gone; this one fails and goes too.
    on_one_thread(async { fail().await.unwrap_err() });
    std::thread::spawn(|| fail_at_once().unwrap_err()).join().unwrap();
    on_one_thread(async {
        assert_eq!(alert_core::flush(PATIENCE).await, Flushed::Everything);
        assert_eq!(archive.delta(), 2);
        assert_eq!(scene.end().await.delivered, 2);
    });
}

/// On the user's runtime nothing would be sent before the thread is free again.
#[tokio::test]
async fn a_runtime_that_is_blocked_changes_nothing() {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    scene.start(
        Config::new("shop")
            .policy(Policy::each())
            .robot(Robot::webhook(archive.url())),
    );
    fail().await.unwrap_err();
    // Blocks the only thread of the runtime until the alert is there.
    archive.wait_accepted_blocking(1, PATIENCE).unwrap();
    assert_eq!(scene.end().await.delivered, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn start_and_end_inside_any_kind_of_task_do_not_panic() {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    let (one, other) = (patient_config(&archive), patient_config(&archive));
    tokio::spawn(async move {
        let guard = alert_core::init(one).unwrap();
        fail().await.unwrap_err();
        drop(guard);
    })
    .await
    .unwrap();
    tokio::task::spawn_blocking(move || {
        let guard = alert_core::init(other).unwrap();
        fail_at_once().unwrap_err();
        tokio::runtime::Handle::current().block_on(guard.shutdown(PATIENCE))
    })
    .await
    .unwrap();
    assert_eq!(scene.end().await.delivered, 2);
}

#[tokio::test]
async fn a_thread_that_is_ending_can_still_fail() {
    struct Last;
    impl Drop for Last {
        fn drop(&mut self) {
            fail_at_once().unwrap_err();
        }
    }
    thread_local!(static LAST: Last = const { Last });
    let mut scene = Scene::set().await;
    let archive = scene.chat(Kind::Webhook);
    scene.start(patient_config(&archive));
    std::thread::spawn(|| {
        LAST.with(|_| ());
        fail_at_once().unwrap_err();
    })
    .join()
    .unwrap();
    assert_eq!(alert_core::flush(PATIENCE).await, Flushed::Everything);
    assert_eq!(scene.end().await.delivered, 2);
}
