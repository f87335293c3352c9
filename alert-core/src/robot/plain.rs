//! A message as plain lines: the form that every chat takes.

use super::sheet::{Block, Sheet};

/// The lines of a message behind its title. `tame` takes whatever acts as markup out of a text.
pub(super) fn lines(sheet: &Sheet, tame: fn(&str) -> String) -> Vec<String> {
    let mut lines = Vec::new();
    let colon = sheet.words.colon;
    for block in &sheet.blocks {
        match block {
            Block::Lead(text) => lines.extend(text.lines().map(tame)),
            Block::Fact(label, value) => lines.push(format!("{label}{colon}{}", tame(value))),
            Block::Link(label, url) => lines.push(format!("{label}{colon}{url}")),
            Block::List(label, values) => {
                lines.push(format!("{label}{colon}").trim_end().to_owned());
                lines.extend(
                    values
                        .iter()
                        .enumerate()
                        .map(|(at, value)| format!("{}. {}", at.saturating_add(1), tame(value))),
                );
            }
            Block::Code(label, values) => {
                lines.push(format!("{label}{colon}").trim_end().to_owned());
                lines.extend(values.iter().map(|value| format!("  {}", tame(value))));
            }
            Block::Item(item) => lines.push(format!(
                "{} {} {}{colon}{} ({})",
                item.mark,
                tame(&item.function),
                item.count,
                tame(&item.message),
                tame(&item.place),
            )),
            Block::Note(text) => lines.push(tame(text)),
        }
    }
    lines
}
