//! WebSocket messages: a text is a message exactly if it is a JSON object, and what was read is
//! written again.
//!
//! Input: the text of a frame.
#![no_main]

use clinspark_twilio::webhook::websocket::RawMessage;
use clinspark_twilio::webhook::websocket::relay::{RelayCommand, RelayMessage};
use clinspark_twilio::webhook::websocket::stream::{StreamCommand, StreamMessage};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

fuzz_target!(|text: &str| {
    let is_object = serde_json::from_str::<Map<String, Value>>(text).is_ok();
    let raw = RawMessage::parse(text);
    // The other parser is stricter: deep nesting, half surrogates, numbers out of range.
    assert!(raw.is_ok() || !is_object || text.len() > RawMessage::MAX_BYTES);
    if let Ok(raw) = raw {
        assert_eq!(raw.json(), text);
    }
    // Written again, a text may be longer: quotation marks are escaped.
    if text.len() > StreamMessage::MAX_BYTES / 4 {
        return;
    }
    if let Ok(message) = StreamMessage::parse(text) {
        assert_eq!(StreamMessage::parse(&message.to_json()), Ok(message));
    }
    if let Ok(message) = RelayMessage::parse(text) {
        assert_eq!(RelayMessage::parse(&message.to_json()), Ok(message));
    }
    if let Ok(command) = StreamCommand::parse(text) {
        assert_eq!(StreamCommand::parse(&command.to_json()), Ok(command));
    }
    if let Ok(command) = RelayCommand::parse(text) {
        assert_eq!(RelayCommand::parse(&command.to_json()), Ok(command));
    }
});
