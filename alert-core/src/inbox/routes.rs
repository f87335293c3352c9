//! Which address belongs to which vendor, in the shapes the vendors use.

use ring::rand::{SecureRandom as _, SystemRandom};

use super::chat::{Kind, Settings};
use super::fault::Faults;
use super::rate::Rate;
use super::request::Received;
use super::store::{ChatState, Shared};
use super::{dingtalk, feishu, slack, wecom};

const FEISHU: &str = "/open-apis/bot/v2/hook/";
const SLACK: &str = "/services/";
const WEBHOOK: &str = "/webhook/";
/// Where redirects of the fault switch lead: `/elsewhere/<kind>/<token>`.
const ELSEWHERE: &str = "/elsewhere/";

/// The address of a chat.
pub(super) fn url(base: &str, kind: Kind, token: &str) -> String {
    match kind {
        Kind::Dingtalk => format!("{base}/robot/send?access_token={token}"),
        Kind::Feishu => format!("{base}{FEISHU}{token}"),
        Kind::Wecom => format!("{base}/cgi-bin/webhook/send?key={token}"),
        Kind::Slack => format!("{base}{SLACK}{token}"),
        Kind::Webhook => format!("{base}{WEBHOOK}{token}"),
    }
}

/// Whose robot an address imitates, and the token in it (empty if it is missing).
pub(super) fn robot(received: &Received) -> Option<(Kind, String)> {
    let path = received.path.as_str();
    let parameter = |name: &str| received.parameter(name).unwrap_or_default();
    match path {
        "/robot/send" => return Some((Kind::Dingtalk, parameter("access_token"))),
        "/cgi-bin/webhook/send" => return Some((Kind::Wecom, parameter("key"))),
        _ => {}
    }
    for (prefix, kind) in [
        (FEISHU, Kind::Feishu),
        (SLACK, Kind::Slack),
        (WEBHOOK, Kind::Webhook),
    ] {
        if let Some(token) = path.strip_prefix(prefix) {
            return Some((kind, token.strip_suffix('/').unwrap_or(token).to_owned()));
        }
    }
    followed(path)
}

/// Whether the request followed a redirect of the fault switch.
pub(super) fn followed(path: &str) -> Option<(Kind, String)> {
    let (word, token) = path.strip_prefix(ELSEWHERE)?.split_once('/')?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word)?;
    Some((kind, token.to_owned()))
}

/// The address a redirect leads to.
pub(super) fn elsewhere(base: &str, kind: Kind, token: &str) -> String {
    format!("{base}{ELSEWHERE}{kind}/{token}")
}

/// Opens a chat with its vendor's limits and a token nobody else has.
pub(super) fn open(shared: &Shared, kind: Kind) -> u32 {
    let (name, limits) = match kind {
        Kind::Dingtalk => ("DingTalk", dingtalk::limits()),
        Kind::Feishu => ("Feishu", feishu::limits()),
        Kind::Wecom => ("WeCom", wecom::limits()),
        Kind::Slack => ("Slack", slack::limits()),
        Kind::Webhook => ("Webhook", Vec::new()),
    };
    let mut id = 0;
    shared.change(|state| {
        id = u32::try_from(state.chats.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        let same = state.chats.iter().filter(|chat| chat.kind == kind).count();
        let name = if same == 0 {
            name.to_owned()
        } else {
            format!("{name} {}", same.saturating_add(1))
        };
        state.chats.push(ChatState {
            id,
            name,
            kind,
            settings: Settings {
                token: fresh_token(kind),
                ..Settings::default()
            },
            rate: Rate::new(limits),
            faults: Faults::default(),
            keys: std::collections::VecDeque::new(),
            accepted: 0,
            refused: 0,
            delta: 0,
        });
    });
    id
}

fn fresh_token(kind: Kind) -> String {
    match kind {
        Kind::Dingtalk => random_hex(32),
        Kind::Feishu | Kind::Wecom => {
            let parts = [4, 2, 2, 2, 6].map(random_hex);
            parts.join("-")
        }
        Kind::Slack => {
            let team = random_hex(4).to_uppercase();
            format!("T0{team}/B0{}/{}", random_hex(4).to_uppercase(), random_hex(12))
        }
        Kind::Webhook => random_hex(8),
    }
}

fn random_hex(bytes: usize) -> String {
    let mut random = vec![0; bytes];
    // A system without randomness gives zeros: the chats of a local test server then share a token.
    SystemRandom::new().fill(&mut random).ok();
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    random
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}
