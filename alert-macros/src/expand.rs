//! Writes the new function. The signature stays as the user wrote it; the body moves, unread, into a closure
//! or async block that is watched.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};

use crate::args::{self, Args, Shape};
use crate::block;
use crate::body::{body, boundary, finish, inside};
use crate::future::{future, made_future, tail_future};
use crate::hook;
use crate::item::{self, Function, Item};
use crate::kept::Kept;
use crate::lower::can_lower;
use crate::mistakes::Mistakes;
use crate::output::{self, Output};
use crate::params;
use crate::readers;
use crate::tail;
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
        Item::Function(function) => expand(args, *function, &item),
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
    if args.on.explicit_err.is_some() || args.on.cancel.is_some() {
        check_outcomes(args, function, mistakes);
    }
    if args.keep_async == Some(false) && !can_lower(function) {
        mistakes.at(function.sig.ident.span(), wording::cannot_lower());
    }
    args::check_fields(&args.fields, &function.sig, mistakes);
}

/// Outcomes that the function cannot have.
fn check_outcomes(args: &Args, function: &Function, mistakes: &mut Mistakes) {
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

fn expand(mut args: Args, mut function: Function, written: &TokenStream) -> TokenStream {
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
        (_, None, _) => match tracked::declared(&function, &output) {
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
    let expanded = quote_spanned!(span=> #(#attrs)* #vis #defaultness #sig #block);
    if !readers::read_as_written(args) {
        return quote_spanned!(span=> #expanded #beside);
    }
    let beside = beside.as_ref().map(readers::not_for_them);
    let expanded = readers::not_for_them(&expanded);
    let written = readers::for_them(written);
    quote_spanned!(span=> #expanded #beside #written)
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
    let params = params::take_over(&mut function.sig, &function.uses, params::Destination::Block);
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

/// New contents between the user's own braces.
pub(crate) fn braces(like: &Group, contents: TokenStream) -> Group {
    let mut group = Group::new(like.delimiter(), contents);
    group.set_span(like.span());
    group
}
