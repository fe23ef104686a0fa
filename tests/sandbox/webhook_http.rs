//! HTTP of webhooks: redirects, cookies, credentials, connection overrides, content types.

use std::time::Duration;

use axum::response::Response;
use clinspark_twilio::sandbox::{PhoneCall, Sandbox, WebhookKind};
use clinspark_twilio::types::CallStatus;

use crate::app::{Api, CLINIC, VOLUNTEER, codes, e164};
use crate::server::{Received, Server, response, twiml};

const GOODBYE: &str = "An application error has occurred. Goodbye.";

/// Starts a sandbox with a number whose settings are URLs of a service.
async fn clinic(
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

async fn call(sandbox: &Sandbox) -> PhoneCall {
    sandbox
        .phone(e164(VOLUNTEER))
        .call(e164(CLINIC))
        .await
        .unwrap()
}

async fn text(sandbox: &Sandbox) -> Vec<String> {
    let phone = sandbox.phone(e164(VOLUNTEER));
    let replies = phone.text(e164(CLINIC), "hi").await.unwrap();
    let bodies = replies.iter().map(|reply| reply.body.expose().clone());
    bodies.collect()
}

/// Returns everything that was heard in a call until its end.
async fn heard(call: &PhoneCall) -> Vec<String> {
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
async fn each_content_type_of_a_voice_response_is_read_as_twilio_reads_it() {
    type Case = (
        Option<&'static str>,
        &'static str,
        &'static [&'static str],
        &'static [u32],
    );
    const SAY: &str = "<Response><Say>hello</Say></Response>";
    let cases: &[Case] = &[
        (Some("text/xml; charset=utf-8"), SAY, &["hello"], &[]),
        (Some("application/xml"), SAY, &["hello"], &[]),
        (Some("Text/HTML"), SAY, &["hello"], &[]),
        (Some("text/html"), "OK", &[GOODBYE], &[12100]),
        (Some("text/plain"), SAY, &["hello"], &[]),
        (Some("text/plain"), "Hi there", &["Hi there"], &[]),
        (Some("application/json"), "{}", &[GOODBYE], &[12300]),
        (Some("video/mp4"), "x", &[GOODBYE], &[12300]),
        (None, SAY, &[GOODBYE], &[11200]),
        (Some("text/xml"), "", &[], &[11770]),
        (Some("text/xml"), "<Response><Say>", &[GOODBYE], &[12100]),
        (Some("text/xml"), "<response/>", &[GOODBYE], &[12102]),
    ];
    for (media_type, body, audio, alerts) in cases {
        let (sandbox, _) = clinic(&[("VoiceUrl", "/voice")], |_| {
            let media_type = media_type.map(|value| ("content-type", value));
            response(200, media_type.as_slice(), body)
        })
        .await;
        let heard = heard(&call(&sandbox).await).await;
        assert_eq!(
            (heard, &codes(&sandbox)[..]),
            (audio.iter().map(ToString::to_string).collect(), *alerts),
            "{media_type:?} {body}"
        );
    }
}

#[tokio::test]
async fn an_audio_response_is_played_and_the_call_ends() {
    let (sandbox, server) = clinic(
        &[("VoiceUrl", "/hello.mp3"), ("SmsUrl", "/hello.mp3")],
        |_| response(200, &[("content-type", "audio/mpeg")], "ID3"),
    )
    .await;
    let call = call(&sandbox).await;
    assert_eq!(heard(&call).await, [server.url("/hello.mp3")]);
    assert_eq!(call.status(), CallStatus::Completed);
    assert!(sandbox.alerts().is_empty());
    // A text cannot be answered with audio.
    assert_eq!(text(&sandbox).await, [""; 0]);
    assert_eq!(codes(&sandbox), [12300]);
}

#[tokio::test]
async fn a_voice_response_without_content_is_an_alert() {
    let (sandbox, _) = clinic(&[("VoiceUrl", "/voice")], |_| response(204, &[], "")).await;
    assert_eq!(heard(&call(&sandbox).await).await, [""; 0]);
    assert_eq!(codes(&sandbox), [11770]);
}

#[tokio::test]
async fn an_error_status_is_an_alert_and_ends_the_call() {
    for status in [403, 404, 500, 503] {
        let (sandbox, _) = clinic(&[("VoiceUrl", "/voice")], move |_| {
            response(status, &[("content-type", "text/xml")], "<Response/>")
        })
        .await;
        assert_eq!(heard(&call(&sandbox).await).await, [GOODBYE]);
        assert_eq!(codes(&sandbox), [11200], "{status}");
    }
}

#[tokio::test]
async fn a_long_response_is_an_alert() {
    let long = format!("<Response><!--{}--></Response>", "x".repeat(70 * 1024));
    for blank in [0, 3 << 20] {
        let body = long.clone() + &" ".repeat(blank);
        let (sandbox, _) = clinic(&[("VoiceUrl", "/voice")], move |_| {
            response(200, &[("content-type", "text/xml")], &body)
        })
        .await;
        assert_eq!(heard(&call(&sandbox).await).await, [GOODBYE]);
        assert_eq!(codes(&sandbox), [11750]);
        // The log keeps the beginning only.
        assert_eq!(sandbox.webhooks()[0].response_body.expose().len(), 4096);
    }
}

#[tokio::test]
async fn the_voice_fallback_receives_the_error() {
    for (status, body, code) in [(500, "", "11200"), (200, "<oops", "12100")] {
        let settings = [
            ("VoiceUrl", "/voice?a=1#rc=0"),
            ("VoiceFallbackUrl", "/fallback"),
        ];
        let (sandbox, server) = clinic(&settings, move |request| {
            if request.target == "/fallback" {
                return twiml("<Say>fallback</Say>");
            }
            response(status, &[("content-type", "text/xml")], body)
        })
        .await;
        assert_eq!(heard(&call(&sandbox).await).await, ["fallback"]);
        let fields: Vec<(String, String)> =
            serde_urlencoded::from_str(&server.received()[1].body).unwrap();
        let field = |name: &str| {
            let found = fields.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.clone())
        };
        assert_eq!(field("ErrorCode").as_deref(), Some(code));
        assert_eq!(field("ErrorUrl"), Some(server.url("/voice?a=1")));
        assert!(field("CallSid").is_some());
    }
}

#[tokio::test]
async fn a_redirect_verb_is_followed_relative_and_absolute() {
    let (sandbox, server) = clinic(&[("VoiceUrl", "/a/voice?x=1")], |request| {
        let host = request.header("host").unwrap();
        match &*request.target {
            "/a/voice?x=1" => twiml("<Redirect method=\"GET\">next?y=2</Redirect>"),
            target if target.starts_with("/a/next?y=2&CallSid=") => {
                twiml(&format!("<Redirect>http://{host}/last</Redirect>"))
            }
            _ => twiml("<Say>last</Say>"),
        }
    })
    .await;
    assert_eq!(heard(&call(&sandbox).await).await, ["last"]);
    let methods: Vec<_> = server
        .received()
        .iter()
        .map(|seen| seen.method.clone())
        .collect();
    assert_eq!(methods, ["POST", "GET", "POST"]);
    assert!(server.received().iter().all(|request| request.is_signed));
}

#[tokio::test]
async fn an_empty_redirect_verb_requests_its_own_document() {
    let (sandbox, server) = clinic(&[("VoiceUrl", "/voice")], |request| {
        match request.header("cookie") {
            None => response(
                200,
                &[("content-type", "text/xml"), ("set-cookie", "seen=1")],
                "<Response><Redirect/></Response>",
            ),
            Some(_) => twiml("<Say>again</Say>"),
        }
    })
    .await;
    assert_eq!(heard(&call(&sandbox).await).await, ["again"]);
    assert_eq!(server.targets(), ["/voice", "/voice"]);
}

#[tokio::test]
async fn a_loop_of_documents_ends_after_a_hundred() {
    let (sandbox, server) = clinic(&[("VoiceUrl", "/voice")], |_| twiml("<Redirect/>")).await;
    assert_eq!(heard(&call(&sandbox).await).await, [""; 0]);
    assert_eq!(
        (server.targets().len(), codes(&sandbox)),
        (100, vec![12400])
    );
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
async fn a_status_callback_answered_with_an_error_is_an_alert() {
    let (sandbox, server) = clinic(&[], |_| response(500, &[], "down")).await;
    let api = Api::new(&sandbox);
    let status = server.url("/status");
    let text = [
        ("To", VOLUNTEER),
        ("From", CLINIC),
        ("Body", "x"),
        ("StatusCallback", &status),
    ];
    api.create("Messages.json", &text).await;
    sandbox.wait_idle().await.unwrap();
    let call = [
        ("To", VOLUNTEER),
        ("From", CLINIC),
        ("Twiml", "<Response/>"),
        ("StatusCallback", &status),
    ];
    api.create("Calls.json", &call).await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!(codes(&sandbox), [11200, 11200, 15003]);
    let levels: Vec<_> = sandbox
        .alerts()
        .iter()
        .map(|alert| alert.level.clone())
        .collect();
    assert_eq!(levels, ["error", "error", "warning"]);
    // Not repeated.
    assert_eq!(server.targets().len(), 3);
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
async fn each_content_type_of_a_reply_is_read_as_twilio_reads_it() {
    type Case = (
        u16,
        &'static str,
        &'static str,
        &'static [&'static str],
        &'static [u32],
    );
    let cases: &[Case] = &[
        (200, "text/plain", "plain answer", &["plain answer"], &[]),
        (
            200,
            "text/plain",
            "<Response><Message>xml</Message></Response>",
            &["xml"],
            &[],
        ),
        (200, "application/json", "{}", &[], &[12300]),
        (200, "text/xml", "", &[], &[]),
        (200, "text/html", "OK", &[], &[12100]),
        (204, "text/xml", "", &[], &[]),
    ];
    for (status, media_type, body, replies, alerts) in cases {
        let (sandbox, _) = clinic(&[("SmsUrl", "/sms")], |_| {
            response(*status, &[("content-type", media_type)], body)
        })
        .await;
        let received = text(&sandbox).await;
        assert_eq!(
            (received, &codes(&sandbox)[..]),
            (replies.iter().map(ToString::to_string).collect(), *alerts),
            "{body}"
        );
    }
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

/// Places a call whose instructions are at `/voice`, with a fallback. Returns what was heard.
async fn outbound(sandbox: &Sandbox, server: &Server) -> Vec<String> {
    let phone = sandbox.phone(e164(VOLUNTEER));
    let (url, fallback) = (server.url("/voice"), server.url("/fallback"));
    let fields = [
        ("To", VOLUNTEER),
        ("From", CLINIC),
        ("Url", &url),
        ("FallbackUrl", &fallback),
    ];
    Api::new(sandbox).create("Calls.json", &fields).await;
    heard(&phone.answer().await.unwrap()).await
}

#[tokio::test]
async fn the_fallback_of_an_outbound_call_is_requested_only_after_a_failure() {
    for (status, said, targets) in [
        (200, "first", &["/voice"][..]),
        (500, "fallback", &["/voice", "/fallback"]),
    ] {
        let (sandbox, server) = clinic(&[], move |request| match &*request.target {
            "/voice" if status != 200 => response(status, &[], ""),
            "/voice" => twiml("<Say>first</Say>"),
            _ => twiml("<Say>fallback</Say>"),
        })
        .await;
        assert_eq!(outbound(&sandbox, &server).await, [said]);
        assert_eq!(server.targets(), targets);
        if status == 500 {
            assert!(server.received()[1].body.contains("ErrorCode=11200"));
        }
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

#[tokio::test]
async fn a_status_callback_alone_does_not_update_a_call() {
    let (sandbox, server) = clinic(&[("VoiceUrl", "/voice")], |_| twiml("<Gather/>")).await;
    let live = call(&sandbox).await;
    let path = format!("Calls/{}.json", live.sid());
    let fields = [("StatusCallback", &*server.url("/status"))];
    let (status, _) = Api::new(&sandbox).post(&path, &fields).await;
    assert_eq!(status, 200);
    assert_eq!(live.hang_up().await.unwrap(), CallStatus::Completed);
    assert_eq!(server.targets(), ["/voice"]);
}

#[tokio::test]
async fn the_callback_of_a_number_reports_the_end_of_an_inbound_call() {
    let settings = [("VoiceUrl", "/voice"), ("StatusCallback", "/status")];
    let (sandbox, server) = clinic(&settings, |_| twiml("<Say>hello</Say>")).await;
    call(&sandbox).await.wait_ended().await.unwrap();
    assert_eq!(server.targets(), ["/voice", "/status"]);
    let body = &server.received()[1].body;
    for field in ["CallStatus=completed", "CallDuration=1", "&Duration=1"] {
        assert!(body.contains(field), "{field} in {body}");
    }
}
