//! Every mistake of a configuration is an error that names the setting and the fix; several come at once.

use std::time::Duration;

use alert_core::{Config, Policy, Robot};
use alert_tests::{Scene, assert_no_secret};

const TOKEN: &str = "2c624232cdd221771294dfbb310aca000a0df6ac8b66b696d90ef06fdefb64a3";
const SECRET: &str = "SEC19581e27de7ced00ff1ce50b2047e7a567c76b1cbaebabe5ef03f7c3017bb5b7";

fn robot() -> Robot {
    Robot::dingtalk(format!("http://127.0.0.1:9/robot/send?access_token={TOKEN}"))
}

fn good() -> Config {
    Config::new("shop").robot(robot())
}

/// What `init` says about this configuration, setting by setting.
fn problems(config: Config) -> Vec<(String, String)> {
    let shown = format!("{config:?}");
    let Err(error) = alert_core::init(config) else {
        panic!("this was started: {shown}");
    };
    let texts = [("the error", error.to_string()), ("the configuration", shown)];
    assert_no_secret(&[TOKEN.to_owned(), SECRET.to_owned()], texts);
    let problems = error.problems();
    problems
        .map(|(setting, problem)| (setting.to_owned(), problem.to_owned()))
        .collect()
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one table, a mistake a row")]
async fn each_mistake_names_its_setting_and_the_fix() {
    // Alerting must not run meanwhile, or every `init` fails for that.
    let scene = Scene::set().await;
    let second = Duration::from_secs(1);
    let policy = Policy::first_then_summary;
    let with = |policy| good().policy(policy);
    let one = |robot: Robot| Config::new("shop").robot(robot);
    let cases: Vec<(Config, &str, &str)> = vec![
        (
            Config::new(" ").robot(robot()),
            "service",
            "give the service's name",
        ),
        (Config::new("shop"), "robot", "add one"),
        (good().channel_capacity(0), "channel_capacity", "give 1 to 100000"),
        (
            good().channel_capacity(100_001),
            "channel_capacity",
            "give 1 to 100000",
        ),
        (good().timeout(Duration::ZERO), "timeout", "give up to 60s"),
        (good().timeout(second * 61), "timeout", "give up to 60s"),
        (
            good().connect_timeout(Duration::ZERO),
            "connect_timeout",
            "give up to 60s",
        ),
        (
            with(policy().window(second / 2)),
            "policy.window",
            "give 1s to 86400s",
        ),
        (with(policy().more_than(0)), "policy.more_than", "give 1 to 1000"),
        (
            with(policy().more_than(1_001)),
            "policy.more_than",
            "give 1 to 1000",
        ),
        (
            with(policy().first_wait(second * 61)),
            "policy.first_wait",
            "give 0ns to 60s",
        ),
        (with(policy().back_off([])), "policy.back_off", "at least one"),
        (
            with(policy().back_off([Duration::ZERO])),
            "policy.back_off",
            "give 1s to 86400s",
        ),
        (with(policy().growth(1)), "policy.growth", "give 2 or more"),
        (
            with(policy().quiet(Duration::ZERO)),
            "policy.quiet",
            "give 1s to 86400s",
        ),
        (
            good().robot(robot().name("again")),
            "robot again",
            "same URL as an earlier robot",
        ),
        (
            one(Robot::webhook("")),
            "robot webhook",
            "give the whole webhook address",
        ),
        (
            one(Robot::webhook("ftp://example.com/")),
            "robot webhook",
            "give the whole webhook address",
        ),
        (
            one(Robot::webhook("https:///hook")),
            "robot webhook",
            "give the whole webhook address",
        ),
        (
            one(Robot::webhook("https://a.example/ b")),
            "robot webhook",
            "give the whole webhook address",
        ),
        (
            one(Robot::dingtalk("https://open.feishu.cn/open-apis/bot/v2/hook/x")),
            "robot dingtalk",
            "belongs to feishu",
        ),
        (
            one(Robot::feishu("https://oapi.dingtalk.com/robot/send").name("ops")),
            "robot ops",
            "belongs to dingtalk",
        ),
        (one(robot().secret("")), "robot dingtalk", "leave it out"),
        (
            one(robot().secret(format!("{SECRET} "))),
            "robot dingtalk",
            "copy it again",
        ),
        (
            one(robot().secret(format!("https://x.example/{SECRET}"))),
            "robot dingtalk",
            "give the signing secret",
        ),
        (one(robot().keyword(" ")), "robot dingtalk", "keyword is empty"),
        (
            good().timeout(second).connect_timeout(second * 3),
            "connect_timeout",
            "give no more than that",
        ),
        (good().environment(""), "environment", "leave it out"),
        (good().release(" "), "release", "leave it out"),
        (good().host(""), "host", "leave it out"),
        (good().commit(""), "commit", "leave it out"),
        (
            good().trace_url("traces.example.com/{trace_id}"),
            "trace_url",
            "begin it with `https://`",
        ),
        (
            good().source_url("git.example.com/{file}"),
            "source_url",
            "begin it with `https://`",
        ),
        (
            good().spool(std::env::current_exe().unwrap()),
            "spool",
            "is no directory",
        ),
        (
            Config::new("shop")
                .robot(robot().name("ops"))
                .robot(Robot::webhook("http://127.0.0.1:9/b").name("ops")),
            "robot ops",
            "give each one of its own",
        ),
    ];
    for (config, setting, fix) in cases {
        let problems = problems(config);
        assert_eq!(problems.len(), 1, "{setting}: {problems:?}");
        assert_eq!(problems[0].0, setting, "{problems:?}");
        assert!(
            problems[0].1.contains(fix),
            "{setting}: `{fix}` is not in {problems:?}"
        );
    }
    scene.end().await;
}

/// A request may be short: what was not set gives way.
#[tokio::test]
async fn a_short_timeout_alone_is_no_mistake() {
    let scene = Scene::set().await;
    let guard = alert_core::init(good().timeout(Duration::from_secs(1))).unwrap();
    drop(guard);
    scene.end().await;
}

#[tokio::test]
async fn several_mistakes_are_told_at_once() {
    let scene = Scene::set().await;
    let config = Config::new("")
        .channel_capacity(0)
        .timeout(Duration::ZERO)
        .policy(Policy::threshold().window(Duration::ZERO).more_than(0))
        .robot(robot().secret(""))
        .robot(Robot::webhook("nowhere"));
    let problems = problems(config);
    let settings: Vec<_> = problems.iter().map(|(setting, _)| setting.as_str()).collect();
    assert_eq!(
        settings,
        [
            "service",
            "channel_capacity",
            "timeout",
            "policy.window",
            "policy.more_than",
            "robot dingtalk",
            "robot webhook"
        ]
    );
    scene.end().await;
}

/// A mistake starts nothing: what is right afterwards works.
#[tokio::test]
async fn a_refused_configuration_changes_nothing() {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    problems(Config::new("shop"));
    scene.start(
        Config::new("shop")
            .policy(Policy::each())
            .robot(Robot::webhook(archive.url())),
    );
    alert_core::raise(alert_core::Severity::Error, &std::io::Error::other("no ink"));
    assert_eq!(scene.end().await.delivered, 1);
}

#[tokio::test]
async fn an_address_of_no_known_robot_lists_those_that_are() {
    let error = Robot::from_url(format!("https://me:{SECRET}@chat.example.com/hook/{TOKEN}")).unwrap_err();
    let text = error.to_string();
    for part in [
        "`chat.example.com`",
        "oapi.dingtalk.com",
        "open.feishu.cn",
        "webhook",
        "dingtalk+https://",
    ] {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
    let secrets = [TOKEN.to_owned(), SECRET.to_owned()];
    assert_no_secret(
        &secrets,
        [("the error", text), ("its Debug", format!("{error:?}"))],
    );
}

/// An address may hold a token even where it is not one.
#[tokio::test]
async fn an_option_that_does_not_exist_is_named_without_its_value() {
    let error = Robot::from_url(format!("webhook+http://127.0.0.1:9/#token={SECRET}")).unwrap_err();
    assert!(error.to_string().contains("unknown option `token`"), "{error}");
    assert_no_secret(
        &[SECRET.to_owned()],
        [("the error", format!("{error} {error:?}"))],
    );
}
