//! Programs that die at every start, with a spool: few messages, and not one failure lost.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::ABORTED;
use super::death::{Death, built_to_abort, built_to_unwind};

/// A directory of its own, gone in the end.
pub(super) struct Directory(pub(super) PathBuf);

impl Directory {
    pub(super) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("alert-loops-{}-{name}", std::process::id()));
        let _gone = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// The one spool in it, as JSON.
    fn file(&self) -> (PathBuf, Value) {
        let files: Vec<_> = fs::read_dir(&self.0)
            .unwrap()
            .map(|file| file.unwrap().path())
            .filter(|path| path.extension().is_some_and(|end| end == "json"))
            .collect();
        let [path] = files.as_slice() else {
            panic!("one file: {files:?}")
        };
        (
            path.clone(),
            serde_json::from_slice(&fs::read(path).unwrap()).unwrap(),
        )
    }

    pub(super) fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }

    /// Lets time pass: what is kept is so much older.
    fn wait(&self, seconds: u64) {
        let (path, mut spool) = self.file();
        for group in spool["groups"].as_array_mut().unwrap() {
            for time in ["last_at", "spoken_at"] {
                if let Some(at) = group[time].as_u64() {
                    group[time] = Value::from(at - seconds);
                }
            }
        }
        fs::write(path, spool.to_string()).unwrap();
    }

    /// Runs that ended without closing, and that no start has noticed.
    fn unnoticed(&self) -> u64 {
        let files = fs::read_dir(&self.0).unwrap().map(|file| file.unwrap().path());
        let files = files.filter(|file| file.extension().is_some_and(|end| end == "alive"));
        u64::try_from(files.count()).unwrap()
    }

    /// Failures in it that no robot was told of.
    pub(super) fn untold(&self) -> u64 {
        let (_, spool) = self.file();
        let groups = spool["groups"].as_array().unwrap();
        groups.iter().map(|group| group["untold"].as_u64().unwrap()).sum()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _kept = fs::remove_dir_all(&self.0);
    }
}

/// Starts the program every five seconds for five minutes, by the clock of its spool. Gives the messages and the
/// failures they told of.
fn sixty_restarts(program: &Path, how: &str, directory: &Directory) -> (usize, u64) {
    let (mut messages, mut failures) = (0, 0);
    for _ in 0..60 {
        let death = Death::of(program, &[how, directory.0.to_str().unwrap()]);
        assert_eq!(death.status.signal(), ABORTED, "{death:#?}");
        messages += death.messages;
        failures += death.failures();
        directory.wait(5);
    }
    (messages, failures)
}

#[test]
fn sixty_restarts_in_five_minutes_of_a_program_that_panics_and_aborts_at_once_are_at_most_three_messages() {
    let directory = Directory::new("panics");
    let (messages, told) = sixty_restarts(built_to_abort(), "annotated", &directory);
    assert!((1..=3).contains(&messages), "{messages} messages");
    assert_eq!(told + directory.untold(), 60, "told or still to be told");
}

#[test]
fn sixty_restarts_in_five_minutes_of_a_program_that_fails_and_aborts_at_once_are_at_most_three_messages() {
    let directory = Directory::new("aborts");
    let (messages, told) = sixty_restarts(built_to_unwind(), "aborts", &directory);
    // The notes about the sixty ends are in the same few messages.
    assert!((1..=3).contains(&messages), "{messages} messages");
    let known = told + directory.untold() + directory.unnoticed();
    assert_eq!(known, 120, "told, or still to be told");
}

/// The robot takes the message, and the process is gone before its answer.
#[test]
fn a_message_whose_answer_never_came_is_not_sent_at_every_start() {
    let directory = Directory::new("unheard");
    let (messages, told) = sixty_restarts(built_to_unwind(), "unheard", &directory);
    assert!((1..=3).contains(&messages), "{messages} messages");
    // A start that had something to say died of that before it failed.
    let untold = directory.untold() + directory.unnoticed();
    let least = 61 - u64::try_from(messages).unwrap() + 60;
    assert!(
        (least..=120).contains(&untold),
        "{untold}: nobody said that it was heard"
    );
    assert!(told >= 1, "told again rather than lost");
}
