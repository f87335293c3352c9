//! Reading a link: which lines, how many bytes, and one spelling for what looks the same (N2, N3).

use core::str::Chars;

use super::rules::Rules;

/// Stands for what an `extra_masks` literal covered, until the scanner writes its placeholder.
pub(super) const MASKED: char = '\u{1}';
/// Lines read of one link. The third line of an error is a listing, a query or a backtrace.
const MAX_LINES: usize = 2;
/// Bytes looked at for one byte read, so that a text of blanks alone ends too.
const SKIP_FACTOR: usize = 4;

/// The character boundary at or before a position.
pub(super) fn floor(text: &str, mut at: usize) -> usize {
    while at < text.len() && !text.is_char_boundary(at) {
        at = at.saturating_sub(1);
    }
    at.min(text.len())
}

/// Copies the first lines of `link` into `into` (cleared first), at most `limit` bytes of it: full-width ASCII
/// becomes ASCII, runs of blanks and controls become one blank, terminal colours and marks of no width go.
pub(super) fn fold(link: &str, limit: usize, rules: &Rules, into: &mut String) {
    into.clear();
    let seen = floor(link, limit.saturating_mul(SKIP_FACTOR));
    let mut chars = link.get(..seen).unwrap_or_default().chars();
    let mut gap = Gap::None;
    let mut lines = 1_usize;
    loop {
        if gap == Gap::None && rules.extra_masks.is_empty() {
            let run = ascii_run(chars.as_str(), limit.saturating_sub(into.len()));
            into.push_str(run);
            chars = chars.as_str().get(run.len()..).unwrap_or_default().chars();
        }
        let Some(char) = next(&mut chars, rules) else {
            return;
        };
        let char = match char {
            '\n' => {
                gap = Gap::Line;
                continue;
            }
            '!'..='~' | MASKED => char,
            '\u{1b}' => {
                skip_colour(&mut chars);
                continue;
            }
            // No width, or none that a reader sees.
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => continue,
            // Micro sign and Greek mu: `Duration` prints microseconds with the first.
            '\u{b5}' | '\u{3bc}' => 'u',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(char).saturating_sub(0xfee0)).unwrap_or(char),
            _ if char.is_whitespace() || char.is_control() => {
                gap = gap.max(Gap::Blank);
                continue;
            }
            _ => char,
        };
        if !into.is_empty() {
            lines = lines.saturating_add(usize::from(gap == Gap::Line));
            if lines > MAX_LINES {
                return;
            }
            if gap != Gap::None {
                into.push(' ');
            }
        }
        gap = Gap::None;
        if into.len().saturating_add(char.len_utf8()) > limit {
            return;
        }
        into.push(char);
    }
}

/// The part at the start that is copied as it is: printable ASCII with single blanks. Most texts are that.
fn ascii_run(text: &str, limit: usize) -> &str {
    let bytes = text.as_bytes();
    let pairs = bytes.iter().zip(bytes.iter().skip(1)).take(limit);
    let run = pairs
        .take_while(|(byte, next)| byte.is_ascii_graphic() || (**byte == b' ' && next.is_ascii_graphic()));
    text.get(..run.count()).unwrap_or_default()
}

/// What lies between two characters that are read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Blank,
    Line,
}

/// The next character, or [`MASKED`] for a literal the user wants masked.
fn next(chars: &mut Chars<'_>, rules: &Rules) -> Option<char> {
    if !rules.extra_masks.is_empty()
        && let Some(covered) = rules.masked(chars.as_str())
    {
        *chars = chars.as_str().get(covered..).unwrap_or_default().chars();
        return Some(MASKED);
    }
    // A stray control character must not pass for a masked literal.
    chars.next().map(|char| if char == MASKED { ' ' } else { char })
}

/// Skips the rest of an escape sequence such as `[31m`.
fn skip_colour(chars: &mut Chars<'_>) {
    let sequence = chars.as_str();
    let body = sequence.strip_prefix('[').unwrap_or(sequence);
    let rest = body.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
    *chars = rest.strip_prefix('m').unwrap_or(rest).chars();
}
