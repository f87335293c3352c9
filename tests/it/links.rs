//! The Markdown files lead where they say.

use std::fs;
use std::path::{Path, PathBuf};

use alert_tests::source::root;

/// Every place a text links to, inline or by a definition, code left out.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_code = false;
    for line in text.lines() {
        if line.starts_with("```") {
            is_code = !is_code;
        }
        if is_code {
            continue;
        }
        let inline = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        found.extend(inline.map(str::to_owned));
        if let Some((name, place)) = line.split_once("]: ").filter(|(name, _)| name.starts_with('[')) {
            assert!(!name.contains(' '), "{line}");
            found.push(place.trim().to_owned());
        }
    }
    found
}

fn markdown() -> Vec<PathBuf> {
    let root = root();
    let mut files: Vec<_> = [
        "README.md",
        "README.zh-CN.md",
        "CHANGELOG.md",
        "ui-tests/README.md",
    ]
    .iter()
    .map(|file| root.join(file))
    .collect();
    let docs = fs::read_dir(root.join("alert-core/docs")).unwrap();
    files.extend(
        docs.map(|file| file.unwrap().path())
            .filter(|file| file.extension().is_some_and(|end| end == "md")),
    );
    files
}

#[test]
fn every_link_to_a_file_finds_it() {
    let mut seen = 0;
    for file in markdown() {
        let folder = file.parent().unwrap_or_else(|| Path::new("/"));
        for link in links(&fs::read_to_string(&file).unwrap()) {
            let path = link.split('#').next().unwrap_or_default();
            // Names of Rust items are checked by rustdoc, addresses of the web by nobody who is offline.
            if path.is_empty() || path.contains("://") || path.contains("::") || !path.contains(['/', '.']) {
                continue;
            }
            seen += 1;
            assert!(
                folder.join(path).exists(),
                "{} leads to `{link}`, which is not there",
                file.display()
            );
        }
    }
    assert!(seen >= 8, "{seen} links to files");
}

/// The anchors of a page's headings, as rustdoc and GitHub make them.
fn anchors(text: &str) -> Vec<String> {
    let mut is_code = false;
    let headings = text.lines().filter(|line| {
        is_code ^= line.starts_with("```");
        !is_code && line.starts_with('#')
    });
    let anchors = headings.map(|heading| {
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = words
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    });
    anchors.collect()
}

/// The page a link leads to, if it is one of ours: a file, or a page of the manual as rustdoc names it.
fn page(of: &Path, target: &str) -> Option<PathBuf> {
    if target.is_empty() {
        return Some(of.to_owned());
    }
    if let Some((_, name)) = target.rsplit_once("manual::") {
        return Some(root().join(format!("alert-core/docs/{name}.md")));
    }
    let page = of.parent()?.join(target);
    page.extension().is_some_and(|end| end == "md").then_some(page)
}

#[test]
fn every_link_to_a_heading_finds_it() {
    let mut seen = 0;
    for file in markdown() {
        for link in links(&fs::read_to_string(&file).unwrap()) {
            let Some((target, anchor)) = link.split_once('#') else {
                continue;
            };
            let Some(page) = page(&file, target) else {
                continue;
            };
            seen += 1;
            let anchors = anchors(&fs::read_to_string(&page).unwrap());
            assert!(
                anchors.iter().any(|known| known == anchor),
                "{} leads to `{link}`, but {} has {anchors:?}",
                file.display(),
                page.display()
            );
        }
    }
    assert!(seen >= 3, "{seen} links to headings");
}

/// What is said in one language is said in the other: the same code, the same robots.
#[test]
fn both_readmes_show_the_same_code_and_the_same_robots() {
    let read = |file: &str| fs::read_to_string(root().join(file)).unwrap();
    let (english, chinese) = (read("README.md"), read("README.zh-CN.md"));
    let shell = |text: &str| -> Vec<String> {
        text.split("```sh\n")
            .skip(1)
            .filter_map(|rest| Some(rest.split("```").next()?.to_owned()))
            .collect()
    };
    assert_eq!(shell(&english), shell(&chinese));
    let robots = |text: &str| -> Vec<String> {
        let rows = text.lines().filter(|line| line.starts_with('|'));
        rows.filter_map(|row| Some(row.split("`Robot::").nth(1)?.split('(').next()?.to_owned()))
            .collect()
    };
    assert!(robots(&english).len() >= 9, "{:?}", robots(&english));
    assert_eq!(robots(&english), robots(&chinese));
}

/// Outside of rustdoc a hidden line is visible, and what is copied has to compile.
#[test]
fn every_block_of_rust_can_be_copied() {
    let mut seen = 0;
    for file in markdown() {
        let text = fs::read_to_string(&file).unwrap();
        for block in text
            .split("```rust")
            .skip(1)
            .filter_map(|rest| rest.split("```").next())
        {
            seen += 1;
            let hidden = block
                .lines()
                .map(str::trim)
                .find(|line| *line == "#" || line.starts_with("# "));
            assert_eq!(hidden, None, "{} hides a line", file.display());
            assert!(
                !block.contains("?;") || block.contains("fn "),
                "{}: a `?` outside of a function in{block}",
                file.display()
            );
        }
    }
    assert!(seen >= 10, "{seen} blocks");
}
