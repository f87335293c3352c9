//! Whether and how `fn -> impl Future` stands for an `async fn`: one block instead of two, and in a private function
//! each argument is stored once, where the compiler stores it twice.

use proc_macro2::Span;
use quote::{ToTokens, quote_spanned};
use syn::{ReturnType, Signature, Token, Type};

use crate::args::Args;
use crate::item::{Function, unwrapped};
use crate::params;
use crate::readers;

/// Whether `fn -> impl Future` can stand for this `async fn` at all.
pub(crate) fn can_lower(function: &Function) -> bool {
    let sig = &function.sig;
    sig.asyncness.is_some()
        && matches!(sig.safety, syn::Safety::Default)
        && params::are_plain(sig)
        && !matches!(function.output().map(unwrapped), Some(Type::Never(_)))
}

/// Whether it does: where the user cannot tell, unless the user says.
pub(crate) fn lowers(args: &Args, function: &Function) -> bool {
    const BUILT_IN: [&str; 12] = [
        "allow",
        "cfg",
        "cfg_attr",
        "cold",
        "deny",
        "deprecated",
        "doc",
        "expect",
        "forbid",
        "inline",
        "rustfmt",
        "warn",
    ];
    let hidden = || {
        let of_others = match function.vis {
            // It may belong to a trait, which then says `async fn` too.
            syn::Visibility::Inherited => function.sig.receiver().is_some(),
            // Its documentation has to say `async fn`.
            _ => !readers::read_as_written(args),
        };
        !of_others
            && function
                .attrs
                .iter()
                .all(|attr| BUILT_IN.iter().any(|name| attr.path().is_ident(name)))
    };
    can_lower(function) && args.keep_async.map_or_else(hidden, |keep| !keep)
}

/// `async fn f() -> Ret` -> `fn f() -> impl Future<Output = Ret>`. The edition of the `impl` is this crate's,
/// and with it the rule that the future captures every lifetime, as that of an `async fn` does.
pub(crate) fn lower(sig: &mut Signature) {
    sig.asyncness = None;
    let span = Span::mixed_site();
    let declared = match &sig.output {
        ReturnType::Default => quote_spanned!(span=> ()),
        ReturnType::Type(_, ty) => ty.to_token_stream(),
    };
    // A lint on the signature is shown from its first token to its last: both the user's.
    let last = match &sig.output {
        ReturnType::Default => sig.paren_token.span.close(),
        ReturnType::Type(..) => declared
            .clone()
            .into_iter()
            .last()
            .map_or(span, |last| last.span()),
    };
    let close = quote_spanned!(last=> >);
    let future = quote_spanned!(span=> impl ::core::future::Future<Output = #declared #close);
    sig.output = ReturnType::Type(Token![->](span), Box::new(Type::Verbatim(future)));
}
