//! The project's own source keeps to its rules: who may import whom, where the clock is read, how long a file
//! may be, and which words do not stay.

mod faults;
mod figures;
mod supply;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use alert_tests::source::{code, names, root, rust_files};

/// `alert-core/src` without its unit tests.
fn core() -> BTreeMap<String, String> {
    let mut files = rust_files("alert-core/src");
    files.retain(|file, _| {
        !file.ends_with("tests.rs") && !file.contains("/tests/") && !file.starts_with("bin/")
    });
    assert!(files.len() > 50, "the source has moved: {:?}", files.keys());
    files
}

/// The module in which each name that `lib.rs` re-exports is at home.
fn homes(lib: &str) -> BTreeMap<String, String> {
    let code = code(lib);
    let uses = code
        .split("pub use ")
        .skip(1)
        .filter_map(|rest| rest.split(';').next());
    let paths = uses.filter_map(|path| path.split_once("::"));
    let names = paths.flat_map(|(module, names)| {
        let names = names
            .split(['{', '}', ','])
            .map(str::trim)
            .filter(|name| !name.is_empty());
        names.map(move |name| (name.to_owned(), module.to_owned()))
    });
    names.collect()
}

/// The modules a file names, by their first part: `crate::Severity` counts as `severity`.
fn modules(file: &str, text: &str, homes: &BTreeMap<String, String>) -> BTreeSet<String> {
    let of = |path: String| match path.split_once("::") {
        Some((module, _)) => module.to_owned(),
        None => homes.get(&path).cloned().unwrap_or(path),
    };
    names(file, text).into_iter().map(of).collect()
}

/// Fails if a file of `whose` names a module that is not in `may`.
fn only(whose: impl Fn(&str) -> bool, may: &[&str]) {
    let files = core();
    let homes = homes(&files["lib.rs"]);
    let mut seen = false;
    for (file, text) in files.iter().filter(|(file, _)| whose(file)) {
        seen = true;
        for module in modules(file, text, &homes) {
            assert!(
                may.contains(&module.as_str()),
                "{file} names `{module}`; it may name {may:?}"
            );
        }
    }
    assert!(seen, "no file is meant");
}

/// Fails if the code of a file of `whose` holds one of these words.
fn without(whose: impl Fn(&str) -> bool, words: &[&str]) {
    let files = core();
    let meant: Vec<_> = files.iter().filter(|(file, _)| whose(file)).collect();
    assert!(!meant.is_empty(), "no file is meant");
    for (file, text) in meant {
        let code = code(text);
        for word in words {
            assert!(!code.contains(word), "the code of {file} holds `{word}`");
        }
    }
}

fn below(folder: &str) -> impl Fn(&str) -> bool {
    move |file| file.starts_with(folder)
}

fn one_of(files: &'static [&'static str]) -> impl Fn(&str) -> bool {
    move |file| files.contains(&file)
}

/// The dispatcher itself, in six files.
const DRIVER: [&str; 6] = [
    "dispatch/intake.rs",
    "dispatch/mod.rs",
    "dispatch/send.rs",
    "dispatch/spooling.rs",
    "dispatch/start.rs",
    "dispatch/verify.rs",
];

const NO_RUNTIME: [&str; 6] = ["tokio", "reqwest", "hyper", "std::net", "std::thread", "thread::"];

#[test]
fn the_model_knows_the_model_alone() {
    let model = &[
        "severity",
        "site",
        "chain",
        "event",
        "fingerprint",
        "secret",
        "digest",
        "details",
        "hash",
    ];
    let files = |file: &str| {
        let module = file.split(['/', '.']).next().unwrap_or_default();
        model.contains(&module)
    };
    // Where an event happened is told by these two, which ask the runtime for the task.
    only(files, &[&model[..], &["incident", "trace", "sync"]].concat());
    without(files, &NO_RUNTIME);
}

#[test]
fn capture_and_channel_know_no_robots() {
    let capture = &[
        "details", "severity", "site", "chain", "event", "incident", "trace", "locate", "panics", "capture",
        "channel", "report",
    ];
    only(
        one_of(&[
            "capture.rs",
            "report.rs",
            "panics.rs",
            "locate.rs",
            "probe.rs",
            "raise.rs",
        ]),
        capture,
    );
    only(below("channel/"), &["channel", "event", "site", "stats", "sync"]);
    without(
        one_of(&["capture.rs", "report.rs", "panics.rs", "locate.rs"]),
        &["tokio", "robot", "reqwest"],
    );
}

#[test]
fn dispatch_is_pure_but_for_its_driver() {
    let pure = |file: &str| file.starts_with("dispatch/") && !DRIVER.contains(&file);
    let model = [
        "details",
        // The site that stands for a panic outside annotated code.
        "incident",
        // What no message may hold.
        "scrub",
        "secret",
        "panics",
        "trace",
        "silence",
        "spool",
        "severity",
        "site",
        "chain",
        "event",
        "fingerprint",
        "digest",
        "error",
        "stats",
        "config",
        "robot",
    ];
    only(pure, &[&model[..], &["dispatch"]].concat());
    without(pure, &["Instant::now", "SystemTime::now", "sleep", "spawn"]);
    without(pure, &NO_RUNTIME);
}

#[test]
fn a_vendor_knows_no_other_vendor_and_does_not_send() {
    let files = core();
    let vendors: BTreeSet<_> = files
        .keys()
        .filter_map(|file| file.strip_prefix("robot/")?.split_once('/'))
        .map(|(vendor, _)| vendor.to_owned())
        .collect();
    assert!(vendors.len() >= 3, "{vendors:?}");
    for (file, text) in &files {
        let Some((vendor, _)) = file.strip_prefix("robot/").and_then(|file| file.split_once('/')) else {
            continue;
        };
        let found = names(file, text);
        for other in vendors.iter().filter(|other| *other != vendor) {
            let path = format!("robot::{other}");
            let names_it = found
                .iter()
                .any(|name| *name == path || name.starts_with(&format!("{path}::")));
            assert!(!names_it, "{file} names the vendor `{other}`: {found:?}");
        }
    }
    only(
        below("robot/"),
        &["robot", "digest", "secret", "severity", "fingerprint"],
    );
    without(below("robot/"), &["Instant", "SystemTime::now", "sleep"]);
    without(below("robot/"), &NO_RUNTIME);
}

#[test]
fn the_transport_knows_requests_and_replies_alone() {
    only(below("transport/"), &["robot", "transport"]);
    let files = core();
    for (file, text) in files.iter().filter(|(file, _)| file.starts_with("transport/")) {
        let code = code(text).to_lowercase();
        assert!(
            !code.contains("alert"),
            "the code of {file} says what the bytes are about"
        );
        for name in names(file, text) {
            let known = ["Reply", "Request", "host_of"]
                .iter()
                .any(|known| name == format!("robot::{known}"));
            assert!(!name.starts_with("robot") || known, "{file} names {name}");
        }
    }
}

/// It judges what the formatters write, so it shares no line with them.
#[test]
fn the_inbox_imports_nothing_outside_itself() {
    only(below("inbox/"), &["inbox"]);
}

#[test]
fn nobody_imports_init() {
    let files = core();
    let homes = homes(&files["lib.rs"]);
    for (file, text) in files
        .iter()
        .filter(|(file, _)| *file != "lib.rs" && !file.starts_with("init/"))
    {
        assert!(
            !modules(file, text, &homes).contains("init"),
            "{file} imports what wires everything"
        );
    }
}

#[test]
fn the_clock_is_read_in_few_places() {
    let reads = [
        "report.rs",
        "panics.rs",
        "init.rs",
        "init/end.rs",
        "transport/http.rs",
    ];
    without(
        |file| {
            !reads.contains(&file)
                && !DRIVER.contains(&file)
                && !file.starts_with("inbox/")
                && !file.starts_with("testing/")
        },
        &["Instant::now", "SystemTime::now"],
    );
}

#[test]
fn the_macros_depend_on_three_crates_and_not_on_the_core() {
    let manifest = fs::read_to_string(root().join("alert-macros/Cargo.toml")).unwrap();
    let (_, dependencies) = manifest.split_once("[dependencies]").unwrap();
    let dependencies = dependencies.split("\n[").next().unwrap();
    let names = dependencies
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = "));
    let names: Vec<_> = names.map(|(name, _)| name.split('.').next().unwrap()).collect();
    assert_eq!(names, ["proc-macro2", "quote", "syn"]);
    for (file, text) in rust_files("alert-macros/src") {
        assert!(!code(&text).contains("use alert_core"), "{file}");
    }
}

/// Every Rust file of the project.
fn all() -> Vec<(String, String)> {
    let folders = ["alert-core", "alert-macros", "examples", "tests", "ui-tests"];
    let files = folders.iter().flat_map(|folder| {
        rust_files(folder)
            .into_iter()
            .map(move |(file, text)| (format!("{folder}/{file}"), text))
    });
    files.collect()
}

#[test]
fn no_file_is_longer_than_500_lines() {
    let long: Vec<_> = all()
        .into_iter()
        .filter_map(|(file, text)| Some((file, text.lines().count())).filter(|(_, lines)| *lines > 500))
        .collect();
    assert!(long.is_empty(), "which two things do these do? {long:?}");
}

#[test]
fn words_of_unfinished_work_do_not_stay() {
    // Put together here, so that this file does not hold them.
    let words = [
        ["TO", "DO"],
        ["FIX", "ME"],
        ["XX", "X:"],
        ["unimplemented", "!"],
        ["todo", "!("],
        ["dbg", "!("],
    ];
    for (file, text) in all() {
        for word in words.map(|halves| halves.concat()) {
            let line = text.lines().position(|line| line.contains(&word));
            assert_eq!(line, None, "{file} holds `{word}`");
        }
    }
}

#[test]
fn every_member_takes_the_lints_of_the_workspace() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("unsafe_code = \"forbid\""));
    let members = manifest
        .split("members = [")
        .nth(1)
        .unwrap()
        .split(']')
        .next()
        .unwrap();
    let members: Vec<_> = members.split('"').skip(1).step_by(2).collect();
    assert!(members.len() >= 5, "{members:?}");
    for member in members {
        let manifest = fs::read_to_string(root().join(member).join("Cargo.toml")).unwrap();
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "{member} has lints of its own"
        );
        assert!(
            !root().join(member).join("build.rs").exists(),
            "{member} has a build script"
        );
    }
}
