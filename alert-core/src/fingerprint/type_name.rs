//! The name of a type without the paths of its modules: modules move, names stay.

/// Appends the short form of what `core::any::type_name` says: `core::result::Result<my::T, E>` is `Result<T, E>`.
pub(super) fn shorten(name: &str, into: &mut String) {
    let mut segment = into.len();
    let mut rest = name;
    while let Some(char) = rest.chars().next() {
        if let Some(tail) = rest.strip_prefix("::") {
            into.truncate(segment);
            rest = tail;
            continue;
        }
        into.push(char);
        if !(char.is_alphanumeric() || char == '_') {
            segment = into.len();
        }
        rest = rest.get(char.len_utf8()..).unwrap_or_default();
    }
}
