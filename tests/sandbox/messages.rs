//! Messages out: accepted, carried to a phone, reported.

use clinspark_twilio::sandbox::{Reception, Sandbox, WebhookKind};
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
        (e164(CLINIC), "Visit at 9")
    );
    sandbox.settle().await.unwrap();

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
