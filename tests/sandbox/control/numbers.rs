//! Numbers of the account, and the routes of their texts and calls.

use serde_json::json;

use super::client::{Stage, error};
use crate::app::CLINIC;

#[tokio::test]
async fn numbers_are_added_and_configured() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let numbers = control.read("/numbers").await;
    assert_eq!(numbers[0]["number"], CLINIC);
    assert_eq!(numbers[0]["country"], "US");
    let path = format!("/numbers/{CLINIC}");
    let (_, named) = control
        .patch(&path, &json!({"friendly_name": "Clinic"}))
        .await;
    assert_eq!(named["name"], "Clinic");
    let wrong = control.patch(&path, &json!({"sms_url": "ftp://app"})).await;
    assert_eq!(error(wrong), (422, "invalid_setting".to_owned()));
    let unknown = control.patch(&path, &json!({"SmsUrl": "http://app"})).await;
    assert_eq!(error(unknown), (422, "invalid_body".to_owned()));
    let foreign = control.patch("/numbers/+14155550199", &json!({})).await;
    assert_eq!(error(foreign), (404, "unknown_number".to_owned()));
}

#[tokio::test]
async fn a_route_names_the_url_that_wins_and_why_the_others_do_not() {
    let stage = Stage::start().await;
    let (app, control) = (&stage.app, stage.control.clone());
    let url = app.url("/app");
    let application = stage.sandbox.add_application(&[("SmsUrl", &url)]).unwrap();
    let path = format!("/numbers/{CLINIC}");
    let change = json!({"sms_application_sid": application.as_str()});
    let (_, number) = control.patch(&path, &change).await;
    let candidates = number["sms"]["candidates"].as_array().unwrap();
    assert_eq!(
        candidates[0]["source"],
        format!("application {application}")
    );
    assert_eq!(candidates[0]["url"], url);
    assert_eq!(candidates[0]["wins"], true);
    assert_eq!(candidates[0]["reason"], json!(null));
    assert_eq!(candidates[1]["source"], "number");
    assert_eq!(candidates[1]["url"], app.url("/sms"));
    assert_eq!(candidates[1]["wins"], false);
    assert!(
        candidates[1]["reason"]
            .as_str()
            .unwrap()
            .contains("TwiML App")
    );
    assert_eq!(number["voice"]["candidates"][0]["url"], app.url("/voice"));
    assert_eq!(number["status"]["candidates"][0]["wins"], false);
}
