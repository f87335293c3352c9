//! The HTTP interface of the page: chats, messages, live events, fault switches.
//!
//! ```text
//! GET    /api/chats               every chat with its address, faults, rate and counts
//! GET    /api/messages            every message kept
//! GET    /api/events              server-sent events: message, chats, cleared, resync
//! POST   /api/chats/<id>/fault    {"fault": word, "ms"?, "status"?, "body"?, "times"?}
//! DELETE /api/chats/<id>/fault    works as usual again
//! POST   /api/clear               forgets messages and counts
//! ```

use std::sync::Arc;
use std::time::UNIX_EPOCH;

use hyper::Response;
use serde_json::{Value, json};

use super::fault::Fault;
use super::message::Message;
use super::page;
use super::request::Received;
use super::server::{Body, whole};
use super::store::Shared;
use super::verdict::Answer;

/// Answers what is no robot's address.
pub(super) fn answer(shared: &Arc<Shared>, received: &Received) -> Response<Body> {
    if let Err(refusal) = same_machine(received) {
        return whole(refusal);
    }
    let method = received.method.as_str();
    match (method, received.path.as_str()) {
        ("GET", "/api/chats") => {
            let chats = shared.chats_json(&shared.lock());
            whole(Answer::json(200, &chats))
        }
        ("GET", "/api/messages") => {
            let all: Value = shared.lock().messages.iter().map(message_json).collect();
            whole(Answer::json(200, &all))
        }
        ("GET", "/api/events") => page::events(shared),
        ("POST", "/api/clear") => {
            clear(shared);
            whole(Answer::json(200, &json!({"ok": true})))
        }
        (_, path) => match path
            .strip_prefix("/api/chats/")
            .and_then(|rest| rest.strip_suffix("/fault"))
        {
            Some(id) => whole(fault(shared, method, id, received)),
            None => page::file(method, path),
        },
    }
}

/// A web page from elsewhere must not reach the switches: the name it asked for must be this machine's, and a
/// change must be JSON, which no foreign form can send without asking first.
fn same_machine(received: &Received) -> Result<(), Answer> {
    let host = received.header("host").unwrap_or("");
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let local = matches!(name, "localhost" | "[::1]") || name.starts_with("127.");
    if !local {
        return Err(Answer::text(
            403,
            "open this page as http://127.0.0.1 or http://localhost",
        ));
    }
    if received.method == "POST" && received.media_type() != "application/json" {
        return Err(Answer::text(415, "the Content-Type must be application/json"));
    }
    Ok(())
}

fn fault(shared: &Shared, method: &str, id: &str, received: &Received) -> Answer {
    let Ok(id) = id.parse::<u32>() else {
        return Answer::text(404, "no such chat");
    };
    if shared.lock().chat(id).is_none() {
        return Answer::text(404, "no such chat");
    }
    let parsed = match method {
        "DELETE" => None,
        "POST" => {
            let body = received.json().unwrap_or_default();
            match Fault::from_json(&body) {
                Ok(fault) => Some(fault),
                Err(text) => return Answer::json(400, &json!({"ok": false, "error": text})),
            }
        }
        _ => return Answer::text(405, "POST sets a fault, DELETE clears them"),
    };
    shared.change(|state| {
        if let Some(chat) = state.chat_mut(id) {
            // The page shows one switch a chat, so a new fault replaces what was set.
            chat.faults.clear();
            if let Some((fault, times)) = parsed {
                chat.faults.add(fault, times);
            }
        }
    });
    Answer::json(200, &json!({"ok": true}))
}

/// Forgets messages and counts and tells the pages.
pub(super) fn clear(shared: &Shared) {
    shared.change(super::store::State::clear);
    shared.tell("cleared", &Value::Null);
}

/// A message as the page needs it.
pub(super) fn message_json(message: &Message) -> Value {
    let inner = &message.0;
    let at = inner
        .received_at
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_millis();
    let verdict = &inner.verdict;
    let request = &inner.request;
    json!({
        "n": inner.number,
        "chat": inner.chat_id,
        "name": inner.chat,
        "kind": inner.kind.word(),
        "at": u64::try_from(at).unwrap_or(u64::MAX),
        "accepted": verdict.accepted,
        "code": verdict.code,
        "text": verdict.text,
        "why": verdict.why,
        "reply": inner.reply,
        "severity": inner.severity,
        "delta": inner.delta,
        "mentions": message.mentions(),
        "shown": inner.shown.to_json(),
        "request": {
            "method": request.method,
            "path": request.path,
            "headers": request.headers,
            "body": String::from_utf8_lossy(&request.body),
        },
    })
}
