//! The table of faults in the manual names tests that exist.

use std::fs;

use alert_tests::source::root;

#[test]
fn every_fault_of_the_table_has_its_test() {
    let manual = fs::read_to_string(root().join("alert-core/docs/operations.md")).unwrap();
    let (_, table) = manual.split_once("## 64 faults").unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .skip_while(|line| !line.starts_with("| ---"))
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.split(" | ").collect())
        .collect();
    assert_eq!(rows.len(), 64);
    for (at, row) in rows.iter().enumerate() {
        assert_eq!(row[0], format!("| {}", at + 1));
        let tests = row[3].trim_end_matches(" |");
        for test in tests.split(", ") {
            let (file, name) = test.trim_matches('`').rsplit_once("::").unwrap();
            let source = fs::read_to_string(root().join(file)).unwrap();
            assert!(
                source.contains(&format!("fn {name}(")),
                "fault {}: no {test}",
                at + 1
            );
        }
    }
}
