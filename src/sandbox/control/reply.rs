//! Responses of the control API: JSON, and the headers that each response has.

use axum::body::Body;
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, StatusCode};
use serde::Serialize;

use super::error::ControlError;

/// A successful response.
pub(super) struct Reply {
    status: StatusCode,
    media_type: &'static str,
    body: Body,
}

pub(super) type Handled = Result<Reply, ControlError>;

const JSON: &str = "application/json";

impl Reply {
    /// Returns a value with the status 200.
    pub(super) fn ok(value: &impl Serialize) -> Handled {
        Self::json(StatusCode::OK, value)
    }

    /// Returns a new entity with the status 201.
    pub(super) fn created(value: &impl Serialize) -> Handled {
        Self::json(StatusCode::CREATED, value)
    }

    /// Returns an entity whose work follows later, with the status 202.
    pub(super) fn accepted(value: &impl Serialize) -> Handled {
        Self::json(StatusCode::ACCEPTED, value)
    }

    /// Returns the status 204, without a body.
    pub(super) fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            media_type: JSON,
            body: Body::empty(),
        }
    }

    /// Returns JSON that was written before.
    pub(super) fn written(json: bytes::Bytes) -> Self {
        Self {
            status: StatusCode::OK,
            media_type: JSON,
            body: Body::from(json),
        }
    }

    /// Returns a stream of server-sent events.
    pub(super) const fn events(body: Body) -> Self {
        Self {
            status: StatusCode::OK,
            media_type: "text/event-stream",
            body,
        }
    }

    fn json(status: StatusCode, value: &impl Serialize) -> Handled {
        let body = serde_json::to_vec(value).map_err(|_| {
            let message = "the answer cannot be written as JSON; please report this";
            ControlError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
        })?;
        Ok(Self {
            status,
            media_type: JSON,
            body: Body::from(body),
        })
    }
}

/// Builds the HTTP response.
pub(super) fn into_http(result: Handled) -> Response {
    let reply = result.unwrap_or_else(|error| {
        let status = error.status;
        // Two texts always make JSON.
        let body = serde_json::to_vec(&error.into_body()).unwrap_or_default();
        Reply {
            status,
            media_type: JSON,
            body: Body::from(body),
        }
    });
    let mut response = Response::new(reply.body);
    *response.status_mut() = reply.status;
    set_headers(response.headers_mut(), reply.media_type);
    response
}

fn set_headers(headers: &mut HeaderMap, media_type: &'static str) {
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}
