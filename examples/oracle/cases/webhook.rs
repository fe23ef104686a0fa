//! Webhooks: signatures, causes of refusals, payloads, replays.

use std::net::IpAddr;

use clinspark_twilio::codes::ErrorCode;
use clinspark_twilio::types::{AuthToken, MessageStatus, Redacted};
use clinspark_twilio::webhook::{
    ForwardedHeaders, InboundMessage, Keys, MessageStatusCallback, PublicOrigin, ReplayKey,
    RequestKind, SIGNATURE_HEADER, StatusTracker, TrustedProxies, Validator, Verified,
    WebhookEvent, diagnose,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Case, NotRun, Outcome};

/// Names and values of headers.
type Headers = Vec<(String, String)>;

const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// `verify`: `ok`, or the kind of the refusal. `how` names the method of the validator.
pub(super) fn verify(case: &Case) -> Outcome {
    #[derive(Deserialize)]
    struct Input {
        how: String,
        method: String,
        target: String,
        headers: Headers,
        #[serde(default)]
        body: String,
        origin: String,
        token: String,
        peer: Option<IpAddr>,
        trusted: Option<String>,
    }
    let input: Input = case.input()?;
    let request = Request::builder()
        // `CONNECT*` marks an HTTP/2 handshake, whose method is `CONNECT`.
        .method(input.method.trim_end_matches('*'))
        .uri(&input.target)
        .body(input.body);
    let mut request = request.map_err(|error| NotRun(format!("not a request: {error}")))?;
    *request.headers_mut() = headers(&input.headers)?;
    let validator = Validator::new(token(&input.token)?, origin(&input.origin)?);
    let proxies = input.trusted.as_deref().map(proxies).transpose()?;
    let peer = proxies.as_ref().zip(input.peer);
    let verified = match (input.how.as_str(), peer) {
        ("verify", _) => validator.verify(request),
        ("verify_websocket", _) => validator.verify_websocket(request),
        ("verify_behind", Some((proxies, peer))) => {
            validator.verify_via_proxy(proxies, peer, request)
        }
        ("verify_websocket_behind", Some((proxies, peer))) => {
            match proxies.origin(peer, &request) {
                Some(origin) => validator.origin(origin).verify_websocket(request),
                None => validator.verify_websocket(request),
            }
        }
        (how, _) => return Err(NotRun::unknown("way to verify", how)),
    };
    Ok(match verified {
        Ok(_) => Answer::of("ok"),
        Err(error) => Answer::refusal(error.kind().as_str()),
    })
}

/// Parses networks and one kind of headers, separated by commas: `10.0.0.0/8, X-Forwarded-*`.
fn proxies(text: &str) -> Result<TrustedProxies, NotRun> {
    let words = || text.split(',').map(str::trim);
    let kinds: Vec<_> = words()
        .filter_map(|word| match word {
            "X-Forwarded-*" => Some(ForwardedHeaders::XForwarded),
            "Forwarded" => Some(ForwardedHeaders::Forwarded),
            _ => None,
        })
        .collect();
    let [kind] = kinds[..] else {
        return Err(NotRun(
            "`trusted` names no single kind of headers".to_owned(),
        ));
    };
    words()
        .filter(|word| !matches!(*word, "X-Forwarded-*" | "Forwarded"))
        .try_fold(TrustedProxies::new(kind), |proxies, word| {
            let network = word.parse();
            let network = network.map_err(|error| NotRun(format!("{word:?} is {error}")))?;
            Ok(proxies.add_network(network))
        })
}

/// `diagnose`: the causes, joined with `+`, or `ok`.
pub(super) fn diagnosis(case: &Case) -> Outcome {
    #[derive(Deserialize)]
    struct Input {
        url: String,
        #[serde(default)]
        headers: Headers,
        body: String,
        signature: String,
        token: String,
    }
    let input: Input = case.input()?;
    let mut request = form(input.body);
    request.headers_mut().extend(headers(&input.headers)?);
    let signature = value(&input.signature)?;
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    let keys = Keys::new(token(&input.token)?);
    Ok(
        match diagnose(&keys, RequestKind::Webhook, &input.url, &request) {
            Ok(_) => Answer::of("ok"),
            Err(diagnosis) => {
                let causes = diagnosis.causes().iter().map(|cause| cause.as_str());
                Answer::of(causes.collect::<Vec<_>>().join("+"))
            }
        },
    )
}

/// `event`: the name of the variant.
pub(super) fn event(case: &Case) -> Outcome {
    Ok(match signed(case.input()?)?.parse::<WebhookEvent>() {
        Ok(event) => {
            let shown = format!("{event:?}");
            let name = shown.split(['(', ' ']).next().unwrap_or_default();
            Answer::of(name)
        }
        Err(error) => Answer::refusal(format!("error: {error}")),
    })
}

/// `inbound`: the field `body` or `button` of an inbound message.
pub(super) fn inbound(case: &Case) -> Outcome {
    #[derive(Deserialize)]
    struct Input {
        form: String,
        field: String,
    }
    let Input { form, field } = case.input()?;
    let message: InboundMessage = match signed(form)?.parse() {
        Ok(message) => message,
        Err(error) => return Ok(Answer::refusal(format!("error: {error}"))),
    };
    Ok(Answer::of(match field.as_str() {
        "body" => json!(message.body.expose()),
        "button" => match &message.button {
            Some(button) => {
                let payload = button.payload.as_ref().map(Redacted::expose);
                json!([button.text.expose(), payload])
            }
            None => Value::Null,
        },
        _ => return Err(NotRun::unknown("field", &field)),
    }))
}

/// `error-code`: the error code in the status callback of a message.
pub(super) fn error_code(case: &Case) -> Outcome {
    Ok(
        match signed(case.input()?)?.parse::<MessageStatusCallback>() {
            Ok(callback) => Answer::of(json!(callback.error_code.map(ErrorCode::get))),
            Err(error) => Answer::refusal(format!("error: {error}")),
        },
    )
}

/// `replay-key`: the key as a string, or null.
pub(super) fn replay_key(case: &Case) -> Outcome {
    let key = ReplayKey::of(&signed(case.input()?)?);
    Ok(Answer::of(json!(key.as_ref().map(ReplayKey::as_str))))
}

/// `status-order`: the tracked status after a first status and later callbacks.
pub(super) fn status_order(case: &Case) -> Outcome {
    let statuses: Vec<String> = case.input()?;
    let [first, later @ ..] = statuses.as_slice() else {
        return Err(NotRun("no status".to_owned()));
    };
    let mut tracker = StatusTracker::new(MessageStatus::from(first.as_str()));
    for status in later {
        tracker.observe(MessageStatus::from(status.as_str()));
    }
    Ok(Answer::of(tracker.status().as_str()))
}

/// Returns a form with Twilio's signature, verified.
fn signed(body: String) -> Result<Verified<String>, NotRun> {
    let validator = Validator::new(token("token")?, origin("https://acme.example.com")?);
    let mut request = form(body);
    let signature = value(&validator.sign(&request))?;
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    let verified = validator.verify(request);
    verified.map_err(|error| NotRun(format!("the webhook of this example was refused: {error}")))
}

fn form(body: String) -> Request<String> {
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    request.headers_mut().insert(header::CONTENT_TYPE, FORM);
    request
}

fn token(text: &str) -> Result<AuthToken, NotRun> {
    AuthToken::new(text).map_err(|error| NotRun(format!("not an auth token: {error}")))
}

fn origin(text: &str) -> Result<PublicOrigin, NotRun> {
    PublicOrigin::parse(text).map_err(|error| NotRun(format!("not an origin: {error}")))
}

fn headers(pairs: &Headers) -> Result<HeaderMap, NotRun> {
    let mut headers = HeaderMap::new();
    for (name, text) in pairs {
        let name = HeaderName::try_from(name);
        let name = name.map_err(|error| NotRun(format!("not a header: {error}")))?;
        headers.append(name, value(text)?);
    }
    Ok(headers)
}

fn value(text: &str) -> Result<HeaderValue, NotRun> {
    HeaderValue::try_from(text).map_err(|error| NotRun(format!("not a header: {error}")))
}
