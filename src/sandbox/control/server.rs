//! Serves the control API: finds the route, checks the request, reads its body.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderValue};
use http::request::Parts;
use http::{HeaderMap, StatusCode};

use super::document::document;
use super::error::ControlError;
use super::reply::{Handled, into_http};
use super::request::ControlRequest;
use super::route::Route;
use super::routes::ROUTES;
use super::shared::{REQUEST_LIMIT, Shared};
use crate::sandbox::context::Context;

/// Start of every path.
const PREFIX: &str = "/_sandbox/";

/// Limit for a body that may have media: 8 MiB.
const LARGE_BODY: usize = 8 * 1024 * 1024;

/// Limit for any other body.
const SMALL_BODY: usize = 64 * 1024;

/// Time in which a body must arrive.
const BODY_TIME: Duration = Duration::from_secs(30);

/// Control API of one sandbox.
pub(crate) struct Control {
    shared: Arc<Shared>,
}

impl Control {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self {
            shared: Arc::new(Shared::new(context, document(ROUTES))),
        }
    }

    /// Reports whether a path belongs to the control API.
    pub(crate) fn has_path(path: &str) -> bool {
        path.starts_with(PREFIX)
    }

    /// Ends streams and waits, so that the server can stop.
    pub(crate) fn stop(&self) {
        self.shared.stopping.send_replace(true);
    }

    /// Handles a request that has passed the access check.
    pub(crate) async fn serve(&self, parts: Parts, body: Body) -> Response {
        let Ok(_permit) = self.shared.requests.try_acquire() else {
            let message = format!(
                "{REQUEST_LIMIT} requests are in progress; end some that wait, and try again"
            );
            return into_http(Err(ControlError::busy(message)));
        };
        match find(parts.uri.path(), parts.method.as_str()) {
            Ok((route, values)) => tokio::select! {
                handled = self.handle(route, values, &parts, body) => into_http(handled),
                () = self.shared.stopped() => {
                    let message = "the sandbox is stopping; start it again";
                    into_http(Err(ControlError::busy(message)))
                }
            },
            Err(response) => *response,
        }
    }

    async fn handle(
        &self,
        route: &Route,
        path_values: Vec<String>,
        parts: &Parts,
        body: Body,
    ) -> Handled {
        if route.verb.has_body() {
            check_content_type(&parts.headers)?;
        }
        // Held until the answer, because the body may live that long.
        let _large = if may_be_large(route, &parts.headers) {
            self.shared.large_requests.acquire().await.ok()
        } else {
            None
        };
        let request = ControlRequest {
            shared: Arc::clone(&self.shared),
            base_url: base_url(&parts.headers, &self.shared.context),
            headers: parts.headers.clone(),
            path_values,
            query: parts.uri.query().unwrap_or_default().to_owned(),
            body: read_body(route, body).await?,
        };
        (route.handler)(&request).await
    }
}

/// Finds the route of a path and a method. Returns the values of the parameters in the path.
fn find(path: &str, method: &str) -> Result<(&'static Route, Vec<String>), Box<Response>> {
    let path = path.strip_prefix(PREFIX).unwrap_or_default();
    let segments: Vec<&str> = path.split('/').collect();
    let mut methods = Vec::new();
    for route in ROUTES {
        let Some(values) = route.match_path(&segments) else {
            continue;
        };
        if route.verb.as_str() == method {
            return Ok((route, values.into_iter().map(unescape).collect()));
        }
        methods.push(route.verb.as_str());
    }
    if methods.is_empty() {
        let message =
            format!("there is no path {PREFIX}{path}; `GET {PREFIX}openapi.json` lists all paths");
        let error = ControlError::not_found("unknown_path", message);
        return Err(Box::new(into_http(Err(error))));
    }
    let methods = methods.join(", ");
    let message = format!("the path has no method {method}; it has {methods}");
    let status = StatusCode::METHOD_NOT_ALLOWED;
    let error = ControlError::new(status, "method_not_allowed", message);
    let mut response = into_http(Err(error));
    if let Ok(methods) = HeaderValue::from_str(&methods) {
        response.headers_mut().insert(ALLOW, methods);
    }
    Err(Box::new(response))
}

/// Rejects a body of another type than JSON. An HTML form of a web page can send none.
fn check_content_type(headers: &HeaderMap) -> Result<(), ControlError> {
    let value = headers.get(CONTENT_TYPE);
    let value = value.and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next());
    if essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json")) {
        return Ok(());
    }
    let message = "the header Content-Type must be application/json, also for a body of `{}`";
    let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    Err(ControlError::new(status, "not_json", message))
}

/// Reports whether the body of a request may be large. Small bodies do not wait for large ones.
fn may_be_large(route: &Route, headers: &HeaderMap) -> bool {
    let length = headers.get(CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    route.is_large && length.is_none_or(|length| length > SMALL_BODY)
}

async fn read_body(route: &Route, body: Body) -> Result<Bytes, ControlError> {
    let limit = if route.is_large {
        LARGE_BODY
    } else {
        SMALL_BODY
    };
    let read = tokio::time::timeout(BODY_TIME, axum::body::to_bytes(body, limit));
    let read = read.await.map_err(|_| {
        let message = "the body did not arrive within 30 seconds; send it whole";
        ControlError::new(StatusCode::REQUEST_TIMEOUT, "body_timeout", message)
    })?;
    read.map_err(|_| {
        let message = format!("the body has more than {limit} bytes, or broke off");
        ControlError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", message)
    })
}

/// Returns the base URL that the client used.
fn base_url(headers: &HeaderMap, context: &Context) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    host.map_or_else(|| context.base_url.clone(), |host| format!("http://{host}"))
}

/// Returns a segment of a path without its percent escapes. A plus is a plus.
fn unescape(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = (*first == b'%').then(|| hex_byte(after)).flatten();
        if let Some(byte) = escaped {
            bytes.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits.get(..2)?).ok()?;
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_hex
        .then(|| u8::from_str_radix(digits, 16).ok())
        .flatten()
}
