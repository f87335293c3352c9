use core::time::Duration;
use std::io;

use super::*;
use crate::config::tests::not_utf8;
use crate::{GroupBy, Language};

/// What an application's own struct would hold.
fn config(toml: &str) -> Config {
    let settings: Value = toml::from_str(toml).unwrap();
    let source = Source {
        variable: &|name| match name {
            "OPS_URL" => Some("https://oapi.dingtalk.com/robot/send?access_token=t0k".into()),
            "BLANK" => Some(" ".into()),
            "LATIN_1" => Some(not_utf8()),
            _ => None,
        },
        file: &|path| match path {
            "/run/secrets/ops" => Ok("SECops\n".to_owned()),
            _ => Err(io::Error::from(io::ErrorKind::NotFound)),
        },
    };
    Config::from_settings(settings, &source)
}

fn problems(toml: &str) -> Vec<String> {
    let Err(error) = config(toml).check() else {
        return Vec::new();
    };
    let lines = error
        .problems()
        .map(|(setting, problem)| format!("{setting}: {problem}"));
    lines.collect()
}

#[cfg(feature = "spool")]
#[test]
fn the_manual_s_file_sets_everything() {
    let manual = include_str!("../../../docs/tuning.md");
    let toml = manual
        .split("```toml\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let config = config(toml);
    assert_eq!(problems(toml), [""; 0]);
    assert_eq!(
        (config.service.as_str(), config.environment.as_deref()),
        ("checkout", Some("prod"))
    );
    assert_eq!(
        (config.release.as_deref(), config.host.as_deref()),
        (Some("1.4.2"), Some("pod-7"))
    );
    assert_eq!(config.language, Language::Chinese);
    assert_eq!(config.commit.as_deref(), Some("4ed5c7c"));
    assert!(config.trace_url.is_some() && config.source_url.is_some() && config.verifies);
    assert_eq!(
        (config.capacity, config.mutes_symptoms, config.all_panics),
        (200, true, true)
    );
    assert_eq!(
        (config.timeout, config.connect_timeout),
        (Duration::from_secs(5), Duration::from_millis(1500))
    );
    assert_eq!((config.group_by, config.rules().raw), (GroupBy::Message, false));
    assert_eq!(
        (&config.rules().keep_words[..], &config.rules().extra_masks[..]),
        (&["v2".to_owned()][..], &["ACME Corp".to_owned()][..])
    );
    let calm = Policy::threshold().window(Duration::from_secs(30)).more_than(10);
    assert_eq!(**config.policy_of(Severity::Error), calm);
    assert_eq!(**config.policy_of(Severity::Info), Policy::digest_only());
    assert_eq!(
        config.quiet_hours,
        Some(QuietHours::new((22, 0), (8, 30)).utc_offset_minutes(480))
    );
    let [ops, archive] = &config.robots[..] else {
        panic!("{:?}", config.robots)
    };
    assert_eq!(
        (ops.kind(), ops.label(), archive.kind()),
        ("dingtalk", "ops", "webhook")
    );
    assert_eq!(ops.signing_secret().unwrap().expose(), "SECops");
    assert_eq!(ops.chain().count(), 2);
    assert_eq!(ops.mentioned(Severity::Error).count(), 1);
    assert!(format!("{:?}", config.robots[1]).contains("webhook"));
    let [route] = &config.routes[..] else {
        panic!("{:?}", config.routes)
    };
    assert_eq!(route.to, ["ops"]);
    assert!(route.more);
    let expected = Matcher::all()
        .severity(Severity::Critical)
        .module("shop::pay::*")
        .function("charge")
        .owner("payments")
        .route("money")
        .says("card")
        .field("tenant", "acme");
    assert_eq!(route.matcher, expected);
    let [silence] = &config.silences[..] else {
        panic!("{:?}", config.silences)
    };
    assert_eq!(silence.length, Duration::from_secs(7200));
}

#[test]
fn every_mistake_is_listed_with_its_place_and_no_secret_is_shown() {
    let found = problems(
        r#"
        environment = 3
        timeout = "fast"
        colour = "red"
        [policy]
        kind = "loud"
        [quiet_hours]
        from = "22"
        [[robot]]
        kind = "dingtalk"
        url = "https://oapi.dingtalk.com/robot/send?access_token=hidden-token"
        secret = "hidden-secret"
        [[robot]]
        kind = "carrier-pigeon"
        url_env = "NOT_SET"
        [[robot]]
        secret_file = "/nowhere"
        mention = [{ user = "a", all = true }]
        [[route]]
        severity = "urgent"
        [[silence]]
        says = "x"
        "#,
    );
    let places: Vec<_> = found
        .iter()
        .map(|line| line.split(": ").next().unwrap())
        .collect();
    let expected = [
        "service",
        "environment",
        "timeout",
        "policy.kind",
        "quiet_hours.from",
        "quiet_hours.to",
        "robot[0].url",
        "robot[0].secret",
        "robot[1].url_env",
        "robot[1].kind",
        "robot[2].url",
        "robot[2].secret_file",
        "robot[2].mention[0].user",
        "route[0].severity",
        "silence[0].lasts",
        "colour",
    ];
    assert_eq!(places, expected, "{found:#?}");
    assert!(!found.concat().contains("hidden"), "{found:#?}");
}

#[test]
fn what_is_wrong_with_a_variable_that_is_named_is_said() {
    for (name, wrong) in [
        ("NOT_SET", "names `NOT_SET`, which is not set"),
        ("BLANK", "names `BLANK`, which is not set"),
        (
            "LATIN_1",
            "names `LATIN_1`, which is not UTF-8; give it in that encoding",
        ),
    ] {
        for setting in ["url_env", "secret_env"] {
            let url = if setting == "url_env" {
                ""
            } else {
                "url_env = 'OPS_URL'"
            };
            let toml = format!("service = 'shop'\n[[robot]]\n{url}\n{setting} = '{name}'");
            let found = problems(&toml);
            assert_eq!(
                found.first(),
                Some(&format!("robot[0].{setting}: {wrong}")),
                "{found:?}"
            );
        }
    }
}

#[test]
fn an_application_s_struct_may_hold_it() {
    let toml = "service = 'shop'\n[[robot]]\nkind = 'slack'\nurl = 'http://127.0.0.1:8025/services/T0/B0/x'";
    let config: Config = toml::from_str(toml).unwrap();
    config.check().unwrap();
    assert_eq!(config.robots[0].kind(), "slack");
    let nothing: Config = toml::from_str("").unwrap();
    let error = nothing.check().unwrap_err().to_string();
    assert!(
        error.contains("`service`") && error.contains("`robot`"),
        "{error}"
    );
}

#[cfg(feature = "spool")]
#[test]
fn mistakes_that_the_code_can_make_a_file_can_make_too() {
    let file = env::current_exe().unwrap();
    let found = problems(&format!(
        r#"
        service = "shop"
        environment = ""
        release = " "
        host = ""
        commit = ""
        trace_url = "traces.example.com/{{trace_id}}"
        source_url = "git.example.com"
        timeout = "3s"
        connect_timeout = "4s"
        spool = '{}'
        [[robot]]
        kind = "webhook"
        url = "http://127.0.0.1:8025/a"
        name = "ops"
        [[robot]]
        kind = "webhook"
        url = "http://127.0.0.1:8025/b"
        name = "ops"
        "#,
        file.display()
    ));
    let expected = [
        (
            "connect_timeout",
            "is longer than `timeout`, 3s; give no more than that",
        ),
        ("environment", "is empty; give it a name, or leave it out"),
        ("release", "is empty; give it a name, or leave it out"),
        ("host", "is empty; give it a name, or leave it out"),
        ("commit", "is empty; give it a name, or leave it out"),
        ("trace_url", "is no address; begin it with `https://`"),
        (
            "source_url",
            "has no `{file}`; every alert would carry the same link",
        ),
        ("source_url", "is no address; begin it with `https://`"),
        ("spool", "is no directory; give one, which need not exist yet"),
        (
            "robot ops",
            "has the same name as an earlier robot; give each one of its own",
        ),
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, (setting, problem)) in found.iter().zip(expected) {
        assert!(
            found.starts_with(&format!("{setting}: ")) && found.ends_with(problem),
            "{found}"
        );
    }
}
