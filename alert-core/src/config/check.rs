//! What can be found wrong with a configuration before anything is sent.

use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::UNIX_EPOCH;

use super::{CONNECT_TIMEOUT, Config};
use crate::digest::{Digest, DigestKind, Unlisted};
use crate::error::ConfigError;
use crate::robot::{Robot, host_of, kinds, says};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Config {
    /// Every mistake at once, each with the setting it belongs to.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let mut problems = self.problems.clone();
        // What is no table at all stands at no place.
        let told = |setting: &str| setting.is_empty() || ["service", "ALERT_SERVICE"].contains(&setting);
        if self.service.trim().is_empty() && !problems.problems().any(|(setting, _)| told(setting)) {
            problems.add(
                "service",
                "is empty; give the service's name, as in `Config::new(\"checkout\")`",
            );
        }
        let told = |setting: &str| setting.starts_with("ALERT_ROBOTS") || setting.starts_with("robot");
        if self.robots.is_empty() && !problems.problems().any(|(setting, _)| told(setting)) {
            problems.add(
                "robot",
                "there is none; add one, as in `.robot(Robot::dingtalk(url))`",
            );
        }
        if !(1..=100_000).contains(&self.capacity) {
            let given = self.capacity;
            problems.add(
                "channel_capacity",
                format!("{given} is out of range; give 1 to 100000"),
            );
        }
        let limit = Duration::from_secs(60);
        for (setting, value) in [
            ("timeout", self.timeout),
            ("connect_timeout", self.connect_timeout),
        ] {
            if value.is_zero() || value > limit {
                problems.add(
                    setting,
                    format!("{value:?} is out of range; give up to {limit:?}"),
                );
            }
        }
        // Unless it was set, it may well be longer: it never holds beyond the other.
        let in_range = |value: Duration| !value.is_zero() && value <= limit;
        let both_in_range = in_range(self.timeout) && in_range(self.connect_timeout);
        if both_in_range && self.connect_timeout > self.timeout && self.connect_timeout != CONNECT_TIMEOUT {
            problems.add(
                "connect_timeout",
                format!(
                    "is longer than `timeout`, {:?}; give no more than that",
                    self.timeout
                ),
            );
        }
        self.check_program(&mut problems);
        for (setting, policy) in self.all_policies() {
            policy.check(&setting, &mut problems);
        }
        for name in self.routes.iter().flat_map(|route| &route.to) {
            self.check_name(name, &mut problems);
        }
        if self.silences.iter().any(|silence| silence.length.is_zero()) {
            problems.add("silence", "lasts no time at all; give it a length");
        }
        if let Some(hours) = &self.quiet_hours {
            hours.check(&mut problems);
        }
        let all: Vec<&Robot> = self.robots.iter().flat_map(Robot::chain).collect();
        for (at, robot) in all.iter().enumerate() {
            let before = problems.problems().count();
            check_robot(robot, &mut problems);
            // What follows from another mistake is no news.
            if problems.problems().count() == before {
                self.check_test_message(robot, &mut problems);
            }
            let has_name_of =
                |earlier: &&Robot| robot.own_name().is_some() && earlier.own_name() == robot.own_name();
            if all.iter().take(at).any(has_name_of) {
                problems.add(
                    setting(robot),
                    "has the same name as an earlier robot; give each one of its own",
                );
            }
            if all.iter().take(at).any(|earlier| earlier.url() == robot.url()) {
                problems.add(
                    setting(robot),
                    "has the same URL as an earlier robot; every alert would come twice",
                );
            }
        }
        problems.or(())
    }

    /// What the program says of itself, and the links.
    fn check_program(&self, problems: &mut ConfigError) {
        for (setting, name) in [
            ("environment", &self.environment),
            ("release", &self.release),
            ("host", &self.host),
            ("commit", &self.commit),
        ] {
            if name.as_ref().is_some_and(|name| name.trim().is_empty()) {
                problems.add(setting, "is empty; give it a name, or leave it out");
            }
        }
        for (setting, template, part) in [
            ("trace_url", &self.trace_url, "{trace_id}"),
            ("source_url", &self.source_url, "{file}"),
        ] {
            let Some(template) = template else { continue };
            if !template.contains(part) {
                problems.add(
                    setting,
                    format!("has no `{part}`; every alert would carry the same link"),
                );
            }
            if !template.starts_with("https://") && !template.starts_with("http://") {
                problems.add(setting, "is no address; begin it with `https://`");
            }
        }
        #[cfg(feature = "spool")]
        if let Some(spool) = self
            .spool
            .as_ref()
            .filter(|spool| spool.is_file() || spool.as_os_str().is_empty())
        {
            let spool = spool.display();
            problems.add(
                "spool",
                format!("`{spool}` is no directory; give one, which need not exist yet"),
            );
        }
    }

    /// The name in a route has to be that of one robot.
    fn check_name(&self, name: &str, problems: &mut ConfigError) {
        let named = self.robots.iter().filter(|robot| robot.label() == name).count();
        let main_of = |robot: &&Robot| robot.chain().skip(1).any(|spare| spare.label() == name);
        let problem = match (named, self.robots.iter().find(main_of)) {
            (1, _) => return,
            (0, Some(main)) => {
                let main = main.label();
                format!("`{name}` is a fallback; lead to `{main}`, which it stands in for")
            }
            (0, None) => {
                let known: Vec<_> = self.robots.iter().map(Robot::label).collect();
                format!("no robot is named `{name}`; there are {}", known.join(", "))
            }
            (named, _) => {
                format!("{named} robots are named `{name}`; give each a name of its own with `.name(..)`")
            }
        };
        problems.add("route", problem);
    }

    /// Writes a test message, to see that it can be written and that the keyword is in it. A formatter that
    /// panics is contained here and whenever it does so later.
    fn check_test_message(&self, robot: &Robot, problems: &mut ConfigError) {
        let digest = Digest {
            id: "test".to_owned(),
            kind: DigestKind::Test,
            language: self.language,
            service: self.service.clone(),
            environment: self.environment.clone(),
            release: self.release.clone(),
            host: self.host.clone().unwrap_or_default(),
            sent_at: UNIX_EPOCH,
            groups: Vec::new(),
            not_shown: Vec::new(),
            unlisted: Unlisted::default(),
            over: None,
        };
        let formatter = robot.robot_kind().formatter();
        let written = catch_unwind(AssertUnwindSafe(|| {
            formatter.format(&digest, robot, robot.form(), UNIX_EPOCH)
        }));
        let keyword = robot.required_keyword().filter(|word| !word.trim().is_empty());
        match (written, keyword) {
            (Ok(Err(error)), _) => problems.add(setting(robot), format!("cannot write to it: {error}")),
            (Ok(Ok(request)), Some(keyword)) if !says(request.body(), keyword) => problems.add(
                setting(robot),
                format!(
                    "the keyword `{keyword}` is not in what a robot of kind `{}` is sent; leave it out",
                    robot.kind()
                ),
            ),
            _ => {}
        }
    }
}

fn setting(robot: &Robot) -> String {
    format!("robot {}", robot.label())
}

fn check_robot(robot: &Robot, problems: &mut ConfigError) {
    let url = robot.url().expose();
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    if !matches!(scheme, "http" | "https") || host_of(url).is_empty() || url.contains(char::is_whitespace) {
        problems.add(
            setting(robot),
            "its URL is not one; give the whole webhook address, `https://..`",
        );
        return;
    }
    check_limits(robot, problems);
    let asked = catch_unwind(AssertUnwindSafe(|| {
        robot.robot_kind().formatter().mistakes(robot)
    }));
    for mistake in asked.unwrap_or_default() {
        problems.add(setting(robot), mistake);
    }
    let host = host_of(url);
    if let Some(other) = kinds().find(|kind| kind.name() != robot.kind() && kind.serves(host)) {
        problems.add(
            setting(robot),
            format!(
                "host `{host}` belongs to {}, not to {}",
                other.name(),
                robot.kind()
            ),
        );
    }
    if let Some(secret) = robot.signing_secret() {
        let secret = secret.expose();
        if secret.is_empty() {
            problems.add(
                setting(robot),
                "its secret is empty; leave it out for a robot that does not sign",
            );
        } else if secret.contains("://") {
            problems.add(
                setting(robot),
                "its secret is a URL; give the signing secret of its security settings",
            );
        } else if secret.trim() != secret {
            problems.add(
                setting(robot),
                "its secret begins or ends with a blank; copy it again",
            );
        }
    }
    if robot
        .required_keyword()
        .is_some_and(|keyword| keyword.trim().is_empty())
    {
        problems.add(
            setting(robot),
            "its keyword is empty; leave it out for a robot that demands none",
        );
    }
}

/// How many messages it may get: by its own pace or its vendor's, and by the month.
fn check_limits(robot: &Robot, problems: &mut ConfigError) {
    // The first call of what may be a stranger's code.
    let Ok(pace) = catch_unwind(AssertUnwindSafe(|| robot.own_pace())) else {
        let kind = robot.kind();
        return problems.add(
            setting(robot),
            format!("the formatter of kind `{kind}` panicked when asked for its pace"),
        );
    };
    let mut limit = |name: &str, is_in_range: bool, given: String, range: &str| {
        if !is_in_range {
            problems.add(
                format!("robot {}.{name}", robot.label()),
                format!("{given} is out of range; give {range}"),
            );
        }
    };
    let messages = pace.messages();
    let range = "1 to 1000000 messages";
    limit(
        "pace",
        (1..=1_000_000).contains(&messages),
        messages.to_string(),
        range,
    );
    let window = pace.window();
    let is_in_range = (SECOND..=DAY).contains(&window);
    limit("pace.window", is_in_range, format!("{window:?}"), "1s to a day");
    let per_second = pace.limit_per_second();
    limit(
        "pace.per_second",
        per_second > 0,
        per_second.to_string(),
        "1 or more",
    );
    let cool_down = pace.pause();
    let is_in_range = (SECOND..=HOUR).contains(&cool_down);
    limit(
        "pace.cool_down",
        is_in_range,
        format!("{cool_down:?}"),
        "1s to an hour",
    );
    if let Some(budget) = robot.budget() {
        limit(
            "monthly_budget",
            budget > 0,
            budget.to_string(),
            "1 or more, or leave it out",
        );
    }
}

#[cfg(test)]
mod tests;
