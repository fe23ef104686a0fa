//! What follows the answer of a call, or its absence: answering machines, keys, limits of time.

use std::time::Duration;

use clinspark_twilio::sandbox::{AnswerBehavior, ClockMode};
use clinspark_twilio::types::{AnsweredBy, CallStatus};

use crate::app::{VOLUNTEER, codes, e164};
use crate::call_resource::{SAY, WAIT, call, clinic};

const fn machine(seconds: u64, beeps: bool) -> AnswerBehavior {
    AnswerBehavior::Machine {
        greeting: Duration::from_secs(seconds),
        beeps,
    }
}

#[tokio::test]
async fn the_request_for_instructions_says_who_answered() {
    // Behavior; parameters; result and its time in milliseconds.
    type Case = (
        AnswerBehavior,
        &'static [(&'static str, &'static str)],
        &'static str,
        &'static str,
    );
    const END: &[(&str, &str)] = &[("MachineDetection", "DetectMessageEnd")];
    const ENABLE: &[(&str, &str)] = &[("MachineDetection", "Enable")];
    let cases: &[Case] = &[
        (AnswerBehavior::Answer, ENABLE, "human", "2000"),
        (AnswerBehavior::Answer, END, "human", "2000"),
        (machine(6, true), ENABLE, "machine_start", "2400"),
        (machine(6, true), END, "machine_end_beep", "6500"),
        (machine(6, false), END, "machine_end_silence", "7200"),
        // A short greeting sounds like a person.
        (machine(2, true), ENABLE, "human", "3200"),
        (
            machine(2, true),
            &[
                ("MachineDetection", "Enable"),
                ("MachineDetectionSpeechThreshold", "1000"),
            ],
            "machine_start",
            "1000",
        ),
        (
            machine(20, true),
            &[
                ("MachineDetection", "DetectMessageEnd"),
                ("MachineDetectionTimeout", "10"),
            ],
            "unknown",
            "10000",
        ),
        (AnswerBehavior::Silence, ENABLE, "unknown", "5000"),
        (AnswerBehavior::Fax, ENABLE, "fax", "2000"),
    ];
    for (behavior, parameters, answered_by, after) in cases {
        let (sandbox, app, api) = clinic(ClockMode::Held).await;
        sandbox
            .phone(e164(VOLUNTEER))
            .set_answer_behavior(*behavior);
        app.twiml("/voice", "<Say>Your visit is tomorrow</Say>");
        let (url, end) = (app.url("/voice"), app.url("/end"));
        let mut fields = call(&[("Url", &url), ("StatusCallback", &end)]);
        fields.extend(*parameters);
        api.create("Calls.json", &fields).await;
        let millis: u64 = after.parse().unwrap();
        // The request waits for the result.
        sandbox
            .advance(Duration::from_millis(millis - 1))
            .await
            .unwrap();
        assert!(app.seen("/voice").is_empty(), "{behavior:?}");
        sandbox.advance(Duration::from_millis(1)).await.unwrap();
        let seen = &app.seen("/voice")[0];
        assert_eq!(
            (
                seen.field("AnsweredBy"),
                seen.field("MachineDetectionDuration")
            ),
            (*answered_by, *after)
        );
        sandbox.advance(Duration::from_secs(60)).await.unwrap();
        assert_eq!(app.seen("/end")[0].field("AnsweredBy"), *answered_by);
        let sid = sandbox.calls()[0].sid;
        let (_, fetched) = api.get(&format!("Calls/{sid}.json")).await;
        assert_eq!(fetched["answered_by"], *answered_by);
        assert_eq!(codes(&sandbox), [] as [u32; 0]);
    }
}

#[tokio::test]
async fn an_asynchronous_detection_has_a_callback_of_its_own() {
    let (sandbox, app, api) = clinic(ClockMode::Held).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    phone.set_answer_behavior(machine(6, true));
    app.twiml("/voice", "<Pause length=\"20\"/>");
    let (url, amd) = (app.url("/voice"), app.url("/amd"));
    let fields = [
        ("Url", url.as_str()),
        ("MachineDetection", "Enable"),
        ("AsyncAmd", "true"),
        ("AsyncAmdStatusCallback", &amd),
    ];
    api.create("Calls.json", &call(&fields)).await;
    sandbox.wait_idle().await.unwrap();
    let seen = &app.seen("/voice")[0];
    assert!(!seen.has("AnsweredBy") && app.seen("/amd").is_empty());
    sandbox.advance(Duration::from_millis(2400)).await.unwrap();
    let seen = &app.seen("/amd")[0];
    assert_eq!(seen.field("AnsweredBy"), "machine_start");
    assert_eq!(seen.field("MachineDetectionDuration"), "2400");
    assert_eq!(seen.field("CallSid"), sandbox.calls()[0].sid.as_str());
    assert_eq!((seen.method.as_str(), seen.fields.len()), ("POST", 4));
    assert_eq!(
        sandbox.calls()[0].answered_by,
        Some(AnsweredBy::MachineStart)
    );

    // A call that ends before has no result.
    phone.answer().await.unwrap().hang_up().await.unwrap();
    api.create("Calls.json", &call(&fields)).await;
    phone.answer().await.unwrap().hang_up().await.unwrap();
    sandbox.advance(Duration::from_secs(60)).await.unwrap();
    assert_eq!(app.seen("/amd").len(), 1);
    assert_eq!(sandbox.calls()[1].answered_by, None);
    assert_eq!(codes(&sandbox), [] as [u32; 0]);

    // Invalid settings are warnings, and have their defaults.
    let (sandbox, _, api) = clinic(ClockMode::Instant).await;
    let _phone = sandbox.phone(e164(VOLUNTEER));
    let fields = [
        ("Twiml", SAY),
        ("MachineDetection", "Enable"),
        ("MachineDetectionSilenceTimeout", "1"),
        ("AsyncAmd", "true"),
    ];
    api.create("Calls.json", &call(&fields)).await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!(codes(&sandbox), [21263, 21262]);
    assert_eq!(sandbox.calls()[0].answered_by, Some(AnsweredBy::Human));
}

#[tokio::test]
async fn digits_are_played_when_the_phone_answers_and_replace_the_detection() {
    let (sandbox, _, api) = clinic(ClockMode::Instant).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let fields = [
        ("Twiml", SAY),
        ("SendDigits", "ww12#"),
        ("MachineDetection", "Enable"),
    ];
    api.create("Calls.json", &call(&fields)).await;
    let heard = phone.answer().await.unwrap();
    assert_eq!(heard.hear().await.unwrap(), "keys ww12#");
    assert_eq!(heard.hear().await.unwrap(), "Hello");
    heard.wait_ended().await.unwrap();
    assert_eq!(sandbox.calls()[0].answered_by, None);
    for digits in ["12x", "123456789012345678901234567890123"] {
        let fields = call(&[("Twiml", SAY), ("SendDigits", digits)]);
        assert_eq!(api.refused("Calls.json", &fields).await.0, 400);
    }
}

#[tokio::test]
async fn a_phone_that_no_one_answers_rings_for_the_timeout() {
    for (parameters, seconds) in [(vec![("Timeout", "5")], 5), (vec![], 60)] {
        let (sandbox, app, api) = clinic(ClockMode::Instant).await;
        let phone = sandbox.phone(e164(VOLUNTEER));
        phone.set_answer_behavior(AnswerBehavior::Ring);
        let end = app.url("/end");
        let mut fields = call(&[("Twiml", SAY), ("StatusCallback", &end)]);
        fields.extend(parameters);
        api.create("Calls.json", &fields).await;
        let almost = Duration::from_millis(seconds * 1000 - 1);
        sandbox.advance(almost).await.unwrap();
        assert_eq!(sandbox.calls()[0].status, CallStatus::Ringing);
        sandbox.advance(Duration::from_millis(1)).await.unwrap();
        assert_eq!(sandbox.calls()[0].status, CallStatus::NoAnswer);
        assert_eq!(app.seen("/end")[0].field("CallStatus"), "no-answer");
    }
}

#[tokio::test]
async fn a_phone_declines_a_ringing_call() {
    let (sandbox, app, api) = clinic(ClockMode::Instant).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    phone.set_answer_behavior(AnswerBehavior::Ring);
    let end = app.url("/end");
    let fields = call(&[("Twiml", SAY), ("StatusCallback", &end)]);
    api.create("Calls.json", &fields).await;
    phone.decline().await.unwrap();
    assert_eq!(sandbox.calls()[0].status, CallStatus::Busy);
    let seen = &app.seen("/end")[0];
    assert_eq!(
        (seen.field("CallStatus"), seen.field("SipResponseCode")),
        ("busy", "486")
    );
}

#[tokio::test]
async fn the_time_limit_ends_a_call() {
    let (sandbox, _, api) = clinic(ClockMode::Instant).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let fields = call(&[("Twiml", WAIT), ("TimeLimit", "4")]);
    api.create("Calls.json", &fields).await;
    let heard = phone.answer().await.unwrap();
    sandbox.advance(Duration::from_secs(3)).await.unwrap();
    assert_eq!(heard.status(), CallStatus::InProgress);
    sandbox.advance(Duration::from_secs(1)).await.unwrap();
    assert_eq!(heard.wait_ended().await.unwrap(), CallStatus::Completed);
    assert_eq!(sandbox.calls()[0].duration, Some(4));

    // Time that passes at once counts too.
    let long = "<Response><Pause length=\"90\"/><Say>never</Say></Response>";
    let fields = call(&[("Twiml", long), ("TimeLimit", "30")]);
    api.create("Calls.json", &fields).await;
    let heard = phone.answer().await.unwrap();
    assert_eq!(heard.wait_ended().await.unwrap(), CallStatus::Completed);
    assert_eq!(sandbox.calls()[1].duration, Some(30));
    assert!(heard.hear().await.is_err());

    // The limit of a live call can be changed.
    api.create("Calls.json", &call(&[("Twiml", WAIT)])).await;
    let heard = phone.answer().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let resource = format!("Calls/{}.json", heard.sid());
    assert_eq!(api.post(&resource, &[("TimeLimit", "2")]).await.0, 200);
    sandbox.advance(Duration::from_secs(2)).await.unwrap();
    assert_eq!(heard.wait_ended().await.unwrap(), CallStatus::Completed);
}
