//! Faults in responses: damaged bodies, error statuses, redirects.

use clinspark_twilio::client::{ErrorKind, RetryBudget, RetryPolicy};
use tokio::task::JoinSet;

use crate::fault_case::{Case, End, Known, body, good, wrote};
use crate::server::{Act, Server, answer};
use crate::support::{MESSAGE, TO, builder, fetch, send};

fn decode(known: Known) -> End {
    End::Fails(ErrorKind::Decode, known, 1)
}

fn status(known: Known, attempts: u32) -> End {
    End::Fails(ErrorKind::Status, known, attempts)
}

const HTML: &str = "<html><h1>PLANTED +14155550123</h1></html>";
const JSON: &str = r#"{"code": 20500, "message": "PLANTED +14155550123", "status": 500}"#;

pub(crate) async fn damaged() {
    let whole = body();
    let cut = whole.trim_end_matches('}');
    let chunked = |chunks: &str| {
        format!("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}").into_bytes()
    };
    let sized = |length: usize| {
        format!("HTTP/1.1 201 Created\r\nContent-Length: {length}\r\n\r\n{whole}").into_bytes()
    };
    let (size, half) = (whole.len(), whole.len() / 2);
    let lost = |known| End::Fails(ErrorKind::ConnectionLost, known, 1);
    let case = |name: &str, bytes: Vec<u8>| Case::new(name, wrote(bytes));
    Case::check_all([
        case("cut JSON", answer(201, "", cut))
            .create(decode(Known::Sid))
            .read(decode(Known::Unknown)),
        case(
            "text after the JSON",
            answer(201, "", format!("{whole} PLANTED")),
        )
        .create(decode(Known::Sid))
        .read(decode(Known::Unknown)),
        case(
            "cut JSON without a SID",
            answer(201, "", "{\"body\": \"PLAN"),
        )
        .both(decode(Known::Unknown)),
        case("a length that is too long", sized(size + 9)).create(lost(Known::Sid)),
        case("a length that is too short", sized(half))
            .create(decode(Known::Sid))
            .read(decode(Known::Unknown)),
        case("a chunk without a size", chunked("PLANTED\r\n{}")).create(lost(Known::Unknown)),
        case(
            "a chunk that ends late",
            chunked(&format!("{size:x}\r\n{whole}PLANTED\r\n0")),
        )
        .create(lost(Known::Sid)),
        case(
            "no last chunk",
            chunked(&format!("{size:x}\r\n{whole}\r\n")),
        )
        .create(lost(Known::Sid)),
        case(
            "two lengths",
            b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}".to_vec(),
        ),
    ])
    .await;
    second_answer().await;
}

/// An unrequested response is never read as the next one: a request would get the message of
/// another volunteer.
async fn second_answer() {
    let other = r#"{"sid": "SM00000000000000000000000000000666"}"#;
    let twice = [answer(201, "", body()), answer(201, "", other)].concat();
    let polite = vec![Act::Serve(twice.clone())];
    let late = vec![
        Act::Read,
        Act::Write(answer(201, "", body())),
        Act::Write(answer(201, "", other)),
        Act::Stall,
    ];
    for script in [polite, late] {
        let server = Server::then(vec![script.clone(), script], good()).await;
        let client = builder(&server.url()).max_in_flight(1).build().unwrap();
        let first = client.execute(send()).await.unwrap();
        assert_eq!(first.sid.as_str(), MESSAGE);
        for _ in 0..5 {
            // The request may fail as unknown. It must not succeed with the response of another.
            if let Ok(message) = client.execute(send()).await {
                assert_eq!(message.sid.as_str(), MESSAGE);
            }
            let message = client.execute(fetch()).await.unwrap();
            assert_eq!(message.sid.as_str(), MESSAGE);
        }
        assert!(server.post_heads() <= 6);
    }
}

pub(crate) async fn busy() {
    let busy = |headers: &str| {
        wrote(answer(
            429,
            headers,
            r#"{"code": 20429, "message": "PLANTED"}"#,
        ))
    };
    let case = |name: &str, headers: &str| Case::new(name, busy(headers));
    let soon = "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    let never = "Retry-After: Thu, 31 Dec 9998 23:59:59 GMT\r\n";
    let dated =
        "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\nRetry-After: Thu, 01 Jan 1970 00:00:07 GMT\r\n";
    let at_once = |case: Case| case.both(status(Known::Rejected, 1)).posts(1).waits(&[]);
    let through = |case: Case, wait| case.both(End::Through(2)).posts(2).waits(&[wait]);
    Case::check_all([
        through(case("429", ""), 100),
        through(case("429, HTML", "Content-Type: text/html\r\n"), 100),
        through(case("429, 2 s", "Retry-After: 2\r\n"), 2_000),
        through(case("429, a date in the past", soon), 100),
        through(case("429, a date by the server's own clock", dated), 7_000),
        through(case("429, junk", "Retry-After: PLANTED\r\n"), 100),
        // A 429 is not a failure: there are more attempts than failures are permitted.
        case("429, eight times", "")
            .times(8)
            .both(End::Through(9))
            .posts(9)
            .waits(&[100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800]),
        case(
            "429, until no time for a response is left",
            "Retry-After: 40\r\n",
        )
        .times(3)
        .create(status(Known::Rejected, 2))
        .read(status(Known::Rejected, 3))
        .posts(2),
        at_once(case("429, a date far off", never)),
        at_once(case("429, 999999 s", "Retry-After: 999999\r\n")),
        at_once(case("429, an hour", "Retry-After: 3600\r\n")),
        case("429, a caller that retries itself", "")
            .tune(|client| client.retry(RetryPolicy::none()))
            .both(status(Known::Rejected, 1)),
    ])
    .await;
}

/// One hundred retries for all clones together, then none: an outage does not multiply the traffic.
async fn budget() {
    let down = answer(503, "", "");
    let server = Server::then(Vec::new(), vec![Act::Serve(down)]).await;
    let client = builder(&server.url())
        .retry_budget(RetryBudget::new().per_second(0))
        .operation_timeout(std::time::Duration::from_secs(3600))
        .clock(crate::fault_case::Time::default())
        .build()
        .unwrap();
    let mut sends = JoinSet::new();
    for n in 0..60 {
        let client = client.clone();
        sends.spawn(async move {
            if n % 2 == 0 {
                client.execute(send()).await.unwrap_err();
            } else {
                client.execute(fetch()).await.unwrap_err();
            }
        });
    }
    while let Some(sent) = sends.join_next().await {
        sent.unwrap();
    }
    assert_eq!((server.posts(), server.requests().len()), (30, 160));
}

pub(crate) async fn broken() {
    let mut cases = Vec::new();
    for code in [408, 500, 502, 503, 504, 599] {
        for (name, body) in [("JSON", JSON), ("HTML", HTML), ("empty", "")] {
            let fault = wrote(answer(code, "", body));
            let once = Case::new(format!("{code}, {name}"), fault.clone());
            cases.push(once.create(status(Known::Unknown, 1)));
            let always = Case::new(format!("{code}, {name}, always"), fault).times(5);
            cases.push(
                always
                    .create(status(Known::Unknown, 1))
                    .read(status(Known::Unknown, 5)),
            );
        }
    }
    let later = wrote(answer(503, "Retry-After: 3\r\n", ""));
    let later = Case::new("503 with Retry-After", later);
    cases.push(later.create(status(Known::Unknown, 1)));
    Case::check_all(cases).await;
    budget().await;
}

pub(crate) async fn redirects() {
    let elsewhere = Server::then(Vec::new(), good()).await;
    let mut cases = Vec::new();
    for code in [300, 301, 302, 303, 304, 307, 308] {
        for to in [
            format!("{}/elsewhere", elsewhere.url()),
            format!("//{}/", elsewhere.address()),
            format!("/?to={TO}"),
            "PLANTED:::".to_owned(),
        ] {
            let fault = wrote(answer(code, &format!("Location: {to}\r\n"), HTML));
            let end = End::Fails(ErrorKind::Redirect, Known::Unknown, 1);
            cases.push(Case::new(format!("{code} to {to}"), fault).both(end));
        }
    }
    Case::check_all(cases).await;
    assert_eq!(elsewhere.connections(), 0);
}

/// Every error format of Twilio, and some of gateways.
const REFUSALS: [&str; 12] = [
    r#"{"code": 21211, "message": "PLANTED +14155550123", "status": 400,
        "more_info": "https://www.twilio.com/docs/errors/21211"}"#,
    r#"{"code": 20404, "message": "PLANTED", "more_info": "PLANTED", "status": 404,
        "details": {"to": "+14155550123"}}"#,
    r#"{"code": 20001, "message": "PLANTED", "httpStatusCode": 400, "userError": true,
        "params": {"to": "+14155550123"}}"#,
    r#"{"type": "https://www.twilio.com/docs/api/errors/20001", "title": "PLANTED",
        "status": 400, "code": 20001, "detail": "PLANTED +14155550123", "instance": "PLANTED",
        "errors": [{"detail": "PLANTED", "pointer": "/+14155550123"}]}"#,
    r#"{"errors": [{"code": 20001, "message": "PLANTED", "infoUrl": "PLANTED",
        "context": {"to": "+14155550123"}}]}"#,
    r#"{"code": "PLANTED", "message": 5, "status": "PLANTED"}"#,
    r#"{"message": "PLANTED"}"#,
    "<RestException><Code>PLANTED</Code></RestException>",
    HTML,
    "",
    "null",
    "[\"PLANTED\"]",
];

pub(crate) async fn refusals() {
    let mut cases = Vec::new();
    for code in [400, 401, 403, 404, 409, 410, 422, 451] {
        for body in REFUSALS {
            let fault = wrote(answer(code, "", body));
            let case = Case::new(format!("{code}, {body}"), fault);
            cases.push(case.both(status(Known::Rejected, 1)).waits(&[]));
        }
    }
    Case::check_all(cases).await;
}
