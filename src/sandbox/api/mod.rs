//! Twilio's REST APIs on loopback: who may ask, for what, and how answers and errors look.

mod a2p;
mod account;
mod bindings;
mod calls;
mod form;
mod messages;
mod monitor;
mod page;
mod permissions;
mod rows;
mod services;
mod short_codes;
mod toll_free;

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderValue, WWW_AUTHENTICATE};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

pub(super) use self::bindings::{Kind, add_application, configure};
use self::form::Form;
pub(super) use self::services::{add_number, add_service, configure_service};
pub(super) use self::short_codes::{add_short_code, configure_short_code};
use super::store::World;
use crate::types::ApiKeySid;

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

    fn unauthorized() -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            code: 20003,
            message: "Authenticate".to_owned(),
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
    let (parts, body) = request.into_parts();
    if let Err(refusal) = world.access.check(&parts) {
        return refusal.into_response();
    }
    let request = Request::from_parts(parts, body);
    let outcome = handle(&world, request).await;
    answer(&world, outcome)
}

async fn handle(world: &Arc<World>, request: Request) -> Outcome {
    let (parts, body) = request.into_parts();
    let Some(who) = who_signs_in(world, parts.headers.get(AUTHORIZATION)) else {
        return Err(ApiError::unauthorized());
    };
    may_ask(world, who, parts.uri.path())?;
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

/// Who asks.
#[derive(Clone, Copy)]
enum Who {
    /// The account itself, by one of its tokens.
    Account,
    Key(ApiKeySid),
}

fn who_signs_in(world: &World, header: Option<&HeaderValue>) -> Option<Who> {
    let given = header
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Basic "))
        .and_then(|value| STANDARD.decode(value.trim()).ok())?;
    let given = String::from_utf8(given).ok()?;
    let (user, password) = given.split_once(':')?;
    // Hashes are compared, so that the time of a comparison tells nothing of the secret.
    let password_hash = Sha256::digest(password);
    let matches = |secret: &str| Sha256::digest(secret) == password_hash;
    world.read(|state| {
        let secondary = state.account.secondary_token.as_ref();
        let mut tokens = secondary.into_iter().chain([world.auth_token()]);
        if user == world.account_sid.as_str() && tokens.any(|token| matches(token.expose())) {
            return Some(Who::Account);
        }
        let mut keys = state.keys.iter();
        keys.find(|(sid, secret)| user == sid.as_str() && matches(secret.expose()))
            .map(|(sid, _)| Who::Key(*sid))
    })
}

/// What the account or the key may not ask for.
fn may_ask(world: &World, who: Who, path: &str) -> Result<(), ApiError> {
    let forbidden = world.read(|state| {
        let forbidden = &state.account.forbidden;
        let found = forbidden.iter().find(|(part, _)| path.contains(*part));
        found.map(|(_, answer)| *answer)
    });
    if let Some((status, code)) = forbidden {
        return Err(ApiError {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN),
            code,
            message: "The test forbids it".to_owned(),
        });
    }
    let Who::Key(key) = who else {
        return Ok(());
    };
    let root = format!("/2010-04-01/Accounts/{}.json", world.account_sid);
    if path == root || path == "/2010-04-01/Accounts.json" {
        // Accounts are for the auth token and for main keys, which the sandbox does not have.
        return Err(ApiError::unauthorized());
    }
    let restricted = world.read(|state| {
        let mut rules = state.account.restricted.iter();
        rules.any(|(sid, part)| *sid == key && path.contains(part))
    });
    if restricted {
        return Err(ApiError {
            status: StatusCode::FORBIDDEN,
            code: 20003,
            message: "The key may not do this".to_owned(),
        });
    }
    Ok(())
}

fn route(world: &Arc<World>, asked: &Asked<'_>) -> Outcome {
    if let Some(rest) = asked.path.strip_prefix("/v1/") {
        return route_v1(world, asked, rest);
    }
    let not_found = || ApiError::not_found(asked.path);
    if asked.path == "/2010-04-01/Accounts.json" {
        return account::route(world, asked, None);
    }
    if let Some(sid) = asked.path.strip_prefix("/2010-04-01/Accounts/")
        && let Some(sid) = sid.strip_suffix(".json").filter(|sid| !sid.contains('/'))
    {
        return account::route(world, asked, Some(sid));
    }
    let account = format!("/2010-04-01/Accounts/{}/", world.account_sid);
    let rest = asked
        .path
        .strip_prefix(&account)
        .and_then(|rest| rest.strip_suffix(".json"))
        .ok_or_else(not_found)?;
    if let Some(rest) = rest.strip_prefix("SMS/ShortCodes") {
        return short_codes::route(world, asked, rest.strip_prefix('/'));
    }
    let (resource, sid) = match rest.split_once('/') {
        Some((resource, sid)) => (resource, Some(sid)),
        None => (rest, None),
    };
    match resource {
        "Balance" => account::balance(world, asked),
        "Messages" => messages::route(world, asked, sid),
        "Calls" => calls::route(world, asked, sid),
        "IncomingPhoneNumbers" => bindings::route(world, asked, Kind::Number, sid),
        "Applications" => bindings::route(world, asked, Kind::Application, sid),
        _ => Err(not_found()),
    }
}

/// The newer hosts. Here they are one, so their resources are told apart by path alone.
fn route_v1(world: &World, asked: &Asked<'_>, path: &str) -> Outcome {
    if let Some(rest) = path.strip_prefix("Services") {
        return services::route(world, asked, rest);
    }
    if let Some(rest) = path.strip_prefix("a2p/BrandRegistrations") {
        return a2p::brands(world, asked, rest);
    }
    if let Some(rest) = path.strip_prefix("Tollfree/Verifications") {
        return toll_free::route(world, asked, rest.strip_prefix('/'));
    }
    if let Some(country) = path.strip_prefix("DialingPermissions/Countries") {
        return permissions::dialing(world, asked, country.strip_prefix('/'));
    }
    match path {
        "Messaging/GeoPermissions" => permissions::messaging(world, asked),
        "Alerts" => monitor::alerts(world, asked),
        "Events" => monitor::events(world, asked),
        _ => Err(ApiError::not_found(asked.path)),
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
    if let Some(date) = date(world) {
        headers.insert(DATE, date);
    }
    headers.insert("twilio-concurrent-requests", HeaderValue::from_static("1"));
    if status == StatusCode::UNAUTHORIZED {
        let realm = HeaderValue::from_static("Basic realm=\"Twilio API\"");
        headers.insert(WWW_AUTHENTICATE, realm);
    }
    response
}

/// The hour by the account's clock.
fn date(world: &World) -> Option<HeaderValue> {
    let ahead = world.read(|state| state.account.clock_ahead);
    let now = jiff::Timestamp::try_from(SystemTime::now()).ok()?;
    let now = now
        .checked_add(jiff::SignedDuration::from_secs(ahead))
        .ok()?;
    let text = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    HeaderValue::from_str(&text).ok()
}
