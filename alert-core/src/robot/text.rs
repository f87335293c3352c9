//! Text on its way to a chat: cleaned, cut by bytes, kept from acting as markup; numbers and times.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::Language;

/// U+200B: has no width, and breaks markup where a vendor documents no escape.
pub(super) const BREAK: char = '\u{200B}';

/// Ends a text that was cut.
const ELLIPSIS: &str = "…";

/// The longest prefix of at most `max` bytes that ends on a character boundary.
pub(super) fn prefix(text: &str, max: usize) -> &str {
    if text.len() <= max {
        return text;
    }
    (0..=max)
        .rev()
        .find_map(|end| text.get(..end))
        .unwrap_or_default()
}

/// At most `max` bytes, with an ellipsis where something was cut.
pub(super) fn cut(text: &str, max: usize) -> String {
    if text.len() <= max {
        return text.to_owned();
    }
    let mut short = prefix(text, max.saturating_sub(ELLIPSIS.len()))
        .trim_end()
        .to_owned();
    if max >= ELLIPSIS.len() {
        short.push_str(ELLIPSIS);
    }
    short
}

/// Characters that hide text, turn its direction, or that JSON readers and chats choke on. Joiners stay:
/// emoji and some scripts are written with them.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200e}'
        | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Without control, direction and invisible characters, without terminal colours, with `\n` for every kind
/// of line end and a space for every tab.
pub(super) fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' if chars.peek() == Some(&'[') => {
                // A terminal colour: everything up to its final byte goes.
                chars.next();
                while chars
                    .next_if(|c| matches!(c, '0'..='9' | ';' | ':' | '?' | ' '))
                    .is_some()
                {}
                chars.next_if(|c| matches!(c, '@'..='~'));
            }
            '\r' => {
                chars.next_if_eq(&'\n');
                clean.push('\n');
            }
            '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            '\t' => clean.push(' '),
            c if is_invisible(c) => {}
            c => clean.push(c),
        }
    }
    clean
}

/// All on one line, with single spaces.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// At most `lines` lines, none of them blank; what is left out is counted.
pub(super) fn few_lines(text: &str, lines: usize) -> String {
    let mut all = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut few: Vec<&str> = all.by_ref().take(lines).collect();
    let left_out = all.count();
    let more = format!("… +{left_out}");
    if left_out > 0 {
        few.push(&more);
    }
    few.join("\n")
}

/// Links in plain text: a zero-width break keeps a chat from turning `http://x` into something to tap.
pub(super) fn unlinked(text: &str) -> String {
    text.replace("://", ":\u{200B}//")
        .replace("www.", "www\u{200B}.")
        .replace("WWW.", "WWW\u{200B}.")
}

/// One line of text inside markdown that documents no escape: nothing in it makes a link, an image, a
/// heading, a list, a quote, a table, a tag, an entity, emphasis or code.
///
/// Letters are left alone and most marks keep their look: a zero-width break takes their meaning away.
/// Only `*` and the backtick, which work inside words too, are swapped for look-alikes.
pub(super) fn tame_markdown(line: &str) -> String {
    let line = unlinked(line.trim());
    let mut tame = String::with_capacity(line.len());
    if starts_a_block(&line) {
        tame.push(BREAK);
    }
    let mut before: Option<char> = None;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied();
        match c {
            '*' => tame.push('∗'),
            '`' => tame.push('‵'),
            '[' | ']' | '!' | '<' | '&' | '~' | '|' | '\\' => {
                tame.push(c);
                tame.push(BREAK);
            }
            '_' if !(is_word(before) && is_word(after)) => {
                // Between two characters that are no punctuation it can neither open nor close emphasis.
                tame.push(BREAK);
                tame.push(c);
                tame.push(BREAK);
            }
            c => tame.push(c),
        }
        before = Some(c);
    }
    tame
}

fn is_word(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}

/// Whether markdown would read the start of this line as a heading, quote, list, rule or underline.
pub(super) fn starts_a_block(line: &str) -> bool {
    match line.chars().next() {
        Some('#' | '>' | '-' | '+' | '=' | ':' | '*') => true,
        Some('0'..='9') => line
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .starts_with(['.', ')']),
        _ => false,
    }
}

/// With `,` between the thousands.
pub(super) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut spaced = String::with_capacity(digits.len().saturating_add(7));
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && digits.len().saturating_sub(at).is_multiple_of(3) {
            spaced.push(',');
        }
        spaced.push(digit);
    }
    spaced
}

/// A moment of the calendar, in UTC or a fixed offset from it.
#[derive(PartialEq, Eq)]
struct Moment {
    date: (i64, u64, u64),
    time: (u64, u64, u64),
    millis: u32,
}

impl Moment {
    /// Moments before 1970 show as its first one: clocks that wrong are not worth more.
    fn of(at: SystemTime, offset_seconds: u64) -> Self {
        let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
        let seconds = since.as_secs().saturating_add(offset_seconds);
        let of_day = seconds % 86_400;
        Self {
            date: civil(seconds / 86_400),
            time: (of_day / 3_600, of_day / 60 % 60, of_day % 60),
            millis: since.subsec_millis(),
        }
    }
}

/// Year, month and day of a day counted from 1970-01-01, by whole 400-year eras that start on 1 March.
fn civil(days: u64) -> (i64, u64, u64) {
    let day = days.saturating_add(719_468);
    let (era, of_era) = (day / 146_097, day % 146_097);
    let leap_days = (of_era / 1_460)
        .saturating_add(of_era / 146_096)
        .saturating_sub(of_era / 36_524);
    let year = of_era.saturating_sub(leap_days) / 365;
    let before = year
        .saturating_mul(365)
        .saturating_add(year / 4)
        .saturating_sub(year / 100);
    let of_year = of_era.saturating_sub(before);
    let month = of_year.saturating_mul(5).saturating_add(2) / 153;
    let first = month.saturating_mul(153).saturating_add(2) / 5;
    let day = of_year.saturating_sub(first).saturating_add(1);
    let month = if month < 10 {
        month.saturating_add(3)
    } else {
        month.saturating_sub(9)
    };
    let year = era
        .saturating_mul(400)
        .saturating_add(year)
        .saturating_add(u64::from(month <= 2));
    (i64::try_from(year).unwrap_or(i64::MAX), month, day)
}

/// As in RFC 3339, in UTC, to the millisecond.
pub(super) fn rfc3339(at: SystemTime) -> String {
    let Moment {
        date: (year, month, day),
        time: (hour, minute, second),
        millis,
    } = Moment::of(at, 0);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// China keeps one time all year: eight hours ahead of UTC.
const BEIJING: u64 = 8 * 3_600;

/// The time of day, with its date unless `same_day` falls on it, and with its zone: UTC in English,
/// UTC+8 in Chinese.
pub(crate) fn clock(at: SystemTime, same_day: Option<SystemTime>, language: Language) -> String {
    let (offset, zone) = match language {
        Language::English => (0, "UTC"),
        Language::Chinese => (BEIJING, "(UTC+8)"),
    };
    let moment = Moment::of(at, offset);
    let (hour, minute, second) = moment.time;
    let time = format!("{hour:02}:{minute:02}:{second:02} {zone}");
    if same_day.is_some_and(|day| Moment::of(day, offset).date == moment.date) {
        return time;
    }
    let (year, month, day) = moment.date;
    format!("{year:04}-{month:02}-{day:02} {time}")
}

/// The same for the fuzz targets.
#[cfg(any(test, feature = "testing"))]
pub(crate) mod testing {
    pub(crate) fn clean(text: &str) -> String {
        super::clean(text)
    }

    pub(crate) fn cut(text: &str, max: usize) -> String {
        super::cut(text, max)
    }

    pub(crate) fn tame(text: &str) -> String {
        let lines: Vec<String> = text.lines().map(super::tame_markdown).collect();
        lines.join("\n")
    }
}
