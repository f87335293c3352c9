//! Not public API: what reads bytes of strangers, for the fuzz targets. Each function takes anything and must
//! not panic; what comes out is judged by the targets.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::robot::{self, Form, Reply, Robot, kinds};
use crate::{Digest, DigestKind, Fingerprint, Group, Language, Place, Severity, Unlisted};

const NOW: Duration = Duration::from_secs(1_795_392_000);

fn kind(name: &str) -> Option<&'static crate::RobotKind> {
    kinds().find(|kind| kind.name() == name)
}

/// A message of this kind of robot about failures whose every text is one of these, in turn. The first byte
/// chooses form, language and why it is sent. `None` when it cannot be written.
#[must_use]
pub fn message(name: &str, choice: u8, texts: &[String]) -> Option<Vec<u8>> {
    let kind = kind(name)?;
    let robot = Robot::new(kind, "http://127.0.0.1:9/bot1:x/sendMessage?chat_id=1").secret("R".repeat(32));
    let (form, language) = (
        if choice & 1 == 0 { Form::Rich } else { Form::Plain },
        if choice & 2 == 0 {
            Language::English
        } else {
            Language::Chinese
        },
    );
    let why = [
        DigestKind::First,
        DigestKind::Burst,
        DigestKind::Summary,
        DigestKind::Storm,
        DigestKind::Quiet,
        DigestKind::Test,
    ];
    let why = why.into_iter().cycle().nth(usize::from(choice >> 2))?;
    let digest = digest(why, language, texts);
    let now = UNIX_EPOCH.checked_add(NOW)?;
    let request = kind.formatter().format(&digest, &robot, form, now).ok()?;
    Some(request.body().to_vec())
}

fn digest(kind: DigestKind, language: Language, texts: &[String]) -> Digest {
    let mut all = texts.iter().cycle();
    let mut next = || all.next().cloned().unwrap_or_default();
    // More texts than one group holds make more groups.
    let groups = texts.len().div_ceil(8).clamp(1, 12);
    Digest {
        id: "0193a5f0c2d47b31".to_owned(),
        kind,
        language,
        service: next(),
        environment: Some(next()),
        release: None,
        host: "web-1".to_owned(),
        sent_at: SystemTime::UNIX_EPOCH,
        groups: (0..groups).map(|_| group(kind, &mut next)).collect(),
        not_shown: Vec::new(),
        unlisted: Unlisted::default(),
        over: None,
    }
}

fn group(kind: DigestKind, next: &mut impl FnMut() -> String) -> Group {
    let message = next();
    Group {
        fingerprint: Fingerprint::from_raw(7),
        kind,
        severity: Severity::Critical,
        place: Place {
            function: next(),
            module: next(),
            file: next(),
            line: 42,
            column: 17,
        },
        error_type: next(),
        chain: vec![message.clone(), next()],
        message,
        delta: 37,
        total: 1_204,
        without_detail: 1,
        first_at: SystemTime::UNIX_EPOCH,
        last_at: SystemTime::UNIX_EPOCH,
        trace_ids: vec![next()],
        fields: vec![(next(), next())],
        path: vec![next(), next()],
        stack: vec![next()],
        hosts: Vec::new(),
        is_panic: false,
        owner: Some(next()),
        // Links are the user's own, and tested apart: here nothing may become one.
        runbook: None,
        trace_url: None,
        source_url: None,
        samples: Vec::new(),
        lost_connection: false,
    }
}

/// What an answer to this kind of robot means, in words.
#[must_use]
pub fn reply(name: &str, status: u16, body: &[u8]) -> Option<String> {
    let delivery = kind(name)?.formatter().read(&Reply::new(status, body));
    let problem = delivery.problem().map(ToString::to_string);
    Some(format!("{delivery:?} {}", problem.unwrap_or_default()))
}

/// A text cut to so many bytes, and what markdown is left of one line of it.
#[must_use]
pub fn texts(text: &str, max: usize) -> (String, String, String) {
    let clean = robot::testing::clean(text);
    let cut = robot::testing::cut(&clean, max);
    let tame = robot::testing::tame(&clean);
    (clean, cut, tame)
}

/// How many groups a spool file holds; `None` when it is none.
#[cfg(feature = "spool")]
#[must_use]
pub fn spool(bytes: &[u8]) -> Option<usize> {
    let now = UNIX_EPOCH.checked_add(NOW)?;
    crate::spool::parse(bytes, now).map(|kept| kept.groups.len())
}
