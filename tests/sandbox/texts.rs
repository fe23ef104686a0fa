//! Inbound texts: the webhook that is configured for them, and the effects of its response.

use clinspark_twilio::sandbox::{Sandbox, SandboxErrorKind, TextMessage, WebhookKind};
use clinspark_twilio::types::{MessageDirection, MessageStatus};

use crate::app::{Api, App, CLINIC, VOLUNTEER, codes, e164};

fn bodies(texts: &[TextMessage]) -> Vec<&str> {
    texts
        .iter()
        .map(|text| text.body.expose().as_str())
        .collect()
}

/// Starts a sandbox whose number is bound to a TwiML App with these settings.
async fn clinic(settings: impl Fn(&App) -> Vec<(&'static str, String)>) -> (Sandbox, App, Api) {
    let sandbox = Sandbox::start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let (app, api) = (App::start(&sandbox).await, Api::new(&sandbox));
    let settings = settings(&app);
    let fields: Vec<_> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let twiml_app = api.create("Applications.json", &fields).await;
    let binding = [("SmsApplicationSid", twiml_app["sid"].as_str().unwrap())];
    let bound = api
        .post(&format!("IncomingPhoneNumbers/{number}.json"), &binding)
        .await;
    assert_eq!(bound.0, 200);
    (sandbox, app, api)
}

async fn clinic_at(path: &'static str) -> (Sandbox, App, Api) {
    clinic(|app| vec![("SmsUrl", app.url(path))]).await
}

#[tokio::test]
async fn a_text_reaches_the_app_and_the_reply_reaches_the_phone() {
    let (sandbox, app, _) = clinic_at("/sms").await;
    app.twiml("/sms", "<Message>See you &amp; thanks</Message>");
    let phone = sandbox.phone(e164(VOLUNTEER));

    let back = phone.text(e164(CLINIC), "YES, I come").await.unwrap();
    assert_eq!(bodies(&back), ["See you & thanks"]);
    assert_eq!(phone.inbox(), back);
    assert_eq!(phone.next_text().await.unwrap(), back[0]);

    let seen = &app.seen("/sms")[0];
    let stored = sandbox.messages();
    let sid = stored[0].sid.as_str();
    for (name, value) in [
        ("MessageSid", sid),
        ("SmsSid", sid),
        ("SmsMessageSid", sid),
        ("AccountSid", sandbox.account_sid().as_str()),
        ("From", VOLUNTEER),
        ("To", CLINIC),
        ("Body", "YES, I come"),
        ("NumMedia", "0"),
        ("NumSegments", "1"),
        ("SmsStatus", "received"),
        ("ApiVersion", "2010-04-01"),
    ] {
        assert_eq!(seen.field(name), value, "{name}");
    }
    assert!(
        !seen.has("MessageStatus"),
        "only a status callback has `MessageStatus`"
    );
    let directions: Vec<_> = stored.iter().map(|m| (&m.direction, &m.status)).collect();
    let received = (&MessageDirection::Inbound, &MessageStatus::Received);
    let replied = (&MessageDirection::OutboundReply, &MessageStatus::Delivered);
    assert_eq!(directions, [received, replied]);
    let journal = sandbox.webhooks();
    assert_eq!(
        (journal.len(), journal[0].kind),
        (1, WebhookKind::InboundMessage)
    );
    assert_eq!((app.forged(), codes(&sandbox)), (0, vec![]));
}

#[tokio::test]
async fn a_text_goes_to_the_configured_url() {
    let sandbox = Sandbox::start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let (app, api) = (App::start(&sandbox).await, Api::new(&sandbox));
    app.twiml("/number", "<Message>number</Message>");
    let phone = sandbox.phone(e164(VOLUNTEER));
    let update = format!("IncomingPhoneNumbers/{number}.json");

    // Nothing is configured: the text is stored, and no webhook is sent.
    assert_eq!(phone.text(e164(CLINIC), "hello").await.unwrap(), []);
    assert_eq!((sandbox.webhooks().len(), sandbox.messages().len()), (0, 1));

    let url = app.url("/number?clinic=1");
    api.post(&update, &[("SmsUrl", &url), ("SmsMethod", "GET")])
        .await;
    assert_eq!(
        bodies(&phone.text(e164(CLINIC), "a b+c").await.unwrap()),
        ["number"]
    );
    let seen = &app.seen("/number")[0];
    assert_eq!((seen.method.as_str(), seen.field("clinic")), ("GET", "1"));
    assert_eq!(seen.field("Body"), "a b+c");

    // Bound for voice only: messages still go to the number's own URL.
    let twiml_app = api.create("Applications.json", &[]).await;
    let app_sid = twiml_app["sid"].as_str().unwrap();
    api.post(&update, &[("VoiceApplicationSid", app_sid)]).await;
    assert_eq!(
        bodies(&phone.text(e164(CLINIC), "hello").await.unwrap()),
        ["number"]
    );

    // Bound for messages: the number's own URL is ignored, even if the app has none.
    api.post(&update, &[("SmsApplicationSid", app_sid)]).await;
    assert_eq!(phone.text(e164(CLINIC), "hello").await.unwrap(), []);
    assert!(codes(&sandbox).is_empty());
}

#[tokio::test]
async fn redirects_are_followed_up_to_a_limit() {
    let (sandbox, app, _) = clinic_at("/sms").await;
    app.twiml(
        "/sms",
        "<Message>one</Message><Redirect>menu/next</Redirect><Message>no</Message>",
    );
    app.twiml("/menu/next", "<Message><Body>two</Body></Message>");
    let phone = sandbox.phone(e164(VOLUNTEER));
    assert_eq!(
        bodies(&phone.text(e164(CLINIC), "hi").await.unwrap()),
        ["one", "two"]
    );
    assert_eq!(app.seen("/menu/next")[0].field("Body"), "hi");

    app.twiml("/menu/next", "<Redirect method=\"GET\">next</Redirect>");
    app.twiml("/menu/next", "<Redirect method=\"GET\">next</Redirect>");
    assert_eq!(
        bodies(&phone.text(e164(CLINIC), "hi").await.unwrap()),
        ["one", "two"]
    );
    assert_eq!(
        bodies(&phone.text(e164(CLINIC), "hi").await.unwrap()),
        ["one"]
    );
    assert_eq!(codes(&sandbox), [14106]);
}

#[tokio::test]
async fn a_reply_can_have_media_another_recipient_and_a_status_callback() {
    let (sandbox, app, _) = clinic_at("/sms").await;
    let nurse = sandbox.phone(e164("+14155550199"));
    app.twiml(
        "/sms",
        "<Message to=\"+14155550199\" statusCallback=\"/reported\"><Body>A volunteer wrote</Body>\
         <Media>/map.png</Media></Message>",
    );
    let back = sandbox
        .phone(e164(VOLUNTEER))
        .text(e164(CLINIC), "hi")
        .await
        .unwrap();
    assert_eq!(back, []);
    let text = nurse.next_text().await.unwrap();
    assert_eq!(text.body.expose(), "A volunteer wrote");
    assert_eq!(*text.media_urls[0].expose(), app.url("/map.png"));
    sandbox.wait_idle().await.unwrap();
    let statuses = app.seen("/reported");
    let statuses: Vec<_> = statuses
        .iter()
        .map(|seen| seen.field("MessageStatus"))
        .collect();
    assert_eq!(statuses, ["sent", "delivered"]);
}

#[tokio::test]
async fn inbound_media_have_their_types() {
    let (sandbox, app, _) = clinic_at("/sms").await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let media = [
        "https://example.com/rash.JPG?x=1",
        "https://example.com/form",
    ];
    phone
        .text_with_media(e164(CLINIC), "", &media)
        .await
        .unwrap();
    let seen = &app.seen("/sms")[0];
    assert!(seen.field("MessageSid").starts_with("MM"));
    for (name, value) in [
        ("NumMedia", "2"),
        ("Body", ""),
        ("MediaContentType0", "image/jpeg"),
        ("MediaContentType1", "application/octet-stream"),
    ] {
        assert_eq!(seen.field(name), value, "{name}");
    }
}

#[tokio::test]
async fn an_invalid_response_is_an_alert() {
    // Status, type and body of the response; replies to the phone; alerts.
    type Case = (
        u16,
        &'static str,
        &'static str,
        &'static [&'static str],
        &'static [u32],
    );
    let cases: &[Case] = &[
        (200, "text/xml", "<Response/>", &[], &[]),
        (204, "", "", &[], &[]),
        (200, "text/plain; charset=utf-8", "OK", &["OK"], &[]),
        (200, "application/json", "{\"ok\":true}", &[], &[12300]),
        (200, "text/xml", "<Response><Message>", &[], &[12100]),
        (200, "text/xml", "<Answer/>", &[], &[12102]),
        (
            500,
            "text/xml",
            "<Response><Message>x</Message></Response>",
            &[],
            &[11200],
        ),
        (302, "text/xml", "<Response/>", &[], &[11216]),
        (
            200,
            "text/xml",
            "<Response><Say>x</Say></Response>",
            &[],
            &[14110],
        ),
        (
            200,
            "text/xml",
            "<Response><Message/></Response>",
            &[],
            &[14103],
        ),
        (
            200,
            "text/xml",
            "<Response><Message to=\"555\">x</Message></Response>",
            &[],
            &[14101],
        ),
        (
            200,
            "text/xml",
            "<Response><Message from=\"+14155550177\">x</Message></Response>",
            &[],
            &[14102],
        ),
        (
            200,
            "text/xml",
            "<Response><Redirect>http://</Redirect></Response>",
            &[],
            &[11100],
        ),
    ];
    for (status, content_type, body, replies, alerts) in cases {
        let (sandbox, app, _) = clinic_at("/sms").await;
        app.reply("/sms", *status, content_type, body);
        let back = sandbox
            .phone(e164(VOLUNTEER))
            .text(e164(CLINIC), "hi")
            .await
            .unwrap();
        assert_eq!(
            (&bodies(&back)[..], &codes(&sandbox)[..]),
            (*replies, *alerts),
            "{body}"
        );
    }
    let (sandbox, app, _) = clinic_at("/sms").await;
    let long = format!("<Message>{}</Message>", "a".repeat(70_000));
    app.twiml("/sms", &long);
    assert_eq!(
        sandbox
            .phone(e164(VOLUNTEER))
            .text(e164(CLINIC), "hi")
            .await
            .unwrap(),
        []
    );
    assert_eq!(codes(&sandbox), [11750]);
}

#[tokio::test]
async fn the_fallback_receives_the_error_of_the_first_response() {
    let fallback = |app: &App| {
        let path = |path| app.url(path);
        vec![
            ("SmsUrl", path("/broken")),
            ("SmsFallbackUrl", path("/fallback")),
        ]
    };
    let (sandbox, app, _) = clinic(fallback).await;
    app.reply("/broken", 200, "text/xml", "<oops");
    app.twiml("/fallback", "<Message>We are closed</Message>");
    let back = sandbox
        .phone(e164(VOLUNTEER))
        .text(e164(CLINIC), "hi")
        .await
        .unwrap();
    assert_eq!(bodies(&back), ["We are closed"]);
    let seen = &app.seen("/fallback")[0];
    assert_eq!(
        (seen.field("ErrorCode"), seen.field("Body")),
        ("12100", "hi")
    );
    assert_eq!(seen.field("ErrorUrl"), app.url("/broken"));
    assert_eq!(codes(&sandbox), [12100]);
}

#[tokio::test]
async fn webhooks_are_not_sent_beyond_this_machine() {
    let (sandbox, _, _) = clinic(|_| vec![("SmsUrl", "https://example.com/sms".into())]).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    assert_eq!(phone.text(e164(CLINIC), "hi").await.unwrap(), []);
    assert_eq!(
        (codes(&sandbox), sandbox.webhooks().len()),
        (vec![11210], 0)
    );

    // A port without a server. It stays bound, so that no other test gets it.
    let bound = tokio::net::TcpSocket::new_v4().unwrap();
    bound.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}/sms", bound.local_addr().unwrap());
    let (sandbox, _, _) = clinic(|_| vec![("SmsUrl", url.clone())]).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    assert_eq!(phone.text(e164(CLINIC), "hi").await.unwrap(), []);
    assert_eq!(
        (codes(&sandbox), sandbox.webhooks()[0].status),
        (vec![11205], None)
    );
}

#[tokio::test]
async fn a_public_origin_can_be_mapped_to_a_local_server() {
    let sandbox = Sandbox::start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let origin = "https://demo.example.com";
    let (app, api) = (
        App::start_as(&sandbox, Some(origin)).await,
        Api::new(&sandbox),
    );
    app.twiml("/sms", "<Message>from production's address</Message>");
    sandbox.map_origin(origin, app.address).unwrap();
    let update = format!("IncomingPhoneNumbers/{number}.json");
    api.post(&update, &[("SmsUrl", "https://demo.example.com/sms?a=b")])
        .await;
    let back = sandbox
        .phone(e164(VOLUNTEER))
        .text(e164(CLINIC), "hi")
        .await
        .unwrap();
    assert_eq!(bodies(&back), ["from production's address"]);
    assert_eq!(app.seen("/sms")[0].host, "demo.example.com");
    assert_eq!(app.forged(), 0);

    for (origin, server) in [
        ("https://demo.example.com/path", "127.0.0.1:80"),
        ("demo.example.com", "127.0.0.1:80"),
        ("https://demo.example.com", "93.184.215.14:80"),
    ] {
        let refused = sandbox
            .map_origin(origin, server.parse().unwrap())
            .unwrap_err();
        assert_eq!(
            refused.kind(),
            SandboxErrorKind::NotLoopback,
            "{origin} {server}"
        );
    }
}

#[tokio::test]
async fn stop_applies_until_start() {
    let (sandbox, app, api) = clinic_at("/sms").await;
    app.twiml("/sms", "<Message>Thanks</Message>");
    let phone = sandbox.phone(e164(VOLUNTEER));
    let text = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "Visit at 9")];

    // YES from a person who never opted out is an ordinary reply.
    assert_eq!(
        bodies(&phone.text(e164(CLINIC), "yes").await.unwrap()),
        ["Thanks"]
    );

    // Twilio replies to STOP itself. The application receives it too, but its reply is not sent.
    let stopped = phone.text(e164(CLINIC), " Stop ").await.unwrap();
    assert_eq!(stopped.len(), 1);
    assert!(stopped[0].body.expose().contains("START"));
    assert_eq!(app.seen("/sms")[1].field("Body"), " Stop ");
    assert_eq!(codes(&sandbox), [21610]);
    assert_eq!(api.refused("Messages.json", &text).await, (400, 21610));

    // The opt-out does not apply to another number of the account.
    sandbox.add_number(e164("+14155550101"));
    let other = [
        ("To", VOLUNTEER),
        ("From", "+14155550101"),
        ("Body", "Visit at 9"),
    ];
    api.create("Messages.json", &other).await;
    // A keyword counts only as the whole text.
    assert_eq!(phone.text(e164(CLINIC), "stop please").await.unwrap(), []);

    assert_eq!(phone.text(e164(CLINIC), "START").await.unwrap().len(), 2);
    api.create("Messages.json", &text).await;
    assert_eq!(phone.text(e164(CLINIC), "help").await.unwrap().len(), 2);
}

#[tokio::test]
async fn only_numbers_of_the_account_can_be_texted() {
    let sandbox = Sandbox::start().await.unwrap();
    let refused = sandbox
        .phone(e164(VOLUNTEER))
        .text(e164(CLINIC), "hi")
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), SandboxErrorKind::UnknownNumber);
    assert_eq!(
        refused.to_string(),
        "the phone texted a number that the account does not own; add it with `Sandbox::add_number`"
    );
}
