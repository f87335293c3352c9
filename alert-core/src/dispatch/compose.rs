//! From groups to a digest.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use super::around::Around;
use super::group::{Count, Group, Key};
use super::outbox::SINGLES;
use super::stack;
use super::storm::{STORM, Storm};
use crate::config::Config;
use crate::digest::{self, Digest, DigestKind, NotShown, Over, Place, Unlisted};
use crate::event::Event;
use crate::robot::{Robot, secrets_of, without};
use crate::scrub;
use crate::secret::Secret;

/// How many of the groups, sorted, go into one message: a few severe ones go each alone and so do a few others;
/// many share, severe or not, since one cause can make a hundred functions fail at once. `together`, what waited for
/// one moment is told in one message.
pub(crate) fn groups_in_one(sorted: &[(Key, DigestKind, &Group)], urgent: bool, together: bool) -> usize {
    let severe = sorted
        .iter()
        .take_while(|(_, kind, group)| group.is_urgent(*kind))
        .count();
    let alone = !urgent && (1..=SINGLES).contains(&severe);
    let few = severe == 0 && sorted.len() <= SINGLES && !together;
    if alone || few { 1 } else { sorted.len() }
}

/// For robots that open and close something for each kind of failure: one kind a message. A storm is one
/// message still, but what is over is told by itself, or nothing would close it.
pub(crate) fn keep_one_subject(sorted: &mut Vec<(Key, DigestKind, &Group)>) {
    let is_over = |kind: DigestKind| kind == DigestKind::Quiet;
    if sorted.len() > STORM && sorted.first().is_some_and(|(_, kind, _)| !is_over(*kind)) {
        sorted.retain(|(_, kind, _)| !is_over(*kind));
    } else {
        sorted.truncate(1);
    }
}

/// What every digest of this process says about where it comes from.
#[derive(Debug)]
pub(crate) struct Composer {
    /// Of every robot: none may be in a message to another.
    secrets: Vec<Secret>,
    config: Arc<Config>,
    host: String,
    around: Around,
    /// Tells the messages of two processes apart.
    process: u32,
    composed: u64,
    /// Wall and monotonic time read together, to turn one into the other.
    clock: Option<(Instant, SystemTime)>,
}

impl Composer {
    pub(crate) fn new(config: &Arc<Config>) -> Self {
        let process = RandomState::new().hash_one(std::process::id());
        Self {
            secrets: secrets_of(config.robots.iter().flat_map(Robot::chain)),
            around: Around::new(config),
            host: config.host.clone().unwrap_or_else(host),
            config: Arc::clone(config),
            process: u32::try_from(process & u64::from(u32::MAX)).unwrap_or(0),
            composed: 0,
            clock: None,
        }
    }

    /// Tells the wall time of an instant. For display only.
    pub(crate) fn set_clock(&mut self, now: Instant, wall: SystemTime) {
        self.clock = Some((now, wall));
    }

    pub(crate) fn wall(&self, at: Instant) -> SystemTime {
        let Some((now, wall)) = self.clock else {
            return SystemTime::UNIX_EPOCH;
        };
        let past = wall.checked_sub(now.saturating_duration_since(at));
        past.and_then(|past| past.checked_add(at.saturating_duration_since(now)))
            .unwrap_or(wall)
    }

    /// A text that may leave the process.
    pub(crate) fn safe(&self, text: &str) -> String {
        scrub::text(&without(text, &self.secrets), &self.config.scrubs)
    }

    /// The value of a field, fit to leave the process.
    pub(crate) fn safe_field(&self, name: &str, value: &str) -> String {
        scrub::field(name, &without(value, &self.secrets), &self.config.scrubs)
    }

    /// A place, fit to leave the process: a function may have a name of the program's choosing.
    fn safe_place(&self, place: &Place) -> Place {
        Place {
            function: self.safe(&place.function),
            module: self.safe(&place.module),
            file: self.safe(&place.file),
            ..*place
        }
    }

    /// A message that tells of no failure.
    pub(crate) fn test(&mut self, now: Instant) -> Digest {
        self.empty(now, DigestKind::Test)
    }

    fn empty(&mut self, now: Instant, kind: DigestKind) -> Digest {
        self.composed = self.composed.saturating_add(1);
        Digest {
            id: format!("{:08x}-{}", self.process, self.composed),
            kind,
            language: self.config.language,
            service: self.config.service.clone(),
            environment: self.config.environment.clone(),
            release: self.config.release.clone(),
            host: self.host.clone(),
            sent_at: self.wall(now),
            groups: Vec::new(),
            not_shown: Vec::new(),
            unlisted: Unlisted::default(),
            over: None,
        }
    }

    /// One message about these groups, and what the robot will have been told by it.
    pub(crate) fn digest(
        &mut self,
        now: Instant,
        robot: usize,
        groups: &[(Key, DigestKind, &Group)],
        not_shown: Vec<(NotShown, u64)>,
    ) -> (Digest, Vec<(Key, Count)>) {
        let kind = match groups {
            [(_, kind, _)] => *kind,
            _ if groups.len() > STORM => DigestKind::Storm,
            _ if groups.iter().all(|(_, kind, _)| *kind == DigestKind::First) => DigestKind::First,
            _ if groups.iter().all(|(_, kind, _)| *kind == DigestKind::Quiet) => DigestKind::Quiet,
            _ => DigestKind::Summary,
        };
        let sum = |count: fn(Count) -> u64| {
            let untold = groups.iter().map(|(_, _, group)| group.untold(robot));
            untold.map(count).fold(0, u64::saturating_add)
        };
        let queue_full = sum(|untold| untold.without_detail.saturating_sub(untold.without_room));
        let counted = [
            (NotShown::QueueFull, queue_full),
            (NotShown::Evicted, sum(|untold| untold.without_room)),
        ];
        let not_shown = counted
            .into_iter()
            .chain(not_shown)
            .filter(|(_, n)| *n > 0)
            .collect();
        let groups_shown = groups
            .iter()
            .map(|(key, kind, group)| self.group(*key, *kind, group, robot))
            .collect();
        let digest = Digest {
            groups: groups_shown,
            not_shown,
            ..self.empty(now, kind)
        };
        let marks = groups.iter().map(|(key, _, group)| (*key, group.count)).collect();
        (digest, marks)
    }

    /// The message that a storm is over, with the kinds that failed most.
    pub(crate) fn end_of_storm(
        &mut self,
        now: Instant,
        robot: usize,
        storm: &Storm,
        worst: &[(Key, DigestKind, &Group)],
        not_shown: Vec<(NotShown, u64)>,
    ) -> (Digest, Vec<(Key, Count)>) {
        let (digest, marks) = self.digest(now, robot, worst, not_shown);
        let listed = u64::try_from(worst.len()).unwrap_or(u64::MAX);
        let digest = Digest {
            kind: DigestKind::Quiet,
            unlisted: Unlisted {
                groups: storm.kinds.saturating_sub(listed),
                delta: 0,
            },
            over: Some(Over {
                since: self.wall(storm.since),
                kinds: storm.kinds,
                failures: storm.failures,
            }),
            ..digest
        };
        (digest, marks)
    }

    fn group(&self, key: Key, kind: DigestKind, group: &Group, robot: usize) -> digest::Group {
        let latest = &group.latest;
        let words = latest
            .panic
            .as_ref()
            .map_or(&latest.description, |panic| &panic.message);
        let safe = |text: &str| self.safe(text);
        let chain: Vec<String> = words.links().map(safe).collect();
        let untold = group.untold(robot);
        let place = place(latest);
        let (trace_url, source_url) = self.around.links(latest, &place, &self.config);
        let fields = self.around.fields(latest, &place, &self.config);
        digest::Group {
            fingerprint: key.fingerprint,
            kind,
            severity: group.severity,
            place: self.safe_place(&place),
            error_type: safe(latest.description.type_name()),
            message: chain.first().cloned().unwrap_or_default(),
            chain,
            delta: untold.total,
            total: group.count.total,
            without_detail: untold.without_detail,
            first_at: self.wall(group.first_at),
            last_at: self.wall(group.last_at),
            trace_ids: group.trace_ids().iter().map(|id| safe(id)).collect(),
            fields: fields
                .into_iter()
                .map(|(name, value)| {
                    let value = self.safe_field(&name, &value);
                    (name, value)
                })
                .collect(),
            trace_url: trace_url.as_deref().map(safe),
            source_url: source_url.as_deref().map(safe),
            samples: group.samples().into_iter().map(safe).collect(),
            lost_connection: group.lost_connection,
            path: group.path().iter().map(|function| safe(function)).collect(),
            stack: frames(latest).iter().map(|frame| safe(frame)).collect(),
            hosts: vec![self.host.clone()],
            is_panic: latest.panic.is_some(),
            owner: latest.site.owner().map(safe),
            runbook: latest.site.runbook().map(safe),
        }
    }
}

/// The user's frames of the stack of a panic, or of the one that an error has kept itself.
fn frames(event: &Event) -> Vec<String> {
    let frames = match &event.panic {
        Some(panic) => panic.frames.clone(),
        None => event.context.stack.as_deref().map(stack::frames),
    };
    frames.unwrap_or_default()
}

/// The most exact place known: the panic's, the failing `?`, or the function.
fn place(event: &Event) -> Place {
    let site = event.site;
    if let Some(logged) = &event.context.logged {
        return Place {
            function: site.function().to_owned(),
            module: logged.target.to_owned(),
            file: logged.file.to_owned(),
            line: logged.line,
            column: 1,
        };
    }
    let (file, line, column) = match (&event.panic, event.place) {
        (Some(panic), _) if panic.line > 0 => (panic.file.as_str(), panic.line, panic.column),
        (_, Some(place)) => (place.file(), place.line(), place.column()),
        _ => (site.file(), site.line(), site.column()),
    };
    Place {
        function: site.function().to_owned(),
        module: site.module().to_owned(),
        file: file.to_owned(),
        line,
        column,
    }
}

/// The machine's name, as the environment or the system says it.
fn host() -> String {
    let from_file = |path: &str| std::fs::read_to_string(path).ok();
    ["HOSTNAME", "COMPUTERNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok())
        .or_else(|| from_file("/proc/sys/kernel/hostname"))
        .or_else(|| from_file("/etc/hostname"))
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "unknown".to_owned())
}

#[cfg(test)]
mod tests;
