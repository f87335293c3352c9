//! What the inbox knows, behind one lock that is never held across a wait.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::sync::{broadcast, watch};

use super::chat::{Kind, Settings};
use super::clock::{Clock, Millis};
use super::fault::Faults;
use super::message::Message;
use super::rate::Rate;
use super::wait::Wanted;

/// Messages kept; the oldest are forgotten first. The counts of a chat go on.
const KEPT: usize = 5_000;
/// Events a slow page may be behind before it is told to load everything again.
const EVENTS: usize = 1_024;

/// One event for the pages that watch: its name and its data.
pub(super) type Event = (&'static str, Arc<str>);

/// What the handles, the server and the pages share.
pub(super) struct Shared {
    state: Mutex<State>,
    /// Wakes threads that wait, on every change.
    pub(super) changed: Condvar,
    /// Wakes tasks that wait, on every change.
    pub(super) version: watch::Sender<u64>,
    pub(super) events: broadcast::Sender<Event>,
    pub(super) clock: Clock,
    pub(super) addr: SocketAddr,
    pub(super) runtime: Handle,
}

/// Chats and messages.
#[derive(Default)]
pub(super) struct State {
    pub(super) chats: Vec<ChatState>,
    pub(super) messages: VecDeque<Message>,
    /// The number of the newest message.
    pub(super) last: u64,
}

/// One chat.
pub(super) struct ChatState {
    pub(super) id: u32,
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) settings: Settings,
    pub(super) rate: Rate,
    pub(super) faults: Faults,
    /// Keys of accepted messages, oldest first, so that a repeat is known as one.
    pub(super) keys: VecDeque<String>,
    pub(super) accepted: u64,
    pub(super) refused: u64,
    pub(super) delta: u64,
}

impl Shared {
    pub(super) fn new(addr: SocketAddr, runtime: Handle) -> Shared {
        Shared {
            state: Mutex::default(),
            changed: Condvar::new(),
            version: watch::Sender::new(0),
            events: broadcast::Sender::new(EVENTS),
            clock: Clock::new(),
            addr,
            runtime,
        }
    }

    /// The lock. A panic elsewhere while it was held leaves nothing half done, so poison is ignored.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn base(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Changes the chats and tells the pages.
    pub(super) fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        change(&mut state);
        if self.is_watched() {
            self.tell("chats", &self.chats_json(&state));
        }
        drop(state);
        self.wake();
    }

    /// Wakes everything that waits for a change.
    pub(super) fn wake(&self) {
        self.changed.notify_all();
        self.version
            .send_modify(|version| *version = version.wrapping_add(1));
    }

    /// Whether a page is open.
    pub(super) fn is_watched(&self) -> bool {
        self.events.receiver_count() > 0
    }

    /// Sends an event to the pages that watch. That there may be none is no failure.
    pub(super) fn tell(&self, name: &'static str, data: &Value) {
        self.events.send((name, data.to_string().into())).ok();
    }

    pub(super) fn chats_json(&self, state: &State) -> Value {
        let now = self.clock.now_ms();
        state
            .chats
            .iter()
            .map(|chat| chat.to_json(&self.base(), now))
            .collect()
    }
}

impl State {
    pub(super) fn chat(&self, id: u32) -> Option<&ChatState> {
        self.chats.iter().find(|chat| chat.id == id)
    }

    pub(super) fn chat_mut(&mut self, id: u32) -> Option<&mut ChatState> {
        self.chats.iter_mut().find(|chat| chat.id == id)
    }

    pub(super) fn messages_of(&self, wanted: Wanted) -> Vec<Message> {
        self.messages
            .iter()
            .filter(|message| wanted.is(message))
            .cloned()
            .collect()
    }

    /// How many failures the accepted messages of one chat (or all) tell of.
    pub(super) fn delta(&self, chat: Option<u32>) -> u64 {
        let chats = self
            .chats
            .iter()
            .filter(|known| chat.is_none_or(|id| id == known.id));
        chats.fold(0, |sum, chat| sum.saturating_add(chat.delta))
    }

    pub(super) fn add(&mut self, message: Message) {
        if self.messages.len() >= KEPT {
            self.messages.pop_front();
        }
        self.messages.push_back(message);
    }

    /// Forgets the messages and what was counted. Settings, faults and rate windows stay.
    pub(super) fn clear(&mut self) {
        self.messages.clear();
        for chat in &mut self.chats {
            chat.keys.clear();
            (chat.accepted, chat.refused, chat.delta) = (0, 0, 0);
        }
    }
}

impl ChatState {
    /// Notes a key; says whether it is new.
    pub(super) fn note(&mut self, key: String) -> bool {
        if self.keys.contains(&key) {
            return false;
        }
        if self.keys.len() >= KEPT {
            self.keys.pop_front();
        }
        self.keys.push_back(key);
        true
    }

    fn to_json(&self, base: &str, now: Millis) -> Value {
        let rate: Vec<Value> = self
            .rate
            .limits()
            .iter()
            .map(|&limit| {
                json!({
                    "used": self.rate.used(limit, now),
                    "max": limit.messages(),
                    "ms": u64::try_from(limit.window().as_millis()).unwrap_or(u64::MAX),
                })
            })
            .collect();
        let faults: Vec<Value> = self
            .faults
            .iter()
            .map(|(fault, times)| json!({"fault": fault.word(), "times": times}))
            .collect();
        let frozen = self.rate.frozen_for(now).map(|left| left.as_millis());
        json!({
            "id": self.id,
            "name": self.name,
            "kind": self.kind.word(),
            "url": super::routes::url(base, self.kind, &self.settings.token),
            "signed": self.settings.secret.is_some(),
            "keywords": self.settings.keywords,
            "faults": faults,
            "rate": rate,
            "frozen_ms": frozen.map(|ms| u64::try_from(ms).unwrap_or(u64::MAX)),
            "accepted": self.accepted,
            "refused": self.refused,
            "delta": self.delta,
        })
    }
}
