//! A run that ended without closing is told by the next one, whatever ended it; one that closed is not.

use std::fs;

use super::death::{Death, Dying, both, built_to_abort, built_to_unwind};
use super::loops::Directory;

/// The notes about earlier runs in what a start told.
fn notes(death: &Death) -> Vec<(&str, u64, &str)> {
    let about = |group: &&serde_json::Value| group["site"]["function"] == "last run";
    let words = |group: &serde_json::Value| group["message"].as_str().unwrap().len();
    let groups = death.groups.iter().filter(about);
    groups
        .map(|group| {
            assert!(words(group) > 0);
            let text = |key: &str| group[key].as_str().unwrap();
            (
                text("message"),
                group["delta"].as_u64().unwrap(),
                text("severity"),
            )
        })
        .collect()
}

/// A start at which nothing goes wrong.
fn next(directory: &Directory) -> Death {
    let death = Death::of(built_to_unwind(), &["closes", directory.path()]);
    assert!(death.status.success(), "{death:#?}");
    death
}

fn assert_told_once(directory: &Directory, of: &str) {
    let death = next(directory);
    let [(words, 1, "warning")] = notes(&death)[..] else {
        panic!("one note of {of}: {death:#?}")
    };
    assert!(words.starts_with("the last run (pid "), "{words}");
    assert!(
        words.contains(of) && words.contains(", started 20"),
        "{of}: {words}"
    );
    assert_eq!(notes(&next(directory)), [], "once");
}

#[test]
fn a_run_that_was_killed_is_told_by_the_next_start() {
    for signal in ["-KILL", "-TERM"] {
        let directory = Directory::new("killed");
        let dying = Dying::ready(built_to_unwind(), &["waits", directory.path()]);
        let pid = format!("(pid {},", dying.id());
        dying.end(signal);
        assert_told_once(&directory, &pid);
    }
}

#[test]
fn a_run_that_overflowed_its_stack_or_aborted_is_told_by_the_next_start() {
    for program in both() {
        for how in ["overflow", "abort"] {
            let directory = Directory::new(how);
            let death = Death::of(program, &[how, directory.path()]);
            assert!(!death.status.success(), "{death:#?}");
            assert_told_once(&directory, "ended without closing");
        }
    }
}

/// Nobody sees the end of a program that gives its guard away.
#[test]
fn a_run_that_forgot_its_guard_is_told_by_the_next_start() {
    let directory = Directory::new("forgets");
    let death = Death::of(built_to_unwind(), &["forgets", directory.path()]);
    assert!(death.status.success());
    assert_told_once(&directory, "left by an exit");
}

#[test]
fn a_run_that_closed_is_told_by_no_start() {
    for program in both() {
        let directory = Directory::new("closed");
        for how in ["closes", "exit"] {
            assert!(Death::of(program, &[how, directory.path()]).status.success());
        }
        let served = Dying::ready(program, &["served", directory.path()]).end("-TERM");
        assert!(served.status.success());
        // Where its panic unwinds, that drops the guard; where it aborts, our hook saw it.
        let death = Death::of(program, &["annotated", directory.path()]);
        assert!(!death.status.success());
        assert_eq!(notes(&next(&directory)), []);
        let left: Vec<_> = fs::read_dir(&directory.0).unwrap().collect();
        assert_eq!(left.len(), 1, "the spool alone: {left:?}");
    }
}

/// The panic told of the end, or the spool does: a robot that never answers changes nothing.
#[test]
fn an_abort_that_our_panic_hook_saw_is_told_as_that_alone() {
    for (program, how) in [
        (built_to_abort(), "annotated"),
        (built_to_abort(), "stuck"),
        (built_to_unwind(), "extern-c"),
        (built_to_unwind(), "destructor"),
    ] {
        let directory = Directory::new(how);
        let death = Death::of(program, &[how, directory.path()]);
        assert!(!death.status.success(), "{death:#?}");
        assert_eq!(notes(&next(&directory)), [], "{how}");
    }
}

/// Two versions during a deployment: only who is gone is told of, and by which start does not matter.
#[test]
fn a_run_that_lives_beside_is_no_ended_one() {
    let directory = Directory::new("beside");
    let how = ["waits", directory.path()];
    let (one, other) = (
        Dying::ready(built_to_unwind(), &how),
        Dying::ready(built_to_unwind(), &how),
    );
    assert_eq!(notes(&next(&directory)), []);
    let pid = format!("(pid {},", one.id());
    one.end("-KILL");
    assert_told_once(&directory, &pid);
    other.end("-KILL");
    assert_eq!(
        notes(&next(&directory)),
        [],
        "the second within minutes waits for a summary"
    );
    assert_eq!(directory.untold(), 1);
}
