//! The one thread after the channel: waits until something is there, takes all that is there, reads the
//! clock once, steps the machine, hands out what it wants sent.

mod around;
mod class;
mod closing;
mod compose;
mod death;
mod engine;
mod examine;
mod group;
mod hold;
mod intake;
mod link;
mod outbox;
mod paths;
mod pause;
mod rate;
#[cfg(any(test, feature = "testing"))]
pub(crate) mod rehearse;
mod rhythm;
mod route;
mod send;
mod silence;
#[cfg(feature = "spool")]
mod spooling;
mod stack;
mod start;
mod storm;
mod verify;

use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use tokio::sync::{mpsc, oneshot};
use tokio::task::{self, JoinSet};

pub(crate) use self::closing::Closing;
use self::death::InHand;
pub(crate) use self::engine::Engine;
use self::intake::Woken;
pub(crate) use self::start::{Handle, start};
pub(crate) use self::verify::Asker;
use self::verify::Verifying;
use crate::channel::{Channel, Receivers};
use crate::config::Config;
use crate::error::Error;
use crate::health::Board;
use crate::robot::Delivery;
use crate::silence::{Silence, SilenceId};
use crate::stop::Told;
use crate::transport::Transport;

/// A severe failure of a new kind waits this long for the functions it passes on its way up: mostly they follow
/// within microseconds.
const SEVERE_SETTLE: Duration = Duration::from_millis(20);
/// Asks the dispatcher for something, on a lane of its own so that a full channel is no obstacle.
#[derive(Debug)]
pub(crate) enum Command {
    Flush(Flush),
    Silence(Silence),
    EndSilence(SilenceId),
    Verify(Asker),
}

/// Wishes everything sent that is pending.
#[derive(Debug)]
pub(crate) struct Flush {
    pub(crate) deadline: Instant,
    /// Told how many failures are still pending.
    pub(crate) done: oneshot::Sender<u64>,
    /// Shutdown: answered when all is over, and carried out even if nobody waits for the answer.
    pub(crate) is_last: bool,
    /// The program is about to end, by shutdown or not: what can wait for its next start does.
    pub(crate) program_ends: bool,
}

/// Everything the loop works with. Outlives the loop: after a panic the next one goes on with it.
struct Dispatcher {
    config: Arc<Config>,
    channel: &'static Channel,
    transport: Arc<dyn Transport>,
    engine: Engine,
    in_hand: InHand,
    receivers: Receivers,
    commands: mpsc::UnboundedReceiver<Command>,
    /// Cancelled by shutdown: the loop ends once nothing is asked of it.
    stop: Told,
    /// The `on_error` hook knows that a panic passed our panic hook by.
    told_of_bypass: bool,
    /// Requests on their way.
    sending: JoinSet<Delivery>,
    /// Whose they are: the number of the robot, known even of a task that was lost.
    on_their_way: Vec<(task::Id, usize)>,
    /// Test messages on their way.
    verifying: Verifying,
    /// What flush or shutdown was asked for and is not done yet.
    asked: Vec<Flush>,
    /// When to look for events though nothing wakes the loop.
    look_again: Option<Instant>,
    /// Who is told once all is over.
    waiting_for_the_end: Vec<oneshot::Sender<u64>>,
    board: Arc<Board>,
    closing: Closing,
    #[cfg(feature = "spool")]
    spool: spooling::Spooling,
}

impl Dispatcher {
    /// Runs until it is told to stop. Gives the failures no robot was told of.
    async fn run(&mut self) -> u64 {
        let start = now();
        self.engine.set_clock(start, wall());
        self.take_up(start);
        #[cfg(feature = "spool")]
        self.open_spool();
        // What was there before: events held for `init`, or left by a loop that died. They may go at once.
        self.take_all(start);
        loop {
            self.step(now());
            #[cfg(feature = "spool")]
            self.keep_up(now());
            #[cfg(feature = "metrics")]
            crate::metrics::publish(&crate::stats());
            if self.is_over() {
                return self.close();
            }
            let woken = self.wait().await;
            let now = now();
            self.engine.set_clock(now, wall());
            match woken {
                Woken::Events | Woken::Due => {}
                Woken::Asked(command) => self.obey(command, now),
                Woken::Answered(answer) => self.answered(answer, now),
                Woken::Tested(answer) => self.tested(answer, now),
            }
            self.take_all(now);
            if self.engine.has_severe_news() {
                tokio::time::sleep(SEVERE_SETTLE).await;
                self.take_all(now);
            }
        }
    }

    /// Does what was asked. A silence holds for what fails after it, and its end for what fails after that.
    fn obey(&mut self, command: Command, now: Instant) {
        match command {
            Command::Flush(flush) => self.asked.push(flush),
            Command::Silence(silence) => self.engine.silence(silence, now),
            Command::EndSilence(id) => {
                self.take_events(now);
                self.engine.end_silence(id, now);
            }
            Command::Verify(asker) => self.verify(asker, now),
        }
    }

    /// Sends what is due and may go now.
    fn step(&mut self, now: Instant) {
        self.asked
            .retain(|command| command.is_last || !command.done.is_closed());
        if self.asked.is_empty() {
            self.engine.calm();
        } else {
            let last = self.asked.iter().any(|command| command.program_ends);
            self.engine.hurry(now, last);
        }
        let outgoing = self.engine.step(now);
        // Before a message leaves, and before whoever asked may end the program.
        #[cfg(feature = "spool")]
        if !outgoing.is_empty() || (!self.asked.is_empty() && self.is_behind()) {
            self.note_in_spool(now);
        }
        for outgoing in outgoing {
            #[cfg(any(test, feature = "testing"))]
            rehearse::die_if_told(rehearse::Moment::Sending);
            self.send(outgoing, now);
        }
        let nothing_to_come = self.receivers.normal.is_empty() && self.verifying.is_done();
        let engine = &mut self.engine;
        let waiting = &mut self.waiting_for_the_end;
        self.asked = core::mem::take(&mut self.asked)
            .into_iter()
            .filter_map(|command| {
                let done =
                    command.deadline <= now || nothing_to_come && engine.is_settled(now, command.deadline);
                if !done {
                    return Some(command);
                }
                if command.is_last {
                    waiting.push(command.done);
                } else {
                    // Whoever asked may have stopped waiting.
                    let _gone = command.done.send(engine.pending());
                }
                None
            })
            .collect();
    }

    /// Whether the loop was told to stop and has done what it was asked. Looked at in this order: a command
    /// is sent before the stop that belongs to it.
    fn is_over(&self) -> bool {
        self.stop.is_cancelled() && self.commands.is_empty() && self.asked.is_empty()
    }

    /// Writes off what is left, also what came while the last answers did.
    fn close(&mut self) -> u64 {
        let now = now();
        self.take_all(now);
        let undelivered = self.engine.pending();
        #[cfg(feature = "spool")]
        let kept = self.close_spool(now);
        #[cfg(not(feature = "spool"))]
        let kept = false;
        self.closing.close();
        if let Some(error) = self.engine.close(kept) {
            self.report(&error);
            if self.config.on_error.is_none() {
                self.board.last_words(&error);
            }
        }
        #[cfg(feature = "metrics")]
        crate::metrics::publish(&crate::stats());
        if kept { 0 } else { undelivered }
    }

    /// Tells the `on_error` hook. A hook that panics has no second chance to tell about it.
    fn report(&self, error: &Error) {
        if let Some(hook) = &self.config.on_error {
            let _contained = catch_unwind(AssertUnwindSafe(|| hook(error)));
        }
    }
}

/// The one look at the clock. The runtime's, so that a test that pauses it owns this too.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

/// The one look at the wall, for display only.
fn wall() -> SystemTime {
    let wall = SystemTime::now();
    #[cfg(any(test, feature = "testing"))]
    let wall = rehearse::shifted(wall);
    wall
}
