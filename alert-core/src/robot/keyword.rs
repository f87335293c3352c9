//! The keyword some groups demand in every message.

use serde_json::Value;

use super::{FormatError, Robot};

/// The title with the robot's keyword in front, unless it is in it already. The keyword is the user's own
/// setting, so it stays as it is: escaped, the vendor would not find it.
pub(super) fn titled(title: &str, robot: &Robot) -> String {
    match robot.required_keyword() {
        Some(keyword) if !title.contains(keyword) => format!("{keyword} {title}"),
        _ => title.to_owned(),
    }
}

/// An error when the keyword is in none of the message's texts, read as the vendor reads them: decoded.
pub(super) fn check(body: &Value, robot: &Robot) -> Result<(), FormatError> {
    match robot.required_keyword() {
        Some(keyword) if !holds(body, keyword) => Err(FormatError::new(format!(
            "the keyword `{keyword}` found no place in it"
        ))),
        _ => Ok(()),
    }
}

/// Whether one of the texts of an encoded body holds the keyword; a body that is not JSON is one text.
pub(crate) fn says(body: &[u8], keyword: &str) -> bool {
    match serde_json::from_slice(body) {
        Ok(value) => holds(&value, keyword),
        Err(_) => String::from_utf8_lossy(body).contains(keyword),
    }
}

fn holds(value: &Value, keyword: &str) -> bool {
    match value {
        Value::String(text) => text.contains(keyword),
        Value::Array(values) => values.iter().any(|value| holds(value, keyword)),
        Value::Object(values) => values.values().any(|value| holds(value, keyword)),
        _ => false,
    }
}
