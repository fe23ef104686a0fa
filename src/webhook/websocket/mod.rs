//! Messages of the WebSocket that Twilio opens for a call: [`stream`] for `<Stream>`, [`relay`] for
//! `<ConversationRelay>`.
//!
//! The module reads and writes text. It works with any WebSocket library, and depends on none.
//!
//! 1. Verify the handshake with
//!    [`Validator::verify_websocket`](crate::webhook::Validator::verify_websocket) before answering
//!    101. Any other answer is Twilio's error 31920 for a stream.
//! 2. Read each text frame: [`StreamMessage::parse`](stream::StreamMessage::parse) or
//!    [`RelayMessage::parse`](relay::RelayMessage::parse).
//! 3. Send commands as text frames: [`StreamCommand::to_json`](stream::StreamCommand::to_json) or
//!    [`RelayCommand::to_json`](relay::RelayCommand::to_json).
//!
//! ```
//! use clinspark_twilio::webhook::websocket::stream::{StreamCommand, StreamMessage};
//!
//! let text = r#"{"event":"media","sequenceNumber":"3",
//!     "streamSid":"MZ00000000000000000000000000000001",
//!     "media":{"track":"inbound","chunk":"1","timestamp":"5","payload":"f39/fw=="}}"#;
//! let StreamMessage::Media(media) = StreamMessage::parse(text)? else { panic!() };
//! let (Some(stream), Some(audio)) = (media.stream_sid, media.audio) else { panic!() };
//! assert_eq!(audio.as_bytes(), [0x7F; 4]);
//!
//! // The caller hears the same sound.
//! assert_eq!(
//!     StreamCommand::media(stream, audio).to_json(),
//!     r#"{"event":"media","streamSid":"MZ00000000000000000000000000000001","media":{"payload":"f39/fw=="}}"#,
//! );
//! # Ok::<(), clinspark_twilio::webhook::websocket::ParseError>(())
//! ```
//!
//! # Rules
//!
//! - A signed handshake can be replayed, because its signature never expires. Compare `call_sid` of
//!   the first message with a call that is in progress, and accept each session once.
//! - Set the message limit of the WebSocket library to the `MAX_BYTES` of the message type. The
//!   library buffers a message before this module sees it.
//! - A field that is missing or odd is `None`. An event that this version does not know is
//!   [`Other`](stream::StreamMessage::Other) and keeps its text.
//! - `Debug` shows no audio, speech, digits, numbers or custom parameters.
//! - Twilio opens one WebSocket for each stream or session, and does not reconnect by default.
//!
//! Twilio documents no ping. Answer pings, as every WebSocket library does.

mod custom_parameters;
mod error;
mod raw;
pub mod relay;
pub mod stream;

pub use custom_parameters::CustomParameters;
pub use error::{ParseError, ParseErrorKind};
pub use raw::RawMessage;
