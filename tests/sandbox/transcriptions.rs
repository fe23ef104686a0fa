//! Transcriptions of `<Record>`.

use clinspark_twilio::types::RecordingStatus;
use clinspark_twilio::webhook::{TranscriptionCallback, TranscriptionStatus, WebhookEvent};
use serde_json::Value;

use crate::app::codes;
use crate::dial::{call, clinic};

const TRANSCRIBED: &str = "<Record action=\"/recorded\" transcribe=\"true\" \
                           transcribeCallback=\"/text\"/>";

#[tokio::test]
async fn a_transcription_is_what_the_phone_said() {
    let (sandbox, app, api) = clinic(TRANSCRIBED).await;
    app.twiml("/recorded", "<Hangup/>");
    let caller = call(&sandbox).await;
    caller.say("Please call me back").await.unwrap();
    caller.say("after nine o'clock").await.unwrap();
    caller.press("#").await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let seen = &app.seen("/text")[0];
    let event: WebhookEvent = seen.parse();
    assert!(matches!(event, WebhookEvent::TranscriptionCallback(_)));
    let callback: TranscriptionCallback = seen.parse();
    assert_eq!(callback.status, TranscriptionStatus::Completed);
    let text = "Please call me back after nine o'clock";
    assert_eq!(callback.transcription_text.unwrap().expose(), text);
    assert_eq!(callback.call_sid, Some(caller.sid()));
    let recording = &sandbox.recordings()[0];
    assert_eq!(recording.status, RecordingStatus::Completed);
    assert_eq!(callback.recording_sid, Some(recording.sid));
    assert_eq!(
        seen.field("RecordingUrl"),
        app.seen("/recorded")[0].field("RecordingUrl")
    );
    assert_eq!(
        (
            seen.field("Direction"),
            seen.field("ApiVersion"),
            seen.method.as_str()
        ),
        ("inbound", "2010-04-01", "POST")
    );

    // The resource, by three paths.
    let sid = callback.transcription_sid;
    let (_, list) = api.get("Transcriptions.json").await;
    let expected = serde_json::json!({
        "account_sid": sandbox.account_sid(), "api_version": "2010-04-01",
        "date_created": list["transcriptions"][0]["date_created"],
        "date_updated": list["transcriptions"][0]["date_updated"],
        "duration": "4", "price": null, "price_unit": "USD", "recording_sid": recording.sid,
        "sid": sid, "status": "completed", "transcription_text": text, "type": "fast",
        "uri": api.path(&format!("Transcriptions/{sid}.json")),
    });
    assert_eq!(list["transcriptions"], Value::from(vec![expected.clone()]));
    let of_recording = format!("Recordings/{}/Transcriptions.json", recording.sid);
    let (_, list) = api.get(&of_recording).await;
    assert_eq!(list["transcriptions"][0], expected);
    let one = format!("Recordings/{}/Transcriptions/{sid}.json", recording.sid);
    assert_eq!(api.get(&one).await, (200, expected.clone()));
    let alone = format!("Transcriptions/{sid}.json");
    assert_eq!(api.get(&alone).await, (200, expected));
    let (status, _) = api.send("DELETE", &api.path(&one), None).await;
    assert_eq!(status, 204);
    assert_eq!(api.get(&one).await.0, 404);
    assert_eq!(api.get(&alone).await.0, 404);
    assert!(codes(&sandbox).is_empty());
}

#[tokio::test]
async fn a_short_or_long_recording_is_not_transcribed() {
    let (sandbox, app, api) = clinic(TRANSCRIBED).await;
    app.twiml("/recorded", "<Hangup/>");
    let caller = call(&sandbox).await;
    caller.say("Goodbye").await.unwrap();
    caller.press("#").await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert!(app.seen("/text").is_empty());
    assert_eq!(codes(&sandbox), [13617]);
    assert_eq!(sandbox.alerts()[0].level, "warning");
    let (_, list) = api.get("Transcriptions.json").await;
    assert_eq!(list["transcriptions"], Value::from(Vec::<Value>::new()));
}

#[tokio::test]
async fn a_transcribed_recording_lasts_at_most_two_minutes() {
    let twiml = "<Record action=\"/recorded\" transcribe=\"true\" maxLength=\"600\" \
                 timeout=\"0\" transcribeCallback=\"/text\"/>";
    let (sandbox, app, _) = clinic(twiml).await;
    app.twiml("/recorded", "<Hangup/>");
    let caller = call(&sandbox).await;
    caller.stay_silent().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(app.seen("/recorded")[0].field("RecordingDuration"), "120");
    assert_eq!(codes(&sandbox), [13615]);
    // Nothing was said.
    assert_eq!(app.seen("/text")[0].field("TranscriptionText"), "(blank)");
}

#[tokio::test]
async fn a_record_is_transcribed_only_on_request() {
    // Attributes; number of transcriptions.
    let cases = [
        ("", 0),
        ("transcribe=\"false\" transcribeCallback=\"/text\"", 0),
        ("transcribeCallback=\"/text\"", 1),
    ];
    for (attributes, count) in cases {
        let (sandbox, app, _) =
            clinic(&format!("<Record action=\"/recorded\" {attributes}/>")).await;
        let caller = call(&sandbox).await;
        caller.say("one two three four five six").await.unwrap();
        caller.press("#").await.unwrap();
        sandbox.wait_idle().await.unwrap();
        assert_eq!(app.seen("/text").len(), count, "{attributes}");
    }
}
