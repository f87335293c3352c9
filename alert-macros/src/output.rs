//! What a function says it returns, as far as the macro has to know.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{
    AngleBracketedGenericArguments, GenericArgument, Path, PathArguments, Token, Type, TypeInfer,
    TypeParamBound,
};

use crate::item::unwrapped;

/// The kinds of return type that are expanded differently.
pub(crate) enum Output {
    /// `()`, written or not.
    Unit,
    /// `!`
    Never,
    /// `impl Future<Output = T>` with nothing but auto traits beside it, or a pinned box of a `dyn Future`.
    Future(Box<Future>),
    /// Anything else.
    Value(Box<Type>),
}

/// A function that is not async and gives back a future.
pub(crate) struct Future {
    /// What the future gives, with each `impl Trait` erased; `None` where the type does not say.
    pub(crate) item: Option<Type>,
    /// The type as declared, where it is a box.
    pub(crate) boxed: Option<Type>,
}

/// Reads a return type.
pub(crate) fn read(declared: Option<&Type>) -> Output {
    let Some(declared) = declared else {
        return Output::Unit;
    };
    let future = match unwrapped(declared) {
        Type::Tuple(tuple) if tuple.elems.is_empty() => return Output::Unit,
        Type::Never(_) => return Output::Never,
        Type::ImplTrait(opaque) => future_bound(&opaque.bounds),
        Type::Path(path) => boxed_future(&path.path).map(|future| {
            let boxed = Some(erased(declared));
            Future { boxed, ..future }
        }),
        _ => None,
    };
    future.map_or_else(
        || Output::Value(Box::new(erased(declared))),
        |future| Output::Future(Box::new(future)),
    )
}

/// `Pin<Box<dyn Future<Output = T> + Send + 'a>>` -> `T`
fn boxed_future(path: &Path) -> Option<Future> {
    let Type::Path(boxed) = unwrapped(only_argument(path, "Pin")?) else {
        return None;
    };
    let Type::TraitObject(object) = unwrapped(only_argument(&boxed.path, "Box")?) else {
        return None;
    };
    future_bound(&object.bounds)
}

/// `some::Name<T>` -> `T`
fn only_argument<'a>(path: &'a Path, name: &str) -> Option<&'a Type> {
    let last = path.segments.last().filter(|last| last.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

/// `Future<Output = T> + Send + 'a` -> `T`; `None` where another trait is asked for that the
/// wrapping future may not have.
fn future_bound(bounds: &Punctuated<TypeParamBound, Token![+]>) -> Option<Future> {
    let mut found = None;
    for bound in bounds {
        let TypeParamBound::Trait(bound) = bound else {
            continue;
        };
        let last = bound.path.segments.last()?;
        match last.ident.to_string().as_str() {
            "Future" => {
                let item = output_binding(&last.arguments).map(|item| erased(&item));
                found = Some(Future { item, boxed: None });
            }
            "Send" | "Sync" | "Unpin" | "UnwindSafe" | "RefUnwindSafe" => {}
            _ => return None,
        }
    }
    found
}

/// `<Output = T>` -> `T`
fn output_binding(arguments: &PathArguments) -> Option<Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(binding) if binding.ident == "Output" => Some(binding.ty.clone()),
        _ => None,
    })
}

/// `Result<impl Iterator, E>` -> `Result<_, E>`: `impl Trait` may not be written inside a body.
fn erased(ty: &Type) -> Type {
    let mut ty = ty.clone();
    if contains_impl(ty.to_token_stream()) {
        erase(&mut ty);
    }
    ty
}

fn contains_impl(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        proc_macro2::TokenTree::Ident(word) => word == "impl",
        proc_macro2::TokenTree::Group(group) => contains_impl(group.stream()),
        _ => false,
    })
}

fn erase(ty: &mut Type) {
    match ty {
        Type::ImplTrait(opaque) => {
            let underscore_token = Token![_](opaque.impl_token.span);
            *ty = Type::Infer(TypeInfer {
                attrs: Vec::new(),
                underscore_token,
            });
        }
        Type::Array(array) => erase(&mut array.elem),
        Type::Group(group) => erase(&mut group.elem),
        Type::Paren(paren) => erase(&mut paren.elem),
        Type::Ptr(pointer) => erase(&mut pointer.elem),
        Type::Reference(reference) => erase(&mut reference.elem),
        Type::Slice(slice) => erase(&mut slice.elem),
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(erase),
        Type::Path(path) => erase_path(&mut path.path),
        Type::TraitObject(object) => {
            for bound in &mut object.bounds {
                if let TypeParamBound::Trait(bound) = bound {
                    erase_path(&mut bound.path);
                }
            }
        }
        _ => {}
    }
}

fn erase_path(path: &mut Path) {
    for segment in &mut path.segments {
        if let PathArguments::AngleBracketed(AngleBracketedGenericArguments { args, .. }) =
            &mut segment.arguments
        {
            for argument in args {
                match argument {
                    GenericArgument::Type(ty) => erase(ty),
                    GenericArgument::AssocType(binding) => erase(&mut binding.ty),
                    _ => {}
                }
            }
        }
    }
}

/// Whether the body alone says what the function gives.
pub(crate) fn is_open(output: &Output) -> bool {
    match output {
        Output::Value(ty) => says_nothing(ty),
        Output::Future(future) => future.boxed.is_none() && future.item.as_ref().is_none_or(says_nothing),
        Output::Unit | Output::Never => false,
    }
}

/// Whether nothing is left to pin inference with.
pub(crate) fn says_nothing(ty: &Type) -> bool {
    matches!(unwrapped(ty), Type::Infer(_))
}
