//! One configured chat destination.

use core::fmt;

use super::address::host_of;
use super::{Form, Mention, Pace, RobotKind, Who};
use crate::Severity;
use crate::secret::Secret;

/// One configured chat destination: its kind, its URL, and what its group asks for.
///
/// ```
/// use alert_core::{Mention, Robot, Severity};
///
/// let robot = Robot::dingtalk("https://oapi.dingtalk.com/robot/send?access_token=0123")
///     .secret("SEC4567")
///     .name("payments")
///     .mention(Mention::mobile("13800000000").from(Severity::Critical));
/// assert!(!format!("{robot:?}").contains("0123"), "a robot never shows its token");
/// ```
#[derive(Clone)]
pub struct Robot {
    kind: &'static RobotKind,
    url: Secret,
    secret: Option<Secret>,
    keyword: Option<String>,
    name: Option<String>,
    mentions: Vec<Mention>,
    form: Form,
    fallback: Option<Box<Robot>>,
    pace: Option<Pace>,
    monthly: Option<u32>,
}

impl Robot {
    /// A robot of this kind. For kinds of other crates; the built-in ones have functions of their own.
    #[must_use]
    pub fn new(kind: &'static RobotKind, url: impl Into<String>) -> Self {
        Self {
            kind,
            url: Secret::new(url),
            secret: None,
            keyword: None,
            name: None,
            mentions: Vec::new(),
            form: Form::Rich,
            fallback: None,
            pace: None,
            monthly: None,
        }
    }

    /// A DingTalk custom robot: `https://oapi.dingtalk.com/robot/send?access_token=..`.
    #[cfg(feature = "dingtalk")]
    #[must_use]
    pub fn dingtalk(url: impl Into<String>) -> Self {
        Self::new(&super::dingtalk::KIND, url)
    }

    /// A Feishu or Lark custom bot: `https://open.feishu.cn/open-apis/bot/v2/hook/..`.
    #[cfg(feature = "feishu")]
    #[must_use]
    pub fn feishu(url: impl Into<String>) -> Self {
        Self::new(&super::feishu::KIND, url)
    }

    /// A WeCom group robot: `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=..`.
    #[cfg(feature = "wecom")]
    #[must_use]
    pub fn wecom(url: impl Into<String>) -> Self {
        Self::new(&super::wecom::KIND, url)
    }

    /// A Slack incoming webhook: `https://hooks.slack.com/services/T../B../..`.
    #[cfg(feature = "slack")]
    #[must_use]
    pub fn slack(url: impl Into<String>) -> Self {
        Self::new(&super::slack::KIND, url)
    }

    /// A Discord webhook: `https://discord.com/api/webhooks/../..`.
    #[cfg(feature = "discord")]
    #[must_use]
    pub fn discord(url: impl Into<String>) -> Self {
        Self::new(&super::discord::KIND, url)
    }

    /// A Telegram bot and a chat: `https://api.telegram.org/bot../sendMessage?chat_id=..`.
    #[cfg(feature = "telegram")]
    #[must_use]
    pub fn telegram(url: impl Into<String>) -> Self {
        Self::new(&super::telegram::KIND, url)
    }

    /// A Microsoft Teams workflow: the URL of its webhook trigger.
    #[cfg(feature = "teams")]
    #[must_use]
    pub fn teams(url: impl Into<String>) -> Self {
        Self::new(&super::teams::KIND, url)
    }

    /// A PagerDuty service: `https://events.pagerduty.com/v2/enqueue`, with the integration's routing key as
    /// its [`secret`](Self::secret).
    #[cfg(feature = "pagerduty")]
    #[must_use]
    pub fn pagerduty(url: impl Into<String>) -> Self {
        Self::new(&super::pagerduty::KIND, url)
    }

    /// An HTTP endpoint of your own: gets every message as JSON, as `docs/webhook.schema.json` says.
    #[must_use]
    pub fn webhook(url: impl Into<String>) -> Self {
        Self::new(&super::webhook::KIND, url)
    }

    /// The secret its messages are signed with. Taken whole: no prefix is expected. Not signed
    /// unless set.
    #[must_use]
    pub fn secret(self, secret: impl Into<String>) -> Self {
        Self {
            secret: Some(Secret::new(secret)),
            ..self
        }
    }

    /// The keyword its group demands in every message (DingTalk, Feishu). It is put into each title.
    /// None unless set.
    #[must_use]
    pub fn keyword(self, keyword: impl Into<String>) -> Self {
        Self {
            keyword: Some(keyword.into()),
            ..self
        }
    }

    /// What it is called in errors and counters. Its kind unless set.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            ..self
        }
    }

    /// Someone to notify by name. Nobody unless set; may be said several times. Nothing in the text of an error can
    /// notify anybody.
    #[must_use]
    pub fn mention(mut self, mention: Mention) -> Self {
        self.mentions.push(mention);
        self
    }

    /// Plain text. The vendor's rich form unless set, and plain text when that is refused.
    #[must_use]
    pub fn plain_text(self) -> Self {
        Self {
            form: Form::Plain,
            ..self
        }
    }

    /// How many messages it may get, in place of its vendor's number: less where several processes share the
    /// robot, more where the vendor agreed to more. From 1 message, in a window of 1 s to a day.
    #[must_use]
    pub fn pace(self, pace: Pace) -> Self {
        Self {
            pace: Some(pace),
            ..self
        }
    }

    /// How many messages it gets at most within any 30 days of this process, from 1. No limit unless set. Once it is
    /// used up only severe failures are told, and the rest when there is room again.
    #[must_use]
    pub fn monthly_budget(self, messages: u32) -> Self {
        Self {
            monthly: Some(messages),
            ..self
        }
    }

    pub(crate) fn own_pace(&self) -> Pace {
        self.pace.unwrap_or_else(|| self.kind.formatter().pace())
    }

    pub(crate) fn budget(&self) -> Option<u32> {
        self.monthly
    }

    /// The robot that is told instead while this one refuses, is throttled or cannot be reached. A fallback
    /// may have one of its own. None unless set: what a robot does not take waits for it.
    #[must_use]
    pub fn fallback(mut self, robot: Robot) -> Self {
        match self.fallback.take() {
            Some(next) => self.fallback = Some(Box::new(next.fallback(robot))),
            None => self.fallback = Some(Box::new(robot)),
        }
        self
    }

    /// This robot, then its fallbacks in order.
    pub(crate) fn chain(&self) -> impl Iterator<Item = &Robot> {
        core::iter::successors(Some(self), |robot| robot.fallback.as_deref())
    }

    /// The name of its kind, such as `dingtalk`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.kind.name()
    }

    /// What it is called in errors and counters.
    #[must_use]
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or_else(|| self.kind())
    }

    /// The name it was given.
    pub(crate) fn own_name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Where its messages go.
    #[must_use]
    pub fn url(&self) -> &Secret {
        &self.url
    }

    /// The secret its messages are signed with.
    #[must_use]
    pub fn signing_secret(&self) -> Option<&Secret> {
        self.secret.as_ref()
    }

    /// The keyword its group demands.
    #[must_use]
    pub fn required_keyword(&self) -> Option<&str> {
        self.keyword.as_deref()
    }

    /// Everybody it may ever have to notify.
    pub(super) fn all_mentions(&self) -> impl Iterator<Item = &Who> {
        self.mentions.iter().map(Mention::who)
    }

    /// Whom to notify in a message of this severity.
    pub(crate) fn mentioned(&self, severity: Severity) -> impl Iterator<Item = &Who> {
        self.mentions
            .iter()
            .filter(move |mention| mention.applies(severity))
            .map(Mention::who)
    }

    pub(crate) fn form(&self) -> Form {
        self.form
    }

    pub(crate) fn robot_kind(&self) -> &'static RobotKind {
        self.kind
    }
}

impl fmt::Debug for Robot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Robot")
            .field("kind", &self.kind())
            .field("name", &self.label())
            .field("host", &host_of(self.url.expose()))
            .finish_non_exhaustive()
    }
}
