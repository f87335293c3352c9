//! Finds each `?` that returns from the annotated function, and puts a marker before it, so that the alert names its
//! place; or makes it, and each `return`, leave a block instead.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};

use crate::leave;

/// `a()?` -> `a().__alert_at()?`. Gives the tokens back and whether anything was marked.
///
/// Left alone: what may return from something else (closures, async blocks, nested functions, macro
/// calls, whose bodies are not Rust until the macro has run) and `?Sized`.
pub(crate) fn mark(tokens: TokenStream, or_none: bool) -> (TokenStream, bool) {
    match edited(tokens.clone(), What::Mark { or_none }) {
        Some(tokens) => (tokens, true),
        None => (tokens, false),
    }
}

/// `return a` -> `break '_alert a`, and the same for `?`.
pub(crate) fn leave(tokens: TokenStream, private: &TokenStream) -> TokenStream {
    edited(tokens.clone(), What::Leave { private }).unwrap_or(tokens)
}

/// What is done to a `?`, and to a `return`.
#[derive(Clone, Copy)]
enum What<'a> {
    /// A marker goes before it.
    Mark {
        /// A `None` is a failure too.
        or_none: bool,
    },
    /// It is made to leave a block.
    Leave { private: &'a TokenStream },
}

/// The same, or nothing where nothing was marked: most groups stay as they are, and to make one anew costs a
/// question to the compiler.
fn edited(tokens: TokenStream, what: What<'_>) -> Option<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut marker = Marker {
        words: tokens.iter().map(Word::of).collect(),
        tokens,
        at: 0,
        edits: Vec::new(),
        what,
    };
    while marker.at < marker.tokens.len() {
        marker.step();
    }
    marker.finish()
}

/// What a token is as a word, read once: each look at an identifier's text copies it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    /// No identifier.
    None,
    Fn,
    /// What follows may return from something else.
    Async,
    /// `try` and `gen`, which do so too, or are names.
    Block,
    /// It ends an expression although it is a keyword.
    Await,
    /// An expression starts after it, so that neither `!(..)` is a macro call nor `|` an operator.
    Keyword,
    Return,
    Name,
}

impl Word {
    fn of(token: &TokenTree) -> Self {
        let TokenTree::Ident(word) = token else {
            return Word::None;
        };
        match word.to_string().as_str() {
            "fn" => Word::Fn,
            "async" => Word::Async,
            "try" | "gen" => Word::Block,
            "await" => Word::Await,
            "return" => Word::Return,
            "as" | "box" | "break" | "const" | "do" | "dyn" | "else" | "for" | "if" | "impl" | "in"
            | "let" | "loop" | "match" | "move" | "mut" | "ref" | "unsafe" | "while" => Word::Keyword,
            _ => Word::Name,
        }
    }
}

/// What becomes of one token.
enum Edit {
    /// It is a `?` that returns.
    QuestionMark(Span),
    /// It is a `return`.
    Return(Span),
    /// This takes its place.
    Group(Group),
}

struct Marker<'a> {
    tokens: Vec<TokenTree>,
    words: Vec<Word>,
    at: usize,
    edits: Vec<(usize, Edit)>,
    what: What<'a>,
}

impl Marker<'_> {
    fn finish(self) -> Option<TokenStream> {
        if self.edits.is_empty() {
            return None;
        }
        let mut out = Vec::with_capacity(self.tokens.len().saturating_add(self.edits.len()));
        let mut edits = self.edits.into_iter().peekable();
        for (at, token) in self.tokens.into_iter().enumerate() {
            match edits.next_if(|(edited, _)| *edited == at) {
                Some((_, Edit::QuestionMark(span))) => match self.what {
                    What::Mark { or_none } => {
                        out.extend(marker(span, or_none));
                        out.push(token);
                    }
                    What::Leave { private } => {
                        if leave::instead_of_question_mark(&mut out, span, private).is_none() {
                            out.push(token);
                        }
                    }
                },
                Some((_, Edit::Return(span))) => out.extend(leave::instead_of_return(span)),
                Some((_, Edit::Group(group))) => out.push(TokenTree::Group(group)),
                None => out.push(token),
            }
        }
        Some(out.into_iter().collect())
    }

    fn step(&mut self) {
        let edit = match (self.peek(0), self.word(0)) {
            (Some(TokenTree::Punct(punct)), _) => match punct.as_char() {
                '#' => {
                    self.attribute();
                    None
                }
                '|' if !self.after_operand() => return self.closure(),
                '|' if is_or(punct, self.peek(1)) => {
                    self.skip();
                    None
                }
                '?' if self.after_operand() => Some(Edit::QuestionMark(punct.span())),
                _ => None,
            },
            (_, Word::Fn) => return self.function(),
            (_, Word::Async | Word::Block) => return self.nested(),
            (_, Word::Name) if self.is_macro_call() => return self.macro_call(),
            (Some(TokenTree::Ident(word)), Word::Return) if matches!(self.what, What::Leave { .. }) => {
                Some(Edit::Return(word.span()))
            }
            (Some(TokenTree::Group(group)), _) => self.group(group),
            _ => None,
        };
        self.edits.extend(edit.map(|edit| (self.at, edit)));
        self.skip();
    }

    fn skip(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn word(&self, ahead: usize) -> Word {
        let at = self.at.saturating_add(ahead);
        self.words.get(at).copied().unwrap_or(Word::None)
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
        let Some(before) = self.at.checked_sub(1) else {
            return false;
        };
        match self.tokens.get(before) {
            Some(TokenTree::Ident(_)) => {
                let word = self.words.get(before).copied().unwrap_or(Word::None);
                matches!(word, Word::Name | Word::Await | Word::Fn | Word::Block)
            }
            Some(TokenTree::Group(_) | TokenTree::Literal(_)) => true,
            Some(TokenTree::Punct(punct)) => punct.as_char() == '?',
            None => false,
        }
    }

    /// `{ .. }`, with what is inside marked.
    fn group(&self, group: &Group) -> Option<Edit> {
        let stream = edited(group.stream(), self.what)?;
        let mut rebuilt = Group::new(group.delimiter(), stream);
        rebuilt.set_span(group.span());
        Some(Edit::Group(rebuilt))
    }

    /// `#[..]` and `#![..]`: passes all but the last token.
    fn attribute(&mut self) {
        if self.peeks_punct(1, '!') {
            self.skip();
        }
        if self.peeks_group(1, Delimiter::Bracket) {
            self.skip();
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
        let is_plain = matches!(self.what, What::Leave { .. })
            && matches!(self.peek(0), Some(TokenTree::Ident(name)) if leave::is_plain_macro(name));
        while !matches!(self.peek(0), Some(TokenTree::Group(_)) | None) {
            self.skip();
        }
        if is_plain && let Some(TokenTree::Group(group)) = self.peek(0) {
            let edit = self.group(group);
            self.edits.extend(edit.map(|edit| (self.at, edit)));
        }
        self.skip();
    }

    /// `fn name(..) {..}`; a function pointer type has nothing to skip.
    fn function(&mut self) {
        self.skip();
        if !matches!(self.peek(0), Some(TokenTree::Ident(_))) {
            return;
        }
        while self.peek(0).is_some() && !self.peeks_group(0, Delimiter::Brace) && !self.peeks_punct(0, ';') {
            self.skip();
        }
        self.skip();
    }

    /// `async move {..}`; an async closure is met at its `|`, an `async fn` at its `fn`.
    fn nested(&mut self) {
        self.skip();
        while matches!(self.peek(0), Some(TokenTree::Ident(word)) if word == "move" || word == "gen") {
            self.skip();
        }
        if self.peeks_group(0, Delimiter::Brace) {
            self.skip();
        }
    }

    /// `|a, b| body`, up to the `,` or `;` after it. What is taken too much is merely not marked.
    fn closure(&mut self) {
        self.skip();
        while self.peek(0).is_some() && !self.peeks_punct(0, '|') {
            self.skip();
        }
        self.skip();
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
            self.skip();
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

/// Whether the `|` here, behind an operand, is the first of `||`; behind nothing that is a closure without
/// parameters.
pub(crate) fn is_or(first: &Punct, next: Option<&TokenTree>) -> bool {
    first.as_char() == '|'
        && first.spacing() == Spacing::Joint
        && matches!(next, Some(TokenTree::Punct(second)) if second.as_char() == '|')
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
