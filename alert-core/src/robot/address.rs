//! Which robot a URL is: its kind by its host, and the options behind `#`.

use core::fmt;

use super::{Robot, kinds};

impl Robot {
    /// A robot of the kind whose host the URL names.
    ///
    /// For a host of your own (a proxy, a local inbox) put the kind before the scheme:
    /// `dingtalk+http://127.0.0.1:8025/robot/send?access_token=..`. What the robot's group asks for may
    /// follow behind `#`, where no server ever sees it: `..#secret=SEC..&keyword=alert&name=ops`.
    ///
    /// # Errors
    /// When no kind knows the host or has the name, with the names and hosts that are known.
    pub fn from_url(url: impl Into<String>) -> Result<Self, UnknownRobot> {
        let url: String = url.into();
        let (url, options) = match url.split_once('#') {
            Some((url, options)) => (url.to_owned(), options.to_owned()),
            None => (url, String::new()),
        };
        let (scheme, rest) = url.split_once("://").ok_or_else(|| UnknownRobot::of(&url))?;
        let (kind, url) = match scheme.split_once('+') {
            Some((kind, scheme)) => (
                kinds().find(|known| known.name() == kind),
                format!("{scheme}://{rest}"),
            ),
            None => (kinds().find(|known| known.serves(host(rest))), url.clone()),
        };
        let kind = kind.ok_or_else(|| UnknownRobot::of(&url))?;
        let mut robot = Self::new(kind, url);
        for option in options.split('&').filter(|option| !option.is_empty()) {
            robot = match option.split_once('=') {
                Some(("secret", secret)) => robot.secret(secret),
                Some(("keyword", keyword)) => robot.keyword(keyword),
                Some(("name", name)) => robot.name(name),
                _ => return Err(UnknownRobot::option(option)),
            };
        }
        Ok(robot)
    }
}

/// The host in a URL, without userinfo and port; empty when there is none.
pub(crate) fn host_of(url: &str) -> &str {
    url.split_once("://").map_or("", |(_, rest)| host(rest))
}

/// The host of what follows `://`.
pub(super) fn host(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if host.starts_with('[') {
        return host.split_inclusive(']').next().unwrap_or_default();
    }
    host.split(':').next().unwrap_or_default()
}

/// A URL that fits no kind of robot. Says its host, never the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRobot(Box<str>);

impl UnknownRobot {
    fn of(url: &str) -> Self {
        let mut text = match host_of(url) {
            "" => "not a URL of a robot".to_owned(),
            host => format!("no robot is known at host `{host}`"),
        };
        text.push_str("; known are ");
        for (at, kind) in kinds().enumerate() {
            text.push_str(if at == 0 { "" } else { ", " });
            text.push_str(kind.name());
            if !kind.hosts().is_empty() {
                text.push_str(" (");
                text.push_str(&kind.hosts().join(", "));
                text.push(')');
            }
        }
        text.push_str("; for another host write the kind before the scheme, as in `dingtalk+https://..`");
        Self(text.into())
    }

    fn option(option: &str) -> Self {
        let key = option.split('=').next().unwrap_or_default();
        // A name is short and has no digits; anything else may be a secret that was put in its place.
        let key = if key.len() <= 12 && key.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
            key
        } else {
            "?"
        };
        Self(format!("unknown option `{key}` behind `#`; known are secret, keyword, name").into())
    }
}

impl fmt::Display for UnknownRobot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for UnknownRobot {}
