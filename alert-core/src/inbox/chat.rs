//! A robot's chat: its settings, its address, what it received.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::fault::Fault;
use super::message::Message;
use super::rate::Limit;
use super::store::{ChatState, Shared, State};
use super::wait::{TimedOut, Wanted};

/// Whose robot a chat imitates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// 钉钉, `/robot/send?access_token=`. 20 messages a minute, one more closes it for 10 minutes.
    Dingtalk,
    /// 飞书 and Lark, `/open-apis/bot/v2/hook/`. 100 messages a minute and 5 a second.
    Feishu,
    /// 企业微信, `/cgi-bin/webhook/send?key=`. 20 messages a minute.
    Wecom,
    /// Slack's incoming webhook, `/services/T/B/token`. 1 message a second.
    Slack,
    /// The generic webhook of this project, `/webhook/`. No limit.
    Webhook,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 5] = [
        Kind::Dingtalk,
        Kind::Feishu,
        Kind::Wecom,
        Kind::Slack,
        Kind::Webhook,
    ];

    /// The word the page and the HTTP interface use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Dingtalk => "dingtalk",
            Kind::Feishu => "feishu",
            Kind::Wecom => "wecom",
            Kind::Slack => "slack",
            Kind::Webhook => "webhook",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// In which of its known forms a vendor answers. The vendors changed them over the years and a client must
/// read them all (facts checked 2026-11-23).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Replies {
    /// `DingTalk`: Chinese texts. Feishu: success with `code` and `StatusCode`.
    #[default]
    Current,
    /// `DingTalk`: the English texts of earlier years. Feishu: success with `StatusCode` alone.
    Old,
    /// `DingTalk`: `"errcode":"0"`, a string, as its document prints it. Feishu: failures carry `StatusCode:0`
    /// and status 400.
    Odd,
}

/// What a chat demands of its senders.
#[derive(Clone, Default)]
pub(super) struct Settings {
    pub(super) secret: Option<String>,
    pub(super) keywords: Vec<String>,
    pub(super) token: String,
    pub(super) replies: Replies,
    pub(super) any_json: bool,
    pub(super) foreign: bool,
}

/// A handle to one chat of an [`super::Inbox`]. Clones are handles to the same chat.
///
/// The chat is open from the moment it is made. Its settings may be changed at any time and hold from the next
/// request on.
#[derive(Clone)]
pub struct Chat {
    pub(super) shared: Arc<Shared>,
    pub(super) id: u32,
}

impl Chat {
    /// The secret that requests must be signed with. Default: none, signatures are not looked at.
    ///
    /// The generic webhook takes it for both signing styles; a `whsec_` prefix is base64 for the Standard
    /// Webhooks style.
    #[must_use = "a builder step; the chat itself is open already"]
    pub fn secret(self, secret: impl Into<String>) -> Chat {
        let secret = secret.into();
        self.set(move |chat| chat.settings.secret = Some(secret))
    }

    /// A keyword, one of which must stand in each message. May be called for several. Default: none.
    #[must_use = "a builder step; the chat itself is open already"]
    pub fn keyword(self, keyword: impl Into<String>) -> Chat {
        let keyword = keyword.into();
        self.set(move |chat| chat.settings.keywords.push(keyword))
    }

    /// The token in the address, as the vendor writes it (for Slack `T../B../..`). Default: a random one.
    #[must_use = "a builder step; the chat itself is open already"]
    pub fn token(self, token: impl Into<String>) -> Chat {
        let token = token.into();
        self.set(move |chat| chat.settings.token = token)
    }

    /// The name the page shows. Default: the vendor's name and a number.
    #[must_use = "a builder step; the chat itself is open already"]
    pub fn name(self, name: impl Into<String>) -> Chat {
        let name = name.into();
        self.set(move |chat| chat.name = name)
    }

    /// Replaces the vendor's rate limits by this one, and forgets what was sent so far. A freeze is over.
    #[must_use = "a builder step; the chat itself is open already"]
    pub fn limit(self, limit: Limit) -> Chat {
        self.set(move |chat| chat.rate.set_limits(vec![limit]))
    }

    /// Removes all rate limits.
    #[must_use = "a builder step; the chat itself is open already"]
    pub fn no_limit(self) -> Chat {
        self.set(|chat| chat.rate.set_limits(Vec::new()))
    }

    /// In which form it answers. Default: [`Replies::Current`].
    #[must_use = "a builder step; the chat itself is open already"]
    pub fn replies(self, replies: Replies) -> Chat {
        self.set(move |chat| chat.settings.replies = replies)
    }

    /// The generic webhook takes any JSON object instead of this project's schema. Default: the schema.
    #[must_use = "a builder step; the chat itself is open already"]
    pub fn any_json(self) -> Chat {
        self.set(|chat| chat.settings.any_json = true)
    }

    /// The sender's address is not on the robot's list. Only `DingTalk` and Feishu have such a list.
    #[must_use = "a builder step; the chat itself is open already"]
    pub fn foreign_address(self) -> Chat {
        self.set(|chat| chat.settings.foreign = true)
    }

    /// Shows `fault` to every request until [`Chat::clear_faults`]. Faults set earlier come first.
    pub fn fault(&self, fault: Fault) {
        self.change(|chat| chat.faults.add(fault, None));
    }

    /// Shows `fault` to the next `times` requests that meet no fault set earlier.
    pub fn fault_next(&self, times: u32, fault: Fault) {
        self.change(|chat| chat.faults.add(fault, Some(times)));
    }

    /// Works as usual again, from the next request on.
    pub fn clear_faults(&self) {
        self.change(|chat| chat.faults.clear());
    }

    /// The address to put into a robot's configuration. It holds the token.
    #[must_use]
    pub fn url(&self) -> String {
        let state = self.shared.lock();
        let Some(chat) = state.chat(self.id) else {
            return String::new();
        };
        super::routes::url(&self.shared.base(), chat.kind, &chat.settings.token)
    }

    /// Whose robot it imitates.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.shared
            .lock()
            .chat(self.id)
            .map_or(Kind::Webhook, |chat| chat.kind)
    }

    /// Everything kept, oldest first.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.shared.lock().messages_of(self.wanted(None))
    }

    /// What the group sees, oldest first.
    #[must_use]
    pub fn accepted(&self) -> Vec<Message> {
        self.shared.lock().messages_of(self.wanted(Some(true)))
    }

    /// What was refused or lost to a fault, oldest first.
    #[must_use]
    pub fn refused(&self) -> Vec<Message> {
        self.shared.lock().messages_of(self.wanted(Some(false)))
    }

    /// How many failures the accepted messages tell of; a repeat with the `id` of an accepted message counts
    /// once. Only the generic webhook has this, every other kind gives 0.
    #[must_use]
    pub fn delta(&self) -> u64 {
        self.shared.lock().delta(Some(self.id))
    }

    /// Waits until the group has seen `n` messages and gives all it has seen. Works on any executor and
    /// under a paused clock: the waiting is done on the inbox's own thread, in real time.
    ///
    /// # Errors
    /// [`TimedOut`] after `within`, which says how many there were and why the last one was refused.
    ///
    /// # Cancel safety
    /// Dropping the future stops the waiting and changes nothing else.
    pub async fn wait_accepted(&self, n: usize, within: Duration) -> Result<Vec<Message>, TimedOut> {
        self.shared.wait(self.wanted(Some(true)), n, within).await
    }

    /// Waits until `n` messages were refused or lost to a fault, and gives them all.
    ///
    /// # Errors
    /// [`TimedOut`] after `within`.
    ///
    /// # Cancel safety
    /// Dropping the future stops the waiting and changes nothing else.
    pub async fn wait_refused(&self, n: usize, within: Duration) -> Result<Vec<Message>, TimedOut> {
        self.shared.wait(self.wanted(Some(false)), n, within).await
    }

    /// Waits until the accepted messages tell of at least `n` failures (see [`Chat::delta`]) and says of how many.
    /// Works on any executor, in real time.
    ///
    /// # Errors
    /// [`TimedOut`] after `within`.
    ///
    /// # Cancel safety
    /// Dropping the future stops the waiting and changes nothing else.
    pub async fn wait_delta(&self, n: u64, within: Duration) -> Result<u64, TimedOut> {
        self.shared.wait_delta(Some(self.id), n, within).await
    }

    /// [`Chat::wait_accepted`] for code without an executor; blocks the thread.
    ///
    /// # Errors
    /// [`TimedOut`] after `within`.
    pub fn wait_accepted_blocking(&self, n: usize, within: Duration) -> Result<Vec<Message>, TimedOut> {
        self.shared.wait_blocking(self.wanted(Some(true)), n, within)
    }

    fn wanted(&self, accepted: Option<bool>) -> Wanted {
        Wanted {
            chat: Some(self.id),
            accepted,
        }
    }

    fn set(self, change: impl FnOnce(&mut ChatState)) -> Chat {
        self.change(change);
        self
    }

    fn change(&self, change: impl FnOnce(&mut ChatState)) {
        let with = |state: &mut State| {
            if let Some(chat) = state.chat_mut(self.id) {
                change(chat);
            }
        };
        self.shared.change(with);
    }
}

/// Says which chat it is and hides token and secret.
impl fmt::Debug for Chat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chat")
            .field("id", &self.id)
            .field("kind", &self.kind())
            .finish_non_exhaustive()
    }
}
