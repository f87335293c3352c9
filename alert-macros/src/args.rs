//! The arguments of the attribute: every value keeps its span, every mistake is collected.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Path, Token, token};

use crate::mistakes::Mistakes;
use crate::wording;

mod fields;

pub(crate) use fields::{ErrorAs, Field, Style, check as check_fields};

/// Every argument there is, in the order messages list them.
const KEYS: [&str; 18] = [
    "severity",
    "name",
    "on",
    "when",
    "severity_by",
    "fields",
    "error",
    "key",
    "route",
    "runbook",
    "owner",
    "boundary",
    "no_dedup",
    "locate",
    "future",
    "call",
    "keep_async",
    "crate",
];

/// Whether an argument starts with this word.
pub(crate) fn is_key(word: &str) -> bool {
    KEYS.contains(&word)
}

/// What the user asked for.
pub(crate) struct Args {
    pub(crate) severity: Severity,
    pub(crate) name: Option<LitStr>,
    pub(crate) on: On,
    pub(crate) when: Option<Expr>,
    pub(crate) severity_by: Option<Expr>,
    pub(crate) fields: Vec<Field>,
    pub(crate) error: ErrorAs,
    pub(crate) key: Option<Expr>,
    pub(crate) route: Option<LitStr>,
    pub(crate) runbook: Option<LitStr>,
    pub(crate) owner: Option<LitStr>,
    /// Whether it reports for all that fails within it.
    pub(crate) boundary: bool,
    /// Whether each of its errors is a failure of its own, and none an inner one on its way up.
    pub(crate) no_dedup: bool,
    /// What a function that gives back a future is taken for, where the user says so.
    pub(crate) shape: Option<Shape>,
    /// Whether an `async fn` stays one; `None` leaves it to the macro.
    pub(crate) keep_async: Option<bool>,
    pub(crate) locate: bool,
    pub(crate) krate: Option<Path>,
}

/// How bad a failure of this function is.
pub(crate) enum Severity {
    /// The name of a variant of `Severity`, with the span of the word.
    Word(&'static str, Span),
    /// A constant of the user's.
    Constant(Path),
}

/// `future` or `call`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Future,
    Call,
}

/// Which outcomes are failures.
pub(crate) struct On {
    /// The word `err`, if the user wrote it.
    pub(crate) explicit_err: Option<Span>,
    pub(crate) err: bool,
    pub(crate) none: Option<Span>,
    pub(crate) panic: bool,
    pub(crate) cancel: Option<Span>,
}

impl Args {
    /// Whether it says nothing that changes what a failure is or what is told of it.
    pub(crate) fn is_plain(&self) -> bool {
        let On {
            explicit_err: None,
            err: true,
            none: None,
            panic: true,
            cancel: None,
        } = self.on
        else {
            return false;
        };
        self.when.is_none()
            && self.severity_by.is_none()
            && self.fields.is_empty()
            && matches!(self.error, ErrorAs::Auto)
            && self.key.is_none()
            && !self.no_dedup
    }

    /// What the user wrote to be evaluated.
    pub(crate) fn expressions(&self) -> impl Iterator<Item = &Expr> {
        let with = match &self.error {
            ErrorAs::With(with) => Some(&**with),
            _ => None,
        };
        let fields = self.fields.iter().map(|field| &field.value);
        let asked = [
            self.when.as_ref(),
            self.severity_by.as_ref(),
            self.key.as_ref(),
            with,
        ];
        asked.into_iter().flatten().chain(fields)
    }
}

impl Default for Args {
    fn default() -> Self {
        Self {
            severity: Severity::Word("Error", Span::call_site()),
            name: None,
            on: On {
                explicit_err: None,
                err: true,
                none: None,
                panic: true,
                cancel: None,
            },
            when: None,
            severity_by: None,
            fields: Vec::new(),
            error: ErrorAs::Auto,
            key: None,
            route: None,
            runbook: None,
            owner: None,
            boundary: false,
            no_dedup: false,
            shape: None,
            keep_async: None,
            locate: true,
            krate: None,
        }
    }
}

/// Reads what is between the parentheses of the attribute.
pub(crate) fn parse(tokens: TokenStream, mistakes: &mut Mistakes) -> Args {
    let mut args = Args::default();
    let all = |input: ParseStream<'_>| {
        let mut seen: Vec<Ident> = Vec::new();
        while !input.is_empty() {
            if let Err(error) = argument(input, &mut args, &mut seen, mistakes) {
                mistakes.push(error);
                skip_argument(input)?;
            }
            if input.peek(Token![,]) {
                input.parse::<Token![,]>()?;
            } else if !input.is_empty() {
                mistakes.at(input.span(), wording::missing_comma());
            }
        }
        Ok(())
    };
    if let Err(error) = all.parse2(tokens) {
        mistakes.push(error);
    }
    args
}

/// `severity = "critical"` and the like. What follows an argument is left to the caller.
fn argument(
    input: ParseStream<'_>,
    args: &mut Args,
    seen: &mut Vec<Ident>,
    mistakes: &mut Mistakes,
) -> syn::Result<()> {
    if input.peek(LitStr) {
        let word: LitStr = input.parse()?;
        return Err(syn::Error::new(word.span(), wording::bare_string(&word.value())));
    }
    let key = input
        .call(Ident::parse_any)
        .map_err(|_| syn::Error::new(input.span(), wording::not_a_key()))?;
    let name = key.to_string();
    if let Some(first) = seen.iter().find(|first| **first == key) {
        let mut error = syn::Error::new(key.span(), wording::duplicate_argument(&name));
        error.combine(syn::Error::new(first.span(), wording::first_given_here()));
        mistakes.push(error);
    }
    match name.as_str() {
        "severity" => args.severity = severity(value(input, &key, "severity = \"error\"")?)?,
        "name" => args.name = Some(string(&key, value(input, &key, "name = \"charge a card\"")?)?),
        "on" => args.on = on(input, &key, mistakes)?,
        "when" => args.when = Some(value(input, &key, "when = |error| error.is_fatal()")?),
        "severity_by" => {
            args.severity_by = Some(value(input, &key, "severity_by = |error| error.severity()")?);
        }
        "fields" => args.fields = fields::fields(input, &key, mistakes)?,
        "error" => args.error = fields::error(input, &key)?,
        "key" => args.key = Some(value(input, &key, "key = |error| error.code()")?),
        "route" => args.route = Some(string(&key, value(input, &key, "route = \"payments\"")?)?),
        "runbook" => args.runbook = Some(string(&key, value(input, &key, "runbook = \"https://..\"")?)?),
        "owner" => args.owner = Some(string(&key, value(input, &key, "owner = \"payments team\"")?)?),
        "boundary" => args.boundary = flag(input, &key)?,
        "no_dedup" => args.no_dedup = flag(input, &key)?,
        "future" => args.shape = Some(Shape::Future),
        "call" => args.shape = Some(Shape::Call),
        "keep_async" => args.keep_async = Some(flag(input, &key)?),
        "locate" => args.locate = flag(input, &key)?,
        "crate" => args.krate = Some(krate(input, &key)?),
        _ => {
            return Err(syn::Error::new(
                key.span(),
                wording::unknown_argument(&name, &KEYS),
            ));
        }
    }
    seen.push(key);
    Ok(())
}

/// `= value` after `key`.
fn value(input: ParseStream<'_>, key: &Ident, example: &str) -> syn::Result<Expr> {
    if !input.peek(Token![=]) {
        return Err(syn::Error::new(
            key.span(),
            wording::needs_value(&key.to_string(), example),
        ));
    }
    input.parse::<Token![=]>()?;
    if input.is_empty() || input.peek(Token![,]) {
        return Err(syn::Error::new(
            key.span(),
            wording::needs_value(&key.to_string(), example),
        ));
    }
    let mut value: Expr = input.parse()?;
    // A value that went through a `macro_rules` macro.
    while let Expr::Group(group) = value {
        value = *group.expr;
    }
    Ok(value)
}

/// `"critical"` or `levels::PAGER`.
fn severity(value: Expr) -> syn::Result<Severity> {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(word), ..
        }) => {
            let variant = match word.value().as_str() {
                "info" => "Info",
                "warning" => "Warning",
                "error" => "Error",
                "critical" => "Critical",
                other => return Err(syn::Error::new(word.span(), wording::unknown_severity(other))),
            };
            Ok(Severity::Word(variant, word.span()))
        }
        Expr::Path(path) if path.qself.is_none() => Ok(Severity::Constant(path.path)),
        other => Err(syn::Error::new_spanned(other, wording::severity_value())),
    }
}

fn string(key: &Ident, value: Expr) -> syn::Result<LitStr> {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text), ..
        }) => Ok(text),
        other => Err(syn::Error::new_spanned(
            other,
            wording::takes_string(&key.to_string()),
        )),
    }
}

fn boolean(key: &Ident, value: Expr) -> syn::Result<bool> {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Bool(yes), ..
        }) => Ok(yes.value),
        other => Err(syn::Error::new_spanned(
            other,
            wording::takes_bool(&key.to_string()),
        )),
    }
}

/// `locate`, `locate = true` or `locate = false`.
fn flag(input: ParseStream<'_>, key: &Ident) -> syn::Result<bool> {
    if input.peek(Token![=]) {
        boolean(key, value(input, key, "")?)
    } else {
        Ok(true)
    }
}

/// `(err, none, panic, cancel)`, any of them.
fn on(input: ParseStream<'_>, key: &Ident, mistakes: &mut Mistakes) -> syn::Result<On> {
    if !input.peek(token::Paren) {
        return Err(syn::Error::new(
            key.span(),
            wording::takes_list("on", "on(err, panic)"),
        ));
    }
    let list;
    let paren = syn::parenthesized!(list in input);
    if list.is_empty() {
        return Err(syn::Error::new(paren.span.join(), wording::empty_on()));
    }
    let mut on = On {
        explicit_err: None,
        err: false,
        none: None,
        panic: false,
        cancel: None,
    };
    while !list.is_empty() {
        let word = list
            .call(Ident::parse_any)
            .map_err(|error| syn::Error::new(error.span(), wording::empty_on()))?;
        let name = word.to_string();
        let twice = match name.as_str() {
            "err" => {
                on.err = true;
                on.explicit_err.replace(word.span()).is_some()
            }
            "none" => on.none.replace(word.span()).is_some(),
            "panic" => std::mem::replace(&mut on.panic, true),
            "cancel" => on.cancel.replace(word.span()).is_some(),
            _ => {
                mistakes.at(word.span(), wording::unknown_outcome(&name));
                false
            }
        };
        if twice {
            mistakes.at(word.span(), wording::duplicate_outcome(&name));
        }
        if list.peek(Token![,]) {
            list.parse::<Token![,]>()?;
        } else if !list.is_empty() {
            mistakes.at(list.span(), wording::missing_comma());
            break;
        }
    }
    let _rest: TokenStream = list.parse()?;
    Ok(on)
}

/// `= a::b`
fn krate(input: ParseStream<'_>, key: &Ident) -> syn::Result<Path> {
    if !input.peek(Token![=]) {
        return Err(syn::Error::new(
            key.span(),
            wording::needs_value("crate", "crate = a::b"),
        ));
    }
    input.parse::<Token![=]>()?;
    let at = input.span();
    input
        .call(Path::parse_mod_style)
        .map_err(|_| syn::Error::new(at, wording::crate_value()))
}

/// Leaves the next argument's comma as the next token.
fn skip_argument(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(())
}
