//! Texts of a phone, with the replies of the application.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clinspark_twilio::sandbox::{ClockMode, Sandbox};
use serde_json::json;

use super::client::{Stage, error};
use crate::app::{Api, CLINIC, VOLUNTEER, e164};

/// Path of the texts of the volunteer's phone.
const TEXTS: &str = "/phones/+14155550123/messages";

#[tokio::test]
async fn a_text_is_answered_by_the_application() {
    let stage = Stage::start().await;
    let (app, control) = (&stage.app, stage.control.clone());
    app.twiml("/sms", "<Message>Thank you, Ruth.</Message>");
    let text = json!({"to": CLINIC, "body": "Yes"});
    let sent = control.act(&format!("{TEXTS}?wait=5"), &text).await;
    assert_eq!(sent["answered"], true);
    assert_eq!(sent["message"]["direction"], "from_phone");
    assert_eq!(sent["message"]["body"], "Yes");
    assert_eq!(sent["message"]["webhook"]["status"], 200);
    let replies = sent["replies"].as_array().unwrap();
    assert_eq!(replies.len(), 1);
    assert_eq!(replies[0]["body"], "Thank you, Ruth.");
    assert_eq!(replies[0]["status"], "delivered");
    assert_eq!(app.seen("/sms")[0].field("Body"), "Yes");

    let texts = control.read(TEXTS).await;
    assert_eq!(texts, json!([replies[0], sent["message"]]));
    let older = format!("{TEXTS}?before={}", replies[0]["sid"].as_str().unwrap());
    assert_eq!(control.read(&older).await, json!([sent["message"]]));
    // One group has the text, its webhook and the reply.
    let groups = control.read("/groups").await;
    assert_eq!(groups.as_array().unwrap().len(), 1);
    assert_eq!(groups[0]["title"], format!("Text from {VOLUNTEER}"));
    assert_eq!(groups[0]["id"], sent["message"]["group"]);
    assert_eq!(groups[0]["id"], replies[0]["group"]);
    let event = &groups[0]["events"][0];
    assert_eq!(event["webhook_kind"], "inbound_message");
    assert_eq!(event["signature"], "valid");
    assert_eq!(event["path"], "/sms");
    let path = format!("/events/{}", event["id"].as_str().unwrap());
    assert_eq!(&control.read(&path).await, event);
}

#[tokio::test]
async fn without_a_wait_the_text_is_returned_at_once() {
    let stage = Stage::start().await;
    let (app, control) = (&stage.app, stage.control.clone());
    app.twiml("/sms", "<Message>Later</Message>");
    let (status, message) = control
        .post(TEXTS, &json!({"to": CLINIC, "body": "Yes"}))
        .await;
    assert_eq!(status, 201);
    assert_eq!(message["body"], "Yes");
    let reply = control.read(&format!("{TEXTS}/latest?wait=5")).await;
    assert_eq!(reply["body"], "Later");
}

#[tokio::test]
async fn the_latest_text_is_returned_once_and_can_be_waited_for() {
    let stage = Stage::start().await;
    let (sandbox, control) = (&stage.sandbox, stage.control.clone());
    let latest = format!("{TEXTS}/latest");
    let started = Instant::now();
    let none = control.get(&format!("{latest}?wait=0.2")).await;
    assert!(started.elapsed() >= Duration::from_millis(200));
    assert_eq!(error(none), (404, "no_message".to_owned()));
    let api = Api::new(sandbox);
    for code in ["111111", "222222"] {
        let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Body", code)];
        api.create("Messages.json", &fields).await;
    }
    sandbox.wait_idle().await.unwrap();
    assert_eq!(control.read(&latest).await["body"], "222222");
    assert_eq!(control.get(&latest).await.0, 404);
    let waits = format!("{latest}?wait=10");
    let (text, ()) = tokio::join!(control.read(&waits), async {
        let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "333333")];
        api.create("Messages.json", &fields).await;
    });
    assert_eq!(text["body"], "333333");
}

/// A URL that is set later receives later texts only.
#[tokio::test]
async fn only_a_text_that_was_sent_to_the_application_awaits_its_answer() {
    let stage = Stage::start().await;
    let (app, control) = (&stage.app, stage.control.clone());
    let number = format!("/numbers/{CLINIC}");
    control.patch(&number, &json!({"sms_url": ""})).await;
    let unheard = control
        .act(TEXTS, &json!({"to": CLINIC, "body": "Anyone?"}))
        .await;
    assert_eq!(unheard["awaits_answer"], false);
    let urls = json!({"sms_url": app.url("/sms")});
    control.patch(&number, &urls).await;
    app.twiml("/sms", "<Message>Thanks</Message>");
    let heard = control
        .act(TEXTS, &json!({"to": CLINIC, "body": "Yes"}))
        .await;
    assert_eq!(heard["awaits_answer"], true);
    stage.sandbox.wait_idle().await.unwrap();

    let texts = control.read(TEXTS).await;
    let state_of = |sid: &serde_json::Value| {
        let mut texts = texts.as_array().unwrap().iter();
        let text = texts.find(|text| &text["sid"] == sid).unwrap();
        (
            text["awaits_answer"].clone(),
            text["webhook"]["status"].clone(),
        )
    };
    assert_eq!(state_of(&unheard["sid"]), (json!(false), json!(null)));
    assert_eq!(state_of(&heard["sid"]), (json!(false), json!(200)));
}

#[tokio::test]
async fn media_reach_the_application_and_the_page() {
    let stage = Stage::start().await;
    let (app, control) = (&stage.app, stage.control.clone());
    let data = STANDARD.encode(b"GIF89a");
    let media = json!([{"content_type": "image/gif", "data": data}]);
    let text = json!({"to": CLINIC, "media": media});
    let sent = control.act(&format!("{TEXTS}?wait=5"), &text).await;
    let media = &sent["message"]["media"][0];
    assert_eq!(media["content_type"], "image/gif");
    assert_eq!(media["is_image"], true);
    let file = control.http.get(media["url"].as_str().unwrap());
    let file = file.send().await.unwrap();
    assert_eq!(file.headers()["content-type"], "image/gif");
    // Not even a page in HTML could act on the origin of the control API.
    assert_eq!(
        file.headers()["content-security-policy"],
        "default-src 'none'; sandbox"
    );
    assert_eq!(file.bytes().await.unwrap(), "GIF89a");
    let seen = &app.seen("/sms")[0];
    assert_eq!(seen.field("NumMedia"), "1");
    assert_eq!(seen.field("MediaContentType0"), "image/gif");
}

#[tokio::test]
async fn a_text_that_no_phone_sends_is_refused() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let media =
        |content_type: &str, data: &str| json!([{"content_type": content_type, "data": data}]);
    let cases = [
        (json!({"to": VOLUNTEER, "body": "Yes"}), "unknown_number"),
        (json!({"to": "clinic", "body": "Yes"}), "invalid_number"),
        (json!({"to": CLINIC}), "empty_text"),
        (json!({"to": CLINIC, "body": "é".repeat(1_601)}), "too_long"),
        (
            json!({"to": CLINIC, "media": media("image", "")}),
            "invalid_media",
        ),
        (
            json!({"to": CLINIC, "media": media("image/png\r\nx: y", "")}),
            "invalid_media",
        ),
        (
            json!({"to": CLINIC, "media": media("image/png", "%")}),
            "invalid_media",
        ),
        (
            json!({"to": CLINIC, "media": vec![media("image/png", "")[0].clone(); 11]}),
            "too_many_media",
        ),
        (
            json!({"to": CLINIC, "media": media("image/png", &STANDARD.encode(vec![0; 5 * 1024 * 1024 + 1]))}),
            "media_too_large",
        ),
    ];
    for (text, code) in cases {
        let refused = control.post(TEXTS, &text).await;
        assert_eq!(error(refused), (422, code.to_owned()));
    }
    assert_eq!(control.read("/messages").await, json!([]));
}

#[tokio::test]
async fn an_account_that_is_not_active_gets_no_texts() {
    let stage = Stage::start().await;
    let (sandbox, control) = (&stage.sandbox, stage.control.clone());
    sandbox.set_account_status("suspended");
    let refused = control
        .post(TEXTS, &json!({"to": CLINIC, "body": "Yes"}))
        .await;
    assert_eq!(error(refused), (409, "account_not_active".to_owned()));
}

#[tokio::test]
async fn a_wait_ends_while_the_clock_holds_the_reply() {
    let builder = Sandbox::builder().clock(ClockMode::Held);
    let Stage {
        sandbox,
        app,
        control,
    } = Stage::with(builder).await;
    sandbox.set_delivery_delay(Duration::from_secs(2));
    app.twiml("/sms", "<Message>Later</Message>");
    let text = json!({"to": CLINIC, "body": "Yes"});
    let sent = control.act(&format!("{TEXTS}?wait=0.3"), &text).await;
    assert_eq!(sent["answered"], false);
    assert_eq!(sent["replies"], json!([]));
    let world = control.act("/clock/advance", &json!({"next": true})).await;
    assert_eq!(world["clock"]["next"]["what"], "delivery of a text");
    control.act("/clock/advance", &json!({"seconds": 60})).await;
    assert_eq!(sandbox.phone(e164(VOLUNTEER)).inbox().len(), 1);
}

#[tokio::test]
async fn messages_are_filtered_by_their_ends() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    for from in ["+14155550123", "+14155550124"] {
        let path = format!("/phones/{from}/messages?wait=5");
        control
            .act(&path, &json!({"to": CLINIC, "body": from}))
            .await;
    }
    let count = async |query: &str| {
        let path = format!("/messages{query}");
        control.read(&path).await.as_array().unwrap().len()
    };
    assert_eq!(count("").await, 2);
    assert_eq!(count("?limit=1").await, 1);
    assert_eq!(count("?from=%2B14155550124").await, 1);
    assert_eq!(count("?to=%2B14155550100").await, 2);
    assert_eq!(count("?to=%2B14155550199").await, 0);
    for query in [
        "?limit=0",
        "?limit=1001",
        "?limit=x",
        "?page=1",
        "?limit=1&limit=2",
    ] {
        let refused = control.get(&format!("/messages{query}")).await;
        assert_eq!(error(refused), (400, "invalid_query".to_owned()), "{query}");
    }
}
