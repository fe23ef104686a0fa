//! Signs and sends one webhook.

use std::time::Duration;

use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, HOST, USER_AGENT};

use super::fields::FormFields;
use super::url::{loopback_url, parse_url, path_and_query};
use crate::sandbox::context::Context;
use crate::sandbox::state::{AlertCause, SentWebhook, WebhookKind, WebhookTarget};
use crate::types::{Method, Redacted};
use crate::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};

/// Time that Twilio waits for a response: 15 seconds.
///
/// Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>
const TIMEOUT: Duration = Duration::from_secs(15);
const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";

/// Response of an application.
pub(super) struct Response {
    pub(super) status: reqwest::StatusCode,
    /// `Content-Type` in lower case, without parameters.
    pub(super) media_type: String,
    pub(super) body: String,
    /// Configured URL, against which relative URLs of the response are resolved.
    pub(super) url: Url,
}

/// Signs a webhook, logs it and sends it.
pub(super) async fn send(
    context: &Context,
    kind: WebhookKind,
    sid: &str,
    target: &WebhookTarget,
    fields: FormFields,
) -> Result<Response, AlertCause> {
    let malformed = AlertCause::new(11100, "the webhook's URL is malformed");
    let mut url = parse_url(target.url.expose()).ok_or(malformed)?;
    // The fragment holds connection overrides for Twilio, which are neither signed nor sent.
    url.set_fragment(None);
    let configured_url = url.clone();
    let encoded = fields
        .encode()
        .map_err(|_| AlertCause::new(12400, "the webhook's fields cannot be encoded"))?;
    let body = match target.method {
        Method::Post => encoded,
        Method::Get => {
            let query = match url.query() {
                Some(query) if !query.is_empty() => format!("{query}&{encoded}"),
                _ => encoded,
            };
            url.set_query(Some(&query));
            String::new()
        }
    };
    let loopback_url = loopback_url(context, &url)?;
    let signature = sign(context, &url, target.method, &body)?;
    // Logged before it is sent, so that a request without a response is in the log too.
    let serial = context.update(|state| {
        let sent = SentWebhook {
            kind,
            sid: sid.to_owned(),
            method: target.method,
            url: Redacted::new(url.as_str().to_owned()),
            parameters: Redacted::new(fields.into_inner()),
            signature: Redacted::new(signature.clone()),
            status: None,
        };
        state.webhooks.push(sent, state.history_limit)
    });
    let request = match target.method {
        Method::Get => context.http.get(loopback_url),
        Method::Post => context
            .http
            .post(loopback_url)
            .header(CONTENT_TYPE, FORM)
            .body(body),
    };
    let request = request
        .header(SIGNATURE_HEADER, signature)
        .header("I-Twilio-Idempotency-Token", context.ids.hex_digits());
    let response = exchange(request, configured_url).await?;
    context.update(|state| {
        if let Some(webhook) = state.webhooks.get_mut(serial) {
            webhook.status = Some(response.status.as_u16());
        }
    });
    Ok(response)
}

fn sign(context: &Context, url: &Url, method: Method, body: &str) -> Result<String, AlertCause> {
    let cause = AlertCause::new(11100, "the webhook's URL cannot be signed");
    let origin = PublicOrigin::parse(&url.origin().ascii_serialization()).map_err(|_| cause)?;
    let target = path_and_query(url);
    let mut request = http::Request::builder().method(method.as_str()).uri(target);
    if method == Method::Post {
        request = request.header(CONTENT_TYPE, FORM);
    }
    let request = request.body(body.as_bytes()).map_err(|_| cause)?;
    Ok(Validator::new(context.auth_token().clone(), origin).sign(&request))
}

async fn exchange(request: reqwest::RequestBuilder, url: Url) -> Result<Response, AlertCause> {
    // The application must see its public host, not the loopback server of a mapped origin.
    let host = match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or_default().to_owned(),
    };
    let response = request
        .header(HOST, host)
        .header(USER_AGENT, "TwilioProxy/1.1")
        .timeout(TIMEOUT)
        .send()
        .await
        .map_err(|error| transport_cause(&error))?;
    let status = response.status();
    let media_type = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let body = response
        .bytes()
        .await
        .map_err(|error| transport_cause(&error))?;
    Ok(Response {
        status,
        media_type,
        body: String::from_utf8_lossy(&body).into_owned(),
        url,
    })
}

fn transport_cause(error: &reqwest::Error) -> AlertCause {
    if error.is_timeout() {
        AlertCause::new(11203, "the webhook was not answered within 15 seconds")
    } else if error.is_connect() {
        AlertCause::new(11205, "the connection to the webhook's server failed")
    } else {
        AlertCause::new(
            11206,
            "the webhook's server closed the connection or did not send an HTTP response",
        )
    }
}
