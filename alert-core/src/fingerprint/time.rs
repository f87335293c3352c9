//! Dates and times of day (N7).

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
