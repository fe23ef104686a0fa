//! TwiML verbs in a call, as the phone experiences them.

use clinspark_twilio::sandbox::{AnswerBehavior, PhoneCall, Sandbox, SandboxErrorKind};
use clinspark_twilio::types::{CallDirection, CallStatus};

use crate::app::{Api, App, CLINIC, VOLUNTEER, codes, e164};

/// Calls an application that responds with `twiml` to the first request.
async fn in_call(twiml: &str) -> (Sandbox, App, PhoneCall) {
    let sandbox = Sandbox::start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let (app, api) = (App::start(&sandbox).await, Api::new(&sandbox));
    app.twiml("/voice", twiml)
        .reply("/tone.mp3", 200, "audio/mpeg", "ID3");
    let url = app.url("/voice");
    api.post(
        &format!("IncomingPhoneNumbers/{number}.json"),
        &[("VoiceUrl", &url)],
    )
    .await;
    let call = sandbox
        .phone(e164(VOLUNTEER))
        .call(e164(CLINIC))
        .await
        .unwrap();
    (sandbox, app, call)
}

const MENU: &str = "<Gather numDigits=\"1\" action=\"/pressed\"><Say>Press one</Say>\
                    <Play>/tone.mp3</Play></Gather><Say>We did not hear you</Say>";

#[tokio::test]
async fn a_gather_plays_its_prompt_and_sends_the_key_to_its_action() {
    let (sandbox, app, call) = in_call(MENU).await;
    app.twiml("/pressed", "<Say>Thank you</Say>");
    assert_eq!(call.hear().await.unwrap(), "Press one");
    assert_eq!(call.hear().await.unwrap(), app.url("/tone.mp3"));
    assert_eq!(call.status(), CallStatus::InProgress);
    call.press("1").await.unwrap();
    let seen = &app.seen("/pressed")[0];
    assert_eq!(
        (seen.field("Digits"), seen.field("FinishedOnKey")),
        ("1", "")
    );
    assert_eq!(
        (seen.field("CallSid"), seen.field("CallStatus")),
        (call.sid().as_str(), "in-progress")
    );
    assert_eq!(call.hear().await.unwrap(), "Thank you");
    assert_eq!(
        call.hear().await.unwrap_err().kind(),
        SandboxErrorKind::CallEnded
    );
    assert_eq!((app.forged(), codes(&sandbox)), (0, vec![]));
}

#[tokio::test]
async fn a_gather_without_input_continues_with_the_next_verb() {
    let (_sandbox, app, call) = in_call(MENU).await;
    call.hear().await.unwrap();
    call.hear().await.unwrap();
    call.stay_silent().await.unwrap();
    assert_eq!(call.hear().await.unwrap(), "We did not hear you");
    assert_eq!(call.wait_ended().await.unwrap(), CallStatus::Completed);
    assert!(app.seen("/pressed").is_empty());
}

#[tokio::test]
async fn attributes_of_a_gather_end_its_input() {
    // Attributes; what is pressed; `Digits` and `FinishedOnKey` at the action.
    type Case = (
        &'static str,
        &'static [&'static str],
        Option<(&'static str, &'static str)>,
    );
    let cases: &[Case] = &[
        ("", &["12", "3#"], Some(("123", "#"))),
        ("", &["12"], Some(("12", ""))),
        ("", &["#"], None),
        ("finishOnKey=\"*\"", &["1#2*"], Some(("1#2", "*"))),
        (
            "finishOnKey=\"\" numDigits=\"3\"",
            &["1#", "2"],
            Some(("1#2", "")),
        ),
        ("numDigits=\"4\"", &["12"], Some(("12", ""))),
        ("actionOnEmptyResult=\"true\"", &[], Some(("", ""))),
    ];
    for (attributes, pressed, gathered) in cases {
        let (_sandbox, app, call) = in_call(&format!(
            "<Gather action=\"/pressed\" {attributes}/><Hangup/>"
        ))
        .await;
        for keys in *pressed {
            call.press(keys).await.unwrap();
        }
        if call.status() == CallStatus::InProgress {
            // The timeout of the <Gather> passes.
            call.stay_silent().await.unwrap();
        }
        let seen = app.seen("/pressed");
        let seen = seen
            .first()
            .map(|seen| (seen.field("Digits"), seen.field("FinishedOnKey")));
        assert_eq!(seen, *gathered, "{attributes} {pressed:?}");
    }
}

#[tokio::test]
async fn keys_pressed_ahead_go_to_the_next_gather() {
    let (_sandbox, app, call) = in_call("<Gather numDigits=\"1\" action=\"/first\"/>").await;
    app.twiml("/first", "<Gather numDigits=\"1\" action=\"/second\"/>");
    call.press("12").await.unwrap();
    assert_eq!(app.seen("/first")[0].field("Digits"), "1");
    assert_eq!(app.seen("/second")[0].field("Digits"), "2");
}

#[tokio::test]
async fn a_gather_accepts_speech_only_if_its_input_is_speech() {
    let (_sandbox, app, call) = in_call("<Gather input=\"speech\" action=\"/said\"/>").await;
    assert_eq!(
        call.press("1").await.unwrap_err().kind(),
        SandboxErrorKind::UnexpectedInput
    );
    assert_eq!(
        call.press("x").await.unwrap_err().kind(),
        SandboxErrorKind::UnexpectedInput
    );
    call.say("yes please").await.unwrap();
    let seen = &app.seen("/said")[0];
    assert_eq!(seen.field("SpeechResult"), "yes please");
    assert!(seen.has("Confidence") && !seen.has("Digits"));
    assert_eq!(seen.field("Language"), "en-US");
}

#[tokio::test]
async fn a_gather_without_an_action_requests_its_own_document() {
    let (_sandbox, app, call) = in_call("<Gather numDigits=\"1\"/>").await;
    app.twiml("/voice", "<Say>again</Say>");
    // The first press gets the first document again: a reply that is alone in its queue stays.
    call.press("1").await.unwrap();
    assert_eq!(app.seen("/voice")[1].field("Digits"), "1");
    call.press("2").await.unwrap();
    assert_eq!(app.seen("/voice")[2].field("Digits"), "2");
    assert_eq!(call.hear().await.unwrap(), "again");
}

#[tokio::test]
async fn a_hang_up_during_a_gather_ends_the_call() {
    let (sandbox, app, call) = in_call(MENU).await;
    assert_eq!(call.hang_up().await.unwrap(), CallStatus::Completed);
    assert!(app.seen("/pressed").is_empty());
    assert_eq!(sandbox.calls()[0].status, CallStatus::Completed);
}

#[tokio::test]
async fn redirects_are_followed() {
    let (sandbox, app, call) =
        in_call("<Gather/><Say>one</Say><Redirect>next?a=1</Redirect><Say>never</Say>").await;
    app.twiml("/next", "<Say>two</Say>");
    call.stay_silent().await.unwrap();
    assert_eq!(call.hear().await.unwrap(), "one");
    assert_eq!(call.hear().await.unwrap(), "two");
    assert_eq!(call.wait_ended().await.unwrap(), CallStatus::Completed);
    assert_eq!(app.seen("/next").len(), 1);
    assert!(codes(&sandbox).is_empty());
}

#[tokio::test]
async fn pauses_add_to_the_duration_without_waiting() {
    let (sandbox, _, call) = in_call(
        "<Pause length=\"30\"/><Say>a</Say><Pause/><Gather timeout=\"40\"/><Hangup/>\
         <Say>never</Say>",
    )
    .await;
    call.stay_silent().await.unwrap();
    assert_eq!(call.hear().await.unwrap(), "a");
    assert_eq!(call.wait_ended().await.unwrap(), CallStatus::Completed);
    assert_eq!(sandbox.calls()[0].duration, Some(30 + 1 + 1 + 40));
}

#[tokio::test]
async fn speech_is_recorded() {
    let record = "<Record action=\"/recorded\" finishOnKey=\"#\"/><Say>never</Say>";
    let (sandbox, app, call) = in_call(record).await;
    assert_eq!(call.hear().await.unwrap(), "beep");
    call.say("I feel quite well today").await.unwrap();
    call.press("#").await.unwrap();
    let seen = &app.seen("/recorded")[0];
    assert_eq!(
        (seen.field("RecordingDuration"), seen.field("Digits")),
        ("3", "#")
    );
    let sid = seen.field("RecordingSid");
    let url = seen.field("RecordingUrl");
    assert!(
        url.starts_with(sandbox.base_url()) && url.ends_with(sid),
        "{url}"
    );

    // A hang-up ends the recording. The action is requested, but its response has no effect.
    let (_sandbox, app, call) = in_call(record).await;
    app.twiml("/recorded", "<Say>never</Say>");
    assert_eq!(call.hear().await.unwrap(), "beep");
    call.say("Goodbye").await.unwrap();
    assert_eq!(call.hang_up().await.unwrap(), CallStatus::Completed);
    let seen = &app.seen("/recorded")[0];
    assert_eq!(
        (seen.field("Digits"), seen.field("CallStatus")),
        ("hangup", "completed")
    );
    assert_eq!(
        call.hear().await.unwrap_err().kind(),
        SandboxErrorKind::CallEnded
    );
}

const NURSE: &str = "+14155550199";
const DIAL: &str = "<Dial action=\"/dialled\" callerId=\"+14155550100\"><Number \
                    statusCallback=\"/leg\" statusCallbackEvent=\"initiated ringing answered \
                    completed\">+14155550199</Number></Dial>";

#[tokio::test]
async fn a_dial_connects_two_phones() {
    let sandbox = Sandbox::start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let (app, api) = (App::start(&sandbox).await, Api::new(&sandbox));
    app.twiml("/voice", DIAL)
        .twiml("/dialled", "<Say>Goodbye</Say>");
    let url = app.url("/voice");
    api.post(
        &format!("IncomingPhoneNumbers/{number}.json"),
        &[("VoiceUrl", &url)],
    )
    .await;
    let nurse = sandbox.phone(e164(NURSE));
    nurse.set_answer_behavior(AnswerBehavior::Ring);

    let volunteer = sandbox
        .phone(e164(VOLUNTEER))
        .call(e164(CLINIC))
        .await
        .unwrap();
    let leg = nurse.answer().await.unwrap();
    volunteer.say("Hello, is it tomorrow?").await.unwrap();
    assert_eq!(leg.hear().await.unwrap(), "Hello, is it tomorrow?");
    leg.say("Yes, at nine").await.unwrap();
    assert_eq!(volunteer.hear().await.unwrap(), "Yes, at nine");
    assert_eq!(leg.hang_up().await.unwrap(), CallStatus::Completed);
    assert_eq!(volunteer.hear().await.unwrap(), "Goodbye");
    assert_eq!(volunteer.wait_ended().await.unwrap(), CallStatus::Completed);

    let seen = &app.seen("/dialled")[0];
    assert_eq!(
        (seen.field("DialCallStatus"), seen.field("DialCallDuration")),
        ("completed", "1")
    );
    assert_eq!(seen.field("DialCallSid"), leg.sid().as_str());
    assert_eq!(seen.field("CallSid"), volunteer.sid().as_str());
    let steps = app.seen("/leg");
    let statuses: Vec<_> = steps.iter().map(|seen| seen.field("CallStatus")).collect();
    assert_eq!(
        statuses,
        ["initiated", "ringing", "in-progress", "completed"]
    );
    assert!(
        steps
            .iter()
            .all(|seen| seen.field("ParentCallSid") == volunteer.sid().as_str())
    );
    let stored = &sandbox.calls()[1];
    assert_eq!(stored.from, e164(CLINIC));
    assert_eq!(stored.to, e164(NURSE));
    assert_eq!(stored.direction, CallDirection::OutboundDial);
    assert_eq!(codes(&sandbox), [] as [u32; 0]);
}

#[tokio::test]
async fn the_first_phone_that_answers_gets_the_call() {
    let sandbox = Sandbox::start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let app = App::start(&sandbox).await;
    let dial = "<Dial hangupOnStar=\"true\"><Number>+14155550198</Number>\
                <Number>+14155550199</Number></Dial><Say>Goodbye</Say>";
    app.twiml("/voice", dial);
    sandbox
        .configure_number(number, &[("VoiceUrl", &app.url("/voice"))])
        .unwrap();
    let nurse = sandbox.phone(e164(NURSE));
    let volunteer = sandbox
        .phone(e164(VOLUNTEER))
        .call(e164(CLINIC))
        .await
        .unwrap();
    let leg = nurse.answer().await.unwrap();
    // Both phones hear each other's keys.
    volunteer.press("1").await.unwrap();
    assert_eq!(leg.hear().await.unwrap(), "keys 1");
    volunteer.press("*").await.unwrap();
    assert_eq!(leg.wait_ended().await.unwrap(), CallStatus::Completed);
    assert_eq!(volunteer.hear().await.unwrap(), "Goodbye");
    let statuses: Vec<_> = sandbox
        .calls()
        .into_iter()
        .map(|call| call.status)
        .collect();
    assert_eq!(statuses[1..], [CallStatus::NoAnswer, CallStatus::Completed]);
    // Without a `callerId`, the nurse's phone shows the volunteer's number.
    assert_eq!(sandbox.calls()[2].from, e164(VOLUNTEER));
}

#[tokio::test]
async fn a_dial_without_an_answer_reports_its_status() {
    for (behavior, status) in [
        (None, "no-answer"),
        (Some(AnswerBehavior::NoAnswer), "no-answer"),
        (Some(AnswerBehavior::Busy), "busy"),
    ] {
        let sandbox = Sandbox::start().await.unwrap();
        let number = sandbox.add_number(e164(CLINIC));
        let (app, api) = (App::start(&sandbox).await, Api::new(&sandbox));
        app.twiml("/voice", DIAL);
        let url = app.url("/voice");
        api.post(
            &format!("IncomingPhoneNumbers/{number}.json"),
            &[("VoiceUrl", &url)],
        )
        .await;
        if let Some(behavior) = behavior {
            sandbox.phone(e164(NURSE)).set_answer_behavior(behavior);
        }
        let call = sandbox
            .phone(e164(VOLUNTEER))
            .call(e164(CLINIC))
            .await
            .unwrap();
        assert_eq!(call.wait_ended().await.unwrap(), CallStatus::Completed);
        let seen = &app.seen("/dialled")[0];
        assert_eq!(seen.field("DialCallStatus"), status);
        assert!(!seen.has("DialCallDuration"));
    }
    let (sandbox, app, call) = in_call("<Dial action=\"/dialled\">555</Dial>").await;
    call.wait_ended().await.unwrap();
    assert_eq!(app.seen("/dialled")[0].field("DialCallStatus"), "failed");
    // The action responds with an empty body, which is alert 11770.
    assert_eq!(codes(&sandbox), [13223, 11770]);
    let dial = "<Dial callerId=\"+14155550177\">+14155550199</Dial><Say>next</Say>";
    let (sandbox, _, call) = in_call(dial).await;
    assert_eq!(call.hear().await.unwrap(), "next");
    assert_eq!(codes(&sandbox), [13214]);
}

#[tokio::test]
async fn the_caller_hangs_up_while_another_phone_rings() {
    let sandbox = Sandbox::start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let (app, api) = (App::start(&sandbox).await, Api::new(&sandbox));
    app.twiml("/voice", DIAL);
    let url = app.url("/voice");
    api.post(
        &format!("IncomingPhoneNumbers/{number}.json"),
        &[("VoiceUrl", &url)],
    )
    .await;
    sandbox
        .phone(e164(NURSE))
        .set_answer_behavior(AnswerBehavior::Ring);
    let call = sandbox
        .phone(e164(VOLUNTEER))
        .call(e164(CLINIC))
        .await
        .unwrap();
    assert_eq!(call.hang_up().await.unwrap(), CallStatus::Completed);
    assert_eq!(sandbox.calls()[1].status, CallStatus::Canceled);
    assert!(app.seen("/dialled").is_empty());
}

#[tokio::test]
async fn an_unsupported_verb_is_skipped_with_an_alert() {
    let twiml = "<Queue>support</Queue><Gather><Hangup/><Say>next</Say></Gather>";
    let (sandbox, _, call) = in_call(twiml).await;
    assert_eq!(call.hear().await.unwrap(), "next");
    // The nested verb is found when the document is checked, before its first verb runs.
    assert_eq!(codes(&sandbox), [13320, 12200]);
}
