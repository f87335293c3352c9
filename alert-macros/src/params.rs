//! The prelude that moves whole parameters into the body's closure or async block, so that they are dropped
//! when and in the order the plain function drops them.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::{Attribute, FnArg, Pat, PatIdent, Receiver, ReceiverKind, Signature, Token, Type};

/// What the signature binds and how the body takes it over.
pub(crate) struct Params {
    /// Goes to the start of the closure or async block.
    pub(crate) prelude: TokenStream,
    /// The prelude binds some again: temporaries of the body's last expression have to be dropped before them.
    pub(crate) binds: bool,
    /// `self` is `mut`: it cannot be bound again, so the closure assigns to what it captured.
    pub(crate) mut_self: bool,
}

/// One name that the parameters bind.
struct Binding {
    name: TokenStream,
    text: String,
    mutability: Option<Token![mut]>,
    attrs: Vec<Attribute>,
    /// Nothing is dropped with it, so it may be captured as the body pleases.
    is_inert: bool,
}

/// What the body moves into.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Destination {
    /// A closure, or the block of an `async fn` that stays one.
    Block,
    /// The future that the function gives back, which stores each parameter once. One that nobody polls drops
    /// them the other way round than that of an `async fn`.
    Future,
    /// The same, storing those that may have something to drop twice as an `async fn` does, and dropping them
    /// as it does.
    ExactFuture,
}

/// Reads the parameters; takes the `mut` off those that the body binds again. `uses` is where they may be named.
pub(crate) fn take_over(sig: &mut Signature, uses: &TokenStream, to: Destination) -> Params {
    let mut bindings = Vec::new();
    let mut mut_self = false;
    name_wildcards(sig, to != Destination::Block);
    for input in &mut sig.inputs {
        match input {
            FnArg::Receiver(receiver) => {
                mut_self =
                    receiver.mutability.is_some() && !matches!(receiver.kind, ReceiverKind::Reference(..));
                bindings.push(Binding {
                    name: receiver.self_token.to_token_stream(),
                    text: "self".to_owned(),
                    mutability: None,
                    attrs: cfgs(&receiver.attrs),
                    is_inert: matches!(receiver.kind, ReceiverKind::Reference(..)),
                });
            }
            FnArg::Typed(typed) => {
                let attrs = typed.attrs.clone();
                let is_inert = matches!(*typed.pat, Pat::Ident(_)) && is_inert(&typed.ty);
                collect(&mut typed.pat, &attrs, &mut bindings);
                if let Some(last) = bindings.last_mut() {
                    last.is_inert |= is_inert;
                }
            }
        }
    }
    let rebind =
        to == Destination::ExactFuture || bindings.iter().any(|binding| binding.mutability.is_some());
    let mut binds = false;
    // Where an expectation has to hold instead of in the signature.
    let mut moved: Vec<String> = Vec::new();
    let prelude = if rebind {
        // `self` cannot be bound again; as the first it is dropped last, which is when a capture is.
        let is_self = bindings.first().is_some_and(|first| first.text == "self");
        let (captured, bound) = bindings.split_at(usize::from(is_self));
        let captured = captured.iter().filter(|binding| !binding.is_inert);
        let bound = bound
            .iter()
            .filter(|binding| !binding.is_inert || binding.mutability.is_some());
        moved.extend(bound.clone().map(|binding| binding.text.clone()));
        binds = !moved.is_empty();
        let mut unmentioned: Vec<&Binding> = bound.clone().collect();
        drop_mentioned(&mut unmentioned, uses.clone());
        // Named by the attribute or by those of others, and perhaps by nothing in the body.
        let named = bound.clone().filter(|binding| {
            to != Destination::ExactFuture
                && binding.mutability.is_none()
                && unmentioned.iter().all(|other| other.text != binding.text)
        });
        let entry = captured.map(capture).chain(bound.map(bind_again));
        entry.chain(named.map(capture)).collect()
    } else {
        let owned = || bindings.iter().filter(|binding| !binding.is_inert);
        let mut unused: Vec<&Binding> = owned()
            .filter(|binding| !binding.text.starts_with('_') && binding.text != "self")
            .collect();
        drop_mentioned(&mut unused, uses.clone());
        moved.extend(unused.iter().map(|binding| binding.text.clone()));
        // Last to first: the order in which a closure drops what it captured.
        let captures = owned().rev().map(capture);
        captures.chain(unused.into_iter().map(warn_unused)).collect()
    };
    for input in &mut sig.inputs {
        if let FnArg::Typed(typed) = input
            && binds_one_of(&typed.pat, &moved)
        {
            typed.attrs.retain(|attr| !attr.path().is_ident("expect"));
        }
    }
    Params {
        prelude,
        binds,
        mut_self,
    }
}

/// `(a: A, _: B)` -> `(a: A, __alert_1: B)`: what has no name stays outside of the body, to be dropped after
/// all that was captured. That is right for the first parameters only.
fn name_wildcards(sig: &mut Signature, all: bool) {
    let mut named = all;
    for (index, input) in sig.inputs.iter_mut().enumerate() {
        let FnArg::Typed(typed) = input else {
            named = true;
            continue;
        };
        if named && let Pat::Wild(wild) = &*typed.pat {
            let at = wild.underscore_token.span.resolved_at(Span::mixed_site());
            *typed.pat = Pat::Ident(PatIdent {
                attrs: Vec::new(),
                by_ref: None,
                mutability: None,
                ident: Ident::new(&format!("__alert_{index}"), at),
                subpat: None,
            });
        }
        named |= !matches!(&*typed.pat, Pat::Wild(_));
    }
}

/// `a` -> `let _ = &a;`
fn capture(binding: &Binding) -> TokenStream {
    let Binding {
        name, attrs, text, ..
    } = binding;
    let attrs = cfgs(attrs);
    let span = Span::mixed_site();
    let allow = (text.starts_with('_') && text != "_")
        .then(|| quote_spanned!(span=> #[allow(clippy::used_underscore_binding)]));
    quote_spanned!(span=> #(#attrs)* #allow let _ = &#name;)
}

/// `a` -> `{ let a = (); }`: a capture counts as a use, so this says instead that there is none.
fn warn_unused(binding: &Binding) -> TokenStream {
    let Binding { name, attrs, .. } = binding;
    quote_spanned!(Span::mixed_site()=> { #(#attrs)* let #name = (); })
}

/// `mut a` -> `let mut a = a;`
fn bind_again(binding: &Binding) -> TokenStream {
    let Binding {
        name,
        attrs,
        text,
        mutability,
        ..
    } = binding;
    let span = Span::mixed_site();
    let underscore = (text.starts_with('_')).then(
        || quote_spanned!(span=> clippy::used_underscore_binding, clippy::no_effect_underscore_binding,),
    );
    quote_spanned!(span=> #(#attrs)* #[allow(#underscore clippy::shadow_same)] let #mutability #name = #name;)
}

fn cfgs(attrs: &[Attribute]) -> Vec<Attribute> {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"))
        .cloned()
        .collect()
}

/// `&self`: who has it may share it.
pub(crate) fn is_shared(receiver: &Receiver) -> bool {
    matches!(receiver.kind, ReceiverKind::Reference(_, _, None))
}

fn binds_one_of(pat: &Pat, names: &[String]) -> bool {
    let mut bindings = Vec::new();
    collect(&mut pat.clone(), &[], &mut bindings);
    bindings.iter().any(|binding| names.contains(&binding.text))
}

/// A reference, or a primitive type by its own name.
fn is_inert(ty: &Type) -> bool {
    const PRIMITIVE: [&str; 16] = [
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64",
        "u128", "usize",
    ];
    match ty {
        Type::Reference(_) => true,
        Type::Path(path) => path
            .path
            .get_ident()
            .is_some_and(|name| PRIMITIVE.iter().any(|primitive| name == primitive)),
        _ => false,
    }
}

/// Every name the parameters bind, but `self`.
pub(crate) fn names(sig: &Signature) -> Vec<String> {
    let mut bindings = Vec::new();
    for input in sig.inputs.clone() {
        if let FnArg::Typed(mut typed) = input {
            collect(&mut typed.pat, &[], &mut bindings);
        }
    }
    bindings.into_iter().map(|binding| binding.text).collect()
}

/// Whether every parameter is a plain name, so that moving it into a block moves all there is of it.
pub(crate) fn are_plain(sig: &Signature) -> bool {
    sig.inputs.iter().all(|input| match input {
        FnArg::Receiver(_) => true,
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(ident) => ident.by_ref.is_none() && ident.subpat.is_none(),
            Pat::Wild(_) => true,
            _ => false,
        },
    })
}

/// Every name a pattern binds, in the order in which it binds them.
fn collect(pat: &mut Pat, attrs: &[Attribute], into: &mut Vec<Binding>) {
    match pat {
        Pat::Ident(PatIdent {
            by_ref,
            mutability,
            ident,
            subpat,
            ..
        }) => {
            // `ref mut a` binds a reference that is not itself `mut`.
            let mutability = if by_ref.is_none() { mutability.take() } else { None };
            into.push(binding(ident, mutability, attrs));
            if let Some((_, subpat)) = subpat {
                collect(subpat, attrs, into);
            }
        }
        Pat::Or(or) => {
            // Each case binds the same.
            for case in or.cases.iter_mut().skip(1) {
                collect(case, attrs, &mut Vec::new());
            }
            if let Some(case) = or.cases.first_mut() {
                collect(case, attrs, into);
            }
        }
        Pat::Paren(paren) => collect(&mut paren.pat, attrs, into),
        Pat::Reference(reference) => collect(&mut reference.pat, attrs, into),
        Pat::Slice(slice) => slice.elems.iter_mut().for_each(|elem| collect(elem, attrs, into)),
        Pat::Struct(fields) => fields
            .fields
            .iter_mut()
            .for_each(|field| collect(&mut field.pat, attrs, into)),
        Pat::Tuple(tuple) => tuple.elems.iter_mut().for_each(|elem| collect(elem, attrs, into)),
        Pat::TupleStruct(tuple) => tuple.elems.iter_mut().for_each(|elem| collect(elem, attrs, into)),
        Pat::Type(typed) => collect(&mut typed.pat, attrs, into),
        _ => {}
    }
}

fn binding(ident: &Ident, mutability: Option<Token![mut]>, attrs: &[Attribute]) -> Binding {
    const FOLLOW: [&str; 6] = ["cfg", "allow", "warn", "deny", "forbid", "expect"];
    let attrs = attrs
        .iter()
        .filter(|attr| FOLLOW.iter().any(|name| attr.path().is_ident(name)))
        .cloned()
        .collect();
    let text = ident.to_string();
    Binding {
        name: ident.to_token_stream(),
        text,
        mutability,
        attrs,
        is_inert: false,
    }
}

/// Takes out what a body mentions by an identifier or in a string literal, which may be a format string.
fn drop_mentioned(names: &mut Vec<&Binding>, body: TokenStream) {
    for token in body {
        if names.is_empty() {
            return;
        }
        match token {
            TokenTree::Group(group) => drop_mentioned(names, group.stream()),
            TokenTree::Ident(ident) => {
                let text = ident.to_string();
                names.retain(|name| name.text != text);
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                if text.contains('{') {
                    names.retain(|name| !text.contains(name.text.trim_start_matches("r#")));
                }
            }
            TokenTree::Punct(_) => {}
        }
    }
}
