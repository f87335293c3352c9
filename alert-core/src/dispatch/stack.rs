//! The frames of a panic that are the user's own.

use std::backtrace::{Backtrace, BacktraceStatus};

/// Frames kept of one panic.
const MAX_FRAMES: usize = 20;

/// Functions of the language and of runtimes, ours among them: no reader looks for the bug there.
const NOT_THE_USERS: [&str; 14] = [
    "std::",
    "core::",
    "alloc::",
    "<std::",
    "<core::",
    "<alloc::",
    "__",
    "_start",
    "main",
    "tokio::",
    "<tokio::",
    "alert_core::",
    "<alert_core::",
    "rust_begin_unwind",
];

/// Looks the symbols up (slow the first time, so never on the failing thread) and keeps the user's frames,
/// innermost first, each as `function at file:line`.
pub(crate) fn user_frames(backtrace: &Backtrace) -> Vec<String> {
    if backtrace.status() != BacktraceStatus::Captured {
        return Vec::new();
    }
    frames(&backtrace.to_string())
}

/// The text form is the stable one: a numbered line per function, then an `at file:line:column` line if known.
fn frames(text: &str) -> Vec<String> {
    let mut frames: Vec<String> = Vec::new();
    let mut keep = false;
    for line in text.lines().map(str::trim) {
        if let Some(place) = line.strip_prefix("at ") {
            if keep && let Some(frame) = frames.last_mut() {
                frame.push_str(" at ");
                frame.push_str(short(place));
            }
            keep = false;
            continue;
        }
        let Some((_, function)) = line
            .split_once(": ")
            .filter(|(number, _)| number.parse::<u32>().is_ok())
        else {
            continue;
        };
        keep = frames.len() < MAX_FRAMES && !NOT_THE_USERS.iter().any(|prefix| function.starts_with(prefix));
        if keep {
            frames.push(function.trim_end_matches("::{{closure}}").to_owned());
        }
    }
    frames
}

/// Without the column, and without the leading directories of a dependency's source.
fn short(place: &str) -> &str {
    let line_end = place.rsplit_once(':').map_or(place, |(line, _)| line);
    let from_registry = line_end
        .split_once("/registry/src/")
        .and_then(|(_, rest)| rest.split_once('/'));
    from_registry
        .map_or(line_end, |(_, rest)| rest)
        .trim_start_matches("./")
}

#[cfg(test)]
mod tests;
