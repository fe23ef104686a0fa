//! Recordings of whole calls: `Record=true`, `<Dial record>`, `<Start><Recording>`.

use std::time::Duration;

use clinspark_twilio::sandbox::AnswerBehavior;
use clinspark_twilio::types::{CallStatus, RecordingSource, RecordingTrack};
use clinspark_twilio::webhook::{
    CallStatusCallback, DialResult, RecordingStatusCallback, WebhookEvent,
};

use crate::app::{CLINIC, ReceivedWebhook, VOLUNTEER, codes, e164};
use crate::dial::{NURSE, call, clinic};

#[tokio::test]
async fn a_call_of_the_api_is_recorded_from_its_answer_to_its_end() {
    let (sandbox, app, api) = clinic("").await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    phone.set_answer_behavior(AnswerBehavior::Ring);
    let (status, ended) = (app.url("/status"), app.url("/ended"));
    let twiml = "<Response><Pause length=\"30\"/></Response>";
    let fields = [
        ("To", VOLUNTEER),
        ("From", CLINIC),
        ("Twiml", twiml),
        ("Record", "true"),
        ("RecordingChannels", "dual"),
        ("RecordingStatusCallback", status.as_str()),
        ("RecordingStatusCallbackMethod", "GET"),
        ("RecordingStatusCallbackEvent", "in-progress"),
        ("RecordingStatusCallbackEvent", "completed"),
        ("StatusCallback", ended.as_str()),
    ];
    api.create("Calls.json", &fields).await;
    // Ringing is not recorded.
    sandbox.advance(Duration::from_secs(20)).await.unwrap();
    assert_eq!(sandbox.recordings(), []);
    let answered = phone.answer().await.unwrap();
    assert_eq!(answered.wait_ended().await.unwrap(), CallStatus::Completed);
    sandbox.wait_idle().await.unwrap();

    let seen = app.seen("/status");
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].method, "GET");
    let started: RecordingStatusCallback = seen[0].parse();
    let completed: RecordingStatusCallback = seen[1].parse();
    assert_eq!(started.recording_sid, completed.recording_sid);
    assert_eq!(
        completed.recording_source,
        Some(RecordingSource::OutboundApi)
    );
    assert_eq!(completed.recording_channels, Some(2));
    assert_eq!(completed.recording_duration, Some(Duration::from_secs(30)));
    assert_eq!(completed.call_sid, Some(answered.sid()));
    let ended = &app.seen("/ended")[0];
    let _: CallStatusCallback = ended.parse();
    let event: WebhookEvent = ended.parse();
    assert!(matches!(event, WebhookEvent::CallStatusCallback(_)));
    let event: WebhookEvent = seen[1].parse();
    assert!(matches!(event, WebhookEvent::RecordingStatusCallback(_)));
    assert_eq!(
        (
            ended.field("RecordingSid"),
            ended.field("RecordingDuration")
        ),
        (completed.recording_sid.as_str(), "30")
    );
    assert!(
        ended
            .field("RecordingUrl")
            .ends_with(completed.recording_sid.as_str())
    );

    // An unanswered call has no recording.
    let pairs = [
        ("To", VOLUNTEER),
        ("From", CLINIC),
        ("Twiml", twiml),
        ("Record", "true"),
    ];
    phone.set_answer_behavior(AnswerBehavior::NoAnswer);
    api.create("Calls.json", &pairs).await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!(sandbox.recordings().len(), 1);
    let mut invalid = pairs.to_vec();
    invalid.push(("RecordingTrack", "left"));
    assert_eq!(api.refused("Calls.json", &invalid).await, (400, 20001));
}

#[tokio::test]
async fn two_methods_make_two_recordings_of_one_call() {
    let (sandbox, _, api) = clinic("").await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let twiml = "<Response><Gather timeout=\"600\"/></Response>";
    let fields = [
        ("To", VOLUNTEER),
        ("From", CLINIC),
        ("Twiml", twiml),
        ("Record", "true"),
    ];
    api.create("Calls.json", &fields).await;
    let answered = phone.answer().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let list = format!("Calls/{}/Recordings.json", answered.sid());
    let second = api.create(&list, &[]).await;
    // `Twilio.CURRENT` does not say which.
    let one = |sid: &str| format!("Calls/{}/Recordings/{sid}.json", answered.sid());
    let stop = [("Status", "stopped")];
    let refused = api.refused(&one("Twilio.CURRENT"), &stop).await;
    assert_eq!(refused, (400, 21220));
    sandbox.advance(Duration::from_secs(3)).await.unwrap();
    let sid = second["sid"].as_str().unwrap();
    assert_eq!(api.post(&one(sid), &stop).await.0, 200);
    sandbox.advance(Duration::from_secs(4)).await.unwrap();
    answered.hang_up().await.unwrap();
    let recordings = sandbox.recordings();
    let durations: Vec<_> = recordings.iter().map(|r| (&r.source, r.duration)).collect();
    assert_eq!(
        durations,
        [
            (&RecordingSource::OutboundApi, Some(7)),
            (&RecordingSource::StartCallRecordingApi, Some(3)),
        ]
    );
}

#[tokio::test]
async fn a_dial_is_recorded_as_its_attribute_says() {
    // Value; channels; duration of the recording with 8 seconds of ringing and 6 of talk.
    let cases = [
        ("true", Some(("1", "6"))),
        ("record-from-answer", Some(("1", "6"))),
        ("record-from-answer-dual", Some(("2", "6"))),
        ("record-from-ringing", Some(("1", "14"))),
        ("record-from-ringing-dual", Some(("2", "14"))),
        ("do-not-record", None),
        ("false", None),
    ];
    for (value, expected) in cases {
        let twiml = format!(
            "<Dial action=\"/dialled\" record=\"{value}\" recordingStatusCallback=\"/status\">\
             <Number statusCallback=\"/leg\">{NURSE}</Number></Dial>"
        );
        let (sandbox, app, _) = clinic(&twiml).await;
        let nurse = sandbox.phone(e164(NURSE));
        nurse.set_answer_behavior(AnswerBehavior::Ring);
        let caller = call(&sandbox).await;
        sandbox.advance(Duration::from_secs(8)).await.unwrap();
        let leg = nurse.answer().await.unwrap();
        sandbox.advance(Duration::from_secs(6)).await.unwrap();
        leg.hang_up().await.unwrap();
        caller.wait_ended().await.unwrap();
        sandbox.wait_idle().await.unwrap();
        let action = &app.seen("/dialled")[0];
        let _: DialResult = action.parse();
        let event: WebhookEvent = action.parse();
        assert!(matches!(event, WebhookEvent::DialResult(_)));
        let leg = &app.seen("/leg")[0];
        let Some((channels, seconds)) = expected else {
            assert!(!action.has("RecordingUrl") && !leg.has("RecordingUrl"));
            assert_eq!(
                (sandbox.recordings().len(), app.seen("/status").len()),
                (0, 0)
            );
            continue;
        };
        let seen = app.seen("/status");
        assert_eq!(seen.len(), 1, "{value}");
        let callback: RecordingStatusCallback = seen[0].parse();
        assert_eq!(callback.recording_source, Some(RecordingSource::DialVerb));
        let recording = &sandbox.recordings()[0];
        let lead = recording
            .date_created
            .duration_since(recording.start_time)
            .unwrap();
        let expected_lead = if value.contains("ringing") { 8 } else { 0 };
        assert_eq!(lead, Duration::from_secs(expected_lead), "{value}");
        // The recording is one of the call that dials.
        assert_eq!(callback.call_sid, Some(caller.sid()));
        assert_eq!(
            (
                seen[0].field("RecordingChannels"),
                seen[0].field("RecordingDuration")
            ),
            (channels, seconds),
            "{value}"
        );
        for seen in [action, leg] {
            assert_eq!(seen.field("RecordingSid"), callback.recording_sid.as_str());
            assert_eq!(seen.field("RecordingDuration"), seconds);
            assert!(seen.has("RecordingUrl"));
        }
    }
}

#[tokio::test]
async fn a_dial_without_an_answer_has_no_recording() {
    let twiml = format!(
        "<Dial action=\"/dialled\" record=\"record-from-ringing\" \
         recordingStatusCallback=\"/status\">{NURSE}</Dial>"
    );
    let (sandbox, app, _) = clinic(&twiml).await;
    let nurse = sandbox.phone(e164(NURSE));
    nurse.set_answer_behavior(AnswerBehavior::Busy);
    call(&sandbox).await.wait_ended().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert!(!app.seen("/dialled")[0].has("RecordingUrl"));
    assert_eq!(sandbox.recordings(), []);
}

#[tokio::test]
async fn one_side_of_a_dial_is_recorded_in_one_channel() {
    let twiml = format!(
        "<Dial record=\"record-from-answer-dual\" recordingTrack=\"outbound\">{NURSE}</Dial>"
    );
    let (sandbox, _, _) = clinic(&twiml).await;
    let nurse = sandbox.phone(e164(NURSE));
    let caller = call(&sandbox).await;
    nurse.answer().await.unwrap();
    caller.hang_up().await.unwrap();
    let recording = &sandbox.recordings()[0];
    assert_eq!(
        (recording.channels, &recording.track),
        (1, &RecordingTrack::Outbound)
    );
}

#[tokio::test]
async fn a_recording_is_started_and_continues_beside_the_verbs() {
    let (sandbox, app, api) = clinic("").await;
    let status = app.url("/status");
    app.twiml(
        "/recorded",
        &format!(
            "<Start><Recording recordingStatusCallback=\"{status}\" \
             recordingStatusCallbackEvent=\"in-progress completed\"/></Start>\
             <Pause length=\"10\"/><Gather timeout=\"600\"/>"
        ),
    );
    let number = sandbox.numbers()[0].sid;
    let url = app.url("/recorded");
    sandbox
        .configure_number(number, &[("VoiceUrl", &url)])
        .unwrap();
    let caller = call(&sandbox).await;
    sandbox.advance(Duration::from_secs(5)).await.unwrap();
    // The REST API stops it.
    let current = format!("Calls/{}/Recordings/Twilio.CURRENT.json", caller.sid());
    let (code, stopped) = api.post(&current, &[("Status", "stopped")]).await;
    assert_eq!(
        (code, &stopped["source"]),
        (200, &"StartCallRecordingTwiML".into())
    );
    sandbox.wait_idle().await.unwrap();
    let seen = app.seen("/status");
    let callbacks: Vec<RecordingStatusCallback> = seen.iter().map(ReceivedWebhook::parse).collect();
    assert_eq!(callbacks.len(), 2);
    assert_eq!(
        callbacks[1].recording_source,
        Some(RecordingSource::StartCallRecordingTwiml)
    );
    assert_eq!(callbacks[1].recording_channels, Some(2));
    assert_eq!(
        callbacks[1].recording_duration,
        Some(Duration::from_secs(15))
    );
    assert!(codes(&sandbox).is_empty());
}

#[tokio::test]
async fn the_callback_of_a_started_recording_is_absolute() {
    let twiml = "<Start><Recording recordingStatusCallback=\"/status\"/></Start>";
    let (sandbox, app, _) = clinic(twiml).await;
    call(&sandbox).await.wait_ended().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(codes(&sandbox), [13256]);
    // The call is recorded all the same.
    assert_eq!(
        (sandbox.recordings().len(), app.seen("/status").len()),
        (1, 0)
    );
}

#[tokio::test]
async fn a_stop_ends_the_recording_with_its_name() {
    let twiml = "<Start><Recording name=\"a\"/></Start><Pause length=\"4\"/>\
                 <Stop><Recording name=\"a\"/></Stop><Pause length=\"9\"/>";
    let (sandbox, _, _) = clinic(twiml).await;
    call(&sandbox).await.wait_ended().await.unwrap();
    assert_eq!(sandbox.recordings()[0].duration, Some(4));
    assert!(codes(&sandbox).is_empty());
}
