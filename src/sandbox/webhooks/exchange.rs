//! One HTTP request of a webhook: signs, logs and sends it, and reads the response.

use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, COOKIE, HOST, HeaderMap, SET_COOKIE, USER_AGENT};
use tokio::time::{Instant, timeout};

use super::client::{CONNECT_TIMEOUT, http_client};
use super::overrides::{AttemptFailure, Overrides};
use super::url::{destination, path_and_query, without_credentials};
use super::webhook::{SendError, Webhook};
use crate::phone::Address;
use crate::sandbox::context::Context;
use crate::sandbox::state::{AlertCause, AlertRequest, SentWebhook, WebhookKind, logged_body};
use crate::types::{AuthToken, MessageSid, Method, Redacted};
use crate::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};

const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";
/// Number of bytes of a response that are read.
const BODY_LIMIT: usize = 1024 * 1024;

/// One HTTP request.
pub(super) struct HttpRequest {
    /// URL with the credentials that it is configured with, and without fragment.
    pub(super) url: Url,
    pub(super) method: Method,
    /// Form fields of a `POST`, or fields that the query of a `GET` contains.
    pub(super) fields: Vec<(String, String)>,
    /// Body of a `POST`.
    pub(super) body: String,
    /// Set after a challenge of the server.
    pub(super) sends_credentials: bool,
    pub(super) attempt: u32,
    pub(super) redirects: u32,
}

/// Response to one HTTP request.
pub(super) struct HttpResponse {
    /// Serial number of the request in the log.
    pub(super) serial: u64,
    pub(super) status: reqwest::StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl HttpResponse {
    pub(super) fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE)?.to_str().ok()
    }
}

/// Signs, logs and sends one HTTP request.
pub(super) async fn exchange(
    context: &Context,
    webhook: &Webhook,
    request: &HttpRequest,
    overrides: &Overrides,
    deadline: Instant,
) -> Result<HttpResponse, SendError> {
    let unsent = |cause| SendError::unsent(cause, request.method, &request.url);
    let signature = sign(context, webhook, request).map_err(unsent)?;
    let cookie_key = cookie_key(context, webhook);
    let builder = prepare(context, request, overrides, cookie_key.as_deref());
    let builder = builder.await.map_err(unsent)?;
    let builder = builder
        .header(SIGNATURE_HEADER, &signature)
        .header("I-Twilio-Idempotency-Token", &webhook.token);
    // Logged before it is sent, so that a request without a response is in the log too.
    let serial = log(context, webhook, request, signature);
    let started = Instant::now();
    let result = receive(builder, overrides, deadline).await;
    let duration = started.elapsed();
    let described = context.update(|state| {
        let sent = state.webhook_mut(serial)?;
        sent.duration = Some(duration);
        if let Ok(response) = &result {
            sent.status = Some(response.status.as_u16());
            sent.response_type = response.content_type().map(str::to_owned);
            sent.response_body = Redacted::new(logged_body(&response.body));
        }
        Some(AlertRequest::from(&*sent))
    });
    let response = match result {
        Ok(response) => HttpResponse { serial, ..response },
        Err((failure, cause)) => {
            return Err(SendError {
                cause,
                failure,
                request: described,
            });
        }
    };
    if let Some(key) = cookie_key {
        let set = response.headers.get_all(SET_COOKIE).iter();
        for cookie in set.filter_map(|value| value.to_str().ok()) {
            let now = context.now();
            context.update(|state| state.cookies.store(&key, &request.url, cookie, now));
        }
    }
    Ok(response)
}

/// Creates the HTTP request without its signature.
async fn prepare(
    context: &Context,
    request: &HttpRequest,
    overrides: &Overrides,
    cookie_key: Option<&str>,
) -> Result<reqwest::RequestBuilder, AlertCause> {
    let mut target = destination(context, &request.url).await?;
    // The client turns credentials in the URL into the header `Authorization`.
    let (user, password) = if request.sends_credentials {
        (request.url.username(), request.url.password())
    } else {
        ("", None)
    };
    // A URL with a host can always have credentials.
    let _ = target.set_username(user);
    let _ = target.set_password(password);
    let client = if overrides.connect == CONNECT_TIMEOUT {
        context.http.clone()
    } else {
        let failed = AlertCause::new(11205, "the client for the connect timeout cannot be built");
        http_client(overrides.connect).map_err(|_| failed)?
    };
    let builder = match request.method {
        Method::Get => client.get(target),
        Method::Post => client
            .post(target)
            .header(CONTENT_TYPE, FORM)
            .body(request.body.clone()),
    };
    let builder = builder
        // The application must see its public host, not the loopback server of a mapped origin.
        .header(HOST, host_header(&request.url))
        .header(USER_AGENT, "TwilioProxy/1.1")
        .header("X-Home-Region", "us1");
    let now = context.now();
    let cookies = cookie_key
        .and_then(|key| context.update(|state| state.cookies.header(key, &request.url, now)));
    Ok(match cookies {
        Some(cookies) => builder.header(COOKIE, cookies),
        None => builder,
    })
}

fn log(context: &Context, webhook: &Webhook, request: &HttpRequest, signature: String) -> u64 {
    let sent = SentWebhook {
        kind: webhook.kind,
        sid: webhook.sid.clone(),
        method: request.method,
        url: Redacted::new(without_credentials(&request.url).into()),
        parameters: Redacted::new(request.fields.clone()),
        signature: Redacted::new(signature),
        attempt: request.attempt,
        redirects: request.redirects,
        sent_at: context.now(),
        duration: None,
        status: None,
        response_type: None,
        response_body: Redacted::default(),
        fault: webhook.fault,
        is_forged: webhook.is_forged,
        group: Context::cause(),
        id: 0,
    };
    context.update(|state| {
        let group = sent.group.or_else(|| state.group_of(&sent.sid));
        state.log_webhook(SentWebhook { group, ..sent })
    })
}

fn sign(context: &Context, webhook: &Webhook, request: &HttpRequest) -> Result<String, AlertCause> {
    let cause = AlertCause::new(11100, "the webhook's URL cannot be signed");
    let url = &request.url;
    let origin = PublicOrigin::parse(&url.origin().ascii_serialization()).map_err(|_| cause)?;
    let target = path_and_query(url);
    let mut message = http::Request::builder()
        .method(request.method.as_str())
        .uri(target);
    if request.method == Method::Post {
        message = message.header(CONTENT_TYPE, FORM);
    }
    let message = message.body(request.body.as_bytes()).map_err(|_| cause)?;
    let token: AuthToken = if webhook.is_forged {
        context.ids.auth_token()
    } else {
        context.auth_token().clone()
    };
    Ok(Validator::new(token, origin).sign(&message))
}

async fn receive(
    request: reqwest::RequestBuilder,
    overrides: &Overrides,
    deadline: Instant,
) -> Result<HttpResponse, (AttemptFailure, AlertCause)> {
    const LATE: AlertCause = AlertCause::new(
        11203,
        "the webhook was not answered in time; the limit is 15 seconds, or that of the URL",
    );
    let remaining = || deadline.saturating_duration_since(Instant::now());
    let limit = (overrides.connect + overrides.read).min(remaining());
    let mut response = timeout(limit, request.send())
        .await
        .map_err(|_| (AttemptFailure::Read, LATE))?
        .map_err(|error| transport_failure(&error))?;
    let mut body = Vec::new();
    // No document may be larger, so the rest is not read.
    while body.len() <= BODY_LIMIT {
        let chunk = timeout(overrides.read.min(remaining()), response.chunk())
            .await
            .map_err(|_| (AttemptFailure::Final, LATE))?
            .map_err(|error| (AttemptFailure::Final, transport_failure(&error).1))?;
        match chunk {
            Some(chunk) => body.extend_from_slice(&chunk),
            None => break,
        }
    }
    Ok(HttpResponse {
        serial: 0,
        status: response.status(),
        headers: response.headers().clone(),
        body,
    })
}

fn transport_failure(error: &reqwest::Error) -> (AttemptFailure, AlertCause) {
    if error.is_connect() {
        let message = "nothing accepts connections at the host and port of the URL; start your application, or \
                       correct the URL";
        (AttemptFailure::Connect, AlertCause::new(11205, message))
    } else {
        let message = "the webhook's server closed the connection or did not send an HTTP response";
        (AttemptFailure::Read, AlertCause::new(11206, message))
    }
}

pub(super) fn host_header(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or_default().to_owned(),
    }
}

/// Returns the key of the cookies for a webhook: the call, or the two parties of a text. Status
/// callbacks have none.
fn cookie_key(context: &Context, webhook: &Webhook) -> Option<String> {
    if webhook.kind.is_status() {
        return None;
    }
    if webhook.kind != WebhookKind::InboundMessage {
        return Some(webhook.sid.clone());
    }
    let sid = MessageSid::parse(&webhook.sid).ok()?;
    context.read(|state| {
        let message = state.message(sid)?;
        let from = message.from.as_ref().map(Address::expose);
        Some(format!(
            "{} {}",
            from.unwrap_or_default(),
            message.to.expose()
        ))
    })
}
