//! Alerts: what happened, at which URL, and what to do here.

use serde_json::{Value, json};

use super::client::Stage;
use crate::app::{CLINIC, VOLUNTEER};

/// Texts the clinic, and returns the newest alert.
async fn alert_of_a_text(stage: &Stage) -> Value {
    let path = format!("/phones/{VOLUNTEER}/messages?wait=5");
    let text = json!({"to": CLINIC, "body": "Yes"});
    let (status, sent) = stage.control.post(&path, &text).await;
    assert_eq!(status, 201, "{sent}");
    stage.sandbox.wait_idle().await.unwrap();
    stage.control.read("/alerts").await[0].clone()
}

async fn sms_url(stage: &Stage, url: &str) {
    let path = format!("/numbers/{CLINIC}");
    let (status, number) = stage.control.patch(&path, &json!({"sms_url": url})).await;
    assert_eq!(status, 200, "{number}");
}

#[tokio::test]
async fn an_alert_names_the_url_and_what_helps_here() {
    let stage = Stage::start().await;
    // A port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/sms", free.local_addr().unwrap());
    drop(free);
    sms_url(&stage, &url).await;
    let alert = alert_of_a_text(&stage).await;
    assert_eq!(
        (&alert["code"], &alert["url"]),
        (&json!(11205), &json!(url))
    );
    let message = alert["message"].as_str().unwrap();
    assert!(message.contains("start your application"), "{message}");
    assert_eq!(alert["advice"], Value::Null);

    let url = "http://clinic.example.com/sms";
    sms_url(&stage, url).await;
    let alert = alert_of_a_text(&stage).await;
    assert_eq!(
        (&alert["code"], &alert["url"]),
        (&json!(11210), &json!(url))
    );
    let message = alert["message"].as_str().unwrap();
    assert!(message.contains("--webhook-host"), "{message}");

    stage.app.reply("/refuses", 403, "text/plain", "");
    let url = stage.app.url("/refuses");
    sms_url(&stage, &url).await;
    let alert = alert_of_a_text(&stage).await;
    assert_eq!(
        (&alert["code"], &alert["url"]),
        (&json!(11200), &json!(url))
    );
    let advice = alert["advice"].as_str().unwrap();
    assert!(advice.contains("checks signatures"), "{advice}");
}
