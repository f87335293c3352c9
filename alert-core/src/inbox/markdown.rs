//! The markdown of the vendors, block by block. Each dialect has what its vendor documents and nothing more.

use super::inline::{self, Dialect};
use super::shown::{Block, Inline};

/// Quotes nest no deeper than this; a text that tries is shown flat.
const MAX_DEPTH: usize = 6;

/// Reads a text into blocks.
pub(super) fn blocks(text: &str, dialect: &Dialect) -> Vec<Block> {
    nested(text, dialect, 0)
}

fn nested(text: &str, dialect: &Dialect, depth: usize) -> Vec<Block> {
    let mut reader = Reader {
        dialect,
        depth,
        out: Vec::new(),
        paragraph: Vec::new(),
    };
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let trimmed = line.trim_start();
        if dialect.code_blocks && is_fence(trimmed) {
            let mark: String = trimmed.chars().take_while(|&c| c == '`').collect();
            let code: Vec<&str> = lines
                .by_ref()
                .take_while(|l| !l.trim_start().starts_with(&mark))
                .collect();
            reader.push(Block::Code(code.join("\n")));
        } else if dialect.quotes && trimmed.starts_with('>') {
            let mut inside = vec![unquoted(trimmed)];
            while let Some(next) = lines.next_if(|l| l.trim_start().starts_with('>')) {
                inside.push(unquoted(next.trim_start()));
            }
            reader.quote(&inside.join("\n"));
        } else if dialect.tables && trimmed.starts_with('|') && lines.peek().is_some_and(|l| is_ruler(l)) {
            lines.next();
            let mut rows = vec![reader.cells(trimmed)];
            while let Some(row) = lines.next_if(|l| l.trim_start().starts_with('|')) {
                rows.push(reader.cells(row.trim()));
            }
            reader.push(Block::Table(rows));
        } else if let Some((ordered, item)) = dialect.lists.then(|| list_item(trimmed)).flatten() {
            let mut items = vec![reader.line(item)];
            while let Some(next) =
                lines.next_if(|l| list_item(l.trim_start()).is_some_and(|(kind, _)| kind == ordered))
            {
                let (_, item) = list_item(next.trim_start()).unwrap_or((ordered, next));
                items.push(reader.line(item));
            }
            reader.push(Block::List(ordered, items));
        } else {
            reader.other(line, trimmed);
        }
    }
    reader.finish()
}

struct Reader<'d> {
    dialect: &'d Dialect,
    depth: usize,
    out: Vec<Block>,
    paragraph: Vec<String>,
}

impl Reader<'_> {
    fn other(&mut self, line: &str, trimmed: &str) {
        if trimmed.is_empty() {
            self.end_paragraph();
        } else if let Some((level, text)) = self.dialect.headings.then(|| heading(trimmed)).flatten() {
            let inner = self.line(text);
            self.push(Block::Heading(level, inner));
        } else if self.dialect.rules && is_rule(trimmed) {
            self.push(Block::Rule);
        } else if self.dialect.indented_code && self.paragraph.is_empty() && line.starts_with("    ") {
            self.push(Block::Code(line.trim_start().to_owned()));
        } else {
            self.paragraph.push(line.to_owned());
        }
    }

    fn quote(&mut self, text: &str) {
        let inner = if self.depth < MAX_DEPTH {
            nested(text, self.dialect, self.depth.saturating_add(1))
        } else {
            vec![super::shown::plain(text)]
        };
        self.push(Block::Quote(inner));
    }

    fn line(&self, text: &str) -> Vec<Inline> {
        inline::line(text.trim(), self.dialect)
    }

    fn cells(&self, row: &str) -> Vec<Vec<Inline>> {
        let row = row.trim();
        let row = row.strip_prefix('|').unwrap_or(row);
        let row = row.strip_suffix('|').unwrap_or(row);
        row.split('|').map(|cell| self.line(cell)).collect()
    }

    fn push(&mut self, block: Block) {
        self.end_paragraph();
        self.out.push(block);
    }

    fn end_paragraph(&mut self) {
        if !self.paragraph.is_empty() {
            let text = self.paragraph.join("\n");
            self.paragraph.clear();
            self.out.push(Block::Paragraph(inline::line(&text, self.dialect)));
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.end_paragraph();
        self.out
    }
}

/// How many tables a text holds; Feishu refuses a card with too many.
pub(super) fn tables(text: &str) -> usize {
    text.lines().filter(|line| is_ruler(line)).count()
}

fn is_fence(line: &str) -> bool {
    line.starts_with("```")
}

fn unquoted(line: &str) -> &str {
    let inside = line.strip_prefix('>').unwrap_or(line);
    inside.strip_prefix(' ').unwrap_or(inside)
}

fn is_ruler(line: &str) -> bool {
    let line = line.trim();
    line.starts_with('|') && line.contains('-') && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

fn is_rule(line: &str) -> bool {
    let mut marks = line.chars().filter(|c| !c.is_whitespace());
    let Some(first) = marks.next().filter(|c| matches!(c, '-' | '*' | '_')) else {
        return false;
    };
    let rest: Vec<char> = marks.collect();
    rest.len() >= 2 && rest.iter().all(|&c| c == first)
}

fn heading(line: &str) -> Option<(u8, &str)> {
    let level = line.bytes().take_while(|&b| b == b'#').count();
    let text = line.trim_start_matches('#');
    let level = u8::try_from(level).ok().filter(|level| (1..=6).contains(level))?;
    text.starts_with(' ').then(|| (level, text.trim()))
}

fn list_item(line: &str) -> Option<(bool, &str)> {
    for mark in ["- ", "* ", "+ "] {
        if let Some(item) = line.strip_prefix(mark) {
            return Some((false, item));
        }
    }
    let (number, item) = line.split_once(". ")?;
    let is_number = (1..=4).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    is_number.then_some((true, item))
}
