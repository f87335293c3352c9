//! The attribute on an `impl` block or a `mod`: handed on to every function in it that can fail.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::quote_spanned;

use crate::merge;

/// Types that are no failure, whatever their value. A function that is not async and gives one of these back
/// is left alone.
const NEVER_FAIL: [&str; 22] = [
    "Self", "String", "Vec", "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str",
    "u8", "u16", "u32", "u64", "u128", "usize", "Arc", "Ordering",
];

/// Words before a `fn` that is no function of the block: a constant one, or a type that an item names.
const NO_FUNCTION: [&str; 8] = [
    "const", "enum", "impl", "static", "struct", "trait", "type", "union",
];

/// `impl A { fn b() -> Result<..> {..} }` -> `impl A { #[alert_on_err(args)] fn b() -> Result<..> {..} }`
pub(crate) fn distribute(args: &TokenStream, item: TokenStream, private: &TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    let Some(TokenTree::Group(body)) = tokens.pop() else {
        return tokens.into_iter().collect();
    };
    let mut inside = TokenStream::new();
    let mut one = Vec::new();
    for token in body.stream() {
        let ends = match &token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(punct) => punct.as_char() == ';',
            _ => false,
        };
        one.push(token);
        if ends {
            inside.extend(annotated(args, std::mem::take(&mut one), private));
        }
    }
    inside.extend(one);
    let mut rebuilt = Group::new(body.delimiter(), inside);
    rebuilt.set_span(body.span());
    tokens.push(TokenTree::Group(rebuilt));
    tokens.into_iter().collect()
}

/// One item, with the attribute before it if it is a function that can fail, or a block of them.
fn annotated(args: &TokenStream, item: Vec<TokenTree>, private: &TokenStream) -> TokenStream {
    let has_body = matches!(item.last(), Some(TokenTree::Group(_)));
    let start = after_attributes(&item);
    let (attributes, rest) = item.split_at(start);
    if let Some(attributes) = merge::merged(attributes, args) {
        return attributes.into_iter().chain(rest.iter().cloned()).collect();
    }
    if !has_body || !can_fail(rest) {
        return item.into_iter().collect();
    }
    // Inner attributes come first in a block; they stay where they are.
    let attribute = quote_spanned!(Span::mixed_site()=> #[#private::alert_on_err(#args)]);
    let inner = inner_attributes(attributes);
    let (inner, outer) = attributes.split_at(inner);
    inner
        .iter()
        .chain(outer)
        .cloned()
        .chain(attribute)
        .chain(rest.iter().cloned())
        .collect()
}

/// Index of the first token that belongs to no attribute.
fn after_attributes(item: &[TokenTree]) -> usize {
    let mut at = 0_usize;
    while let Some(TokenTree::Punct(hash)) = item.get(at) {
        if hash.as_char() != '#' {
            break;
        }
        let inner =
            matches!(item.get(at.saturating_add(1)), Some(TokenTree::Punct(bang)) if bang.as_char() == '!');
        at = at.saturating_add(if inner { 3 } else { 2 });
    }
    at.min(item.len())
}

/// Index of the first token after `#![..]`.
fn inner_attributes(attributes: &[TokenTree]) -> usize {
    let mut at = 0_usize;
    while matches!(attributes.get(at.saturating_add(1)), Some(TokenTree::Punct(bang)) if bang.as_char() == '!')
    {
        at = at.saturating_add(3);
    }
    at.min(attributes.len())
}

/// Whether it is a function that can fail as far as its signature says, or a block of functions.
fn can_fail(item: &[TokenTree]) -> bool {
    let word = |wanted: &str| {
        item.iter()
            .position(|token| matches!(token, TokenTree::Ident(word) if word == wanted))
    };
    let Some(function) = word("fn") else {
        return matches!(item.first(), Some(TokenTree::Ident(word)) if word == "impl" || word == "mod")
            || word("mod").is_some_and(|at| at < 3)
            || matches!(item.first(), Some(TokenTree::Ident(word)) if word == "unsafe")
                && word("impl").is_some();
    };
    let (before, after) = item.split_at(function);
    let has = |wanted: &str| {
        before
            .iter()
            .any(|token| matches!(token, TokenTree::Ident(word) if word == wanted))
    };
    if NO_FUNCTION.iter().any(|word| has(word)) {
        return false;
    }
    if has("async") {
        return true;
    }
    let arrow = after.windows(2).position(|pair| {
        matches!(pair, [TokenTree::Punct(dash), TokenTree::Punct(angle)] if dash.as_char() == '-' && angle.as_char() == '>')
    });
    match arrow.and_then(|at| after.get(at.saturating_add(2))) {
        Some(TokenTree::Ident(name)) => !NEVER_FAIL.iter().any(|never| name == never),
        Some(TokenTree::Punct(punct)) => !matches!(punct.as_char(), '&' | '!' | '*'),
        Some(TokenTree::Group(group)) => !group.stream().is_empty() && group.delimiter() == Delimiter::None,
        _ => false,
    }
}
