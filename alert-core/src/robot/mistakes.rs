//! Mistakes in a robot's settings that show before anything is sent.

use super::{Robot, Who, host_of};

/// A URL at the vendor's own host whose path is not the vendor's. At any other host, a proxy's or a local
/// inbox's, the path is the user's business.
pub(super) fn path(robot: &Robot, expected: &str, fits: impl Fn(&str, &str) -> bool) -> Option<String> {
    let url = robot.url().expose();
    let host = host_of(url);
    if !robot.robot_kind().serves(host) {
        return None;
    }
    let (path, query) = path_and_query(url);
    (!fits(path, query)).then(|| {
        format!(
            "its URL is none of a robot's: at `{host}` it ends in `{expected}`; copy the whole address again"
        )
    })
}

/// Whether a query gives this key a value.
pub(super) fn has(query: &str, key: &str) -> bool {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .any(|(known, value)| known == key && !value.is_empty())
}

/// A mention by mobile number, where the vendor knows nobody by it.
pub(super) fn no_mobile(robot: &Robot, instead: &str) -> Option<String> {
    let has_mobile = robot.all_mentions().any(|who| matches!(who, Who::Mobile(_)));
    has_mobile.then(|| format!("{} knows nobody by mobile number; give {instead}", robot.kind()))
}

/// A mention of everybody, where the vendor has none for a robot.
pub(super) fn no_all(robot: &Robot) -> Option<String> {
    let has_all = robot.all_mentions().any(|who| matches!(who, Who::All));
    has_all.then(|| {
        format!(
            "{} has no mention of everybody; name the people with `Mention::user`",
            robot.kind()
        )
    })
}

/// A mention by user id, where the vendor notifies by rules of its own.
pub(super) fn no_user(robot: &Robot) -> Option<String> {
    let has_user = robot.all_mentions().any(|who| matches!(who, Who::User(_)));
    has_user.then(|| format!("{} notifies nobody by name; leave `mention` out", robot.kind()))
}

fn path_and_query(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or_default();
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let start = address.find('/').unwrap_or(address.len());
    (address.get(start..).unwrap_or_default(), query)
}
