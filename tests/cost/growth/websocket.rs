//! WebSocket messages, in both directions.
//!
//! At 8 times its size every message is still within the limit, so that it is read and not refused.

use std::hint::black_box;

use clinspark_twilio::webhook::websocket::RawMessage;
use clinspark_twilio::webhook::websocket::relay::{Digits, RelayCommand, RelayMessage};
use clinspark_twilio::webhook::websocket::stream::{Audio, StreamCommand, StreamMessage};
use serde_json::json;

use super::shapes::Shape;
use super::{Parser, Run, assert_growth};

const STREAM: &str = "MZ00000000000000000000000000000001";

#[test]
fn messages_grow_with_the_text() {
    assert_growth(&[
        Parser {
            name: "WebSocket message, anything",
            size: 4 << 10,
            prepare: |shape, size| read(shape.pieces(size).concat()),
        },
        Parser {
            name: "start, custom parameters",
            size: 512,
            prepare: |shape, size| {
                let parameters = object(shape, size);
                read(format!(
                    r#"{{"event":"start","start":{{"customParameters":{parameters}}}}}"#
                ))
            },
        },
        Parser {
            name: "start, tracks",
            size: 1 << 10,
            prepare: |shape, size| {
                let start = json!({ "tracks": shape.pieces(size) });
                read(json!({ "event": "start", "start": start }).to_string())
            },
        },
        Parser {
            name: "media, payload",
            size: 2 << 10,
            prepare: |shape, size| {
                let media = json!({ "payload": shape.pieces(size).concat() });
                read(json!({ "event": "media", "streamSid": STREAM, "media": media }).to_string())
            },
        },
        Parser {
            name: "setup, members",
            size: 512,
            prepare: |shape, size| {
                let members = object(shape, size);
                let members = members.trim_start_matches('{');
                read(format!(r#"{{"type":"setup","event":"stop",{members}"#))
            },
        },
        Parser {
            name: "setup, custom parameters",
            size: 512,
            prepare: |shape, size| {
                let parameters = object(shape, size);
                read(format!(
                    r#"{{"type":"setup","customParameters":{parameters}}}"#
                ))
            },
        },
        Parser {
            name: "prompt",
            size: 1 << 10,
            prepare: |shape, size| {
                let text = shape.pieces(size).concat();
                read(json!({ "type": "prompt", "voicePrompt": text, "token": text }).to_string())
            },
        },
        Parser {
            name: "nested members",
            size: 512,
            prepare: |shape, size| {
                let depth = shape.pieces(size).len();
                let (open, close) = (r#"{"media":"#.repeat(depth), "}".repeat(depth));
                read(format!(r#"{{"event":"media","media":{open}1{close}}}"#))
            },
        },
    ]);
}

#[test]
fn commands_grow_with_their_content() {
    assert_growth(&[
        Parser {
            name: "media command",
            size: 8 << 10,
            prepare: |shape, size| {
                let audio = Audio::mulaw(shape.pieces(size).concat().into_bytes());
                let command = StreamCommand::media(STREAM.parse().unwrap(), audio);
                let text = command.to_json();
                Box::new(move || {
                    black_box(command.to_json());
                    let _ = black_box(StreamCommand::parse(&text));
                })
            },
        },
        Parser {
            name: "Digits",
            size: 8 << 10,
            prepare: |shape, size| {
                let text = shape.pieces(size).concat();
                Box::new(move || {
                    let _ = black_box(Digits::parse(&text));
                })
            },
        },
    ]);
}

/// Returns an object with a member for each piece, also with repeated names.
fn object(shape: Shape, size: usize) -> String {
    let pieces = shape.pieces(size);
    let members = pieces.iter().map(|piece| format!("{0}:{0}", json!(piece)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// Reads a text by every parser, and writes it again.
fn read(text: String) -> Run {
    Box::new(move || {
        if let Ok(message) = black_box(StreamMessage::parse(&text)) {
            black_box(message.to_json());
        }
        if let Ok(message) = black_box(RelayMessage::parse(&text)) {
            black_box(message.to_json());
        }
        if let Ok(command) = black_box(StreamCommand::parse(&text)) {
            black_box(command.to_json());
        }
        if let Ok(command) = black_box(RelayCommand::parse(&text)) {
            black_box(command.to_json());
        }
        let _ = black_box(RawMessage::parse(&text));
    })
}
