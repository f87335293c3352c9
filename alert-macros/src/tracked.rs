//! Functions with `#[track_caller]`: a closure would become the caller, so the body stays outside of one.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::{Attribute, FnArg, GenericParam, Lifetime, Pat, PatIdent, Signature, Type, Visibility};

use crate::args::Args;
use crate::body::boundary;
use crate::expand::braces;
use crate::item::Function;
use crate::leave;
use crate::locate;
use crate::output::{self, Output};
use crate::params;

/// How such a function can be watched.
pub(crate) enum Way {
    /// Nothing in the body returns early: its value is at hand.
    Inline,
    /// The body moves to a function inside of it, which is told the same caller.
    Nested,
    /// To a method beside it, since a function inside could not name `Self`.
    Beside,
    /// Each `return` and `?` that is seen leaves a block instead. What a macro hides is not reported.
    Leaving,
}

/// Chooses by what the body and the signature hold.
pub(crate) fn way(function: &Function) -> Way {
    let sig = &function.sig;
    if !returns_early(function.body.clone()) {
        return Way::Inline;
    }
    let is_bare = |input: &FnArg| match input {
        FnArg::Typed(typed) => typed.attrs.is_empty(),
        FnArg::Receiver(receiver) => receiver.attrs.is_empty(),
    };
    let moves = matches!(sig.safety, syn::Safety::Default)
        && params::are_plain(sig)
        && sig.inputs.iter().all(is_bare);
    if !moves {
        return Way::Leaving;
    }
    if !mentions_self(sig.to_token_stream()) && !mentions_self(function.body.clone()) {
        return Way::Nested;
    }
    // An implementation of a trait may hold no other methods, and says no `pub`. An expectation would have to
    // be met by both.
    let is_inherent = !matches!(function.vis, Visibility::Inherited);
    let follows = |attr: &Attribute| FOLLOW.iter().any(|name| attr.path().is_ident(name));
    let stays = |attr: &Attribute| STAY.iter().any(|name| attr.path().is_ident(name));
    if is_inherent && function.attrs.iter().all(|attr| follows(attr) || stays(attr)) {
        Way::Beside
    } else {
        Way::Leaving
    }
}

/// Attributes that a body takes along to a method beside it, and those that it does not.
const FOLLOW: [&str; 6] = ["allow", "cfg", "deny", "forbid", "track_caller", "warn"];
const STAY: [&str; 5] = ["cold", "deprecated", "doc", "inline", "must_use"];

/// ```text
/// #[track_caller] fn f(a: A) -> Ret { stmts }
/// let watch = hooked::<Ret, _>(hook); let output: Ret = '_alert: { stmts }; watch.finish(output)
/// fn g(a: A) -> Ret { stmts } let watch = hooked::<Ret, _>(hook); watch.finish(g(a))
/// ```
pub(crate) fn body(
    args: &Args,
    function: &mut Function,
    declared: &Type,
    hook: &TokenStream,
    private: &TokenStream,
) -> TokenStream {
    let span = Span::mixed_site();
    let watch = quote_spanned!(span=> let __alert_watch = #private::hooked::<#declared, _>(#hook););
    // Ends before the watch does, so that the function itself is heard.
    let boundary = args.boundary.then(|| boundary(private));
    let within = |body: TokenStream| match &boundary {
        Some(boundary) => quote_spanned!(span=> { #boundary #body }),
        None => body,
    };
    let stmts = &function.body;
    let inline = |label: &Lifetime, stmts: TokenStream| {
        let block = braces(&function.brace, stmts);
        let body = within(quote_spanned!(span=> #label: #block));
        // The body may never end.
        quote_spanned! {span=>
            #watch
            let __alert_output: #declared = #body;
            #[allow(unreachable_code)]
            {
                __alert_watch.finish(__alert_output)
            }
        }
    };
    match way(function) {
        Way::Inline => {
            // On the user's brace, since it decides the edition.
            let label = Lifetime::new("'_alert", function.brace.span_open());
            inline(&label, stmts.clone())
        }
        Way::Nested => {
            let mut inner = function.sig.clone();
            inner.ident = format_ident!("__alert_{}", function.sig.ident, span = span);
            let block = braces(&function.brace, stmts.clone());
            let names = pass_on(&mut function.sig);
            let name = &inner.ident;
            let call = within(quote_spanned!(span=> #name(#(#names),*)));
            // The item first, as clippy wants it of every block.
            quote_spanned! {span=>
                #[track_caller]
                #inner #block
                #watch
                __alert_watch.finish(#call)
            }
        }
        Way::Beside => {
            let attrs = function
                .attrs
                .iter()
                .filter(|attr| FOLLOW.iter().any(|name| attr.path().is_ident(name)));
            let mut inner = function.sig.clone();
            inner.ident = format_ident!("__alert_{}", function.sig.ident, span = span);
            let block = braces(&function.brace, stmts.clone());
            function.beside = Some(quote_spanned!(span=> #(#attrs)* #inner #block));
            let names = pass_on(&mut function.sig);
            let (name, generics) = (&inner.ident, given(&function.sig));
            let call = within(quote_spanned!(span=> Self::#name #generics(#(#names),*)));
            quote_spanned!(span=> #watch __alert_watch.finish(#call))
        }
        Way::Leaving => inline(
            &Lifetime::new("'_alert", span),
            locate::leave(stmts.clone(), private),
        ),
    }
}

/// Names every parameter of the outer function, none of them `mut`, and gives the names.
fn pass_on(outer: &mut Signature) -> Vec<TokenStream> {
    let mut names = Vec::new();
    for (index, input) in outer.inputs.iter_mut().enumerate() {
        let outer = match input {
            FnArg::Typed(outer) => outer,
            FnArg::Receiver(receiver) => {
                receiver.mutability = None;
                names.push(receiver.self_token.into_token_stream());
                continue;
            }
        };
        let name = format_ident!("__alert_{index}", span = Span::mixed_site());
        // The inner function keeps the user's own patterns, and with them the warnings about unused ones.
        *outer.pat = Pat::Ident(PatIdent {
            attrs: Vec::new(),
            by_ref: None,
            mutability: None,
            ident: name.clone(),
            subpat: None,
        });
        names.push(name.into_token_stream());
    }
    names
}

/// `<T, const N: usize>` -> `::<T, N>`. Lifetimes are left to the compiler.
fn given(sig: &Signature) -> TokenStream {
    let names = sig.generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(ty) => Some(&ty.ident),
        GenericParam::Const(constant) => Some(&constant.ident),
        GenericParam::Lifetime(_) => None,
    });
    let names: Vec<_> = names.collect();
    if names.is_empty() {
        return TokenStream::new();
    }
    quote_spanned!(Span::mixed_site()=> ::<#(#names),*>)
}

/// Whether something in it may return before the end. Closures and the like count too.
fn returns_early(body: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = body.into_iter().collect();
    tokens.iter().enumerate().any(|(at, token)| match token {
        TokenTree::Punct(punct) if punct.as_char() == '?' => true,
        TokenTree::Ident(word) if word == "return" => true,
        TokenTree::Ident(word) => {
            let next = tokens.get(at.saturating_add(1));
            let group = matches!(
                tokens.get(at.saturating_add(2)),
                Some(TokenTree::Group(_) | TokenTree::Ident(_))
            );
            matches!(next, Some(TokenTree::Punct(bang)) if bang.as_char() == '!')
                && group
                && !leave::is_plain_macro(word)
        }
        TokenTree::Group(group) => returns_early(group.stream()),
        _ => false,
    })
}

fn mentions_self(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "Self" || word == "self",
        TokenTree::Group(group) => mentions_self(group.stream()),
        _ => false,
    })
}

/// The return type of a `#[track_caller]` function. One that gives `!` or something hidden stays with the
/// closure.
pub(crate) fn declared(function: &Function, output: &Output) -> Option<Type> {
    if !function
        .attrs
        .iter()
        .any(|attr| attr.path().is_ident("track_caller"))
    {
        return None;
    }
    match output {
        Output::Unit => Some(syn::parse_quote!(())),
        Output::Value(ty) if !output::says_nothing(ty) => Some((**ty).clone()),
        _ => None,
    }
}
