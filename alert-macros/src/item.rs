//! What the attribute was put on: a function, whose header is parsed and whose body stays tokens.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Ident, ReturnType, Signature, Type, Visibility, token};

use crate::expand::braces;
use crate::mistakes::Mistakes;
use crate::wording;

/// What can follow the attribute.
pub(crate) enum Item {
    Function(Box<Function>),
    /// A function without a body, as in a trait.
    Declaration(Box<Signature>),
    /// One of an `extern` block, as far as that can be seen.
    Foreign(Box<Signature>),
    /// An `impl` block or the body of a `mod`, whose functions are annotated one by one.
    Block,
    /// The keyword that says what it is instead.
    Other(Ident),
    /// Nothing that has a keyword.
    Unknown(Span),
}

/// A function or method with a body.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    /// `default`, of specialization.
    pub(crate) defaultness: Option<Ident>,
    pub(crate) sig: Signature,
    /// `#![..]` at the start of the body.
    pub(crate) inner: TokenStream,
    /// The statements, never parsed.
    pub(crate) body: TokenStream,
    /// Where a parameter may be used: the body, and what the attribute says.
    pub(crate) uses: TokenStream,
    /// Another method that the expansion needs.
    pub(crate) beside: Option<TokenStream>,
    /// The body's own braces: the span decides the edition of what is inside and where lints are shown.
    pub(crate) brace: Group,
}

/// Reads what the attribute was put on.
pub(crate) fn read(item: TokenStream) -> syn::Result<Item> {
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    let mut body = None;
    if let Some(TokenTree::Group(last)) = tokens.last_mut()
        && last.delimiter() == Delimiter::Brace
    {
        // The parser takes apart all it is given, down to the last token; nobody asks it about the body.
        body = Some(last.clone());
        *last = braces(last, TokenStream::new());
    }
    let mut item = syn::parse2(tokens.into_iter().collect())?;
    if let (Item::Function(function), Some(body)) = (&mut item, body) {
        function.put_in(body);
    }
    Ok(item)
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis: Visibility = input.parse()?;
        if let Some(keyword) = other_keyword(input) {
            let rest: TokenStream = input.parse()?;
            let has_body = matches!(rest.into_iter().last(), Some(TokenTree::Group(_)));
            let is_block = keyword == "impl" || keyword == "mod" && has_body;
            return Ok(if is_block {
                Item::Block
            } else {
                Item::Other(keyword)
            });
        }
        let defaultness = if input.peek(Ident) {
            Some(input.parse()?)
        } else {
            None
        };
        let Ok(sig) = input.parse::<Signature>() else {
            let span = input.span();
            let _rest: TokenStream = input.parse()?;
            return Ok(Item::Unknown(span));
        };
        if !input.peek(token::Brace) {
            let _rest: TokenStream = input.parse()?;
            // No trait has `pub` or `safe` before its methods.
            let is_foreign =
                !matches!(vis, Visibility::Inherited) || matches!(sig.safety, syn::Safety::Safe(_));
            return Ok(if is_foreign {
                Item::Foreign(Box::new(sig))
            } else {
                Item::Declaration(Box::new(sig))
            });
        }
        let brace = body_group(input)?;
        let mut function = Function {
            attrs,
            vis,
            defaultness,
            sig,
            inner: TokenStream::new(),
            body: TokenStream::new(),
            uses: TokenStream::new(),
            beside: None,
            brace: brace.clone(),
        };
        function.put_in(brace);
        Ok(Item::Function(Box::new(function)))
    }
}

/// The body; one that a `macro_rules` macro took as a `block` comes in an invisible group.
fn body_group(input: ParseStream<'_>) -> syn::Result<Group> {
    let TokenTree::Group(mut group) = input.parse()? else {
        return Err(input.error("expected a body"));
    };
    while group.delimiter() == Delimiter::None
        && let Some(TokenTree::Group(inner)) = group.stream().into_iter().next()
    {
        group = inner;
    }
    Ok(group)
}

/// The keyword of an item that is no function.
fn other_keyword(input: ParseStream<'_>) -> Option<Ident> {
    const OTHER: [&str; 12] = [
        "gen",
        "struct",
        "enum",
        "union",
        "impl",
        "mod",
        "trait",
        "use",
        "static",
        "type",
        "let",
        "macro_rules",
    ];
    let ahead = input.fork();
    let mut word = ahead.call(Ident::parse_any).ok()?;
    if word == "unsafe" || word == "const" || word == "extern" {
        let next = ahead.call(Ident::parse_any).ok();
        let starts_function = next.as_ref().is_none_or(|next| {
            ["fn", "async", "unsafe", "extern"]
                .iter()
                .any(|word| next == word)
        });
        match next {
            _ if word == "extern" && ahead.peek(token::Brace) => return Some(word),
            _ if starts_function => return None,
            // `const NAME: ..`, `extern crate ..`
            Some(_) if word != "unsafe" => return Some(word),
            Some(next) => word = next,
            None => return None,
        }
    }
    if word == "async" {
        word = ahead.call(Ident::parse_any).ok()?;
        return (word == "gen").then_some(word);
    }
    OTHER.iter().any(|other| word == other).then_some(word)
}

/// `#![a] stmts` -> (`#![a]`, `stmts`)
fn split_inner(body: TokenStream) -> (TokenStream, TokenStream) {
    let tokens: Vec<TokenTree> = body.clone().into_iter().collect();
    let attributes = tokens.chunks(3).take_while(|three| is_inner_attribute(three));
    let end = attributes.count().saturating_mul(3);
    if end == 0 {
        return (TokenStream::new(), body);
    }
    let mut tokens = tokens.into_iter();
    (tokens.by_ref().take(end).collect(), tokens.collect())
}

/// `#![..]`
fn is_inner_attribute(tokens: &[TokenTree]) -> bool {
    let [
        TokenTree::Punct(hash),
        TokenTree::Punct(bang),
        TokenTree::Group(attr),
    ] = tokens
    else {
        return false;
    };
    hash.as_char() == '#' && bang.as_char() == '!' && attr.delimiter() == Delimiter::Bracket
}

impl Function {
    fn put_in(&mut self, brace: Group) {
        (self.inner, self.body) = split_inner(brace.stream());
        self.uses = self.body.clone();
        self.brace = brace;
    }

    /// What makes it impossible to wrap.
    pub(crate) fn check(&self, mistakes: &mut Mistakes) {
        if let Some(token) = &self.sig.constness {
            mistakes.at(token.span, wording::const_fn());
        }
        if let Some(variadic) = &self.sig.variadic {
            mistakes.push(syn::Error::new_spanned(
                variadic.dots,
                wording::foreign_or_variadic(),
            ));
        }
        for attr in &self.attrs {
            if attr
                .path()
                .segments
                .last()
                .is_some_and(|last| last.ident == "alert_on_err")
            {
                mistakes.push(syn::Error::new_spanned(attr, wording::applied_twice()));
            }
        }
    }

    /// Whether attributes are left that may be macros, to be expanded after this one.
    pub(crate) fn goes_to_others(&self) -> bool {
        const BUILT_IN: [&str; 24] = [
            "allow",
            "bench",
            "cfg",
            "cfg_attr",
            "cold",
            "deny",
            "deprecated",
            "doc",
            "expect",
            "export_name",
            "forbid",
            "ignore",
            "inline",
            "link_section",
            "must_use",
            "no_mangle",
            "optimize",
            "should_panic",
            "target_feature",
            "test",
            "track_caller",
            "unsafe",
            "used",
            "warn",
        ];
        const TOOLS: [&str; 3] = ["clippy", "diagnostic", "rustfmt"];
        let is_built_in = |attr: &Attribute| {
            let path = attr.path();
            let first = path.segments.first();
            BUILT_IN.iter().any(|name| path.is_ident(name))
                || first.is_some_and(|first| TOOLS.iter().any(|tool| first.ident == tool))
        };
        !self.attrs.iter().all(is_built_in)
    }

    /// The return type; `None` where there is none or it is `()`.
    pub(crate) fn output(&self) -> Option<&Type> {
        match &self.sig.output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => Some(ty),
        }
    }
}

/// Where an item that cannot be annotated is told so.
pub(crate) fn refuse(item: &Item, mistakes: &mut Mistakes) {
    match item {
        Item::Function(function) => function.check(mistakes),
        Item::Block => {}
        Item::Foreign(sig) => mistakes.push(syn::Error::new_spanned(sig, wording::foreign_or_variadic())),
        Item::Declaration(sig) if sig.variadic.is_some() => {
            mistakes.push(syn::Error::new_spanned(sig, wording::foreign_or_variadic()));
        }
        // A method of a trait has a `self`; what has none may be either.
        Item::Declaration(sig) if sig.receiver().is_none() => {
            mistakes.push(syn::Error::new_spanned(sig, wording::no_body_or_foreign()));
        }
        Item::Declaration(sig) => mistakes.push(syn::Error::new_spanned(sig, wording::no_body())),
        Item::Other(keyword) if keyword == "gen" => mistakes.at(keyword.span(), wording::generator()),
        Item::Other(keyword) => mistakes.at(keyword.span(), wording::not_a_function(&keyword.to_string())),
        Item::Unknown(span) => mistakes.at(*span, wording::not_a_function("something else")),
    }
}

/// Unwraps the invisible group and the parentheses around a type that went through a `macro_rules` macro.
pub(crate) fn unwrapped(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            other => return other,
        };
    }
}
