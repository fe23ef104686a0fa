//! `<Dial>`: which phones ring, for how long, with which caller ID, and what its `action` learns.
//!
//! Tests with several threads find moments at which the sandbox seems idle but is not.

use std::time::Duration;

use clinspark_twilio::phone::{ClientIdentity, SipUri};
use clinspark_twilio::sandbox::{AnswerBehavior, PhoneCall, Sandbox, SandboxErrorKind};
use clinspark_twilio::types::CallStatus;

use crate::app::{Api, App, CLINIC, ReceivedWebhook, VOLUNTEER, codes, e164};

pub(crate) const NURSE: &str = "+14155550199";
pub(crate) const DOCTOR: &str = "+14155550198";

/// A clinic whose number answers with TwiML.
pub(crate) async fn clinic(twiml: &str) -> (Sandbox, App, Api) {
    let sandbox = Sandbox::start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let (app, api) = (App::start(&sandbox).await, Api::new(&sandbox));
    app.twiml("/voice", twiml);
    let url = app.url("/voice");
    sandbox
        .configure_number(number, &[("VoiceUrl", &url)])
        .unwrap();
    (sandbox, app, api)
}

pub(crate) async fn call(sandbox: &Sandbox) -> PhoneCall {
    let volunteer = sandbox.phone(e164(VOLUNTEER));
    volunteer.call(e164(CLINIC)).await.unwrap()
}

/// Returns the statuses of all legs, in order of creation.
pub(crate) fn legs(sandbox: &Sandbox) -> Vec<CallStatus> {
    let calls = sandbox.calls().into_iter();
    let legs = calls.filter(|call| call.parent_call_sid.is_some());
    legs.map(|call| call.status).collect()
}

/// Returns the fields of the request to the `action` that tell the result.
pub(crate) fn result(seen: &ReceivedWebhook) -> (&str, &str, bool) {
    (
        seen.field("DialCallStatus"),
        seen.field("DialBridged"),
        seen.has("DialCallDuration"),
    )
}

const BOTH: &str = "<Dial action=\"/dialled\"><Number statusCallback=\"/first\" \
                    statusCallbackEvent=\"initiated ringing answered completed\">+14155550199\
                    </Number><Number statusCallback=\"/second\">+14155550198</Number></Dial>";

fn statuses(seen: &[ReceivedWebhook]) -> Vec<&str> {
    seen.iter().map(|seen| seen.field("CallStatus")).collect()
}

#[tokio::test]
async fn all_numbers_ring_at_once_and_the_first_to_answer_wins() {
    let (sandbox, app, _) = clinic(BOTH).await;
    let (nurse, doctor) = (sandbox.phone(e164(NURSE)), sandbox.phone(e164(DOCTOR)));
    nurse.set_answer_behavior(AnswerBehavior::Ring);
    doctor.set_answer_behavior(AnswerBehavior::Ring);
    let caller = call(&sandbox).await;
    assert_eq!(legs(&sandbox), [CallStatus::Ringing, CallStatus::Ringing]);

    let leg = doctor.answer().await.unwrap();
    caller.say("Is the doctor there?").await.unwrap();
    assert_eq!(leg.hear().await.unwrap(), "Is the doctor there?");
    sandbox.wait_idle().await.unwrap();
    assert_eq!(
        legs(&sandbox),
        [CallStatus::Canceled, CallStatus::InProgress]
    );
    assert_eq!(
        statuses(&app.seen("/first")),
        ["initiated", "ringing", "canceled"]
    );
    leg.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let seen = &app.seen("/dialled")[0];
    assert_eq!(result(seen), ("completed", "true", true));
    assert_eq!(seen.field("DialCallSid"), leg.sid().as_str());
    // Without `statusCallbackEvent`, only the end is reported.
    assert_eq!(statuses(&app.seen("/second")), ["completed"]);

    // Of two phones that answer at once, the first of the document wins.
    nurse.set_answer_behavior(AnswerBehavior::Answer);
    doctor.set_answer_behavior(AnswerBehavior::Answer);
    let caller = call(&sandbox).await;
    let leg = nurse.answer().await.unwrap();
    caller.say("Hello").await.unwrap();
    assert_eq!(leg.hear().await.unwrap(), "Hello");
    sandbox.wait_idle().await.unwrap();
    assert_eq!(
        legs(&sandbox)[2..],
        [CallStatus::InProgress, CallStatus::Canceled]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sequential_dial_rings_one_number_after_the_other() {
    let twiml = BOTH.replace("<Dial ", "<Dial sequential=\"true\" timeout=\"10\" ");
    let (sandbox, app, _) = clinic(&twiml).await;
    let (nurse, doctor) = (sandbox.phone(e164(NURSE)), sandbox.phone(e164(DOCTOR)));
    nurse.set_answer_behavior(AnswerBehavior::Ring);
    doctor.set_answer_behavior(AnswerBehavior::Ring);
    let _caller = call(&sandbox).await;
    assert_eq!(legs(&sandbox), [CallStatus::Ringing]);
    sandbox.advance(Duration::from_secs(10)).await.unwrap();
    assert_eq!(legs(&sandbox), [CallStatus::NoAnswer, CallStatus::Ringing]);
    let leg = doctor.answer().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    leg.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(
        result(&app.seen("/dialled")[0]),
        ("completed", "true", true)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_timeout_of_a_dial_passes_by_the_clock() {
    for (attribute, seconds) in [("", 30), ("timeout=\"5\"", 5), ("timeout=\"never\"", 30)] {
        let twiml = BOTH.replace("<Dial ", &format!("<Dial {attribute} "));
        let (sandbox, app, _) = clinic(&twiml).await;
        for phone in [NURSE, DOCTOR] {
            let phone = sandbox.phone(e164(phone));
            phone.set_answer_behavior(AnswerBehavior::Ring);
        }
        let _caller = call(&sandbox).await;
        let almost = Duration::from_millis(seconds * 1000 - 1);
        sandbox.advance(almost).await.unwrap();
        assert!(app.seen("/dialled").is_empty());
        sandbox.advance(Duration::from_millis(1)).await.unwrap();
        assert_eq!(
            result(&app.seen("/dialled")[0]),
            ("no-answer", "false", false)
        );
        assert_eq!(legs(&sandbox), [CallStatus::NoAnswer, CallStatus::NoAnswer]);
        assert_eq!(
            codes(&sandbox).contains(&13212),
            attribute.contains("never")
        );
    }
}

#[tokio::test]
async fn the_time_limit_of_a_dial_ends_the_connection() {
    let twiml = "<Dial timeLimit=\"60\" action=\"/dialled\">+14155550199</Dial>";
    let (sandbox, app, _) = clinic(twiml).await;
    app.twiml("/dialled", "<Say>Time is up</Say>");
    let _nurse = sandbox.phone(e164(NURSE));
    let caller = call(&sandbox).await;
    sandbox.advance(Duration::from_secs(59)).await.unwrap();
    assert_eq!(legs(&sandbox), [CallStatus::InProgress]);
    sandbox.advance(Duration::from_secs(1)).await.unwrap();
    assert_eq!(legs(&sandbox), [CallStatus::Completed]);
    assert_eq!(app.seen("/dialled")[0].field("DialCallDuration"), "60");
    assert_eq!(caller.hear().await.unwrap(), "Time is up");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_call_is_busy_and_the_others_ring_on() {
    let (sandbox, app, _) = clinic(BOTH).await;
    let (nurse, doctor) = (sandbox.phone(e164(NURSE)), sandbox.phone(e164(DOCTOR)));
    nurse.set_answer_behavior(AnswerBehavior::Ring);
    doctor.set_answer_behavior(AnswerBehavior::Ring);
    let _caller = call(&sandbox).await;
    nurse.decline().await.unwrap();
    assert_eq!(legs(&sandbox), [CallStatus::Busy, CallStatus::Ringing]);
    assert!(app.seen("/dialled").is_empty());
    doctor.decline().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let seen = &app.seen("/dialled")[0];
    assert_eq!(result(seen), ("busy", "false", false));
    assert!(seen.has("DialCallSid"));
}

#[tokio::test]
async fn numbers_of_the_usa_need_no_country_code() {
    for number in [
        "415-555-0199",
        "(415) 555-0199",
        "4155550199",
        "1 415 555 0199",
    ] {
        for twiml in [
            format!("<Dial>{number}</Dial>"),
            format!("<Dial><Number>{number}</Number></Dial>"),
        ] {
            let (sandbox, _, _) = clinic(&twiml).await;
            let nurse = sandbox.phone(e164(NURSE));
            let _caller = call(&sandbox).await;
            nurse.answer().await.unwrap();
            assert_eq!(sandbox.calls()[1].to, e164(NURSE));
            assert_eq!(codes(&sandbox), [] as [u32; 0]);
        }
    }
}

#[tokio::test]
async fn a_number_that_cannot_be_called_is_an_alert() {
    // Noun and caller ID; alert.
    let cases = [
        ("<Number>555</Number>", 13223),
        ("<Number>+11111111111</Number>", 13224),
        ("<Number>+4930901820</Number>", 13227),
        ("<Sip>nurse</Sip>", 13243),
        ("<Sip>sip:a@clinic.sip.twilio.com</Sip>", 13255),
        ("<Sim>DE00000000000000000000000000000001</Sim>", 12200),
        (
            "<Application>AP00000000000000000000000000000001</Application>",
            12200,
        ),
        ("<Client/>", 12200),
    ];
    for (noun, code) in cases {
        let (sandbox, app, _) = clinic(&format!("<Dial action=\"/dialled\">{noun}</Dial>")).await;
        sandbox.set_dialing_permission("DE".parse().unwrap(), false);
        app.twiml("/dialled", "<Hangup/>");
        call(&sandbox).await;
        assert_eq!(codes(&sandbox), [code], "{noun}");
        assert_eq!(result(&app.seen("/dialled")[0]), ("failed", "false", false));
        assert_eq!(sandbox.calls().len(), 1);
    }
}

#[tokio::test]
async fn an_eleventh_number_is_skipped_with_an_alert() {
    let nouns = "<Number>+14155550199</Number>".repeat(11);
    let (sandbox, _, _) = clinic(&format!("<Dial>{nouns}</Dial>")).await;
    call(&sandbox).await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!((legs(&sandbox).len(), codes(&sandbox)), (10, vec![12200]));
}

#[tokio::test]
async fn clients_and_sip_endpoints_ring_beside_numbers() {
    let twiml = "<Dial action=\"/dialled\"><Number>+14155550199</Number><Client><Identity>nurse\
                 </Identity><Parameter name=\"subject\" value=\"S-1\"/></Client>\
                 <Sip>sip:desk@example.com;transport=tls?X-Room=12</Sip></Dial>";
    let (sandbox, app, _) = clinic(twiml).await;
    let phone = sandbox.phone(e164(NURSE));
    phone.set_answer_behavior(AnswerBehavior::Ring);
    let client = sandbox.client(ClientIdentity::parse("nurse").unwrap());
    let desk = sandbox.sip_endpoint(SipUri::parse("sip:desk@example.com").unwrap());
    for endpoint in [&client, &desk] {
        endpoint.set_answer_behavior(AnswerBehavior::Ring);
    }
    let caller = call(&sandbox).await;
    assert_eq!(legs(&sandbox), vec![CallStatus::Ringing; 3]);
    let leg = client.answer().await.unwrap();
    assert_eq!(leg.parameter("subject").unwrap(), "S-1");
    caller.say("Hello nurse").await.unwrap();
    assert_eq!(leg.hear().await.unwrap(), "Hello nurse");
    caller.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(
        legs(&sandbox),
        [
            CallStatus::Canceled,
            CallStatus::Completed,
            CallStatus::Canceled
        ]
    );

    let _caller = call(&sandbox).await;
    let leg = desk.answer().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(leg.parameter("X-Room").unwrap(), "12");
    leg.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let seen = &app.seen("/dialled")[0];
    assert_eq!(seen.field("DialSipResponseCode"), "200");
    assert!(seen.has("DialSipCallId"));
}

#[tokio::test]
async fn a_whatsapp_call_needs_a_sender_of_whatsapp() {
    let dial = |attribute: &str| {
        format!(
            "<Dial {attribute} action=\"/dialled\"><WhatsApp statusCallback=\"/status\" \
             statusCallbackEvent=\"initiated ringing answered completed\">+14155550197</WhatsApp>\
             </Dial>"
        )
    };
    let (sandbox, app, _) = clinic(&dial("callerId=\"whatsapp:+14155550100\"")).await;
    app.twiml("/dialled", "<Hangup/>");
    let person = sandbox.whatsapp(e164("+14155550197"));
    let caller = call(&sandbox).await;
    let leg = person.answer().await.unwrap();
    caller.say("Hello").await.unwrap();
    assert_eq!(leg.hear().await.unwrap(), "Hello");
    leg.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let seen = app.seen("/status");
    let statuses: Vec<&str> = seen.iter().map(|seen| seen.field("CallStatus")).collect();
    assert_eq!(
        statuses,
        ["initiated", "ringing", "in-progress", "completed"]
    );
    assert_eq!(
        (seen[0].field("From"), seen[0].field("To")),
        ("whatsapp:+14155550100", "whatsapp:+14155550197")
    );
    assert_eq!(app.seen("/dialled")[0].field("DialCallStatus"), "completed");
    assert!(codes(&sandbox).is_empty());

    for attribute in [
        "",
        "callerId=\"+14155550100\"",
        "callerId=\"whatsapp:+14155550111\"",
    ] {
        let (sandbox, app, _) = clinic(&dial(attribute)).await;
        app.twiml("/dialled", "<Hangup/>");
        let _person = sandbox.whatsapp(e164("+14155550197"));
        let _caller = call(&sandbox).await;
        sandbox.wait_idle().await.unwrap();
        assert_eq!(app.seen("/dialled")[0].field("DialCallStatus"), "failed");
        assert_eq!(codes(&sandbox), [37008], "{attribute}");
    }
}

#[tokio::test]
async fn the_caller_id_is_a_number_of_the_account_or_of_the_call() {
    // Attribute; caller ID that the phone shows, or none.
    let cases = [
        ("", Some(VOLUNTEER)),
        ("callerId=\"+14155550100\"", Some(CLINIC)),
        ("callerId=\"(415) 555-0100\"", Some(CLINIC)),
        ("callerId=\"+14155550123\"", Some(VOLUNTEER)),
        ("callerId=\"+14155550177\"", None),
        ("callerId=\"Clinic\"", None),
    ];
    for (attribute, from) in cases {
        let twiml = format!("<Dial {attribute}>+14155550199</Dial>");
        let (sandbox, _, _) = clinic(&twiml).await;
        let _nurse = sandbox.phone(e164(NURSE));
        call(&sandbox).await;
        let shown = sandbox.calls().get(1).map(|leg| leg.from.expose());
        assert_eq!(shown.as_deref(), from, "{attribute}");
        let alerts: &[u32] = if from.is_some() { &[] } else { &[13214] };
        assert_eq!(codes(&sandbox), alerts);
    }
    // A client accepts any caller ID.
    let (sandbox, _, _) =
        clinic("<Dial callerId=\"client:desk\"><Client>nurse</Client></Dial>").await;
    let nurse = sandbox.client(ClientIdentity::parse("nurse").unwrap());
    let _caller = call(&sandbox).await;
    nurse.answer().await.unwrap();
    assert_eq!(sandbox.calls()[1].from.expose(), "client:desk");
}

#[tokio::test]
async fn an_inbound_call_rings_until_it_is_connected_with_answer_on_bridge() {
    let twiml = "<Dial answerOnBridge=\"true\" action=\"/dialled\">+14155550199</Dial>";
    let (sandbox, app, _) = clinic(twiml).await;
    app.twiml("/dialled", "<Say>Later</Say>");
    let nurse = sandbox.phone(e164(NURSE));
    nurse.set_answer_behavior(AnswerBehavior::Ring);
    let caller = call(&sandbox).await;
    assert_eq!(caller.status(), CallStatus::Ringing);
    nurse.answer().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(caller.status(), CallStatus::InProgress);

    // Without a connection, the next verb answers the call.
    caller.hang_up().await.unwrap();
    nurse.set_answer_behavior(AnswerBehavior::Busy);
    let caller = call(&sandbox).await;
    assert_eq!(caller.hear().await.unwrap(), "Later");
    let seen = &app.seen("/dialled")[0];
    assert_eq!(
        (seen.field("DialCallStatus"), seen.field("CallStatus")),
        ("busy", "ringing")
    );
    assert_eq!(caller.wait_ended().await.unwrap(), CallStatus::Completed);

    // Without the attribute, the call is answered first.
    let (sandbox, _, _) = clinic("<Dial>+14155550199</Dial>").await;
    let nurse = sandbox.phone(e164(NURSE));
    nurse.set_answer_behavior(AnswerBehavior::Ring);
    assert_eq!(call(&sandbox).await.status(), CallStatus::InProgress);
}

#[tokio::test]
async fn invalid_attributes_are_warnings_and_have_their_defaults() {
    let twiml = "<Dial timeLimit=\"x\" hangupOnStar=\"x\" sequential=\"x\" answerOnBridge=\"x\">\
                 <Number sendDigits=\"x\" url=\"/ask\" method=\"PUT\" statusCallback=\"/end\" \
                 statusCallbackEvent=\"over\">+14155550199</Number></Dial>";
    let (sandbox, app, _) = clinic(twiml).await;
    let nurse = sandbox.phone(e164(NURSE));
    let _caller = call(&sandbox).await;
    nurse.answer().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let mut found = codes(&sandbox);
    found.sort_unstable();
    assert_eq!(found, [12200, 13213, 13216, 13218, 13219, 13221, 13222]);
    assert_eq!(app.seen("/ask")[0].method, "POST");
}

#[tokio::test]
async fn a_caller_that_hangs_up_while_phones_ring_cancels_all() {
    let (sandbox, app, _) = clinic(BOTH).await;
    for phone in [NURSE, DOCTOR] {
        let phone = sandbox.phone(e164(phone));
        phone.set_answer_behavior(AnswerBehavior::Ring);
    }
    let caller = call(&sandbox).await;
    caller.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(legs(&sandbox), [CallStatus::Canceled, CallStatus::Canceled]);
    assert!(app.seen("/dialled").is_empty());
    let nurse = sandbox.phone(e164(NURSE));
    sandbox.set_timeout(Duration::from_millis(20));
    let missed = nurse.decline().await.unwrap_err();
    assert_eq!(missed.kind(), SandboxErrorKind::Timeout);
}

#[tokio::test]
async fn one_leg_canceled_by_the_api_is_reported_as_canceled() {
    let twiml = "<Dial action=\"/dialled\">+14155550199</Dial>";
    let (sandbox, app, api) = clinic(twiml).await;
    let nurse = sandbox.phone(e164(NURSE));
    nurse.set_answer_behavior(AnswerBehavior::Ring);
    let _caller = call(&sandbox).await;
    let leg = sandbox.calls()[1].sid;
    let update = [("Status", "canceled")];
    let (status, _) = api.post(&format!("Calls/{leg}.json"), &update).await;
    assert_eq!(status, 200);
    sandbox.wait_idle().await.unwrap();
    assert_eq!(
        result(&app.seen("/dialled")[0]),
        ("canceled", "false", false)
    );
}

#[tokio::test]
async fn a_reject_after_another_verb_ends_the_call() {
    let (sandbox, _, _) = clinic("<Say>Hello</Say><Reject/><Say>never</Say>").await;
    let caller = call(&sandbox).await;
    assert_eq!(caller.hear().await.unwrap(), "Hello");
    assert_eq!(caller.wait_ended().await.unwrap(), CallStatus::Completed);
    assert!(caller.hear().await.is_err());

    // An invalid reason is a warning.
    let (sandbox, _, _) = clinic("<Reject reason=\"asleep\"/>").await;
    let caller = call(&sandbox).await;
    assert_eq!(caller.wait_ended().await.unwrap(), CallStatus::NoAnswer);
    assert_eq!(codes(&sandbox), [13810]);
}
