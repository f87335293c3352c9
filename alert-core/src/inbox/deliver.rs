//! One request to a robot: faults first, then the vendor's judgement, then the books.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::chat::{Kind, Settings};
use super::clock::{Millis, time_of};
use super::fault::Fault;
use super::message::{Inner, Message, RawRequest};
use super::rate::Rate;
use super::request::Received;
use super::store::{ChatState, Shared};
use super::verdict::{Answer, Judgement};
use super::{api, dingtalk, feishu, routes, slack, tone, webhook, wecom};

/// What becomes of a connection.
pub(super) enum Outcome {
    /// Answered after the wait.
    Reply(Answer, Duration),
    Reset,
    Silent,
}

/// What a vendor looks at: a robot's settings, its send times, the keys it has seen, its clock.
pub(super) struct Desk<'c> {
    pub(super) settings: &'c Settings,
    pub(super) rate: &'c mut Rate,
    pub(super) keys: &'c VecDeque<String>,
    pub(super) now: Millis,
}

/// What a captive portal shows instead of the vendor's JSON.
const PORTAL: &str = "<!doctype html><title>Sign in</title><h1>Please sign in to continue</h1>";

/// Judges a request, notes it, and says what to answer.
pub(super) fn deliver(shared: &Arc<Shared>, kind: Kind, token: &str, received: Received) -> Outcome {
    let now = shared.clock.now_ms();
    let mut state = shared.lock();
    let chat = state
        .chats
        .iter_mut()
        .find(|chat| chat.kind == kind && chat.settings.token == token);
    let known = chat.as_ref().map(|chat| (chat.id, chat.name.clone()));
    let (judgement, outcome) = match chat {
        _ if routes::followed(&received.path).is_some() => {
            let judgement = followed(&received);
            let reply = Outcome::Reply(judgement.answer.clone(), Duration::ZERO);
            (judgement, reply)
        }
        Some(chat) => meet(chat, &shared.base(), &received, now),
        None => {
            let judgement = judge(kind, &received, None);
            let reply = Outcome::Reply(judgement.answer.clone(), Duration::ZERO);
            (judgement, reply)
        }
    };
    let (chat_id, chat_name) = known.unwrap_or_default();
    if let Some(chat) = state.chat_mut(chat_id) {
        book(chat, &judgement, now);
    }
    state.last = state.last.saturating_add(1);
    let severity = judgement
        .severity
        .or_else(|| tone::severity(&judgement.shown).map(str::to_owned));
    let message = Message(Arc::new(Inner {
        number: state.last,
        chat_id,
        chat: chat_name,
        kind,
        received_at: time_of(now),
        verdict: judgement.verdict,
        reply: reply_text(&outcome),
        request: RawRequest {
            method: received.method.clone(),
            path: received.masked_path(),
            headers: received.headers,
            body: received.body,
        },
        shown: judgement.shown,
        delta: judgement.delta,
        severity,
    }));
    state.add(message.clone());
    if shared.is_watched() {
        // Under the lock, so that pages learn of messages in their order.
        shared.tell("message", &api::message_json(&message));
        shared.tell("chats", &shared.chats_json(&state));
    }
    drop(state);
    shared.wake();
    outcome
}

fn book(chat: &mut ChatState, judgement: &Judgement, now: Millis) {
    if !judgement.verdict.accepted {
        chat.refused = chat.refused.saturating_add(1);
        return;
    }
    chat.accepted = chat.accepted.saturating_add(1);
    chat.rate.count(now);
    let fresh = judgement.key.clone().is_none_or(|key| chat.note(key));
    if fresh {
        chat.delta = chat.delta.saturating_add(judgement.delta);
    }
}

/// A request to a chat that exists.
fn meet(chat: &mut ChatState, base: &str, received: &Received, now: Millis) -> (Judgement, Outcome) {
    let fault = chat.faults.take();
    let lost = |why: &str, answer: Answer| {
        let judgement = Judgement::refused("fault", "", why, answer.clone());
        (judgement, Outcome::Reply(answer, Duration::ZERO))
    };
    let unanswered = |why: &str| Judgement::refused("fault", "", why, Answer::text(500, ""));
    match fault {
        None | Some(Fault::Slow(_) | Fault::ResetAfter | Fault::Truncated) => {}
        Some(Fault::Silent) => return (unanswered("fault switch: never answered"), Outcome::Silent),
        Some(Fault::ResetBefore) => {
            return (
                unanswered("fault switch: connection reset before accepting"),
                Outcome::Reset,
            );
        }
        Some(Fault::Html) => {
            return lost(
                "fault switch: an HTML page with status 200",
                Answer::html(200, PORTAL),
            );
        }
        Some(Fault::ServerError) => {
            return lost(
                "fault switch: status 500",
                Answer::text(500, "internal server error"),
            );
        }
        Some(Fault::Shield) => {
            // Source: the vendor's document on calls above 10 000 in 20 s; no error code anywhere in it.
            let body = r#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"0b1e2f34"}"#;
            let answer = Answer {
                content_type: "application/json",
                ..Answer::text(200, body)
            };
            return lost(
                "fault switch: the traffic shield's body, without any error code",
                answer,
            );
        }
        Some(Fault::Redirect(status)) => {
            let mut answer = Answer::text(status, "");
            let location = routes::elsewhere(base, chat.kind, &chat.settings.token);
            answer.headers.push(("location", location));
            return lost(&format!("fault switch: redirect with status {status}"), answer);
        }
        Some(Fault::Answer { status, body }) => {
            let answer = Answer::text(status, body);
            let json = answer.body.starts_with('{');
            let content_type = if json {
                "application/json"
            } else {
                answer.content_type
            };
            return lost(
                "fault switch: a prepared answer",
                Answer {
                    content_type,
                    ..answer
                },
            );
        }
        Some(Fault::Throttle) => {
            let judgement = throttled(chat.kind, &chat.settings);
            let reply = Outcome::Reply(judgement.answer.clone(), Duration::ZERO);
            return (judgement, reply);
        }
    }
    let mut desk = Desk {
        settings: &chat.settings,
        rate: &mut chat.rate,
        keys: &chat.keys,
        now,
    };
    let judgement = judge(chat.kind, received, Some(&mut desk));
    let mut answer = judgement.answer.clone();
    let outcome = match fault {
        Some(Fault::ResetAfter) => Outcome::Reset,
        Some(Fault::Slow(wait)) => Outcome::Reply(answer, wait),
        Some(Fault::Truncated) => {
            let half = answer.body.chars().count() / 2;
            answer.body = answer.body.chars().take(half).collect();
            Outcome::Reply(answer, Duration::ZERO)
        }
        _ => Outcome::Reply(answer, Duration::ZERO),
    };
    (judgement, outcome)
}

/// Asks the vendor. Without a desk the token belongs to no robot.
pub(super) fn judge(kind: Kind, received: &Received, desk: Option<&mut Desk<'_>>) -> Judgement {
    match kind {
        Kind::Dingtalk => dingtalk::judge(received, desk),
        Kind::Feishu => feishu::judge(received, desk),
        Kind::Wecom => wecom::judge(received, desk),
        Kind::Slack => slack::judge(received, desk),
        Kind::Webhook => webhook::judge(received, desk),
    }
}

fn throttled(kind: Kind, settings: &Settings) -> Judgement {
    match kind {
        Kind::Dingtalk => dingtalk::throttled(settings, "fault switch: throttled"),
        Kind::Feishu => feishu::throttled(settings, false, "fault switch: throttled"),
        Kind::Wecom => wecom::throttled("fault switch: throttled", "127.0.0.1"),
        Kind::Slack => slack::throttled(Duration::from_secs(1), "fault switch: throttled"),
        Kind::Webhook => webhook::throttled("fault switch: throttled"),
    }
}

fn followed(received: &Received) -> Judgement {
    let referer = match received.header("referer") {
        Some(_) => "; it also sent the address along as Referer",
        None => "",
    };
    let why = format!(
        "the sender followed a redirect with {}{referer}; a robot's address must never be sent elsewhere",
        received.method
    );
    Judgement::refused("followed", "", why, Answer::html(200, PORTAL))
}

fn reply_text(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Reply(answer, Duration::ZERO) => format!("{}\n{}", answer.status, answer.body),
        Outcome::Reply(answer, wait) => format!("{} after {wait:?}\n{}", answer.status, answer.body),
        Outcome::Reset => "no answer: the connection was reset".to_owned(),
        Outcome::Silent => "no answer: the connection stays open".to_owned(),
    }
}
