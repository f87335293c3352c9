//! Every mistake of one use of the attribute, reported in one go.

use proc_macro2::{Span, TokenStream};

/// Collects errors, each on its own span.
#[derive(Default)]
pub(crate) struct Mistakes(Option<syn::Error>);

impl Mistakes {
    /// Adds one that is shown on a single token.
    pub(crate) fn at(&mut self, span: Span, text: impl std::fmt::Display) {
        self.push(syn::Error::new(span, text));
    }

    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(all) => all.combine(error),
            None => self.0 = Some(error),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// One `compile_error!` for each.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.map(syn::Error::into_compile_error).unwrap_or_default()
    }
}
