//! The recordings of the REST API, and their files.

use std::time::Duration;

use clinspark_twilio::sandbox::{PhoneCall, Sandbox};
use clinspark_twilio::types::{RecordingSid, RecordingStatus};
use clinspark_twilio::webhook::RecordingStatusCallback;
use serde_json::Value;

use crate::app::{Api, App, ReceivedWebhook, codes};
use crate::dial::{call, clinic};

/// A call that waits for keys, with a started recording.
async fn recorded(fields: &[(&str, &str)]) -> (Sandbox, App, Api, PhoneCall, Value) {
    let (sandbox, app, api) = clinic("<Gather timeout=\"600\"/>").await;
    let caller = call(&sandbox).await;
    let list = format!("Calls/{}/Recordings.json", caller.sid());
    let callback = app.url("/status");
    let mut all = vec![("RecordingStatusCallback", callback.as_str())];
    all.extend(fields);
    let created = api.create(&list, &all).await;
    (sandbox, app, api, caller, created)
}

/// Returns the bytes of a file and its media type, or the status of an error.
async fn file(sandbox: &Sandbox, path: &str) -> Result<(Vec<u8>, String), u16> {
    let url = format!(
        "{}/2010-04-01/Accounts/{}/Recordings/{path}",
        sandbox.base_url(),
        sandbox.account_sid()
    );
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let token = sandbox.auth_token().expose();
    let request = client.get(url);
    let request = request.basic_auth(sandbox.account_sid(), Some(token));
    let response = request.send().await.unwrap();
    if !response.status().is_success() {
        return Err(response.status().as_u16());
    }
    let media_type = response.headers()["content-type"].to_str().unwrap();
    let media_type = media_type.to_owned();
    Ok((response.bytes().await.unwrap().to_vec(), media_type))
}

/// Returns the channels and the seconds of a WAV file.
fn wav(bytes: &[u8]) -> (u16, usize) {
    assert_eq!(
        (&bytes[..4], &bytes[8..16]),
        (&b"RIFF"[..], &b"WAVEfmt "[..])
    );
    let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!(number(4), bytes.len() - 8);
    assert_eq!(number(24), 8_000);
    assert_eq!(number(40), bytes.len() - 44);
    let channels = u16::from_le_bytes([bytes[22], bytes[23]]);
    let frames = number(40) / (usize::from(channels) * 2);
    (channels, frames / 8_000)
}

#[tokio::test]
async fn a_recording_is_started_paused_resumed_and_stopped() {
    let (sandbox, app, api, caller, created) = recorded(&[
        ("RecordingChannels", "dual"),
        ("RecordingStatusCallbackEvent", "in-progress completed"),
    ])
    .await;
    let sid = created["sid"].as_str().unwrap();
    let expected = serde_json::json!({
        "account_sid": sandbox.account_sid(), "api_version": "2010-04-01",
        "call_sid": caller.sid(), "channels": 2, "conference_sid": null,
        "date_created": created["date_created"], "date_updated": created["date_updated"],
        "duration": null, "encryption_details": null, "error_code": null, "price": null,
        "price_unit": "USD", "sid": sid, "source": "StartCallRecordingAPI",
        "start_time": created["start_time"], "status": "in-progress", "track": "both",
        "uri": api.path(&format!("Calls/{}/Recordings/{sid}.json", caller.sid())),
    });
    assert_eq!(created, expected);
    // Nothing can be downloaded before the end.
    assert_eq!(
        file(&sandbox, &format!("{sid}.wav")).await.unwrap_err(),
        404
    );

    // A second start returns the recording of the first.
    let list = format!("Calls/{}/Recordings.json", caller.sid());
    let (status, again) = api.post(&list, &[]).await;
    assert_eq!((status, &again["sid"]), (200, &created["sid"]));

    let current = format!("Calls/{}/Recordings/Twilio.CURRENT.json", caller.sid());
    let advance = |seconds| sandbox.advance(Duration::from_secs(seconds));
    advance(10).await.unwrap();
    let pause = [("Status", "paused"), ("PauseBehavior", "skip")];
    let (status, paused) = api.post(&current, &pause).await;
    assert_eq!((status, &paused["status"]), (200, &"paused".into()));
    advance(20).await.unwrap();
    let (_, resumed) = api.post(&current, &[("Status", "in-progress")]).await;
    assert_eq!(resumed["status"], "in-progress");
    advance(5).await.unwrap();
    // Silence in place of the pause: it counts.
    api.post(&current, &[("Status", "paused")]).await;
    advance(2).await.unwrap();
    let (status, stopped) = api.post(&current, &[("Status", "stopped")]).await;
    assert_eq!((status, &stopped["status"]), (200, &"stopped".into()));
    sandbox.wait_idle().await.unwrap();

    let one = format!("Calls/{}/Recordings/{sid}.json", caller.sid());
    let (_, completed) = api.get(&one).await;
    assert_eq!(
        (&completed["status"], &completed["duration"]),
        (&"completed".into(), &"17".into())
    );
    assert_eq!(
        api.refused(&one, &[("Status", "stopped")]).await,
        (400, 21220)
    );
    assert_eq!(
        api.refused(&current, &[("Status", "stopped")]).await,
        (404, 20404)
    );
    let seen = app.seen("/status");
    let statuses: Vec<RecordingStatusCallback> = seen.iter().map(ReceivedWebhook::parse).collect();
    let statuses: Vec<_> = statuses
        .into_iter()
        .map(|callback| callback.status)
        .collect();
    assert_eq!(
        statuses,
        [RecordingStatus::InProgress, RecordingStatus::Completed]
    );
    assert_eq!(seen[1].field("RecordingChannels"), "2");
    assert_eq!(seen[1].field("RecordingDuration"), "17");
    assert_eq!(seen[1].field("RecordingSource"), "StartCallRecordingAPI");

    // The call ends, and no recording of it can be started any more.
    caller.hang_up().await.unwrap();
    assert_eq!(api.refused(&list, &[]).await, (400, 21220));
}

#[tokio::test]
async fn the_end_of_the_call_ends_its_recordings() {
    let (sandbox, app, _, caller, _) = recorded(&[("RecordingTrack", "inbound")]).await;
    sandbox.advance(Duration::from_secs(7)).await.unwrap();
    caller.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let seen = app.seen("/status");
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].field("RecordingStatus"), "completed");
    assert_eq!(seen[0].field("RecordingDuration"), "7");
    assert_eq!(seen[0].field("RecordingTrack"), "inbound");
}

#[tokio::test]
async fn invalid_parameters_of_a_recording_are_refused() {
    let (_sandbox, _app, api, caller, created) = recorded(&[]).await;
    let list = format!("Calls/{}/Recordings.json", caller.sid());
    let sid = created["sid"].as_str().unwrap();
    let one = format!("Calls/{}/Recordings/{sid}.json", caller.sid());
    for (path, name, value, code) in [
        (&list, "RecordingChannels", "three", 20001),
        (&list, "RecordingTrack", "left", 20001),
        (&list, "Trim", "true", 20001),
        (&list, "RecordingStatusCallback", "nowhere", 21609),
        (&one, "Status", "completed", 20001),
        (&one, "PauseBehavior", "mute", 20001),
    ] {
        let refused = api.refused(path, &[(name, value)]).await;
        assert_eq!(refused, (400, code), "{name}");
    }
    let callback = [
        ("RecordingStatusCallback", "http://127.0.0.1:9/"),
        ("RecordingStatusCallbackEvent", "started"),
    ];
    assert_eq!(api.refused(&list, &callback).await, (400, 20001));
    let unknown = format!("Calls/{}/Recordings/RE{:032}.json", caller.sid(), 1);
    assert_eq!(
        api.refused(&unknown, &[("Status", "stopped")]).await,
        (404, 20404)
    );
}

#[tokio::test]
async fn the_file_of_a_recording_is_as_long_as_the_recording() {
    let (sandbox, app, api, caller, created) = recorded(&[("RecordingChannels", "dual")]).await;
    sandbox.advance(Duration::from_secs(3)).await.unwrap();
    caller.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let sid = created["sid"].as_str().unwrap();
    let (bytes, media_type) = file(&sandbox, &format!("{sid}.wav")).await.unwrap();
    assert_eq!((wav(&bytes), media_type.as_str()), ((2, 3), "audio/x-wav"));
    assert!(bytes[44..].iter().any(|byte| *byte != 0));
    // Without an ending, the file is WAV.
    let (bare, _) = file(&sandbox, sid).await.unwrap();
    assert_eq!(bare, bytes);
    let mono = format!("{sid}.wav?RequestedChannels=1");
    assert_eq!(wav(&file(&sandbox, &mono).await.unwrap().0), (1, 3));
    let dual = format!("{sid}.wav?RequestedChannels=2");
    assert_eq!(wav(&file(&sandbox, &dual).await.unwrap().0), (2, 3));
    let (mp3, media_type) = file(&sandbox, &format!("{sid}.mp3")).await.unwrap();
    assert_eq!(media_type, "audio/mpeg");
    // Frames of 576 samples at 16 kHz, each with the header of the format.
    assert_eq!(mp3.len(), 144 * (3 * 16_000_usize).div_ceil(576));
    assert!(
        mp3.chunks(144)
            .all(|frame| frame.starts_with(&[0xFF, 0xF3]))
    );

    // The URL of the webhook is that of the file, and works with credentials only.
    let path = api.path(&format!("Recordings/{sid}"));
    let url = format!("{}{path}", sandbox.base_url());
    assert_eq!(app.seen("/status")[0].field("RecordingUrl"), url);
    let (status, _) = api.send_as("stranger", "wrong", &path).await;
    assert_eq!(status, 401);
    assert_eq!(
        file(&sandbox, &format!("{sid}.ogg")).await.unwrap_err(),
        404
    );
}

#[tokio::test]
async fn a_mono_recording_has_no_file_with_two_channels() {
    let (sandbox, _, _, caller, created) = recorded(&[]).await;
    caller.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let sid = created["sid"].as_str().unwrap();
    let (bytes, _) = file(&sandbox, &format!("{sid}.wav")).await.unwrap();
    // A connected call lasts at least a second.
    assert_eq!(wav(&bytes), (1, 1));
    let dual = format!("{sid}.wav?RequestedChannels=2");
    assert_eq!(file(&sandbox, &dual).await.unwrap_err(), 400);
    assert_eq!(codes(&sandbox), [16113]);
    assert_eq!(sandbox.alerts()[0].level, "warning");
}

#[tokio::test]
async fn recordings_are_listed_filtered_and_deleted() {
    let (sandbox, _, api, caller, created) = recorded(&[]).await;
    let first = created["sid"].as_str().unwrap().to_owned();
    let one = format!("Recordings/{first}.json");
    let delete = |path: String| {
        let api = &api;
        async move { api.send("DELETE", &path, None).await.0 }
    };
    // A recording in progress cannot be deleted.
    assert_eq!(delete(api.path(&one)).await, 409);
    caller.hang_up().await.unwrap();
    let other = call(&sandbox).await;
    let list = format!("Calls/{}/Recordings.json", other.sid());
    let second = api.create(&list, &[]).await;
    let sids = |page: &Value| -> Vec<String> {
        let found = page["recordings"].as_array().unwrap().iter();
        found
            .map(|found| found["sid"].as_str().unwrap().to_owned())
            .collect()
    };
    let second = second["sid"].as_str().unwrap().to_owned();
    let (_, all) = api.get("Recordings.json").await;
    assert_eq!(sids(&all), [second.clone(), first.clone()]);
    let (_, of_call) = api
        .get(&format!("Recordings.json?CallSid={}", caller.sid()))
        .await;
    assert_eq!(sids(&of_call), std::slice::from_ref(&first));
    let (_, of_call) = api.get(&list).await;
    assert_eq!(sids(&of_call), std::slice::from_ref(&second));
    let (_, none) = api.get("Recordings.json?DateCreated=2001-01-01").await;
    assert!(sids(&none).is_empty());
    let (_, since) = api.get("Recordings.json?DateCreated%3E=2001-01-01").await;
    assert_eq!(sids(&since).len(), 2);

    let (status, fetched) = api.get(&one).await;
    let base_url = sandbox.base_url();
    assert_eq!(status, 200);
    assert_eq!(
        fetched["media_url"],
        format!("{base_url}{}", api.path(&format!("Recordings/{first}")))
    );
    assert_eq!(
        fetched["subresource_uris"]["transcriptions"],
        api.path(&format!("Recordings/{first}/Transcriptions.json"))
    );

    // Deleted, its metadata stay for 40 days, its file does not.
    assert_eq!(delete(api.path(&one)).await, 204);
    assert_eq!(delete(api.path(&one)).await, 404);
    assert_eq!(api.get(&one).await.0, 404);
    assert_eq!(
        file(&sandbox, &format!("{first}.wav")).await.unwrap_err(),
        404
    );
    let (_, all) = api.get("Recordings.json").await;
    assert_eq!(sids(&all), [second]);
    let (_, deleted) = api
        .get(&format!("Recordings/{first}.json?IncludeSoftDeleted=true"))
        .await;
    assert_eq!(deleted["status"], "deleted");
    let (_, all) = api.get("Recordings.json?IncludeSoftDeleted=true").await;
    assert_eq!(sids(&all).len(), 2);
    let (status, _) = api
        .get(&format!("Calls/{}/Recordings/{first}.json", caller.sid()))
        .await;
    assert_eq!(status, 404);
    assert_eq!(sandbox.recordings()[0].status, RecordingStatus::Deleted);
    assert!(RecordingSid::parse(&first).is_ok());
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn the_crates_client_downloads_a_recording() {
    use clinspark_twilio::client::recordings::{
        AudioFormat, DownloadRecording, RecordingCommand, RecordingRef, StartCallRecording,
        UpdateCallRecording,
    };
    use clinspark_twilio::client::{Client, Credentials, Delivery};

    let (sandbox, _, _) = clinic("<Gather timeout=\"600\"/>").await;
    let caller = call(&sandbox).await;
    let token = sandbox.auth_token().clone();
    let credentials = Credentials::auth_token(sandbox.account_sid(), token);
    let client = Client::builder(credentials, Delivery::Live)
        .base_url(sandbox.base_url())
        .build()
        .unwrap();
    let start = StartCallRecording::new(caller.sid());
    let recording = client.execute(start).await.unwrap();
    sandbox.advance(Duration::from_secs(4)).await.unwrap();
    let current = RecordingRef::Current;
    let stop = UpdateCallRecording::new(caller.sid(), current, RecordingCommand::Stop);
    let stopped = client.execute(stop).await.unwrap();
    assert_eq!(stopped.status, Some(RecordingStatus::Stopped));
    sandbox.wait_idle().await.unwrap();
    let mut audio = client
        .download(DownloadRecording::new(recording.sid))
        .await
        .unwrap();
    assert_eq!(audio.content_type(), Some("audio/x-wav"));
    let mut bytes = Vec::new();
    while let Some(chunk) = audio.chunk().await.unwrap() {
        bytes.extend(chunk);
    }
    assert_eq!(wav(&bytes), (1, 4));
    let mp3 = DownloadRecording::new(recording.sid).format(AudioFormat::Mp3);
    let audio = client.download(mp3).await.unwrap();
    assert_eq!(audio.content_type(), Some("audio/mpeg"));
    let dual = DownloadRecording::new(recording.sid).both_channels(true);
    assert!(client.download(dual).await.is_err());
}
