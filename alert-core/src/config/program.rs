//! What the program is: who speaks in the messages, from where, and what they link to.

use super::Config;
use crate::digest::Language;

impl Config {
    /// Where it runs, such as `prod`. Left out of the messages unless set.
    #[must_use]
    pub fn environment(self, environment: impl Into<String>) -> Self {
        Self {
            environment: Some(environment.into()),
            ..self
        }
    }

    /// Which version of it runs, such as `1.4.2`. Left out of the messages unless set.
    #[must_use]
    pub fn release(self, release: impl Into<String>) -> Self {
        Self {
            release: Some(release.into()),
            ..self
        }
    }

    /// The commit it was built from, such as `env!("GIT_COMMIT")` of a build script. `ALERT_COMMIT` in the
    /// environment unless set.
    #[must_use]
    pub fn commit(self, commit: impl Into<String>) -> Self {
        Self {
            commit: Some(commit.into()),
            ..self
        }
    }

    /// The machine's name. Found out unless set: `HOSTNAME`, then what the system says.
    #[must_use]
    pub fn host(self, host: impl Into<String>) -> Self {
        Self {
            host: Some(host.into()),
            ..self
        }
    }

    /// The language of the messages. English unless set.
    #[must_use]
    pub fn language(self, language: Language) -> Self {
        Self { language, ..self }
    }

    /// Where a trace can be looked at: an address with `{trace_id}` in it, such as
    /// `https://traces.example.com/{trace_id}`. Alerts then carry the link as the field `trace`. No link unless set.
    #[must_use]
    pub fn trace_url(self, template: impl Into<String>) -> Self {
        Self {
            trace_url: Some(template.into()),
            ..self
        }
    }

    /// Where the source can be looked at: an address with `{file}`, and if wanted `{line}` and `{commit}`, such
    /// as `https://git.example.com/shop/blob/{commit}/{file}#L{line}`. Alerts then carry the link as the field
    /// `source`. Without a known [`commit`](Self::commit) an address that asks for one gives no link. No
    /// link unless set.
    #[must_use]
    pub fn source_url(self, template: impl Into<String>) -> Self {
        Self {
            source_url: Some(template.into()),
            ..self
        }
    }
}
