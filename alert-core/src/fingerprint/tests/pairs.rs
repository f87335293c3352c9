//! Pairs of real messages and whether they are one kind of failure.

use crate::testing::normalize;

/// Reports every pair that is grouped wrongly, with both keys.
fn check_file(name: &str, lines: &str, least: usize) {
    let mut wrong = Vec::new();
    for (number, line) in (1..).zip(lines.lines()) {
        let case: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        let text = |field: &str| case[field].as_str().expect("a text").to_owned();
        let (a, b) = (normalize(&text("a")), normalize(&text("b")));
        if (a == b) != case["same"].as_bool().expect("a verdict") {
            wrong.push(format!("{name}:{number}: {}\n  {a}\n  {b}", text("why")));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(lines.lines().count() >= least, "{name} lost pairs");
}

#[test]
fn listed_pairs() {
    check_file(
        "grouping-cases",
        include_str!("../../../testdata/grouping-cases.jsonl"),
        60,
    );
}

#[test]
fn further_pairs() {
    check_file(
        "grouping-more",
        include_str!("../../../testdata/grouping-more.jsonl"),
        480,
    );
}
