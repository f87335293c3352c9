//! What ran the code that failed.

use core::cell::Cell;
use std::sync::Mutex;
use std::thread::Thread;

/// Names of threads kept for good: pools give one name to all their threads, so a program has few. Threads with other
/// names are told by a handle.
const MAX_NAMES: usize = 64;
/// Bytes of the longest of them.
const MAX_NAME_BYTES: usize = 64;

/// The thread, and the task if there is one, that a failure happened on. The dispatcher writes them out.
#[derive(Debug, Default)]
pub(crate) struct Runner {
    thread: Named,
    task: Option<tokio::task::Id>,
}

/// A thread's name, or where to find it.
#[derive(Clone, Debug, Default)]
enum Named {
    #[default]
    Not,
    /// Nothing to count: to count handles of one thread on two others is slower than the rest of a failure.
    Kept(&'static str),
    By(Thread),
}

impl Runner {
    /// What runs this code.
    pub(crate) fn current() -> Self {
        Self {
            thread: thread(),
            task: tokio::task::try_id(),
        }
    }

    /// The thread's name, if it has one.
    pub(crate) fn thread(&self) -> Option<&str> {
        match &self.thread {
            Named::Not => None,
            Named::Kept(name) => Some(name),
            Named::By(thread) => thread.name(),
        }
    }

    /// The task, if it is one.
    pub(crate) fn id(&self) -> Option<tokio::task::Id> {
        self.task
    }

    /// The task's number.
    pub(crate) fn task(&self) -> Option<String> {
        self.task.map(|task| task.to_string())
    }
}

static NAMES: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());
thread_local! {
    static NAME: Cell<Option<&'static str>> = const { Cell::new(None) };
}

fn thread() -> Named {
    if let Ok(Some(known)) = NAME.try_with(Cell::get) {
        return Named::Kept(known);
    }
    let thread = std::thread::current();
    let Some(name) = thread.name() else {
        return Named::Not;
    };
    let Some(kept) = kept(name) else {
        return Named::By(thread);
    };
    let _gone = NAME.try_with(|known| known.set(Some(kept)));
    Named::Kept(kept)
}

/// The name for good. `None` if there are too many, or another thread is asking.
fn kept(name: &str) -> Option<&'static str> {
    let mut names = NAMES.try_lock().ok()?;
    if let Some(known) = names.iter().find(|known| **known == name) {
        return Some(known);
    }
    if names.len() >= MAX_NAMES || name.len() > MAX_NAME_BYTES {
        return None;
    }
    let kept: &'static str = Box::leak(Box::from(name));
    names.push(kept);
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named_on(name: &str) -> Runner {
        let thread = std::thread::Builder::new().name(name.to_owned());
        let run = || {
            Runner::current();
            Runner::current()
        };
        thread.spawn(run).unwrap().join().unwrap()
    }

    #[test]
    fn a_thread_is_told_by_its_name_also_where_names_are_too_many_to_keep() {
        for number in 0..MAX_NAMES * 2 {
            let name = format!("worker {number}");
            assert_eq!(named_on(&name).thread(), Some(&*name));
        }
        assert!(NAMES.lock().unwrap().len() <= MAX_NAMES);
        let long = "long ".repeat(MAX_NAME_BYTES);
        assert_eq!(named_on(&long).thread(), Some(&*long));
        assert_eq!(std::thread::spawn(Runner::current).join().unwrap().thread(), None);
    }
}
