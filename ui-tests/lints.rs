//! Lints still fire on user code, and nothing fires on generated code: the compiler, clippy and rustdoc on a small
//! package.

#![expect(clippy::unwrap_used, reason = "what a test needs")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;

const SOURCES: [&str; 2] = ["src/lib.rs", "src/expanded.rs"];
/// Those of the compiler itself, which reads every function as it was expanded.
const COMPILER: [&str; 5] = [
    "dead_code",
    "missing_docs",
    "unreachable_code",
    "unused_must_use",
    "unused_variables",
];

/// File, line and lint.
type Fired = BTreeSet<(&'static str, u32, String)>;

#[test]
fn by_clippy() {
    let found = fired_in(&cargo("clippy", &["--message-format=json"]));
    assert_eq!(found, wanted(|_| true), "found, and wanted");
}

#[test]
fn by_the_compiler() {
    let found = fired_in(&cargo("check", &["--message-format=json"]));
    assert_eq!(
        found,
        wanted(|lint| COMPILER.contains(&lint)),
        "found, and wanted"
    );
}

#[test]
fn documentation_shows_the_function_as_written() {
    cargo("doc", &["--no-deps"]);
    let page = target("doc").join("doc/lints/fn.explicit_return_later.html");
    let page = std::fs::read_to_string(page).unwrap();
    assert!(
        page.contains("<code>pub async fn explicit_return_later"),
        "{page}"
    );
    // As it says of what depends on a feature.
    assert!(!page.contains("Available on"), "{page}");
}

fn package() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("lints")
}

/// One for each command, so that they do not wait for each other.
fn target(command: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("lints").join(command)
}

/// What a command prints of the package.
fn cargo(command: &str, args: &[&str]) -> String {
    static LOCKED: Once = Once::new();
    // The lock file of the whole workspace, so that nothing has to be brought from anywhere.
    LOCKED.call_once(|| {
        std::fs::copy(package().join("../../Cargo.lock"), package().join("Cargo.lock")).unwrap();
    });
    let output = Command::new(env!("CARGO"))
        .args([command, "--offline", "--quiet"])
        .args(args)
        .env("CARGO_TARGET_DIR", target(command))
        .env("CLIPPY_CONF_DIR", package())
        .env_remove("RUSTFLAGS")
        .current_dir(package())
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// What the sources say behind `//~`.
fn wanted(counts: impl Fn(&str) -> bool) -> Fired {
    let mut wanted = Fired::new();
    for file in SOURCES {
        let source = std::fs::read_to_string(package().join(file)).unwrap();
        for (line, number) in source.lines().zip(1..) {
            let lints = line.split_once("//~ ").map_or("", |(_, lints)| lints);
            let lints = lints.split(' ').filter(|lint| !lint.is_empty() && counts(lint));
            wanted.extend(lints.map(|lint| (file, number, lint.to_owned())));
        }
    }
    wanted
}

fn fired_in(messages: &str) -> Fired {
    messages.lines().filter_map(fired).collect()
}

/// Where which lint fired in the package.
fn fired(message: &str) -> Option<(&'static str, u32, String)> {
    let after = |text: &str| Some(message.split_once(text)?.1);
    if !message.contains(r#""name":"lints""#) {
        return None;
    }
    let code = after(r#""code":{"code":""#)?.split('"').next()?;
    let (file, at) = after("--> ")?.split_once(':')?;
    let file = SOURCES.into_iter().find(|source| *source == file)?;
    let line = at.split(|letter: char| !letter.is_ascii_digit()).next()?;
    let name = code.trim_start_matches("clippy::");
    Some((file, line.parse().ok()?, name.to_owned()))
}
