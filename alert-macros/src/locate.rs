//! Puts a marker before each `?` that returns from the annotated function, so that the alert names its place.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};

/// Words after which an expression starts, so that neither `!(..)` is a macro call nor `|` an operator.
const KEYWORDS: [&str; 22] = [
    "as", "async", "await", "box", "break", "const", "do", "dyn", "else", "for", "if", "impl", "in", "let",
    "loop", "match", "move", "mut", "ref", "return", "unsafe", "while",
];

/// `a()?` -> `a().__alert_at()?`. Gives the tokens back and whether anything was marked.
///
/// Left alone: what may return from something else (closures, async blocks, nested functions, macro
/// calls, whose bodies are not Rust until the macro has run) and `?Sized`.
pub(crate) fn mark(tokens: TokenStream, or_none: bool) -> (TokenStream, bool) {
    let mut marked = Marker {
        tokens: tokens.into_iter().collect(),
        at: 0,
        out: Vec::new(),
        found: false,
        or_none,
    };
    while marked.at < marked.tokens.len() {
        marked.step();
    }
    (marked.out.into_iter().collect(), marked.found)
}

struct Marker {
    tokens: Vec<TokenTree>,
    at: usize,
    out: Vec<TokenTree>,
    found: bool,
    /// A `None` is a failure too.
    or_none: bool,
}

impl Marker {
    fn step(&mut self) {
        let Some(token) = self.tokens.get(self.at).cloned() else {
            return;
        };
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => self.attribute(),
            TokenTree::Punct(punct) if punct.as_char() == '|' && !self.after_operand() => {
                return self.closure();
            }
            TokenTree::Punct(punct) if punct.as_char() == '?' && self.after_operand() => {
                self.out.extend(marker(punct.span(), self.or_none));
                self.found = true;
            }
            TokenTree::Ident(word) if word == "fn" => return self.function(),
            TokenTree::Ident(word) if word == "async" || word == "try" || word == "gen" => {
                return self.nested();
            }
            TokenTree::Ident(word) if !is_keyword(word) && self.is_macro_call() => return self.macro_call(),
            TokenTree::Group(group) => {
                let inner = self.group(group);
                self.out.push(inner);
                self.at = self.at.saturating_add(1);
                return;
            }
            _ => {}
        }
        self.copy();
    }

    fn copy(&mut self) {
        self.out.extend(self.tokens.get(self.at).cloned());
        self.at = self.at.saturating_add(1);
    }

    fn peek(&self, ahead: usize) -> Option<&TokenTree> {
        self.tokens.get(self.at.saturating_add(ahead))
    }

    fn peeks_punct(&self, ahead: usize, wanted: char) -> bool {
        matches!(self.peek(ahead), Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
    }

    fn peeks_group(&self, ahead: usize, wanted: Delimiter) -> bool {
        matches!(self.peek(ahead), Some(TokenTree::Group(group)) if group.delimiter() == wanted)
    }

    /// Whether what stands before is the end of an expression.
    fn after_operand(&self) -> bool {
        match self.at.checked_sub(1).and_then(|before| self.tokens.get(before)) {
            // `await` ends an expression although it is a keyword.
            Some(TokenTree::Ident(word)) => word == "await" || !is_keyword(word),
            Some(TokenTree::Group(_) | TokenTree::Literal(_)) => true,
            Some(TokenTree::Punct(punct)) => punct.as_char() == '?',
            None => false,
        }
    }

    /// `{ .. }`, with what is inside marked. Rebuilt only if something was.
    fn group(&mut self, group: &Group) -> TokenTree {
        let (stream, found) = mark(group.stream(), self.or_none);
        if !found {
            return TokenTree::Group(group.clone());
        }
        self.found = true;
        let mut rebuilt = Group::new(group.delimiter(), stream);
        rebuilt.set_span(group.span());
        TokenTree::Group(rebuilt)
    }

    /// `#[..]` and `#![..]`: copies all but the last token.
    fn attribute(&mut self) {
        if self.peeks_punct(1, '!') {
            self.copy();
        }
        if self.peeks_group(1, Delimiter::Bracket) {
            self.copy();
        }
    }

    /// `name!(..)` or `macro_rules! name {..}`
    fn is_macro_call(&self) -> bool {
        if !self.peeks_punct(1, '!') {
            return false;
        }
        match self.peek(2) {
            Some(TokenTree::Group(group)) => group.delimiter() != Delimiter::None,
            Some(TokenTree::Ident(_)) => matches!(self.peek(3), Some(TokenTree::Group(_))),
            _ => false,
        }
    }

    fn macro_call(&mut self) {
        while !matches!(self.peek(0), Some(TokenTree::Group(_)) | None) {
            self.copy();
        }
        self.copy();
    }

    /// `fn name(..) {..}`; a function pointer type has nothing to skip.
    fn function(&mut self) {
        self.copy();
        if !matches!(self.peek(0), Some(TokenTree::Ident(_))) {
            return;
        }
        while self.peek(0).is_some() && !self.peeks_group(0, Delimiter::Brace) && !self.peeks_punct(0, ';') {
            self.copy();
        }
        self.copy();
    }

    /// `async move {..}`; an async closure is met at its `|`, an `async fn` at its `fn`.
    fn nested(&mut self) {
        self.copy();
        while matches!(self.peek(0), Some(TokenTree::Ident(word)) if word == "move" || word == "gen") {
            self.copy();
        }
        if self.peeks_group(0, Delimiter::Brace) {
            self.copy();
        }
    }

    /// `|a, b| body`, up to the `,` or `;` after it. What is taken too much is merely not marked.
    fn closure(&mut self) {
        self.copy();
        while self.peek(0).is_some() && !self.peeks_punct(0, '|') {
            self.copy();
        }
        self.copy();
        let mut angles = 0_usize;
        while let Some(token) = self.peek(0) {
            match token {
                TokenTree::Punct(punct) if matches!(punct.as_char(), ',' | ';') && angles == 0 => return,
                TokenTree::Punct(punct)
                    if punct.as_char() == '<' && (angles > 0 || self.opens_generics()) =>
                {
                    angles = angles.saturating_add(1);
                }
                TokenTree::Punct(punct) if punct.as_char() == '>' && !self.ends_arrow() => {
                    angles = angles.saturating_sub(1);
                }
                _ => {}
            }
            self.copy();
        }
    }

    /// Whether the `<` here opens generic arguments: `::<`, or after a type's name in `as Name<..>`.
    fn opens_generics(&self) -> bool {
        let before = |back: usize| self.at.checked_sub(back).and_then(|at| self.tokens.get(at));
        match before(1) {
            Some(TokenTree::Punct(punct)) => matches!(punct.as_char(), ':' | '=' | '(' | ',' | '&' | '>'),
            Some(TokenTree::Ident(word)) => word.to_string().starts_with(char::is_uppercase),
            None => true,
            _ => false,
        }
    }

    /// Whether the `>` here is the end of `->` or `=>`.
    fn ends_arrow(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        matches!(before, Some(TokenTree::Punct(punct))
            if matches!(punct.as_char(), '-' | '=') && punct.spacing() == Spacing::Joint)
    }
}

fn is_keyword(word: &Ident) -> bool {
    KEYWORDS.iter().any(|keyword| word == keyword)
}

/// `.__alert_at()` or `.__alert_at_or_none()`, all on the `?`: the place that `Location::caller` sees.
fn marker(span: Span, or_none: bool) -> [TokenTree; 3] {
    let method = if or_none {
        "__alert_at_or_none"
    } else {
        "__alert_at"
    };
    let mut dot = Punct::new('.', Spacing::Alone);
    dot.set_span(span);
    let mut call = Group::new(Delimiter::Parenthesis, TokenStream::new());
    call.set_span(span);
    [
        TokenTree::Punct(dot),
        TokenTree::Ident(Ident::new(method, span)),
        TokenTree::Group(call),
    ]
}
