//! Writes what is left behind for each function: its site, and the hook that is told how each call ended.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, Path};

use crate::args::{Args, ErrorAs, Severity, Style};
use crate::item::Function;
use crate::kept::Kept;

/// The path of the names generated code uses.
pub(crate) fn private(krate: Option<&Path>) -> TokenStream {
    let span = Span::mixed_site();
    krate.map_or_else(
        || quote_spanned!(span=> ::alert_core::__private),
        |path| quote_spanned!(span=> #path::__private),
    )
}

/// ```text
/// |moment| {
///     static SITE: Site = Site::new("charge", module_path!(), (file!(), 3, 10, 9), Severity::Error);
///     inventory::submit! { &SITE }
///     use P::tell::*;
///     (&&&&moment).__alert_tell::<P::Reports>(&SITE)
/// }
/// ```
/// or, where the attribute says more about failures,
/// ```text
/// |moment| {
///     ..
///     use P::probes::*;
///     match moment {
///         Moment::Finished(output) => return (&&&Ret(output)).__alert_failure().is_some(),
///         Moment::Failed(output, since) => if let Some(error) = (&&&Ret(output)).__alert_failure() {
///             failed(&SITE, EventKind::Error, &(&&&&&Probe(error)).__alert_words(), since);
///         }
///         Moment::Panicked => panicked(&SITE),
///         Moment::Cancelled(_) => {}
///     }
///     false
/// }
/// ```
/// Without captures, unless it shows fields or names parameters: of size zero, so the watched future grows by
/// nothing.
pub(crate) fn hook(args: &Args, function: &Function, kept: &Kept, private: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let site = site(args, function, private);
    if args.is_plain() {
        return quote_spanned! {span=>
            |__alert_moment| {
                #site
                use #private::tell::*;
                (&&&&__alert_moment).__alert_tell::<#private::Reports>(&SITE)
            }
        };
    }
    let on = &args.on;
    let err = on.err.then(|| {
        let words = words(&args.error, private);
        let failed = failed(args, kept, true, &quote_spanned!(span=> #private::EventKind::Error), &words, private);
        quote_spanned! {span=>
            if let #private::Some(__alert_error) = (&&&#private::Ret(__alert_output)).__alert_failure() { #failed }
        }
    });
    let none = on.none.map(|_| {
        let words = quote_spanned!(span=> &#private::NoneWords);
        let failed = failed(
            args,
            kept,
            false,
            &quote_spanned!(span=> #private::EventKind::None),
            &words,
            private,
        );
        quote_spanned!(span=> if (&&&#private::Ret(__alert_output)).__alert_none() { #failed })
    });
    let checks = checks(args, function, private);
    let cancelled = on.cancel.map(|_| {
        let words = quote_spanned!(span=> &#private::CancelledWords);
        failed(
            args,
            kept,
            false,
            &quote_spanned!(span=> #private::EventKind::Cancelled),
            &words,
            private,
        )
    });
    let open = kept.open();
    let finished = if err.is_none() && none.is_none() {
        quote_spanned!(span=> #private::Moment::Finished(_) | #private::Moment::Failed(..) => {})
    } else {
        let failure = err
            .is_some()
            .then(|| quote_spanned!(span=> (&&&#private::Ret(__alert_output)).__alert_failure().is_some()));
        let or = (err.is_some() && none.is_some()).then(|| quote_spanned!(span=> ||));
        let empty = none
            .is_some()
            .then(|| quote_spanned!(span=> (&&&#private::Ret(__alert_output)).__alert_none()));
        quote_spanned! {span=>
            #private::Moment::Finished(__alert_output) => { #checks return #failure #or #empty; }
            #private::Moment::Failed(__alert_output, __alert_since) => { #open #err #none }
        }
    };
    let panicked = if on.panic {
        quote_spanned!(span=> #private::panicked(&SITE))
    } else {
        // A marker may have been set on the way.
        quote_spanned!(span=> #private::forget_place())
    };
    let asks = err.is_some() || none.is_some() || !args.fields.is_empty();
    let probes = asks.then(|| quote_spanned!(span=> use #private::probes::*;));
    quote_spanned! {span=>
        move |__alert_moment| {
            #site
            #probes
            match __alert_moment {
                #finished
                #private::Moment::Panicked => #panicked,
                #private::Moment::Cancelled(__alert_since) => { let _ = __alert_since; #open #cancelled }
            }
            false
        }
    }
}

/// Explicit outcomes are checked on the return type's own span.
fn checks(args: &Args, function: &Function, private: &TokenStream) -> TokenStream {
    let check = if args.on.none.is_some() {
        "must_be_option"
    } else if args.on.explicit_err.is_some() {
        "must_be_fallible"
    } else {
        return TokenStream::new();
    };
    let span = Span::mixed_site();
    let check = syn::Ident::new(check, span);
    let declared = function
        .output()
        .and_then(|ty| ty.to_token_stream().into_iter().next());
    let at = declared.map_or_else(|| function.sig.ident.span(), |first| first.span());
    respan(quote_spanned!(span=> #private::#check(__alert_output);), at)
}

/// Shows generated tokens at a place of the user's; names in them mean what they meant.
pub(crate) fn respan(tokens: TokenStream, at: Span) -> TokenStream {
    let place = |mut token: TokenTree| {
        let span = at.resolved_at(token.span());
        if let TokenTree::Group(group) = &token {
            token = TokenTree::Group(Group::new(group.delimiter(), respan(group.stream(), at)));
        }
        token.set_span(span);
        token
    };
    tokens.into_iter().map(place).collect()
}

/// How the error is put into words.
fn words(error: &ErrorAs, private: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    match error {
        ErrorAs::Auto => quote_spanned!(span=> &(&&&&&#private::Probe(__alert_error)).__alert_words()),
        ErrorAs::Display => quote_spanned!(span=> &#private::DisplayWords(__alert_error)),
        ErrorAs::Debug => quote_spanned!(span=> &#private::DebugWords(__alert_error)),
        ErrorAs::With(with) => quote_spanned!(span=> &#private::OwnWords::new(__alert_error, #with)),
    }
}

/// `failed(&SITE, kind, words);`, or `failed_with(.., severity, key and fields)` where the attribute says more.
fn failed(
    args: &Args,
    kept: &Kept,
    has_error: bool,
    kind: &TokenStream,
    words: &TokenStream,
    private: &TokenStream,
) -> TokenStream {
    let span = Span::mixed_site();
    let ask = |expr: &Expr| quote_spanned!(span=> #private::ask(__alert_error, #expr));
    let when = args.when.as_ref().filter(|_| has_error);
    let when = when.map(|when| quote_spanned!(span=> #private::holds(__alert_error, #when)));
    let severity = args.severity_by.as_ref().filter(|_| has_error);
    let severity = severity.map(|by| quote_spanned!(span=> #private::severity_of(__alert_error, #by)));
    let key = args.key.as_ref().map(|key| match key {
        Expr::Closure(_) if !has_error => TokenStream::new(),
        Expr::Closure(_) => {
            let key = ask(key);
            quote_spanned!(span=> __alert_details.set_key(#key);)
        }
        _ => {
            let key = kept.key(key);
            quote_spanned!(span=> __alert_details.set_key(#key);)
        }
    });
    // Begun only now, it passes on none of the errors that came before.
    let since = if args.no_dedup {
        quote_spanned!(span=> #private::Since::now())
    } else {
        quote_spanned!(span=> __alert_since)
    };
    if when.is_none() && severity.is_none() && key.is_none() && args.fields.is_empty() {
        return quote_spanned!(span=> #private::failed(&SITE, #kind, #words, #since););
    }
    let fields = args.fields.iter().enumerate().map(|(index, field)| {
        let (name, index) = (&field.name, syn::Index::from(index));
        match field.style {
            Style::Auto => quote_spanned! {span=>
                (&&#private::FieldOf(&__alert_fields.#index)).__alert_field(#name, __alert_details);
            },
            Style::Display => quote_spanned! {span=>
                __alert_details.field(#name, ::core::format_args!("{}", __alert_fields.#index));
            },
            Style::Debug => quote_spanned! {span=>
                __alert_details.field(#name, ::core::format_args!("{:?}", __alert_fields.#index));
            },
        }
    });
    let when = when.map(|when| quote_spanned!(span=> if !#when { return #private::None; }));
    let severity = severity.unwrap_or_else(|| quote_spanned!(span=> SITE.severity()));
    quote_spanned! {span=>
        #private::failed_with(
            &SITE,
            #kind,
            #words,
            #since,
            &|| { #when #private::Some(#severity) },
            &|__alert_details| { let _ = __alert_details; #key #(#fields)* },
        );
    }
}

/// `let __alert_fields = (Clone::clone(&id), expr);`, before the body takes its parameters.
pub(crate) fn fields(args: &Args) -> TokenStream {
    if args.fields.is_empty() {
        return TokenStream::new();
    }
    let span = Span::mixed_site();
    let values = args.fields.iter().map(|field| {
        let value = &field.value;
        if field.parameter.is_some() {
            quote_spanned!(span=> ::core::clone::Clone::clone(&#value))
        } else {
            quote_spanned!(span=> #value)
        }
    });
    quote_spanned!(span=> let __alert_fields = (#(#values,)*);)
}

fn site(args: &Args, function: &Function, private: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let ident = &function.sig.ident;
    let name = match &args.name {
        Some(name) => name.value(),
        None => ident.to_string().trim_start_matches("r#").to_owned(),
    };
    let severity = match &args.severity {
        Severity::Word(variant, at) => {
            let variant = syn::Ident::new(variant, at.resolved_at(span));
            quote_spanned!(span=> #private::Severity::#variant)
        }
        Severity::Constant(path) => quote!(#path),
    };
    let [route, runbook, owner] = [
        args.route
            .as_ref()
            .map(|text| quote_spanned!(span=> .with_route(#text))),
        args.runbook
            .as_ref()
            .map(|text| quote_spanned!(span=> .with_runbook(#text))),
        args.owner
            .as_ref()
            .map(|text| quote_spanned!(span=> .with_owner(#text))),
    ];
    let (line, column) = position(ident.span());
    let (last_line, _) = position(function.brace.span_close());
    quote_spanned! {span=>
        static SITE: #private::Site = #private::Site::new(
            #name,
            ::core::module_path!(),
            (::core::file!(), #line, #column, #last_line),
            #severity,
        )#route #runbook #owner;
        #private::inventory::submit! { &SITE }
    }
}

/// Line and column, both from 1.
fn position(span: Span) -> (u32, u32) {
    // Outside the compiler, in our own tests, spans lead nowhere.
    if !proc_macro::is_available() {
        return (1, 1);
    }
    let span = span.unwrap().start();
    (
        u32::try_from(span.line()).unwrap_or(u32::MAX),
        u32::try_from(span.column()).unwrap_or(u32::MAX),
    )
}
