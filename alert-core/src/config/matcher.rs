//! Which failures a route or a silence is about.

use crate::Severity;
use crate::event::Event;

/// Tells some failures from others. Every condition given must hold; none given means all failures.
///
/// ```
/// use alert_core::{Matcher, Severity};
///
/// let payments = Matcher::all().module("shop::pay::*").severity(Severity::Error);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matcher {
    at_least: Option<Severity>,
    module: Option<String>,
    function: Option<String>,
    owner: Option<String>,
    route: Option<String>,
    says: Option<String>,
    fields: Vec<(String, String)>,
}

impl Matcher {
    /// All failures.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// Only failures of this severity or above.
    #[must_use]
    pub fn severity(self, at_least: Severity) -> Self {
        Self {
            at_least: Some(at_least),
            ..self
        }
    }

    /// Only failures of functions whose module path matches; `*` stands for any text, `::` included.
    #[must_use]
    pub fn module(self, glob: impl Into<String>) -> Self {
        Self {
            module: Some(glob.into()),
            ..self
        }
    }

    /// Only failures of functions whose name matches; `*` stands for any text.
    #[must_use]
    pub fn function(self, glob: impl Into<String>) -> Self {
        Self {
            function: Some(glob.into()),
            ..self
        }
    }

    /// Only failures of functions whose attribute says `owner = ".."` so, letter by letter.
    #[must_use]
    pub fn owner(self, owner: impl Into<String>) -> Self {
        Self {
            owner: Some(owner.into()),
            ..self
        }
    }

    /// Only failures of functions whose attribute says `route = ".."` so, letter by letter.
    #[must_use]
    pub fn route(self, route: impl Into<String>) -> Self {
        Self {
            route: Some(route.into()),
            ..self
        }
    }

    /// Only failures whose attribute recorded this field with this value, as in `fields(tenant)`. May be said
    /// several times.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    /// Only failures whose chain has this text somewhere, letter by letter.
    #[must_use]
    pub fn says(self, text: impl Into<String>) -> Self {
        Self {
            says: Some(text.into()),
            ..self
        }
    }

    pub(crate) fn matches(&self, event: &Event) -> bool {
        self.matches_as(event, event.severity)
    }

    /// Whether it matches a failure that turned out to be of this severity.
    pub(crate) fn matches_as(&self, event: &Event, severity: Severity) -> bool {
        let glob =
            |glob: &Option<String>, text: &str| glob.as_deref().is_none_or(|glob| matches_glob(glob, text));
        let exact =
            |wanted: &Option<String>, said: Option<&str>| wanted.is_none() || wanted.as_deref() == said;
        self.at_least.is_none_or(|least| severity >= least)
            && glob(&self.module, event.site.module())
            && glob(&self.function, event.site.function())
            && exact(&self.owner, event.site.owner())
            && exact(&self.route, event.site.route())
            && self.fields.iter().all(|(name, value)| {
                event
                    .details
                    .fields()
                    .iter()
                    .any(|(known, said)| known == name && said == value)
            })
            && self
                .says
                .as_deref()
                .is_none_or(|text| event.words().text().contains(text))
    }
}

/// Whether the text is what the glob describes: its parts between the stars, in order, ends pinned.
fn matches_glob(glob: &str, text: &str) -> bool {
    let Some((first, rest)) = glob.split_once('*') else {
        return glob == text;
    };
    let Some(text) = text.strip_prefix(first) else {
        return false;
    };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(mut text) = text.strip_suffix(last) else {
        return false;
    };
    for part in middle.split('*') {
        match text.split_once(part) {
            Some((_, after)) => text = after,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::matches_glob;

    #[test]
    fn a_star_stands_for_any_text() {
        for (glob, text, expected) in [
            ("shop::pay", "shop::pay", true),
            ("shop::pay", "shop::pay::card", false),
            ("shop::*", "shop::pay::card", true),
            ("*::card", "shop::pay::card", true),
            ("shop::*::card", "shop::pay::card", true),
            ("*pay*", "shop::pay::card", true),
            ("*", "", true),
            ("a*a", "a", false),
            ("*x*", "shop", false),
            ("s*o*p", "shop", true),
        ] {
            assert_eq!(matches_glob(glob, text), expected, "{glob} on {text}");
        }
    }
}
