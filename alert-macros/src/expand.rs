//! Writes the new function. The signature stays as the user wrote it; the body moves, unread, into a closure
//! or async block that is watched.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::{ReturnType, Signature, Type};

use crate::args::{self, Args, Shape};
use crate::block;
use crate::hook;
use crate::item::{self, Function, Item};
use crate::kept::Kept;
use crate::locate;
use crate::mistakes::Mistakes;
use crate::output::{self, Output};
use crate::params::{self, Params};
use crate::tail::{self, Tail};
use crate::tracked;
use crate::wording;

/// Arguments and item -> the item, watched; or every mistake, and the item as it was.
pub(crate) fn attribute(tokens: &TokenStream, item: TokenStream) -> TokenStream {
    if is_skip(tokens) {
        return item;
    }
    let mut mistakes = Mistakes::default();
    let args = args::parse(tokens.clone(), &mut mistakes);
    let found = match item::read(item.clone()) {
        Ok(found) => found,
        Err(error) => {
            mistakes.push(error);
            Item::Unknown(Span::call_site())
        }
    };
    item::refuse(&found, &mut mistakes);
    match &found {
        Item::Function(function) => check(&args, function, &mut mistakes),
        Item::Block => check_block(&args, &mut mistakes),
        _ => {}
    }
    if !mistakes.is_empty() {
        return mistakes.into_tokens().into_iter().chain(item).collect();
    }
    match found {
        Item::Function(function) => expand(args, *function),
        Item::Block => block::distribute(tokens, item, &hook::private(args.krate.as_ref())),
        _ => item,
    }
}

/// `#[alert_on_err(skip)]`, for a method of an annotated block.
fn is_skip(tokens: &TokenStream) -> bool {
    let mut words = tokens.clone().into_iter();
    matches!(words.next(), Some(TokenTree::Ident(word)) if word == "skip") && words.next().is_none()
}

/// Arguments that make no sense on many functions at once.
fn check_block(args: &Args, mistakes: &mut Mistakes) {
    if let Some(name) = &args.name {
        mistakes.at(name.span(), wording::not_on_blocks("name"));
    }
    if let Some(field) = args.fields.iter().find(|field| field.parameter.is_some()) {
        mistakes.at(field.span, wording::not_on_blocks("fields"));
    }
}

/// What is wrong with these arguments on this function.
fn check(args: &Args, function: &Function, mistakes: &mut Mistakes) {
    let output = output::read(function.output());
    if args.on.explicit_err.is_some() && matches!(output, Output::Unit | Output::Never) {
        let ident = &function.sig.ident;
        let text = wording::cannot_return_error(&ident.to_string());
        mistakes.push(match function.output() {
            Some(declared) => syn::Error::new_spanned(declared, text),
            None => syn::Error::new(ident.span(), text),
        });
    }
    if let Some(span) = args.on.cancel
        && function.sig.asyncness.is_none()
        && !matches!(output, Output::Future(_))
    {
        mistakes.at(span, wording::cancel_needs_future());
    }
    if args.keep_async == Some(false) && !can_lower(function) {
        mistakes.at(function.sig.ident.span(), wording::cannot_lower());
    }
    args::check_fields(&args.fields, &function.sig, mistakes);
}

/// Whether `fn -> impl Future` can stand for this `async fn` at all.
fn can_lower(function: &Function) -> bool {
    let sig = &function.sig;
    sig.asyncness.is_some()
        && matches!(sig.safety, syn::Safety::Default)
        && params::are_plain(sig)
        && !matches!(output::read(function.output()), Output::Never)
}

/// Whether it does: where the user cannot tell, unless the user says.
fn lowers(args: &Args, function: &Function) -> bool {
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
        // A method without `pub` may belong to a trait, which then says `async fn` too.
        matches!(function.vis, syn::Visibility::Inherited)
            && function.sig.receiver().is_none()
            && function
                .attrs
                .iter()
                .all(|attr| BUILT_IN.iter().any(|name| attr.path().is_ident(name)))
    };
    can_lower(function) && args.keep_async.map_or_else(hidden, |keep| !keep)
}

fn expand(mut args: Args, mut function: Function) -> TokenStream {
    let private = hook::private(args.krate.as_ref());
    let output = output::read(function.output());
    if output::is_open(&output) && tail::diverges(&function.body) {
        // Nobody says what the function gives, so there is no type to ask whether it failed.
        args.on.err = false;
        args.on.none = None;
    }
    let args = &args;
    function
        .uses
        .extend(args.expressions().map(ToTokens::to_token_stream));
    if function.goes_to_others() {
        // Such as a macro that records every parameter.
        function.uses.extend(function.sig.inputs.to_token_stream());
    }
    let kept = Kept::of(args, &function.sig);
    let hook = hook::hook(args, &function, &kept, &private);
    let body = match (&output, function.sig.asyncness, args.shape) {
        (_, Some(_), _) => future(args, &mut function, &output, &hook, &private),
        (Output::Future(given), None, None) => {
            let tail = tail::find(function.body.clone()).filter(|tail| !tail.returns_early);
            match tail {
                Some(tail) => tail_future(args, given, tail, &hook, &private),
                None => made_future(args, &mut function, given, &hook, &private),
            }
        }
        (_, None, Some(Shape::Future)) => {
            let ty = function.output().cloned();
            let item = output::Future {
                item: None,
                boxed: ty,
            };
            made_future(args, &mut function, &item, &hook, &private)
        }
        (_, None, _) => match tracked_type(&function, &output) {
            Some(declared) => tracked::body(args, &mut function, &declared, &hook, &private),
            None => call(args, &mut function, &output, &hook, &private),
        },
    };
    let (fields, kept) = (hook::fields(args), kept.entry());
    let Function {
        attrs,
        vis,
        defaultness,
        sig,
        inner,
        beside,
        brace,
        ..
    } = function;
    // In the user's own braces: otherwise `dead_code` would go silent.
    let block = braces(&brace, [inner, fields, kept, body].into_iter().collect());
    let span = Span::mixed_site();
    quote_spanned!(span=> #(#attrs)* #vis #defaultness #sig #block #beside)
}

/// ```text
/// pub async fn f(a: A) -> Ret { stmts }
/// pub async fn f(a: A) -> Ret { watch(async move { <body> }, hook).await }
///
/// async fn f(a: A) -> Ret { stmts }
/// fn f(a: A) -> impl Future<Output = Ret> { watch(async move { <body> }, hook) }
/// ```
fn future(
    args: &Args,
    function: &mut Function,
    output: &Output,
    hook: &TokenStream,
    private: &TokenStream,
) -> TokenStream {
    let span = Span::mixed_site();
    let lowered = lowers(args, function);
    let params = params::take_over(&mut function.sig, &function.uses, lowered);
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

/// A future within which nothing else is reported, if the user says so.
fn bounded(args: &Args, future: TokenStream, private: &TokenStream) -> TokenStream {
    if args.boundary {
        quote_spanned!(Span::mixed_site()=> #private::boundary(#future))
    } else {
        future
    }
}

/// The same for what comes after it in a block.
pub(crate) fn boundary(private: &TokenStream) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> let __alert_boundary = #private::Boundary::enter();)
}

/// `async fn f() -> Ret` -> `fn f() -> impl Future<Output = Ret>`. The edition of the `impl` is this crate's,
/// and with it the rule that the future captures every lifetime, as that of an `async fn` does.
fn lower(sig: &mut Signature) {
    sig.asyncness = None;
    let span = Span::mixed_site();
    let declared = match &sig.output {
        ReturnType::Default => quote_spanned!(span=> ()),
        ReturnType::Type(_, ty) => ty.to_token_stream(),
    };
    sig.output = syn::parse_quote_spanned!(span=> -> impl ::core::future::Future<Output = #declared>);
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

/// ```text
/// fn f(a: A) -> impl Future<Output = T> { stmts }
/// watch(run(move || { <body> }), hook)
///
/// fn f(a: A) -> Pin<Box<dyn Future<Output = T>>> { stmts }
/// Rewatch::__alert_rewatch(run(move || { <body> }), hook)
/// ```
fn made_future(
    args: &Args,
    function: &mut Function,
    given: &output::Future,
    hook: &TokenStream,
    private: &TokenStream,
) -> TokenStream {
    let span = Span::mixed_site();
    let params = params::take_over(&mut function.sig, &function.uses, false);
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

/// The return type of a `#[track_caller]` function. One that gives `!` or something hidden stays with the
/// closure.
fn tracked_type(function: &Function, output: &Output) -> Option<Type> {
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

/// Where the return type starts.
fn first_span(output: &Output) -> Span {
    let first = match output {
        Output::Value(ty) => ty.to_token_stream().into_iter().next(),
        _ => None,
    };
    first.map_or_else(Span::mixed_site, |first| first.span())
}

/// ```text
/// fn f(a: A) -> Ret { stmts }
/// call(move || { <body> }, hook)
/// ```
fn call(
    args: &Args,
    function: &mut Function,
    output: &Output,
    hook: &TokenStream,
    private: &TokenStream,
) -> TokenStream {
    let span = Span::mixed_site();
    let params = params::take_over(&mut function.sig, &function.uses, false);
    let body = body(args, function, output, &params, private);
    let within = args.boundary.then(|| boundary(private));
    let body = quote_spanned!(span=> #within #body);
    let body = inside(function, &quote_spanned!(span=> move ||), body);
    finish(
        &params,
        output,
        quote_spanned!(span=> #private::call(#body, #hook)),
    )
}

/// `move || { <body> }` or `async move { <body> }`, said to stand where the user's body does: lints that look at
/// the end of a body, such as `needless_return`, pass over what a macro wrote.
fn inside(function: &Function, head: &TokenStream, body: TokenStream) -> TokenStream {
    let at = function.brace.span_open();
    let head = head.clone().into_iter().map(|mut token| {
        token.set_span(at);
        token
    });
    let block = TokenTree::Group(braces(&function.brace, body));
    head.chain([block]).collect()
}

/// The last touch around a watched call or future.
fn finish(params: &Params, output: &Output, watched: TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let watched = match output {
        // The body's type is an empty enum in place of `!`.
        Output::Never => quote_spanned!(span=> match #watched {}),
        _ => watched,
    };
    if params.mut_self {
        // The compiler takes an assignment to a captured `self` for one that nobody reads.
        return quote_spanned!(span=> #[allow(unused_assignments)] { #watched });
    }
    watched
}

/// ```text
/// stmts
/// use P::Locate as _; let _ = &a; if false { return declared::<Ret>(); } '_alert: { stmts }
/// ```
fn body(
    args: &Args,
    function: &Function,
    output: &Output,
    params: &Params,
    private: &TokenStream,
) -> TokenStream {
    let span = Span::mixed_site();
    let (stmts, located) = located(args, function.body.clone());
    let in_scope = located.then(|| markers(private));
    let never: Type;
    let declared = match output {
        Output::Value(ty) => Some(&**ty),
        Output::Never => {
            never = syn::parse_quote_spanned!(span=> #private::Never);
            Some(&never)
        }
        Output::Unit | Output::Future(_) => None,
    };
    let prelude = &params.prelude;
    let edge = match output {
        // A body that never ends would leave open what it gives.
        Output::Unit if declared.is_none() => quote_spanned!(span=> if false { return; }),
        _ => edge(declared, private),
    };
    // The label makes `unused_braces` look away; on the user's brace, since it decides the edition.
    let label = syn::Lifetime::new("'_alert", function.brace.span_open());
    let block = braces(&function.brace, stmts);
    quote_spanned!(span=> #in_scope #prelude #edge #label: #block)
}

/// `if false { return declared::<Ret>(); }`: never runs, and tells inference what the body has to give.
fn edge(declared: Option<&Type>, private: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let Some(declared) = declared.filter(|ty| !output::says_nothing(ty)) else {
        return TokenStream::new();
    };
    let first = declared.to_token_stream().into_iter().next();
    let at = first.map_or(span, |first| first.span().resolved_at(span));
    // All on the type, so that a message about what is returned points there.
    let private = hook::respan(private.clone(), at);
    let give = quote_spanned!(at=> return #private::declared::<#declared>(););
    quote_spanned!(span=> if false { #give })
}

/// The trait whose method a marker calls.
fn markers(private: &TokenStream) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> use #private::Locate as _;)
}

/// ```text
/// prefix Box::pin(async move { stmts })
/// prefix Box::pin(watch(async move { use P::Locate as _; <edge> stmts }, hook))
/// ```
fn tail_future(
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

fn located(args: &Args, stmts: TokenStream) -> (TokenStream, bool) {
    // A marker is cleared by the report of the failure it belongs to, so without a report there is none.
    if args.locate && (args.on.err || args.on.none.is_some()) {
        locate::mark(stmts, args.on.none.is_some())
    } else {
        (stmts, false)
    }
}

/// New contents between the user's own braces.
pub(crate) fn braces(like: &Group, contents: TokenStream) -> Group {
    let mut group = Group::new(like.delimiter(), contents);
    group.set_span(like.span());
    group
}
