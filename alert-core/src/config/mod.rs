//! From settings to a checked configuration; every mistake is reported at once.

mod check;
mod delivery;
mod env;
mod grouping;
mod hours;
mod matcher;
mod names;
mod plain;
mod policy;
mod program;
mod route;
#[cfg(feature = "serde")]
mod settings;

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

pub(crate) use env::is_disabled;
pub use grouping::GroupBy;
pub use hours::QuietHours;
pub use matcher::Matcher;
pub use policy::Policy;
pub(crate) use policy::PolicyKind;
pub use route::Route;

use crate::Severity;
use crate::channel::DEFAULT_CAPACITY;
use crate::digest::Language;
use crate::error::{ConfigError, Error};
use crate::fingerprint::Rules;
use crate::robot::Robot;
use crate::silence::Silence;
use crate::transport::Transport;

/// How long connecting may take unless set.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// What [`init`](crate::init) needs to know.
///
/// ```
/// use alert_core::{Config, Policy, Robot};
///
/// let config = Config::new("checkout")
///     .environment("prod")
///     .release("1.4.2")
///     .policy(Policy::threshold())
///     .robot(Robot::webhook("https://alerts.example.com/in").secret("not shown"));
/// ```
#[derive(Clone)]
pub struct Config {
    pub(crate) service: String,
    pub(crate) environment: Option<String>,
    pub(crate) release: Option<String>,
    pub(crate) host: Option<String>,
    pub(crate) language: Language,
    pub(crate) robots: Vec<Robot>,
    pub(crate) policy: Arc<Policy>,
    pub(crate) policies: Vec<(Severity, Arc<Policy>)>,
    pub(crate) routes: Vec<Route>,
    pub(crate) silences: Vec<Silence>,
    pub(crate) quiet_hours: Option<QuietHours>,
    pub(crate) group_by: GroupBy,
    pub(crate) rules: Rules,
    /// Failures whose messages are compared as they are.
    pub(crate) raw: Vec<Matcher>,
    pub(crate) mutes_symptoms: bool,
    pub(crate) capacity: usize,
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    /// The directory of the spool. Stays `None` without the feature.
    pub(crate) spool: Option<std::path::PathBuf>,
    pub(crate) verifies: bool,
    pub(crate) on_error: Option<Hook>,
    pub(crate) scrubs: Vec<crate::scrub::Rule>,
    pub(crate) transport: Option<Arc<dyn Transport>>,
    pub(crate) all_panics: bool,
    /// Severities by the name of the error's type.
    pub(crate) severities: Vec<(&'static str, Severity)>,
    pub(crate) commit: Option<String>,
    pub(crate) trace_url: Option<String>,
    pub(crate) source_url: Option<String>,
    /// Mistakes found while it was put together; `init` reports them with its own.
    pub(crate) problems: ConfigError,
}

/// Called on the dispatcher's thread for each failure of ours.
pub(crate) type Hook = Arc<dyn Fn(&Error) + Send + Sync>;

impl Config {
    /// A configuration for the service of this name. It needs at least one robot.
    #[must_use]
    pub fn new(service: impl Into<String>) -> Self {
        Self {
            service: service.into(),
            environment: None,
            release: None,
            host: None,
            language: Language::default(),
            robots: Vec::new(),
            policy: Arc::default(),
            policies: Vec::new(),
            routes: Vec::new(),
            silences: Vec::new(),
            quiet_hours: None,
            group_by: GroupBy::default(),
            rules: Rules::default(),
            raw: Vec::new(),
            mutes_symptoms: false,
            capacity: DEFAULT_CAPACITY,
            timeout: Duration::from_secs(4),
            connect_timeout: CONNECT_TIMEOUT,
            spool: None,
            verifies: false,
            on_error: None,
            scrubs: Vec::new(),
            transport: None,
            all_panics: false,
            severities: Vec::new(),
            commit: None,
            trace_url: None,
            source_url: None,
            problems: ConfigError::default(),
        }
    }

    /// Adds a robot. Each gets every alert, unless a [`route`](Self::route) says otherwise.
    #[must_use]
    pub fn robot(mut self, robot: Robot) -> Self {
        self.robots.push(robot);
        self
    }

    /// When a group of failures speaks. [`Policy::first_then_summary`] unless set.
    #[must_use]
    pub fn policy(self, policy: Policy) -> Self {
        Self {
            policy: Arc::new(policy),
            ..self
        }
    }

    /// The policy for failures of one severity, in place of the general one. None has its own unless set; a second
    /// call for the same severity replaces the first.
    #[must_use]
    pub fn policy_for(mut self, severity: Severity, policy: Policy) -> Self {
        self.policies.retain(|(known, _)| *known != severity);
        self.policies.push((severity, Arc::new(policy)));
        self
    }

    /// Adds a route. They are asked in the order they were added; without any, every robot gets every alert.
    #[must_use]
    pub fn route(mut self, route: Route) -> Self {
        self.routes.push(route);
        self
    }

    /// Adds a silence that holds from the start. [`silence`](crate::silence) adds one while the program runs.
    #[must_use]
    pub fn silence(mut self, silence: Silence) -> Self {
        self.silences.push(silence);
        self
    }

    /// Keeps what is not severe for a digest at the end of these hours. None unless set.
    #[must_use]
    pub fn quiet_hours(self, hours: QuietHours) -> Self {
        Self {
            quiet_hours: Some(hours),
            ..self
        }
    }

    /// While a connection is lost, what is not severe waits for that alert's next summary, or until it failed
    /// no more for a minute: it is most likely a symptom. Nothing is hidden, only told together, and until then each message
    /// of the lost connection says how many failures wait. Off unless set.
    #[must_use]
    pub fn mute_symptoms(self, mute: bool) -> Self {
        Self {
            mutes_symptoms: mute,
            ..self
        }
    }

    /// With mistakes that were found elsewhere.
    pub(crate) fn with_problems(mut self, found: &ConfigError) -> Self {
        for (setting, problem) in found.problems() {
            self.problems.add(setting, problem);
        }
        self
    }

    /// The policy for a severity.
    pub(crate) fn policy_of(&self, severity: Severity) -> &Arc<Policy> {
        let own = self.policies.iter().find(|(known, _)| *known == severity);
        own.map_or(&self.policy, |(_, policy)| policy)
    }

    /// Every policy something may follow, each with the name of its setting.
    pub(super) fn all_policies(&self) -> impl Iterator<Item = (String, &Policy)> {
        let of_severities = self.policies.iter();
        let of_severities =
            of_severities.map(|(severity, policy)| (format!("policy_for.{severity}"), &**policy));
        let of_routes = self.routes.iter().enumerate();
        let of_routes =
            of_routes.filter_map(|(at, route)| Some((format!("route[{at}].policy"), route.policy.as_ref()?)));
        core::iter::once(("policy".to_owned(), &*self.policy))
            .chain(of_severities)
            .chain(of_routes)
    }

    /// Adds a rule that takes a secret out of a text: the program's own, beside the built-in ones for passwords,
    /// tokens, keys and credentials in URLs. It gets every text of a failure that leaves, fields, stack and what the
    /// spool keeps among them, already without what the built-in rules know, and gives back what may be shown.
    ///
    /// Runs on the dispatcher's thread each time a text is shown, never on the failing one. If it panics, that text
    /// is withheld. What it returns is taken as it is; one that blocks holds up all messages.
    ///
    /// ```
    /// use alert_core::Config;
    /// use std::borrow::Cow;
    ///
    /// let config = Config::new("checkout").scrub(|text| match text.split_once("card ") {
    ///     Some((before, _)) => Cow::Owned(format!("{before}card ***")),
    ///     None => Cow::Borrowed(text),
    /// });
    /// ```
    #[must_use]
    pub fn scrub(
        mut self,
        rule: impl for<'a> Fn(&'a str) -> std::borrow::Cow<'a, str> + Send + Sync + 'static,
    ) -> Self {
        self.scrubs.push(Arc::new(rule));
        self
    }

    /// How severe a failure is that returns an error of this type, whatever the attribute says. It also decides
    /// about lost connections, which are severe otherwise. Unless set, the attribute decides.
    ///
    /// The type is that which the function returns: a cause inside has no say, and of a report such as
    /// `anyhow::Error` the type is the report's. `severity_by` of the attribute looks into an error.
    ///
    /// ```
    /// use alert_core::{Config, Severity};
    ///
    /// let config = Config::new("checkout").severity_of::<std::io::Error>(Severity::Warning);
    /// ```
    #[must_use]
    pub fn severity_of<E: ?Sized>(mut self, severity: Severity) -> Self {
        self.severities.push((core::any::type_name::<E>(), severity));
        self
    }

    /// What [`severity_of`](Self::severity_of) says of a type; its latest word.
    pub(crate) fn severity_of_type(&self, name: &str) -> Option<Severity> {
        let known = self.severities.iter().rev();
        known
            .filter(|(known, _)| *known == name)
            .map(|(_, severity)| *severity)
            .next()
    }

    /// Whether panics outside annotated functions are reported too: in spawned tasks, blocking calls and plain
    /// threads. `false` unless set.
    ///
    /// They are then reported by the panic hook, which cannot know whether the program is going to catch them:
    /// a panic caught on purpose is reported as well.
    #[must_use]
    pub fn report_all_panics(self, all: bool) -> Self {
        Self {
            all_panics: all,
            ..self
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("service", &self.service)
            .field("environment", &self.environment)
            .field("release", &self.release)
            .field("robots", &self.robots)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
