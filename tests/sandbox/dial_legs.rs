//! What a called phone runs before it is connected, and what ends or moves a connection.

use std::time::Duration;

use clinspark_twilio::phone::{ClientIdentity, SipUri};
use clinspark_twilio::sandbox::{AnswerBehavior, SandboxErrorKind};
use clinspark_twilio::types::{AnsweredBy, CallStatus};

use crate::app::{codes, e164};
use crate::dial::{DOCTOR, NURSE, call, clinic, legs, result};

const SCREENED: &str =
    "<Dial action=\"/dialled\"><Number url=\"/ask\">+14155550199</Number></Dial>";
const ASK: &str = "<Gather numDigits=\"1\" action=\"/accept\"><Say>Press 1 to accept</Say>\
                   </Gather><Hangup/>";

#[tokio::test]
async fn a_called_phone_runs_the_twiml_of_its_noun_before_it_is_connected() {
    let (sandbox, app, _) = clinic(SCREENED).await;
    app.twiml("/ask", ASK)
        .twiml("/accept", "<Say>Connecting</Say>");
    let nurse = sandbox.phone(e164(NURSE));
    let caller = call(&sandbox).await;
    let leg = nurse.answer().await.unwrap();
    assert_eq!(leg.hear().await.unwrap(), "Press 1 to accept");
    // The caller is not connected yet, so no one hears speech.
    sandbox.wait_idle().await.unwrap();
    let unheard = caller.say("Hello?").await.unwrap_err();
    assert_eq!(unheard.kind(), SandboxErrorKind::UnexpectedInput);
    leg.press("1").await.unwrap();
    assert_eq!(leg.hear().await.unwrap(), "Connecting");
    caller.say("Hello").await.unwrap();
    assert_eq!(leg.hear().await.unwrap(), "Hello");

    let seen = &app.seen("/ask")[0];
    assert_eq!(seen.field("CallSid"), leg.sid().as_str());
    assert_eq!(seen.field("ParentCallSid"), caller.sid().as_str());
    assert_eq!(seen.field("CallStatus"), "in-progress");
    leg.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(
        result(&app.seen("/dialled")[0]),
        ("completed", "true", true)
    );
}

#[tokio::test]
async fn a_hang_up_in_the_screening_declines_the_call() {
    let (sandbox, app, _) = clinic(SCREENED).await;
    app.twiml("/ask", ASK)
        .twiml("/dialled", "<Say>Please leave a message</Say>");
    let nurse = sandbox.phone(e164(NURSE));
    let caller = call(&sandbox).await;
    let leg = nurse.answer().await.unwrap();
    leg.stay_silent().await.unwrap();
    assert_eq!(caller.hear().await.unwrap(), "Please leave a message");
    assert_eq!(
        result(&app.seen("/dialled")[0]),
        ("no-answer", "false", false)
    );
    assert_eq!(legs(&sandbox), [CallStatus::Completed]);
}

#[tokio::test]
async fn others_ring_while_one_phone_is_screened() {
    let twiml = "<Dial action=\"/dialled\"><Number url=\"/ask\">+14155550199</Number>\
                 <Number>+14155550198</Number></Dial>";
    let (sandbox, app, _) = clinic(twiml).await;
    app.twiml("/ask", ASK);
    let (nurse, doctor) = (sandbox.phone(e164(NURSE)), sandbox.phone(e164(DOCTOR)));
    doctor.set_answer_behavior(AnswerBehavior::Ring);
    let caller = call(&sandbox).await;
    let screened = nurse.answer().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(
        legs(&sandbox),
        [CallStatus::InProgress, CallStatus::Ringing]
    );
    let leg = doctor.answer().await.unwrap();
    caller.say("Hello").await.unwrap();
    assert_eq!(leg.hear().await.unwrap(), "Hello");
    assert_eq!(screened.wait_ended().await.unwrap(), CallStatus::Completed);
}

#[tokio::test]
async fn a_screening_cannot_dial_and_an_empty_one_accepts() {
    let (sandbox, app, _) = clinic(SCREENED).await;
    app.twiml(
        "/ask",
        "<Dial>+14155550198</Dial><Record/><Say>Hello nurse</Say>",
    );
    let nurse = sandbox.phone(e164(NURSE));
    let caller = call(&sandbox).await;
    let leg = nurse.answer().await.unwrap();
    assert_eq!(leg.hear().await.unwrap(), "Hello nurse");
    caller.say("Hello").await.unwrap();
    assert_eq!(leg.hear().await.unwrap(), "Hello");
    assert_eq!(codes(&sandbox), [13201, 12200]);

    // The application answers with 204.
    let (sandbox, _, _) = clinic(SCREENED).await;
    let nurse = sandbox.phone(e164(NURSE));
    let caller = call(&sandbox).await;
    let leg = nurse.answer().await.unwrap();
    caller.say("Hello").await.unwrap();
    assert_eq!(leg.hear().await.unwrap(), "Hello");
    assert_eq!(codes(&sandbox), [] as [u32; 0]);
}

#[tokio::test]
async fn digits_of_a_number_are_played_when_it_answers() {
    let twiml = "<Dial><Number sendDigits=\"wwww1928#\">+14155550199</Number></Dial>";
    let (sandbox, _, _) = clinic(twiml).await;
    let nurse = sandbox.phone(e164(NURSE));
    let _caller = call(&sandbox).await;
    let leg = nurse.answer().await.unwrap();
    assert_eq!(leg.hear().await.unwrap(), "keys wwww1928#");
}

#[tokio::test]
async fn a_number_reports_who_answered() {
    let number = |more: &str| {
        format!(
            "<Dial><Number machineDetection=\"DetectMessageEnd\" {more} statusCallback=\"/end\">\
             +14155550199</Number></Dial>"
        )
    };
    let (sandbox, app, _) = clinic(&number("amdStatusCallback=\"/amd\"")).await;
    let nurse = sandbox.phone(e164(NURSE));
    nurse.set_answer_behavior(AnswerBehavior::Machine {
        greeting: Duration::from_secs(6),
        beeps: true,
    });
    let caller = call(&sandbox).await;
    nurse.answer().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let leg = &sandbox.calls()[1];
    let seen = &app.seen("/amd")[0];
    let fields: Vec<&str> = seen.fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        fields,
        [
            "CallSid",
            "AccountSid",
            "AnsweredBy",
            "MachineDetectionDuration"
        ]
    );
    assert_eq!(seen.field("CallSid"), leg.sid.as_str());
    assert_eq!(seen.field("AnsweredBy"), "machine_end_beep");
    assert_eq!(seen.field("MachineDetectionDuration"), "6500");
    assert_eq!(leg.answered_by, Some(AnsweredBy::MachineEndBeep));
    caller.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(app.seen("/end")[0].field("AnsweredBy"), "machine_end_beep");

    // Without a callback, the result is in the call resource only.
    let (sandbox, _, _) = clinic(&number("machineDetectionTimeout=\"x\"")).await;
    let nurse = sandbox.phone(e164(NURSE));
    let _caller = call(&sandbox).await;
    nurse.answer().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(sandbox.calls()[1].answered_by, Some(AnsweredBy::Human));
    let mut found = codes(&sandbox);
    found.sort_unstable();
    assert_eq!(found, [21262, 21263]);
}

#[tokio::test]
async fn a_redirected_call_reports_its_dial_first_and_drops_the_answer() {
    let (sandbox, app, api) = clinic("<Dial action=\"/dialled\">+14155550199</Dial>").await;
    app.twiml("/dialled", "<Say>never</Say>")
        .twiml("/elsewhere", "<Say>Elsewhere</Say>");
    let nurse = sandbox.phone(e164(NURSE));
    let caller = call(&sandbox).await;
    let leg = nurse.answer().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let url = app.url("/elsewhere");
    let resource = format!("Calls/{}.json", caller.sid());
    assert_eq!(api.post(&resource, &[("Url", &url)]).await.0, 200);
    assert_eq!(caller.hear().await.unwrap(), "Elsewhere");
    assert_eq!(leg.wait_ended().await.unwrap(), CallStatus::Completed);
    assert_eq!(
        result(&app.seen("/dialled")[0]),
        ("completed", "true", true)
    );
    let order: Vec<String> = sandbox
        .webhooks()
        .iter()
        .map(|webhook| webhook.url.expose().clone())
        .collect();
    assert_eq!(
        order,
        [
            app.url("/voice"),
            app.url("/dialled"),
            app.url("/elsewhere")
        ]
    );
}

#[tokio::test]
async fn a_redirected_leg_goes_on_alone_and_the_caller_continues() {
    let (sandbox, app, api) = clinic("<Dial action=\"/dialled\">+14155550199</Dial>").await;
    app.twiml("/dialled", "<Say>The nurse has left</Say>")
        .twiml("/alone", "<Say>You are alone</Say><Gather/>");
    let nurse = sandbox.phone(e164(NURSE));
    let caller = call(&sandbox).await;
    let leg = nurse.answer().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let url = app.url("/alone");
    let resource = format!("Calls/{}.json", leg.sid());
    assert_eq!(api.post(&resource, &[("Url", &url)]).await.0, 200);
    assert_eq!(caller.hear().await.unwrap(), "The nurse has left");
    assert_eq!(leg.hear().await.unwrap(), "You are alone");
    sandbox.wait_idle().await.unwrap();
    assert_eq!(leg.status(), CallStatus::InProgress);
    // The leg has no duration yet.
    assert_eq!(
        result(&app.seen("/dialled")[0]),
        ("completed", "true", false)
    );
}

#[tokio::test]
async fn a_sip_endpoint_transfers_a_connected_call() {
    let dial = "<Dial referUrl=\"/transfer\" action=\"/dialled\"><Sip>sip:desk@example.com</Sip>\
                </Dial>";
    let (sandbox, app, _) = clinic(dial).await;
    app.twiml("/transfer", "<Say>Transferring</Say>");
    let desk = sandbox.sip_endpoint(SipUri::parse("sip:desk@example.com").unwrap());
    let caller = call(&sandbox).await;
    let leg = desk.answer().await.unwrap();
    let target = SipUri::parse("sip:pharmacy@example.com").unwrap();
    leg.refer(&target).await.unwrap();
    assert_eq!(caller.hear().await.unwrap(), "Transferring");
    let seen = &app.seen("/transfer")[0];
    assert_eq!(
        seen.field("ReferTransferTarget"),
        "sip:pharmacy@example.com"
    );
    assert_eq!(seen.field("CallSid"), caller.sid().as_str());
    assert_eq!(leg.wait_ended().await.unwrap(), CallStatus::Completed);

    let (sandbox, _, _) = clinic("<Dial><Sip>sip:desk@example.com</Sip></Dial>").await;
    let desk = sandbox.sip_endpoint(SipUri::parse("sip:desk@example.com").unwrap());
    let _caller = call(&sandbox).await;
    let leg = desk.answer().await.unwrap();
    let refused = leg.refer(&target).await.unwrap_err();
    assert_eq!(refused.kind(), SandboxErrorKind::UnexpectedInput);
    assert_eq!(codes(&sandbox), [13802]);
}

#[tokio::test]
async fn a_refer_transfers_a_sip_caller_and_no_other() {
    let refer = "<Refer action=\"/referred\"><Sip>sip:pharmacy@example.com</Sip></Refer>";
    let (sandbox, app, _) = clinic(&format!("{refer}<Say>next</Say>")).await;
    app.twiml("/referred", "<Hangup/>");
    let caller = call(&sandbox).await;
    assert_eq!(caller.hear().await.unwrap(), "next");
    assert_eq!(codes(&sandbox), [13801]);

    let settings = [("VoiceUrl", app.url("/voice"))];
    let settings = [(settings[0].0, settings[0].1.as_str())];
    let sip_domain = sandbox.add_application(&settings).unwrap();
    let desk = sandbox.sip_endpoint(SipUri::parse("sip:desk@example.com").unwrap());
    let caller = desk.call(sip_domain, &[]).await.unwrap();
    assert_eq!(
        caller.hear().await.unwrap(),
        "transfer to sip:pharmacy@example.com"
    );
    assert_eq!(caller.wait_ended().await.unwrap(), CallStatus::Completed);
    let seen = &app.seen("/referred")[0];
    assert_eq!(
        (
            seen.field("ReferCallStatus"),
            seen.field("ReferSipResponseCode")
        ),
        ("completed", "202")
    );
    assert_eq!(seen.field("NotifySipResponseCode"), "200");

    // The target decides.
    let pharmacy = sandbox.sip_endpoint(SipUri::parse("sip:pharmacy@example.com").unwrap());
    for (behavior, status, code) in [
        (AnswerBehavior::Busy, "busy", "486"),
        (AnswerBehavior::NoAnswer, "no-answer", "487"),
        (AnswerBehavior::Answer, "completed", "200"),
    ] {
        pharmacy.set_answer_behavior(behavior);
        let caller = desk.call(sip_domain, &[]).await.unwrap();
        caller.wait_ended().await.unwrap();
        let seen = app.seen("/referred").pop().unwrap();
        assert_eq!(
            (
                seen.field("ReferCallStatus"),
                seen.field("NotifySipResponseCode")
            ),
            (status, code)
        );
    }
}

#[tokio::test]
async fn a_client_calls_a_twiml_app_with_its_parameters() {
    let dial = "<Dial>+14155550199</Dial><Dial callerId=\"+14155550100\">+14155550199</Dial>";
    let (sandbox, app, _) = clinic(dial).await;
    let url = app.url("/voice");
    let twiml_app = sandbox.add_application(&[("VoiceUrl", &url)]).unwrap();
    let phone = sandbox.phone(e164(NURSE));
    let client = sandbox.client(ClientIdentity::parse("desk").unwrap());
    let parameters = [("To", "+14155550199"), ("subject", "S-1")];
    let caller = client.call(twiml_app, &parameters).await.unwrap();
    let seen = &app.seen("/voice")[0];
    assert_eq!(
        (
            seen.field("From"),
            seen.field("To"),
            seen.field("Direction")
        ),
        ("client:desk", "+14155550199", "inbound")
    );
    assert_eq!(seen.field("subject"), "S-1");
    assert_eq!(seen.field("ApplicationSid"), twiml_app.as_str());
    // A client needs a caller ID to call a number.
    assert_eq!(codes(&sandbox), [13214]);
    let leg = phone.answer().await.unwrap();
    caller.say("Hello").await.unwrap();
    assert_eq!(leg.hear().await.unwrap(), "Hello");

    let unknown = "AP00000000000000000000000000000001".parse().unwrap();
    let refused = client.call(unknown, &[]).await.unwrap_err();
    assert_eq!(refused.kind(), SandboxErrorKind::InvalidSetting);
}
