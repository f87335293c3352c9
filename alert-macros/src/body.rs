//! The user's statements, with what has to stand before and around them in the closure or async block they move to.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::Type;

use crate::args::Args;
use crate::expand::braces;
use crate::hook;
use crate::item::Function;
use crate::locate;
use crate::output::{self, Output};
use crate::params::Params;

/// ```text
/// stmts
/// use P::Locate as _; let _ = &a; if false { return declared::<Ret>(); } '_alert: { stmts }
/// .. let mut a = a; .. match () { () => '_alert: { stmts } }
/// ```
pub(crate) fn body(
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
        Output::Future(future) => future.boxed.as_ref(),
        Output::Unit => None,
    };
    let prelude = &params.prelude;
    let edge = match output {
        // A body that never ends would leave open what it gives.
        Output::Unit => quote_spanned!(span=> if false { return; }),
        _ => edge(declared, private),
    };
    // The label makes `unused_braces` look away; on the user's brace, since it decides the edition.
    let label = syn::Lifetime::new("'_alert", function.brace.span_open());
    let block = braces(&function.brace, stmts);
    let block = quote_spanned!(span=> #label: #block);
    // An arm ends the life of what its last expression makes: before that of what was bound again.
    let block = if params.binds {
        quote_spanned!(span=> match () { () => #block })
    } else {
        block
    };
    quote_spanned!(span=> #in_scope #prelude #edge #block)
}

/// `if false { return declared::<Ret>(); }`: never runs, and tells inference what the body has to give.
pub(crate) fn edge(declared: Option<&Type>, private: &TokenStream) -> TokenStream {
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
pub(crate) fn markers(private: &TokenStream) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> use #private::Locate as _;)
}

pub(crate) fn located(args: &Args, stmts: TokenStream) -> (TokenStream, bool) {
    // A marker is cleared by the report of the failure it belongs to, so without a report there is none.
    if args.locate && (args.on.err || args.on.none.is_some()) {
        locate::mark(stmts, args.on.none.is_some())
    } else {
        (stmts, false)
    }
}

/// `move || { <body> }` or `async move { <body> }`, said to stand where the user's body does: lints that look at
/// the end of a body, such as `needless_return`, pass over what a macro wrote.
pub(crate) fn inside(function: &Function, head: &TokenStream, body: TokenStream) -> TokenStream {
    let at = function.brace.span_open();
    let head = head.clone().into_iter().map(|mut token| {
        token.set_span(at);
        token
    });
    let block = TokenTree::Group(braces(&function.brace, body));
    head.chain([block]).collect()
}

/// The last touch around a watched call or future.
pub(crate) fn finish(params: &Params, output: &Output, watched: TokenStream) -> TokenStream {
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

/// The same for what comes after it in a block.
pub(crate) fn boundary(private: &TokenStream) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> let __alert_boundary = #private::Boundary::enter();)
}
