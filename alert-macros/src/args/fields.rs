//! `fields(..)` and `error(..)`: what is shown of parameters and errors.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, Ident, Member, Signature, Token, token};

use crate::mistakes::Mistakes;
use crate::{params, wording};

/// One field of `fields(id, order.id, region = expr, %x, ?y)`.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) span: Span,
    /// The parameter it starts from, for a field that is not computed.
    pub(crate) parameter: Option<Ident>,
    pub(crate) value: Expr,
    pub(crate) style: Style,
}

/// How a field is put into words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// `Display` where there is one, else `Debug`.
    Auto,
    Display,
    Debug,
}

/// How the error is put into words.
pub(crate) enum ErrorAs {
    Auto,
    Display,
    Debug,
    With(Box<Expr>),
}

/// `(id, order.id, region = expr, %x, ?y)`
pub(super) fn fields(
    input: ParseStream<'_>,
    key: &Ident,
    mistakes: &mut Mistakes,
) -> syn::Result<Vec<Field>> {
    if !input.peek(token::Paren) {
        return Err(syn::Error::new(
            key.span(),
            wording::takes_list("fields", "fields(id, region = expr)"),
        ));
    }
    let list;
    syn::parenthesized!(list in input);
    let mut fields: Vec<Field> = Vec::new();
    while !list.is_empty() {
        let field = field(&list)?;
        if fields.iter().any(|other| other.name == field.name) {
            mistakes.at(field.span, wording::field_twice(&field.name));
        }
        fields.push(field);
        if !list.is_empty() {
            list.parse::<Token![,]>()
                .map_err(|error| syn::Error::new(error.span(), wording::missing_comma()))?;
        }
    }
    Ok(fields)
}

fn field(list: ParseStream<'_>) -> syn::Result<Field> {
    let before = style(list)?;
    let ident = list.call(Ident::parse_any)?;
    let span = ident.span();
    if list.peek(Token![=]) {
        list.parse::<Token![=]>()?;
        let style = style(list)?;
        let value = list.parse()?;
        return Ok(Field {
            name: ident.to_string(),
            span,
            parameter: None,
            value,
            style,
        });
    }
    let mut name = ident.to_string();
    let mut value: Expr = syn::parse_quote!(#ident);
    while list.peek(Token![.]) {
        list.parse::<Token![.]>()?;
        let member: Member = list.parse()?;
        name.push('.');
        name.push_str(&match &member {
            Member::Named(named) => named.to_string(),
            Member::Unnamed(index) => index.index.to_string(),
        });
        value = syn::parse_quote!(#value.#member);
    }
    Ok(Field {
        name,
        span,
        parameter: Some(ident),
        value,
        style: before,
    })
}

fn style(list: ParseStream<'_>) -> syn::Result<Style> {
    if list.peek(Token![%]) {
        list.parse::<Token![%]>()?;
        return Ok(Style::Display);
    }
    if list.peek(Token![?]) {
        list.parse::<Token![?]>()?;
        return Ok(Style::Debug);
    }
    Ok(Style::Auto)
}

/// `(auto)`, `(display)`, `(debug)` or `(with = |error| ..)`
pub(super) fn error(input: ParseStream<'_>, key: &Ident) -> syn::Result<ErrorAs> {
    if !input.peek(token::Paren) {
        return Err(syn::Error::new(
            key.span(),
            wording::takes_list("error", "error(display)"),
        ));
    }
    let list;
    let paren = syn::parenthesized!(list in input);
    let word: Ident = list
        .parse()
        .map_err(|_| syn::Error::new(paren.span.join(), wording::error_words()))?;
    match word.to_string().as_str() {
        "auto" => Ok(ErrorAs::Auto),
        "display" => Ok(ErrorAs::Display),
        "debug" => Ok(ErrorAs::Debug),
        "with" => {
            list.parse::<Token![=]>()?;
            Ok(ErrorAs::With(Box::new(list.parse()?)))
        }
        _ => Err(syn::Error::new(word.span(), wording::error_words())),
    }
}

/// Fields that name no parameter.
pub(crate) fn check(fields: &[Field], sig: &Signature, mistakes: &mut Mistakes) {
    let names = params::names(sig);
    for field in fields {
        let Some(parameter) = &field.parameter else {
            continue;
        };
        let function = sig.ident.to_string();
        if parameter == "self" && sig.receiver().is_none() {
            mistakes.at(field.span, wording::no_self(&function));
        } else if parameter != "self" && !names.iter().any(|name| parameter == name) {
            mistakes.at(
                field.span,
                wording::no_parameter(&parameter.to_string(), &function),
            );
        }
    }
}
