//! Slack's mrkdwn: emphasis by single marks, everything special between `<` and `>`.

use super::shown::{self, Block, Inline};

const MAX_DEPTH: usize = 6;

/// Reads a text: quotes, fenced code and lines.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut out = Vec::new();
    for (n, part) in text.split("```").enumerate() {
        if n % 2 == 1 {
            out.push(Block::Code(unescaped(part.trim_matches('\n'))));
            continue;
        }
        let mut paragraph: Vec<&str> = Vec::new();
        let mut quote: Vec<&str> = Vec::new();
        for line in part.trim_matches('\n').lines() {
            let quoted = line.strip_prefix("&gt;").or_else(|| line.strip_prefix('>'));
            if let Some(inside) = quoted {
                flush(&mut out, &mut paragraph, false);
                quote.push(inside.trim_start());
            } else {
                flush(&mut out, &mut quote, true);
                paragraph.push(line);
            }
        }
        flush(&mut out, &mut paragraph, false);
        flush(&mut out, &mut quote, true);
    }
    out
}

fn flush(out: &mut Vec<Block>, lines: &mut Vec<&str>, quoted: bool) {
    if !lines.is_empty() {
        let paragraph = Block::Paragraph(line(&lines.join("\n"), 0));
        out.push(if quoted {
            Block::Quote(vec![paragraph])
        } else {
            paragraph
        });
        lines.clear();
    }
}

/// The three characters that Slack has senders escape, and nothing else.
pub(super) fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

fn line(text: &str, depth: usize) -> Vec<Inline> {
    let mut out = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some((part, after)) = token(rest, first, &plain, depth) {
            if !plain.is_empty() {
                out.push(Inline::Text(unescaped(&core::mem::take(&mut plain))));
            }
            out.extend(part);
            rest = after;
        } else {
            plain.push(first);
            rest = rest.strip_prefix(first).unwrap_or("");
        }
    }
    if !plain.is_empty() {
        out.push(Inline::Text(unescaped(&plain)));
    }
    out
}

fn token<'t>(rest: &'t str, first: char, before: &str, depth: usize) -> Option<(Vec<Inline>, &'t str)> {
    match first {
        '\n' => Some((vec![Inline::Break], rest.strip_prefix('\n')?)),
        '<' => special(rest),
        '`' => {
            let (inner, after) = rest.strip_prefix('`')?.split_once('`')?;
            (!inner.is_empty()).then(|| (vec![Inline::Code(unescaped(inner))], after))
        }
        '*' | '_' | '~' if depth < MAX_DEPTH && !before.ends_with(char::is_alphanumeric) => {
            let (inner, after) = rest.strip_prefix(first)?.split_once(first)?;
            let tight = !inner.is_empty()
                && !inner.contains('\n')
                && !inner.starts_with(char::is_whitespace)
                && !inner.ends_with(char::is_whitespace)
                && !after.starts_with(char::is_alphanumeric);
            let inside = || line(inner, depth.saturating_add(1));
            tight.then(|| {
                let part = match first {
                    '*' => Inline::Bold(inside()),
                    '_' => Inline::Italic(inside()),
                    _ => Inline::Strike(inside()),
                };
                (vec![part], after)
            })
        }
        _ => None,
    }
}

/// `<!channel>`, `<@U1>`, `<#C1|name>`, `<address|text>`. What is none of them stays as it was written.
fn special(rest: &str) -> Option<(Vec<Inline>, &str)> {
    let (inner, after) = rest.strip_prefix('<')?.split_once('>')?;
    let (target, label) = inner.split_once('|').unwrap_or((inner, ""));
    let part = if let Some(group) = target.strip_prefix('!') {
        match group.split('^').next().unwrap_or("") {
            name @ ("channel" | "here" | "everyone") => vec![Inline::Mention(name.to_owned())],
            "subteam" => vec![Inline::Mention(group.to_owned())],
            "date" => vec![Inline::Text(unescaped(label))],
            _ => return None,
        }
    } else if let Some(user) = target.strip_prefix('@') {
        vec![Inline::Mention(user.to_owned())]
    } else if let Some(channel) = target.strip_prefix('#') {
        vec![Inline::Text(format!(
            "#{}",
            if label.is_empty() { channel } else { label }
        ))]
    } else if shown::is_safe(target) {
        let text = if label.is_empty() { target } else { label };
        shown::link(vec![Inline::Text(unescaped(text))], &unescaped(target))
    } else {
        return None;
    };
    Some((part, after))
}
