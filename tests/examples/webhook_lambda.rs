//! The Lambda example answers calls that Twilio signed, and no other events.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use clinspark_twilio::types::{AuthToken, BoxError};
use clinspark_twilio::webhook::{PublicOrigin, Validator};
use serde_json::{Value, json};

#[path = "../../examples/webhook_lambda.rs"]
#[expect(dead_code, reason = "its `main` reads standard input")]
mod example;

const FORM: &str = "CallSid=CA00000000000000000000000000000001&CallStatus=ringing\
    &AccountSid=AC00000000000000000000000000000001&Direction=inbound\
    &From=%2B14155550123&To=%2B14155550199";

fn validator() -> Validator {
    let origin = PublicOrigin::parse("https://abc.lambda-url.eu-west-1.on.aws").unwrap();
    Validator::new(AuthToken::new("12345").unwrap(), origin)
}

async fn handle(event: &Value) -> Result<Value, BoxError> {
    example::handle(&example::receiver(validator()), event).await
}

/// Returns the event of a request that Twilio signed, as a function URL passes it on.
fn event(query: &str, form: &str) -> Value {
    let target = match query {
        "" => "/twilio/voice".to_owned(),
        query => format!("/twilio/voice?{query}"),
    };
    let content_type = "application/x-www-form-urlencoded; charset=UTF-8";
    let request = http::Request::post(target)
        .header("content-type", content_type)
        .body(form)
        .unwrap();
    json!({
        "version": "2.0",
        "rawPath": "/twilio/voice",
        "rawQueryString": query,
        "headers": {
            "content-type": content_type,
            "host": "abc.lambda-url.eu-west-1.on.aws",
            "x-forwarded-proto": "https",
            "x-twilio-signature": validator().sign(&request),
        },
        "requestContext": {"http": {"method": "POST", "path": "/twilio/voice"}},
        "body": BASE64_STANDARD.encode(form),
        "isBase64Encoded": true,
    })
}

#[tokio::test]
async fn a_signed_call_is_answered() {
    for query in ["", "clinic=7&a=%27b%27"] {
        let answer = handle(&event(query, FORM)).await.unwrap();
        assert_eq!(answer["statusCode"], 200);
        assert_eq!(answer["headers"]["content-type"], "text/xml; charset=utf-8");
        assert_eq!(
            answer["body"],
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Say>We are open from eight to \
             five.</Say></Response>"
        );
    }
    let mut plain = event("", FORM);
    plain["body"] = FORM.into();
    plain["isBase64Encoded"] = false.into();
    let answer = handle(&plain).await.unwrap();
    assert_eq!(answer["statusCode"], 200);
}

#[tokio::test]
async fn a_forged_event_is_refused_without_a_reason() {
    let other = BASE64_STANDARD.encode(FORM.replace("ringing", "completed"));
    for (pointer, value) in [
        ("/body", other.as_str()),
        ("/body", ""),
        ("/rawPath", "/twilio/other"),
        ("/rawQueryString", "a=b"),
        (
            "/headers/x-twilio-signature",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        ),
        ("/requestContext/http/method", "GET"),
    ] {
        let mut forged = event("", FORM);
        *forged.pointer_mut(pointer).unwrap() = value.into();
        let answer = handle(&forged).await.unwrap();
        assert_eq!(answer["statusCode"], 403, "{pointer}");
        assert_eq!(answer["body"], "", "{pointer}");
    }
    // `Host` and forwarded headers are the sender's: they change nothing.
    let mut moved = event("", FORM);
    moved["headers"]["host"] = "evil.example".into();
    let answer = handle(&moved).await.unwrap();
    assert_eq!(answer["statusCode"], 200);
}

#[tokio::test]
async fn other_events_are_errors() {
    let base64 = json!({"isBase64Encoded": true, "body": "%"});
    let mut unreadable = event("", FORM);
    unreadable["body"] = "%".into();
    for event in [
        json!({}),
        json!({"httpMethod": "POST", "path": "/"}),
        base64,
        unreadable,
    ] {
        assert!(handle(&event).await.is_err());
    }
    let message = "MessageSid=SM00000000000000000000000000000001&Body=Yes&From=%2B14155550123\
        &AccountSid=AC00000000000000000000000000000001&To=%2B14155550199";
    // A function that answers calls takes no texts, and so loses no STOP.
    let answer = handle(&event("", message)).await.unwrap();
    assert_eq!(answer["statusCode"], 403);
}

/// API Gateway with payload format 1.0 at stage `prod`, whose query comes decoded.
#[tokio::test]
async fn a_signed_call_is_answered_behind_api_gateway_1_0() {
    for (target, parameters) in [
        ("/prod/twilio/voice", Value::Null),
        (
            "/prod/twilio/voice?clinic=7&name=a+%26+b&name=%C3%A9",
            json!({"clinic": ["7"], "name": ["a & b", "\u{e9}"]}),
        ),
    ] {
        let signed = http::Request::post(target)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(FORM)
            .unwrap();
        let mut event = json!({
            "resource": "/twilio/voice",
            "path": "/twilio/voice",
            "httpMethod": "POST",
            "headers": {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Twilio-Signature": validator().sign(&signed),
            },
            "multiValueQueryStringParameters": parameters,
            "requestContext": {"path": "/prod/twilio/voice", "stage": "prod"},
            "body": FORM,
            "isBase64Encoded": false,
        });
        let answer = handle(&event).await.unwrap();
        assert_eq!(answer["statusCode"], 200, "{target}");
        event["requestContext"]["path"] = "/twilio/voice".into();
        let answer = handle(&event).await.unwrap();
        assert_eq!(answer["statusCode"], 403, "{target}");
    }
}

/// API Gateway with payload format 2.0 puts the stage before the path that Twilio requests at a
/// custom domain.
#[tokio::test]
async fn the_stage_of_a_custom_domain_is_a_server_prefix() {
    let mut event = event("", FORM);
    event["rawPath"] = "/prod/twilio/voice".into();
    assert_eq!(handle(&event).await.unwrap()["statusCode"], 403);

    let origin = PublicOrigin::parse("https://abc.lambda-url.eu-west-1.on.aws").unwrap();
    let origin = origin.server_prefix("/prod").unwrap();
    let validator = Validator::new(AuthToken::new("12345").unwrap(), origin);
    let receiver = example::receiver(validator);
    let answer = example::handle(&receiver, &event).await.unwrap();
    assert_eq!(answer["statusCode"], 200);
}
