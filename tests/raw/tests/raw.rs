//! What came of a program that forks, and of failures in a signal handler.

use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Runs the program. One that hangs is ended, and has failed.
fn run(what: &str) -> Output {
    let spool: PathBuf = std::env::temp_dir().join(format!("alert-raw-{}-{what}", std::process::id()));
    let mut program = Command::new(env!("CARGO_BIN_EXE_alert-raw-tests"))
        .arg(what)
        .arg(&spool)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let hangs = !ends(&mut program);
    if hangs {
        program.kill().unwrap();
    }
    let output = program.wait_with_output().unwrap();
    let _gone = std::fs::remove_dir_all(&spool);
    assert!(!hangs, "{what} hangs: {output:?}");
    output
}

fn ends(program: &mut Child) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(60) {
        if program.try_wait().unwrap().is_some() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    false
}

/// The senders of the messages, and the functions they tell of.
fn told(output: &Output) -> Vec<(String, String)> {
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let messages = lines.lines().map(|line| line.split_once(' ').unwrap());
    messages
        .flat_map(|(sender, body)| {
            let body: Value = serde_json::from_str(body).unwrap();
            let groups = body["groups"].as_array().unwrap().clone();
            groups.into_iter().map(move |group| {
                let function = group["site"]["function"].as_str().unwrap();
                (sender.to_owned(), function.to_owned())
            })
        })
        .collect()
}

/// Fault 42: the child tells nothing, not even what its parent had to tell; it waits for nobody, and what it closes is not
/// its parent's.
#[test]
fn a_forked_child_tells_nothing_and_harms_nothing_of_its_parents() {
    let output = run("fork");
    assert!(output.status.success(), "{output:?}");
    let told = told(&output);
    assert_eq!(told.len(), 1, "the parent's failure, once: {told:?}");
    assert_eq!(told[0].1, "parent_fails");
}

/// Fault 16: not supported, since capturing takes memory, which a handler must not. But no lock of ours is waited for:
/// what interrupts a capture is counted, and no more.
#[test]
fn a_failure_in_a_signal_handler_waits_for_no_lock_of_ours_and_is_counted() {
    let output = run("signals");
    assert!(output.status.success(), "{output:?}");
    let told = told(&output);
    assert!(
        told.iter().any(|(_, function)| function == "parent_fails"),
        "{told:?}"
    );
}
