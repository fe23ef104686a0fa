//! Responses to webhooks: content types, errors and fallbacks, and the documents that follow.

use std::time::Duration;

use clinspark_twilio::sandbox::{ClockMode, Sandbox};
use clinspark_twilio::types::CallStatus;

use crate::app::{Api, CLINIC, VOLUNTEER, codes, e164};
use crate::server::{Server, response, twiml};
use crate::webhook_http::{call, clinic, heard, text};

const GOODBYE: &str = "An application error has occurred. Goodbye.";

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
async fn a_loop_of_documents_runs_until_the_time_limit_of_the_call() {
    let (sandbox, server) = clinic(&[], |_| twiml("<Redirect/>")).await;
    let _phone = sandbox.phone(e164(VOLUNTEER));
    let api = Api::new(&sandbox);
    let url = server.url("/voice");
    let fields = [
        ("To", VOLUNTEER),
        ("From", CLINIC),
        ("Url", url.as_str()),
        ("TimeLimit", "600"),
    ];
    api.create("Calls.json", &fields).await;
    sandbox.wait_idle().await.unwrap();
    let ended = sandbox.calls().pop().unwrap();
    assert_eq!(
        (ended.status, ended.duration),
        (CallStatus::Completed, Some(600))
    );
    // A hundred at once, then one in five seconds.
    assert_eq!(server.targets().len(), 219);
    assert!(codes(&sandbox).is_empty());
}

#[tokio::test]
async fn documents_between_answers_of_the_person_are_no_loop() {
    let gather = "<Gather numDigits=\"1\"/>";
    let (sandbox, server) = clinic(&[("VoiceUrl", "/voice")], |_| twiml(gather)).await;
    let caller = call(&sandbox).await;
    for _ in 0..150 {
        caller.press("1").await.unwrap();
    }
    sandbox.wait_idle().await.unwrap();
    assert_eq!(server.targets().len(), 151);
    caller.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert!(sandbox.calls()[0].duration < Some(20));
}

#[tokio::test]
async fn a_hang_up_ends_a_loop_while_time_is_held() {
    let builder = Sandbox::builder().clock(ClockMode::Held);
    let sandbox = builder.start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let server = Server::start(&sandbox, |_| twiml("<Redirect/>")).await;
    let url = server.url("/voice");
    let settings = [("VoiceUrl", url.as_str())];
    sandbox.configure_number(number, &settings).unwrap();
    let caller = call(&sandbox).await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!(server.targets().len(), 100);
    sandbox.advance(Duration::from_secs(5)).await.unwrap();
    assert_eq!(server.targets().len(), 101);
    caller.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(sandbox.calls()[0].status, CallStatus::Completed);
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
