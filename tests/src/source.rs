//! Reading the project's own source: which modules a file names, with comments and strings left out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The root of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every Rust file below a folder of the workspace, by its path from there, with its text.
///
/// # Panics
/// When the folder cannot be read.
#[must_use]
pub fn rust_files(folder: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let start = root().join(folder);
    let mut folders = vec![start.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if !path.ends_with("target") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path
                    .strip_prefix(&start)
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                files.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

/// The text without comments and without what stands in quotes.
#[must_use]
pub fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("r#\"") {
            rest.find("\"#").map_or(rest.len(), |at| at.saturating_add(2))
        } else if first == '"' {
            string(rest)
        } else if rest.starts_with("'\"'") {
            3
        } else if rest.starts_with("'\\") {
            // A character with an escape: its end is the quote after the escaped one.
            rest.char_indices()
                .skip(3)
                .find(|(_, c)| *c == '\'')
                .map_or(rest.len(), |(at, _)| at.saturating_add(1))
        } else {
            code.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        };
        rest = rest.get(skipped..).unwrap_or_default();
    }
    code
}

/// The length of the string that the text begins with.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at.saturating_add(1),
            _ => (),
        }
    }
    text.len()
}

/// The modules of its own crate that a file names, each as its path from the crate's root: `robot::Reply`.
///
/// `file` is the path from `src`; what it names by `super` or `self` is turned into a path from the root.
#[must_use]
pub fn names(file: &str, text: &str) -> Vec<String> {
    let code = code(text);
    let mut home: Vec<&str> = file.trim_end_matches(".rs").split('/').collect();
    if home.last().is_some_and(|last| matches!(*last, "mod" | "lib")) {
        home.pop();
    }
    let mut found = Vec::new();
    for word in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(word) {
            let before = code.get(..at).unwrap_or_default();
            // Part of a longer word, of a longer path, or of `super::super`, which is read from its start.
            if before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '$')) {
                continue;
            }
            let mut from = home.clone();
            let mut rest = code.get(at..).unwrap_or_default();
            loop {
                if let Some(tail) = rest.strip_prefix("crate::") {
                    (from, rest) = (Vec::new(), tail);
                } else if let Some(tail) = rest.strip_prefix("super::") {
                    from.pop();
                    rest = tail;
                } else if let Some(tail) = rest.strip_prefix("self::") {
                    rest = tail;
                } else {
                    break;
                }
            }
            for path in paths(rest) {
                found.push(
                    from.iter()
                        .copied()
                        .chain([path.as_str()])
                        .collect::<Vec<_>>()
                        .join("::"),
                );
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The paths a text begins with: one, or one for each name within its braces.
fn paths(text: &str) -> Vec<String> {
    let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':');
    let end = text.find(|c| !is_path(c)).unwrap_or(text.len());
    let (path, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let Some(inside) = rest.strip_prefix('{') else {
        return vec![path.trim_end_matches(':').to_owned()];
    };
    let (mut depth, mut parts) = (0_usize, vec![String::new()]);
    for c in inside.chars().filter(|c| !c.is_whitespace()) {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            '{' => depth = depth.saturating_add(1),
            '}' => depth = depth.saturating_sub(1),
            _ => (),
        }
        parts.last_mut().into_iter().for_each(|part| part.push(c));
    }
    let parts = parts.iter().filter(|part| !part.is_empty());
    parts
        .flat_map(|part| paths(part))
        .map(|part| format!("{path}{part}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{code, names};

    #[test]
    fn code_has_neither_comments_nor_strings() {
        let text = "a // b\n\"c \\\" d\" e '\"' '\\'' f r#\"g \" h\"# i /// j";
        let words: Vec<_> = text.split('x').map(code).collect();
        assert_eq!(
            words[0].split_whitespace().collect::<Vec<_>>(),
            ["a", "e", "f", "i"]
        );
    }

    #[test]
    fn names_are_paths_from_the_root() {
        let text = "use crate::{Site, robot::{Reply, Request}};\nuse super::text::cut;\nfn f() { super::super::dispatch::x() }
            use self::body::Body; // use crate::init;";
        let found = names("robot/dingtalk/mod.rs", text);
        let expected = [
            "Site",
            "dispatch::x",
            "robot::Reply",
            "robot::Request",
            "robot::dingtalk::body::Body",
            "robot::text::cut",
        ];
        assert_eq!(found, expected);
        assert_eq!(names("robot/layout.rs", "use super::feishu;"), ["robot::feishu"]);
    }
}
