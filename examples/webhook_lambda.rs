//! Answers calls in an AWS Lambda function behind a function URL or API Gateway (payload format
//! 2.0). With the crate `lambda_runtime`, call `handle` from `service_fn`. Here the event comes
//! from standard input:
//!
//! ```text
//! export TWILIO_AUTH_TOKEN=... PUBLIC_ORIGIN=https://abc.lambda-url.eu-west-1.on.aws
//! cargo run --no-default-features --example webhook_lambda < event.json
//! ```
#![allow(clippy::print_stderr, reason = "a program for people to read")]

use base64::prelude::{BASE64_STANDARD, Engine as _};
use clinspark_twilio::twiml::{Say, VoiceResponse};
use clinspark_twilio::types::{AuthToken, BoxError};
use clinspark_twilio::webhook::{InboundCall, PublicOrigin, Validator};
use http::Request;
use serde_json::{Value, json};

/// Converts an event to the request that Twilio signed: path, query and body unchanged.
fn to_request(event: &Value) -> Option<Request<Vec<u8>>> {
    let text = |pointer| event.pointer(pointer).and_then(Value::as_str);
    let (path, query) = (text("/rawPath")?, text("/rawQueryString")?);
    let separator = if query.is_empty() { "" } else { "?" };
    let mut request = Request::builder()
        .method(text("/requestContext/http/method")?)
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

pub(crate) fn handle(validator: &Validator, event: &Value) -> Result<Value, BoxError> {
    let request = to_request(event).ok_or("not an event of payload format 2.0")?;
    let verified = match validator.verify(request) {
        Ok(verified) => verified,
        Err(refusal) => {
            eprintln!("refused: {refusal}"); // the sender gets only the status
            return Ok(json!({ "statusCode": refusal.status().as_u16() }));
        }
    };
    let _call: InboundCall = verified.parse()?;
    let answer = VoiceResponse::new().append(Say::new("We are open from eight to five."));
    let headers = json!({ "content-type": "text/xml" });
    Ok(json!({ "statusCode": 200, "headers": headers, "body": answer.to_xml() }))
}

fn main() -> Result<(), BoxError> {
    let origin = PublicOrigin::parse(&std::env::var("PUBLIC_ORIGIN")?)?;
    let validator = Validator::new(AuthToken::new(std::env::var("TWILIO_AUTH_TOKEN")?)?, origin);
    let answer = handle(&validator, &serde_json::from_reader(std::io::stdin())?)?;
    Ok(serde_json::to_writer(std::io::stdout(), &answer)?)
}
