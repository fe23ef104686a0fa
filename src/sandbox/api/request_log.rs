//! Log of the requests to the API, with their responses.

use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use serde_json::Value;
use tokio::time::Instant;

use super::form::Form;
use crate::sandbox::context::Context;
use crate::sandbox::state::{FaultId, GroupId, ReceivedRequest, logged_body};
use crate::types::Redacted;

/// Parameters whose values are secrets.
const SECRET_PARAMETERS: [&str; 3] = ["ClientSecret", "client_secret", "refresh_token"];
/// Fields of responses whose values are secrets.
const SECRET_FIELDS: [&str; 8] = [
    "access_token",
    "auth_token",
    "client_secret",
    "credential",
    "password",
    "refresh_token",
    "secondary_auth_token",
    "secret",
];
const REDACTED: &str = "[redacted]";
/// Bytes of parameters that the log keeps of one request; no valid one has as many.
const LOGGED_PARAMETERS: usize = 32 * 1024;
/// Bytes for which each parameter counts beside its text.
const PAIR: usize = 48;

/// A request in the log, or a reading that is added with its response.
pub(super) enum RequestLog {
    /// Nothing follows from a reading, so it is added with its response.
    Read(Box<ReceivedRequest>, Instant),
    Other(GroupId, u64, Instant),
}

/// What the log keeps of a response.
pub(super) struct LoggedResponse {
    pub(super) fault: Option<FaultId>,
    /// `None` if the connection was reset.
    pub(super) status: Option<u16>,
    /// Real time that the response is still delayed.
    pub(super) delay: Duration,
}

/// Returns the parameters that the log keeps: those that fit, without secrets. A request that is
/// refused for its size would else take a megabyte, for as long as the history has it.
fn logged<'a>(fields: impl Iterator<Item = &'a (String, String)>) -> Vec<(String, String)> {
    let mut left = LOGGED_PARAMETERS;
    let mut logged = Vec::new();
    for (name, value) in fields {
        let is_secret = SECRET_PARAMETERS.contains(&name.as_str());
        let value = if is_secret { REDACTED } else { value };
        let name = start_of(name, left);
        left = left.saturating_sub(PAIR + name.len());
        let value = start_of(value, left);
        left -= value.len();
        logged.push((name, value));
        if left == 0 {
            break;
        }
    }
    logged
}

/// Returns the characters of the first `length` bytes.
fn start_of(text: &str, length: usize) -> String {
    let mut ends = (0..=length.min(text.len())).rev();
    let end = ends.find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or_default())
        .unwrap_or_default()
        .to_owned()
}

impl RequestLog {
    /// Adds a request to the log, unless it only reads.
    pub(super) fn begin(context: &Context, parts: &Parts, form: &Form) -> Self {
        let query = Form::read(parts.uri.query().unwrap_or_default().as_bytes());
        let fields = query.fields().iter().chain(form.fields());
        let (method, path) = (parts.method.as_str(), parts.uri.path());
        let request = ReceivedRequest::new(method, path, logged(fields), context.now());
        let started = Instant::now();
        if request.is_read() {
            return Self::Read(Box::new(request), started);
        }
        let (group, id) = context.update(|state| {
            let limit = state.history_limit;
            state.timeline.begin_request(request, limit)
        });
        Self::Other(group, id, started)
    }

    /// Runs the work of a request. What it starts belongs to the group of the request.
    pub(super) fn run<R>(&self, work: impl FnOnce() -> R) -> R {
        match self {
            Self::Read(..) => work(),
            Self::Other(group, ..) => Context::because_of(*group, work),
        }
    }

    /// Adds the response to the log, and returns it.
    pub(super) async fn end(
        self,
        context: &Context,
        response: Response,
        logged: LoggedResponse,
    ) -> Response {
        let media_type = response.headers().get(CONTENT_TYPE);
        let media_type = media_type.and_then(|value| value.to_str().ok());
        let media_type = media_type.map(str::to_owned);
        let is_text = media_type
            .as_deref()
            .is_some_and(|it| it.starts_with("application/json") || it.starts_with("text/"));
        let (parts, body) = response.into_parts();
        // In memory already, so this neither waits nor fails.
        let body = axum::body::to_bytes(body, usize::MAX).await;
        let body = body.unwrap_or_default();
        let kept = if is_text {
            logged_body(without_secrets(&body).as_deref().unwrap_or(&body))
        } else {
            String::new()
        };
        let set = |request: &mut ReceivedRequest, started: Instant| {
            request.status = logged.status;
            request.duration = Some(started.elapsed() + logged.delay);
            request.fault = logged.fault;
            request.response_type = media_type;
            request.response_body = Redacted::new(kept);
        };
        context.update(|state| match self {
            Self::Read(mut request, started) => {
                set(&mut request, started);
                state.timeline.add_read(*request, state.history_limit);
            }
            Self::Other(_, id, started) => {
                state.timeline.end_request(id, |it| set(it, started));
            }
        });
        Response::from_parts(parts, Body::from(body))
    }
}

/// Returns a JSON body without secrets; `None` if it has none.
fn without_secrets(body: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(body).ok()?;
    let has_secret = |field: &&&str| text.contains(**field);
    SECRET_FIELDS.iter().find(has_secret)?;
    let mut json: Value = serde_json::from_str(text).ok()?;
    redact(&mut json);
    Some(json.to_string().into_bytes())
}

fn redact(json: &mut Value) {
    match json {
        Value::Array(items) => items.iter_mut().for_each(redact),
        Value::Object(fields) => {
            for (name, value) in fields {
                if SECRET_FIELDS.contains(&name.as_str()) && value.is_string() {
                    *value = REDACTED.into();
                } else {
                    redact(value);
                }
            }
        }
        _ => {}
    }
}
