//! The thread: how it starts, what it does when its loop dies, how it ends.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use tokio::runtime;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::death::InHand;
use super::pause::Pause;
#[cfg(feature = "spool")]
use super::spooling::Spooling;
use super::verify::Verifying;
use super::{Closing, Command, Dispatcher, Engine, now};
use crate::channel::Channel;
use crate::config::Config;
use crate::health::Board;
use crate::stats::Books;
use crate::stop::Stop;
use crate::transport::Transport;
use crate::{incident, report};

/// How the rest of the program reaches the dispatcher.
#[derive(Debug)]
pub(crate) struct Handle {
    pub(crate) ask: mpsc::UnboundedSender<Command>,
    pub(crate) stop: Stop,
    /// How the robots are doing.
    pub(crate) board: Arc<Board>,
    /// For whoever ends without an answer of the dispatcher.
    pub(crate) closing: Closing,
    /// Where the dispatcher runs: what was forked from that process has none.
    process: u32,
}

impl Handle {
    /// Whether the dispatcher is of this process.
    pub(crate) fn is_here(&self) -> bool {
        self.process == std::process::id()
    }
}

/// Starts the thread. It takes the channel's receivers itself, so that they stay where they are if there is
/// no thread.
///
/// # Errors
/// When the system gives no thread or no runtime.
pub(crate) fn start(
    config: Arc<Config>,
    channel: &'static Channel,
    books: &'static Books,
    transport: Arc<dyn Transport>,
) -> io::Result<Handle> {
    // What an earlier dispatcher was told this one does not know.
    incident::untell_all();
    let (ask, commands) = mpsc::unbounded_channel();
    let (stop, told) = Stop::new();
    #[expect(
        clippy::disallowed_methods,
        reason = "the start, read once and outside the runtime"
    )]
    let start = Instant::now();
    #[cfg(feature = "spool")]
    let spool = Spooling::begin(&config);
    let handle = Handle {
        ask,
        stop,
        board: Arc::new(Board::new(&config)),
        #[cfg(feature = "spool")]
        closing: spool.closing(),
        #[cfg(not(feature = "spool"))]
        closing: Closing::default(),
        process: std::process::id(),
    };
    let closing = handle.closing.clone();
    let board = Arc::clone(&handle.board);
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .on_thread_start(report::never_here)
        .build()?;
    let engine = Engine::new(Arc::clone(&config), books, start);
    thread::Builder::new()
        .name("alert-dispatch".to_owned())
        .spawn(move || {
            report::never_here();
            let Some(receivers) = channel.take_receivers() else {
                return;
            };
            let mut dispatcher = Dispatcher {
                engine,
                in_hand: InHand::default(),
                config,
                channel,
                transport,
                receivers,
                commands,
                stop: told,
                told_of_bypass: false,
                sending: JoinSet::new(),
                on_their_way: Vec::new(),
                verifying: Verifying::default(),
                asked: Vec::new(),
                look_again: None,
                waiting_for_the_end: Vec::new(),
                board,
                closing,
                #[cfg(feature = "spool")]
                spool,
            };
            // A panic in the loop is ours: it is reported, and the loop starts again with all it held.
            let mut pause = Pause::new();
            let undelivered = loop {
                let began = now();
                if let Ok(undelivered) = catch_unwind(AssertUnwindSafe(|| runtime.block_on(dispatcher.run())))
                {
                    break undelivered;
                }
                dispatcher.died();
                let rest = pause.after(now().saturating_duration_since(began));
                let is_to_end =
                    runtime.block_on(async { timeout(rest, dispatcher.stop.news()).await.is_ok() });
                if is_to_end {
                    // Its last chances come soon.
                    pause = Pause::new();
                }
            };
            channel.return_receivers(dispatcher.receivers);
            // After that: whoever is told may start the next dispatcher at once.
            for done in dispatcher.waiting_for_the_end {
                // It may have stopped waiting.
                let _gone = done.send(undelivered);
            }
            // A name lookup may still hang on a thread of the runtime's: it is not waited for.
            runtime.shutdown_background();
        })?;
    Ok(handle)
}
