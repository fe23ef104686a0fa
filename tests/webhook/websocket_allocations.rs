//! Audio is copied once: from base64 into bytes, and from bytes into the text of a command.

use clinspark_twilio::webhook::websocket::stream::{Audio, StreamCommand, StreamMessage};
use serde_json::json;

const STREAM: &str = "MZ00000000000000000000000000000001";
/// Two seconds of audio, and the length of its base64.
const SAMPLES: u64 = 16_000;
const ENCODED: u64 = 21_336;
/// Allowance for small allocations.
const SMALL: u64 = 1_000;

#[test]
fn audio_is_copied_once() {
    let audio = Audio::mulaw(vec![0x55; usize::try_from(SAMPLES).unwrap()]);
    let command = StreamCommand::media(STREAM.parse().unwrap(), audio.clone());
    let mut json = String::new();
    let written = allocation_counter::measure(|| json = command.to_json());
    assert!(
        written.bytes_total < ENCODED + SMALL,
        "{} bytes allocated",
        written.bytes_total
    );
    let payload = json.split('"').rev().nth(1).unwrap();
    assert_eq!(payload.len() as u64, ENCODED);

    let media = json!({ "track": "inbound", "chunk": "1", "timestamp": "5", "payload": payload });
    let text = json!({
        "event": "media", "sequenceNumber": "3", "streamSid": STREAM, "media": media,
    })
    .to_string();
    let mut message = None;
    let read = allocation_counter::measure(|| message = StreamMessage::parse(&text).ok());
    assert!(
        read.bytes_total < SAMPLES + SMALL,
        "{} bytes allocated",
        read.bytes_total
    );
    let Some(StreamMessage::Media(media)) = message else {
        panic!("{message:?}")
    };
    assert_eq!(media.audio, Some(audio));

    // An echo shares the bytes.
    let echo = allocation_counter::measure(|| drop(media.audio.clone()));
    assert_eq!(echo.bytes_total, 0);
}
