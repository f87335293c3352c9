//! Two pages give figures of one run: what compares says what was measured.

use std::fs;

use alert_tests::source::root;

fn page(name: &str) -> String {
    fs::read_to_string(root().join("alert-core/docs").join(name)).unwrap()
}

/// What stands between a mark and the next end.
fn marked<'a>(page: &'a str, mark: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("<!-- {mark} -->")).unwrap();
    rest.split_once("<!-- end -->").unwrap().0
}

/// The numbers in a text, as they are written.
fn numbers(text: &str) -> Vec<&str> {
    let words = text.split(|letter: char| !(letter.is_ascii_digit() || letter == '.'));
    let words = words.map(|word| word.trim_matches('.'));
    words.filter(|word| !word.is_empty()).collect()
}

#[test]
fn the_comparison_gives_the_figures_of_the_last_run() {
    let (performance, comparison) = (page("performance.md"), page("comparison.md"));
    let (table, said) = (marked(&performance, "table"), marked(&comparison, "figures"));
    let said = numbers(said);
    for (what, others) in [
        (
            "Ok path, ready at once: instructions added",
            &["by hand", "tracing"][..],
        ),
        ("Ok path, one await: instructions added", &["by hand", "tracing"]),
        (
            "Ok path, five nested: instructions added",
            &["by hand", "tracing"],
        ),
        (
            "Err in bursts of 16, 1 ms apart: ns",
            &["by hand", "tracing", "sentry"],
        ),
        ("crates", &["sentry"]),
    ] {
        let row = table
            .lines()
            .find(|line| line.starts_with(&format!("| {what} |")));
        let cells: Vec<&str> = row
            .unwrap_or_else(|| panic!("no row `{what}`"))
            .split('|')
            .collect();
        let mut figures = vec![cells[3].trim()];
        for other in others {
            let figure = cells[5]
                .split(", ")
                .find_map(|one| one.trim().strip_prefix(other));
            figures.push(figure.unwrap_or_else(|| panic!("`{what}` has no {other}")).trim());
        }
        for figure in figures {
            assert!(
                said.contains(&figure),
                "comparison.md does not say {figure} of `{what}`"
            );
        }
    }
}
