//! Every kind of response, to a create and to a read.

use std::time::Duration;

use clinspark_twilio::client::messages::ListMessages;
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{Client, Delivery, Error, ErrorKind, Outcome};
use clinspark_twilio::codes::ErrorCode;

use crate::server::{Act, Server, answer};
use crate::support::{
    ACCOUNT, FROM, MESSAGE, TO, assert_clean, client, credentials, fetch, printed, send,
};

const HTML: &str = "<html><h1>PLANTED +14155550123</h1></html>";
const REFUSED: &str = r#"{"code": 21211, "message": "The number +14155550123 is PLANTED",
    "more_info": "https://www.twilio.com/docs/errors/21211", "status": 400}"#;

/// Sends a create and a read, both with this response.
async fn both(bytes: Vec<u8>) -> (Error, Error) {
    let script = vec![Act::Read, Act::Write(bytes)];
    let server = Server::start([script.clone(), script]).await;
    let client = client(&server.url());
    let create = client.execute(send()).await.unwrap_err();
    let read = client.execute(fetch()).await.unwrap_err();
    assert_clean(&printed(&create));
    assert_clean(&printed(&read));
    assert_eq!((server.posts(), server.requests().len()), (1, 2));
    (create, read)
}

fn sid(error: &Error) -> Option<&str> {
    match error.outcome() {
        Outcome::Unknown { sid, .. } => sid.as_deref(),
        _ => panic!("not unknown: {error:?}"),
    }
}

#[tokio::test]
async fn refusals_in_every_format() {
    for status in [400, 401, 403, 404, 409, 410, 422, 451] {
        for (body, code) in [
            (REFUSED, Some(21211)),
            (
                r#"{"code": "21211", "title": "PLANTED", "status": 400}"#,
                Some(21211),
            ),
            (r#"{"message": "PLANTED"}"#, None),
            (r#"{"code": null, "message": {"PLANTED": 1}}"#, None),
            (HTML, None),
            ("", None),
            ("null", None),
            ("[1, 2]", None),
        ] {
            let (create, read) = both(answer(status, "", body)).await;
            for error in [&create, &read] {
                assert_eq!(
                    (error.kind(), error.outcome()),
                    (ErrorKind::Status, &Outcome::Rejected)
                );
                let api = error.api().unwrap();
                assert_eq!(
                    (api.status.as_u16(), api.code.map(ErrorCode::get)),
                    (status, code)
                );
                assert!(!error.is_retryable());
            }
            let (what, advice) = match code {
                Some(code) => (
                    format!(", Twilio error {code}: To is not a valid phone number"),
                    "; ask the recipient for the right number, and give it in E.164",
                ),
                None => (String::new(), ""),
            };
            let text = format!("SendMessage: status {status}{what}; nothing was done{advice}");
            assert_eq!(create.to_string(), text);
            assert_eq!(
                read.to_string(),
                format!("FetchMessage: status {status}{what}{advice}")
            );
        }
    }
}

#[tokio::test]
async fn a_refusal_keeps_the_request_id() {
    let request_id = "RQ0123456789abcdef0123456789abcdef";
    let headers = format!("Twilio-Request-Id: {request_id}\r\n");
    let (create, _) = both(answer(400, &headers, REFUSED)).await;
    let api = create.api().unwrap();
    assert_eq!(api.request_id.as_deref(), Some(request_id));
    assert_eq!(
        api.more_info.as_deref(),
        Some("https://www.twilio.com/docs/errors/21211")
    );
    let message = api.message.as_ref().unwrap().expose();
    assert_eq!(message, "The number +14155550123 is PLANTED");
}

#[tokio::test]
async fn text_of_a_gateway_in_printable_fields_is_dropped() {
    let body = r#"{"more_info": "https://www.twilio.com/?to=+14155550123"}"#;
    let (create, _) = both(answer(
        403,
        "Twilio-Request-Id: 14155550123PLANTED\r\n",
        body,
    ))
    .await;
    let api = create.api().unwrap();
    assert_eq!((&api.more_info, &api.request_id), (&None, &None));
}

#[tokio::test]
async fn too_many_requests_can_be_retried() {
    let body = r#"{"code": 20429, "status": 429}"#;
    for (header, wait) in [
        ("", None),
        ("Retry-After: 2\r\n", Some(Duration::from_secs(2))),
        ("Retry-After: 999999\r\n", Some(Duration::from_secs(86_400))),
        ("Retry-After: 99999999999999999999999\r\n", None),
        (
            "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
            Some(Duration::ZERO),
        ),
        (
            "Retry-After: Thu, 31 Dec 9998 23:59:59 GMT\r\n",
            Some(Duration::from_secs(86_400)),
        ),
        ("Retry-After: -1\r\n", None),
        ("Retry-After: soon\r\n", None),
    ] {
        let (create, read) = both(answer(429, header, body)).await;
        for error in [create, read] {
            assert_eq!(
                (error.kind(), error.outcome()),
                (ErrorKind::Status, &Outcome::Rejected)
            );
            assert!(error.is_retryable());
            assert_eq!(error.retry_after(), wait, "{header}");
        }
    }
}

#[tokio::test]
async fn server_errors_leave_a_create_unknown() {
    for status in [408, 500, 502, 503, 504, 599] {
        for body in [r#"{"code": 20500, "message": "PLANTED"}"#, HTML, ""] {
            let (create, read) = both(answer(status, "", body)).await;
            assert_eq!((create.kind(), sid(&create)), (ErrorKind::Status, None));
            assert_eq!((create.is_retryable(), read.is_retryable()), (false, true));
            assert_eq!(create.status().unwrap(), status);
        }
    }
}

#[tokio::test]
async fn an_unreadable_success_leaves_a_create_unknown() {
    let nested = "[".repeat(10_000);
    let deep = format!("{{\"sid\": \"{MESSAGE}\", \"x\": {nested}");
    let deep_known = format!(
        "{{\"body\": {}, \"sid\": \"{MESSAGE}\"",
        "{\"a\":".repeat(10_000)
    );
    let truncated = format!("{{\"sid\": \"{MESSAGE}\", \"body\": \"PLANT");
    let trailing = format!("{{\"sid\": \"{MESSAGE}\"}} PLANTED");
    let spaced = format!("{{\n  \"sid\" :\t\"{MESSAGE}\",\n  \"to\": PLANTED");
    let account = r#"{"account_sid": "AC00000000000000000000000000000001", "sid": "PLANTED"#;
    let foreign = r#"{"sid": "AC00000000000000000000000000000001"}"#;
    let cases: [(&[u8], Option<&str>, &str); 17] = [
        (truncated.as_bytes(), Some(MESSAGE), "is cut off"),
        (trailing.as_bytes(), Some(MESSAGE), "is not JSON"),
        (spaced.as_bytes(), Some(MESSAGE), "is not JSON"),
        (deep.as_bytes(), Some(MESSAGE), ""),
        (deep_known.as_bytes(), Some(MESSAGE), ""),
        (nested.as_bytes(), None, "is not the expected resource"),
        (account.as_bytes(), None, "is cut off"),
        (foreign.as_bytes(), None, "is not the expected resource"),
        (b"{}", None, "is not the expected resource"),
        (b"null", None, "is not the expected resource"),
        (b"\"PLANTED\"", None, "is not the expected resource"),
        (b"[]", None, "is not the expected resource"),
        (b"", None, "is cut off"),
        (b"NaN", None, "is not JSON"),
        (b"\xef\xbb\xbf{}", None, ""),
        (b"{\"sid\": \"SM\xff\"}", None, ""),
        (HTML.as_bytes(), None, "is not JSON"),
    ];
    for (body, found, what) in cases {
        for status in [200, 201, 202] {
            let (create, read) = both(answer(status, "", body)).await;
            assert_eq!((create.kind(), sid(&create)), (ErrorKind::Decode, found));
            assert_eq!((create.is_retryable(), read.is_retryable()), (false, false));
            assert!(create.to_string().contains(what), "{create} for {what}");
        }
    }
}

#[tokio::test]
async fn a_response_over_the_limit_is_cut_off() {
    let filler = "x".repeat(5 * 1024 * 1024);
    let body = format!("{{\"sid\": \"{MESSAGE}\", \"body\": \"{filler}\"}}");
    let endless = format!("HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n{body}");
    for bytes in [answer(201, "", body), endless.into()] {
        let (create, read) = both(bytes).await;
        assert_eq!(
            (create.kind(), sid(&create)),
            (ErrorKind::Decode, Some(MESSAGE))
        );
        assert_eq!(read.kind(), ErrorKind::Decode);
        assert!(
            create.to_string().contains("the response is over 4 MiB"),
            "{create}"
        );
    }
}

#[tokio::test]
async fn an_error_response_over_the_limit_keeps_its_status() {
    let (create, _) = both(answer(400, "", "x".repeat(5 * 1024 * 1024))).await;
    assert_eq!(
        (create.kind(), create.outcome()),
        (ErrorKind::Status, &Outcome::Rejected)
    );
}

#[tokio::test]
async fn a_page_may_be_larger() {
    let page = |size: usize| {
        let filler = "x".repeat(size * 1024 * 1024);
        format!("{{\"messages\": [], \"filler\": \"{filler}\"}}")
    };
    let script = [23, 25].map(|size| vec![Act::Read, Act::Write(answer(200, "", page(size)))]);
    let server = Server::start(script).await;
    let client = client(&server.url());
    let page = client.execute(ListMessages::new()).await.unwrap();
    assert!(page.items.is_empty());
    let error = client.execute(ListMessages::new()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "ListMessages: status 200, but the response is over 24 MiB"
    );
}

/// Twilio's own limits: 1,000 messages a page, 1,600 characters a message. Each character of Hindi
/// is a `\\u` escape of six bytes, each emoji two.
#[tokio::test]
async fn a_full_page_of_long_texts_is_read() {
    for (messages, characters, text) in [
        (1_000, 700, "\\u0928"),
        (400, 1_600, "\\u0928"),
        (1_000, 1_600, "\\ud83d\\ude00"),
    ] {
        let body = text.repeat(characters);
        let item = |n: usize| {
            format!(
                r#"{{"account_sid": "{ACCOUNT}", "api_version": "2010-04-01", "body": "{body}",
                "date_created": "Thu, 24 Aug 2023 05:01:45 +0000", "sid": "SM{n:032}",
                "direction": "inbound", "error_code": null, "from": "{FROM}", "to": "{TO}"}}"#
            )
        };
        let items: Vec<String> = (0..messages).map(item).collect();
        let page = format!(
            "{{\"messages\": [{}], \"next_page_uri\": null}}",
            items.join(",")
        );
        let transport = FakeTransport::new().reply(Reply::json(200, page));
        let client = Client::builder(credentials(), Delivery::Off)
            .with_transport(transport)
            .build()
            .unwrap();
        let mut list = client.list(ListMessages::new().page_size(1_000));
        let mut read = 0;
        while let Some(message) = list.next().await {
            let body = message.unwrap().body.unwrap();
            assert_eq!(body.expose().chars().count(), characters);
            read += 1;
        }
        assert_eq!((read, list.unreadable().len()), (messages, 0));
    }
}
