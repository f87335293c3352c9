//! rustdoc and clippy read the function as it was written: what becomes of it is for the compiler alone.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use crate::args::{Args, Severity};

/// Whether they do: not where the attribute itself uses names of the user's, which clippy would call unused.
pub(crate) fn read_as_written(args: &Args) -> bool {
    matches!(args.severity, Severity::Word(..))
        && args.krate.is_none()
        && args.on.explicit_err.is_none()
        && args.on.none.is_none()
        && args.expressions().next().is_none()
}

/// `item` -> `#[cfg(not(any(clippy, doc)))] item`
pub(crate) fn not_for_them(expanded: &TokenStream) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> #[cfg(not(any(clippy, doc)))] #expanded)
}

/// `item` -> `#[cfg(any(clippy, doc))] item`, said so that rustdoc, which shows what an item depends on, finds
/// nothing to show.
pub(crate) fn for_them(written: &TokenStream) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> #[cfg_attr(not(clippy), cfg(doc))] #written)
}
