//! Recordings of conferences, of their participants, and of calls taken out of a queue.

use std::time::Duration;

use clinspark_twilio::sandbox::{AnswerBehavior, Sandbox};
use clinspark_twilio::types::{
    AnsweredBy, CallStatus, RecordingSource, RecordingStatus, RecordingTrack,
};
use clinspark_twilio::webhook::{RecordingStatusCallback, WebhookEvent};
use serde_json::Value;

use crate::app::{Api, App, CLINIC, VOLUNTEER, codes, e164};
use crate::conferences::call_from;
use crate::dial::{DOCTOR, NURSE, clinic};

const VISIT: &str = "<Dial><Conference beep=\"false\" record=\"record-from-start\" \
                     recordingStatusCallback=\"/recorded\" \
                     recordingStatusCallbackEvent=\"in-progress completed\" MORE>visit</Conference>\
                     </Dial>";

async fn advance(sandbox: &Sandbox, seconds: u64) {
    sandbox.advance(Duration::from_secs(seconds)).await.unwrap();
}

/// Returns the path of the recordings of the only conference.
async fn recordings(api: &Api) -> String {
    let (_, list) = api.get("Conferences.json").await;
    let sid = list["conferences"][0]["sid"].as_str().unwrap();
    format!("Conferences/{sid}/Recordings")
}

fn seen(app: &App) -> Vec<RecordingStatusCallback> {
    let seen = app.seen("/recorded").into_iter();
    seen.map(|seen| seen.parse()).collect()
}

#[tokio::test]
async fn a_conference_is_recorded_from_its_start_to_its_end() {
    let (sandbox, app, api) = clinic(&VISIT.replace("MORE", "trim=\"do-not-trim\"")).await;
    let first = call_from(&sandbox, VOLUNTEER).await;
    // Music is not recorded.
    advance(&sandbox, 40).await;
    assert_eq!(sandbox.recordings(), []);
    let second = call_from(&sandbox, NURSE).await;
    let started = sandbox.recordings().pop().unwrap();
    assert_eq!(started.status, RecordingStatus::InProgress);
    advance(&sandbox, 75).await;
    second.hang_up().await.unwrap();
    advance(&sandbox, 5).await;
    first.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();

    let recording = sandbox.recordings().pop().unwrap();
    assert_eq!(recording.source, RecordingSource::Conference);
    assert_eq!(
        (recording.call_sid, recording.duration, recording.channels),
        (None, Some(80), 1)
    );
    assert_eq!(recording.conference_sid, started.conference_sid);
    let events = seen(&app);
    let statuses: Vec<_> = events.iter().map(|event| &event.status).collect();
    assert_eq!(
        statuses,
        [&RecordingStatus::InProgress, &RecordingStatus::Completed]
    );
    assert_eq!(events[1].conference_sid, recording.conference_sid);
    assert_eq!(events[1].call_sid, None);
    assert_eq!(events[1].recording_duration, Some(Duration::from_secs(80)));
    let raw = &app.seen("/recorded")[1];
    let names: Vec<&str> = raw.fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "AccountSid",
            "ConferenceSid",
            "RecordingSid",
            "RecordingUrl",
            "RecordingStatus",
            "RecordingDuration",
            "RecordingChannels",
            "RecordingStartTime",
            "RecordingSource",
            "ErrorCode"
        ]
    );
    assert!(matches!(
        raw.parse::<WebhookEvent>(),
        WebhookEvent::RecordingStatusCallback(_)
    ));

    let path = recordings(&api).await;
    let (_, list) = api.get(&format!("{path}.json")).await;
    let listed = &list["recordings"][0];
    assert_eq!(listed["sid"], recording.sid.as_str());
    assert_eq!(listed["duration"], "80");
    let one = format!("{path}/{}.json", recording.sid);
    assert_eq!(&api.get(&one).await.1, listed);
    assert!(listed["uri"].as_str().unwrap().ends_with(&one));
    let all = format!(
        "Recordings.json?ConferenceSid={}",
        listed["conference_sid"].as_str().unwrap()
    );
    assert_eq!(
        api.get(&all).await.1["recordings"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let full = api.path(&one);
    assert_eq!(api.send("DELETE", &full, None).await.0, 204);
    assert_eq!(api.get(&one).await.0, 404);
    assert_eq!((app.forged(), codes(&sandbox)), (0, vec![]));
}

#[tokio::test]
async fn silence_around_the_talk_is_trimmed() {
    let (sandbox, _, _) = clinic(&VISIT.replace("MORE", "")).await;
    let first = call_from(&sandbox, VOLUNTEER).await;
    let second = call_from(&sandbox, NURSE).await;
    advance(&sandbox, 20).await;
    first.say("Good morning").await.unwrap();
    advance(&sandbox, 30).await;
    // Ten words last four seconds.
    second
        .say("one two three four five six seven eight nine ten")
        .await
        .unwrap();
    advance(&sandbox, 60).await;
    first.hang_up().await.unwrap();
    second.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(sandbox.recordings()[0].duration, Some(34));
}

#[tokio::test]
async fn the_recording_of_a_conference_is_paused_and_stopped() {
    let (sandbox, app, api) = clinic(&VISIT.replace("MORE", "trim=\"do-not-trim\"")).await;
    let first = call_from(&sandbox, VOLUNTEER).await;
    let _second = call_from(&sandbox, NURSE).await;
    let path = recordings(&api).await;
    let current = format!("{path}/Twilio.CURRENT.json");
    advance(&sandbox, 10).await;
    let pause = [("Status", "paused"), ("PauseBehavior", "skip")];
    assert_eq!(api.post(&current, &pause).await.1["status"], "paused");
    // It can be deleted only after its end.
    let sid = sandbox.recordings()[0].sid;
    let one = format!("{path}/{sid}.json");
    assert_eq!(api.send("DELETE", &api.path(&one), None).await.0, 409);
    advance(&sandbox, 100).await;
    let resume = [("Status", "in-progress")];
    assert_eq!(api.post(&one, &resume).await.1["status"], "in-progress");
    advance(&sandbox, 5).await;
    assert_eq!(
        api.refused(&one, &[("Status", "begun")]).await,
        (400, 20001)
    );
    let stop = [("Status", "stopped")];
    assert_eq!(api.post(&one, &stop).await.1["status"], "stopped");
    sandbox.wait_idle().await.unwrap();
    assert_eq!(sandbox.recordings()[0].duration, Some(15));
    assert_eq!(seen(&app).len(), 2);
    assert_eq!(api.refused(&one, &stop).await, (400, 21220));
    assert_eq!(api.refused(&current, &stop).await, (404, 20404));
    // The end of the conference does not report it again.
    first.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(seen(&app).len(), 2);
    assert_eq!(sandbox.recordings().len(), 1);
}

#[tokio::test]
async fn a_conference_that_never_starts_has_no_recording() {
    let (sandbox, app, _) = clinic(&VISIT.replace("MORE", "")).await;
    let only = call_from(&sandbox, VOLUNTEER).await;
    only.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!((sandbox.recordings().len(), seen(&app).len()), (0, 0));
}

#[tokio::test]
async fn the_api_records_the_conference_and_the_participant() {
    let (sandbox, app, api) = clinic("").await;
    let nurse = sandbox.phone(e164(NURSE));
    nurse.set_answer_behavior(AnswerBehavior::Machine {
        greeting: Duration::from_secs(6),
        beeps: true,
    });
    let _doctor = sandbox.phone(e164(DOCTOR));
    let path = "Conferences/visit/Participants.json";
    let (own, whole, amd) = (app.url("/own"), app.url("/recorded"), app.url("/amd"));
    let fields = [
        ("From", CLINIC),
        ("To", NURSE),
        ("Record", "true"),
        ("RecordingTrack", "inbound"),
        ("RecordingStatusCallback", &own),
        ("ConferenceRecord", "record-from-start"),
        ("ConferenceTrim", "do-not-trim"),
        ("ConferenceRecordingStatusCallback", &whole),
        ("ConferenceRecordingStatusCallbackEvent", "in-progress"),
        ("ConferenceRecordingStatusCallbackEvent", "completed"),
        ("MachineDetection", "DetectMessageEnd"),
        ("AmdStatusCallback", &amd),
    ];
    let created = api.create(path, &fields).await;
    assert_eq!(created["queue_time"], "0");
    sandbox.wait_idle().await.unwrap();
    let detected = &app.seen("/amd")[0];
    assert_eq!(detected.field("AnsweredBy"), "machine_end_beep");
    assert_eq!(
        detected.field("CallSid"),
        created["call_sid"].as_str().unwrap()
    );
    assert_eq!(
        sandbox.calls()[0].answered_by,
        Some(AnsweredBy::MachineEndBeep)
    );
    api.create(path, &[("From", CLINIC), ("To", DOCTOR)]).await;
    sandbox.wait_idle().await.unwrap();
    advance(&sandbox, 12).await;
    let (_, list) = api.get("Conferences.json").await;
    let one = format!(
        "Conferences/{}.json",
        list["conferences"][0]["sid"].as_str().unwrap()
    );
    api.post(&one, &[("Status", "completed")]).await;
    sandbox.wait_idle().await.unwrap();

    assert_eq!(seen(&app).len(), 2);
    assert_eq!(
        seen(&app)[1].recording_source,
        Some(RecordingSource::Conference)
    );
    let own: RecordingStatusCallback = app.seen("/own")[0].parse();
    assert_eq!(own.recording_source, Some(RecordingSource::OutboundApi));
    assert_eq!(own.recording_track, Some(RecordingTrack::Inbound));
    assert_eq!(own.call_sid, Some(sandbox.calls()[0].sid));
    let lengths: Vec<_> = sandbox.recordings().iter().map(|r| r.duration).collect();
    assert_eq!(lengths, [Some(12), Some(12)]);
    assert!(codes(&sandbox).is_empty());
    for (name, value) in [
        ("ConferenceRecord", "yes"),
        ("ConferenceTrim", "yes"),
        ("RecordingTrack", "left"),
        ("ConferenceRecordingStatusCallbackEvent", "begun"),
    ] {
        let fields = [
            ("From", CLINIC),
            ("To", NURSE),
            ("ConferenceRecordingStatusCallback", &whole),
            (name, value),
        ];
        assert_eq!(api.refused(path, &fields).await, (400, 20001), "{name}");
    }
}

#[tokio::test]
async fn a_dial_records_the_part_of_its_call_in_a_conference_or_queue() {
    let dial = "<Dial record=\"record-from-answer-dual\" action=\"/left\">NOUN</Dial>";
    let (sandbox, app, _) = clinic(&dial.replace("NOUN", "<Conference>visit</Conference>")).await;
    app.twiml("/left", "<Hangup/>");
    let first = call_from(&sandbox, VOLUNTEER).await;
    advance(&sandbox, 9).await;
    let second = call_from(&sandbox, NURSE).await;
    advance(&sandbox, 4).await;
    first.hang_up().await.unwrap();
    second.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let recordings = sandbox.recordings();
    let lengths: Vec<_> = recordings
        .iter()
        .map(|r| (r.duration, r.channels))
        .collect();
    assert_eq!(lengths, [(Some(13), 2), (Some(4), 2)]);
    assert_eq!(recordings[0].call_sid, Some(first.sid()));

    let (sandbox, app, api) = clinic("<Enqueue>desk</Enqueue>").await;
    app.twiml("/left", "<Hangup/>");
    let caller = call_from(&sandbox, VOLUNTEER).await;
    let twiml = format!(
        "<Response>{}</Response>",
        dial.replace("NOUN", "<Queue>desk</Queue>")
    );
    let twiml = twiml.replace("/left", &app.url("/left"));
    let _nurse = sandbox.phone(e164(NURSE));
    let fields = [("From", CLINIC), ("To", NURSE), ("Twiml", twiml.as_str())];
    let agent: Value = api.create("Calls.json", &fields).await;
    sandbox.wait_idle().await.unwrap();
    advance(&sandbox, 7).await;
    caller.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let recording = sandbox.recordings().pop().unwrap();
    assert_eq!(
        recording.call_sid.unwrap().as_str(),
        agent["sid"].as_str().unwrap()
    );
    let left = &app.seen("/left")[0];
    assert_eq!(
        (left.field("RecordingSid"), left.field("RecordingDuration")),
        (recording.sid.as_str(), "7")
    );
    assert_eq!(sandbox.calls()[1].status, CallStatus::Completed);
    assert!(codes(&sandbox).is_empty());
}
