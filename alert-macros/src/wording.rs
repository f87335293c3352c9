//! The text of every diagnostic, one function each.

/// What `severity` takes.
const SEVERITIES: &str = "expected one of `info`, `warning`, `error`, `critical`";

pub(crate) fn unknown_argument(key: &str, known: &[&str]) -> String {
    let list = known
        .iter()
        .map(|key| format!("`{key}`"))
        .collect::<Vec<_>>()
        .join(", ");
    format!(
        "unknown argument `{key}`{}; expected one of {list}",
        did_you_mean(key, known)
    )
}

pub(crate) fn bare_string(word: &str) -> String {
    format!("an argument is written `name = value`; did you mean `severity = \"{word}\"`?")
}

pub(crate) fn not_a_key() -> String {
    "expected the name of an argument, such as `severity`".to_owned()
}

pub(crate) fn unknown_severity(word: &str) -> String {
    format!("unknown severity `{word}`; {SEVERITIES}")
}

pub(crate) fn severity_value() -> String {
    "`severity` takes a string literal or a path to a `Severity` constant".to_owned()
}

pub(crate) fn needs_value(key: &str, example: &str) -> String {
    format!("`{key}` needs a value: `{example}`")
}

pub(crate) fn takes_string(key: &str) -> String {
    format!("`{key}` takes a string literal")
}

pub(crate) fn takes_bool(key: &str) -> String {
    format!("`{key}` takes `true` or `false`")
}

pub(crate) fn takes_list(key: &str, example: &str) -> String {
    format!("`{key}` takes a list: `{example}`")
}

pub(crate) fn duplicate_argument(key: &str) -> String {
    format!("duplicate argument `{key}`")
}

pub(crate) fn first_given_here() -> String {
    "first given here".to_owned()
}

pub(crate) fn missing_comma() -> String {
    "expected `,` between arguments".to_owned()
}

pub(crate) fn empty_on() -> String {
    "`on(..)` must name at least one of `err`, `none`, `panic`, `cancel`".to_owned()
}

pub(crate) fn unknown_outcome(word: &str) -> String {
    let hint = match word {
        "error" | "errors" => "; did you mean `err`?".to_owned(),
        "panics" => "; did you mean `panic`?".to_owned(),
        "cancelled" | "canceled" | "drop" => "; did you mean `cancel`?".to_owned(),
        _ => did_you_mean(word, &["err", "none", "panic", "cancel"]),
    };
    let list = if hint.is_empty() {
        "; expected one of `err`, `none`, `panic`, `cancel`"
    } else {
        ""
    };
    format!("unknown outcome `{word}`{hint}{list}")
}

pub(crate) fn duplicate_outcome(word: &str) -> String {
    format!("duplicate outcome `{word}`")
}

pub(crate) fn crate_value() -> String {
    "`crate` takes a path without quotes: `crate = a::b`".to_owned()
}

pub(crate) fn cannot_return_error(function: &str) -> String {
    format!("`{function}` cannot return an error; use `on(panic)` or change its return type")
}

pub(crate) fn cancel_needs_future() -> String {
    "`on(cancel)` needs an `async fn` or a function returning a future".to_owned()
}

pub(crate) fn no_parameter(name: &str, function: &str) -> String {
    format!("no parameter named `{name}` on `{function}`; write `{name} = expr` to compute a field")
}

pub(crate) fn no_self(function: &str) -> String {
    format!("`self` is not available: `{function}` is not a method")
}

pub(crate) fn field_twice(name: &str) -> String {
    format!("field `{name}` is recorded twice")
}

pub(crate) fn error_words() -> String {
    "`error(..)` takes one of `auto`, `display`, `debug`, `with = |error| ..`".to_owned()
}

pub(crate) fn not_on_blocks(key: &str) -> String {
    format!("`{key}` is for a single function; put it on the method itself")
}

pub(crate) fn cannot_lower() -> String {
    "`keep_async = false` needs a safe `async fn` whose parameters are plain names and that returns"
        .to_owned()
}

pub(crate) fn const_fn() -> String {
    "`#[alert_on_err]` cannot be used on a `const fn`: alerts cannot be sent during constant evaluation"
        .to_owned()
}

pub(crate) fn no_body() -> String {
    "`#[alert_on_err]` needs a body; put it on the `impl` method, not on the trait declaration".to_owned()
}

pub(crate) fn no_body_or_foreign() -> String {
    "`#[alert_on_err]` needs a body; put it on the `impl` method, not on the trait declaration, and on a function that \
     calls a foreign one"
        .to_owned()
}

pub(crate) fn generator() -> String {
    "`#[alert_on_err]` cannot watch a `gen` function: what it gives one by one is no return value".to_owned()
}

pub(crate) fn not_a_function(found: &str) -> String {
    format!("`#[alert_on_err]` goes on functions and methods (found `{found}`)")
}

pub(crate) fn foreign_or_variadic() -> String {
    "foreign and variadic functions cannot be wrapped".to_owned()
}

pub(crate) fn applied_twice() -> String {
    "`#[alert_on_err]` is already applied to this function".to_owned()
}

/// `; did you mean ..?` if one of `known` is close to `word`.
fn did_you_mean(word: &str, known: &[&str]) -> String {
    let close = known
        .iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, candidate)| *distance <= 1.max(candidate.len() / 3));
    close
        .map(|(_, candidate)| format!("; did you mean `{candidate}`?"))
        .unwrap_or_default()
}

/// How many letters to add, remove or replace to get from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, letter) in from.chars().enumerate() {
        let mut left = index.saturating_add(1);
        let mut next = vec![left];
        for (above, other) in row.windows(2).zip(&to) {
            let [diagonal, above] = above else { continue };
            let replaced = diagonal.saturating_add(usize::from(*other != letter));
            left = replaced.min(left.saturating_add(1)).min(above.saturating_add(1));
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
