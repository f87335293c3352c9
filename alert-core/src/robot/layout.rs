//! What a message says, and in which order: the same for every chat.

use super::Robot;
use super::fit::{Cut, beyond, by_urgency, modules_beyond};
use super::scrub::Scrub;
use super::sheet::{Block, Item, Sheet, is_plain_url};
use super::text::{clock, cut, few_lines, one_line, prefix, unlinked};
use super::wording::{self, Words};
use crate::{Digest, DigestKind, Group, Language};

/// Modules named of what is not listed.
const MODULES: usize = 3;

/// Puts a message into words.
pub(super) fn sheet(digest: &Digest, robot: &Robot, at_most: Cut) -> Sheet {
    let writer = Writer {
        digest,
        scrub: Scrub::of(robot),
        language: digest.language(),
        words: wording::words(digest.language()),
        at_most,
    };
    writer.sheet()
}

struct Writer<'a> {
    digest: &'a Digest,
    scrub: Scrub<'a>,
    language: Language,
    words: &'static Words,
    at_most: Cut,
}

impl Writer<'_> {
    /// One line of at most `max` bytes, and of no more than this attempt allows.
    fn line(&self, text: &str, max: usize) -> String {
        let max = max.min(self.at_most.text);
        // Of a long text only the start is looked at, with room for what is taken out of it.
        let start = prefix(text, max.saturating_mul(2).saturating_add(1_024));
        let mut line = one_line(&self.scrub.text(start));
        if start.len() < text.len() && line.len() < max.saturating_add(512) {
            line = one_line(&self.scrub.text(text));
        }
        cut(&line, max)
    }

    fn sheet(&self) -> Sheet {
        let groups = by_urgency(self.digest);
        let title = self.title(&groups);
        let mut banner = title.clone();
        let mut blocks = Vec::new();
        match groups.as_slice() {
            [] if self.digest.kind() == DigestKind::Test => {
                blocks.push(Block::Lead(wording::test(self.language).to_owned()));
            }
            [group] => {
                banner.push_str(self.words.colon);
                banner.push_str(&self.line(group.message(), 120));
                self.detail(group, &mut blocks);
            }
            _ => blocks.extend(
                groups
                    .iter()
                    .take(self.at_most.groups)
                    .map(|group| Block::Item(self.item(group))),
            ),
        }
        self.end(&groups, &mut blocks);
        Sheet {
            title: unlinked(&title),
            banner: unlinked(&banner),
            blocks,
            words: self.words,
        }
    }

    /// `🔴 Critical · charge failed (checkout · prod)`: what matters first, since banners cut the end.
    fn title(&self, groups: &[&Group]) -> String {
        let mut title = format!("{} ", wording::message_mark(self.digest));
        if !matches!(self.digest.kind(), DigestKind::Quiet | DigestKind::Test) {
            title.push_str(wording::severity(self.digest.severity(), self.language));
            title.push_str(" · ");
        }
        title.push_str(&match (groups, self.digest.unlisted().groups()) {
            ([group], 0) if self.digest.over().is_none() => {
                let function = self.line(group.place().function(), 80);
                wording::one(self.digest.kind(), &function, group, self.language)
            }
            _ => wording::many(self.digest),
        });
        title.push_str(" (");
        title.push_str(&self.line(self.digest.service(), 60));
        if let Some(environment) = self.digest.environment() {
            title.push_str(" · ");
            title.push_str(&self.line(environment, 30));
        }
        title.push(')');
        title
    }

    fn item(&self, group: &Group) -> Item {
        Item {
            mark: wording::mark(group.severity()),
            function: self.line(group.place().function(), 60),
            count: wording::count(group),
            message: self.item_message(group),
            place: self.place(group, false),
        }
    }

    /// The words of one group of several; those of many variants are a sample.
    fn item_message(&self, group: &Group) -> String {
        let message = self.line(group.message(), usize::MAX);
        if group.is_many_variants() {
            format!("{}{}{message}", self.words.variants, self.words.colon)
        } else {
            message
        }
    }

    /// `src/pay.rs:42:17`, with the module when there is room.
    fn place(&self, group: &Group, with_module: bool) -> String {
        let place = group.place();
        let file = self.line(place.file(), 160);
        let module = self.line(place.module(), 120);
        let (line, column) = (place.line(), place.column());
        let spot = match (line, column) {
            (0, _) => file,
            (_, 1..) if with_module => format!("{file}:{line}:{column}"),
            _ => format!("{file}:{line}"),
        };
        if with_module && !module.is_empty() {
            format!("{spot} ({module})")
        } else {
            spot
        }
    }

    fn detail(&self, group: &Group, blocks: &mut Vec<Block>) {
        let roomy = self.at_most.text >= 250;
        let (causes, stack, fields, traces) = if roomy { (8, 3, 8, 3) } else { (2, 1, 2, 1) };
        let lead = few_lines(&self.scrub.text(group.message()), 8);
        blocks.push(Block::Lead(cut(&lead, self.at_most.text)));
        if group.is_many_variants() {
            let samples = group.samples().iter().take(fields.min(3));
            let samples = samples.map(|text| self.line(text, 240)).collect();
            blocks.push(Block::List(self.words.variants, samples));
        }
        let chain = group.chain().get(1..).unwrap_or_default();
        if !chain.is_empty() {
            let mut list: Vec<String> = chain
                .iter()
                .take(causes)
                .map(|link| self.line(link, 400))
                .collect();
            push_more(&mut list, chain.len(), causes);
            blocks.push(Block::List(self.words.causes, list));
        }
        blocks.push(Block::Fact(self.words.place, self.place(group, true)));
        blocks.push(Block::Fact(self.words.often, wording::often(self.digest, group)));
        self.fact(
            self.words.trace,
            group.trace_ids(),
            traces,
            self.words.comma,
            blocks,
        );
        if group.path().len() > 1 {
            self.fact(self.words.path, group.path(), 10, " → ", blocks);
        }
        if !group.error_type().is_empty() {
            blocks.push(Block::Fact(self.words.kind, self.line(group.error_type(), 120)));
        }
        // A link of its own says more than its address among the fields, and the trace has its line.
        let is_shown = |value: &String| {
            let link = Some(value.as_str());
            group.trace_url() == link || group.source_url() == link || group.trace_ids().contains(value)
        };
        let pairs: Vec<String> = group
            .fields()
            .iter()
            .filter(|(_, value)| !is_shown(value))
            .map(|(key, value)| format!("{}={}", self.line(key, 40), self.line(value, 80)))
            .collect();
        self.fact(self.words.fields, &pairs, fields, self.words.comma, blocks);
        if !group.stack().is_empty() {
            let mut frames: Vec<String> = group
                .stack()
                .iter()
                .take(stack)
                .map(|f| self.line(f, 240))
                .collect();
            push_more(&mut frames, group.stack().len(), stack);
            blocks.push(Block::Code(self.words.stack, frames));
        }
        if group.hosts().len() > 1 {
            self.fact(self.words.hosts, group.hosts(), 5, self.words.comma, blocks);
        }
        if let Some(owner) = group.owner() {
            blocks.push(Block::Fact(self.words.owner, self.line(owner, 80)));
        }
        for (label, url) in [
            (self.words.trace_link, group.trace_url()),
            (self.words.source_link, group.source_url()),
            (self.words.runbook, group.runbook()),
        ] {
            blocks.extend(url.map(|url| self.link(label, url)));
        }
    }

    /// A link where the address is a plain one; otherwise words like all others.
    fn link(&self, label: &'static str, url: &str) -> Block {
        let shown = self.scrub.text(url);
        if is_plain_url(&shown) && shown.len() <= self.at_most.text {
            Block::Link(label, shown)
        } else {
            Block::Fact(label, self.line(url, 200))
        }
    }

    /// A fact made of the first few of some values; none when there are none.
    fn fact(
        &self,
        label: &'static str,
        values: &[String],
        most: usize,
        between: &str,
        blocks: &mut Vec<Block>,
    ) {
        if values.is_empty() {
            return;
        }
        let mut shown: Vec<String> = values
            .iter()
            .take(most)
            .map(|value| self.line(value, 120))
            .collect();
        push_more(&mut shown, values.len(), most);
        blocks.push(Block::Fact(label, shown.join(between)));
    }

    /// Who speaks, what is not shown, and the ids.
    fn end(&self, groups: &[&Group], blocks: &mut Vec<Block>) {
        let listed = match groups {
            [_] => 1,
            _ => self.at_most.groups,
        };
        let (unlisted, delta) = beyond(self.digest, groups, listed);
        if unlisted > 0 {
            let modules = modules_beyond(groups, listed);
            let modules = modules
                .into_iter()
                .take(MODULES)
                .map(|(module, kinds, failures)| {
                    let module = self.line(module, 60);
                    wording::module(&module, kinds, failures, self.language)
                });
            let mut note = vec![wording::unlisted(unlisted, delta, self.language)];
            note.extend(modules);
            blocks.push(Block::Note(note.join(self.words.comma)));
        }
        if !self.digest.not_shown().is_empty() {
            let reasons: Vec<String> = self
                .digest
                .not_shown()
                .iter()
                .map(|(why, n)| wording::reason(*why, *n, self.language))
                .collect();
            blocks.push(Block::Fact(self.words.not_shown, reasons.join(self.words.comma)));
        }
        let service: Vec<String> = [
            Some(self.digest.service()),
            self.digest.environment(),
            self.digest.release(),
            Some(self.digest.host()),
        ]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .map(|part| self.line(part, 60))
        .collect();
        blocks.push(Block::Fact(self.words.service, service.join(" · ")));
        let mut ids = Vec::new();
        if let [group] = groups {
            ids.push(format!("{} {}", self.words.id, short_id(group)));
        }
        ids.push(clock(self.digest.sent_at(), None, self.language));
        ids.push(format!(
            "{} {}",
            self.words.message,
            self.line(self.digest.id(), 36)
        ));
        blocks.push(Block::Note(ids.join(" · ")));
    }
}

/// `+N` where a list was cut.
fn push_more(list: &mut Vec<String>, all: usize, shown: usize) {
    let more = all.saturating_sub(shown);
    if more > 0 {
        list.push(format!("+{more}"));
    }
}

/// Eight digits of a fingerprint, behind its version: enough for people to tell kinds apart.
fn short_id(group: &Group) -> String {
    let whole = group.fingerprint().to_string();
    whole.get(2..10).unwrap_or(&whole).to_owned()
}
