//! The attribute macro of `alert-core`. Depend on `alert-core`, which re-exports and documents it.

mod args;
mod block;
mod body;
mod expand;
mod future;
mod hook;
mod item;
mod kept;
mod leave;
mod locate;
mod lower;
mod merge;
mod mistakes;
mod output;
mod params;
mod readers;
mod tail;
#[cfg(test)]
mod tests;
mod tracked;
mod wording;

/// Reports every failure of the function it is put on. Documented where it is re-exported: `alert_core`.
#[proc_macro_attribute]
pub fn alert_on_err(args: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand::attribute(&args.into(), item.into()).into()
}
