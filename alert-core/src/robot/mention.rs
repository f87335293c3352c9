//! Someone a robot notifies by name.

use crate::Severity;

/// Someone to notify by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    who: Who,
    at_least: Severity,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Mobile(String),
    User(String),
    All,
}

impl Mention {
    /// By mobile number (DingTalk, WeCom). For critical alerts unless [`from`](Self::from) says otherwise.
    #[must_use]
    pub fn mobile(number: impl Into<String>) -> Self {
        Self {
            who: Who::Mobile(number.into()),
            at_least: Severity::Critical,
        }
    }

    /// By the vendor's user id (DingTalk `userId`, Feishu `open_id`, WeCom `userid`, Slack member id,
    /// Discord user id, Telegram user name).
    #[must_use]
    pub fn user(id: impl Into<String>) -> Self {
        Self {
            who: Who::User(id.into()),
            at_least: Severity::Critical,
        }
    }

    /// Everybody in the group.
    #[must_use]
    pub fn all() -> Self {
        Self {
            who: Who::All,
            at_least: Severity::Critical,
        }
    }

    /// In messages of this severity or above. `Severity::Critical` unless set.
    #[must_use]
    pub fn from(self, severity: Severity) -> Self {
        Self {
            at_least: severity,
            ..self
        }
    }

    pub(crate) fn who(&self) -> &Who {
        &self.who
    }

    pub(crate) fn applies(&self, severity: Severity) -> bool {
        severity >= self.at_least
    }
}
