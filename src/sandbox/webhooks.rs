//! Signs webhooks, posts them, and reads the TwiML that comes back.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, HOST, USER_AGENT};

use super::records::{Hook, Webhook, WebhookKind};
use super::store::World;
use crate::twiml::{self, Node};
use crate::types::{Method, Redacted};
use crate::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};

/// Twilio waits 15 seconds for an answer.
///
/// Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>
const TIMEOUT: Duration = Duration::from_secs(15);
/// Twilio reads 64 KB of TwiML.
const TWIML_LIMIT: usize = 64 * 1024;
const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";

/// Form fields in the order in which they are sent.
pub(super) type Fields = Vec<(String, String)>;

/// Appends a field.
pub(super) fn field(fields: &mut Fields, name: &str, value: impl Into<String>) {
    fields.push((name.to_owned(), value.into()));
}

/// What an application wants to happen.
pub(super) enum Document {
    /// TwiML, its root a `<Response>`, and where it came from: relative addresses start there.
    Twiml { root: Node, url: Option<Url> },
    /// Plain text: Twilio sends it as a message, or reads it out.
    Text(String),
    /// Nothing at all.
    Empty,
}

/// A fault of a webhook or of its answer: Twilio's code, and the sandbox's words.
pub(super) type Fault = (u32, &'static str);

/// Tells an application something. What it answers matters only when it is an error.
pub(super) async fn notify(
    world: &Arc<World>,
    kind: WebhookKind,
    sid: &str,
    hook: &Hook,
    fields: Fields,
) {
    let told = send(world, kind, sid, hook, fields).await;
    let fault = match told {
        Ok(answer) if answer.status.is_success() => return,
        Ok(_) if kind == WebhookKind::CallStatus => (
            15003,
            "the status callback was answered with an error status",
        ),
        Ok(_) => (
            11200,
            "the status callback was answered with an error status",
        ),
        Err(fault) => fault,
    };
    world.alert(fault.0, fault.1, sid);
}

/// Asks an application what to do; asks the fallback when the first answer is unusable.
/// `None` when neither knew: the alerts say why.
pub(super) async fn ask(
    world: &Arc<World>,
    kind: WebhookKind,
    sid: &str,
    hook: &Hook,
    fallback: Option<&Hook>,
    fields: Fields,
) -> Option<Document> {
    let (code, words) = match document(world, kind, sid, hook, fields.clone()).await {
        Ok(document) => return Some(document),
        Err(fault) => fault,
    };
    world.alert(code, words, sid);
    let fallback = fallback?;
    let mut fields = fields;
    field(&mut fields, "ErrorCode", code.to_string());
    // Connection settings in the fragment are for Twilio itself.
    let url = hook.url.expose().split('#').next().unwrap_or_default();
    field(&mut fields, "ErrorUrl", url);
    match document(world, kind, sid, fallback, fields).await {
        Ok(document) => Some(document),
        Err((code, words)) => {
            world.alert(code, words, sid);
            None
        }
    }
}

/// Reads TwiML that came from nowhere but the API.
pub(super) fn read_inline(xml: &str) -> Result<Document, Fault> {
    read_twiml(xml, None)
}

async fn document(
    world: &Arc<World>,
    kind: WebhookKind,
    sid: &str,
    hook: &Hook,
    fields: Fields,
) -> Result<Document, Fault> {
    let answer = send(world, kind, sid, hook, fields).await?;
    if !answer.status.is_success() {
        return Err((11200, "the webhook was answered with an error status"));
    }
    if answer.body.len() > TWIML_LIMIT {
        return Err((11750, "the answer is larger than 64 KB"));
    }
    if answer.body.trim().is_empty() {
        return Ok(Document::Empty);
    }
    match answer.media_type.as_str() {
        "text/xml" | "application/xml" | "text/html" => read_twiml(&answer.body, Some(answer.url)),
        "text/plain" => Ok(Document::Text(answer.body)),
        _ => Err((
            12300,
            "the answer's Content-Type is none that Twilio reads; TwiML is text/xml",
        )),
    }
}

fn read_twiml(xml: &str, url: Option<Url>) -> Result<Document, Fault> {
    let root = twiml::read(xml).map_err(|_| (12100, "the TwiML is not well-formed XML"))?;
    if root.name() != "Response" {
        return Err((12102, "the TwiML's root element is not <Response>"));
    }
    Ok(Document::Twiml { root, url })
}

struct Answer {
    status: reqwest::StatusCode,
    /// Lower case, without parameters.
    media_type: String,
    body: String,
    /// The address as it is configured: relative addresses of the answer start there.
    url: Url,
}

async fn send(
    world: &Arc<World>,
    kind: WebhookKind,
    sid: &str,
    hook: &Hook,
    fields: Fields,
) -> Result<Answer, Fault> {
    let mut url = parse(hook.url.expose()).ok_or((11100, "the webhook's URL is malformed"))?;
    // Connection settings in the fragment are for Twilio itself: never signed, never sent.
    url.set_fragment(None);
    let asked = url.clone();
    let encoded = serde_urlencoded::to_string(&fields)
        .map_err(|_| (12400, "the webhook's fields cannot be encoded"))?;
    let body = match hook.method {
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
    let local = local_address(world, &url)?;
    let signature = sign(world, &url, hook.method, &body)?;
    let entry = world.update(|state| {
        state.webhooks.push(Webhook {
            kind,
            sid: sid.to_owned(),
            method: hook.method,
            url: Redacted::new(url.as_str().to_owned()),
            parameters: Redacted::new(fields),
            signature: Redacted::new(signature.clone()),
            status: None,
        });
        state.webhooks.len() - 1
    });
    let answer = exchange(world, local, &asked, hook.method, body, &signature).await?;
    world.update(|state| {
        if let Some(webhook) = state.webhooks.get_mut(entry) {
            webhook.status = Some(answer.status.as_u16());
        }
    });
    Ok(answer)
}

async fn exchange(
    world: &World,
    local: Url,
    asked: &Url,
    method: Method,
    body: String,
    signature: &str,
) -> Result<Answer, Fault> {
    let request = match method {
        Method::Get => world.http.get(local),
        Method::Post => world.http.post(local).header(CONTENT_TYPE, FORM).body(body),
    };
    let host = match (asked.host_str(), asked.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or_default().to_owned(),
    };
    let response = request
        .header(HOST, host)
        .header(USER_AGENT, "TwilioProxy/1.1")
        .header(SIGNATURE_HEADER, signature)
        .header("I-Twilio-Idempotency-Token", world.fresh_digits())
        .timeout(TIMEOUT)
        .send()
        .await
        .map_err(|error| transport_fault(&error))?;
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
        .map_err(|error| transport_fault(&error))?;
    Ok(Answer {
        status,
        media_type,
        body: String::from_utf8_lossy(&body).into_owned(),
        url: asked.clone(),
    })
}

fn transport_fault(error: &reqwest::Error) -> Fault {
    if error.is_timeout() {
        (11203, "the webhook was not answered within 15 seconds")
    } else if error.is_connect() {
        (11205, "the connection to the webhook's server failed")
    } else {
        (
            11206,
            "the webhook's server broke off or does not speak HTTP",
        )
    }
}

/// What Twilio accepts as an address: absolute, `http` or `https`, with a host that has no
/// underscore.
pub(super) fn parse(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?;
    (matches!(url.scheme(), "http" | "https") && !host.contains('_')).then_some(url)
}

/// Where a webhook really goes: to the loopback server that stands for its origin.
fn local_address(world: &World, url: &Url) -> Result<Url, Fault> {
    let refused: Fault = (
        11210,
        "the sandbox sends webhooks to this machine only; see `Sandbox::map_origin`",
    );
    let origin = url.origin().ascii_serialization();
    match world.read(|state| state.routes.get(&origin).cloned()) {
        Some(server) => {
            Url::parse(&format!("{server}{}", path_and_query(url))).map_err(|_| refused)
        }
        None if is_loopback(url) => Ok(url.clone()),
        None => Err(refused),
    }
}

/// Whether a URL names this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(crate::types::is_loopback)
}

fn sign(world: &World, url: &Url, method: Method, body: &str) -> Result<String, Fault> {
    let fault: Fault = (11100, "the webhook's URL cannot be signed");
    let origin = PublicOrigin::parse(&url.origin().ascii_serialization()).map_err(|_| fault)?;
    let target = path_and_query(url);
    let mut request = http::Request::builder().method(method.as_str()).uri(target);
    if method == Method::Post {
        request = request.header(CONTENT_TYPE, FORM);
    }
    let request = request.body(body.as_bytes()).map_err(|_| fault)?;
    Ok(Validator::new(world.auth_token().clone(), origin).sign(&request))
}

fn path_and_query(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}
