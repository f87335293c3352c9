//! How bad a message looks: its colour on the page.

use super::shown::Shown;

/// What marks a severity in a text, worst first: the words of this project, their Chinese forms, and the
/// signs that people put in front of alerts.
const MARKS: [(&str, &[&str]); 4] = [
    (
        "critical",
        &["critical", "fatal", "panic", "严重", "紧急", "致命", "🔴", "🚨"],
    ),
    ("error", &["error", "错误", "🟠"]),
    ("warning", &["warning", "警告", "🟡", "⚠"]),
    (
        "info",
        &["info", "提示", "通知", "恢复", "resolved", "✅", "🔵", "🟢"],
    ),
];

/// Card colours by name (Feishu) or by what they usually mean (Slack).
fn of_colour(colour: &str) -> Option<&'static str> {
    match colour {
        "red" | "carmine" | "danger" => Some("critical"),
        "orange" => Some("error"),
        "yellow" | "warning" => Some("warning"),
        "blue" | "wathet" | "turquoise" | "green" | "indigo" | "grey" | "good" => Some("info"),
        _ => None,
    }
}

/// A guess from the head of the message: its title, its tags, its first line. Then its colour.
pub(super) fn severity(shown: &Shown) -> Option<&'static str> {
    let text = shown.text();
    let head = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    let tags = shown.tags.iter().map(|(text, _)| text.as_str());
    let heads: Vec<String> = tags
        .chain([
            shown.title.as_str(),
            shown.subtitle.as_str(),
            shown.preview.as_str(),
            head,
        ])
        .map(str::to_lowercase)
        .collect();
    let by_words = heads.iter().find_map(|head| {
        MARKS
            .iter()
            .find(|(_, marks)| marks.iter().any(|mark| has(head, mark)))
    });
    by_words
        .map(|(severity, _)| *severity)
        .or_else(|| of_colour(&shown.colour))
}

/// Whether a mark stands in a text, for ASCII marks as a word of its own (`ParseError` is no severity).
fn has(head: &str, mark: &str) -> bool {
    if mark.is_ascii() {
        head.split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| word == mark)
    } else {
        head.contains(mark)
    }
}
