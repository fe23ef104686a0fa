//! The Lambda example answers calls that Twilio signed, and no other events.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use clinspark_twilio::types::AuthToken;
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
        "routeKey": "$default",
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

#[test]
fn a_signed_call_is_answered() {
    for query in ["", "clinic=7&a=%27b%27"] {
        let answer = example::handle(&validator(), &event(query, FORM)).unwrap();
        assert_eq!(answer["statusCode"], 200);
        assert_eq!(answer["headers"]["content-type"], "text/xml");
        assert_eq!(
            answer["body"],
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Say>We are open from eight to \
             five.</Say></Response>"
        );
    }
    let mut plain = event("", FORM);
    plain["body"] = FORM.into();
    plain["isBase64Encoded"] = false.into();
    let answer = example::handle(&validator(), &plain).unwrap();
    assert_eq!(answer["statusCode"], 200);
}

#[test]
fn a_forged_event_is_refused_without_a_reason() {
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
        let answer = example::handle(&validator(), &forged).unwrap();
        assert_eq!(answer, json!({"statusCode": 403}), "{pointer}");
    }
    // `Host` and forwarded headers are the sender's: they change nothing.
    let mut moved = event("", FORM);
    moved["headers"]["host"] = "evil.example".into();
    let answer = example::handle(&validator(), &moved).unwrap();
    assert_eq!(answer["statusCode"], 200);
}

#[test]
fn other_events_are_errors() {
    let base64 = json!({"isBase64Encoded": true, "body": "%"});
    let mut unreadable = event("", FORM);
    unreadable["body"] = "%".into();
    for event in [
        json!({}),
        json!({"httpMethod": "POST", "path": "/"}),
        base64,
        unreadable,
    ] {
        assert!(example::handle(&validator(), &event).is_err());
    }
    let message = "MessageSid=SM00000000000000000000000000000001&Body=Yes&From=%2B14155550123\
        &AccountSid=AC00000000000000000000000000000001&To=%2B14155550199";
    assert!(example::handle(&validator(), &event("", message)).is_err());
}
