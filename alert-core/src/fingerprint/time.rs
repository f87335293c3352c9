//! Dates and times of day (N7), in digits or with the names that mail, HTTP and log files use.

use super::address::count;
use super::normalize::after;

/// The date, time, or date with time at the start. `before` is the byte before it.
pub(super) fn date_or_time(rest: &[u8], before: u8) -> Option<usize> {
    if !rest.first()?.is_ascii_digit() || before == b'.' {
        return None;
    }
    let length = match date(rest) {
        Some(date) => with_time(rest, date),
        None if before == b':' => return None,
        None => clock(rest)?,
    };
    let more = rest
        .get(length)
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    (!more).then_some(length)
}

/// `2026-11-23`, `2026/11/23`, `2026.11.23`, or the same with the year last.
fn date(rest: &[u8]) -> Option<usize> {
    let first = count(rest, u8::is_ascii_digit);
    let separator = *rest.get(first).filter(|byte| b"-/.".contains(byte))?;
    let tail = rest.get(after(first)..)?;
    let second = count(tail, u8::is_ascii_digit);
    let tail = tail
        .strip_prefix(tail.get(..second)?)?
        .strip_prefix(&[separator])?;
    let third = count(tail, u8::is_ascii_digit);
    let century = if first == 4 { rest } else { tail };
    let shaped = matches!((first, second, third), (4, 1..=2, 1..=2) | (1..=2, 1..=2, 4));
    let shaped = shaped && matches!(century, [b'1', b'9', ..] | [b'2', b'0' | b'1', ..]);
    let length = first.wrapping_add(second).wrapping_add(third).wrapping_add(2);
    let longer =
        rest.get(length) == Some(&separator) && rest.get(after(length)).is_some_and(u8::is_ascii_digit);
    (shaped && !(longer && separator != b'/')).then_some(length)
}

/// A date and the time of day behind `T`, `_`, or nothing. One behind a blank is a token of its own.
fn with_time(rest: &[u8], date: usize) -> usize {
    let joined = matches!(rest.get(date), Some(b'T' | b't' | b'_'));
    let time = rest.get(after(date)..).filter(|_| joined).and_then(clock);
    time.map_or(date, |time| after(date).wrapping_add(time))
}

/// `10:30:45`, with fraction and zone. Without seconds it is as well a line and a column: two numbers.
fn clock(rest: &[u8]) -> Option<usize> {
    let hours = count(rest, u8::is_ascii_digit);
    let [b':', m1, m2, b':', s1, s2, ..] = rest.get(hours..)? else {
        return None;
    };
    let sixties =
        matches!((m1, s1), (b'0'..=b'5', b'0'..=b'6')) && m2.is_ascii_digit() && s2.is_ascii_digit();
    if !sixties || !(1..=2).contains(&hours) {
        return None;
    }
    let mut length = hours.wrapping_add(6);
    if let Some([b'.' | b',', digit, ..]) = rest.get(length..)
        && digit.is_ascii_digit()
    {
        length = after(length);
        length = length.wrapping_add(count(rest.get(length..)?, u8::is_ascii_digit));
    }
    Some(length.wrapping_add(zone(rest.get(length..)?)))
}

/// `Z`, `+08:00`, `+0800`, `-08`.
fn zone(rest: &[u8]) -> usize {
    match rest {
        [b'Z' | b'z', ..] => 1,
        [b'+' | b'-', h1, h2, b':', m1, m2, ..]
            if [h1, h2, m1, m2].iter().all(|byte| byte.is_ascii_digit()) =>
        {
            6
        }
        [b'+' | b'-', tail @ ..] => match count(tail, u8::is_ascii_digit) {
            digits @ (2 | 4) => after(digits),
            _ => 0,
        },
        _ => 0,
    }
}

/// `Mon, 23 Nov 2026 10:00:00 GMT`, `23/Nov/2026:10:00:00 +0800`, `Nov 23 10:00:00`, `Mon Nov 23 10:00:00 2026`.
pub(super) fn named_date(text: &[u8]) -> Option<usize> {
    let weekday = named(text, b"MonTueWedThuFriSatSun").map_or(text, |rest| trim(rest, b", "));
    let from = trim_day(weekday)
        .and_then(|(rest, separator)| Some((named(rest, MONTHS)?.strip_prefix(&[separator])?, separator)));
    let date = match from {
        Some((rest, _)) => trim_year(rest)?,
        None => trim_day(named(weekday, MONTHS)?.strip_prefix(b" ")?)?.0,
    };
    let rest = trim_clock(date);
    // Without a year, a time of day has to tell a date from the verb `may` and a count.
    let dated = from.is_some() || rest.len() < date.len();
    let rest = rest.strip_prefix(b" ").and_then(trim_year).unwrap_or(rest);
    dated.then(|| text.len().saturating_sub(rest.len()))
}

const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";

/// What follows a name of three letters out of the list.
fn named<'a>(text: &'a [u8], names: &[u8]) -> Option<&'a [u8]> {
    let (name, rest) = text.split_at_checked(3)?;
    let known = names.as_chunks::<3>().0.iter().any(|known| known == name);
    (known && !rest.first().is_some_and(u8::is_ascii_alphanumeric)).then_some(rest)
}

/// What follows a day of the month and the separator behind it.
fn trim_day(text: &[u8]) -> Option<(&[u8], u8)> {
    let digits = count(text, u8::is_ascii_digit);
    let (separator, rest) = text.get(digits..)?.split_first()?;
    ((1..=2).contains(&digits) && b" /-".contains(separator)).then_some((rest, *separator))
}

/// What follows a year.
fn trim_year(text: &[u8]) -> Option<&[u8]> {
    (count(text, u8::is_ascii_digit) == 4).then(|| text.get(4..))?
}

/// What follows a time of day and its zone, if one is there.
fn trim_clock(text: &[u8]) -> &[u8] {
    let time = trim(text, b": ");
    let Some(rest) = clock(time).and_then(|length| time.get(length..)) else {
        return text;
    };
    match rest {
        [b' ', b'G' | b'U', b'M' | b'T', b'T' | b'C', after @ ..] => after,
        [b' ', tail @ ..] => tail
            .get(zone(tail)..)
            .filter(|after| after.len() < tail.len())
            .unwrap_or(rest),
        _ => rest,
    }
}

fn trim<'a>(mut text: &'a [u8], blanks: &[u8]) -> &'a [u8] {
    while let [first, rest @ ..] = text
        && blanks.contains(first)
    {
        text = rest;
    }
    text
}
