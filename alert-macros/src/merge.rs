//! A function's own attribute inside of an annotated block: it says what differs, the block says the rest.

use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};

use crate::args;

/// The tokens before an item, with what the block says added to an attribute of ours; `None` if there is none.
/// `skip` stays alone.
pub(crate) fn merged(attributes: &[TokenTree], block: &TokenStream) -> Option<TokenStream> {
    let mut found = false;
    let tokens = attributes.iter().map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
            let attribute = attribute(group, block);
            found |= attribute.is_some();
            attribute.map_or_else(|| token.clone(), TokenTree::Group)
        }
        _ => token.clone(),
    });
    let tokens = tokens.collect();
    found.then_some(tokens)
}

/// `[path::alert_on_err(own)]` -> `[path::alert_on_err(own, the block's)]`
fn attribute(attribute: &Group, block: &TokenStream) -> Option<Group> {
    let mut tokens: Vec<TokenTree> = attribute.stream().into_iter().collect();
    // One that a `macro_rules` macro took as a `meta` comes in an invisible group.
    if let [TokenTree::Group(inner)] = tokens.as_slice()
        && inner.delimiter() == Delimiter::None
    {
        tokens = vec![TokenTree::Group(self::attribute(inner, block)?)];
    } else {
        let end = match tokens.last() {
            Some(TokenTree::Group(_)) => tokens.len().checked_sub(1)?,
            _ => tokens.len(),
        };
        let is_ours =
            matches!(tokens.get(end.checked_sub(1)?), Some(TokenTree::Ident(name)) if name == "alert_on_err");
        if !is_ours {
            return None;
        }
        let own = match tokens.get(end) {
            Some(TokenTree::Group(own)) => own.clone(),
            _ => Group::new(Delimiter::Parenthesis, TokenStream::new()),
        };
        tokens.truncate(end);
        let mut all = Group::new(Delimiter::Parenthesis, arguments(own.stream(), block));
        all.set_span(own.span());
        tokens.push(TokenTree::Group(all));
    }
    let mut rebuilt = Group::new(attribute.delimiter(), tokens.into_iter().collect());
    rebuilt.set_span(attribute.span());
    Some(rebuilt)
}

/// Its own arguments, and those of the block that it does not give itself.
fn arguments(own: TokenStream, block: &TokenStream) -> TokenStream {
    let own_list = split(own.clone());
    let keys: Vec<&Ident> = own_list.iter().filter_map(|argument| key(argument)).collect();
    let is_shape = |key: &Ident| key == "future" || key == "call";
    let has_shape = keys.iter().any(|key| is_shape(key));
    if keys.iter().any(|key| *key == "skip") {
        return own;
    }
    let rest = split(block.clone()).into_iter().filter(|argument| {
        key(argument).is_some_and(|key| !(keys.contains(&key) || has_shape && is_shape(key)))
    });
    let comma = || TokenTree::Punct(proc_macro2::Punct::new(',', Spacing::Alone));
    let all = own_list.iter().cloned().chain(rest);
    all.flat_map(|argument| argument.into_iter().chain([comma()]))
        .collect()
}

fn key(argument: &[TokenTree]) -> Option<&Ident> {
    match argument.first() {
        Some(TokenTree::Ident(key)) => Some(key),
        _ => None,
    }
}

/// At each comma after which an argument starts: others belong to a type's parameters or a closure's.
fn split(arguments: TokenStream) -> Vec<Vec<TokenTree>> {
    let tokens: Vec<TokenTree> = arguments.into_iter().collect();
    let mut list: Vec<Vec<TokenTree>> = vec![Vec::new()];
    for (at, token) in tokens.iter().enumerate() {
        let starts = || match tokens.get(at.saturating_add(1)) {
            Some(TokenTree::Ident(word)) => word == "skip" || args::is_key(&word.to_string()),
            after => after.is_none(),
        };
        if matches!(token, TokenTree::Punct(comma) if comma.as_char() == ',') && starts() {
            list.push(Vec::new());
        } else if let Some(last) = list.last_mut() {
            last.push(token.clone());
        }
    }
    list.retain(|argument| !argument.is_empty());
    list
}
