//! Lints still fire on user code, and nothing fires on generated code: clippy on a small package.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Gone from annotated functions, and nothing here can bring them back: they look at the body of the function
/// itself, which is a call of ours. `alert-core/docs/attribute.md` says why.
const LOST: [&str; 3] = ["needless_pass_by_value", "unnecessary_wraps", "unused_async"];

#[test]
fn lints() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("lints");
    let source = std::fs::read_to_string(package.join("src/lib.rs")).unwrap();
    let wanted: BTreeSet<_> = source
        .lines()
        .zip(1..)
        .filter_map(|(line, number)| Some((number, line.split_once("//~ ")?.1.to_owned())))
        .filter(|(_, lint)| !LOST.contains(&lint.as_str()))
        .collect();
    // The lock file of the whole workspace, so that nothing has to be brought from anywhere.
    std::fs::copy(package.join("../../Cargo.lock"), package.join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["clippy", "--offline", "--quiet", "--message-format=json"])
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("lints"),
        )
        .env("CLIPPY_CONF_DIR", &package)
        .env_remove("RUSTFLAGS")
        .current_dir(&package)
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    let found: BTreeSet<_> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter_map(fired)
        .collect();
    assert_eq!(found, wanted, "line and lint: found, and wanted");
}

/// Line and name of a lint that fired in the package.
fn fired(message: &str) -> Option<(u32, String)> {
    let after = |text: &'static str| Some(message.split_once(text)?.1);
    if !message.contains(r#""name":"lints""#) {
        return None;
    }
    let code = after(r#""code":{"code":""#)?.split('"').next()?;
    let at = after("--> src/lib.rs:")?;
    let line = at.split(|letter: char| !letter.is_ascii_digit()).next()?;
    let name = code.trim_start_matches("clippy::");
    Some((line.parse().ok()?, name.to_owned()))
}
