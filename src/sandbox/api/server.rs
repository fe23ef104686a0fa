//! HTTP service of the API.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, RETRY_AFTER};
use http::request::Parts;
use serde_json::json;
use tokio::net::TcpListener;

use super::access::Access;
use super::authentication::{authorize, grants_access_tokens};
use super::connection::{Connection, CuttableListener};
use super::error::ApiError;
use super::form::Form;
use super::products::Target;
use super::request::ApiRequest;
use super::request_log::{LoggedResponse, RequestLog};
use super::response::{ApiResponse, ApiResult, html_page, into_http};
use super::router::{is_public_file, route};
use crate::sandbox::context::Context;
use crate::sandbox::control::Control;
use crate::sandbox::faults::Fault;
use crate::sandbox::page::serve_page;

/// Limit for the body of a request; no valid request is this large.
const BODY_LIMIT: usize = 1024 * 1024;

struct Server {
    context: Arc<Context>,
    access: Access,
    control: Control,
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
    let control = Control::new(Arc::clone(&context));
    let server = Arc::new(Server {
        context,
        access,
        control,
    });
    let stopping = Arc::clone(&server);
    let stopped = async move {
        stopped.await;
        // Else the shutdown would wait for streams and waits.
        stopping.control.stop();
    };
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
    if let Some(response) = serve_page(&parts) {
        return response;
    }
    let context = &server.context;
    let path = parts.uri.path();
    if Control::has_path(path) {
        return server.control.serve(parts, body).await;
    }
    // No path of Twilio. A container asks it without credentials.
    if path == "/health" {
        return into_http(context, Ok(ApiResponse::ok(json!({"status": "ok"}))));
    }
    // Twilio reads only forms. A body of another type, such as JSON, counts as empty.
    let body = axum::body::to_bytes(body, BODY_LIMIT).await;
    let is_form = is_form(&parts);
    let form = Form::read(body.as_deref().ok().filter(|_| is_form).unwrap_or_default());
    let is_too_large = body.is_err();
    let mut logged = LoggedResponse {
        fault: None,
        status: None,
        delay: Duration::ZERO,
    };
    let (log, response) = context.in_one_world(|| {
        let log = RequestLog::begin(context, &parts, &form);
        let request = (parts, form);
        let response =
            log.run(|| respond(context, &connection, request, is_too_large, &mut logged));
        (log, response)
    });
    let delay = logged.delay;
    // Logged before the delay, during which the client may close the connection.
    let response = log.end(context, response, logged).await;
    if !delay.is_zero() {
        context.clock.sleep(delay).await;
    }
    response
}

fn is_form(parts: &Parts) -> bool {
    let content_type = parts.headers.get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"))
}

fn host_of(parts: &Parts) -> Option<&str> {
    parts.headers.get(HOST).and_then(|host| host.to_str().ok())
}

fn target_of(parts: &Parts) -> Target<'_> {
    Target::read(host_of(parts).unwrap_or_default(), parts.uri.path())
}

/// Checks the credentials, and does the work of a request with the fault that the test has for it.
fn respond(
    context: &Arc<Context>,
    connection: &Connection,
    (parts, form): (Parts, Form),
    is_too_large: bool,
    logged: &mut LoggedResponse,
) -> Response {
    let path = target_of(&parts).path;
    let is_file = parts.method == http::Method::GET && is_public_file(path);
    let is_public = is_file || grants_access_tokens(path);
    let authorized = if is_public {
        Ok(())
    } else {
        authorize(context, parts.headers.get(AUTHORIZATION), path)
    };
    if let Err(error) = authorized {
        let response = into_http(context, Err(error));
        logged.status = Some(response.status().as_u16());
        return response;
    }
    let (id, fault) = context.request_fault(parts.method.as_str(), path).unzip();
    logged.fault = id;
    let in_place = fault.and_then(|fault| in_place_of_work(context, connection, fault));
    let response = in_place.unwrap_or_else(|| {
        let result = if is_too_large {
            let message = "The request body is too large";
            Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, 20413, message))
        } else {
            handle(context, &parts, form)
        };
        into_http(context, result)
    });
    match fault {
        Some(Fault::Slow(delay)) => logged.delay = delay,
        Some(Fault::ResetAfter) => connection.reset(),
        Some(Fault::HalfResponse) => connection.cut_response(),
        _ => {}
    }
    let is_reset = matches!(fault, Some(Fault::ResetBefore | Fault::ResetAfter));
    logged.status = (!is_reset).then(|| response.status().as_u16());
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

fn handle(context: &Arc<Context>, parts: &Parts, form: Form) -> ApiResult {
    let host = host_of(parts);
    let target = target_of(parts);
    let origin = host.map_or_else(|| context.base_url.clone(), |host| format!("http://{host}"));
    let base_url = origin + target.prefix;
    // The host of another product serves no recordings and media.
    let is_whole = target.product.is_none_or(|product| product == "api");
    if is_whole && parts.headers.contains_key(AUTHORIZATION) {
        context.set_client_base_url(&base_url);
    }
    route(&ApiRequest {
        context,
        base_url: &base_url,
        product: target.product,
        method: parts.method.clone(),
        path: target.path,
        query: Form::read(parts.uri.query().unwrap_or_default().as_bytes()),
        form,
    })
}
