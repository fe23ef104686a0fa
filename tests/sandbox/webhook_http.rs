//! HTTP of webhooks: redirects, cookies, credentials, connection overrides, headers, the log.

use std::time::Duration;

use axum::response::Response;
use clinspark_twilio::sandbox::{PhoneCall, Sandbox, WebhookKind};
use clinspark_twilio::types::CallStatus;

use crate::app::{Api, CLINIC, VOLUNTEER, codes, e164};
use crate::server::{Received, Server, response, twiml};

/// Starts a sandbox with a number whose settings are URLs of a service.
pub(crate) async fn clinic(
    settings: &[(&str, &str)],
    answer: impl Fn(&Received) -> Response + Send + Sync + 'static,
) -> (Sandbox, Server) {
    let sandbox = Sandbox::start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let server = Server::start(&sandbox, answer).await;
    for (name, path) in settings {
        let value = if path.starts_with('/') {
            server.url(path)
        } else {
            (*path).to_owned()
        };
        sandbox
            .configure_number(number, &[(*name, &value)])
            .unwrap();
    }
    (sandbox, server)
}

pub(crate) async fn call(sandbox: &Sandbox) -> PhoneCall {
    sandbox
        .phone(e164(VOLUNTEER))
        .call(e164(CLINIC))
        .await
        .unwrap()
}

pub(crate) async fn text(sandbox: &Sandbox) -> Vec<String> {
    let phone = sandbox.phone(e164(VOLUNTEER));
    let replies = phone.text(e164(CLINIC), "hi").await.unwrap();
    let bodies = replies.iter().map(|reply| reply.body.expose().clone());
    bodies.collect()
}

/// Returns everything that was heard in a call until its end.
pub(crate) async fn heard(call: &PhoneCall) -> Vec<String> {
    call.wait_ended().await.unwrap();
    let mut heard = Vec::new();
    while let Ok(audio) = call.hear().await {
        heard.push(audio);
    }
    heard
}

#[tokio::test]
async fn a_redirect_is_followed_with_a_signed_get_without_the_parameters() {
    for status in [301, 302, 303] {
        let (sandbox, server) = clinic(&[("VoiceUrl", "/voice")], move |request| {
            if request.target == "/voice" {
                return response(status, &[("location", "/next?lang=en")], "moved");
            }
            if request.target == "/relative" {
                return twiml("<Hangup/>");
            }
            twiml("<Say>Moved</Say><Redirect>relative</Redirect>")
        })
        .await;
        let ended = call(&sandbox).await.wait_ended().await.unwrap();
        assert_eq!(ended, CallStatus::Completed);
        let seen = server.received();
        assert_eq!((&*seen[0].method, &*seen[1].method), ("POST", "GET"));
        assert!(seen[0].body.contains("CallSid="));
        assert_eq!((&*seen[1].target, &*seen[1].body), ("/next?lang=en", ""));
        assert!(seen.iter().all(|request| request.is_signed), "{status}");
        // Both are in the log, the first with its body.
        let sent = sandbox.webhooks();
        assert_eq!((sent[0].status, sent[0].redirects), (Some(status), 0));
        assert_eq!(sent[0].response_body.expose(), "moved");
        assert_eq!((sent[1].status, sent[1].redirects), (Some(200), 1));
        assert_eq!(sent[1].parameters.expose(), &[]);
        // Relative URLs are resolved against the URL of the response.
        assert_eq!(server.targets()[2], "/relative");
    }
}

#[tokio::test]
async fn a_temporary_redirect_keeps_method_and_parameters() {
    for status in [307, 308] {
        let (sandbox, server) = clinic(&[("SmsUrl", "/sms")], move |request| {
            if request.target == "/sms" {
                return response(status, &[("location", "/next")], "");
            }
            twiml("<Message>moved</Message>")
        })
        .await;
        assert_eq!(text(&sandbox).await, ["moved"]);
        let seen = server.received();
        assert_eq!((&*seen[1].method, &seen[1].body), ("POST", &seen[0].body));
        assert!(seen[1].is_signed, "{status}");
        let token = "i-twilio-idempotency-token";
        assert_eq!(seen[0].header(token), seen[1].header(token));
    }
}

#[tokio::test]
async fn redirects_end_after_ten_and_without_a_valid_location() {
    // Headers of the response, number of requests, alert.
    type Case = (&'static [(&'static str, &'static str)], usize, u32);
    let cases: &[Case] = &[
        (&[("location", "/again")], 11, 11215),
        (&[], 1, 11216),
        (&[("location", "http://")], 1, 11216),
        (&[("location", "ftp://127.0.0.1/x")], 1, 11216),
        (&[("location", "http://clinic_a.example/x")], 1, 11216),
        (&[("location", "https://example.com/x")], 1, 11210),
    ];
    for (headers, requests, code) in cases {
        let settings = [("VoiceUrl", "/voice"), ("VoiceFallbackUrl", "/fallback")];
        let (sandbox, server) = clinic(&settings, |request| {
            if request.target == "/fallback" {
                return twiml("<Say>fallback</Say>");
            }
            response(302, headers, "")
        })
        .await;
        assert_eq!(heard(&call(&sandbox).await).await, ["fallback"]);
        assert_eq!(codes(&sandbox), [*code], "{headers:?}");
        let targets = server.targets();
        assert_eq!(targets.len(), requests + 1, "{targets:?}");
        let fallback = &server.received()[*requests];
        assert!(fallback.body.contains(&format!("ErrorCode={code}")));
    }
}

/// Sets a cookie on each page, and moves on.
fn set_cookies(request: &Received) -> Response {
    let cookie: &[(&str, &str)] = match &*request.target {
        "/voice" => &[
            ("content-type", "text/xml"),
            ("set-cookie", "step=1; HttpOnly"),
            ("set-cookie", "lang=en; Path=/menu/"),
            ("set-cookie", "secret=1; Secure"),
            ("set-cookie", "short=1; Max-Age=60"),
            (
                "set-cookie",
                "past=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            ),
            ("set-cookie", "malformed"),
        ],
        _ => &[
            ("content-type", "text/xml"),
            ("set-cookie", "step=2; Path=/"),
        ],
    };
    let next = "<Response><Gather action=\"/menu/a\"/></Response>";
    response(200, cookie, next)
}

#[tokio::test]
async fn cookies_are_kept_within_a_call() {
    let (sandbox, server) = clinic(&[("VoiceUrl", "/voice")], set_cookies).await;
    let first = call(&sandbox).await;
    first.press("1#").await.unwrap();
    sandbox.advance(Duration::from_secs(4)).await.unwrap();
    first.press("1#").await.unwrap();
    first.hang_up().await.unwrap();
    let seen = server.received();
    let cookies: Vec<_> = seen
        .iter()
        .map(|request| request.header("cookie"))
        .collect();
    let all = "lang=en; step=1; short=1";
    assert_eq!(cookies[..2], [None, Some(all)]);
    assert_eq!(cookies[2], Some("lang=en; short=1; step=2"));
    // Another call begins without cookies.
    call(&sandbox).await.hang_up().await.unwrap();
    assert_eq!(server.received()[3].header("cookie"), None);
    // Another host, here another port's name, gets none.
    assert!(seen.iter().all(|request| request.is_signed));
}

#[tokio::test]
async fn cookies_are_kept_within_a_text_conversation() {
    let (sandbox, server) = clinic(&[("SmsUrl", "/sms")], |_| {
        let headers = [
            ("set-cookie", "count=1; Max-Age=7200"),
            ("set-cookie", "n=2"),
        ];
        response(204, &headers, "")
    })
    .await;
    text(&sandbox).await;
    text(&sandbox).await;
    // Another person has a conversation of their own.
    let other = sandbox.phone(e164("+14155550177"));
    other.text(e164(CLINIC), "hi").await.unwrap();
    // `Max-Age` passes by the clock, and after four idle hours nothing is left.
    sandbox
        .advance(Duration::from_secs(3 * 3600))
        .await
        .unwrap();
    text(&sandbox).await;
    sandbox
        .advance(Duration::from_secs(5 * 3600))
        .await
        .unwrap();
    text(&sandbox).await;
    let seen = server.received();
    let cookies: Vec<_> = seen
        .iter()
        .map(|request| request.header("cookie"))
        .collect();
    let both = Some("count=1; n=2");
    assert_eq!(cookies, [None, both, None, Some("n=2"), None]);
}

#[tokio::test]
async fn credentials_of_the_url_are_sent_after_a_challenge() {
    for (challenge, requests) in [("Basic realm=\"clinic\"", 2), ("Digest nonce=\"x\"", 1)] {
        let (sandbox, server) = clinic(&[], move |request| {
            if request.header("authorization").is_none() {
                return response(401, &[("www-authenticate", challenge)], "");
            }
            twiml("<Message>hello</Message>")
        })
        .await;
        let number = sandbox.numbers()[0].sid;
        let url = server.url("/sms").replace("//", "//user:pa%40ss@");
        sandbox
            .configure_number(number, &[("SmsUrl", &url)])
            .unwrap();
        let replies = text(&sandbox).await;
        let seen = server.received();
        assert_eq!(seen.len(), requests, "{challenge}");
        assert_eq!(seen[0].header("authorization"), None);
        // The signature leaves the credentials out.
        assert!(seen.iter().all(|request| request.is_signed));
        if requests == 2 {
            // `user:pa@ss`
            assert_eq!(
                seen[1].header("authorization"),
                Some("Basic dXNlcjpwYUBzcw==")
            );
            assert_eq!(replies, ["hello"]);
        } else {
            assert_eq!(codes(&sandbox), [11200]);
        }
    }
}

#[tokio::test]
async fn a_webhook_is_repeated_as_its_overrides_demand() {
    // Fragment, status of each response, number of requests.
    let cases = [
        ("", 500, 1),
        ("#rc=2&rp=all", 500, 3),
        ("#rc=2&rp=5xx,ct", 500, 3),
        ("#rc=5&rp=4xx", 404, 6),
        ("#rp=4xx", 404, 2),
        ("#rc=5&rp=4xx", 500, 1),
        ("#rc=0&rp=all", 500, 1),
        ("#rc=2&rp=ct,rt", 500, 1),
        ("#section", 500, 1),
        (
            "#rc=1&rp=5xx&ct=200&rt=1000&tt=5000&sni=n&e=dublin,sydney-ix",
            503,
            2,
        ),
    ];
    for (fragment, status, requests) in cases {
        let (sandbox, server) = clinic(&[("SmsUrl", &format!("/sms{fragment}"))], move |_| {
            response(status, &[], "")
        })
        .await;
        assert_eq!(text(&sandbox).await, [""; 0]);
        let seen = server.received();
        assert_eq!(seen.len(), requests, "{fragment}");
        assert!(
            seen.iter()
                .all(|request| request.is_signed && request.target == "/sms")
        );
        let token = |request: &Received| {
            request
                .header("i-twilio-idempotency-token")
                .map(str::to_owned)
        };
        assert!(seen.iter().all(|request| token(request) == token(&seen[0])));
        let attempts: Vec<_> = sandbox.webhooks().iter().map(|sent| sent.attempt).collect();
        assert_eq!(
            attempts,
            (1..=u32::try_from(requests).unwrap()).collect::<Vec<_>>()
        );
        // One alert, whatever the number of attempts.
        assert_eq!(codes(&sandbox), [11200], "{fragment}");
    }
}

#[tokio::test]
async fn a_failed_connection_has_one_retry_by_default() {
    // Bound, so that no other test gets the port, but not listening: connections are refused.
    let bound = tokio::net::TcpSocket::new_v4().unwrap();
    bound.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = bound.local_addr().unwrap();
    for (fragment, attempts) in [("", 2), ("#rc=0", 1), ("#rc=3", 4), ("#rc=3&rp=5xx", 1)] {
        let url = format!("http://{address}/sms{fragment}");
        let (sandbox, _) = clinic(&[("SmsUrl", &url)], |_| twiml("")).await;
        text(&sandbox).await;
        assert_eq!(sandbox.webhooks().len(), attempts, "{fragment}");
        assert_eq!(codes(&sandbox), [11205]);
    }
}

#[tokio::test]
async fn an_invalid_override_is_an_alert_and_the_fallback_is_requested() {
    let cases = [
        ("#rp=6xx", 11243),
        ("#rp=", 11243),
        ("#e=atlantis", 11240),
        ("#rc=6", 11100),
        ("#ct=5", 11100),
        ("#rt=15001", 11100),
        ("#tt=x", 11100),
        ("#sni=maybe", 11100),
    ];
    for (fragment, code) in cases {
        let url = format!("/voice{fragment}");
        let settings = [("VoiceUrl", &*url), ("VoiceFallbackUrl", "/fallback")];
        let (sandbox, server) = clinic(&settings, |_| twiml("<Say>fallback</Say>")).await;
        assert_eq!(heard(&call(&sandbox).await).await, ["fallback"]);
        assert_eq!(
            (server.targets(), codes(&sandbox)),
            (vec!["/fallback".into()], vec![code])
        );
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_in_time_is_an_alert() {
    // Its connections are accepted by the system, and never answered.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap();
    for (fragment, attempts) in [("#tt=150", 1), ("#rt=100&ct=100&rc=1&rp=rt", 2)] {
        let url = format!("http://{address}/sms{fragment}");
        let (sandbox, _) = clinic(&[("SmsUrl", &url)], |_| twiml("")).await;
        text(&sandbox).await;
        let sent = sandbox.webhooks();
        assert_eq!(
            (sent.len(), codes(&sandbox)),
            (attempts, vec![11203]),
            "{fragment}"
        );
        assert_eq!(sent[0].status, None);
        let duration = sent[0].duration.unwrap();
        assert!((100..1000).contains(&duration.as_millis()), "{duration:?}");
    }
}

#[tokio::test]
async fn a_webhook_has_twilios_headers() {
    let (sandbox, server) =
        clinic(&[("StatusCallback", "/status")], |_| response(204, &[], "")).await;
    let api = Api::new(&sandbox);
    let status = server.url("/status");
    let fields = [
        ("To", VOLUNTEER),
        ("From", CLINIC),
        ("Body", "x"),
        ("StatusCallback", &status),
    ];
    api.create("Messages.json", &fields).await;
    sandbox.wait_idle().await.unwrap();
    let seen = server.received();
    assert_eq!(seen.len(), 2);
    for request in &seen {
        let form = "application/x-www-form-urlencoded; charset=UTF-8";
        for (name, value) in [
            ("content-type", form),
            ("user-agent", "TwilioProxy/1.1"),
            ("accept", "*/*"),
            ("x-home-region", "us1"),
            ("host", &server.address.to_string()),
        ] {
            assert_eq!(request.header(name), Some(value), "{name}");
        }
        assert!(request.is_signed);
        assert_eq!(request.header("x-twilio-signature").unwrap().len(), 28);
    }
    // Each webhook has a token of its own.
    let token = |at: usize| {
        seen[at]
            .header("i-twilio-idempotency-token")
            .unwrap()
            .to_owned()
    };
    assert_ne!(token(0), token(1));
}

#[tokio::test]
async fn a_slow_status_callback_does_not_delay_the_delivery() {
    // Its connections are accepted by the system, and never answered.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let status = format!("http://{}/status", silent.local_addr().unwrap());
    let (sandbox, _) = clinic(&[], |_| twiml("")).await;
    let api = Api::new(&sandbox);
    let fields = [
        ("To", VOLUNTEER),
        ("From", CLINIC),
        ("Body", "x"),
        ("StatusCallback", &status),
    ];
    api.create("Messages.json", &fields).await;
    let text = sandbox.phone(e164(VOLUNTEER)).next_text().await.unwrap();
    assert_eq!(text.body.expose(), "x");
    // The first callback still waits for its response; the second is sent after it.
    sandbox.set_timeout(Duration::from_millis(10));
    assert!(sandbox.wait_idle().await.is_err());
    let sent = sandbox.webhooks();
    assert_eq!((sent.len(), sent[0].duration), (1, None));
}

#[tokio::test]
async fn the_log_shows_time_duration_and_response() {
    let (sandbox, _) = clinic(&[("SmsUrl", "/sms")], |_| twiml("<Message>hello</Message>")).await;
    let before = sandbox.now();
    text(&sandbox).await;
    let sent = sandbox.webhooks().remove(0);
    assert_eq!(
        (sent.kind, sent.attempt, sent.redirects),
        (WebhookKind::InboundMessage, 1, 0)
    );
    assert!(sent.sent_at >= before && sent.sent_at <= sandbox.now());
    assert!(sent.duration.unwrap() > Duration::ZERO);
    assert_eq!(sent.response_type.as_deref(), Some("text/xml"));
    let body = "<Response><Message>hello</Message></Response>";
    assert_eq!(sent.response_body.expose(), body);
    assert!(!format!("{sent:?}").contains("hello"));
}

#[tokio::test]
async fn a_number_without_a_webhook_stores_the_text() {
    let (sandbox, server) = clinic(&[], |_| twiml("")).await;
    assert_eq!(text(&sandbox).await, [""; 0]);
    assert_eq!(sandbox.messages()[0].body.expose(), "hi");
    assert!(server.received().is_empty() && sandbox.webhooks().is_empty());
    assert!(sandbox.alerts().is_empty());
}

#[tokio::test]
async fn a_get_webhook_has_its_parameters_in_a_signed_query() {
    for (url, prefix) in [
        ("/sms", "/sms?ToCountry="),
        ("/sms?x=1", "/sms?x=1&ToCountry="),
    ] {
        let settings = [("SmsUrl", url), ("SmsMethod", "GET")];
        let (sandbox, server) = clinic(&[settings[0]], |_| twiml("<Message>got</Message>")).await;
        let number = sandbox.numbers()[0].sid;
        sandbox.configure_number(number, &settings[1..]).unwrap();
        assert_eq!(text(&sandbox).await, ["got"]);
        let seen = server.received().remove(0);
        assert_eq!((&*seen.method, &*seen.body), ("GET", ""));
        assert!(
            seen.target.starts_with(prefix) && seen.target.contains("&Body=hi&"),
            "{}",
            seen.target
        );
        assert!(seen.is_signed && seen.header("content-type").is_none());
    }
}

#[tokio::test]
async fn the_limit_of_a_webhook_is_fifteen_seconds() {
    // Its connections are accepted by the system, and never answered.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/sms", silent.local_addr().unwrap());
    let (sandbox, _) = clinic(&[("SmsUrl", &url)], |_| twiml("")).await;
    sandbox.set_timeout(Duration::from_secs(60));
    // Timers end at once when every task waits, but measure their own time.
    tokio::time::pause();
    text(&sandbox).await;
    let sent = sandbox.webhooks();
    assert_eq!((sent.len(), codes(&sandbox)), (1, vec![11203]));
    assert_eq!(sent[0].duration.unwrap().as_secs(), 15);
}
