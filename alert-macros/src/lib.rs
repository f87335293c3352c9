//! The attribute macro of `alert-core`.

use proc_macro::TokenStream;

/// Placeholder until the expansion lands.
#[proc_macro_attribute]
pub fn alert_on_err(_args: TokenStream, item: TokenStream) -> TokenStream {
    item
}
