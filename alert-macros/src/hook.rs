//! Writes what is left behind for each function: its site, and the hook that is told how each call ended.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;

use crate::args::{Args, Severity};
use crate::item::Function;

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
///     inventory::submit! { SiteEntry::new(&SITE) }
///     use P::probes::*;
///     match moment {
///         Moment::Finished(output) => if let Some(error) = (&&&Ret(output)).__alert_failure() {
///             failed(&SITE, EventKind::Error, &(&&&&&Probe(error)).__alert_words());
///         }
///         Moment::Panicked => panicked(&SITE),
///         Moment::Cancelled => {}
///     }
/// }
/// ```
/// A closure without captures: it is of size zero, so the watched future grows by nothing.
pub(crate) fn hook(args: &Args, function: &Function, private: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let site = site(args, function, private);
    let on = &args.on;
    let err = on.err.then(|| {
        quote_spanned! {span=>
            if let #private::Some(__alert_error) = (&&&#private::Ret(__alert_output)).__alert_failure() {
                #private::failed(
                    &SITE,
                    #private::EventKind::Error,
                    &(&&&&&#private::Probe(__alert_error)).__alert_words(),
                );
            }
        }
    });
    let none = on.none.map(|_| {
        quote_spanned! {span=>
            if (&&&#private::Ret(__alert_output)).__alert_none() {
                #private::failed(&SITE, #private::EventKind::None, &#private::NoneWords);
            }
        }
    });
    let finished = if err.is_none() && none.is_none() {
        quote_spanned!(span=> #private::Moment::Finished(_) => {})
    } else {
        quote_spanned!(span=> #private::Moment::Finished(__alert_output) => { #err #none })
    };
    let panicked = if on.panic {
        quote_spanned!(span=> #private::panicked(&SITE))
    } else {
        // A marker may have been set on the way.
        quote_spanned!(span=> #private::forget_place())
    };
    quote_spanned! {span=>
        |__alert_moment| {
            #site
            use #private::probes::*;
            match __alert_moment {
                #finished
                #private::Moment::Panicked => #panicked,
                #private::Moment::Cancelled => {}
            }
        }
    }
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
    let (line, column) = position(ident.span());
    let (last_line, _) = position(function.brace.span_close());
    quote_spanned! {span=>
        static SITE: #private::Site = #private::Site::new(
            #name,
            ::core::module_path!(),
            (::core::file!(), #line, #column, #last_line),
            #severity,
        );
        #private::inventory::submit! { #private::SiteEntry::new(&SITE) }
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
