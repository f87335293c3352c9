//! Robots from a file: their URLs and secrets come from elsewhere.

use core::time::Duration;
use std::ffi::OsString;

use super::Source;
use super::table::Table;
use crate::config::plain::Values as _;
use crate::error::ConfigError;
use crate::robot::{Mention, Pace, Robot, host_of, kinds};

/// The one kind whose address need not be a password.
const PLAIN: &str = "webhook";

pub(super) fn robot(mut table: Table, source: &Source<'_>, problems: &mut ConfigError) -> Option<Robot> {
    let kind = table.text("kind", problems);
    let url = url(&mut table, kind.as_deref(), source, problems);
    let secret = elsewhere(&mut table, ["secret_env", "secret_file"], source, problems);
    if table.text("secret", problems).is_some() {
        problems.add(
            table.place("secret"),
            "stands in the file; name a variable by `secret_env` or a file by `secret_file`",
        );
    }
    let keyword = table.text("keyword", problems);
    let name = table.text("name", problems);
    let is_plain = table.flag("plain_text", problems);
    let pace = table.table("pace", problems).and_then(|own| pace(own, problems));
    let budget = table.count("monthly_budget", problems);
    let mentions: Vec<_> = table
        .tables("mention", problems)
        .into_iter()
        .filter_map(|own| mention(own, problems))
        .collect();
    let fallback = table
        .table("fallback", problems)
        .and_then(|own| robot(own, source, problems));
    let known = known_kind(&table, kind.as_deref(), problems);
    let setting = table.place("url");
    table.end(problems);
    let address = match kind.filter(|_| known) {
        Some(kind) => format!("{kind}+{}", url?),
        None => url?,
    };
    let mut robot = match Robot::from_url(address) {
        Ok(robot) => robot,
        Err(_) if !known => return None,
        Err(unknown) => {
            problems.add(setting, unknown.to_string());
            return None;
        }
    };
    if let Some(secret) = secret {
        robot = robot.secret(secret);
    }
    if let Some(keyword) = keyword {
        robot = robot.keyword(keyword);
    }
    if let Some(name) = name {
        robot = robot.name(name);
    }
    if let Some(pace) = pace {
        robot = robot.pace(pace);
    }
    if let Some(messages) = budget {
        robot = robot.monthly_budget(messages);
    }
    if is_plain {
        robot = robot.plain_text();
    }
    if let Some(fallback) = fallback {
        robot = robot.fallback(fallback);
    }
    Some(mentions.into_iter().fold(robot, Robot::mention))
}

/// Whether there is such a kind; without one the host of the URL decides.
fn known_kind(table: &Table, kind: Option<&str>, problems: &mut ConfigError) -> bool {
    let Some(kind) = kind else { return true };
    let known = kinds().any(|known| known.name() == kind);
    if !known {
        let names: Vec<_> = kinds().map(|kind| format!("`{}`", kind.name())).collect();
        problems.add(table.place("kind"), format!("is not one of {}", names.join(", ")));
    }
    known
}

fn url(
    table: &mut Table,
    kind: Option<&str>,
    source: &Source<'_>,
    problems: &mut ConfigError,
) -> Option<String> {
    let written = table.text("url", problems);
    let named = elsewhere(table, ["url_env", "url_file"], source, problems);
    let Some(url) = written else {
        if named.is_none()
            && !problems
                .problems()
                .any(|(setting, _)| setting.starts_with(&table.place("url")))
        {
            problems.add(
                table.place("url"),
                "is missing; name a variable by `url_env` or a file by `url_file`",
            );
        }
        return named;
    };
    let (host, place) = (host_of(&url), table.place("url"));
    let is_local = host == "localhost" || host == "[::1]" || host.starts_with("127.");
    if url.contains('#') {
        problems.add(
            place,
            "has options behind `#`; give them as settings of their own",
        );
    } else if kind != Some(PLAIN) && !is_local {
        problems.add(
            place,
            "stands in the file, but is a password; name a variable by `url_env` or a file by `url_file`",
        );
    }
    Some(url)
}

/// What a variable or a file holds, without the line's end.
fn elsewhere(
    table: &mut Table,
    [variable, file]: [&'static str; 2],
    source: &Source<'_>,
    problems: &mut ConfigError,
) -> Option<String> {
    let of_variable = table.text(variable, problems).and_then(|name| {
        let problem = match (source.variable)(&name).map(OsString::into_string) {
            Some(Ok(value)) if !value.trim().is_empty() => return Some(value),
            Some(Err(_)) => format!("names `{name}`, which is not UTF-8; give it in that encoding"),
            _ => format!("names `{name}`, which is not set"),
        };
        problems.add(table.place(variable), problem);
        None
    });
    let of_file = table
        .text(file, problems)
        .and_then(|path| match (source.file)(&path) {
            Ok(text) => Some(text),
            Err(error) => {
                problems.add(
                    table.place(file),
                    format!("names `{path}`, which cannot be read: {error}"),
                );
                None
            }
        });
    if of_variable.is_some() && of_file.is_some() {
        problems.add(
            table.place(file),
            format!("is given beside `{variable}`; give one of them"),
        );
    }
    of_variable.or(of_file).map(|value| value.trim().to_owned())
}

fn pace(mut table: Table, problems: &mut ConfigError) -> Option<Pace> {
    let messages = table.count("messages", problems);
    let window = table
        .duration("window", problems)
        .unwrap_or(Duration::from_secs(60));
    if messages.is_none() {
        problems.add(
            table.place("messages"),
            "is missing; give the messages it may get within a window",
        );
    }
    let mut pace = Pace::new(messages.unwrap_or(1), window);
    if let Some(per_second) = table.count("per_second", problems) {
        pace = pace.per_second(per_second);
    }
    if let Some(cool_down) = table.duration("cool_down", problems) {
        pace = pace.cool_down(cool_down);
    }
    table.end(problems);
    messages.map(|_| pace)
}

fn mention(mut table: Table, problems: &mut ConfigError) -> Option<Mention> {
    let mobile = table.text("mobile", problems).map(Mention::mobile);
    let user = table.text("user", problems).map(Mention::user);
    let all = table.flag("all", problems).then(Mention::all);
    let from = table.severity("from", problems);
    let mut who: Vec<_> = [mobile, user, all].into_iter().flatten().collect();
    if who.len() != 1 {
        problems.add(
            table.place("user"),
            "is not the only one of `mobile`, `user` and `all`; give exactly one",
        );
    }
    table.end(problems);
    let mention = who.pop()?;
    Some(match from {
        Some(severity) => mention.from(severity),
        None => mention,
    })
}
