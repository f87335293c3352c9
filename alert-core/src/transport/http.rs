//! The HTTP sender: one client, built at the first message, inside the dispatcher's runtime.

use core::time::Duration;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt;

use super::{Sending, Transport, TransportError};
use crate::robot::{Reply, Request, host_of};

/// Alerts are rare and a connection the vendor has closed meanwhile costs one, so idle ones go soon.
const IDLE: Duration = Duration::from_secs(10);
/// No answer of a robot is longer than this.
const MAX_BODY: usize = 64 * 1024;
/// The longest `Retry-After` believed.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// Sends by HTTP/1.1. A host on this machine is reached directly, any other through the proxy the
/// environment names.
pub(crate) struct Http {
    timeout: Duration,
    connect_timeout: Duration,
    clients: Mutex<Clients>,
}

/// Built when first needed: a service whose functions never fail loads no certificates.
#[derive(Default)]
struct Clients {
    local: Option<Client>,
    remote: Option<Client>,
}

impl Http {
    pub(crate) fn new(timeout: Duration, connect_timeout: Duration) -> Self {
        Self {
            timeout,
            connect_timeout,
            clients: Mutex::default(),
        }
    }

    fn client(&self, url: &str) -> Result<Client, TransportError> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let local = !url.starts_with("https:") && is_this_machine(host_of(url));
        let place = if local {
            &mut clients.local
        } else {
            &mut clients.remote
        };
        if let Some(client) = place {
            return Ok(client.clone());
        }
        let client = self.build(local)?;
        *place = Some(client.clone());
        Ok(client)
    }

    fn build(&self, local: bool) -> Result<Client, TransportError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let tls = tls.and_then(|tls| {
            if local {
                // Plain HTTP only, so there is nothing to trust and nothing to load.
                return Ok(tls
                    .with_root_certificates(rustls::RootCertStore::empty())
                    .with_no_client_auth());
            }
            Ok(tls.with_platform_verifier()?.with_no_client_auth())
        });
        let tls = tls.map_err(|error| TransportError::new("tls", format!("set up TLS: {error}")))?;
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls)
            .timeout(self.timeout)
            .connect_timeout(self.connect_timeout)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(1)
            // A redirect would hand the body, or the token in a Referer, to somebody else.
            .redirect(Policy::none())
            .referer(false)
            // Another crate of the program may have switched these on: an answer is never expanded.
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd()
            .http1_only()
            .user_agent(concat!("alert-core/", env!("CARGO_PKG_VERSION")));
        if local {
            builder = builder.no_proxy();
        }
        builder.build().map_err(|error| explain(&error))
    }
}

impl Transport for Http {
    fn send(&self, request: Request) -> Sending {
        let client = self.client(request.url.expose());
        Box::pin(async move {
            let client = client?;
            let mut builder = client.post(request.url.expose()).body(request.body);
            for (name, value) in request.headers {
                builder = builder.header(name, value);
            }
            // A request that reuses a connection the server has just closed is sent again by the client, as
            // long as no byte of a reply came.
            let response = builder
                .send()
                .await
                .map_err(|error| explain(&error.without_url()))?;
            read(response).await
        })
    }
}

async fn read(mut response: Response) -> Result<Reply, TransportError> {
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
    let now = SystemTime::now();
    let mut reply = Reply {
        status: response.status().as_u16(),
        retry_after: header("retry-after").and_then(|value| wait(value, now)),
        clock_skew: header("date").and_then(|value| skew(value, now)),
        body: Vec::new(),
    };
    while let Some(part) = response
        .chunk()
        .await
        .map_err(|error| explain(&error.without_url()))?
    {
        let room = MAX_BODY.saturating_sub(reply.body.len());
        reply
            .body
            .extend_from_slice(part.get(..room.min(part.len())).unwrap_or_default());
        if part.len() >= room {
            break;
        }
    }
    Ok(reply)
}

/// `Retry-After` as seconds or as an HTTP date. What is neither, or past, is not believed.
fn wait(value: &str, now: SystemTime) -> Option<Duration> {
    let wait = match value.trim().parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => httpdate::parse_http_date(value).ok()?.duration_since(now).ok()?,
    };
    Some(wait.min(LONGEST_WAIT))
}

/// Seconds the other clock is ahead of ours.
fn skew(date: &str, now: SystemTime) -> Option<i64> {
    let theirs = httpdate::parse_http_date(date).ok()?;
    let seconds = |length: Duration| i64::try_from(length.as_secs()).unwrap_or(i64::MAX);
    match theirs.duration_since(now) {
        Ok(ahead) => Some(seconds(ahead)),
        Err(behind) => Some(seconds(behind.duration()).saturating_neg()),
    }
}

/// What went wrong in one line: the innermost cause says most, and none of them holds the URL.
fn explain(error: &reqwest::Error) -> TransportError {
    let code = if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "connect"
    } else if error.is_builder() {
        "request"
    } else {
        "http"
    };
    let mut text = match code {
        "timeout" => "no answer in time".to_owned(),
        "connect" => "no connection".to_owned(),
        "request" => "no valid request".to_owned(),
        _ => "a broken exchange".to_owned(),
    };
    let mut source = core::error::Error::source(error);
    let mut innermost = None;
    while let Some(cause) = source {
        innermost = Some(cause.to_string());
        source = cause.source();
    }
    if let Some(innermost) = innermost.filter(|innermost| !innermost.contains("://")) {
        text.push_str(": ");
        text.push_str(&innermost);
    }
    TransportError::new(code, text)
}

fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests;
