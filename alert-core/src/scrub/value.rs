//! What stands where a secret would: where it ends, and whether it reads like one.

/// Words that say something about a secret and are none.
const WORDS: [&str; 30] = [
    "none",
    "null",
    "nil",
    "undefined",
    "true",
    "false",
    "yes",
    "no",
    "empty",
    "missing",
    "invalid",
    "expired",
    "required",
    "wrong",
    "incorrect",
    "unset",
    "not",
    "unknown",
    "redacted",
    "revoked",
    "malformed",
    "absent",
    "mismatch",
    "failed",
    "denied",
    "error",
    "optional",
    "unauthorized",
    "forbidden",
    "string",
];

pub(super) fn ends_value(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            ',' | ';' | '&' | '"' | '\'' | '`' | '<' | '>' | ')' | ']' | '}' | '|' | '\\'
        )
}

/// What stands where a secret would and is none: a word about it, or a placeholder.
pub(super) fn is_harmless(value: &str) -> bool {
    let value = value.trim_matches(['.', '!', '?', ':', ' ']);
    let is_placeholder =
        value.starts_with(['<', '[', '{']) || value.starts_with("${") || value.starts_with("%s");
    value.chars().all(|c| c == '*')
        || is_placeholder
        || WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// What reads like words of a sentence: words, codes of three digits, paths, addresses.
pub(super) fn is_wordy(value: &str) -> bool {
    let value = value.trim_end_matches(['.', ':', '!', '?']);
    if value.starts_with(['/', '~']) || value.contains("::") || value.contains("://") {
        return true;
    }
    if value.len() <= 3 && value.bytes().all(|b| b.is_ascii_digit()) {
        return true;
    }
    let joins = |c: char| matches!(c, '_' | '-' | '.' | '\'' | '(' | ':');
    value
        .split(joins)
        .all(|part| part.len() < 24 && part.chars().all(char::is_alphabetic))
}
