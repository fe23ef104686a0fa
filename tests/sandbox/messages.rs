//! Outbound messages: creation, delivery to a phone, status callbacks.

use clinspark_twilio::sandbox::{DeliveryBehavior, Sandbox, WebhookKind};
use clinspark_twilio::types::{MessageDirection, MessageStatus};

use crate::app::{Api, App, CLINIC, VOLUNTEER, codes, e164};

const TEXT: [(&str, &str); 3] = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "Visit at 9")];

fn with<'a>(fields: &[(&'a str, &'a str)], more: (&'a str, &'a str)) -> Vec<(&'a str, &'a str)> {
    fields.iter().copied().chain([more]).collect()
}

#[tokio::test]
async fn a_message_is_delivered_and_each_step_reported_in_order() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let phone = sandbox.phone(e164(VOLUNTEER));
    let (app, api) = (App::start(&sandbox).await, Api::new(&sandbox));

    let callback = app.url("/status?id=7");
    let created = api
        .create("Messages.json", &with(&TEXT, ("StatusCallback", &callback)))
        .await;
    assert_eq!(created["status"], "queued");
    let text = phone.next_text().await.unwrap();
    assert_eq!(
        (text.from, text.body.expose().as_str()),
        (e164(CLINIC).into(), "Visit at 9")
    );
    sandbox.wait_idle().await.unwrap();

    let seen = app.seen("/status");
    let statuses: Vec<_> = seen
        .iter()
        .map(|seen| seen.field("MessageStatus"))
        .collect();
    assert_eq!(statuses, ["sent", "delivered"]);
    for seen in &seen {
        assert_eq!(seen.method, "POST");
        assert_eq!(seen.field("MessageSid"), created["sid"]);
        assert_eq!(seen.field("SmsSid"), created["sid"]);
        assert_eq!(seen.field("SmsStatus"), seen.field("MessageStatus"));
        assert_eq!(seen.field("AccountSid"), sandbox.account_sid().as_str());
        assert_eq!((seen.field("From"), seen.field("To")), (CLINIC, VOLUNTEER));
        assert_eq!(seen.field("ApiVersion"), "2010-04-01");
        assert!(!seen.has("ErrorCode"));
        assert_eq!(
            seen.has("RawDlrDoneDate"),
            seen.field("MessageStatus") == "delivered"
        );
    }
    let sid = created["sid"].as_str().unwrap();
    let (status, fetched) = api.get(&format!("Messages/{sid}.json")).await;
    assert_eq!((status, &fetched["status"]), (200, &"delivered".into()));
    assert!(fetched["date_sent"].as_str().unwrap().ends_with(" +0000"));
    let journal = sandbox.webhooks();
    assert!(
        journal
            .iter()
            .all(|hook| hook.kind == WebhookKind::MessageStatus
                && hook.status == Some(204)
                && hook.sid == sid)
    );
    assert_eq!(
        (journal.len(), app.forged(), codes(&sandbox)),
        (2, 0, vec![])
    );
}

#[tokio::test]
async fn undelivered_and_failed_messages_have_an_error_code() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let phone = sandbox.phone(e164(VOLUNTEER));
    let (app, api) = (App::start(&sandbox).await, Api::new(&sandbox));

    for (behavior, path, steps, code) in [
        (
            DeliveryBehavior::Undelivered(30003),
            "/off",
            vec!["sent", "undelivered"],
            30003,
        ),
        (
            DeliveryBehavior::Failed(30007),
            "/filtered",
            vec!["failed"],
            30007,
        ),
    ] {
        phone.set_delivery_behavior(behavior);
        let callback = app.url(path);
        let fields = with(&TEXT, ("StatusCallback", &callback));
        let sid = api.create("Messages.json", &fields).await["sid"]
            .as_str()
            .unwrap()
            .to_owned();
        sandbox.wait_idle().await.unwrap();
        let seen = app.seen(path);
        let statuses: Vec<_> = seen
            .iter()
            .map(|seen| seen.field("MessageStatus"))
            .collect();
        assert_eq!(statuses, steps);
        assert_eq!(seen.last().unwrap().field("ErrorCode"), code.to_string());
        let (_, fetched) = api.get(&format!("Messages/{sid}.json")).await;
        assert_eq!(fetched["error_code"], code);
        assert_eq!(fetched["date_sent"].is_null(), steps == ["failed"]);
    }
    assert_eq!(phone.inbox(), []);
}

#[tokio::test]
async fn the_messages_own_callback_precedes_that_of_its_app() {
    let sandbox = Sandbox::start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let (app, api) = (App::start(&sandbox).await, Api::new(&sandbox));
    let url = app.url("/app-status");
    let twiml_app = api
        .create("Applications.json", &[("MessageStatusCallback", &url)])
        .await;
    let app_sid = twiml_app["sid"].as_str().unwrap();
    let own = app.url("/own-status");

    api.create("Messages.json", &with(&TEXT, ("ApplicationSid", app_sid)))
        .await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!(
        (app.seen("/app-status").len(), app.seen("/own-status").len()),
        (2, 0)
    );

    let both = with(
        &with(&TEXT, ("ApplicationSid", app_sid)),
        ("StatusCallback", &own),
    );
    api.create("Messages.json", &both).await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!(
        (app.seen("/app-status").len(), app.seen("/own-status").len()),
        (2, 2)
    );

    // The app of the sender's number is not used: the message must name an app.
    let bind = format!("IncomingPhoneNumbers/{number}.json");
    assert_eq!(
        api.post(&bind, &[("SmsApplicationSid", app_sid)]).await.0,
        200
    );
    api.create("Messages.json", &TEXT).await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!(
        (app.seen("/app-status").len(), app.seen("/own-status").len()),
        (2, 2)
    );
}

#[tokio::test]
async fn a_failed_status_callback_is_an_alert_and_delivery_continues() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let (app, api) = (App::start(&sandbox).await, Api::new(&sandbox));
    app.reply("/status", 500, "text/plain", "oops");

    let callback = app.url("/status");
    api.create("Messages.json", &with(&TEXT, ("StatusCallback", &callback)))
        .await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!(codes(&sandbox), [11200, 11200]);
    assert_eq!(sandbox.messages()[0].status, MessageStatus::Delivered);
    // Each webhook has its own idempotency token, and a log entry with the response's status.
    let tokens: Vec<_> = app
        .seen("/status")
        .into_iter()
        .map(|s| s.idempotency_token)
        .collect();
    assert_ne!(tokens[0], tokens[1]);
    assert_eq!(sandbox.webhooks()[1].status, Some(500));
}

#[tokio::test]
async fn body_media_and_repeated_parameters_arrive_unchanged() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let phone = sandbox.phone(e164(VOLUNTEER));
    let api = Api::new(&sandbox);
    let body = "1 + 1 = 2 & 50% off? ½ é 👍\n\"quoted\"";
    let fields = [
        ("To", VOLUNTEER),
        ("From", CLINIC),
        ("Body", body),
        ("MediaUrl", "https://example.com/a.png?x=1&y=2"),
        ("MediaUrl", "https://example.com/b.png"),
    ];
    let created = api.create("Messages.json", &fields).await;
    assert_eq!(created["body"], body);
    assert_eq!(created["num_media"], "2");
    assert_eq!(created["num_segments"], "1");
    assert!(created["sid"].as_str().unwrap().starts_with("MM"));
    let text = phone.next_text().await.unwrap();
    assert_eq!(text.body.expose(), body);
    let media: Vec<_> = text
        .media_urls
        .iter()
        .map(|url| url.expose().as_str())
        .collect();
    assert_eq!(media, [fields[3].1, fields[4].1]);

    let message = &sandbox.messages()[0];
    assert_eq!(message.direction, MessageDirection::OutboundApi);
    let shown = format!("{message:?} {text:?} {phone:?} {sandbox:?}");
    for secret in [
        "5550123",
        "5550100",
        "quoted",
        "example.com",
        sandbox.auth_token().expose(),
    ] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[tokio::test]
async fn long_texts_fill_several_segments() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let api = Api::new(&sandbox);
    for (body, segments) in [
        ("a".repeat(160), "1"),
        ("a".repeat(161), "2"),
        ("[".repeat(80), "1"),
        ("[".repeat(81), "2"),
        ("я".repeat(70), "1"),
        ("я".repeat(71), "2"),
        ("я".repeat(135), "3"),
        ("a".repeat(1600), "11"),
    ] {
        let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Body", body.as_str())];
        let created = api.create("Messages.json", &fields).await;
        assert_eq!(
            created["num_segments"],
            segments,
            "{} characters",
            body.chars().count()
        );
    }
}
