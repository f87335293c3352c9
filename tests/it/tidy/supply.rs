//! What is depended on: licences, duplicates and sources as `.cargo/deny.toml` allows them, each direct dependency with
//! its reason in the manual, and no `unsafe` and no build script of ours anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use alert_tests::source::root;
use serde_json::Value;

/// What cargo knows of the workspace.
fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--all-features", "--locked"])
        .current_dir(root())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().unwrap().iter()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The words in quotes of one list of `.cargo/deny.toml`, line by line.
fn allowed(list: &str) -> Vec<Vec<String>> {
    let rules = fs::read_to_string(root().join(".cargo/deny.toml")).unwrap();
    let (_, rest) = rules.split_once(&format!("\n{list} = [\n")).unwrap();
    let (list, _) = rest.split_once("\n]").unwrap();
    let lines = list.lines().filter(|line| !line.trim_start().starts_with('#'));
    let words = |line: &str| line.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    lines
        .map(words)
        .filter(|words: &Vec<_>| !words.is_empty())
        .collect()
}

/// Whether an SPDX expression can be met by these licences: an alternative all of whose parts are among them. A bracket
/// only ever holds alternatives here.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.replace('/', " OR ");
    if let Some((bracket, rest)) = expression
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(") AND "))
    {
        return is_met(bracket, allowed) && is_met(rest, allowed);
    }
    let is_allowed = |licence: &str| allowed.contains(licence.trim());
    expression
        .split(" OR ")
        .any(|alternative| alternative.split(" AND ").all(is_allowed))
}

#[test]
fn every_licence_is_an_allowed_one() {
    let all: BTreeSet<String> = allowed("allow").into_iter().flatten().collect();
    assert!(all.contains("MIT") && all.len() >= 4, "{all:?}");
    let exceptions: BTreeMap<String, String> = allowed("exceptions")
        .into_iter()
        .map(|words| (words[0].clone(), words[1].clone()))
        .collect();
    let metadata = metadata();
    for package in packages(&metadata) {
        let (name, licence) = (text(&package["name"]), text(&package["license"]));
        let excepted = exceptions.get(name).is_some_and(|allowed| allowed == licence);
        assert!(excepted || is_met(licence, &all), "{name} is under `{licence}`");
    }
}

#[test]
fn expressions_of_licences_are_read_as_they_are_meant() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "ISC".to_owned()]);
    for (expression, is_so) in [
        ("MIT", true),
        ("Apache-2.0", false),
        ("Apache-2.0 OR MIT", true),
        ("Unlicense/MIT", true),
        ("MIT AND ISC", true),
        ("MIT AND GPL-3.0", false),
        ("GPL-3.0 OR MIT AND ISC", true),
        ("(MIT OR GPL-3.0) AND ISC", true),
        ("(MIT OR GPL-3.0) AND GPL-3.0", false),
        ("(GPL-2.0 OR GPL-3.0) AND MIT", false),
        ("", false),
    ] {
        assert_eq!(is_met(expression, &allowed), is_so, "{expression}");
    }
}

/// What those who depend on us get, on every platform: everything but what only our tests and benches need.
fn shipped(metadata: &Value) -> BTreeSet<String> {
    let nodes: BTreeMap<&str, &Value> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (text(&node["id"]), node))
        .collect();
    let core = packages(metadata)
        .find(|package| package["name"] == "alert-core")
        .unwrap();
    let mut seen = BTreeSet::new();
    let mut todo = vec![text(&core["id"])];
    while let Some(id) = todo.pop() {
        if seen.insert(id.to_owned()) {
            let wanted = nodes[id]["deps"].as_array().unwrap().iter().filter(|dependency| {
                let kinds = dependency["dep_kinds"].as_array().unwrap();
                kinds.iter().any(|kind| kind["kind"] != "dev")
            });
            todo.extend(wanted.map(|dependency| text(&dependency["pkg"])));
        }
    }
    seen
}

#[test]
fn a_crate_comes_in_two_versions_only_where_the_reason_is_given() {
    let metadata = metadata();
    let shipped = shipped(&metadata);
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in packages(&metadata).filter(|package| shipped.contains(text(&package["id"]))) {
        versions
            .entry(text(&package["name"]))
            .or_default()
            .push(text(&package["version"]));
    }
    assert!(versions.len() > 60, "{versions:?}");
    versions.retain(|_, versions| versions.len() > 1);
    let twice: BTreeSet<&str> = versions.keys().copied().collect();
    let reasons = allowed("skip");
    let known = reasons.iter().map(|words| words[0].split_once('@').unwrap().0);
    assert_eq!(twice, known.collect(), "{versions:?}");
    assert!(
        reasons.iter().all(|words| words.len() == 2),
        "a reason each: {reasons:?}"
    );
}

#[test]
fn everything_comes_from_the_registry_or_from_here() {
    let metadata = metadata();
    let known = "registry+https://github.com/rust-lang/crates.io-index";
    for package in packages(&metadata) {
        let from_here = package["source"].is_null() && text(&package["id"]).starts_with("path+");
        assert!(from_here || package["source"] == known, "{}", package["id"]);
    }
}

#[test]
fn the_manual_gives_a_reason_for_each_dependency_and_no_other() {
    let metadata = metadata();
    let core = packages(&metadata)
        .find(|package| package["name"] == "alert-core")
        .unwrap();
    let direct: BTreeMap<&str, bool> = core["dependencies"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|dependency| dependency["kind"].is_null())
        .map(|dependency| (text(&dependency["name"]), dependency["optional"] == true))
        .collect();
    let manual = fs::read_to_string(root().join("alert-core/docs/operations.md")).unwrap();
    let (_, table) = manual.split_once("## What it depends on").unwrap();
    let rows = table
        .lines()
        .skip_while(|line| !line.starts_with("| ---"))
        .skip(1);
    let mut told = BTreeMap::new();
    for row in rows.take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [names, features, reason] = cells[..] else {
            panic!("{row}")
        };
        assert!(reason.len() > 10, "{row}");
        for name in names.split(", ") {
            told.insert(name.trim_matches('`'), features != "always");
        }
    }
    assert_eq!(told, direct, "crate, and whether a feature brings it");
}

/// Every manifest of the project, those of workspaces of their own too.
fn manifests(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && name != "wip" && !name.starts_with('.') {
            manifests(&path, found);
        } else if name == "Cargo.toml" {
            found.push(path);
        }
    }
}

#[test]
fn no_crate_of_ours_has_unsafe_code_or_a_build_script() {
    let mut found = Vec::new();
    manifests(&root(), &mut found);
    assert!(found.len() >= 10, "{found:?}");
    for manifest in found {
        let folder = manifest.parent().unwrap();
        // Sources of the benches and of a gRPC service are written by one; nobody gets it with the crates.
        let writes = ["benches/peers", "examples/tonic"]
            .iter()
            .any(|known| folder.ends_with(known));
        assert!(
            writes || !folder.join("build.rs").exists(),
            "{}",
            folder.display()
        );
        let manifest = fs::read_to_string(&manifest).unwrap();
        assert!(!manifest.contains("\nbuild = "), "{}", folder.display());
        // Members take the workspace's lints, by a test of its own; the others say it themselves. One tries what takes
        // unsafe code: a fork, a failure in a signal handler.
        let forbids = manifest.contains("[lints]\nworkspace = true")
            || manifest.contains("unsafe_code = \"forbid\"")
            || folder.ends_with("tests/raw");
        assert!(forbids, "{} does not forbid unsafe code", folder.display());
    }
}
