//! The frames of a panic that are the user's own.

use std::backtrace::{Backtrace, BacktraceStatus};

/// Frames kept of one panic.
const MAX_FRAMES: usize = 20;

/// Functions of the language, of runtimes and of what makes reports, ours among them: no reader looks for the bug there.
const NOT_THE_USERS: [&str; 15] = [
    "std::",
    "core::",
    "alloc::",
    "<std::",
    "<core::",
    "<alloc::",
    "__",
    "tokio::",
    "<tokio::",
    "alert_core::",
    "<alert_core::",
    "anyhow::",
    "eyre::",
    "color_eyre::",
    "rust_begin_unwind",
];

/// In the path of a dependency's source.
const REGISTRY: &str = "/registry/src/";

/// Where an annotated function starts in a stack: what calls its body.
const ANNOTATED: [&str; 2] = ["<alert_core::capture::", "alert_core::capture::"];
/// Where panics are caught. The second is what is left of the first in a program without debug information.
const CATCHES: [&str; 3] = [
    "std::panicking::catch_unwind",
    "std::panicking::try",
    "__rust_try",
];

/// Looks the symbols up: slow the first time, so never on the failing thread. `None` if there are none.
///
/// The text form is the stable one: a numbered line per function, then an `at file:line:column` line if known.
pub(crate) fn text(backtrace: &Backtrace) -> Option<String> {
    (backtrace.status() == BacktraceStatus::Captured).then(|| backtrace.to_string())
}

/// Whether something caught the panic before it got to an annotated function. `None` if no annotated function
/// shows, as in a program without debug information.
pub(crate) fn was_caught(text: &str) -> Option<bool> {
    let mut functions = text.lines().filter_map(function);
    functions.find_map(|function| {
        let is = |prefix: &&str| function.starts_with(*prefix);
        if CATCHES.iter().any(is) {
            Some(true)
        } else {
            ANNOTATED.iter().any(is).then_some(false)
        }
    })
}

/// The function that a numbered line names.
fn function(line: &str) -> Option<&str> {
    let (number, function) = line.trim().split_once(": ")?;
    number.parse::<u32>().is_ok().then_some(function)
}

/// The user's frames, innermost first, each as `function at file:line`.
pub(crate) fn frames(text: &str) -> Vec<String> {
    let mut frames: Vec<String> = Vec::new();
    let (mut keep, mut users) = (false, 0);
    // An annotated function is on a stack twice: its body, and what watches the body.
    let mut watched: Option<String> = None;
    for line in text.lines().map(str::trim) {
        if let Some(place) = line.strip_prefix("at ") {
            if keep && is_elsewhere(place) {
                frames.pop();
            } else if keep && let Some(frame) = frames.last_mut() {
                frame.push_str(" at ");
                frame.push_str(short(place));
                if !place.contains(REGISTRY) {
                    users = frames.len();
                }
            }
            keep = false;
            continue;
        }
        let Some(function) = function(line) else { continue };
        if ANNOTATED.iter().any(|prefix| function.starts_with(prefix)) {
            watched = frames.last().map(|body| name_in(body).to_owned());
        }
        let entry = matches!(function, "main" | "_start");
        keep = frames.len() < MAX_FRAMES
            && !entry
            && !NOT_THE_USERS.iter().any(|prefix| function.starts_with(prefix));
        if keep {
            let function = function.trim_end_matches("::{{closure}}");
            keep = watched.take().is_none_or(|body| body != function);
            if keep {
                frames.push(function.to_owned());
            }
        }
    }
    // A dependency the user calls may be where it broke; one that calls the user (a server, a router) is not.
    if users > 0 {
        frames.truncate(users);
    }
    frames
}

/// The function of a frame.
fn name_in(frame: &str) -> &str {
    frame.rsplit_once(" at ").map_or(frame, |(name, _)| name)
}

/// Whether a source file is none of the user's. With line tables alone an inlined function has no path in its name, so
/// its file has to tell.
fn is_elsewhere(place: &str) -> bool {
    let library = ["std", "core", "alloc"].map(|name| format!("/library/{name}/src/"));
    let of_ours = ["tokio-", "alert-core-", "anyhow-", "eyre-", "color-eyre-"];
    library.iter().any(|part| place.contains(part))
        || place.contains("/alert-core/src/")
        || of_ours.iter().any(|name| short(place).starts_with(name))
}

/// Without the column, and without the leading directories of a dependency's source.
fn short(place: &str) -> &str {
    let line_end = place.rsplit_once(':').map_or(place, |(line, _)| line);
    let from_registry = line_end
        .split_once(REGISTRY)
        .and_then(|(_, rest)| rest.split_once('/'));
    from_registry
        .map_or(line_end, |(_, rest)| rest)
        .trim_start_matches("./")
}

#[cfg(test)]
mod tests;
