//! What an alert tells beside the failure: where and in which build it happened, and links to its trace and source.

use core::fmt::Write as _;
use std::env;

use crate::config::Config;
use crate::digest::Place;
use crate::event::Event;

/// Where this process runs and what it was built from.
#[derive(Debug)]
pub(crate) struct Around {
    pod: Option<String>,
    pid: String,
    commit: Option<String>,
}

impl Around {
    /// Asks the environment: `POD_NAME` and `POD_NAMESPACE`, as the downward API of Kubernetes sets them, and
    /// `ALERT_COMMIT`.
    pub(crate) fn new(config: &Config) -> Self {
        Self::of(config.commit.clone(), |name| {
            env::var(name).ok().filter(|value| !value.is_empty())
        })
    }

    fn of(commit: Option<String>, variable: impl Fn(&str) -> Option<String>) -> Self {
        let pod = variable("POD_NAME").map(|pod| match variable("POD_NAMESPACE") {
            Some(namespace) => format!("{namespace}/{pod}"),
            None => pod,
        });
        Self {
            pod,
            pid: std::process::id().to_string(),
            commit: commit.or_else(|| variable("ALERT_COMMIT")),
        }
    }

    /// Name and text of each field. Of two of one name the first is kept: what the attribute says, then the
    /// innermost span.
    pub(crate) fn fields(&self, event: &Event, place: &Place, config: &Config) -> Vec<(String, String)> {
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut add = |name: &str, text: String| {
            if !fields.iter().any(|(known, _)| known == name) {
                fields.push((name.to_owned(), text));
            }
        };
        for (name, text) in event.details.fields() {
            add(name, text.clone());
        }
        let surroundings = &event.context.surroundings;
        for (name, text) in surroundings.fields() {
            add(name, text.to_owned());
        }
        let runner = &event.context.runner;
        let thread = match &event.panic {
            Some(panic) => Some(panic.thread.as_str()),
            None => runner.thread(),
        };
        if let Some(thread) = thread {
            add("thread", thread.to_owned());
        }
        if let Some(task) = runner.task() {
            add("task", task);
        }
        let (trace, source) = self.links(event, place, config);
        for (name, url) in [("trace", trace), ("source", source)] {
            if let Some(url) = url {
                add(name, url);
            }
        }
        if let Some(pod) = &self.pod {
            add("pod", pod.clone());
        }
        add("pid", self.pid.clone());
        if let Some(commit) = &self.commit {
            add("commit", commit.clone());
        }
        fields
    }

    /// The links to the trace and to the source: of the user's templates, whatever fields of that name a
    /// failure brings.
    pub(crate) fn links(
        &self,
        event: &Event,
        place: &Place,
        config: &Config,
    ) -> (Option<String>, Option<String>) {
        let trace = config
            .trace_url
            .as_deref()
            .zip(event.context.surroundings.trace_id());
        let source = config.source_url.as_deref();
        (
            trace.map(|(template, id)| template.replace("{trace_id}", &encoded(id))),
            source.and_then(|template| self.source(template, place)),
        )
    }

    /// The link to a line. `None` for a file of another project, and where the template names a commit that
    /// nobody knows.
    fn source(&self, template: &str, place: &Place) -> Option<String> {
        let is_ours = !place.file.is_empty() && !place.file.starts_with('/') && !place.file.contains(':');
        let commit = match &self.commit {
            Some(commit) => commit,
            None if template.contains("{commit}") => return None,
            None => "",
        };
        is_ours.then(|| {
            template
                .replace("{commit}", &encoded(commit))
                .replace("{file}", &encoded(&place.file.replace('\\', "/")))
                .replace("{line}", &place.line.to_string())
        })
    }
}

/// A text as a part of a URL's path or query.
fn encoded(text: &str) -> String {
    let mut url = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            url.push(char::from(byte));
        } else {
            let _infallible = write!(url, "%{byte:02X}");
        }
    }
    url
}

#[cfg(test)]
mod tests;
