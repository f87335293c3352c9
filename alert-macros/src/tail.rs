//! Finds the future a body ends in: `async move {..}` or `Box::pin(async move {..})`.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// A body whose last expression is an async block.
pub(crate) struct Tail {
    /// Everything before it.
    pub(crate) prefix: TokenStream,
    /// `Box::pin`, and the parentheses after it.
    pub(crate) boxed: Option<(TokenStream, Group)>,
    /// `async` or `async move`.
    pub(crate) keywords: TokenStream,
    pub(crate) block: Group,
    /// There is a `return` before it, so not every call ends in this block.
    pub(crate) returns_early: bool,
}

fn has_return(tokens: &[TokenTree]) -> bool {
    tokens.iter().any(|token| match token {
        TokenTree::Ident(word) => word == "return",
        TokenTree::Group(group) => has_return(&group.stream().into_iter().collect::<Vec<_>>()),
        _ => false,
    })
}

/// Looks at the last tokens only; the body is not parsed.
pub(crate) fn find(body: TokenStream) -> Option<Tail> {
    let mut tokens: Vec<TokenTree> = body.into_iter().collect();
    let Some(TokenTree::Group(last)) = tokens.pop() else {
        return None;
    };
    match last.delimiter() {
        Delimiter::Brace => {
            let keywords = pop_async(&mut tokens)?;
            starts_expression(&tokens).then(|| Tail {
                returns_early: has_return(&tokens),
                prefix: tokens.into_iter().collect(),
                boxed: None,
                keywords,
                block: last,
            })
        }
        Delimiter::Parenthesis => {
            let path = pop_box_pin(&mut tokens)?;
            let mut inside: Vec<TokenTree> = last.stream().into_iter().collect();
            if matches!(inside.last(), Some(TokenTree::Punct(comma)) if comma.as_char() == ',') {
                inside.pop();
            }
            let Some(TokenTree::Group(block)) = inside.pop() else {
                return None;
            };
            let keywords = (block.delimiter() == Delimiter::Brace)
                .then(|| pop_async(&mut inside))
                .flatten()?;
            (inside.is_empty() && starts_expression(&tokens)).then(|| Tail {
                returns_early: has_return(&tokens),
                prefix: tokens.into_iter().collect(),
                boxed: Some((path, last)),
                keywords,
                block,
            })
        }
        _ => None,
    }
}

/// Whether the body, or the async block it gives, plainly ends in a macro that panics.
pub(crate) fn diverges(body: &TokenStream) -> bool {
    const PANICS: [&str; 4] = ["panic", "todo", "unimplemented", "unreachable"];
    let mut tokens: Vec<TokenTree> = body.clone().into_iter().collect();
    if matches!(tokens.last(), Some(TokenTree::Punct(end)) if end.as_char() == ';') {
        tokens.pop();
    }
    match tokens.as_slice() {
        [
            ..,
            TokenTree::Ident(name),
            TokenTree::Punct(bang),
            TokenTree::Group(_),
        ] if bang.as_char() == '!' => !has_return(&tokens) && PANICS.iter().any(|panics| name == panics),
        _ => find(body.clone()).is_some_and(|tail| diverges(&tail.block.stream())),
    }
}

/// Takes `async` or `async move` off the end.
fn pop_async(tokens: &mut Vec<TokenTree>) -> Option<TokenStream> {
    let is = |token: Option<&TokenTree>, word: &str| matches!(token, Some(TokenTree::Ident(ident)) if ident == word);
    let by_move = is(tokens.last(), "move").then(|| tokens.pop()).flatten();
    if !is(tokens.last(), "async") {
        return None;
    }
    Some(tokens.pop().into_iter().chain(by_move).collect())
}

/// Takes `Box::pin`, with or without a path before it, off the end.
fn pop_box_pin(tokens: &mut Vec<TokenTree>) -> Option<TokenStream> {
    let mut start = tokens.len();
    let mut names = Vec::new();
    loop {
        let before = tokens.get(..start)?;
        match before {
            [.., TokenTree::Ident(name)] => {
                names.push(name.to_string());
                start = start.checked_sub(1)?;
            }
            _ => return None,
        }
        match tokens.get(..start)? {
            [.., TokenTree::Punct(first), TokenTree::Punct(second)]
                if first.as_char() == ':' && second.as_char() == ':' =>
            {
                start = start.checked_sub(2)?;
                if !matches!(tokens.get(..start)?, [.., TokenTree::Ident(_)]) {
                    break;
                }
            }
            _ => break,
        }
    }
    match names.as_slice() {
        [pin, boxed, ..] if pin == "pin" && boxed == "Box" => {
            Some(tokens.split_off(start).into_iter().collect())
        }
        _ => None,
    }
}

/// Whether what comes after `before` starts a statement, and so is the whole tail expression.
fn starts_expression(before: &[TokenTree]) -> bool {
    match before.last() {
        None => true,
        Some(TokenTree::Punct(punct)) => punct.as_char() == ';',
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
        _ => false,
    }
}
