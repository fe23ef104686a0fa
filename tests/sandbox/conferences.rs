//! `<Dial><Conference>`: who hears what, what ends a conference, and what its callback learns.

use std::time::Duration;

use clinspark_twilio::sandbox::{PhoneCall, Sandbox, TranscriptAction, TranscriptParty};
use clinspark_twilio::types::CallStatus;
use clinspark_twilio::webhook::{
    ConferenceEndReason, ConferenceStatusCallback, ConferenceStatusEvent, DialCallStatus,
    DialResult, ParticipantLeaveReason, Payload, PublicOrigin, SIGNATURE_HEADER, Validator,
};
use serde_json::Value;

use crate::app::{Api, App, CLINIC, ReceivedWebhook, VOLUNTEER, codes, e164};
use crate::dial::{DOCTOR, NURSE, clinic};

/// Parses a request to the application as the crate's type for it.
pub(crate) fn parsed<P: Payload>(sandbox: &Sandbox, seen: &ReceivedWebhook) -> P {
    let origin = PublicOrigin::parse("https://clinic.example").unwrap();
    let validator = Validator::new(sandbox.auth_token().clone(), origin);
    let mut request = http::Request::post("/webhook")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(serde_urlencoded::to_string(&seen.fields).unwrap())
        .unwrap();
    let signature = validator.sign(&request);
    let headers = request.headers_mut();
    headers.insert(SIGNATURE_HEADER, signature.parse().unwrap());
    validator.verify(request).unwrap().parse().unwrap()
}

pub(crate) async fn call_from(sandbox: &Sandbox, number: &str) -> PhoneCall {
    let phone = sandbox.phone(e164(number));
    let call = phone.call(e164(CLINIC)).await.unwrap();
    sandbox.wait_idle().await.unwrap();
    call
}

/// Runs tasks at the same time. Returns their results in order.
pub(crate) async fn at_once<F>(tasks: impl Iterator<Item = F>) -> Vec<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let handles: Vec<_> = tasks.map(tokio::spawn).collect();
    let mut results = Vec::new();
    for handle in handles {
        results.push(handle.await.unwrap());
    }
    results
}

/// Returns the events that the callback received, in order of their sequence numbers.
fn events(sandbox: &Sandbox, app: &App) -> Vec<ConferenceStatusCallback> {
    let seen = app.seen("/events");
    let events: Vec<ConferenceStatusCallback> =
        seen.iter().map(|seen| parsed(sandbox, seen)).collect();
    for (event, number) in events.iter().zip(1..) {
        assert_eq!(event.sequence_number, Some(number));
        assert!(event.timestamp.is_some());
    }
    events
}

fn names(events: &[ConferenceStatusCallback]) -> Vec<&str> {
    events.iter().map(|event| event.event.as_str()).collect()
}

/// Returns the only conference of the account.
pub(crate) async fn conference(api: &Api) -> Value {
    let (_, list) = api.get("Conferences.json").await;
    let conferences = list["conferences"].as_array().unwrap();
    assert_eq!(conferences.len(), 1, "{list}");
    conferences[0].clone()
}

const VISIT: &str = "<Dial action=\"/left\"><Conference waitUrl=\"/music\" beep=\"false\" \
                     statusCallback=\"/events\" statusCallbackEvent=\"start end join leave\">visit\
                     </Conference></Dial>";

#[tokio::test]
async fn participants_hear_each_other_once_two_have_joined() {
    let (sandbox, app, api) = clinic(VISIT).await;
    app.twiml("/music", "<Say>Please wait</Say><Play>/song.mp3</Play>");
    app.reply("/song.mp3", 200, "audio/mpeg", "sound");
    app.twiml("/left", "<Say>Goodbye</Say>");
    let first = call_from(&sandbox, VOLUNTEER).await;
    assert_eq!(first.hear().await.unwrap(), "Please wait");
    assert_eq!(first.hear().await.unwrap(), app.url("/song.mp3"));
    assert_eq!(conference(&api).await["status"], "init");
    first.say("Hello?").await.unwrap();

    let second = call_from(&sandbox, NURSE).await;
    assert_eq!(conference(&api).await["status"], "in-progress");
    first.say("Good morning").await.unwrap();
    assert_eq!(second.hear().await.unwrap(), "Good morning");
    let entry = sandbox.transcript(second.sid()).pop().unwrap();
    assert_eq!(
        (entry.party, entry.action, entry.verb.as_deref()),
        (
            TranscriptParty::OtherPerson,
            TranscriptAction::Speech,
            Some("Dial")
        )
    );
    second.press("5").await.unwrap();
    assert_eq!(first.hear().await.unwrap(), "keys 5");
    let third = call_from(&sandbox, DOCTOR).await;
    second.say("Here is the doctor").await.unwrap();
    assert_eq!(first.hear().await.unwrap(), "Here is the doctor");
    assert_eq!(third.hear().await.unwrap(), "Here is the doctor");

    third.hang_up().await.unwrap();
    second.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(conference(&api).await["status"], "in-progress");
    first.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let ended = conference(&api).await;
    assert_eq!(ended["status"], "completed");
    assert_eq!(ended["reason_conference_ended"], "last-participant-left");
    assert_eq!(ended["call_sid_ending_conference"], first.sid().as_str());

    let events = events(&sandbox, &app);
    assert_eq!(
        names(&events),
        [
            "participant-join",
            "participant-join",
            "conference-start",
            "participant-join",
            "participant-leave",
            "participant-leave",
            "participant-leave",
            "conference-end"
        ]
    );
    let sid = ended["sid"].as_str().unwrap();
    assert!(
        events
            .iter()
            .all(|event| event.conference_sid.as_str() == sid)
    );
    assert!(
        events
            .iter()
            .all(|e| e.friendly_name.as_ref().unwrap().expose() == "visit")
    );
    let join = &events[0];
    assert_eq!(join.call_sid, Some(first.sid()));
    assert_eq!(
        (join.muted, join.hold, join.coaching),
        (Some(false), Some(false), Some(false))
    );
    assert_eq!(join.start_conference_on_enter, Some(true));
    assert_eq!(join.end_conference_on_exit, Some(false));
    assert_eq!(events[2].call_sid, None);
    let leave = &events[4];
    assert_eq!(leave.call_sid, Some(third.sid()));
    assert_eq!(leave.participant_call_status, Some(CallStatus::Completed));
    assert_eq!(
        leave.reason_participant_left,
        Some(ParticipantLeaveReason::HungUp)
    );
    let end = &events[7];
    assert_eq!(end.call_sid_ending_conference, Some(first.sid()));
    assert_eq!(
        end.reason_conference_ended,
        Some(ConferenceEndReason::LastParticipantLeft)
    );
    assert!(app.seen("/left").is_empty());
    assert_eq!((app.forged(), codes(&sandbox)), (0, vec![]));
    // A later caller starts a new conference of this name.
    call_from(&sandbox, VOLUNTEER).await;
    let (_, list) = api.get("Conferences.json?FriendlyName=visit").await;
    assert_eq!(list["conferences"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_conference_ends_with_its_moderator_and_the_calls_go_on() {
    let (sandbox, app, api) = clinic("").await;
    let attributes =
        "statusCallback=\"/events\" statusCallbackEvent=\"start leave end\" beep=\"false\"";
    let dial = |more: &str| {
        format!("<Dial action=\"/left\"><Conference {attributes} {more}>visit</Conference></Dial>")
    };
    app.twiml("/patient", &dial("startConferenceOnEnter=\"false\""));
    app.twiml(
        "/doctor",
        &dial("endConferenceOnExit=\"true\" participantLabel=\"doctor\""),
    );
    app.twiml("/left", "<Say>Goodbye</Say>");
    let number = sandbox.add_number(e164("+14155550111"));
    let url = app.url("/patient");
    sandbox
        .configure_number(number, &[("VoiceUrl", &url)])
        .unwrap();
    let patients = [VOLUNTEER, NURSE].map(|number| sandbox.phone(e164(number)));
    let first = patients[0].call(e164("+14155550111")).await.unwrap();
    let second = patients[1].call(e164("+14155550111")).await.unwrap();
    sandbox.wait_idle().await.unwrap();
    // Two who do not start the conference wait on.
    assert_eq!(conference(&api).await["status"], "init");
    first.say("Anyone?").await.unwrap();

    let clinic = sandbox
        .numbers()
        .iter()
        .find(|n| n.number == e164(CLINIC))
        .unwrap()
        .sid;
    sandbox
        .configure_number(clinic, &[("VoiceUrl", &app.url("/doctor"))])
        .unwrap();
    let doctor = call_from(&sandbox, DOCTOR).await;
    first.say("Hello").await.unwrap();
    assert_eq!(second.hear().await.unwrap(), "Hello");
    assert_eq!(doctor.hear().await.unwrap(), "Hello");
    doctor.hang_up().await.unwrap();
    for patient in [&first, &second] {
        assert_eq!(patient.hear().await.unwrap(), "Goodbye");
        assert_eq!(patient.wait_ended().await.unwrap(), CallStatus::Completed);
    }
    sandbox.wait_idle().await.unwrap();

    let results = app.seen("/left");
    assert_eq!(results.len(), 2);
    let result: DialResult = parsed(&sandbox, &results[0]);
    assert_eq!(result.status, DialCallStatus::Answered);
    assert_eq!(
        (result.dial_call_sid, result.dial_call_duration),
        (None, None)
    );
    let events = events(&sandbox, &app);
    assert_eq!(
        names(&events),
        [
            "conference-start",
            "participant-leave",
            "participant-leave",
            "participant-leave",
            "conference-end"
        ]
    );
    assert_eq!(
        events[1].participant_label.as_ref().unwrap().expose(),
        "doctor"
    );
    for event in &events[2..4] {
        let reason = event.reason_participant_left.as_ref();
        assert_eq!(reason, Some(&ParticipantLeaveReason::ModeratorEnded));
        assert_eq!(event.participant_call_status, Some(CallStatus::InProgress));
    }
    let end = &events[4];
    assert_eq!(
        end.reason_conference_ended,
        Some(ConferenceEndReason::EndingParticipantLeft)
    );
    assert_eq!(
        end.participant_label_ending_conference
            .as_ref()
            .unwrap()
            .expose(),
        "doctor"
    );
    assert_eq!(codes(&sandbox), Vec::<u32>::new());
}

#[tokio::test]
async fn a_beep_tells_who_comes_and_goes() {
    for (beep, heard) in [
        ("true", vec!["beep", "beep"]),
        ("onEnter", vec!["beep"]),
        ("onExit", vec!["beep"]),
        ("false", vec![]),
    ] {
        let twiml = format!("<Dial><Conference beep=\"{beep}\">visit</Conference></Dial>");
        let (sandbox, _, _) = clinic(&twiml).await;
        let first = call_from(&sandbox, VOLUNTEER).await;
        let second = call_from(&sandbox, NURSE).await;
        second.hang_up().await.unwrap();
        sandbox.wait_idle().await.unwrap();
        first.hang_up().await.unwrap();
        for expected in heard {
            assert_eq!(first.hear().await.unwrap(), expected, "{beep}");
        }
        assert!(first.hear().await.is_err(), "{beep}");
    }
}

#[tokio::test]
async fn a_muted_participant_hears_and_is_not_heard() {
    let (sandbox, app, _) =
        clinic("<Dial><Conference muted=\"true\" beep=\"false\">visit</Conference></Dial>").await;
    app.twiml(
        "/voice",
        "<Dial><Conference beep=\"false\">visit</Conference></Dial>",
    );
    let silent = call_from(&sandbox, VOLUNTEER).await;
    let speaker = call_from(&sandbox, NURSE).await;
    let third = call_from(&sandbox, DOCTOR).await;
    silent.say("Can you hear me?").await.unwrap();
    speaker.say("No").await.unwrap();
    assert_eq!(silent.hear().await.unwrap(), "No");
    assert_eq!(third.hear().await.unwrap(), "No");
}

#[tokio::test]
async fn only_the_coached_participant_hears_the_coach() {
    let visit = "<Dial><Conference beep=\"false\">visit</Conference></Dial>";
    let (sandbox, app, api) = clinic(visit).await;
    let patient = call_from(&sandbox, VOLUNTEER).await;
    let nurse = call_from(&sandbox, NURSE).await;
    let coach = format!(
        "<Dial action=\"/left\"><Conference beep=\"false\" coach=\"{}\">visit</Conference></Dial>",
        nurse.sid()
    );
    app.twiml("/coach", &coach);
    let second = sandbox.add_number(e164("+14155550111"));
    sandbox
        .configure_number(second, &[("VoiceUrl", &app.url("/coach"))])
        .unwrap();
    let doctor = sandbox
        .phone(e164(DOCTOR))
        .call(e164("+14155550111"))
        .await
        .unwrap();
    sandbox.wait_idle().await.unwrap();
    doctor.say("Ask about the fever").await.unwrap();
    assert_eq!(nurse.hear().await.unwrap(), "Ask about the fever");
    nurse.say("Do you have a fever?").await.unwrap();
    assert_eq!(patient.hear().await.unwrap(), "Do you have a fever?");
    assert_eq!(doctor.hear().await.unwrap(), "Do you have a fever?");
    let (_, list) = api
        .get("Conferences/visit/Participants.json?Coaching=true")
        .await;
    assert_eq!(
        list["participants"][0]["call_sid_to_coach"],
        nurse.sid().as_str()
    );
    assert_eq!(list["participants"].as_array().unwrap().len(), 1);

    // A coach of someone who is not there goes on with the action.
    nurse.hang_up().await.unwrap();
    doctor.hang_up().await.unwrap();
    app.twiml("/left", "<Say>No one to coach</Say>");
    let late = sandbox
        .phone(e164(DOCTOR))
        .call(e164("+14155550111"))
        .await
        .unwrap();
    assert_eq!(late.hear().await.unwrap(), "No one to coach");
    assert_eq!(codes(&sandbox), [13240]);
}

#[tokio::test]
async fn a_full_conference_and_a_label_in_use_refuse_a_call() {
    let small = "<Dial action=\"/left\"><Conference maxParticipants=\"2\" beep=\"false\">visit\
                 </Conference></Dial><Say>next</Say>";
    let (sandbox, app, _) = clinic(small).await;
    app.twiml("/left", "<Say>Full</Say>");
    for number in [VOLUNTEER, NURSE] {
        call_from(&sandbox, number).await;
    }
    let third = call_from(&sandbox, DOCTOR).await;
    assert_eq!(third.hear().await.unwrap(), "Full");
    assert_eq!(app.seen("/left")[0].field("DialCallStatus"), "failed");
    assert_eq!(codes(&sandbox), [16020]);

    let labelled = "<Dial action=\"/left\"><Conference participantLabel=\"nurse\">visit</Conference>\
                    </Dial><Say>next</Say>";
    let (sandbox, app, _) = clinic(labelled).await;
    call_from(&sandbox, VOLUNTEER).await;
    let second = call_from(&sandbox, NURSE).await;
    assert_eq!(second.hear().await.unwrap(), "next");
    assert!(app.seen("/left").is_empty());
    assert_eq!(codes(&sandbox), [16025]);
}

#[tokio::test]
async fn a_star_and_the_time_limit_of_the_dial_end_the_participation() {
    let visit = "<Dial action=\"/left\" hangupOnStar=\"true\" timeLimit=\"60\"><Conference \
                 beep=\"false\">visit</Conference></Dial>";
    let (sandbox, app, _) = clinic(visit).await;
    app.twiml("/left", "<Say>Goodbye</Say>");
    let first = call_from(&sandbox, VOLUNTEER).await;
    let second = call_from(&sandbox, NURSE).await;
    first.press("*").await.unwrap();
    assert_eq!(first.hear().await.unwrap(), "Goodbye");
    sandbox.advance(Duration::from_secs(61)).await.unwrap();
    assert_eq!(second.hear().await.unwrap(), "Goodbye");
    let results = app.seen("/left");
    assert!(
        results
            .iter()
            .all(|seen| seen.field("DialCallStatus") == "answered")
    );
    assert_eq!(results.len(), 2);
}

#[tokio::test]
async fn a_redirected_call_leaves_its_conference() {
    let (sandbox, app, api) = clinic(VISIT).await;
    app.twiml("/left", "<Say>dropped</Say>");
    let first = call_from(&sandbox, VOLUNTEER).await;
    let second = call_from(&sandbox, NURSE).await;
    let twiml = [("Twiml", "<Response><Say>Moved</Say></Response>")];
    let (status, _) = api
        .post(&format!("Calls/{}.json", first.sid()), &twiml)
        .await;
    assert_eq!(status, 200);
    assert_eq!(first.hear().await.unwrap(), "Moved");
    sandbox.wait_idle().await.unwrap();
    // The action is requested first, and its TwiML is dropped.
    assert_eq!(app.seen("/left")[0].field("DialCallStatus"), "answered");
    let events = events(&sandbox, &app);
    let leave = events.last().unwrap();
    assert_eq!(leave.event, ConferenceStatusEvent::ParticipantLeave);
    let reason = leave.reason_participant_left.as_ref();
    assert_eq!(reason, Some(&ParticipantLeaveReason::UpdatedViaApi));
    second.say("Still here").await.unwrap();
}

#[tokio::test]
async fn a_conference_that_cannot_be_joined_is_an_alert() {
    for (twiml, code) in [
        (
            "<Conference>visit</Conference><Number>+14155550199</Number>",
            13000,
        ),
        ("<Conference> </Conference>", 13237),
        (
            "<Conference participantLabel=\"a/b\">visit</Conference>",
            16023,
        ),
    ] {
        let (sandbox, _, _) = clinic(&format!("<Dial>{twiml}</Dial>")).await;
        call_from(&sandbox, VOLUNTEER).await;
        assert!(
            codes(&sandbox).contains(&code),
            "{twiml}: {:?}",
            codes(&sandbox)
        );
    }
}

#[tokio::test]
async fn an_error_of_the_callback_is_an_alert_of_conferences() {
    let (sandbox, app, _) = clinic(VISIT).await;
    app.reply("/events", 500, "text/plain", "broken");
    call_from(&sandbox, VOLUNTEER).await;
    assert_eq!(codes(&sandbox), [16011]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_join_speak_and_leave_at_the_same_time() {
    for _ in 0..10 {
        let (sandbox, app, api) = clinic(VISIT).await;
        app.twiml("/music", "<Say>Please wait</Say><Redirect/>");
        let phones: Vec<_> = (0..6)
            .map(|n| sandbox.phone(e164(&format!("+1415555017{n}"))))
            .collect();
        let calls = phones
            .into_iter()
            .map(|phone| async move { phone.call(e164(CLINIC)).await.unwrap() });
        let calls: Vec<PhoneCall> = at_once(calls).await;
        sandbox.wait_idle().await.unwrap();
        assert_eq!(conference(&api).await["status"], "in-progress");
        let (_, list) = api.get("Conferences/visit/Participants.json").await;
        assert_eq!(list["participants"].as_array().unwrap().len(), 6);

        let spoken = calls.iter().cloned();
        at_once(spoken.map(|call| async move { call.say("Good morning").await.unwrap() })).await;
        let ended = calls.iter().cloned();
        let ended = ended.map(|call| async move { call.hang_up().await.unwrap() });
        let statuses = at_once(ended).await;
        assert!(
            statuses
                .iter()
                .all(|status| *status == CallStatus::Completed)
        );
        sandbox.wait_idle().await.unwrap();
        assert_eq!(conference(&api).await["status"], "completed");
        for call in &calls {
            let mut heard = 0;
            while let Ok(audio) = call.hear().await {
                heard += usize::from(audio == "Good morning");
            }
            assert_eq!(heard, 5);
        }
        let seen = app.seen("/events");
        let count = |name: &str| {
            let named = seen
                .iter()
                .filter(|seen| seen.field("StatusCallbackEvent") == name);
            named.count()
        };
        assert_eq!(count("participant-join"), 6);
        assert_eq!(count("conference-start"), 1);
        assert_eq!(count("participant-leave"), 6);
        assert_eq!(count("conference-end"), 1);
        assert_eq!(codes(&sandbox), Vec::<u32>::new());
    }
}
