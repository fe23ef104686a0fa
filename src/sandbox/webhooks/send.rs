//! Sends a webhook: its attempts, and the redirects of each.

use reqwest::header::{LOCATION, WWW_AUTHENTICATE};
use reqwest::{StatusCode, Url};
use tokio::time::Instant;

use super::exchange::{HttpRequest, HttpResponse, exchange};
use super::overrides::{AttemptFailure, Overrides};
use super::url::{parse_url, without_credentials};
use super::webhook::{SendError, Webhook};
use crate::sandbox::context::Context;
use crate::sandbox::state::{AlertCause, AlertRequest, EventId, logged_body};
use crate::types::{Method, Redacted};

/// Number of redirects that Twilio follows.
const MAX_REDIRECTS: u32 = 10;

/// Response of an application.
pub(super) struct Response {
    pub(super) status: StatusCode,
    /// `Content-Type` in lower case, without parameters; `None` if it is missing.
    pub(super) media_type: Option<String>,
    pub(super) body: String,
    /// URL of the response, against which its relative URLs are resolved.
    pub(super) url: Url,
    /// Request that was answered, for an alert.
    pub(super) request: AlertRequest,
}

/// Sends a webhook, and repeats it as its connection overrides demand.
pub(super) async fn send(context: &Context, webhook: &Webhook) -> Result<Response, SendError> {
    let malformed = AlertCause::new(11100, "the webhook's URL is malformed");
    let url = parse_url(webhook.target.url.expose()).ok_or_else(|| webhook.unsent(malformed))?;
    let overrides = Overrides::read(url.fragment()).map_err(|cause| webhook.unsent(cause))?;
    let deadline = Instant::now() + overrides.total;
    let mut attempt = 1;
    loop {
        let request = first_request(webhook, url.clone(), attempt);
        let request = request.map_err(|cause| webhook.unsent(cause))?;
        let result = follow(context, webhook, request, &overrides, deadline).await;
        let failure = match &result {
            Ok(response) => AttemptFailure::Status(response.status.as_u16()),
            Err(error) => error.failure,
        };
        let may_retry = attempt <= overrides.retries && Instant::now() < deadline;
        if !may_retry || !overrides.retries_on(failure) {
            return result;
        }
        attempt += 1;
    }
}

fn first_request(webhook: &Webhook, mut url: Url, attempt: u32) -> Result<HttpRequest, AlertCause> {
    // The fragment holds connection overrides for Twilio, which are neither signed nor sent.
    url.set_fragment(None);
    let encoded = webhook
        .fields
        .encode()
        .map_err(|_| AlertCause::new(12400, "the webhook's fields cannot be encoded"))?;
    let method = webhook.target.method;
    let body = match method {
        Method::Post => encoded,
        // A request without fields keeps its URL.
        Method::Get if encoded.is_empty() => String::new(),
        Method::Get => {
            let query = match url.query() {
                Some(query) if !query.is_empty() => format!("{query}&{encoded}"),
                _ => encoded,
            };
            url.set_query(Some(&query));
            String::new()
        }
    };
    Ok(HttpRequest {
        url,
        method,
        fields: webhook.fields.clone().into_inner(),
        body,
        sends_credentials: false,
        attempt,
        redirects: 0,
    })
}

/// Sends one attempt, answers a challenge for credentials, and follows redirects.
async fn follow(
    context: &Context,
    webhook: &Webhook,
    mut request: HttpRequest,
    overrides: &Overrides,
    deadline: Instant,
) -> Result<Response, SendError> {
    loop {
        let response = exchange(context, webhook, &request, overrides, deadline).await?;
        // Twilio sends the credentials of the URL only after a challenge.
        if response.status == StatusCode::UNAUTHORIZED
            && !request.sends_credentials
            && !request.url.username().is_empty()
            && asks_for_basic(&response)
        {
            request.sends_credentials = true;
            continue;
        }
        if !is_redirect(response.status) {
            return Ok(read(&response, &request));
        }
        let failed = |code, message| SendError {
            cause: AlertCause::new(code, message),
            failure: AttemptFailure::Final,
            request: Some(describe(&response, &request)),
        };
        if request.redirects == MAX_REDIRECTS {
            let message = "the webhook was redirected more than 10 times";
            return Err(failed(11215, message));
        }
        let url = redirect_url(&response, &request.url);
        request.url = url
            .ok_or_else(|| failed(11216, "the webhook was redirected without a valid Location"))?;
        request.redirects += 1;
        request.sends_credentials = false;
        // 307 and 308 keep the method; others turn a POST into a GET without the parameters.
        if request.method == Method::Get || response.status.as_u16() < 307 {
            request.method = Method::Get;
            request.fields.clear();
            request.body.clear();
        }
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn redirect_url(response: &HttpResponse, base: &Url) -> Option<Url> {
    let location = response.headers.get(LOCATION)?.to_str().ok()?;
    let mut url = parse_url(base.join(location).ok()?.as_str())?;
    url.set_fragment(None);
    Some(url)
}

fn asks_for_basic(response: &HttpResponse) -> bool {
    let challenges = response.headers.get_all(WWW_AUTHENTICATE).iter();
    let mut challenges = challenges.filter_map(|value| value.to_str().ok());
    challenges.any(|value| value.to_ascii_lowercase().starts_with("basic"))
}

fn read(response: &HttpResponse, request: &HttpRequest) -> Response {
    let described = describe(response, request);
    let media_type = response.content_type().map(|value| {
        let media_type = value.split(';').next().unwrap_or_default();
        media_type.trim().to_ascii_lowercase()
    });
    Response {
        status: response.status,
        media_type,
        body: String::from_utf8_lossy(&response.body).into_owned(),
        url: without_credentials(&request.url),
        request: described,
    }
}

fn describe(response: &HttpResponse, request: &HttpRequest) -> AlertRequest {
    AlertRequest {
        method: request.method,
        url: Redacted::new(without_credentials(&request.url).into()),
        parameters: Redacted::new(request.fields.clone()),
        response_status: Some(response.status.as_u16()),
        response_body: Redacted::new(logged_body(&response.body)),
        event: Some(EventId::Webhook(response.serial)),
    }
}
