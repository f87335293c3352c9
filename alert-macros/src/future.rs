//! Bodies whose outcome is that of a future: of an `async fn`, or one that a function makes and gives back.

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Visibility;

use crate::args::Args;
use crate::body::{body, edge, finish, inside, located, markers};
use crate::expand::braces;
use crate::hook;
use crate::item::Function;
use crate::lower::{lower, lowers};
use crate::output::{self, Output};
use crate::params;
use crate::tail::Tail;

/// ```text
/// async fn f(&self, a: A) -> Ret { stmts }
/// async fn f(&self, a: A) -> Ret { watch(async move { <body> }, hook).await }
///
/// async fn f(a: A) -> Ret { stmts }
/// fn f(a: A) -> impl Future<Output = Ret> { watch(async move { <body> }, hook) }
/// ```
pub(crate) fn future(
    args: &Args,
    function: &mut Function,
    output: &Output,
    hook: &TokenStream,
    private: &TokenStream,
) -> TokenStream {
    let span = Span::mixed_site();
    let lowered = lowers(args, function);
    let to = match function.vis {
        _ if !lowered => params::Destination::Block,
        Visibility::Inherited => params::Destination::Future,
        _ => params::Destination::ExactFuture,
    };
    let params = params::take_over(&mut function.sig, &function.uses, to);
    let body = body(args, function, output, &params, private);
    let watch = watch(args);
    let body = inside(function, &quote_spanned!(span=> async move), body);
    let body = bounded(args, body, private);
    let watched = quote_spanned!(span=> #private::#watch(#body, #hook));
    if lowered {
        lower(&mut function.sig);
        return finish(&params, output, watched);
    }
    finish(&params, output, quote_spanned!(span=> #watched.await))
}

/// ```text
/// fn f(a: A) -> impl Future<Output = T> { stmts }
/// watch(run(move || { <body> }), hook)
///
/// fn f(a: A) -> Pin<Box<dyn Future<Output = T>>> { stmts }
/// Rewatch::__alert_rewatch(run(move || { <body> }), hook)
/// ```
pub(crate) fn made_future(
    args: &Args,
    function: &mut Function,
    given: &output::Future,
    hook: &TokenStream,
    private: &TokenStream,
) -> TokenStream {
    let span = Span::mixed_site();
    let params = params::take_over(&mut function.sig, &function.uses, params::Destination::Block);
    let output = given
        .boxed
        .clone()
        .unwrap_or_else(|| syn::parse_quote_spanned!(span=> _));
    let output = Output::Value(Box::new(output));
    // The `?` of this body does not fail the future.
    let unmarked = Args {
        locate: false,
        ..Args::default()
    };
    let body = body(&unmarked, function, &output, &params, private);
    let made = quote_spanned!(span=> #private::run(move || { #body }));
    let watched = if given.boxed.is_some() {
        let rewatch = if args.boundary {
            "__alert_rewatch_boundary"
        } else {
            "__alert_rewatch"
        };
        let rewatch = Ident::new(rewatch, span);
        let rewatch = quote_spanned!(span=> #private::Rewatch::#rewatch);
        let rewatch = hook::respan(rewatch, first_span(&output));
        quote_spanned!(span=> #rewatch(#made, #hook))
    } else {
        let pinned = given.item.as_ref().filter(|item| !output::says_nothing(item));
        let pinned = pinned.map(|item| quote_spanned!(span=> ::<#item, _, _>));
        let watch = if pinned.is_some() { "watch_as" } else { "watch" };
        let watch = Ident::new(watch, span);
        let made = bounded(args, made, private);
        quote_spanned!(span=> #private::#watch #pinned(#made, #hook))
    };
    finish(&params, &Output::Unit, watched)
}

/// ```text
/// prefix Box::pin(async move { stmts })
/// prefix Box::pin(watch(async move { use P::Locate as _; <edge> stmts }, hook))
/// ```
pub(crate) fn tail_future(
    args: &Args,
    future: &output::Future,
    tail: Tail,
    hook: &TokenStream,
    private: &TokenStream,
) -> TokenStream {
    let span = Span::mixed_site();
    let Tail {
        prefix,
        boxed,
        keywords,
        block,
        ..
    } = tail;
    let (stmts, found) = located(args, block.stream());
    let in_scope = found.then(|| markers(private));
    let edge = edge(future.item.as_ref(), private);
    let inner = braces(&block, quote_spanned!(span=> #in_scope #edge #stmts));
    let watch = watch(args);
    let body = bounded(args, quote_spanned!(span=> #keywords #inner), private);
    let watched = quote_spanned!(span=> #private::#watch(#body, #hook));
    let Some((path, parens)) = boxed else {
        return quote_spanned!(span=> #prefix #watched);
    };
    let mut arguments = Group::new(parens.delimiter(), watched);
    arguments.set_span(parens.span());
    quote_spanned!(span=> #prefix #path #arguments)
}

/// A future within which nothing else is reported, if the user says so.
fn bounded(args: &Args, future: TokenStream, private: &TokenStream) -> TokenStream {
    if args.boundary {
        quote_spanned!(Span::mixed_site()=> #private::boundary(#future))
    } else {
        future
    }
}

/// The function that watches a future.
fn watch(args: &Args) -> Ident {
    let name = if args.on.cancel.is_some() {
        "watch_to_the_end"
    } else {
        "watch"
    };
    Ident::new(name, Span::mixed_site())
}

/// Where the return type starts.
fn first_span(output: &Output) -> Span {
    let first = match output {
        Output::Value(ty) => ty.to_token_stream().into_iter().next(),
        _ => None,
    };
    first.map_or_else(Span::mixed_site, |first| first.span())
}
