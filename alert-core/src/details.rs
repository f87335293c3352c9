//! What the attribute's arguments add to one failure: the user's own key and fields, under limits.

use core::fmt::{self, Debug, Display, Write};

/// Fields kept of one failure.
const MAX_FIELDS: usize = 16;
/// Bytes kept of a key or of one field.
const MAX_BYTES: usize = 512;

/// The key and the fields of one failure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    key: Option<String>,
    fields: Vec<(&'static str, String)>,
}

impl Details {
    /// Sets the aggregation key.
    pub fn set_key(&mut self, key: impl Display) {
        self.key = Some(bounded(format_args!("{key}")));
    }

    /// Adds a field. Past the limit there are none.
    pub fn field(&mut self, name: &'static str, value: fmt::Arguments<'_>) {
        if self.fields.len() < MAX_FIELDS {
            self.fields.push((name, bounded(value)));
        }
    }

    /// The user's aggregation key.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Key and fields, as what tells one kind from another.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &str> {
        let fields = self.fields.iter().map(|(_, text)| text.as_str());
        self.key.as_deref().into_iter().chain(fields)
    }

    /// Name and text of each field, in the order of the attribute.
    #[must_use]
    pub fn fields(&self) -> &[(&'static str, String)] {
        &self.fields
    }
}

/// A field's value, asked for its words.
#[derive(Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "generated code builds it, and versions never mix"
)]
pub struct FieldOf<'a, T: ?Sized>(pub &'a T);

/// First choice: text.
pub trait FieldDisplay {
    /// Adds it.
    fn __alert_field(&self, name: &'static str, into: &mut Details);
}

impl<T: Display + ?Sized> FieldDisplay for &FieldOf<'_, T> {
    fn __alert_field(&self, name: &'static str, into: &mut Details) {
        into.field(name, format_args!("{}", self.0));
    }
}

/// Second: what a programmer sees.
pub trait FieldDebug {
    /// Adds it.
    fn __alert_field(&self, name: &'static str, into: &mut Details);
}

impl<T: Debug + ?Sized> FieldDebug for FieldOf<'_, T> {
    fn __alert_field(&self, name: &'static str, into: &mut Details) {
        into.field(name, format_args!("{:?}", self.0));
    }
}

/// The text, cut on a character boundary.
fn bounded(words: fmt::Arguments<'_>) -> String {
    struct Bounded(String);
    impl Write for Bounded {
        fn write_str(&mut self, part: &str) -> fmt::Result {
            let room = MAX_BYTES.saturating_sub(self.0.len());
            self.0
                .push_str(part.get(..part.floor_char_boundary(room)).unwrap_or_default());
            if part.len() > room {
                Err(fmt::Error)
            } else {
                Ok(())
            }
        }
    }
    let mut text = Bounded(String::new());
    // An error is our own bound, or a `Display` that gave up: what it wrote stays.
    let _written = text.write_fmt(words);
    text.0
}
