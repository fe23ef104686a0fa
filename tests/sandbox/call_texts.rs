//! `<Sms>` in a call, and verbs that a call does not run.

use clinspark_twilio::sandbox::{ClockMode, PhoneCall, Sandbox, SandboxErrorKind, WebhookKind};
use clinspark_twilio::types::{CallStatus, MessageDirection};
use serde_json::Value;

use crate::app::{Api, App, CLINIC, VOLUNTEER, codes, e164};
use crate::in_call::{InCall, in_call, start};

async fn next_heard(test: &InCall) -> String {
    test.call.hear().await.unwrap()
}

#[tokio::test]
async fn a_text_in_a_call_goes_to_the_caller() {
    let test = in_call("<Sms>Your visit is at 9</Sms><Say>next</Say>").await;
    assert_eq!(next_heard(&test).await, "next");
    test.sandbox.wait_idle().await.unwrap();
    let inbox = test.sandbox.phone(e164(VOLUNTEER)).inbox();
    assert_eq!(inbox.len(), 1);
    assert_eq!(inbox[0].body.expose(), "Your visit is at 9");
    assert_eq!(inbox[0].from, e164(CLINIC));
    let [message] = test.sandbox.messages().try_into().unwrap();
    assert_eq!(message.direction, MessageDirection::OutboundCall);
    let api = Api::new(&test.sandbox);
    let (status, shown) = api.get(&format!("Messages/{}.json", message.sid)).await;
    assert_eq!(
        (status, &shown["direction"]),
        (200, &Value::from("outbound-call"))
    );
    // Without an action, no request follows.
    assert_eq!(test.sandbox.webhooks().len(), 1);
    assert_eq!(codes(&test.sandbox), [] as [u32; 0]);
}

#[tokio::test]
async fn a_text_in_an_outbound_call_goes_to_the_phone_that_was_called() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let phone = sandbox.phone(e164(VOLUNTEER));
    let twiml = "<Response><Sms>See you at 9</Sms></Response>";
    let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Twiml", twiml)];
    Api::new(&sandbox).create("Calls.json", &fields).await;
    let call: PhoneCall = phone.answer().await.unwrap();
    assert_eq!(call.wait_ended().await.unwrap(), CallStatus::Completed);
    sandbox.wait_idle().await.unwrap();
    assert_eq!(phone.inbox()[0].body.expose(), "See you at 9");
    assert_eq!(sandbox.messages()[0].from, Some(e164(CLINIC).into()));
}

#[tokio::test]
async fn the_action_of_a_text_continues_the_call_and_its_callback_reports_the_delivery() {
    let sms = "<Sms to=\"(415) 555-0177\" action=\"/sent\" method=\"GET\" \
               statusCallback=\"/status\">Visit at 9</Sms><Say>never</Say>";
    let test = start(ClockMode::Instant, |app| {
        app.twiml("/voice", sms)
            .twiml("/sent", "<Say>We texted you</Say>");
    })
    .await;
    assert_eq!(next_heard(&test).await, "We texted you");
    let ended = test.call.hear().await.unwrap_err();
    assert_eq!(ended.kind(), SandboxErrorKind::CallEnded);
    test.sandbox.wait_idle().await.unwrap();
    let [message] = test.sandbox.messages().try_into().unwrap();
    assert_eq!(message.to, e164("+14155550177"));
    let sent = &test.app.seen("/sent")[0];
    assert_eq!(sent.method, "GET");
    assert_eq!(sent.field("SmsSid"), message.sid.as_str());
    assert_eq!(sent.field("SmsStatus"), "sending");
    assert_eq!(sent.field("CallSid"), test.call.sid().as_str());
    let statuses = test.app.seen("/status");
    let statuses: Vec<_> = statuses
        .iter()
        .map(|seen| seen.field("SmsStatus"))
        .collect();
    assert_eq!(statuses, ["sent", "delivered"]);
    let mut kinds = test.sandbox.webhooks().into_iter().map(|sent| sent.kind);
    assert!(kinds.any(|kind| kind == WebhookKind::SmsAction));
}

/// Runs an `<Sms>` that Twilio refuses. Returns the status at its action and the alerts.
async fn refused(sms: &str, prepare: impl FnOnce(&Sandbox, &App)) -> (String, Vec<u32>) {
    let gather = format!("<Gather numDigits=\"1\"/>{sms}");
    let test = start(ClockMode::Instant, |app| {
        app.twiml("/voice", &gather).twiml("/sent", "<Hangup/>");
    })
    .await;
    prepare(&test.sandbox, &test.app);
    test.call.stay_silent().await.unwrap();
    test.sandbox.wait_idle().await.unwrap();
    let sent = &test.app.seen("/sent")[0];
    assert!(!sent.has("SmsSid"));
    assert!(test.sandbox.phone(e164(VOLUNTEER)).inbox().is_empty());
    (sent.field("SmsStatus").to_owned(), codes(&test.sandbox))
}

#[tokio::test]
async fn a_text_that_twilio_refuses_is_not_sent() {
    let long = "x".repeat(1601);
    let long = format!("<Sms action=\"/sent\">{long}</Sms>");
    for (sms, code) in [
        ("<Sms to=\"+1555\" action=\"/sent\">x</Sms>", 14101),
        ("<Sms from=\"clinic\" action=\"/sent\">x</Sms>", 21612),
        ("<Sms from=\"+14155550155\" action=\"/sent\">x</Sms>", 14102),
        ("<Sms action=\"/sent\"/>", 14103),
        (&*long, 21617),
    ] {
        let (status, alerts) = refused(sms, |_, _| {}).await;
        assert_eq!((&*status, alerts), ("invalid", vec![code]), "{code}");
    }
    let sms = "<Sms action=\"/sent\">x</Sms>";
    let (_, alerts) = refused(sms, |sandbox, _| {
        let number = sandbox.numbers()[0].sid;
        sandbox.remove_capability(number, "sms");
    })
    .await;
    assert_eq!(alerts, [14108]);
    let region = clinspark_twilio::phone::Region::parse("US").unwrap();
    let (_, alerts) = refused(sms, |sandbox, _| {
        sandbox.set_messaging_permission(region, false);
    })
    .await;
    assert_eq!(alerts, [21408]);
}

#[tokio::test]
async fn a_person_who_has_opted_out_gets_no_text_in_a_call() {
    let test = in_call("<Gather numDigits=\"1\"/><Sms>x</Sms><Say>next</Say>").await;
    let phone = test.sandbox.phone(e164(VOLUNTEER));
    let replies = phone.text(e164(CLINIC), "STOP").await.unwrap();
    test.call.stay_silent().await.unwrap();
    assert_eq!(next_heard(&test).await, "next");
    test.sandbox.wait_idle().await.unwrap();
    assert_eq!(phone.inbox(), replies);
    assert_eq!(codes(&test.sandbox), [21610]);
}

#[tokio::test]
async fn a_message_verb_is_skipped_in_a_call() {
    for twiml in [
        "<Message>Hello</Message>",
        "<Message><Body>Hello</Body></Message>",
    ] {
        let test = in_call(&format!("{twiml}<Say>next</Say>")).await;
        assert_eq!(next_heard(&test).await, "next");
        assert_eq!(codes(&test.sandbox), [12200], "{twiml}");
        assert!(test.sandbox.alerts()[0].message.contains("<Message>"));
        assert!(test.sandbox.messages().is_empty());
    }
}

#[tokio::test]
async fn a_verb_that_the_sandbox_does_not_run_is_named_in_an_alert() {
    for (verb, twiml) in [
        ("<Pay>", "<Pay action=\"/paid\" chargeAmount=\"10\"/>"),
        (
            "<Prompt>",
            "<Prompt for=\"postal-code\"><Say>x</Say></Prompt>",
        ),
    ] {
        let test = in_call(&format!("{twiml}<Say>next</Say>")).await;
        assert_eq!(next_heard(&test).await, "next", "{verb}");
        assert_eq!(codes(&test.sandbox), [12200], "{verb}");
        assert!(test.sandbox.alerts()[0].message.contains(verb));
        assert!(test.app.seen("/paid").is_empty());
    }
}

#[tokio::test]
async fn an_echo_returns_speech_and_keys_until_the_call_ends() {
    let test = in_call("<Echo/><Say>never</Say>").await;
    test.call.say("Is anyone there?").await.unwrap();
    assert_eq!(next_heard(&test).await, "Is anyone there?");
    test.call.press("12").await.unwrap();
    assert_eq!(next_heard(&test).await, "keys 12");
    assert_eq!(test.call.hang_up().await.unwrap(), CallStatus::Completed);
    let ended = test.call.hear().await.unwrap_err();
    assert_eq!(ended.kind(), SandboxErrorKind::CallEnded);
    assert_eq!(codes(&test.sandbox), [] as [u32; 0]);
}
