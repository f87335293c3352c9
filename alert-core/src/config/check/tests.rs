#![cfg(all(
    feature = "dingtalk",
    feature = "feishu",
    feature = "wecom",
    feature = "slack",
    feature = "discord",
    feature = "telegram",
    feature = "teams",
    feature = "pagerduty"
))]

use core::time::Duration;

use crate::{Config, Matcher, Mention, Pace, Policy, Robot, Route, Severity, Silence};

const TOKEN: &str = "tok3n0123456789abcdef";

/// What `init` would say to this robot, without its first words.
fn said(robot: Robot) -> String {
    let checked = Config::new("checkout").robot(robot).check();
    let text = checked.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(!text.contains(TOKEN), "{text}");
    text
}

fn check(robot: Robot, expected: &[&str]) {
    let kind = robot.kind();
    let text = said(robot);
    assert_eq!(text.is_empty(), expected.is_empty(), "{kind}: {text}");
    for words in expected {
        assert!(text.contains(words), "{kind}: `{words}` is not in: {text}");
    }
}

#[test]
fn a_path_at_the_vendors_host_is_the_vendors() {
    let id = TOKEN;
    for (good, cut) in [
        (
            Robot::dingtalk(format!("https://oapi.dingtalk.com/robot/send?access_token={id}")),
            Robot::dingtalk(format!("https://oapi.dingtalk.com/robot/send/{id}")),
        ),
        (
            Robot::feishu(format!("https://open.larksuite.com/open-apis/bot/v2/hook/{id}")),
            // The legacy form takes other bodies.
            Robot::feishu(format!("https://open.feishu.cn/open-apis/bot/hook/{id}")),
        ),
        (
            Robot::wecom(format!(
                "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={id}"
            )),
            Robot::wecom("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="),
        ),
        (
            Robot::slack(format!("https://hooks.slack.com/services/T0/B0/{id}")),
            Robot::slack(format!("https://hooks.slack.com/services/{id}")),
        ),
        (
            Robot::discord(format!("https://discord.com/api/v10/webhooks/1/{id}?thread_id=7")),
            Robot::discord(format!("https://discord.com/api/webhooks/1/{id}/slack")),
        ),
        (
            Robot::telegram(format!(
                "https://api.telegram.org/bot1:{id}/sendMessage?chat_id=-1"
            )),
            Robot::telegram(format!("https://api.telegram.org/bot1:{id}/getMe?chat_id=-1")),
        ),
        (
            Robot::teams(format!(
                "https://prod-00.westus.logic.azure.com:443/workflows/x/invoke?sig={id}"
            )),
            Robot::teams("https://prod-00.westus.logic.azure.com:443/workflows/x/invoke"),
        ),
        (
            Robot::pagerduty("https://events.pagerduty.com/v2/enqueue").secret("R".repeat(32)),
            Robot::pagerduty("https://events.pagerduty.com/generic/x").secret("R".repeat(32)),
        ),
    ] {
        check(good, &[]);
        check(cut, &["copy the whole address again"]);
    }
    // A proxy's paths are its own.
    check(Robot::slack("https://proxy.example.com/x"), &[]);
}

#[test]
fn another_vendors_url_is_named() {
    let url = format!("https://oapi.dingtalk.com/robot/send?access_token={TOKEN}");
    check(Robot::feishu(url), &["`robot feishu`", "belongs to dingtalk"]);
}

#[test]
fn a_secret_that_is_a_url_is_named() {
    let robot = Robot::feishu(format!("https://open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}"));
    check(
        robot.secret(format!("https://open.feishu.cn/{TOKEN}")),
        &["its secret is a URL"],
    );
}

#[test]
fn mentions_the_vendor_cannot_make_are_named() {
    let mobile = || Mention::mobile("13800000000");
    let proxy = "https://proxy.example.com/x?chat_id=1";
    check(
        Robot::dingtalk(proxy).mention(mobile()).mention(Mention::all()),
        &[],
    );
    check(Robot::wecom(proxy).mention(mobile()).mention(Mention::all()), &[]);
    check(
        Robot::feishu(proxy)
            .mention(Mention::all())
            .mention(Mention::user("ou_1")),
        &[],
    );
    check(
        Robot::slack(proxy)
            .mention(Mention::all())
            .mention(Mention::user("U1")),
        &[],
    );
    check(
        Robot::feishu(proxy).mention(mobile()),
        &["mobile number", "open_id"],
    );
    check(
        Robot::slack(proxy).mention(mobile()),
        &["mobile number", "member id"],
    );
    for robot in [Robot::discord(proxy), Robot::telegram(proxy), Robot::teams(proxy)] {
        check(robot.clone().mention(Mention::user("1")), &[]);
        check(
            robot.mention(mobile()).mention(Mention::all()),
            &["mobile number", "no mention of everybody"],
        );
    }
}

#[test]
fn a_keyword_that_finds_no_place_is_named() {
    let webhook = Robot::webhook("http://127.0.0.1:9/x");
    check(
        webhook.keyword("night shift"),
        &["`night shift` is not in what", "leave it out"],
    );
    let proxy = "https://proxy.example.com/x?chat_id=1";
    for robot in [
        Robot::dingtalk(proxy),
        Robot::feishu(proxy),
        Robot::wecom(proxy),
        Robot::slack(proxy),
    ] {
        check(robot.keyword("night shift"), &[]);
    }
    check(
        Robot::dingtalk(proxy).keyword("k".repeat(30_000)),
        &["cannot write to it"],
    );
}

#[test]
fn what_a_robot_cannot_do_without_is_asked_for() {
    check(
        Robot::telegram("http://127.0.0.1:9/bot1:x/sendMessage"),
        &["cannot write to it", "chat_id"],
    );
    check(
        Robot::pagerduty("http://127.0.0.1:9/v2/enqueue"),
        &["cannot write to it", "routing key"],
    );
}

#[test]
fn fallbacks_are_checked_too() {
    let first = Robot::webhook("http://127.0.0.1:9/x");
    let second = Robot::slack(format!("https://hooks.slack.com/services/{TOKEN}")).name("second");
    check(
        first.fallback(second),
        &["`robot second`", "copy the whole address again"],
    );
}

/// Every mistake of a configuration, setting by setting.
fn mistakes(config: &Config) -> Vec<(String, String)> {
    let problems = config.check().expect_err("a mistake");
    let owned = |(setting, problem): (&str, &str)| (setting.to_owned(), problem.to_owned());
    problems.problems().map(owned).collect()
}

#[test]
fn every_limit_out_of_range_is_named_with_its_fix_and_all_at_once() {
    let webhook = |name: &str| Robot::webhook(format!("http://127.0.0.1:9/{name}")).name(name);
    let pace = Pace::new(0, Duration::ZERO)
        .per_second(0)
        .cool_down(Duration::from_secs(7200));
    let spare = webhook("spare").pace(Pace::new(1, Duration::from_secs(100_000)));
    let found = mistakes(
        &Config::new("checkout")
            .robot(webhook("ops").pace(pace).monthly_budget(0).fallback(spare))
            .policy(
                Policy::threshold()
                    .window(Duration::from_millis(999))
                    .more_than(0),
            )
            .policy_for(Severity::Info, Policy::each().quiet(Duration::from_secs(86_401)))
            .route(Route::new(Matcher::all()).policy(Policy::each().growth(1)))
            .silence(Silence::new(Matcher::all(), Duration::ZERO)),
    );
    let settings: Vec<_> = found.iter().map(|(setting, _)| setting.as_str()).collect();
    assert_eq!(
        settings,
        [
            "policy.window",
            "policy.more_than",
            "policy_for.info.quiet",
            "route[0].policy.growth",
            "silence",
            "robot ops.pace",
            "robot ops.pace.window",
            "robot ops.pace.per_second",
            "robot ops.pace.cool_down",
            "robot ops.monthly_budget",
            "robot spare.pace.window",
        ]
    );
    assert!(
        found.iter().all(|(_, problem)| problem.contains("give ")),
        "{found:?}"
    );
}

#[test]
fn limits_at_the_ends_of_their_ranges_are_taken() {
    let (second, hour, day) = (
        Duration::from_secs(1),
        Duration::from_secs(3600),
        Duration::from_secs(86_400),
    );
    for pace in [
        Pace::new(1, second).per_second(1).cool_down(second),
        Pace::new(1_000_000, day).cool_down(hour),
    ] {
        check(
            Robot::webhook("http://127.0.0.1:9/x")
                .pace(pace)
                .monthly_budget(1),
            &[],
        );
    }
}

#[test]
fn the_name_in_a_route_is_that_of_one_robot() {
    let webhook = |path: &str| Robot::webhook(format!("http://127.0.0.1:9/{path}"));
    let config = Config::new("checkout")
        .robot(webhook("a"))
        .robot(webhook("b"))
        .robot(webhook("c").name("main").fallback(webhook("d").name("spare")));
    assert_eq!(
        config.check(),
        Ok(()),
        "two of one name are no mistake by themselves"
    );
    let to = |name: &str| mistakes(&config.clone().route(Route::new(Matcher::all()).to(name)));
    for (name, words) in [
        (
            "webhook",
            ["2 robots are named `webhook`", "give each a name of its own"],
        ),
        ("spare", ["`spare` is a fallback", "lead to `main`"]),
        (
            "nobody",
            ["no robot is named `nobody`", "there are webhook, webhook, main"],
        ),
    ] {
        let found = to(name);
        assert_eq!((found.len(), found[0].0.as_str()), (1, "route"), "{found:?}");
        assert!(words.iter().all(|words| found[0].1.contains(words)), "{found:?}");
    }
    assert_eq!(
        config
            .clone()
            .route(Route::new(Matcher::all()).to("main"))
            .check(),
        Ok(())
    );
}
