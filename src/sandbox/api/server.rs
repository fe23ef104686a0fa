//! HTTP service of the API.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};

use super::access::Access;
use super::authentication::authorize;
use super::error::ApiError;
use super::form::Form;
use super::request::ApiRequest;
use super::response::{ApiResult, into_http};
use super::router::route;
use crate::sandbox::context::Context;

/// Limit for the body of a request; no valid request is this large.
const BODY_LIMIT: usize = 1024 * 1024;

struct Server {
    context: Arc<Context>,
    access: Access,
}

/// Creates the service for a port of 127.0.0.1.
pub(crate) fn http_service(context: &Arc<Context>, port: u16) -> Router {
    let server = Server {
        context: Arc::clone(context),
        access: Access::new(port),
    };
    Router::new().fallback(serve).with_state(Arc::new(server))
}

async fn serve(State(server): State<Arc<Server>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Err(error) = server.access.check(&parts) {
        return error.into_response();
    }
    let request = Request::from_parts(parts, body);
    let result = handle(&server.context, request).await;
    into_http(&server.context, result)
}

async fn handle(context: &Arc<Context>, request: Request) -> ApiResult {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    authorize(context, parts.headers.get(AUTHORIZATION), path)?;
    let body = axum::body::to_bytes(body, BODY_LIMIT).await.map_err(|_| {
        let message = "The request body is too large";
        ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, 20413, message)
    })?;
    // Twilio reads only forms. A body of another type, such as JSON, counts as empty.
    let is_form = parts
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    let base_url = host.map_or_else(|| context.base_url.clone(), |host| format!("http://{host}"));
    route(&ApiRequest {
        context,
        base_url: &base_url,
        method: parts.method,
        path,
        query: Form::read(parts.uri.query().unwrap_or_default().as_bytes()),
        form: Form::read(if is_form { &body } else { &[] }),
    })
}
