//! HTTP service of the API.

use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, RETRY_AFTER};
use serde_json::json;
use tokio::net::TcpListener;

use super::access::Access;
use super::authentication::{authorize, grants_access_tokens};
use super::connection::{Connection, CuttableListener};
use super::error::ApiError;
use super::form::Form;
use super::request::ApiRequest;
use super::response::{ApiResponse, ApiResult, html_page, into_http};
use super::router::{is_public_file, route};
use crate::sandbox::context::Context;
use crate::sandbox::faults::Fault;

/// Limit for the body of a request; no valid request is this large.
const BODY_LIMIT: usize = 1024 * 1024;

struct Server {
    context: Arc<Context>,
    access: Access,
}

/// Serves the API until `stopped` ends.
pub(crate) async fn serve_http(
    context: Arc<Context>,
    listener: TcpListener,
    port: u16,
    allowed_hosts: Vec<String>,
    stopped: impl Future<Output = ()> + Send + 'static,
) {
    let access = Access::new(port, &allowed_hosts);
    let server = Arc::new(Server { context, access });
    let router = Router::new().fallback(serve).with_state(server);
    let service = router.into_make_service_with_connect_info::<Connection>();
    let server = axum::serve(CuttableListener(listener), service);
    // Serving ends only by the shutdown, so the result holds no information.
    let _ = server.with_graceful_shutdown(stopped).await;
}

async fn serve(
    State(server): State<Arc<Server>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    if let Err(error) = server.access.check(&parts) {
        return error.into_response();
    }
    let context = &server.context;
    let path = parts.uri.path();
    // No path of Twilio. A container asks it without credentials.
    if path == "/health" {
        return into_http(context, Ok(ApiResponse::ok(json!({"status": "ok"}))));
    }
    let is_file = parts.method == http::Method::GET && is_public_file(path);
    let is_public = is_file || grants_access_tokens(path);
    if !is_public && let Err(error) = authorize(context, parts.headers.get(AUTHORIZATION), path) {
        return into_http(context, Err(error));
    }
    let fault = context.request_fault(parts.method.as_str(), path);
    if let Some(response) = fault.and_then(|fault| in_place_of_work(context, &connection, fault)) {
        return response;
    }
    let result = handle(context, Request::from_parts(parts, body)).await;
    let response = into_http(context, result);
    match fault {
        Some(Fault::Slow(delay)) => context.clock.sleep(delay).await,
        Some(Fault::ResetAfter) => connection.reset(),
        Some(Fault::HalfResponse) => connection.cut_response(),
        _ => {}
    }
    response
}

/// Returns the response of a fault with which the API does no work.
fn in_place_of_work(context: &Context, connection: &Connection, fault: Fault) -> Option<Response> {
    let status = |status| StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let error =
        |status, code, message| into_http(context, Err(ApiError::new(status, code, message)));
    match fault {
        Fault::TooManyRequests { retry_after } => {
            let message = "Too Many Requests";
            let mut response = error(StatusCode::TOO_MANY_REQUESTS, 20429, message);
            if let Some(seconds) = retry_after {
                response.headers_mut().insert(RETRY_AFTER, seconds.into());
            }
            Some(response)
        }
        Fault::Error {
            status: number,
            code,
        } => {
            let message = "A fault that the test added rejects the request";
            Some(error(status(number), code, message))
        }
        Fault::HtmlPage { status: number } => Some(html_page(status(number))),
        Fault::ResetBefore => {
            connection.reset();
            // Never written.
            Some(StatusCode::SERVICE_UNAVAILABLE.into_response())
        }
        _ => None,
    }
}

async fn handle(context: &Arc<Context>, request: Request) -> ApiResult {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
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
