//! Reset: what has happened is gone, the configuration stays.

use serde_json::json;

use super::client::{Stage, error};
use crate::app::{CLINIC, VOLUNTEER};

#[tokio::test]
async fn a_reset_keeps_numbers_and_phones() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let phone = json!({"number": VOLUNTEER, "name": "Ruth"});
    control.act("/phones", &phone).await;
    let texts = format!("/phones/{VOLUNTEER}/messages?wait=5");
    control
        .act(&texts, &json!({"to": CLINIC, "body": "STOP"}))
        .await;
    control
        .act("/faults", &json!({"fault": "lose_webhook"}))
        .await;
    control
        .act(&texts, &json!({"to": CLINIC, "body": "Lost"}))
        .await;
    let before = control.read("/snapshot").await;
    assert_eq!(before["phones"][0]["opted_out_of"], json!([CLINIC]));
    for list in ["messages", "groups", "alerts"] {
        assert_ne!(before[list], json!([]), "{list}");
    }

    let world = control
        .act("/reset", &json!({"keep": "configuration"}))
        .await;
    assert_eq!(world["faults"], json!([]));
    let after = control.read("/snapshot").await;
    for list in ["messages", "calls", "groups", "alerts"] {
        assert_eq!(after[list], json!([]), "{list}");
    }
    assert_eq!(after["numbers"], before["numbers"]);
    assert_eq!(after["phones"][0]["name"], "Ruth");
    assert_eq!(after["phones"][0]["opted_out_of"], json!([]));
    let cursor = |snapshot: &serde_json::Value| -> u64 {
        snapshot["cursor"].as_str().unwrap().parse().unwrap()
    };
    assert!(cursor(&after) > cursor(&before));
    let wrong = control.post("/reset", &json!({"keep": "messages"})).await;
    assert_eq!(error(wrong), (422, "invalid_body".to_owned()));
}

#[tokio::test]
async fn a_reset_is_undone_with_the_state_that_it_returns() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    control
        .act("/phones", &json!({"number": VOLUNTEER, "name": "Ruth"}))
        .await;
    let texts = format!("/phones/{VOLUNTEER}/messages?wait=5");
    control
        .act(&texts, &json!({"to": CLINIC, "body": "STOP"}))
        .await;
    let before = control.read("/messages").await;
    let world = control.act("/reset", &json!({})).await;
    assert_eq!(control.read("/messages").await, json!([]));
    let (status, restored) = control.put("/state", &world["undo"]).await;
    assert_eq!(status, 200, "{restored}");
    let after = control.read("/messages").await;
    let bodies = |messages: &serde_json::Value| -> Vec<serde_json::Value> {
        let messages = messages.as_array().unwrap().iter();
        messages.map(|message| message["body"].clone()).collect()
    };
    assert_eq!(bodies(&after), bodies(&before));
    let phone = control.read(&format!("/phones/{VOLUNTEER}")).await;
    assert_eq!(phone["name"], "Ruth");
    assert_eq!(phone["opted_out_of"], json!([CLINIC]));
}

#[tokio::test]
async fn a_state_moves_to_another_sandbox() {
    let (one, two) = (Stage::start().await, Stage::start().await);
    one.control
        .patch(
            &format!("/numbers/{CLINIC}"),
            &json!({"friendly_name": "Clinic"}),
        )
        .await;
    let state = one.control.read("/state").await;
    assert!(
        !state
            .to_string()
            .contains(one.sandbox.auth_token().expose())
    );
    assert_eq!(two.control.put("/state", &state).await.0, 200);
    assert_eq!(
        two.control.read("/numbers").await,
        one.control.read("/numbers").await
    );
    for wrong in [json!({}), json!([]), json!({"version": 999_999})] {
        let refused = two.control.put("/state", &wrong).await;
        assert_eq!(error(refused), (422, "invalid_state".to_owned()), "{wrong}");
    }
    assert_eq!(
        two.control.read("/numbers").await,
        one.control.read("/numbers").await
    );
}

#[tokio::test]
async fn a_call_in_progress_ends_with_the_reset() {
    let stage = Stage::start().await;
    let (app, control) = (&stage.app, stage.control.clone());
    app.twiml("/voice", "<Gather timeout=\"60\"/>");
    let call = format!("/phones/{VOLUNTEER}/calls?wait=5");
    control.act(&call, &json!({"to": CLINIC})).await;
    control.act("/reset", &json!({})).await;
    assert_eq!(control.read("/calls").await, json!([]));
    assert_eq!(
        control.read(&format!("/phones/{VOLUNTEER}")).await["in_call"],
        json!(null)
    );
    let again = control.act(&call, &json!({"to": CLINIC})).await;
    assert_eq!(again["status"], "in-progress");
}
