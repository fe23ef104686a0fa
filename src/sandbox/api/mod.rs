//! The 2010 REST API on loopback: who may ask, for what, and how answers and errors look.

mod bindings;
mod calls;
mod form;
mod messages;
mod page;

use std::fmt;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use self::bindings::Kind;
pub(super) use self::bindings::configure;
use self::form::Form;
use super::store::World;

/// More than any request of this API holds.
const BODY_LIMIT: usize = 1024 * 1024;

/// What a request comes to: a resource, or nothing after a delete.
type Outcome = Result<(StatusCode, Value), ApiError>;

/// An error as Twilio answers it.
///
/// Source: <https://www.twilio.com/docs/usage/twilios-response#response-formats-exceptions>
pub(super) struct ApiError {
    status: StatusCode,
    code: u32,
    message: String,
}

impl ApiError {
    /// A request that Twilio refuses with 400.
    fn refused(code: u32, message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code,
            message: message.into(),
        }
    }

    fn not_found(path: &str) -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            code: 20404,
            message: format!("The requested resource {path} was not found"),
        }
    }

    fn wrong_method() -> Self {
        Self {
            status: StatusCode::METHOD_NOT_ALLOWED,
            code: 20004,
            message: "Method not allowed".to_owned(),
        }
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The message may hold what was sent.
        write!(f, "ApiError({}, {})", self.status.as_u16(), self.code)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Twilio would answer with error {}", self.code)
    }
}

impl std::error::Error for ApiError {}

/// A request, read: its path, its query and its form.
struct Asked<'a> {
    method: Method,
    path: &'a str,
    query: Form,
    form: Form,
}

/// Answers one request.
pub(super) async fn serve(State(world): State<Arc<World>>, request: Request) -> Response {
    let outcome = handle(&world, request).await;
    answer(&world, outcome)
}

async fn handle(world: &Arc<World>, request: Request) -> Outcome {
    let (parts, body) = request.into_parts();
    if !is_signed_in(world, parts.headers.get(AUTHORIZATION)) {
        return Err(ApiError {
            status: StatusCode::UNAUTHORIZED,
            code: 20003,
            message: "Authenticate".to_owned(),
        });
    }
    let body = axum::body::to_bytes(body, BODY_LIMIT)
        .await
        .map_err(|_| ApiError {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            code: 20413,
            message: "The request body is too large".to_owned(),
        })?;
    // Twilio reads forms and nothing else: parameters of another type do not arrive.
    let is_form = parts
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
    route(
        world,
        &Asked {
            method: parts.method,
            path: parts.uri.path(),
            query: Form::read(parts.uri.query().unwrap_or_default().as_bytes()),
            form: Form::read(if is_form { &body } else { &[] }),
        },
    )
}

fn is_signed_in(world: &World, header: Option<&HeaderValue>) -> bool {
    let given = header
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Basic "))
        .and_then(|value| STANDARD.decode(value.trim()).ok());
    let Some(given) = given.and_then(|given| String::from_utf8(given).ok()) else {
        return false;
    };
    // No secrets worth a constant-time comparison: the sandbox makes them up and hands them out.
    given.split_once(':').is_some_and(|(user, password)| {
        (user == world.account_sid.as_str() && password == world.auth_token.expose())
            || world.read(|state| {
                let mut keys = state.keys.iter();
                keys.any(|(sid, secret)| user == sid.as_str() && password == secret.expose())
            })
    })
}

fn route(world: &Arc<World>, asked: &Asked<'_>) -> Outcome {
    let not_found = || ApiError::not_found(asked.path);
    let account = format!("/2010-04-01/Accounts/{}/", world.account_sid);
    let rest = asked
        .path
        .strip_prefix(&account)
        .and_then(|rest| rest.strip_suffix(".json"))
        .ok_or_else(not_found)?;
    let (resource, sid) = match rest.split_once('/') {
        Some((resource, sid)) => (resource, Some(sid)),
        None => (rest, None),
    };
    match resource {
        "Messages" => messages::route(world, asked, sid),
        "Calls" => calls::route(world, asked, sid),
        "IncomingPhoneNumbers" => bindings::route(world, asked, Kind::Number, sid),
        "Applications" => bindings::route(world, asked, Kind::Application, sid),
        _ => Err(not_found()),
    }
}

fn answer(world: &World, outcome: Outcome) -> Response {
    let (status, value) = match outcome {
        Ok(answer) => answer,
        Err(error) => {
            let code = error.code;
            let value = json!({
                "code": code,
                "message": error.message,
                "more_info": format!("https://www.twilio.com/docs/errors/{code}"),
                "status": error.status.as_u16(),
            });
            (error.status, value)
        }
    };
    let body = if value.is_null() {
        Body::empty()
    } else {
        Body::from(value.to_string())
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/json;charset=utf-8"),
    );
    if let Ok(id) = HeaderValue::from_str(&format!("RQ{}", world.fresh_digits())) {
        headers.insert("twilio-request-id", id);
    }
    headers.insert("twilio-concurrent-requests", HeaderValue::from_static("1"));
    if status == StatusCode::UNAUTHORIZED {
        let realm = HeaderValue::from_static("Basic realm=\"Twilio API\"");
        headers.insert(WWW_AUTHENTICATE, realm);
    }
    response
}
