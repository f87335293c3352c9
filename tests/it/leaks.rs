//! Every kind of robot with a token, a secret and a password in its address, in every trouble at once: none of
//! the three is in a message, an error, a verdict, the health, a `Debug` or the text of a panic.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use alert_core::inbox::{Fault, Kind};
use alert_core::{Config, Policy, Robot, Severity};
use alert_tests::{Scene, assert_no_secret};

const SECRET: &str = "SECb1946ac92492d2347c6235b4d2611184";
const PASSWORD: &str = "hunter2swordfish99";
const KINDS: [Kind; 5] = [
    Kind::Dingtalk,
    Kind::Feishu,
    Kind::Wecom,
    Kind::Slack,
    Kind::Webhook,
];

#[derive(Debug)]
struct Quoting(String);

impl core::fmt::Display for Quoting {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "cannot post: {}", self.0)
    }
}

impl std::error::Error for Quoting {}

async fn one_trouble(kind: Kind, fault: Option<Fault>) {
    let mut scene = Scene::set().await;
    scene.secret(SECRET);
    scene.secret(PASSWORD);
    let chat = scene.chat(kind);
    let url = chat.url().replace("http://", &format!("http://app:{PASSWORD}@"));
    if let Some(fault) = fault {
        chat.fault(fault);
    }
    let robot = Robot::from_url(format!("{kind}+{url}"))
        .unwrap()
        .name("ops")
        .secret(SECRET);
    scene.text("the robot", format!("{robot:?} {robot:#?} {:?}", robot.url()));
    let config = Config::new("shop")
        .policy(Policy::each())
        .timeout(Duration::from_millis(300))
        .robot(robot);
    scene.start(config);
    let verdicts = alert_core::verify().await;
    scene.text("the verdicts", format!("{verdicts:#?} {}", verdicts[0]));
    alert_core::raise(Severity::Error, &Quoting(format!("{url} with {SECRET}")));
    let _flushed = alert_core::flush(Duration::from_millis(700)).await;
    let health = alert_core::health();
    scene.text("the health", format!("{health} {health:?}"));
    scene.text("the books", format!("{}", alert_core::stats()));
    scene.end().await;
}

#[tokio::test]
async fn no_robot_in_any_trouble_tells_its_secrets() {
    for kind in KINDS {
        let echo = format!("GET {SECRET} app:{PASSWORD} refused");
        let echo = Fault::Answer {
            status: 500,
            body: echo,
        };
        for fault in [
            None,
            Some(Fault::Html),
            Some(Fault::ResetBefore),
            Some(Fault::Redirect(302)),
            Some(echo),
        ] {
            // The generic webhook is signed in a header and checks nothing it was not told.
            one_trouble(kind, fault).await;
        }
    }
}

/// A mistake of the configuration names the setting, never its value.
#[tokio::test]
async fn no_mistake_tells_a_secret() {
    let _scene = Scene::set().await;
    let secrets = [SECRET.to_owned(), PASSWORD.to_owned()];
    for kind in KINDS {
        for url in [
            format!("{kind}+ftp://app:{PASSWORD}@h/{SECRET}"),
            format!("{kind}+http://app:{PASSWORD}@h/ {SECRET}"),
            format!("{kind}+https://app:{PASSWORD}@oapi.dingtalk.com/{SECRET}"),
            format!("{kind}+https://app:{PASSWORD}@hooks.slack.com/{SECRET}?x={SECRET}"),
            format!("nobody+https://app:{PASSWORD}@h/{SECRET}"),
            format!("{kind}+https://h/#{SECRET}={PASSWORD}"),
        ] {
            let said = match Robot::from_url(url) {
                Err(error) => format!("{error} {error:?}"),
                Ok(robot) => {
                    let robot = robot.secret(format!("https://app:{PASSWORD}@h/{SECRET}"));
                    let config = Config::new("shop").robot(robot);
                    let shown = format!("{config:?}");
                    let error = alert_core::init(config).unwrap_err();
                    format!("{shown} {error} {error:?}")
                }
            };
            assert_no_secret(&secrets, [("a mistake", said)]);
        }
    }
}

/// A panic that shows a robot shows its host alone.
#[tokio::test]
async fn no_panic_tells_a_secret() {
    let robot = Robot::slack(format!("http://app:{PASSWORD}@127.0.0.1:9/{SECRET}")).secret(SECRET);
    let caught = catch_unwind(AssertUnwindSafe(|| panic!("{robot:?}"))).unwrap_err();
    let said = caught.downcast_ref::<String>().unwrap().clone();
    assert!(said.contains("127.0.0.1"), "{said}");
    assert_no_secret(&[SECRET.to_owned(), PASSWORD.to_owned()], [("a panic", said)]);
}

/// A failure with a secret of its own in every text it brings.
#[derive(Debug)]
struct Leaky(Cause);

#[derive(Debug)]
struct Cause;

impl core::fmt::Display for Leaky {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("login failed: password=\u{1b}[31mswordfish-1\u{1b}[0m host=db")
    }
}

impl core::fmt::Display for Cause {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(
            "postgres://app:swordfish-2@db refused Authorization: Bearer swordfish-3x1 of Zoe-swordfish-4",
        )
    }
}

impl std::error::Error for Cause {}

impl std::error::Error for Leaky {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[alert_core::alert_on_err(fields(api_key), key = "{default} token=swordfish-6")]
fn log_in(api_key: &str) -> Result<(), Leaky> {
    assert!(!api_key.is_empty(), "no key, client_secret=swordfish-7");
    Err(Leaky(Cause))
}

/// Fault 13: by the built-in rules and by one of the user's, in a message and in a chat's.
#[tokio::test]
async fn the_secrets_of_a_failure_are_in_no_message() {
    let mut scene = Scene::set().await;
    scene.secret("swordfish");
    let chat = scene.chat(Kind::Dingtalk);
    let archive = scene.archive();
    let config = Config::new("shop")
        .policy(Policy::each())
        .scrub(|text| text.replace("Zoe-swordfish-4", "<name>").into())
        .robot(Robot::dingtalk(chat.url()).name("ops"))
        .robot(Robot::webhook(archive.url()));
    scene.start(config);
    log_in("swordfish-5").unwrap_err();
    catch_unwind(AssertUnwindSafe(|| log_in(""))).unwrap_err();
    let told = archive.wait_accepted(2, alert_tests::PATIENCE).await.unwrap();
    let all: String = told
        .iter()
        .map(|message| String::from_utf8_lossy(message.request().body()).into_owned())
        .collect();
    for part in [
        "login failed: password=***",
        "host=db",
        "postgres://***@db refused",
        "Bearer ***",
        "<name>",
        "client_secret=***",
    ] {
        assert!(all.contains(part), "`{part}` is not in {all}");
    }
    assert_eq!(scene.end().await.captured, 2);
}

/// A rule that panics shows nothing of the text it was given, and harms no other message.
#[tokio::test]
async fn a_scrub_rule_that_panics_withholds_the_text() {
    let mut scene = Scene::set().await;
    scene.secret("swordfish");
    let archive = scene.archive();
    let config = Config::new("shop")
        .policy(Policy::each())
        .robot(Robot::webhook(archive.url()));
    scene.start(config.scrub(|text| {
        assert!(!text.contains("Zoe"), "this rule is broken");
        text.into()
    }));
    log_in("swordfish-5").unwrap_err();
    let told = archive.wait_accepted(1, alert_tests::PATIENCE).await.unwrap();
    let body = String::from_utf8_lossy(told[0].request().body()).into_owned();
    assert!(
        body.contains("text withheld") && body.contains("login failed"),
        "{body}"
    );
    assert!(!body.contains("postgres"), "{body}");
    assert_eq!(scene.end().await.delivered, 1);
}
