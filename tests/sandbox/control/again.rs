//! Webhooks that are sent again.

use serde_json::{Value, json};

use super::client::{Stage, error};
use crate::app::{CLINIC, VOLUNTEER};

/// Texts the clinic. Returns the event of the webhook.
async fn text(stage: &Stage) -> Value {
    let path = format!("/phones/{VOLUNTEER}/messages?wait=5");
    let text = json!({"to": CLINIC, "body": "Yes & no"});
    stage.control.act(&path, &text).await;
    stage.control.read("/groups?limit=1").await[0]["events"][0].clone()
}

#[tokio::test]
async fn a_webhook_is_sent_again_with_a_new_signature() {
    let stage = Stage::start().await;
    let (app, control) = (&stage.app, &stage.control);
    app.twiml("/sms", "<Message>Thanks</Message>");
    let event = text(&stage).await;
    let path = format!("/events/{}/send-again", event["id"].as_str().unwrap());
    let (status, again) = control.post(&path, &json!({})).await;
    assert_eq!(status, 202, "{again}");
    assert_ne!(again["id"], event["id"]);
    for field in [
        "group",
        "url",
        "method",
        "parameters",
        "status",
        "response_body",
        "signature",
    ] {
        assert_eq!(again[field], event[field], "{field}");
    }
    let seen = app.seen("/sms");
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].fields, seen[1].fields);
    assert_ne!(seen[0].idempotency_token, seen[1].idempotency_token);
    // The answer has no effect: no second reply, no alert.
    assert_eq!(control.read("/messages").await.as_array().unwrap().len(), 2);
    assert_eq!(control.read("/alerts").await, json!([]));
    let events = &control.read("/groups?limit=1").await[0]["events"];
    assert_eq!(events.as_array().unwrap().len(), 2);

    let (status, forged) = control.post(&path, &json!({"forged": true})).await;
    assert_eq!((status, &forged["signature"]), (202, &json!("forged")));
    assert_eq!(forged["status"], 403);
    assert_eq!((app.seen("/sms").len(), app.forged()), (2, 1));
}

#[tokio::test]
async fn a_webhook_by_get_keeps_its_query() {
    let stage = Stage::start().await;
    let (app, control) = (&stage.app, &stage.control);
    let change = json!({"sms_url": app.url("/sms?clinic=7"), "sms_method": "GET"});
    control.patch(&format!("/numbers/{CLINIC}"), &change).await;
    let event = text(&stage).await;
    assert_eq!(event["method"], "GET");
    let path = format!("/events/{}/send-again", event["id"].as_str().unwrap());
    let again = control.act(&path, &json!({})).await;
    assert_eq!(again["url"], event["url"]);
    assert_eq!(again["parameters"], event["parameters"]);
    let seen = app.seen("/sms");
    assert_eq!(seen[0].fields, seen[1].fields);
    assert_eq!(seen[1].field("clinic"), "7");
}

#[tokio::test]
async fn what_is_no_webhook_is_not_sent_again() {
    let stage = Stage::start().await;
    let control = &stage.control;
    let api = crate::app::Api::new(&stage.sandbox);
    let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "Visit")];
    api.create("Messages.json", &fields).await;
    let request = &control.read("/groups?limit=1").await[0]["events"][0];
    assert_eq!(request["kind"], "api");
    let path = format!("/events/{}/send-again", request["id"].as_str().unwrap());
    let refused = control.post(&path, &json!({})).await;
    assert_eq!(error(refused), (409, "not_a_webhook".to_owned()));
    for id in ["w99", "x1", "w", "w-1"] {
        let refused = control
            .post(&format!("/events/{id}/send-again"), &json!({}))
            .await;
        assert_eq!(error(refused), (404, "unknown_event".to_owned()), "{id}");
    }
    let text = text(&stage).await;
    let path = format!("/events/{}/send-again", text["id"].as_str().unwrap());
    control
        .patch(&format!("/numbers/{CLINIC}"), &json!({"sms_url": ""}))
        .await;
    // The webhook goes where it went, whatever the number says now.
    assert_eq!(control.post(&path, &json!({})).await.0, 202);
}
