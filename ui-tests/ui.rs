//! What the attribute says to the compiler: `pass` compiles without a warning, `fail` gives the messages beside it.

use std::fs;
use std::path::Path;

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("pass/**/*.rs");
    cases.compile_fail("fail/**/*.rs");
}

/// The rows of the catalogue: number, and where its cases are.
fn catalogue() -> Vec<(usize, Vec<String>)> {
    let readme = include_str!("README.md");
    let rows = readme.lines().filter_map(|line| {
        let mut cells = line.trim_matches('|').split(" | ");
        let number = cells.next()?.trim().parse().ok()?;
        let cases = cells.nth(1)?.split('`').skip(1).step_by(2);
        Some((number, cases.map(str::to_owned).collect()))
    });
    rows.collect()
}

#[test]
fn every_shape_of_the_catalogue_has_a_case() {
    let rows = catalogue();
    let numbers: Vec<_> = rows.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=113).collect::<Vec<_>>());
    for (number, cases) in rows {
        assert!(!cases.is_empty(), "{number}");
        for case in cases {
            let (path, name) = case.split_once("::").unwrap_or((&case, ""));
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
            let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{number}: {path}: {error}"));
            let mut words = text.split(|letter: char| !(letter.is_alphanumeric() || "_-".contains(letter)));
            assert!(
                name.is_empty() || words.any(|word| word == name),
                "{number}: {case}"
            );
            // What the compiler says is part of the case.
            if path.starts_with("fail/") {
                assert!(file.with_extension("stderr").exists(), "{number}: {case}");
            }
        }
    }
}
