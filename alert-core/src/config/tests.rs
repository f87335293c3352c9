use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::*;

/// What `from_env` makes of these variables, and the names it asked for.
fn from(variables: &[(&str, &str)]) -> (Config, BTreeSet<String>) {
    let given: BTreeMap<_, _> = variables.iter().copied().collect();
    let asked = RefCell::new(BTreeSet::new());
    let variable = |name: &str| {
        asked.borrow_mut().insert(name.to_owned());
        given.get(name).map(|value| (*value).to_owned())
    };
    let file = |path: &str| match path {
        "/run/secrets/robots" => {
            Ok("webhook+http://127.0.0.1:8025/a\nwebhook+http://127.0.0.1:8025/b\n".into())
        }
        _ => Err(io::Error::from(io::ErrorKind::NotFound)),
    };
    let config = Config::from_variables(&variable, &file);
    (config, asked.into_inner())
}

fn problems(config: &Config) -> Vec<String> {
    let Err(error) = config.check() else {
        return Vec::new();
    };
    let lines = error
        .problems()
        .map(|(setting, problem)| format!("{setting}: {problem}"));
    lines.collect()
}

#[test]
fn every_variable_is_the_setting_of_its_name() {
    let (config, _) = from(&[
        ("ALERT_SERVICE", "checkout"),
        ("ALERT_ROBOTS_FILE", "/run/secrets/robots"),
        ("ALERT_ENV", "prod"),
        ("ALERT_RELEASE", "42"),
        ("ALERT_HOST", "pod-7"),
        ("ALERT_COMMIT", "4ed5c7c"),
        ("ALERT_TRACE_URL", "https://traces.example.com/{trace_id}"),
        ("ALERT_SOURCE_URL", "https://git.example.com/{file}"),
        ("ALERT_LANGUAGE", " zh "),
        ("ALERT_MUTE_SYMPTOMS", "1"),
        ("ALERT_REPORT_ALL_PANICS", "true"),
        ("ALERT_VERIFY", "on"),
        ("ALERT_GROUP_BY", "type"),
        ("ALERT_RAW_MESSAGES", "yes"),
        ("ALERT_CHANNEL_CAPACITY", "200"),
        ("ALERT_TIMEOUT", "5"),
        ("ALERT_CONNECT_TIMEOUT", "1500ms"),
    ]);
    assert_eq!(problems(&config), [""; 0]);
    let said = [
        Some(config.service.as_str()),
        config.environment.as_deref(),
        config.release.as_deref(),
        config.host.as_deref(),
        config.commit.as_deref(),
    ];
    assert_eq!(said, ["checkout", "prod", "42", "pod-7", "4ed5c7c"].map(Some));
    assert!(config.trace_url.is_some() && config.source_url.is_some());
    assert_eq!(
        (config.language, config.group_by),
        (Language::Chinese, GroupBy::Type)
    );
    assert!(config.mutes_symptoms && config.all_panics && config.verifies && config.rules().raw);
    assert_eq!((config.capacity, config.robots.len()), (200, 2));
    assert_eq!(
        (config.timeout, config.connect_timeout),
        (Duration::from_secs(5), Duration::from_millis(1500))
    );
}

#[test]
fn every_mistake_in_the_environment_is_listed_by_its_variable() {
    let (config, _) = from(&[
        ("ALERT_SERVICE", " "),
        ("ALERT_ROBOTS", "webhook+http://127.0.0.1:8025/a"),
        ("ALERT_ROBOTS_FILE", "/nowhere"),
        ("ALERT_VERIFY", "perhaps"),
        ("ALERT_LANGUAGE", "fr"),
        ("ALERT_CHANNEL_CAPACITY", "-1"),
        ("ALERT_TIMEOUT", "soon"),
    ]);
    let expected = [
        "ALERT_SERVICE: is missing; give the service's name",
        "ALERT_LANGUAGE: is not one of `en`, `zh`",
        "ALERT_VERIFY: is not `true` or `false`",
        "ALERT_CHANNEL_CAPACITY: is not a whole number from 0",
        "ALERT_TIMEOUT: is not a time such as `\"90s\"`, `\"5m\"` or `\"2h\"`, or a whole number of seconds",
        "ALERT_ROBOTS_FILE: is given beside `ALERT_ROBOTS`; give one of them",
    ];
    assert_eq!(problems(&config), expected);
    let (unread, _) = from(&[("ALERT_SERVICE", "shop"), ("ALERT_ROBOTS_FILE", "/nowhere")]);
    assert!(
        problems(&unread)[0].contains("`/nowhere`, which cannot be read"),
        "{:?}",
        problems(&unread)
    );
}

/// The mistakes in the names and the encoding of these variables.
fn named(variables: &[(&str, &[u8])]) -> Vec<String> {
    let os = |(name, value): &(&str, &[u8])| {
        let value = if value.is_ascii() {
            String::from_utf8_lossy(value).into_owned().into()
        } else {
            not_utf8()
        };
        (std::ffi::OsString::from(name), value)
    };
    let mut problems = ConfigError::default();
    names::check(variables.iter().map(os), &mut problems);
    let lines = problems
        .problems()
        .map(|(setting, problem)| format!("{setting}: {problem}"));
    lines.collect()
}

#[cfg(unix)]
pub(super) fn not_utf8() -> std::ffi::OsString {
    std::os::unix::ffi::OsStringExt::from_vec(b"caf\xe9".to_vec())
}

#[cfg(windows)]
pub(super) fn not_utf8() -> std::ffi::OsString {
    std::os::windows::ffi::OsStringExt::from_wide(&[0xD800])
}

#[test]
fn a_variable_whose_name_is_nearly_right_is_named_with_the_right_one() {
    for (wrong, right) in [
        ("ALERT_ROBOT", "ALERT_ROBOTS"),
        ("ALERT_ROBOTS_FILES", "ALERT_ROBOTS_FILE"),
        ("ALERT_ENVIRONMENT", "ALERT_ENV"),
        ("ALERT_HOSTNAME", "ALERT_HOST"),
        ("ALERT_SERVCIE", "ALERT_SERVICE"),
        ("ALERT_SERVICE_NAME", "ALERT_SERVICE"),
        ("ALERT_CONECT_TIMEOUT", "ALERT_CONNECT_TIMEOUT"),
        ("ALERT_TRACEURL", "ALERT_TRACE_URL"),
        ("ALERT_DISABLED", "ALERT_DISABLE"),
        ("alert_robots", "ALERT_ROBOTS"),
    ] {
        let expected = [format!("{wrong}: is no setting; the name is `{right}`")];
        assert_eq!(named(&[(wrong, b"x")]), expected);
        assert_eq!(
            named(&[(wrong, b"x"), (right, b"y")]),
            [""; 0],
            "the right one is set"
        );
        assert_eq!(named(&[(wrong, b"")]), [""; 0], "an empty one is not set");
    }
}

#[test]
fn variables_of_others_are_left_alone() {
    let others = [
        "ALERT_MANAGER_URL",
        // What Kubernetes sets for services named `alert` and `alert-host`.
        "ALERT_PORT",
        "ALERT_SERVICE_HOST",
        "ALERT_SERVICE_PORT",
        "ALERT_HOST_SERVICE_HOST",
        "ALERT_LEVEL",
        "ROBOTS",
    ];
    let set: Vec<_> = others.iter().map(|name| (*name, &b"x"[..])).collect();
    assert_eq!(named(&set), [""; 0]);
    assert_eq!(named(&names::VARIABLES.map(|name| (name, &b"x"[..]))), [""; 0]);
}

#[test]
fn a_variable_of_another_encoding_is_named() {
    assert_eq!(
        named(&[("ALERT_SERVICE", b"caf\xe9"), ("ALERT_MANAGER", b"caf\xe9")]),
        ["ALERT_SERVICE: is not UTF-8; give it in that encoding"]
    );
}

/// The settings of one type: the methods that take and give back `Self`.
#[cfg(feature = "serde")]
fn builders(sources: &[&str]) -> BTreeSet<String> {
    let heads = sources.iter().flat_map(|source| source.split("    pub ").skip(1));
    let heads = heads.filter_map(|method| method.split(" {").next());
    let builders = heads.filter_map(|head| {
        let (name, arguments) = head.split_once("fn ")?.1.split_once(['(', '<'])?;
        (arguments.contains("self") && arguments.ends_with("-> Self")).then(|| name.to_owned())
    });
    builders.collect()
}

/// The keys that a table of a file knows, as it says itself when it meets another.
#[cfg(feature = "serde")]
fn known(toml: &str, place: &str) -> BTreeSet<String> {
    let config: Config = toml::from_str(toml).unwrap();
    let found = problems(&config);
    let line = format!("{place}: is no setting; known are ");
    let names = found.iter().find_map(|problem| problem.strip_prefix(&line));
    let names = names.unwrap_or_else(|| panic!("nothing at `{place}`: {found:#?}"));
    names.split(", ").map(str::to_owned).collect()
}

#[cfg(feature = "serde")]
fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// What takes a function or a Rust type; no file can hold one.
#[cfg(feature = "serde")]
const CODE_ALONE: [&str; 4] = ["on_error", "scrub", "severity_of", "transport"];

#[cfg(feature = "serde")]
const OF_CONFIG: [&str; 4] = [
    include_str!("mod.rs"),
    include_str!("delivery.rs"),
    include_str!("program.rs"),
    include_str!("grouping.rs"),
];

#[cfg(feature = "serde")]
#[test]
fn a_file_has_the_names_of_the_code() {
    let mut of_config = builders(&OF_CONFIG);
    assert!(of_config.len() > 20, "{of_config:?}");
    of_config.insert("service".to_owned());
    let of_config = &of_config - &set(&CODE_ALONE);
    assert_eq!(known("x = 1", "x"), of_config);

    let policy = builders(&[include_str!("policy.rs")]);
    assert_eq!(known("policy.x = 1", "policy.x"), &policy | &set(&["kind"]));
    let hours = builders(&[include_str!("hours.rs")]);
    assert_eq!(
        known("quiet_hours.x = 1", "quiet_hours.x"),
        &hours | &set(&["from", "to"])
    );
    let matcher = builders(&[include_str!("matcher.rs")]);
    let route = builders(&[include_str!("route.rs")]);
    assert_eq!(known("[[route]]\nx = 1", "route[0].x"), &matcher | &route);
    let silence = builders(&[include_str!("../silence.rs")]);
    assert_eq!(
        known("[[silence]]\nx = 1", "silence[0].x"),
        &(&matcher | &silence) | &set(&["lasts"])
    );
    let robot = builders(&[include_str!("../robot/endpoint.rs")]);
    let secrets = set(&["kind", "url", "url_env", "url_file", "secret_env", "secret_file"]);
    assert_eq!(known("[[robot]]\nx = 1", "robot[0].x"), &robot | &secrets);
}

#[cfg(feature = "serde")]
#[test]
fn the_environment_has_the_names_of_the_code_and_the_manual_lists_them() {
    let lists = [
        "keep_words",
        "mask",
        "policy",
        "policy_for",
        "quiet_hours",
        "raw_messages_of",
        "robot",
        "route",
        "silence",
    ];
    let code = builders(&OF_CONFIG);
    let single = &(&code - &set(&CODE_ALONE)) - &set(&lists);
    let mut expected: BTreeSet<String> = single
        .iter()
        .map(|name| format!("ALERT_{}", name.to_uppercase()))
        .collect();
    assert!(expected.remove("ALERT_ENVIRONMENT"));
    expected.extend(set(&[
        "ALERT_ENV",
        "ALERT_SERVICE",
        "ALERT_ROBOTS",
        "ALERT_ROBOTS_FILE",
    ]));
    let (_, asked) = from(&[]);
    assert_eq!(asked, expected);
    // `init` reads the one that switches everything off.
    let read: BTreeSet<String> = &asked | &set(&["ALERT_DISABLE"]);
    assert_eq!(set(&names::VARIABLES), read);

    let tuning = include_str!("../../docs/tuning.md");
    let on_from_env = include_str!("env.rs");
    for name in &asked {
        assert!(
            tuning.contains(&format!("`{name}`")),
            "{name} is not in the manual"
        );
        assert!(
            on_from_env.contains(&format!("/// | `{name}` |")),
            "{name} is not on `from_env`"
        );
    }
    for name in &code {
        assert!(
            tuning.contains(&format!("`{name}`")),
            "{name} is not in the manual"
        );
    }
}
