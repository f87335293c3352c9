//! What ran the code that failed.

use std::thread::Thread;

/// The thread, and the task if there is one, that a failure happened on. As handles: the dispatcher writes them out.
#[derive(Debug, Default)]
pub(crate) struct Runner {
    thread: Option<Thread>,
    task: Option<tokio::task::Id>,
}

impl Runner {
    /// What runs this code.
    pub(crate) fn current() -> Self {
        Self {
            thread: Some(std::thread::current()),
            task: tokio::task::try_id(),
        }
    }

    /// The thread's name, if it has one.
    pub(crate) fn thread(&self) -> Option<&str> {
        self.thread.as_ref()?.name()
    }

    /// The task's number.
    pub(crate) fn task(&self) -> Option<String> {
        self.task.map(|task| task.to_string())
    }
}
