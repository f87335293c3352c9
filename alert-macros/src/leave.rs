//! `return` and `?` made to leave a block instead of the function, for bodies that no closure and no other function
//! can hold.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::quote_spanned;

use crate::hook;

/// Macros of the standard library, which hide no `return`.
const PLAIN_MACROS: [&str; 22] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "concat",
    "dbg",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "eprint",
    "eprintln",
    "format",
    "format_args",
    "line",
    "matches",
    "panic",
    "print",
    "println",
    "todo",
    "unimplemented",
    "unreachable",
    "vec",
    "write",
];

pub(crate) fn is_plain_macro(name: &Ident) -> bool {
    PLAIN_MACROS.iter().any(|plain| name == plain)
}

/// `return`, with what it gives behind it -> `break '_alert`
pub(crate) fn instead_of_return(span: Span) -> [TokenTree; 3] {
    let word = Ident::new("break", span);
    // A label is found by where it was written, too.
    let ours = span.resolved_at(Span::mixed_site());
    let mut tick = Punct::new('\'', Spacing::Joint);
    tick.set_span(ours);
    let label = Ident::new("_alert", ours);
    [
        TokenTree::Ident(word),
        TokenTree::Punct(tick),
        TokenTree::Ident(label),
    ]
}

/// Takes the operand of a `?` off the end and puts there what does as the `?` does, but leaves the block:
///
/// ```text
/// operand
/// (match P::Branch::__alert_branch(operand) {
///     P::ControlFlow::Continue(value) => value,
///     P::ControlFlow::Break(rest) => break '_alert P::FromRest::__alert_from(rest),
/// })
/// ```
///
/// Nothing where it does not find where the operand starts.
pub(crate) fn instead_of_question_mark(
    before: &mut Vec<TokenTree>,
    mark: Span,
    private: &TokenStream,
) -> Option<()> {
    let start = operand(before)?;
    let operand: TokenStream = before.drain(start..).collect();
    let span = Span::mixed_site();
    let leave = instead_of_return(mark).into_iter().collect::<TokenStream>();
    // On the `?`, so that a `From` told its caller is told this place.
    let from = hook::respan(quote_spanned!(span=> #private::FromRest::__alert_from), mark);
    let instead = quote_spanned! {span=>
        match #private::Branch::__alert_branch(#operand) {
            #private::ControlFlow::Continue(__alert_value) => __alert_value,
            #private::ControlFlow::Break(__alert_rest) => #leave #from(__alert_rest),
        }
    };
    before.push(TokenTree::Group(Group::new(Delimiter::Parenthesis, instead)));
    Some(())
}

/// Where the operand that ends here starts: a name, a literal or something in parentheses or brackets, and the
/// fields, calls and indices behind it. One that ends in a block is not looked for.
fn operand(tokens: &[TokenTree]) -> Option<usize> {
    let mut at = tokens.len();
    loop {
        at = primary(tokens, at)?;
        // What stands before makes it part of something longer.
        match tokens.get(..at)? {
            [.., TokenTree::Punct(first), TokenTree::Punct(second)]
                if first.as_char() == '.' && second.as_char() == '.' =>
            {
                return Some(at);
            }
            [.., TokenTree::Punct(dot)] if dot.as_char() == '.' => at = at.checked_sub(1)?,
            [.., TokenTree::Punct(first), TokenTree::Punct(second)] if is_path_separator(first, second) => {
                at = at.checked_sub(2)?;
                // `::name` and `<T as Trait>::name` begin here.
                match tokens.get(..at)? {
                    before if ends_in_name(before) => {}
                    [.., TokenTree::Punct(close)] if close.as_char() == '>' => {
                        at = before_angles(tokens, at)?;
                        match tokens.get(..at)? {
                            before if ends_in_name(before) => {}
                            [.., TokenTree::Punct(first), TokenTree::Punct(second)]
                                if is_path_separator(first, second) =>
                            {
                                at = at.checked_sub(2)?;
                            }
                            _ => return Some(at),
                        }
                    }
                    _ => return Some(at),
                }
            }
            _ => return Some(at),
        }
    }
}

/// Where `name`, `name::<T>`, `1`, `name!(..)`, `(..)`, `name(..)` or `[..]` starts, the calls and indices before the
/// last one with it.
fn primary(tokens: &[TokenTree], mut end: usize) -> Option<usize> {
    loop {
        let at = end.checked_sub(1)?;
        match tokens.get(at)? {
            TokenTree::Ident(_) | TokenTree::Literal(_) => return Some(at),
            TokenTree::Punct(close) if close.as_char() == '>' => {
                // `::<T>`
                let open = before_angles(tokens, end)?;
                end = match tokens.get(..open)? {
                    [.., TokenTree::Punct(first), TokenTree::Punct(second)]
                        if is_path_separator(first, second) =>
                    {
                        open.checked_sub(2)?
                    }
                    _ => return None,
                };
            }
            TokenTree::Group(group)
                if matches!(group.delimiter(), Delimiter::Parenthesis | Delimiter::Bracket) =>
            {
                match tokens.get(..at)? {
                    before if ends_in_name(before) => end = at,
                    // An attribute is nothing that is called.
                    [.., TokenTree::Punct(hash), TokenTree::Group(_)] if hash.as_char() == '#' => {
                        return Some(at);
                    }
                    [.., TokenTree::Group(_) | TokenTree::Literal(_)] => end = at,
                    [.., TokenTree::Punct(close)] if close.as_char() == '>' && !is_arrow(tokens, at) => {
                        end = at;
                    }
                    [name @ .., TokenTree::Punct(bang)] if bang.as_char() == '!' && ends_in_name(name) => {
                        end = at.checked_sub(1)?;
                    }
                    _ => return Some(at),
                }
            }
            _ => return None,
        }
    }
}

/// Where the `<` stands that belongs to the `>` before `end`.
fn before_angles(tokens: &[TokenTree], end: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for at in (0..end).rev() {
        if let Some(TokenTree::Punct(punct)) = tokens.get(at) {
            match punct.as_char() {
                '>' if !is_arrow(tokens, at.saturating_add(1)) => depth = depth.saturating_add(1),
                '<' => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                ';' => return None,
                _ => {}
            }
        }
    }
    None
}

/// Whether the `>` before `end` is the end of `->` or `=>`.
fn is_arrow(tokens: &[TokenTree], end: usize) -> bool {
    let before = end.checked_sub(2).and_then(|at| tokens.get(at));
    matches!(before, Some(TokenTree::Punct(punct))
        if matches!(punct.as_char(), '-' | '=') && punct.spacing() == Spacing::Joint)
}

fn is_path_separator(first: &Punct, second: &Punct) -> bool {
    first.as_char() == ':' && first.spacing() == Spacing::Joint && second.as_char() == ':'
}

/// Whether the last token is a name: no label, and no keyword before which an operand may not stand.
fn ends_in_name(tokens: &[TokenTree]) -> bool {
    const KEYWORDS: [&str; 14] = [
        "as", "break", "else", "for", "if", "in", "let", "loop", "match", "move", "mut", "ref", "return",
        "while",
    ];
    match tokens {
        [.., TokenTree::Punct(tick), TokenTree::Ident(_)] if tick.as_char() == '\'' => false,
        [.., TokenTree::Ident(word)] => !KEYWORDS.iter().any(|keyword| word == keyword),
        _ => false,
    }
}
