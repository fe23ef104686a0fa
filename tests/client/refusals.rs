//! Error responses in each of the formats of Twilio's products.

use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{ApiError, Client, Delivery, ErrorKind, RetryPolicy};
use clinspark_twilio::codes::ErrorCode;

use crate::support::{assert_clean, credentials, printed, send};

const REQUEST_ID: &str = "RQ0123456789abcdef0123456789abcdef";

async fn refused(reply: Reply) -> ApiError {
    let transport = FakeTransport::new().reply(reply);
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(transport)
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let error = client.execute(send()).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Status);
    assert_clean(&printed(&error));
    error.api().unwrap().clone()
}

/// Code, message, documentation page and details.
type ErrorFields<'a> = (
    Option<u32>,
    Option<&'a str>,
    Option<&'a str>,
    Option<&'a str>,
);

fn error_fields(api: &ApiError) -> ErrorFields<'_> {
    (
        api.code.map(ErrorCode::get),
        api.message.as_ref().map(|text| text.expose().as_str()),
        api.more_info.as_deref(),
        api.details.as_ref().map(|text| text.expose().as_str()),
    )
}

#[tokio::test]
async fn every_format_is_read() {
    let page = "https://www.twilio.com/docs/errors/21211";
    let cases: [(&str, ErrorFields<'_>); 12] = [
        // Format of the 2010 API and v1.
        (
            r#"{"code": 21211, "message": "PLANTED", "more_info":
                "https://www.twilio.com/docs/errors/21211", "status": 400}"#,
            (Some(21211), Some("PLANTED"), Some(page), None),
        ),
        // The same with details.
        (
            r#"{"code": 21211, "message": "PLANTED", "status": 400,
                "details": {"To": ["PLANTED +14155550123"]}}"#,
            (
                Some(21211),
                Some("PLANTED"),
                None,
                Some(r#"{"To":["PLANTED +14155550123"]}"#),
            ),
        ),
        // Without a code, as from Twilio's own gateway.
        (
            r#"{"message": "PLANTED", "status": 404}"#,
            (None, Some("PLANTED"), None, None),
        ),
        // Format of newer services, with `userError`.
        (
            r#"{"code": 21211, "message": "PLANTED", "httpStatusCode": 400, "userError": true,
                "params": {"twilioErrorCodeUrl": "https://www.twilio.com/docs/errors/21211",
                "number": "+14155550123"}}"#,
            (
                Some(21211),
                Some("PLANTED"),
                Some(page),
                Some(
                    r#"{"number":"+14155550123","twilioErrorCodeUrl":"https://www.twilio.com/docs/errors/21211"}"#,
                ),
            ),
        ),
        (
            r#"{"code": 20500, "message": "PLANTED", "httpStatusCode": 500, "userError": false}"#,
            (Some(20500), Some("PLANTED"), None, None),
        ),
        // Format of RFC 9457.
        (
            r#"{"type": "https://www.twilio.com/docs/errors/20001", "title": "PLANTED title",
                "status": 400, "code": 20001, "detail": "PLANTED detail", "instance": "RQ1",
                "errors": [{"detail": "PLANTED: no number", "pointer": "/to"}]}"#,
            (
                Some(20001),
                Some("PLANTED detail"),
                None,
                Some(r#"[{"detail":"PLANTED: no number","pointer":"/to"}]"#),
            ),
        ),
        (
            r#"{"type": "about:blank", "title": "PLANTED title", "status": 400, "code": 20001}"#,
            (Some(20001), Some("PLANTED title"), None, None),
        ),
        // Only a list of errors: the first one with a code counts.
        (
            r#"{"errors": [{"code": null}, {"code": "21211", "message": "PLANTED", "infoUrl":
                "https://www.twilio.com/docs/errors/21211", "context": {}}, {"code": 21610}]}"#,
            (
                Some(21211),
                Some("PLANTED"),
                Some(page),
                Some(
                    r#"[{"code":null},{"code":"21211","context":{},"infoUrl":"https://www.twilio.com/docs/errors/21211","message":"PLANTED"},{"code":21610}]"#,
                ),
            ),
        ),
        // Empty fields are ignored.
        (
            r#"{"code": 20001, "details": {}, "params": null, "errors": []}"#,
            (Some(20001), None, None, None),
        ),
        (
            r#"{"code": 20001, "details": "PLANTED", "errors": "x"}"#,
            (Some(20001), None, None, Some(r#""PLANTED""#)),
        ),
        ("<html><h1>PLANTED</h1></html>", (None, None, None, None)),
        ("", (None, None, None, None)),
    ];
    for status in [400, 404, 429, 500, 503] {
        for (body, expected) in &cases {
            let api = refused(Reply::json(status, *body)).await;
            assert_eq!(api.status, status);
            assert_eq!(error_fields(&api), *expected, "{body}");
        }
    }
}

#[tokio::test]
async fn a_code_is_read_beside_details_nested_too_deeply() {
    let deep = "[".repeat(10_000);
    for body in [
        format!(
            r#"{{"code": 21211, "details": {deep}{}}}"#,
            deep.replace('[', "]")
        ),
        format!(
            r#"{{"code": 21211, "errors": {deep}{}}}"#,
            deep.replace('[', "]")
        ),
    ] {
        let api = refused(Reply::json(400, body)).await;
        assert_eq!(api.code, Some(ErrorCode::INVALID_TO));
        let details = api.details.as_ref().unwrap().expose();
        assert!(details.len() < 300, "{} bytes", details.len());
    }
}

#[tokio::test]
async fn request_id_and_concurrent_requests_are_read() {
    let reply = Reply::error(429, 20429)
        .header("Twilio-Request-Id", REQUEST_ID)
        .header("Twilio-Concurrent-Requests", "101");
    let api = refused(reply).await;
    assert_eq!(api.request_id.as_deref(), Some(REQUEST_ID));
    assert_eq!(api.concurrent_requests, Some(101));
    let reply = Reply::error(429, 20429)
        .header("Twilio-Request-Id", "14155550123")
        .header("Twilio-Concurrent-Requests", "PLANTED");
    let api = refused(reply).await;
    assert_eq!((api.request_id, api.concurrent_requests), (None, None));
}
