//! `<Record>`: its ends, its durations, and its status callback.

use std::time::Duration;

use clinspark_twilio::types::{CallStatus, RecordingSource, RecordingStatus, RecordingTrack};
use clinspark_twilio::webhook::{RecordResult, RecordingStatusCallback, WebhookEvent};

use crate::app::{ReceivedWebhook, codes};
use crate::dial::{call, clinic};

const EVENTS: &str = "recordingStatusCallback=\"/status\" \
                      recordingStatusCallbackEvent=\"in-progress completed absent\"";

#[tokio::test]
async fn a_record_reports_its_status() {
    let (sandbox, app, _) = clinic(&format!("<Record action=\"/recorded\" {EVENTS}/>")).await;
    app.twiml("/recorded", "<Hangup/>");
    let caller = call(&sandbox).await;
    caller.say("Please call me back tomorrow").await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(sandbox.recordings()[0].status, RecordingStatus::InProgress);
    caller.stay_silent().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let result: RecordResult = app.seen("/recorded")[0].parse();
    let event: WebhookEvent = app.seen("/recorded")[0].parse();
    assert!(matches!(event, WebhookEvent::RecordResult(_)));
    // The silence that ended the recording counts until it is trimmed.
    assert_eq!(result.recording_duration, Some(Duration::from_secs(3 + 5)));
    assert_eq!(app.seen("/recorded")[0].field("Digits"), "");

    let seen = app.seen("/status");
    let callbacks: Vec<RecordingStatusCallback> = seen.iter().map(ReceivedWebhook::parse).collect();
    let [started, completed] = callbacks.as_slice() else {
        panic!("{callbacks:?}");
    };
    assert_eq!(started.status, RecordingStatus::InProgress);
    assert_eq!(started.recording_duration, None);
    assert_eq!(completed.status, RecordingStatus::Completed);
    assert_eq!(completed.recording_duration, Some(Duration::from_secs(3)));
    assert_eq!(completed.call_sid, Some(caller.sid()));
    assert_eq!(completed.account_sid, sandbox.account_sid());
    assert_eq!(Some(completed.recording_sid), result.recording_sid);
    assert_eq!(completed.recording_channels, Some(1));
    assert_eq!(
        completed.recording_source,
        Some(RecordingSource::RecordVerb)
    );
    assert_eq!(completed.recording_track, Some(RecordingTrack::Both));
    assert!(completed.recording_start_time.is_some());
    assert_eq!(seen[1].field("ErrorCode"), "0");
    assert_eq!(
        seen[1].field("RecordingUrl"),
        app.seen("/recorded")[0].field("RecordingUrl")
    );
    assert!(codes(&sandbox).is_empty());
}

#[tokio::test]
async fn by_default_only_the_end_is_reported_with_the_method_given() {
    let twiml = "<Record action=\"/recorded\" recordingStatusCallback=\"/status\" \
                 recordingStatusCallbackMethod=\"GET\"/>";
    let (sandbox, app, _) = clinic(twiml).await;
    let caller = call(&sandbox).await;
    caller.say("Hello there").await.unwrap();
    caller.press("5").await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let seen = app.seen("/status");
    assert_eq!(seen.len(), 1);
    assert_eq!(
        (seen[0].method.as_str(), seen[0].field("RecordingStatus")),
        ("GET", "completed")
    );
    assert_eq!(app.seen("/recorded")[0].field("Digits"), "5");
}

#[tokio::test]
async fn silence_is_recorded_and_the_next_verb_is_not_reached() {
    let twiml = format!("<Record action=\"/recorded\" timeout=\"4\" {EVENTS}/><Say>never</Say>");
    let (sandbox, app, _) = clinic(&twiml).await;
    app.twiml("/recorded", "<Say>Thank you</Say>");
    let caller = call(&sandbox).await;
    assert_eq!(caller.hear().await.unwrap(), "beep");
    caller.stay_silent().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(caller.hear().await.unwrap(), "Thank you");
    assert_eq!(app.seen("/recorded")[0].field("RecordingDuration"), "4");
    assert_eq!(app.seen("/status")[1].field("RecordingStatus"), "completed");
    assert_eq!(app.seen("/status")[1].field("RecordingDuration"), "4");
}

#[tokio::test]
async fn attributes_of_a_record_end_it() {
    // Attributes; the untrimmed and the final duration; what the phone does until then.
    let cases = [
        ("maxLength=\"2\"", "2", "2"),
        ("maxLength=\"4\"", "4", "3"),
        ("timeout=\"2\"", "5", "3"),
        ("timeout=\"2\" trim=\"do-not-trim\"", "5", "5"),
        ("timeout=\"0\" maxLength=\"60\"", "60", "3"),
        ("trim=\"trim-silence\"", "8", "3"),
    ];
    for (attributes, untrimmed, trimmed) in cases {
        let twiml = format!(
            "<Record action=\"/recorded\" playBeep=\"false\" finishOnKey=\"\" {attributes} \
             recordingStatusCallback=\"/status\"/>"
        );
        let (sandbox, app, _) = clinic(&twiml).await;
        app.twiml("/recorded", "<Say>Done</Say>");
        let caller = call(&sandbox).await;
        caller.say("one two three four five six").await.unwrap();
        // The time of the sandbox's clock passes until the timeout or the longest duration.
        sandbox.advance(Duration::from_secs(90)).await.unwrap();
        let seen = app.seen("/recorded");
        assert_eq!(
            seen[0].field("RecordingDuration"),
            untrimmed,
            "{attributes}"
        );
        assert_eq!(seen[0].field("Digits"), "");
        assert_eq!(
            app.seen("/status")[0].field("RecordingDuration"),
            trimmed,
            "{attributes}"
        );
        // Without the beep, this is the first that the phone hears.
        assert_eq!(caller.hear().await.unwrap(), "Done");
    }
}

#[tokio::test]
async fn a_hang_up_at_once_leaves_no_recording() {
    let twiml = format!("<Record action=\"/recorded\" {EVENTS}/>");
    let (sandbox, app, api) = clinic(&twiml).await;
    let caller = call(&sandbox).await;
    assert_eq!(caller.hang_up().await.unwrap(), CallStatus::Completed);
    sandbox.wait_idle().await.unwrap();
    let callback: RecordingStatusCallback = app.seen("/status")[1].parse();
    assert_eq!(callback.status, RecordingStatus::Absent);
    assert_eq!(app.seen("/status")[1].field("ErrorCode"), "16101");
    assert_eq!(codes(&sandbox), [16101]);
    assert!(app.seen("/recorded").is_empty());
    let sid = callback.recording_sid;
    let (_, fetched) = api.get(&format!("Recordings/{sid}.json")).await;
    assert_eq!(
        (&fetched["status"], &fetched["error_code"]),
        (&"absent".into(), &16101.into())
    );
}

#[tokio::test]
async fn the_api_cannot_stop_a_record_and_the_account_has_no_configurations() {
    let twiml = "<Record action=\"/recorded\" recordingConfigurationId=\"1\"/>";
    let (sandbox, _, api) = clinic(twiml).await;
    let caller = call(&sandbox).await;
    assert_eq!(codes(&sandbox), [12200]);
    let sid = sandbox.recordings()[0].sid;
    let stop = [("Status", "stopped")];
    let one = format!("Calls/{}/Recordings/{sid}.json", caller.sid());
    assert_eq!(api.refused(&one, &stop).await, (400, 21220));
    let current = format!("Calls/{}/Recordings/Twilio.CURRENT.json", caller.sid());
    assert_eq!(api.refused(&current, &stop).await, (404, 20404));
}

#[tokio::test]
async fn a_redirect_by_the_api_ends_the_recording_without_its_action() {
    let twiml = format!("<Record action=\"/recorded\" {EVENTS}/>");
    let (sandbox, app, api) = clinic(&twiml).await;
    let caller = call(&sandbox).await;
    caller.say("Hello there").await.unwrap();
    let path = format!("Calls/{}.json", caller.sid());
    let (status, _) = api
        .post(&path, &[("Twiml", "<Response><Say>Moved</Say></Response>")])
        .await;
    assert_eq!(status, 200);
    assert_eq!(caller.hear().await.unwrap(), "beep");
    assert_eq!(caller.hear().await.unwrap(), "Moved");
    sandbox.wait_idle().await.unwrap();
    assert_eq!(sandbox.recordings()[0].status, RecordingStatus::Completed);
    assert_eq!(app.seen("/status")[1].field("RecordingStatus"), "completed");
    assert!(app.seen("/recorded").is_empty());
}
