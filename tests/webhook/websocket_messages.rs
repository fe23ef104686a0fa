//! WebSocket messages in the shapes of Twilio's documents, and their quirks.

use std::time::Duration;

use clinspark_twilio::phone::{Address, E164};
use clinspark_twilio::types::{CallDirection, CallStatus, StreamSid};
use clinspark_twilio::webhook::websocket::relay::{
    CallType, Digits, EndSession, InfoName, PlaySound, RelayCommand, RelayMessage, SwitchLanguage,
    TextToken,
};
use clinspark_twilio::webhook::websocket::stream::{
    Audio, MediaTrack, StreamCommand, StreamMessage,
};
use clinspark_twilio::webhook::websocket::{CustomParameters, ParseErrorKind, RawMessage};
use serde_json::{Value, json};

const STREAM: &str = "MZ00000000000000000000000000000001";
const CALL: &str = "CA00000000000000000000000000000001";
const ACCOUNT: &str = "AC00000000000000000000000000000001";

fn stream_sid() -> StreamSid {
    StreamSid::parse(STREAM).unwrap()
}

#[track_caller]
fn stream(message: &Value) -> StreamMessage {
    StreamMessage::parse(&message.to_string()).unwrap()
}

#[track_caller]
fn relay(message: &Value) -> RelayMessage {
    RelayMessage::parse(&message.to_string()).unwrap()
}

/// Compares texts as JSON, independently of the order of members.
#[track_caller]
fn assert_json(text: &str, expected: &Value) {
    assert_eq!(&serde_json::from_str::<Value>(text).unwrap(), expected);
}

#[test]
fn a_stream_connects_and_starts() {
    let connected = json!({"event": "connected", "protocol": "Call", "version": "1.0.0"});
    let StreamMessage::Connected(message) = stream(&connected) else {
        panic!()
    };
    assert_eq!(message.protocol.as_deref(), Some("Call"));
    assert_eq!(message.version.as_deref(), Some("1.0.0"));

    let text = json!({
        "event": "start", "sequenceNumber": "1", "streamSid": STREAM,
        "start": {
            "accountSid": ACCOUNT, "streamSid": STREAM, "callSid": CALL,
            "tracks": ["inbound", "outbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"visit": "visit-1", "arm": "placebo"},
        },
    });
    let StreamMessage::Start(start) = stream(&text) else {
        panic!()
    };
    assert_eq!(start.sequence_number, Some(1));
    assert_eq!(start.stream_sid, Some(stream_sid()));
    assert_eq!(start.call_sid.unwrap().as_str(), CALL);
    assert_eq!(start.account_sid.unwrap().as_str(), ACCOUNT);
    assert_eq!(start.tracks, [MediaTrack::Inbound, MediaTrack::Outbound]);
    assert_eq!(
        start.media_format.encoding.as_deref(),
        Some("audio/x-mulaw")
    );
    assert_eq!(start.media_format.sample_rate, Some(8000));
    assert_eq!(start.media_format.channels, Some(1));
    assert_eq!(start.custom_parameters.value("visit"), Some("visit-1"));
    assert_json(&StreamMessage::Start(start).to_json(), &text);
    assert_json(&StreamMessage::Connected(message).to_json(), &connected);
}

#[test]
fn audio_is_decoded_and_encoded() {
    // 20 ms of silence, encoded by hand: 160 bytes of 0xFF are 53 groups and one byte.
    let payload = "////".repeat(53) + "/w==";
    let text = json!({
        "event": "media", "sequenceNumber": "4", "streamSid": STREAM,
        "media": {"track": "outbound", "chunk": "2", "timestamp": "5", "payload": payload},
    });
    let StreamMessage::Media(media) = stream(&text) else {
        panic!()
    };
    assert_eq!((media.sequence_number, media.chunk), (Some(4), Some(2)));
    assert_eq!(media.track, Some(MediaTrack::Outbound));
    assert_eq!(media.timestamp, Some(Duration::from_millis(5)));
    let audio = media.audio.clone().unwrap();
    assert_eq!(audio.as_bytes(), [0xFF; 160]);
    assert_eq!(audio.duration(), Duration::from_millis(20));
    assert_json(&StreamMessage::Media(media).to_json(), &text);

    let command = StreamCommand::media(stream_sid(), audio);
    assert_json(
        &command.to_json(),
        &json!({"event": "media", "streamSid": STREAM, "media": {"payload": payload}}),
    );
    // Base64 of the RFC's own examples.
    for (bytes, text) in [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foobar", "Zm9vYmFy"),
    ] {
        let command = StreamCommand::media(stream_sid(), Audio::mulaw(bytes.as_bytes()));
        let json = serde_json::from_str::<Value>(&command.to_json()).unwrap();
        assert_eq!(json["media"]["payload"], text);
        assert_eq!(StreamCommand::parse(&json.to_string()), Ok(command));
    }
}

#[test]
fn digits_marks_and_the_end_of_a_stream() {
    let text = json!({
        "event": "dtmf", "streamSid": STREAM, "sequenceNumber": "5",
        "dtmf": {"track": "inbound_track", "digit": "#"},
    });
    let StreamMessage::Dtmf(dtmf) = stream(&text) else {
        panic!()
    };
    assert_eq!(dtmf.digit.as_ref().unwrap().expose(), "#");
    assert_eq!(dtmf.track.as_deref(), Some("inbound_track"));
    assert_json(&StreamMessage::Dtmf(dtmf).to_json(), &text);

    let text = json!({
        "event": "mark", "sequenceNumber": "6", "streamSid": STREAM, "mark": {"name": "greeting"},
    });
    let StreamMessage::Mark(mark) = stream(&text) else {
        panic!()
    };
    assert_eq!(mark.name.as_ref().unwrap().expose(), "greeting");
    assert_json(&StreamMessage::Mark(mark).to_json(), &text);

    let text = json!({
        "event": "stop", "sequenceNumber": "7", "streamSid": STREAM,
        "stop": {"accountSid": ACCOUNT, "callSid": CALL},
    });
    let StreamMessage::Stop(stop) = stream(&text) else {
        panic!()
    };
    assert_eq!(stop.call_sid.unwrap().as_str(), CALL);
    assert_json(&StreamMessage::Stop(stop).to_json(), &text);

    assert_json(
        &StreamCommand::mark(stream_sid(), "greeting \"1\"").to_json(),
        &json!({"event": "mark", "streamSid": STREAM, "mark": {"name": "greeting \"1\""}}),
    );
    assert_json(
        &StreamCommand::clear(stream_sid()).to_json(),
        &json!({"event": "clear", "streamSid": STREAM}),
    );
}

#[test]
fn an_odd_field_costs_that_field_only() {
    let media = |media: Value| {
        let text = json!({
            "event": "media", "sequenceNumber": "x", "streamSid": "MZ1", "media": media,
        });
        let StreamMessage::Media(media) = stream(&text) else {
            panic!()
        };
        assert_eq!((media.sequence_number, media.stream_sid), (None, None));
        media
    };
    let odd =
        media(json!({"track": "inbound", "chunk": -1, "timestamp": [], "payload": "not base64"}));
    assert_eq!(odd.track, Some(MediaTrack::Inbound));
    assert_eq!((odd.chunk, odd.timestamp, odd.audio), (None, None, None));
    for nothing in [json!(null), json!("x"), json!([1]), json!({})] {
        assert_eq!(media(nothing).audio, None);
    }
    // Numbers where Twilio sends texts, and texts where it sends numbers.
    let numbers = media(json!({"chunk": 3, "timestamp": 40, "track": "sideways"}));
    assert_eq!(numbers.chunk, Some(3));
    assert_eq!(numbers.timestamp, Some(Duration::from_millis(40)));
    assert_eq!(numbers.track.unwrap().as_str(), "sideways");

    let text = json!({"event": "start", "start": {
        "streamSid": STREAM, "tracks": ["inbound", 7, null],
        "mediaFormat": {"sampleRate": "8000", "channels": "one"},
        "customParameters": {"count": 2, "nested": {"a": 1}, "none": null, "flag": true},
    }});
    let StreamMessage::Start(start) = stream(&text) else {
        panic!()
    };
    assert_eq!(start.stream_sid, Some(stream_sid()));
    assert_eq!(start.tracks, [MediaTrack::Inbound]);
    assert_eq!(start.media_format.sample_rate, Some(8000));
    assert_eq!(start.media_format.channels, None);
    let parameters: Vec<_> = start.custom_parameters.iter().collect();
    assert_eq!(
        parameters,
        [("count", "2"), ("flag", "true"), ("nested", r#"{"a":1}"#)]
    );
}

#[test]
fn escapes_and_repeated_members_are_read_as_javascript_reads_them() {
    let text = format!(
        r#"{{"event":"media","media":{{"payload":"\u002f\/8="}},"streamSid":"x","streamSid":"{STREAM}"}}"#
    );
    let StreamMessage::Media(media) = StreamMessage::parse(&text).unwrap() else {
        panic!()
    };
    assert_eq!(media.audio.unwrap().as_bytes(), [0xFF, 0xFF]);
    assert_eq!(media.stream_sid, Some(stream_sid()));

    // Half an emoji is no text; the rest is read.
    let text = r#"{"type":"prompt","voicePrompt":"\ud83d","lang":"en-US","last":true}"#;
    let RelayMessage::Prompt(prompt) = RelayMessage::parse(text).unwrap() else {
        panic!()
    };
    assert_eq!((prompt.voice_prompt, prompt.last), (None, Some(true)));
    assert_eq!(prompt.lang.as_deref(), Some("en-US"));

    let repeated = CustomParameters::new([("a", "1"), ("a", "2")]);
    assert_eq!(repeated.value("a"), Some("2"));
}

#[test]
fn a_session_starts() {
    let text = json!({
        "type": "setup", "sessionId": "VX00000000000000000000000000000001", "accountSid": ACCOUNT,
        "callSid": CALL, "parentCallSid": "", "from": "+14155550123", "to": "+14155550199",
        "forwardedFrom": "", "callerName": "", "direction": "inbound", "callType": "PSTN",
        "callStatus": "IN_PROGRESS", "customParameters": {},
    });
    let RelayMessage::Setup(setup) = relay(&text) else {
        panic!()
    };
    assert_eq!(
        setup.session_id.as_deref(),
        Some("VX00000000000000000000000000000001")
    );
    assert_eq!(setup.call_sid.unwrap().as_str(), CALL);
    let from = Address::Phone(E164::parse("+14155550123").unwrap());
    assert_eq!(setup.from, Some(from));
    assert_eq!(setup.parent_call_sid, None);
    assert_eq!((&setup.forwarded_from, &setup.caller_name), (&None, &None));
    assert_eq!(setup.direction, Some(CallDirection::Inbound));
    assert_eq!(setup.call_type, Some(CallType::Pstn));
    assert_eq!(setup.call_status, Some(CallStatus::InProgress));
    assert_json(&RelayMessage::Setup(setup).to_json(), &text);

    let RelayMessage::Setup(setup) = relay(&json!({
        "type": "setup", "callStatus": "RINGING", "callType": "SIP", "direction": "outbound-api",
        "from": "", "parentCallSid": CALL, "callerName": "Ada", "forwardedFrom": "+14155550188",
    })) else {
        panic!()
    };
    assert_eq!(setup.call_status, Some(CallStatus::Ringing));
    assert_eq!(setup.call_type, Some(CallType::Sip));
    assert_eq!(setup.direction, Some(CallDirection::OutboundApi));
    assert!(matches!(setup.from, Some(Address::Withheld(_))));
    assert_eq!(setup.to, None);
    assert_eq!(setup.parent_call_sid.unwrap().as_str(), CALL);
    assert_eq!(setup.caller_name.unwrap().expose(), "Ada");
    assert!(setup.forwarded_from.is_some());
}

#[test]
fn a_caller_speaks_presses_and_interrupts() {
    let text =
        json!({"type": "prompt", "voicePrompt": "I will come", "lang": "en-US", "last": false});
    let RelayMessage::Prompt(prompt) = relay(&text) else {
        panic!()
    };
    assert_eq!(
        prompt.voice_prompt.as_ref().unwrap().expose(),
        "I will come"
    );
    assert_eq!(
        (prompt.lang.as_deref(), prompt.last),
        (Some("en-US"), Some(false))
    );
    assert_json(&RelayMessage::Prompt(prompt).to_json(), &text);

    let text = json!({"type": "dtmf", "digit": "1"});
    let RelayMessage::Dtmf(Some(digit)) = relay(&text) else {
        panic!()
    };
    assert_eq!(digit.expose(), "1");
    assert_json(&RelayMessage::Dtmf(Some(digit)).to_json(), &text);

    let text = json!({
        "type": "interrupt", "utteranceUntilInterrupt": "", "durationUntilInterruptMs": 460,
    });
    let RelayMessage::Interrupt(interrupt) = relay(&text) else {
        panic!()
    };
    assert_eq!(
        interrupt
            .utterance_until_interrupt
            .as_ref()
            .unwrap()
            .expose(),
        ""
    );
    assert_eq!(
        interrupt.duration_until_interrupt,
        Some(Duration::from_millis(460))
    );
    assert_json(&RelayMessage::Interrupt(interrupt).to_json(), &text);

    let text = json!({"type": "error", "description": "Invalid message received"});
    let RelayMessage::Error(Some(error)) = relay(&text) else {
        panic!()
    };
    assert_json(&RelayMessage::Error(Some(error)).to_json(), &text);

    let text = json!({"type": "info", "name": "roundTripDelayMs", "value": "148"});
    let RelayMessage::Info(info) = relay(&text) else {
        panic!()
    };
    assert_eq!(info.name, Some(InfoName::RoundTripDelayMs));
    assert_eq!(info.value.as_ref().unwrap().expose(), "148");
    assert_eq!(info.timestamp_ms, None);
    assert_json(&RelayMessage::Info(info).to_json(), &text);
    let RelayMessage::Info(info) = relay(&json!({
        "type": "info", "name": "agentSpeaking", "value": "on", "ts": 1_798_000_000_000_u64,
    })) else {
        panic!()
    };
    assert_eq!(info.name, Some(InfoName::AgentSpeaking));
    assert_eq!(info.timestamp_ms, Some(1_798_000_000_000));
}

#[test]
fn an_agent_speaks_plays_and_ends() {
    let written: [(RelayCommand, Value); 8] = [
        (
            RelayCommand::Text(TextToken::new("Good").lang("en-US").interruptible(true)),
            json!({"type": "text", "token": "Good", "lang": "en-US", "interruptible": true}),
        ),
        (
            RelayCommand::Text(TextToken::new("").last(true).preemptible(false)),
            json!({"type": "text", "token": "", "last": true, "preemptible": false}),
        ),
        (
            RelayCommand::Play(
                PlaySound::new("https://acme.example.com/a.mp3")
                    .repetitions(0)
                    .preemptible(true)
                    .interruptible(false),
            ),
            json!({"type": "play", "source": "https://acme.example.com/a.mp3", "loop": 0,
                "preemptible": true, "interruptible": false}),
        ),
        (
            RelayCommand::SendDigits(Digits::parse("9w123#*").unwrap()),
            json!({"type": "sendDigits", "digits": "9w123#*"}),
        ),
        (
            RelayCommand::Language(SwitchLanguage::speech("es-US")),
            json!({"type": "language", "ttsLanguage": "es-US"}),
        ),
        (
            RelayCommand::Language(SwitchLanguage::both("es-US")),
            json!({"type": "language", "ttsLanguage": "es-US", "transcriptionLanguage": "es-US"}),
        ),
        (RelayCommand::End(EndSession::new()), json!({"type": "end"})),
        (
            RelayCommand::End(EndSession::new().handoff_data(r#"{"reason":"nurse"}"#)),
            json!({"type": "end", "handoffData": r#"{"reason":"nurse"}"#}),
        ),
    ];
    for (command, json) in written {
        assert_json(&command.to_json(), &json);
        assert_eq!(RelayCommand::parse(&json.to_string()), Ok(command));
    }
    let recognition = RelayCommand::Language(SwitchLanguage::recognition("es-US"));
    assert_json(
        &recognition.to_json(),
        &json!({"type": "language", "transcriptionLanguage": "es-US"}),
    );
}

#[test]
fn digits_that_twilio_would_drop_are_refused() {
    for odd in ["", "12a", "W", "+1", "1 2", "1\u{661}", "ABCD"] {
        assert!(Digits::parse(odd).is_err(), "{odd}");
        let json = json!({"type": "sendDigits", "digits": odd}).to_string();
        assert!(matches!(
            RelayCommand::parse(&json),
            Ok(RelayCommand::Other(_))
        ));
    }
}

#[test]
fn unknown_events_keep_their_text() {
    for text in [
        r#"{"event":"warmup","streamSid":"x", "n":1.50}"#,
        r#"{"event":7}"#,
        r#"{"type":"configUpdated","config":{"eotThreshold":0.8}}"#,
        "{}",
    ] {
        let StreamMessage::Other(raw) = StreamMessage::parse(text).unwrap() else {
            panic!("{text}")
        };
        assert_eq!(raw.json(), text);
        let message = RelayMessage::parse(text).unwrap();
        assert_eq!(message, RelayMessage::Other(raw.clone()));
        assert_eq!(message.to_json(), text);
        assert_eq!(RelayCommand::parse(text).unwrap().to_json(), text);
        assert_eq!(StreamCommand::parse(text).unwrap().to_json(), text);
        assert_eq!(RawMessage::parse(text), Ok(raw));
    }
    // A command of which a required field is missing.
    for odd in [
        json!({"event": "clear"}),
        json!({"event": "mark", "streamSid": STREAM}),
        json!({"event": "media", "streamSid": STREAM, "media": {"payload": "*"}}),
    ] {
        let command = StreamCommand::parse(&odd.to_string()).unwrap();
        assert!(matches!(command, StreamCommand::Other(_)), "{odd}");
    }
    for odd in [
        json!({"type": "text", "token": null}),
        json!({"type": "play"}),
        json!({"type": "language"}),
    ] {
        let command = RelayCommand::parse(&odd.to_string()).unwrap();
        assert!(matches!(command, RelayCommand::Other(_)), "{odd}");
    }
}

#[test]
fn other_text_is_refused() {
    for text in [
        "",
        "x",
        "[]",
        "7",
        "null",
        "\"{}\"",
        "{",
        "{}{}",
        "{\"event\"}",
        "\u{FEFF}{}",
    ] {
        let error = StreamMessage::parse(text).unwrap_err();
        assert_eq!(error.kind(), ParseErrorKind::NotAnObject, "{text}");
        assert!(RelayMessage::parse(text).is_err());
        assert!(StreamCommand::parse(text).is_err());
        assert!(RelayCommand::parse(text).is_err());
        assert!(RawMessage::parse(text).is_err());
    }
    let error = RelayMessage::parse("[]").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the WebSocket message cannot be read: it is not a JSON object; check that Twilio opened \
         the WebSocket"
    );
}

#[test]
fn long_text_is_refused_unread() {
    let of_length = |length: usize| {
        let frame = r#"{"event":"x","type":"x","a":""}"#;
        frame.replace("\"\"", &format!("\"{}\"", "x".repeat(length - frame.len())))
    };
    let kind = |limit| ParseErrorKind::TooLong(limit);
    let limit = StreamMessage::MAX_BYTES;
    assert!(StreamMessage::parse(&of_length(limit)).is_ok());
    let error = StreamMessage::parse(&of_length(limit + 1)).unwrap_err();
    assert_eq!(error.kind(), kind(limit));
    assert_eq!(
        error.to_string(),
        "the WebSocket message cannot be read: it is longer than 65536 bytes; close the WebSocket"
    );
    let limit = RelayMessage::MAX_BYTES;
    assert!(RelayMessage::parse(&of_length(limit)).is_ok());
    let error = RelayMessage::parse(&of_length(limit + 1)).unwrap_err();
    assert_eq!(error.kind(), kind(limit));
    let limit = RelayCommand::MAX_BYTES;
    assert!(RelayCommand::parse(&of_length(limit)).is_ok());
    assert!(RelayCommand::parse(&of_length(limit + 1)).is_err());
    assert!(RawMessage::parse(&of_length(limit + 1)).is_err());
    let limit = StreamCommand::MAX_BYTES;
    assert!(StreamCommand::parse(&of_length(limit)).is_ok());
    assert!(StreamCommand::parse(&of_length(limit + 1)).is_err());
    // Ten minutes of audio, the most that Twilio buffers, are within the limit.
    let audio = Audio::mulaw(vec![0xFF; 600 * 8_000]);
    assert_eq!(audio.duration(), Duration::from_secs(600));
    let command = StreamCommand::media(stream_sid(), audio);
    assert_eq!(StreamCommand::parse(&command.to_json()), Ok(command));
}

#[test]
fn brackets_do_not_exhaust_the_stack() {
    let open = "[".repeat(30_000);
    for text in [
        format!(r#"{{"event":"media","media":{open}"#),
        format!(
            r#"{{"type":"setup","customParameters":{{"a":{open}{}}}}}"#,
            "]".repeat(30_000)
        ),
        r#"{"media":"#.repeat(7_000),
    ] {
        let _ = StreamMessage::parse(&text);
        let _ = RelayMessage::parse(&text);
    }
}
