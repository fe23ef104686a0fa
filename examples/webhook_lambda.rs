//! Answers calls in an AWS Lambda function: behind a function URL, or behind API Gateway with
//! payload format 2.0 or 1.0. With the crate `lambda_runtime`, call `handle` from `service_fn`. Here
//! the event comes from standard input:
//!
//! ```text
//! export TWILIO_AUTH_TOKEN=... PUBLIC_ORIGIN=https://abc.lambda-url.eu-west-1.on.aws
//! cargo run --no-default-features --example webhook_lambda < event.json
//! ```
//!
//! Format 2.0 has the stage in the path, also where Twilio requests a custom domain without it.
//! There, set `PublicOrigin::server_prefix("/prod")`. Format 1.0 has the requested path in
//! `requestContext.path`. Its query comes decoded, and is encoded again in the order of the names.
//! Give Twilio URLs whose query is written like that, or is empty.

use std::collections::HashMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use clinspark_twilio::twiml::{Say, VoiceResponse};
use clinspark_twilio::types::{AuthToken, BoxError};
use clinspark_twilio::webhook::{InboundCall, PublicOrigin, Receiver, Validator};
use http::{Request, Response};
use serde_json::{Value, json};

/// Converts an event to the request that Twilio signed: path, query and body unchanged.
fn to_request(event: &Value) -> Option<Request<Vec<u8>>> {
    let text = |pointer| event.pointer(pointer).and_then(Value::as_str);
    let (method, path, query) = if let Some(path) = text("/rawPath") {
        let method = text("/requestContext/http/method")?;
        (method, path, text("/rawQueryString")?.to_owned())
    } else {
        let path = text("/requestContext/path")?;
        (text("/httpMethod")?, path, encoded_query(event)?)
    };
    let separator = if query.is_empty() { "" } else { "?" };
    let mut request = Request::builder()
        .method(method)
        .uri(format!("{path}{separator}{query}"));
    for (name, value) in event.get("headers")?.as_object()? {
        request = request.header(name, value.as_str()?);
    }
    let body = text("/body").unwrap_or_default();
    let body = if event.get("isBase64Encoded")?.as_bool()? {
        BASE64_STANDARD.decode(body).ok()?
    } else {
        body.into()
    };
    request.body(body).ok()
}

/// Encodes the query of format 1.0, which is `null` without parameters.
fn encoded_query(event: &Value) -> Option<String> {
    let mut pairs = Vec::new();
    if let Some(parameters) = event["multiValueQueryStringParameters"].as_object() {
        for (name, values) in parameters {
            for value in values.as_array()? {
                pairs.push((name, value.as_str()?));
            }
        }
    }
    serde_urlencoded::to_string(pairs).ok()
}

pub(crate) async fn handle(receiver: &Receiver, event: &Value) -> Result<Value, BoxError> {
    let request = to_request(event).ok_or("not a request in payload format 1.0 or 2.0")?;
    let answer = receiver.handle(request, |verified| async move {
        if verified.parse::<InboundCall>().is_err() {
            let mut refusal = Response::new(String::new());
            *refusal.status_mut() = http::StatusCode::UNPROCESSABLE_ENTITY;
            return refusal;
        }
        let greeting = Say::new("We are open from eight to five.");
        VoiceResponse::new().append(greeting).into_response()
    });
    let answer = answer.await;
    let mut headers = HashMap::new();
    for (name, value) in answer.headers() {
        headers.insert(name.as_str(), value.to_str()?);
    }
    let body = std::str::from_utf8(answer.body())?;
    Ok(json!({ "statusCode": answer.status().as_u16(), "headers": headers, "body": body }))
}

/// Returns the receiver of a function that answers calls and refuses texts. A function that takes
/// texts gives `Receiver::new` its record of consent.
pub(crate) fn receiver(validator: Validator) -> Receiver {
    Receiver::calls_only(validator)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let origin = PublicOrigin::parse(&std::env::var("PUBLIC_ORIGIN")?)?;
    let validator = Validator::new(AuthToken::new(std::env::var("TWILIO_AUTH_TOKEN")?)?, origin);
    let event = serde_json::from_reader(std::io::stdin())?;
    let answer = handle(&receiver(validator), &event).await?;
    Ok(serde_json::to_writer(std::io::stdout(), &answer)?)
}
