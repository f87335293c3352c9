//! What the attribute's expressions take from the parameters. The body takes the parameters themselves, and
//! may change or drop them, so what an expression names is cloned when the function is entered.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::{Expr, Index, Signature};

use crate::args::{Args, ErrorAs};
use crate::locate::is_or;
use crate::params;

/// What outlives the body.
pub(crate) struct Kept {
    /// Parameters that an expression names, as it names them.
    names: Vec<Ident>,
    /// `key = order.id`: that part alone, or what cannot be asked once `self` is gone.
    key: Option<Expr>,
}

impl Kept {
    pub(crate) fn of(args: &Args, sig: &Signature) -> Self {
        let parameters = params::names(sig);
        let parameters_in = |tokens: TokenStream| {
            let mut reader = Reader {
                parameters: &parameters,
                bound: Vec::new(),
                found: Vec::new(),
            };
            reader.bind(&tokens);
            reader.read(&tokens, false);
            reader.found
        };
        let key = args.key.as_ref().filter(|key| match key {
            Expr::Field(_) => {
                has_self(sig) && root_is_self(key) || !parameters_in(key.to_token_stream()).is_empty()
            }
            Expr::Closure(_) | Expr::Path(_) => false,
            _ => has_self(sig) && mentions_self(key.to_token_stream()),
        });
        let with = match &args.error {
            ErrorAs::With(with) => Some(&**with),
            _ => None,
        };
        let late = args.key.as_ref().filter(|_| key.is_none());
        let mut names: Vec<Ident> = Vec::new();
        for expr in [args.when.as_ref(), args.severity_by.as_ref(), late, with]
            .into_iter()
            .flatten()
        {
            for name in parameters_in(expr.to_token_stream()) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        Self {
            names,
            key: key.cloned(),
        }
    }

    /// `let __alert_kept = (Clone::clone(&a), Clone::clone(&order.id));`, before the body takes its parameters.
    pub(crate) fn entry(&self) -> TokenStream {
        if self.names.is_empty() && self.key.is_none() {
            return TokenStream::new();
        }
        let span = Span::mixed_site();
        let names = &self.names;
        let key = self.key.iter().map(|key| match key {
            Expr::Field(_) => quote_spanned!(span=> ::core::clone::Clone::clone(&#key)),
            _ => key.to_token_stream(),
        });
        quote_spanned!(span=> let __alert_kept = (#(::core::clone::Clone::clone(&#names),)* #(#key,)*);)
    }

    /// `let (a, b) = (Clone::clone(&__alert_kept.0), ..);`, where the expressions are asked: on failure alone.
    pub(crate) fn open(&self) -> TokenStream {
        if self.names.is_empty() {
            return TokenStream::new();
        }
        let span = Span::mixed_site();
        let names = &self.names;
        let at = (0..names.len()).map(Index::from);
        quote_spanned! {span=>
            #[allow(
                unused_variables,
                clippy::shadow_reuse,
                clippy::shadow_unrelated,
                clippy::used_underscore_binding,
                clippy::redundant_clone
            )]
            let (#(#names,)*) = (#(::core::clone::Clone::clone(&__alert_kept.#at),)*);
        }
    }

    /// What a `key` that is no closure comes to.
    pub(crate) fn key(&self, key: &Expr) -> TokenStream {
        let span = Span::mixed_site();
        if self.key.is_some() {
            let at = Index::from(self.names.len());
            quote_spanned!(span=> &__alert_kept.#at)
        } else {
            quote_spanned!(span=> &#key)
        }
    }
}

/// Whether there is a `self` that the hook cannot share with the body.
fn has_self(sig: &Signature) -> bool {
    sig.receiver()
        .is_some_and(|receiver| !params::is_shared(receiver))
}

fn root_is_self(mut expr: &Expr) -> bool {
    while let Expr::Field(field) = expr {
        expr = &field.base;
    }
    matches!(expr, Expr::Path(path) if path.path.is_ident("self"))
}

fn mentions_self(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "self",
        TokenTree::Group(group) => mentions_self(group.stream()),
        _ => false,
    })
}

/// Finds the parameters that an expression names: not fields or paths of the same name, nor what it binds itself.
struct Reader<'a> {
    parameters: &'a [String],
    bound: Vec<String>,
    found: Vec<Ident>,
}

fn is_punct(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

impl Reader<'_> {
    /// Notes what closures, `let`, `for` and the arms of a `match` bind.
    fn bind(&mut self, tokens: &TokenStream) {
        let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
        let mut rest = tokens.as_slice();
        let mut after_operand = false;
        // Where the pattern of the next arm starts.
        let mut arm = tokens.as_slice();
        while let Some((token, after)) = rest.split_first() {
            rest = after;
            match token {
                TokenTree::Punct(bar) if is_or(bar, after.first()) && after_operand => {
                    rest = after.get(1..).unwrap_or_default();
                }
                TokenTree::Punct(bar) if bar.as_char() == '|' && !after_operand => {
                    let end = after.iter().position(|token| is_punct(Some(token), '|'));
                    let (pattern, body) = after.split_at(end.unwrap_or(after.len()));
                    self.bind_all(pattern);
                    rest = body.get(1..).unwrap_or_default();
                }
                TokenTree::Ident(word) if word == "let" || word == "for" => {
                    let ends = |token: &TokenTree| {
                        is_punct(Some(token), '=') || matches!(token, TokenTree::Ident(word) if word == "in")
                    };
                    let end = after.iter().position(ends).unwrap_or(after.len());
                    self.bind_all(after.get(..end).unwrap_or_default());
                }
                TokenTree::Punct(equal) if equal.as_char() == '=' && is_punct(after.first(), '>') => {
                    let length = arm.len().saturating_sub(after.len());
                    let pattern = arm.get(..length).unwrap_or_default();
                    let guard = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "if");
                    let end = pattern.iter().position(guard).unwrap_or(pattern.len());
                    self.bind_all(pattern.get(..end).unwrap_or_default());
                    rest = after.get(1..).unwrap_or_default();
                    // An arm whose body has braces ends with it, others with a comma.
                    let body = matches!(rest.first(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace);
                    arm = rest.get(usize::from(body)..).unwrap_or_default();
                }
                TokenTree::Punct(comma) if comma.as_char() == ',' => arm = after,
                TokenTree::Group(group) => self.bind(&group.stream()),
                _ => {}
            }
            after_operand = match token {
                TokenTree::Ident(word) => word != "move" && word != "return" && word != "async",
                TokenTree::Group(_) | TokenTree::Literal(_) => true,
                TokenTree::Punct(_) => false,
            };
        }
    }

    fn bind_all(&mut self, pattern: &[TokenTree]) {
        for token in pattern {
            match token {
                TokenTree::Ident(word) => self.bound.push(word.to_string()),
                TokenTree::Group(group) => {
                    self.bind_all(&group.stream().into_iter().collect::<Vec<_>>());
                }
                _ => {}
            }
        }
    }

    /// Texts count inside of a macro call only, where they may be format strings.
    fn read(&mut self, tokens: &TokenStream, in_macro: bool) {
        let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at));
            let next = |ahead: usize| tokens.get(at.saturating_add(ahead));
            match token {
                TokenTree::Group(group) => self.read(&group.stream(), in_macro || is_punct(before(1), '!')),
                TokenTree::Ident(word) => {
                    // `0..n` names a parameter, `a.n` does not.
                    let member = is_punct(before(1), '.') && !is_punct(before(2), '.');
                    let path = is_punct(before(1), ':') && is_punct(before(2), ':');
                    // `n::f`, and `n: 1` of a struct.
                    if !member && !path && !is_punct(next(1), ':') {
                        self.note(&word.to_string(), word.span());
                    }
                }
                TokenTree::Literal(literal) if in_macro => {
                    let text = literal.to_string();
                    for name in self.parameters {
                        let word = name.trim_start_matches("r#");
                        let shown = [format!("{{{word}}}"), format!("{{{word}:"), format!("{word}$")];
                        if shown.iter().any(|shown| text.contains(shown)) {
                            self.note(name, literal.span());
                        }
                    }
                }
                TokenTree::Literal(_) | TokenTree::Punct(_) => {}
            }
        }
    }

    fn note(&mut self, name: &str, at: Span) {
        let is_one = self.parameters.iter().any(|parameter| parameter == name);
        if !is_one || self.bound.iter().any(|bound| bound == name) {
            return;
        }
        let ident = match name.strip_prefix("r#") {
            Some(raw) => Ident::new_raw(raw, at),
            None => Ident::new(name, at),
        };
        self.found.push(ident);
    }
}
