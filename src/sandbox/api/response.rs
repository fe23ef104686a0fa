//! Responses of the API: status, JSON body and Twilio's headers.

use axum::body::Body;
use axum::response::Response;
use http::StatusCode;
use http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, DATE, HeaderValue, LOCATION, WWW_AUTHENTICATE,
    X_CONTENT_TYPE_OPTIONS,
};
use serde_json::{Value, json};

use super::error::ApiError;
use crate::sandbox::context::Context;

/// A successful response.
pub(super) struct ApiResponse {
    status: StatusCode,
    body: ResponseBody,
}

enum ResponseBody {
    Empty,
    Json(Value),
    /// Bytes of a media file, with their type.
    File(String, Vec<u8>),
    /// URL to which the client is redirected, with a JSON body.
    Redirect(String, Option<Value>),
}

pub(super) type ApiResult = Result<ApiResponse, ApiError>;

impl ApiResponse {
    pub(super) const fn ok(body: Value) -> Self {
        Self {
            status: StatusCode::OK,
            body: ResponseBody::Json(body),
        }
    }

    pub(super) const fn created(body: Value) -> Self {
        Self {
            status: StatusCode::CREATED,
            body: ResponseBody::Json(body),
        }
    }

    /// Returns the resource of a request whose work follows later.
    pub(super) const fn accepted(body: Value) -> Self {
        Self {
            status: StatusCode::ACCEPTED,
            body: ResponseBody::Json(body),
        }
    }

    pub(super) const fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            body: ResponseBody::Empty,
        }
    }

    /// Returns the bytes of a media file. `media_type` is the value of `Content-Type`.
    pub(super) const fn file(media_type: String, bytes: Vec<u8>) -> Self {
        Self {
            status: StatusCode::OK,
            body: ResponseBody::File(media_type, bytes),
        }
    }

    /// Redirects the client to a URL, as Twilio does for media files.
    pub(super) const fn redirect(url: String) -> Self {
        Self {
            status: StatusCode::TEMPORARY_REDIRECT,
            body: ResponseBody::Redirect(url, None),
        }
    }

    /// Redirects the client to a URL, which the body repeats.
    pub(super) const fn redirect_with(url: String, body: Value) -> Self {
        Self {
            status: StatusCode::TEMPORARY_REDIRECT,
            body: ResponseBody::Redirect(url, Some(body)),
        }
    }
}

/// Builds an HTML page, as a load balancer in front of an API does.
pub(super) fn html_page(status: StatusCode) -> Response {
    let reason = status.canonical_reason().unwrap_or("Error");
    let title = format!("{} {reason}", status.as_u16());
    let page = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1>\
         </center>\r\n</body>\r\n</html>\r\n"
    );
    let mut response = Response::new(Body::from(page));
    *response.status_mut() = status;
    let media_type = HeaderValue::from_static("text/html");
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response
}

/// Builds the HTTP response.
pub(super) fn into_http(context: &Context, result: ApiResult) -> Response {
    let ApiResponse { status, body } = result.unwrap_or_else(|error| ApiResponse {
        status: error.status,
        body: ResponseBody::Json(json!({
            "code": error.code,
            "message": error.message,
            "more_info": format!("https://www.twilio.com/docs/errors/{}", error.code),
            "status": error.status.as_u16(),
        })),
    });
    let json = HeaderValue::from_static("application/json;charset=utf-8");
    let (body, header) = match body {
        ResponseBody::Empty => (Body::empty(), (CONTENT_TYPE, Ok(json))),
        ResponseBody::Json(value) => (Body::from(value.to_string()), (CONTENT_TYPE, Ok(json))),
        ResponseBody::File(media_type, bytes) => {
            let header = (CONTENT_TYPE, HeaderValue::try_from(media_type));
            (Body::from(bytes), header)
        }
        ResponseBody::Redirect(url, body) => {
            let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
            (body, (LOCATION, HeaderValue::try_from(url)))
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if let (name, Ok(value)) = header {
        headers.insert(name, value);
    }
    // A file that a phone sent must run no script in the origin of the control API.
    let policy = HeaderValue::from_static("default-src 'none'; sandbox");
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(id) = HeaderValue::from_str(&format!("RQ{}", context.ids.hex_digits())) {
        headers.insert("twilio-request-id", id);
    }
    if let Some(date) = date(context) {
        headers.insert(DATE, date);
    }
    headers.insert("twilio-concurrent-requests", HeaderValue::from_static("1"));
    if status == StatusCode::UNAUTHORIZED {
        let realm = HeaderValue::from_static("Basic realm=\"Twilio API\"");
        headers.insert(WWW_AUTHENTICATE, realm);
    }
    response
}

/// Returns the value of `Date`: this machine's clock plus the account's offset.
fn date(context: &Context) -> Option<HeaderValue> {
    let offset = context.read(|state| state.account.clock_offset);
    let now = jiff::Timestamp::try_from(context.now()).ok()?;
    let now = now
        .checked_add(jiff::SignedDuration::from_secs(offset))
        .ok()?;
    let text = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    HeaderValue::from_str(&text).ok()
}
