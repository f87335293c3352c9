//! Pairs of real messages and whether they are one kind of failure.

use crate::testing::normalize;

/// Reports every pair that is grouped wrongly, with both keys.
fn check_file(name: &str, lines: &str, least: usize) {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (number, line) in lines
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let case: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        let text = |field: &str| case[field].as_str().expect("a text").to_owned();
        let (a, b) = (normalize(&text("a")), normalize(&text("b")));
        count += 1;
        if (a == b) != case["same"].as_bool().expect("a verdict") {
            wrong.push(format!("{name}:{}: {}\n  {a}\n  {b}", number + 1, text("why")));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {count} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(count >= least, "{name} lost pairs");
}

#[test]
fn listed_pairs() {
    check_file(
        "grouping-cases",
        include_str!("../../../testdata/grouping-cases.jsonl"),
        60,
    );
}
