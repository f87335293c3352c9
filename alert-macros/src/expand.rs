//! Writes the new function. The signature stays as the user wrote it; the body moves, unread, into a closure
//! or async block that is watched.

use proc_macro2::{Group, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Type;

use crate::args::{self, Args};
use crate::hook;
use crate::item::{self, Function, Item};
use crate::locate;
use crate::mistakes::Mistakes;
use crate::output::{self, Output};
use crate::params::{self, Params};
use crate::tail::{self, Tail};
use crate::wording;

/// Arguments and item -> the item, watched; or every mistake, and the item as it was.
pub(crate) fn attribute(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let args = args::parse(args, &mut mistakes);
    let function = match syn::parse2::<Item>(item.clone()) {
        Ok(found) => {
            item::refuse(&found, &mut mistakes);
            match found {
                Item::Function(function) => Some(function),
                _ => None,
            }
        }
        Err(error) => {
            mistakes.push(error);
            None
        }
    };
    if let Some(function) = &function {
        check(&args, function, &mut mistakes);
    }
    match function {
        Some(function) if mistakes.is_empty() => expand(&args, *function),
        _ => {
            let mut tokens = mistakes.into_tokens();
            tokens.extend(item);
            tokens
        }
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
}

fn expand(args: &Args, mut function: Function) -> TokenStream {
    let private = hook::private(args.krate.as_ref());
    let hook = hook::hook(args, &function, &private);
    let output = output::read(function.output());
    let body = match (&output, function.sig.asyncness) {
        (Output::Future(future), None) => match tail::find(function.body.clone()) {
            Some(tail) => tail_future(args, future, tail, &hook, &private),
            None => call(args, &mut function, &output, &hook, &private),
        },
        (_, Some(_)) => future(args, &mut function, &output, &hook, &private),
        (_, None) => call(args, &mut function, &output, &hook, &private),
    };
    let Function {
        attrs,
        vis,
        defaultness,
        sig,
        inner,
        brace,
        ..
    } = function;
    // In the user's own braces: otherwise `dead_code` would go silent.
    let block = braces(&brace, [inner, body].into_iter().collect());
    let span = Span::mixed_site();
    quote_spanned!(span=> #(#attrs)* #vis #defaultness #sig #block)
}

/// ```text
/// async fn f(a: A) -> Ret { stmts }
/// watch(async move { <body> }, hook).await
/// ```
fn future(
    args: &Args,
    function: &mut Function,
    output: &Output,
    hook: &TokenStream,
    private: &TokenStream,
) -> TokenStream {
    let span = Span::mixed_site();
    let params = params::take_over(&mut function.sig, &function.body);
    let body = body(args, function, output, &params, private);
    finish(
        &params,
        output,
        quote_spanned!(span=> #private::watch(async move { #body }, #hook).await),
    )
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
    let params = params::take_over(&mut function.sig, &function.body);
    let body = body(args, function, output, &params, private);
    finish(
        &params,
        output,
        quote_spanned!(span=> #private::call(move || { #body }, #hook)),
    )
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
    let in_scope = located.then(|| markers(args, private));
    let never: Type;
    let declared = match output {
        Output::Value(ty) => Some(ty),
        Output::Never => {
            never = syn::parse_quote_spanned!(span=> #private::Never);
            Some(&never)
        }
        Output::Unit | Output::Future(_) => None,
    };
    let prelude = &params.prelude;
    let edge = edge(declared, private);
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
    let give = quote_spanned!(at=> return #private::declared::<#declared>(););
    quote_spanned!(span=> if false { #give })
}

/// The traits whose method a marker calls.
fn markers(args: &Args, private: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let option = if args.on.none.is_some() {
        quote_spanned!(span=> LocateNone)
    } else {
        quote_spanned!(span=> IgnoreNone)
    };
    quote_spanned!(span=> use #private::{Locate as _, LocateAny as _, #option as _};)
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
    } = tail;
    let (stmts, found) = located(args, block.stream());
    let in_scope = found.then(|| markers(args, private));
    let edge = edge(future.item.as_ref(), private);
    let inner = braces(&block, quote_spanned!(span=> #in_scope #edge #stmts));
    let watched = quote_spanned!(span=> #private::watch(#keywords #inner, #hook));
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
        locate::mark(stmts)
    } else {
        (stmts, false)
    }
}

/// New contents between the user's own braces.
fn braces(like: &Group, contents: TokenStream) -> Group {
    let mut group = Group::new(like.delimiter(), contents);
    group.set_span(like.span());
    group
}
