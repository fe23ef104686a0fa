//! Clock, faults and alerts.

use clinspark_twilio::sandbox::{ClockMode, Sandbox};
use serde_json::json;

use super::client::{Stage, error};
use crate::app::{Api, CLINIC, VOLUNTEER};

#[tokio::test]
async fn the_clock_advances_to_what_is_due() {
    let Stage {
        sandbox,
        app,
        control,
    } = Stage::with(Sandbox::builder().clock(ClockMode::Held)).await;
    app.twiml("/voice", "<Pause length=\"30\"/><Say>Hello</Say>");
    let path = format!("/phones/{VOLUNTEER}/calls");
    control.act(&path, &json!({"to": CLINIC})).await;
    sandbox.wait_idle().await.unwrap();
    let clock = control.read("/clock").await;
    assert_eq!(clock["mode"], "held");
    assert_eq!(clock["next"]["in_seconds"], 30.0);
    let world = control.act("/clock/advance", &json!({"seconds": 10})).await;
    assert_eq!(world["clock"]["next"]["in_seconds"], 20.0);
    control.act("/clock/advance", &json!({"next": true})).await;
    control.act("/clock/advance", &json!({"seconds": 60})).await;
    assert_eq!(control.read("/calls").await[0]["status"], "completed");
}

#[tokio::test]
async fn two_advances_at_once_add_up() {
    let stage = Stage::with(Sandbox::builder().clock(ClockMode::Held)).await;
    let (sandbox, control) = (&stage.sandbox, stage.control.clone());
    let before = sandbox.now();
    let hour = json!({"seconds": 3600});
    let (one, two) = tokio::join!(
        control.act("/clock/advance", &hour),
        control.act("/clock/advance", &hour)
    );
    assert_eq!(one["clock"]["mode"], two["clock"]["mode"]);
    let passed = sandbox.now().duration_since(before).unwrap();
    assert_eq!(passed.as_secs(), 7200);
}

#[tokio::test]
async fn the_mode_of_the_clock_changes() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    for mode in ["held", "real", "instant"] {
        let (status, world) = control.put("/clock", &json!({"mode": mode})).await;
        assert_eq!((status, &world["clock"]["mode"]), (200, &json!(mode)));
    }
    let wrong = control.put("/clock", &json!({"mode": "fast"})).await;
    assert_eq!(error(wrong), (422, "invalid_body".to_owned()));
    for wrong in [
        json!({}),
        json!({"seconds": -1}),
        json!({"seconds": 1e300}),
        json!({"seconds": 1, "next": true}),
        json!({"next": false}),
    ] {
        let refused = control.post("/clock/advance", &wrong).await;
        assert_eq!(error(refused), (422, "invalid_body".to_owned()), "{wrong}");
    }
}

#[tokio::test]
async fn a_fault_is_added_counted_and_removed() {
    let stage = Stage::start().await;
    let (sandbox, control) = (&stage.sandbox, stage.control.clone());
    let rule = json!({
        "fault": {"too_many_requests": {"retry_after": 1}},
        "match": {"method": "POST", "path": "/Messages", "times": 1},
    });
    let (status, fault) = control.post("/faults", &rule).await;
    assert_eq!(status, 201);
    assert_eq!(fault["title"], "429 on POST /Messages (1 times)");
    let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "Visit")];
    let api = Api::new(sandbox);
    assert_eq!(api.post("Messages.json", &fields).await.0, 429);
    assert_eq!(api.post("Messages.json", &fields).await.0, 201);
    let active = control.read("/faults").await;
    assert_eq!(
        (&active[0]["matched"], &active[0]["applied"]),
        (&json!(2), &json!(1))
    );
    let groups = control.read("/groups").await;
    let faults: Vec<_> = groups
        .as_array()
        .unwrap()
        .iter()
        .map(|group| &group["events"][0]["fault"])
        .collect();
    assert_eq!(faults, [&json!(null), &fault["id"]]);
    let path = format!("/faults/{}", fault["id"].as_str().unwrap());
    assert_eq!(control.delete(&path).await.0, 204);
    assert_eq!(
        error(control.delete(&path).await),
        (404, "unknown_fault".to_owned())
    );
    control.act("/faults", &rule).await;
    assert_eq!(control.delete("/faults").await.0, 204);
    assert_eq!(control.read("/faults").await, json!([]));
}

#[tokio::test]
async fn every_second_request_fails() {
    let stage = Stage::start().await;
    let (sandbox, control) = (&stage.sandbox, stage.control.clone());
    for (every, name) in [
        (1, "1st"),
        (3, "3rd"),
        (11, "11th"),
        (22, "22nd"),
        (2, "2nd"),
    ] {
        let matches = json!({"path": "/Messages", "every": every});
        let rule = json!({"fault": {"error": {"status": 503, "code": 20503}}, "match": matches});
        control.delete("/faults").await;
        let added = control.act("/faults", &rule).await;
        assert_eq!(added["rule"]["match"]["every"], every);
        let title = format!("503 (20503) on /Messages (every {name})");
        assert_eq!(added["title"], title);
    }
    let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "Visit")];
    let api = Api::new(sandbox);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(api.post("Messages.json", &fields).await.0);
    }
    assert_eq!(statuses, [201, 503, 201, 503]);
}

#[tokio::test]
async fn every_kind_of_fault_is_read_and_listed_alike() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let faults = [
        json!({"too_many_requests": {"retry_after": null}}),
        json!({"error": {"status": 503, "code": 20503}}),
        json!({"html_page": {"status": 502}}),
        json!({"slow": {"seconds": 0.5}}),
        json!("reset_before"),
        json!("reset_after"),
        json!("half_response"),
        json!("lose_webhook"),
        json!("double_webhook"),
        json!({"delay_webhook": {"seconds": 60.0}}),
        json!("swap_webhook"),
        json!("forge_signature"),
    ];
    for fault in faults {
        let added = control.act("/faults", &json!({"fault": fault})).await;
        assert_eq!(added["rule"]["fault"], fault);
    }
    let wrong = [
        json!({"fault": "on_fire"}),
        json!({"fault": {"error": {"status": 99, "code": 1}}}),
        json!({"fault": {"slow": {"seconds": -1}}}),
        json!({"fault": "lose_webhook", "match": {"path": "/Messages"}}),
        json!({"fault": "lose_webhook", "match": {"kind": "letter"}}),
        json!({"fault": "reset_before", "match": {"nth": 0}}),
        json!({"fault": "reset_before", "match": {"every": 0}}),
        json!({"fault": "reset_before", "match": {"every": 3, "nth": 3}}),
        json!({"fault": "reset_before", "match": {"share": 2}}),
        json!({"fault": "reset_before", "match": {"sometimes": true}}),
    ];
    for rule in wrong {
        let refused = control.post("/faults", &rule).await;
        assert_eq!(error(refused).0, 422, "{rule}");
    }
    let limited = json!({"fault": "lose_webhook", "match": {"kind": "message_status"}});
    let mut last = 201;
    for _ in 0..100 {
        last = control.post("/faults", &limited).await.0;
    }
    assert_eq!(last, 409);
}

#[tokio::test]
async fn an_alert_leads_to_its_request() {
    let stage = Stage::start().await;
    let (app, control) = (&stage.app, stage.control.clone());
    app.reply("/sms", 500, "text/plain", "broken");
    let path = format!("/phones/{VOLUNTEER}/messages?wait=5");
    let sent = control
        .act(&path, &json!({"to": CLINIC, "body": "Yes"}))
        .await;
    assert_eq!(sent["message"]["webhook"]["status"], 500);
    let alert = &control.read("/alerts").await[0];
    assert_eq!(alert["code"], 11200);
    assert_eq!(alert["resource"], sent["message"]["sid"]);
    assert_eq!(alert["group"], sent["message"]["group"]);
    let path = format!("/events/{}", alert["event"].as_str().unwrap());
    let event = control.read(&path).await;
    assert_eq!(event["status"], 500);
    assert_eq!(event["response_body"], "broken");
    assert_eq!(event["reason"], alert["message"]);
}
