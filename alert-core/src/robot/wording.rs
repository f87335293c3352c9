//! The words of messages, in both languages.

use super::text::{clock, number};
use crate::{Digest, DigestKind, Group, Language, NotShown, Over, Severity};

/// The labels of a message's facts.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) causes: &'static str,
    pub(super) place: &'static str,
    pub(super) often: &'static str,
    pub(super) trace: &'static str,
    /// Before the samples of a group of many variants.
    pub(super) variants: &'static str,
    pub(super) path: &'static str,
    pub(super) kind: &'static str,
    pub(super) fields: &'static str,
    pub(super) stack: &'static str,
    pub(super) service: &'static str,
    pub(super) hosts: &'static str,
    pub(super) owner: &'static str,
    pub(super) runbook: &'static str,
    pub(super) trace_link: &'static str,
    pub(super) source_link: &'static str,
    pub(super) not_shown: &'static str,
    /// Before a failure's own words, where they have a name.
    pub(super) error: &'static str,
    /// Before a list of kinds of failure.
    pub(super) kinds: &'static str,
    /// Before the small print.
    pub(super) notes: &'static str,
    /// Before the short id of a kind of failure.
    pub(super) id: &'static str,
    /// Before the id of the message.
    pub(super) message: &'static str,
    /// Between a label and its value.
    pub(super) colon: &'static str,
    /// Between the parts of a list.
    pub(super) comma: &'static str,
}

const ENGLISH: Words = Words {
    causes: "Caused by",
    place: "Where",
    often: "How often",
    trace: "Trace",
    variants: "Many variants, such as",
    path: "Path",
    kind: "Type",
    fields: "Fields",
    stack: "Stack",
    service: "Service",
    hosts: "Hosts",
    owner: "Owner",
    runbook: "Runbook",
    trace_link: "Open trace",
    source_link: "Open source",
    not_shown: "Not shown",
    error: "Error",
    kinds: "Kinds of failure",
    notes: "Notes",
    id: "kind",
    message: "message",
    colon: ": ",
    comma: ", ",
};

const CHINESE: Words = Words {
    causes: "原因",
    place: "位置",
    often: "次数",
    trace: "链路 ID",
    variants: "多种变体，例如",
    path: "路径",
    kind: "类型",
    fields: "字段",
    stack: "堆栈",
    service: "服务",
    hosts: "主机",
    owner: "负责人",
    runbook: "处理手册",
    trace_link: "查看链路",
    source_link: "查看源码",
    not_shown: "未展示",
    error: "错误",
    kinds: "故障类别",
    notes: "备注",
    id: "类别",
    message: "消息",
    colon: "：",
    comma: "，",
};

/// The labels in this language.
pub(super) const fn words(language: Language) -> &'static Words {
    match language {
        Language::English => &ENGLISH,
        Language::Chinese => &CHINESE,
    }
}

/// The word for a severity.
pub(super) const fn severity(severity: Severity, language: Language) -> &'static str {
    match (language, severity) {
        (Language::English, Severity::Info) => "Info",
        (Language::English, Severity::Warning) => "Warning",
        (Language::English, Severity::Error) => "Error",
        (Language::English, Severity::Critical) => "Critical",
        (Language::Chinese, Severity::Info) => "提示",
        (Language::Chinese, Severity::Warning) => "警告",
        (Language::Chinese, Severity::Error) => "错误",
        (Language::Chinese, Severity::Critical) => "严重",
    }
}

/// A coloured mark, for chats whose text has no colour.
pub(super) const fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "🔵",
        Severity::Warning => "🟡",
        Severity::Error => "🟠",
        Severity::Critical => "🔴",
    }
}

/// The mark of a whole message: a green one when a burst is over, a white one for a test.
pub(super) fn message_mark(digest: &Digest) -> &'static str {
    match digest.kind() {
        DigestKind::Quiet => "🟢",
        DigestKind::Test => "⚪",
        _ => mark(digest.severity()),
    }
}

/// What happened, in a title: one kind of failure.
pub(super) fn one(kind: DigestKind, function: &str, group: &Group, language: Language) -> String {
    let delta = number(group.delta());
    let total = number(group.total());
    let panic = group.is_panic();
    // A policy may list a failure in a digest first of all: that is no "again".
    let is_news = group.delta() == group.total();
    match language {
        Language::English => {
            let (once, often) = if panic {
                ("panicked", "keeps panicking")
            } else {
                ("failed", "keeps failing")
            };
            match kind {
                DigestKind::First => format!("{function} {once}"),
                DigestKind::Summary if is_news && group.delta() == 1 => format!("{function} {once}"),
                DigestKind::Summary if is_news => format!("{function} {once} ×{delta}"),
                DigestKind::Burst | DigestKind::Storm => format!("{function} {often}, ×{delta}"),
                DigestKind::Summary if group.delta() == 1 => format!("{function} {once} again"),
                DigestKind::Summary => format!("{function} {once} ×{delta} more"),
                DigestKind::Quiet => format!("{function} is quiet again after ×{total}"),
                DigestKind::Test => format!("test of {function}"),
            }
        }
        Language::Chinese => {
            let what = if panic { "panic" } else { "失败" };
            match kind {
                DigestKind::First => format!("{function} {what}"),
                DigestKind::Burst | DigestKind::Storm => format!("{function} 频繁{what} {delta} 次"),
                DigestKind::Summary if is_news => format!("{function} {what} {delta} 次"),
                DigestKind::Summary => format!("{function} 又{what} {delta} 次"),
                DigestKind::Quiet => format!("{function} 已平静，共 {total} 次"),
                DigestKind::Test => format!("测试 {function}"),
            }
        }
    }
}

/// What happened, in a title: several kinds of failure, or none.
pub(super) fn many(digest: &Digest) -> String {
    if let Some(over) = digest.over() {
        return storm_over(digest, over);
    }
    let groups = u64::try_from(digest.groups().len())
        .unwrap_or(u64::MAX)
        .saturating_add(digest.unlisted().groups());
    let (kinds, delta) = (number(groups), number(digest.delta()));
    match digest.language() {
        Language::English => match digest.kind() {
            DigestKind::First => format!("{kinds} new kinds of failure, ×{delta}"),
            DigestKind::Burst => format!("{kinds} kinds of failure in bursts, ×{delta}"),
            DigestKind::Summary => format!("{kinds} kinds of failure, ×{delta} more"),
            DigestKind::Storm => format!("storm of {kinds} kinds of failure, ×{delta}"),
            DigestKind::Quiet => format!("{kinds} kinds of failure are quiet again"),
            DigestKind::Test => "test message".to_owned(),
        },
        Language::Chinese => match digest.kind() {
            DigestKind::First => format!("新增 {kinds} 类故障，共 {delta} 次"),
            DigestKind::Burst => format!("{kinds} 类故障频发，共 {delta} 次"),
            DigestKind::Summary => format!("{kinds} 类故障，新增 {delta} 次"),
            DigestKind::Storm => format!("故障风暴 {kinds} 类，共 {delta} 次"),
            DigestKind::Quiet => format!("{kinds} 类故障已平静"),
            DigestKind::Test => "测试消息".to_owned(),
        },
    }
}

/// What a storm was, in the title of the message that tells of its end.
fn storm_over(digest: &Digest, over: Over) -> String {
    let (kinds, failures) = (number(over.kinds()), number(over.failures()));
    let since = clock(over.since(), Some(digest.sent_at()), digest.language());
    match digest.language() {
        Language::English => format!("storm is over: {kinds} kinds of failure, ×{failures}, since {since}"),
        Language::Chinese => format!("风暴结束：{kinds} 类故障，共 {failures} 次，始于 {since}"),
    }
}

/// How often, and since when.
pub(super) fn often(digest: &Digest, group: &Group) -> String {
    let language = digest.language();
    let today = Some(digest.sent_at());
    let first = clock(group.first_at(), today, language);
    let last = clock(group.last_at(), today, language);
    let (delta, total) = (number(group.delta()), number(group.total()));
    let all_new = group.delta() == group.total();
    let blind = match group.without_detail() {
        0 => String::new(),
        blind if language == Language::English => format!(" (incl. +{} without detail)", number(blind)),
        blind => format!("（其中 +{} 次无详情）", number(blind)),
    };
    match language {
        Language::English => {
            let count = match group.delta() {
                1 if all_new => return format!("once, at {last}{blind}"),
                0 => format!("×{total} in total"),
                _ if all_new => format!("×{delta}"),
                _ => format!("×{delta} new, ×{total} in total"),
            };
            let until = if first == last {
                String::new()
            } else {
                format!(", last {last}")
            };
            format!("{count}{blind}, since {first}{until}")
        }
        Language::Chinese => {
            let count = match group.delta() {
                1 if all_new => return format!("1 次，{last}{blind}"),
                0 => format!("共 {total} 次"),
                _ if all_new => format!("{delta} 次"),
                _ => format!("新增 {delta} 次，共 {total} 次"),
            };
            let until = if first == last {
                String::new()
            } else {
                format!("，最近 {last}")
            };
            format!("{count}{blind}，始于 {first}{until}")
        }
    }
}

/// How often, in a few characters: `×37` of a total of `1,204`.
pub(super) fn count(group: &Group) -> String {
    let (delta, total) = (number(group.delta()), number(group.total()));
    match group.delta() {
        0 => format!("×{total}"),
        delta_raw if delta_raw == group.total() => format!("×{delta}"),
        _ => format!("×{delta} / {total}"),
    }
}

/// What was held back or lost, by reason.
pub(super) fn reason(why: NotShown, n: u64, language: Language) -> String {
    let count = number(n);
    match language {
        Language::English => {
            let (failures, messages) = if n == 1 {
                ("failure", "message")
            } else {
                ("failures", "messages")
            };
            match why {
                NotShown::QueueFull => format!("{count} {failures} without detail (queue full)"),
                NotShown::Reentrant => format!("{count} {failures} during the capture of another"),
                NotShown::Refused => format!("{count} {messages} the robot refused"),
                NotShown::Failed => format!("{count} {messages} that could not be delivered"),
                NotShown::Silenced => format!("{count} {failures} silenced"),
                NotShown::Symptoms => {
                    format!("{count} {failures} that wait as likely symptoms of a lost connection")
                }
                NotShown::Evicted => format!("{count} {failures} without a kind of their own (memory bound)"),
                NotShown::SpoolBound => {
                    format!("{count} {failures} of an earlier run (too old, or no room in the spool)")
                }
            }
        }
        Language::Chinese => match why {
            NotShown::QueueFull => format!("{count} 次无详情（队列已满）"),
            NotShown::Reentrant => format!("{count} 次发生在捕获其他故障时"),
            NotShown::Refused => format!("{count} 条消息被机器人拒绝"),
            NotShown::Failed => format!("{count} 条消息未能送达"),
            NotShown::Silenced => format!("{count} 次被静默"),
            NotShown::Symptoms => format!("{count} 次疑似连接中断的连带故障，暂缓通知"),
            NotShown::Evicted => format!("{count} 次未单独归类（内存上限）"),
            NotShown::SpoolBound => format!("{count} 次来自上次运行（过旧或缓存已满）"),
        },
    }
}

/// The groups that are counted but not listed, and what they add to the message.
pub(super) fn unlisted(groups: u64, delta: u64, language: Language) -> String {
    let (kinds, count) = (number(groups), number(delta));
    match language {
        Language::English => {
            let more = if groups == 1 { "more kind" } else { "more kinds" };
            let count = if delta == 0 {
                String::new()
            } else {
                format!(", ×{count}")
            };
            format!("+{kinds} {more} of failure{count}, not listed")
        }
        Language::Chinese => {
            let count = if delta == 0 {
                String::new()
            } else {
                format!("，共 {count} 次")
            };
            format!("另有 {kinds} 类故障{count}，未列出")
        }
    }
}

/// What is not listed of one module.
pub(super) fn module(name: &str, kinds: u64, failures: u64, language: Language) -> String {
    let (kinds, failures) = (number(kinds), number(failures));
    match language {
        Language::English => format!("{name}: {kinds} kinds ×{failures}"),
        Language::Chinese => format!("{name}：{kinds} 类 ×{failures}"),
    }
}

/// What a test message says.
pub(super) const fn test(language: Language) -> &'static str {
    match language {
        Language::English => "This robot works. Alerts of this service will appear here.",
        Language::Chinese => "机器人工作正常，本服务的告警将发送到这里。",
    }
}
