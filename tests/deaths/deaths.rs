//! Programs that die on purpose, with `panic = "unwind"` and `"abort"`: what was told before the end.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says that something is wrong by panicking"
)]

use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use death::{Death, Dying, both, built_to_abort, built_to_unwind};

mod closing;
mod death;
mod loops;

const ABORTED: Option<i32> = Some(6);
const TERMINATED: Option<i32> = Some(15);

fn unwinds(how: &str) -> Death {
    Death::of(built_to_unwind(), &[how])
}

fn aborts(how: &str) -> Death {
    Death::of(built_to_abort(), &[how])
}

#[test]
fn a_panic_is_told_before_the_process_aborts() {
    let death = aborts("annotated");
    assert_eq!(death.status.signal(), ABORTED, "{death:#?}");
    assert_eq!(death.only(), ("slipped", "slips"));
    assert!(
        death.complaint.contains("slipped"),
        "the hook before ours still prints"
    );
    ends_within(Duration::from_secs(2), "annotated");
}

/// What waits in vain waits each time; a busy machine is slow now and then.
fn ends_within(limit: Duration, how: &str) {
    let took: Vec<_> = (0..5)
        .map(|_| aborts(how).took)
        .take_while(|took| *took >= limit)
        .collect();
    assert!(took.len() < 5, "{how}: {took:?}");
}

#[test]
fn a_panic_outside_annotated_functions_is_told_before_the_process_aborts() {
    let death = aborts("thread");
    assert_eq!(death.status.signal(), ABORTED);
    assert_eq!(death.only(), ("in a thread", "panic"));
}

#[test]
fn a_robot_that_never_answers_holds_the_end_up_for_two_seconds_at_most() {
    let death = aborts("stuck");
    assert_eq!(death.status.signal(), ABORTED);
    let waited = Duration::from_millis(1_900)..Duration::from_secs(4);
    assert!(waited.contains(&death.took), "{:?}", death.took);
}

#[test]
fn a_panic_of_the_dispatcher_itself_is_not_waited_for() {
    let death = aborts("broken");
    assert_eq!(death.status.signal(), ABORTED);
    ends_within(Duration::from_secs(2), "broken");
}

#[test]
fn a_panic_is_told_where_the_process_unwinds() {
    let death = unwinds("annotated");
    assert_eq!(death.status.code(), Some(101));
    assert_eq!(death.only(), ("slipped", "slips"));
}

#[test]
fn a_panic_that_reaches_foreign_code_is_told_before_the_abort() {
    let death = unwinds("extern-c");
    assert_eq!(death.status.signal(), ABORTED);
    assert_eq!(death.only(), ("in foreign hands", "calls_c"));
}

#[test]
fn a_panic_out_of_a_destructor_is_told_before_the_abort() {
    let death = unwinds("destructor");
    assert_eq!(death.status.signal(), ABORTED);
    assert_eq!(death.only(), ("in the destructor", "drops_carelessly"));
}

#[test]
fn with_the_hook_replaced_each_panic_is_still_told_once() {
    let death = unwinds("replaced");
    assert!(death.status.success(), "{death:#?}");
    assert_eq!(death.failures(), 3);
    let (message, function) = death.only();
    assert!(message.contains("details unavailable"), "{message}");
    assert_eq!(function, "slips");
}

#[test]
fn failures_while_a_thread_ends_are_told() {
    let death = unwinds("thread-local");
    assert!(death.status.success(), "{death:#?}");
    assert_eq!(death.failures(), 2, "{death:#?}");
    let told = |function: &str| {
        let of_it = death
            .groups
            .iter()
            .find(|group| group["site"]["function"] == function);
        of_it.unwrap_or_else(|| panic!("nothing of `{function}`: {death:#?}"))
    };
    assert_eq!(told("fails")["message"], "no ink");
    let panic = told("slips");
    // A thread without a name, and with nothing left that could tell one.
    assert_eq!(
        (&panic["message"], &panic["fields"]["thread"]),
        (&"slipped".into(), &"unnamed".into())
    );
    assert_eq!(panic["severity"], "critical");
    assert!(!panic["stack"].as_array().unwrap().is_empty(), "{panic:#}");
}

/// Where a panic aborts, the one of a thread's last moment is told before.
#[test]
fn a_panic_while_a_thread_ends_is_told_before_the_process_aborts() {
    let death = aborts("thread-local");
    assert_eq!(death.status.signal(), ABORTED, "{death:#?}");
    assert!(death.told_of().contains(&"slips"), "{death:#?}");
    assert!(death.complaint.contains("slipped"), "{death:#?}");
}

#[test]
fn what_came_before_an_exit_is_told_if_the_guard_is_dropped() {
    for program in both() {
        let death = Death::of(program, &["exit"]);
        assert!(death.status.success());
        assert_eq!(death.only(), ("no ink", "fails"));
    }
}

#[test]
fn what_waits_is_told_by_a_program_that_shuts_down_on_sigterm() {
    for program in both() {
        let death = Death::by_signal(program, "served");
        assert!(death.status.success(), "{death:#?}");
        assert_eq!(death.told_of(), ["fails_badly", "fails"], "{death:#?}");
        assert_eq!(death.failures(), 2);
    }
}

#[test]
fn a_program_that_a_failed_test_leaves_waiting_is_ended() {
    let dying = Dying::ready(built_to_unwind(), &["served"]);
    let there = ["-0", &dying.id()].map(str::to_owned);
    let is_there = || {
        Command::new("kill")
            .args(&there)
            .output()
            .unwrap()
            .status
            .success()
    };
    assert!(is_there());
    drop(dying);
    assert!(!is_there());
}

/// Nothing of ours runs then: what went at once was told, what waited is lost (with a spool, late; see `loops`).
#[test]
fn of_a_program_that_a_signal_ends_the_severe_is_told() {
    for program in both() {
        let death = Death::by_signal(program, "terminated");
        assert_eq!(death.status.signal(), TERMINATED, "{death:#?}");
        assert_eq!(death.told_of(), ["fails_badly"]);
    }
}

#[test]
fn of_a_program_that_aborts_itself_the_severe_is_told() {
    for program in both() {
        let death = Death::of(program, &["abort"]);
        assert_eq!(death.status.signal(), ABORTED, "{death:#?}");
        assert_eq!(death.told_of(), ["fails_badly"]);
    }
}

/// No hook runs, so of the overflow nothing can be told; what matters is that the process ends as it would have.
#[test]
fn a_stack_overflow_ends_the_process_as_ever() {
    for program in both() {
        let death = Death::of(program, &["overflow"]);
        assert_eq!(death.status.signal(), ABORTED, "{death:#?}");
        assert!(death.complaint.contains("has overflowed its stack"), "{death:#?}");
        assert_eq!(death.told_of(), ["fails_badly"]);
    }
}

/// Fault 26: whoever prints with `eprintln!` in a panic hook takes the process down, if nobody reads its stderr.
#[test]
fn with_a_closed_pipe_for_stderr_a_panic_ends_the_process_as_ever_and_is_told() {
    for (program, how, end) in [
        (built_to_unwind(), "annotated", (Some(101), None)),
        // What is undelivered at the end would be a line on stderr.
        (built_to_unwind(), "stuck", (Some(101), None)),
        (built_to_unwind(), "extern-c", (None, ABORTED)),
        (built_to_abort(), "annotated", (None, ABORTED)),
    ] {
        let (reader, closed) = std::io::pipe().unwrap();
        drop(reader);
        let start = Instant::now();
        let dying = Death::command(program, &[how])
            .stdout(Stdio::piped())
            .stderr(closed)
            .spawn();
        let output = dying.unwrap().wait_with_output().unwrap();
        let death = Death::told(start, &output.stdout, &[], output.status);
        assert_eq!(
            (death.status.code(), death.status.signal()),
            end,
            "{how}: {death:#?}"
        );
        let told = u64::from(how != "stuck");
        assert_eq!(death.failures(), told, "{how}: {death:#?}");
    }
}

/// Fault 57, as far as it can be tried without a machine to put to sleep: all threads stand still while the clocks go on.
#[test]
fn a_process_that_is_stopped_for_a_while_goes_on_and_tells_each_failure_once() {
    let program = built_to_unwind();
    let directory = loops::Directory::new("stopped");
    let dying = Dying::ready(program, &["goes-on", directory.path()]);
    for _ in 0..3 {
        dying.signal("-STOP");
        std::thread::sleep(Duration::from_secs(1));
        dying.signal("-CONT");
        std::thread::sleep(Duration::from_millis(50));
    }
    let death = dying.end("-CONT");
    assert!(death.status.success(), "{death:#?}");
    assert_eq!(death.failures() + directory.untold(), 200, "{death:#?}");
    assert!((1..=5).contains(&death.messages), "{death:#?}");
}
