//! What a process goes through once: no `init` at all, failures before it, settings from the environment, and
//! ends that are no shutdown.

use std::time::Duration;

use alert_core::inbox::Inbox;
use alert_tests::{Finished, run};

const LIFE: &str = env!("CARGO_BIN_EXE_life");

async fn inbox() -> (Inbox, alert_core::inbox::Chat) {
    let inbox = Inbox::bind("127.0.0.1:0").await.unwrap();
    let chat = inbox.webhook();
    (inbox, chat)
}

#[tokio::test]
async fn without_init_ten_thousand_failures_change_nothing() {
    let ended = run(env!("CARGO_BIN_EXE_silent"), &[], &[]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!((ended.out.as_str(), ended.err.as_str()), ("", ""));
}

/// In detail those the channel's size allows; the count of every one.
#[tokio::test]
async fn failures_before_init_are_held_and_delivered_after_it() {
    for (each, all) in [("2", 8), ("25", 100), ("2500", 10_000)] {
        let (_inbox, chat) = inbox().await;
        let ended = run(LIFE, &["early", &chat.url(), each], &[]).await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let all_text = format!("{all}");
        assert_eq!(ended.value("before"), all_text);
        assert_eq!(ended.value("captured"), all_text, "{ended:?}");
        assert_eq!(ended.value("delivered"), all_text, "{ended:?}");
        assert_eq!(ended.value("listed"), "1", "sites are known before they ran");
        assert_eq!(chat.delta(), all);
        let body = chat.accepted()[0].json();
        assert_eq!(body["groups"][0]["message"], "no ink");
        // A thread that finds the held ones locked counts without detail, so there may be more of those.
        let without_detail = body["not_shown"]["queue_full"].as_u64().unwrap_or(0);
        assert!(without_detail >= all - 100.min(all), "{body:#}");
        assert!(without_detail < all, "{body:#}");
    }
}

/// Without room nothing is put into words, so nothing can be told from another: what is certain is that none is lost.
#[tokio::test]
async fn known_over_count_an_error_on_its_way_up_when_there_is_no_room() {
    let (_inbox, chat) = inbox().await;
    let ended = run(LIFE, &["full", &chat.url()], &[]).await;
    assert_eq!(ended.value("before"), "103", "{ended:?}");
    assert_eq!(ended.value("delivered"), "103");
    assert_eq!(chat.delta(), 103);
}

#[tokio::test]
async fn the_environment_can_switch_everything_off() {
    let (_inbox, chat) = inbox().await;
    for word in ["1", "true", " on "] {
        let ended = run(LIFE, &["early", &chat.url(), "50"], &[("ALERT_DISABLE", word)]).await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
        // What failed before `init` was counted; nothing is sent, nothing complains.
        assert_eq!(ended.value("delivered"), "0", "{ended:?}");
        assert!(chat.messages().is_empty());
        assert_eq!(ended.err, "");
    }
    // Settings that could not work do no harm then.
    let ended = run(
        LIFE,
        &["environment"],
        &[("ALERT_DISABLE", "1"), ("ALERT_ROBOTS", "?")],
    )
    .await;
    assert!(!ended.out.contains("refused"), "{ended:?}");
    assert_eq!(ended.value("captured"), "0");
    // And what is no such word changes nothing.
    let ended = run(LIFE, &["early", &chat.url(), "1"], &[("ALERT_DISABLE", "0")]).await;
    assert_eq!((ended.value("delivered"), chat.delta()), ("4", 4));
}

/// Whoever set it believes that nothing is sent.
#[tokio::test]
async fn a_word_that_neither_switches_off_nor_on_is_a_mistake_beside_all_others() {
    for word in ["maybe", "2", "disabled"] {
        let ended = run(LIFE, &["environment"], &[("ALERT_DISABLE", word)]).await;
        let refused = ended.value("refused");
        for part in [
            "`ALERT_DISABLE`: is neither `1` nor `0`",
            "`ALERT_SERVICE`: is missing",
            "`ALERT_ROBOTS`: is not set",
        ] {
            assert!(refused.contains(part), "`{part}` is not in: {refused}");
        }
    }
}

#[tokio::test]
async fn a_nearly_right_variable_is_named_beside_all_other_mistakes() {
    let settings = [
        ("ALERT_ROBOT", "webhook+http://127.0.0.1:9/x"),
        ("ALERT_SERVICE", "shop"),
    ];
    let ended = run(LIFE, &["environment"], &settings).await;
    let refused = ended.value("refused");
    for part in [
        "`ALERT_ROBOT`: is no setting; the name is `ALERT_ROBOTS`",
        "`ALERT_ROBOTS`: is not set",
    ] {
        assert!(refused.contains(part), "`{part}` is not in: {refused}");
    }
}

#[tokio::test]
async fn the_environment_configures_everything() {
    let (inbox, _chat) = inbox().await;
    let (secret, keyword) = ("SEC5d41402abc4b2a76b971", "night");
    let ops = inbox.dingtalk().secret(secret).keyword(keyword);
    let archive = inbox.webhook();
    let robots = format!(
        "dingtalk+{}#secret={secret}&keyword={keyword}&name=ops  \n webhook+{}",
        ops.url(),
        archive.url()
    );
    let settings = [
        ("ALERT_SERVICE", "checkout"),
        ("ALERT_ROBOTS", robots.as_str()),
        ("ALERT_ENV", "prod"),
        ("ALERT_RELEASE", "1.4.2"),
        ("ALERT_HOST", "till-7"),
        ("ALERT_LANGUAGE", "zh"),
        ("ALERT_COMMIT", "4ed5c7c"),
        ("POD_NAME", "checkout-7d9f"),
        ("POD_NAMESPACE", "shop"),
    ];
    let ended = run(LIFE, &["environment"], &settings).await;
    assert_eq!(ended.value("delivered"), "1", "{ended:?}");
    let body = archive.accepted()[0].json();
    let named = ["service", "environment", "release", "host"].map(|key| body[key].as_str().unwrap());
    assert_eq!(named, ["checkout", "prod", "1.4.2", "till-7"]);
    let fields = &body["groups"][0]["fields"];
    let named = ["pod", "commit", "thread", "pid"].map(|key| fields[key].as_str().unwrap_or("none"));
    assert_eq!(named[..3], ["shop/checkout-7d9f", "4ed5c7c", "main"]);
    assert_eq!(named[3], ended.value("pid"));
    let shown = ops.accepted()[0].text();
    assert!(shown.contains("失败"), "{shown}");
}

#[tokio::test]
async fn every_mistake_in_the_environment_is_told_at_once() {
    let token = "6dcd4ce23d88e2ee9568ba546c007c63";
    let robots = format!("https://chat.example.com/hook/{token} dingtalk+http://127.0.0.1:9/#colour=red");
    let settings = [("ALERT_ROBOTS", robots.as_str()), ("ALERT_LANGUAGE", "fr")];
    let ended = run(LIFE, &["environment"], &settings).await;
    let refused = ended.value("refused");
    for part in [
        "`ALERT_SERVICE`: is missing",
        "`ALERT_LANGUAGE`: is not one of `en`, `zh`",
        "no robot is known at host `chat.example.com`",
        "dingtalk (oapi.dingtalk.com",
        "unknown option `colour`",
    ] {
        assert!(refused.contains(part), "`{part}` is not in: {refused}");
    }
    assert!(!ended.out.contains(token), "{ended:?}");

    let ended = run(LIFE, &["environment"], &[]).await;
    let settings: Vec<_> = ended
        .out
        .lines()
        .filter(|line| line.starts_with("setting-"))
        .collect();
    assert_eq!(
        settings,
        ["setting-ALERT_SERVICE yes", "setting-ALERT_ROBOTS yes"]
    );
}

fn panicked_as_ever(ended: &Finished) {
    assert_eq!(ended.code, Some(101), "{ended:?}");
    assert!(
        ended.err.contains("called `Option::unwrap()` on a `None` value"),
        "{ended:?}"
    );
}

/// The guard is dropped by the unwinding, which sends what is pending.
#[tokio::test]
async fn a_panic_of_main_is_delivered_and_ends_the_process_as_ever() {
    let (_inbox, chat) = inbox().await;
    panicked_as_ever(&run(LIFE, &["panic", &chat.url()], &[]).await);
    let body = chat.accepted()[0].json();
    assert_eq!(body["groups"][0]["site"]["function"], "slip");
    assert_eq!(chat.delta(), 1);
    // Without `init` it is an ordinary panic.
    panicked_as_ever(&run(LIFE, &["panic", "no address"], &[]).await);
}

/// What was not sent by then is lost, as documented: nothing of ours keeps the process.
#[tokio::test]
async fn an_exit_or_a_forgotten_guard_ends_the_process_at_once() {
    let (_inbox, chat) = inbox().await;
    chat.fault(alert_core::inbox::Fault::Silent);
    for (what, code) in [("exit", 7), ("forgotten", 0)] {
        // What waits for the robot waits each time; a busy machine is slow now and then.
        let mut took = Vec::new();
        while took.len() < 5 && took.last().is_none_or(|took: &Duration| took.as_secs() >= 2) {
            let start = std::time::Instant::now();
            let ended = run(LIFE, &[what, &chat.url()], &[]).await;
            assert_eq!(ended.code, Some(code), "{ended:?}");
            assert_eq!(ended.err, "");
            took.push(start.elapsed());
        }
        assert!(
            took.last().is_some_and(|took| took.as_secs() < 2),
            "{what} took {took:?}"
        );
    }
}

/// Fault 41: a stack that no address space holds is refused by the system like a thread too many.
#[tokio::test]
async fn where_the_system_gives_no_thread_init_is_an_error() {
    let (_inbox, chat) = inbox().await;
    let robot = format!("webhook+{}", chat.url());
    let settings = [
        ("ALERT_SERVICE", "life"),
        ("ALERT_ROBOTS", robot.as_str()),
        ("RUST_MIN_STACK", "140737488355328"),
    ];
    let ended = run(LIFE, &["environment"], &settings).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.out.contains("no thread to be had"), "{ended:?}");
}

/// Fault 27: whatever panics, in whatever state, our hook does not; a panic in a hook aborts.
#[tokio::test]
async fn forty_thousand_panics_of_every_kind_find_no_panic_in_our_hook() {
    for number in ["1", "2", "3"] {
        let ended = run(env!("CARGO_BIN_EXE_hook"), &[number], &[]).await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let captured: u64 = ended.value("captured").parse().unwrap();
        assert!(captured >= 10_000, "{ended:?}");
        assert_eq!(ended.value("settled"), ended.value("captured"), "{ended:?}");
        assert_eq!(ended.value("pending"), "0");
    }
}

/// Fault 14: sixteen kilobytes each, and a hundred of them at most, whatever they bring.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_hundred_failures_of_many_megabytes_take_two_megabytes_and_are_told() {
    let (_inbox, chat) = inbox().await;
    let ended = run(LIFE, &["huge", &chat.url()], &[]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(
        (ended.value("failed"), ended.value("delivered")),
        ("99", "100"),
        "{ended:?}"
    );
    let grown: u64 = ended.value("grown").parse().unwrap();
    assert!(grown < 4 * 1024 * 1024, "{grown} bytes for 99 failures");
    assert_eq!(chat.delta(), 100);
    let longest = chat
        .accepted()
        .iter()
        .map(|message| message.request().body().len())
        .max();
    assert!(longest.unwrap() < 256 * 1024, "{longest:?} bytes");
}
