//! Real-time transcriptions, and what the sandbox refuses beside a call.

use clinspark_twilio::codes::ErrorCode;
use clinspark_twilio::sandbox::{Sandbox, SandboxErrorKind, WebhookKind};
use clinspark_twilio::webhook::{
    RealTimeTranscription, RealTimeTranscriptionEvent, SiprecEvent, SiprecStatusCallback,
    TranscriptionContent, TranscriptionStart, TranscriptionTrack, WebhookEvent,
};
use serde_json::Value;

use crate::app::{Api, App, ReceivedWebhook, codes, e164};
use crate::dial::{NURSE, call, clinic};

/// A clinic whose document follows a `<Start><Transcription>` with these attributes.
async fn transcribed(attributes: &str, rest: &str) -> (Sandbox, App, Api) {
    let (sandbox, app, api) = clinic("").await;
    let text = app.url("/text");
    app.twiml(
        "/transcribed",
        &format!("<Start><Transcription statusCallbackUrl=\"{text}\" {attributes}/></Start>{rest}"),
    );
    let number = sandbox.numbers()[0].sid;
    let url = app.url("/transcribed");
    sandbox
        .configure_number(number, &[("VoiceUrl", &url)])
        .unwrap();
    (sandbox, app, api)
}

fn events(app: &App) -> Vec<RealTimeTranscription> {
    let seen = app.seen("/text");
    seen.iter().map(ReceivedWebhook::parse).collect()
}

fn started(event: &RealTimeTranscription) -> &TranscriptionStart {
    match &event.event {
        RealTimeTranscriptionEvent::Started(start) => start,
        other => panic!("{other:?}"),
    }
}

fn content(event: &RealTimeTranscription) -> &TranscriptionContent {
    match &event.event {
        RealTimeTranscriptionEvent::Content(content) => content,
        other => panic!("{other:?}"),
    }
}

/// Returns the texts with their tracks, and whether each is final.
fn texts(events: &[RealTimeTranscription]) -> Vec<(TranscriptionTrack, String, bool)> {
    let contents = events.iter().filter_map(|event| match &event.event {
        RealTimeTranscriptionEvent::Content(content) => Some(content),
        _ => None,
    });
    contents
        .map(|content| {
            let text = content.transcript.as_ref().unwrap().expose().clone();
            (
                content.track.clone().unwrap(),
                text,
                content.is_final.unwrap(),
            )
        })
        .collect()
}

#[tokio::test]
async fn both_sides_of_a_call_are_transcribed() {
    let menu = "<Gather input=\"speech\" action=\"/said\"><Say>How are you?</Say></Gather>";
    let (sandbox, app, _) =
        transcribed("name=\"visit\" inboundTrackLabel=\"volunteer\"", menu).await;
    app.twiml("/said", "<Play>/tone.mp3</Play><Say>Thank you</Say>")
        .reply("/tone.mp3", 200, "audio/mpeg", "ID3");
    let caller = call(&sandbox).await;
    caller.say("I feel well").await.unwrap();
    caller.wait_ended().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let events = events(&app);
    let start = started(&events[0]);
    assert_eq!(start.name.as_ref().unwrap().expose(), "visit");
    assert_eq!(start.track, Some(TranscriptionTrack::Both));
    assert_eq!(
        start.inbound_track_label.as_ref().unwrap().expose(),
        "volunteer"
    );
    assert_eq!(start.transcription_engine.as_deref(), Some("google"));
    assert_eq!(start.partial_results, Some(false));
    assert_eq!(start.language_code.as_deref(), Some("en-US"));
    let configuration = start.provider_configuration.as_ref().unwrap().expose();
    let configuration: Value = serde_json::from_str(configuration).unwrap();
    assert_eq!(
        configuration,
        serde_json::json!({
            "profanityFilter": "true", "speechModel": "telephony",
            "enableAutomaticPunctuation": "true",
        })
    );
    assert_eq!(
        texts(&events),
        [
            (
                TranscriptionTrack::Outbound,
                "How are you?".to_owned(),
                true
            ),
            (TranscriptionTrack::Inbound, "I feel well".to_owned(), true),
            (TranscriptionTrack::Outbound, "Thank you".to_owned(), true),
        ]
    );
    assert_eq!(content(&events[1]).confidence, Some(0.9));
    assert_eq!(content(&events[1]).language_code.as_deref(), Some("en-US"));
    // The end of the call stops it.
    assert_eq!(events[4].event, RealTimeTranscriptionEvent::Stopped);
    assert_eq!(events.len(), 5);
    for (event, sequence) in events.iter().zip(1..) {
        assert_eq!(event.sequence_id, Some(sequence));
        assert_eq!(event.call_sid, caller.sid());
        assert_eq!(event.account_sid, sandbox.account_sid());
        assert_eq!(event.transcription_sid, events[0].transcription_sid);
        assert!(event.timestamp.is_some());
    }
    let event: WebhookEvent = app.seen("/text")[0].parse();
    assert!(matches!(event, WebhookEvent::RealTimeTranscription(_)));
    assert!(!app.seen("/text")[0].has("CallStatus"));
    assert!(codes(&sandbox).is_empty());
}

#[tokio::test]
async fn one_track_and_partial_results_are_transcribed_on_request() {
    let attributes = "track=\"inbound_track\" partialResults=\"true\" languageCode=\"es-US\" \
                      transcriptionEngine=\"deepgram\" speechModel=\"nova-3\" hints=\"visit\"";
    let menu = "<Gather input=\"speech\" action=\"/said\"><Say>Hello</Say></Gather>";
    let (sandbox, app, _) = transcribed(attributes, menu).await;
    app.twiml("/said", "<Hangup/>");
    let caller = call(&sandbox).await;
    caller.say("yes of course").await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let events = events(&app);
    let start = started(&events[0]);
    assert_eq!(start.track, Some(TranscriptionTrack::Inbound));
    assert_eq!(start.transcription_engine.as_deref(), Some("deepgram"));
    let configuration = start.provider_configuration.as_ref().unwrap().expose();
    assert!(configuration.contains("nova-3") && configuration.contains("visit"));
    assert_eq!(
        texts(&events),
        [
            (TranscriptionTrack::Inbound, "yes of".to_owned(), false),
            (
                TranscriptionTrack::Inbound,
                "yes of course".to_owned(),
                true
            ),
        ]
    );
    assert!(content(&events[1]).stability.is_some());
    assert_eq!(content(&events[2]).language_code.as_deref(), Some("es-US"));
}

#[tokio::test]
async fn a_stop_ends_the_transcription_with_its_name() {
    let rest = "<Say>One</Say><Stop><Transcription name=\"a\"/></Stop><Say>Two</Say>";
    let (sandbox, app, _) = transcribed("name=\"a\"", rest).await;
    call(&sandbox).await.wait_ended().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let events = events(&app);
    assert_eq!(
        texts(&events),
        [(TranscriptionTrack::Outbound, "One".to_owned(), true)]
    );
    assert_eq!(events.len(), 3);
    assert_eq!(events[2].event, RealTimeTranscriptionEvent::Stopped);
    assert!(codes(&sandbox).is_empty());

    // No transcription has this name.
    let rest = "<Stop><Transcription name=\"b\"/></Stop>";
    let (sandbox, _, _) = transcribed("name=\"a\"", rest).await;
    call(&sandbox).await.wait_ended().await.unwrap();
    assert_eq!(codes(&sandbox), [12200]);
}

#[tokio::test]
async fn a_transcription_hears_the_other_phone_of_a_dial() {
    let (sandbox, app, _) = transcribed("", &format!("<Dial>{NURSE}</Dial>")).await;
    let nurse = sandbox.phone(e164(NURSE));
    let caller = call(&sandbox).await;
    let leg = nurse.answer().await.unwrap();
    caller.say("Good morning").await.unwrap();
    leg.say("Clinic, hello").await.unwrap();
    caller.hang_up().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(
        texts(&events(&app)),
        [
            (TranscriptionTrack::Inbound, "Good morning".to_owned(), true),
            (
                TranscriptionTrack::Outbound,
                "Clinic, hello".to_owned(),
                true
            ),
        ]
    );
}

#[tokio::test]
async fn speech_that_no_verb_expects_is_transcribed_too() {
    let keys = "<Gather numDigits=\"1\" action=\"/pressed\"/>";
    let (sandbox, app, _) = transcribed("", keys).await;
    let caller = call(&sandbox).await;
    caller.say("Which key?").await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(texts(&events(&app)).len(), 1);
    // Without a transcription, no one hears it.
    let (sandbox, _, _) = clinic(keys).await;
    let unheard = call(&sandbox).await.say("Which key?").await.unwrap_err();
    assert_eq!(unheard.kind(), SandboxErrorKind::UnexpectedInput);
}

#[tokio::test]
async fn a_transcription_that_cannot_start_is_an_error() {
    let (sandbox, app, _) = transcribed("transcriptionEngine=\"ours\"", "<Say>x</Say>").await;
    call(&sandbox).await.wait_ended().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let events = events(&app);
    assert_eq!(events.len(), 1);
    let RealTimeTranscriptionEvent::Error(error) = &events[0].event else {
        panic!("{events:?}");
    };
    assert_eq!(error.error_code, Some(ErrorCode::from(32652)));
    assert!(error.error.is_some());
    assert_eq!(codes(&sandbox), [32652]);

    // The URL of the callback must be absolute.
    let twiml = "<Start><Transcription statusCallbackUrl=\"/text\"/></Start>";
    let (sandbox, app, _) = clinic(twiml).await;
    call(&sandbox).await.wait_ended().await.unwrap();
    assert_eq!((codes(&sandbox), app.seen("/text").len()), (vec![32650], 0));

    // The sandbox analyzes no text.
    let (sandbox, app, _) = transcribed("intelligenceService=\"GA1\"", "<Say>x</Say>").await;
    call(&sandbox).await.wait_ended().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!((codes(&sandbox), app.seen("/text").len()), (vec![32655], 3));
}

#[tokio::test]
async fn the_api_starts_and_stops_a_transcription() {
    let (sandbox, app, api) = clinic("<Gather input=\"speech\" timeout=\"600\"/>").await;
    let caller = call(&sandbox).await;
    let list = format!("Calls/{}/Transcriptions.json", caller.sid());
    let url = app.url("/text");
    let fields = [
        ("Name", "visit"),
        ("StatusCallbackUrl", url.as_str()),
        ("StatusCallbackMethod", "GET"),
        ("Track", "inbound_track"),
        ("Hints", "pill"),
    ];
    let (status, created) = api.post(&list, &fields).await;
    let sid = created["sid"].as_str().unwrap();
    let expected = serde_json::json!({
        "account_sid": sandbox.account_sid(), "call_sid": caller.sid(),
        "date_updated": created["date_updated"], "name": "visit", "sid": sid,
        "status": "in-progress",
        "uri": api.path(&format!("Calls/{}/Transcriptions/{sid}.json", caller.sid())),
    });
    assert_eq!((status, &created), (200, &expected));
    sandbox.wait_idle().await.unwrap();
    let seen = app.seen("/text");
    assert_eq!(seen[0].method, "GET");
    assert!(seen[0].field("ProviderConfiguration").contains("pill"));
    let webhooks = sandbox.webhooks();
    let kind = webhooks.last().unwrap().kind;
    assert_eq!(kind, WebhookKind::RealTimeTranscription);

    // Two of one name are refused to the callback.
    let (_, second) = api.post(&list, &fields).await;
    assert_eq!(second["status"], "stopped");
    assert_eq!(codes(&sandbox), [32650]);

    let one = format!("Calls/{}/Transcriptions/visit.json", caller.sid());
    assert_eq!(
        api.refused(&one, &[("Status", "paused")]).await,
        (400, 20001)
    );
    let (status, stopped) = api.post(&one, &[("Status", "stopped")]).await;
    assert_eq!((status, &stopped["status"]), (200, &"stopped".into()));
    assert_eq!(stopped["sid"], sid);
    assert_eq!(
        api.refused(&one, &[("Status", "stopped")]).await,
        (404, 20404)
    );
    sandbox.wait_idle().await.unwrap();
    let stop = events(&app).pop().unwrap();
    assert_eq!(stop.event, RealTimeTranscriptionEvent::Stopped);

    // Twilio neither lists nor fetches them.
    assert_eq!(api.get(&list).await.0, 405);
    assert_eq!(api.refused(&list, &[("Track", "left")]).await, (400, 20001));
    caller.hang_up().await.unwrap();
    assert_eq!(api.refused(&list, &fields).await, (400, 21220));
}

#[tokio::test]
async fn siprec_is_refused_to_its_callback() {
    let twiml = "<Start><Siprec name=\"a\" connectorName=\"c\" statusCallback=\"/siprec\"/></Start>\
                 <Say>next</Say>";
    let (sandbox, app, api) = clinic(twiml).await;
    let caller = call(&sandbox).await;
    assert_eq!(caller.hear().await.unwrap(), "next");
    sandbox.wait_idle().await.unwrap();
    let callback: SiprecStatusCallback = app.seen("/siprec")[0].parse();
    assert_eq!(callback.event, SiprecEvent::Error);
    assert_eq!(callback.siprec_name.unwrap().expose(), "a");
    assert_eq!(callback.siprec_error_code, Some(ErrorCode::from(31942)));
    assert_eq!(callback.call_sid, caller.sid());
    assert_eq!(codes(&sandbox), [31942]);
    let path = format!("Calls/{}/Siprec.json", caller.sid());
    assert_eq!(api.refused(&path, &[("Name", "a")]).await, (404, 20404));
}

#[tokio::test]
async fn messages_to_the_voice_sdk_are_refused() {
    let (sandbox, _, api) = clinic("<Gather/>").await;
    let caller = call(&sandbox).await;
    for (resource, name, value) in [
        ("UserDefinedMessages", "Content", "{}"),
        (
            "UserDefinedMessageSubscriptions",
            "Callback",
            "http://127.0.0.1:9/",
        ),
    ] {
        let path = format!("Calls/{}/{resource}.json", caller.sid());
        let (status, refused) = api.post(&path, &[(name, value)]).await;
        assert_eq!((status, &refused["code"]), (404, &20404.into()));
        let message = refused["message"].as_str().unwrap();
        assert!(message.contains("does not support"), "{message}");
    }
}
