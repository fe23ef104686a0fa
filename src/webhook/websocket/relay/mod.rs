//! Messages of `ConversationRelay`.
//!
//! Twilio turns the caller's speech into [`VoicePrompt`]s, and [`TextToken`]s into speech.
//!
//! ```
//! use clinspark_twilio::webhook::websocket::relay::{RelayCommand, RelayMessage, TextToken};
//!
//! let text = r#"{"type":"prompt","voicePrompt":"When is my visit?","lang":"en-US","last":true}"#;
//! let RelayMessage::Prompt(prompt) = RelayMessage::parse(text)? else { panic!() };
//! assert_eq!(prompt.voice_prompt.unwrap().expose(), "When is my visit?");
//!
//! let answer = TextToken::new("Your visit is at nine.").last(true);
//! assert_eq!(
//!     RelayCommand::Text(answer).to_json(),
//!     r#"{"type":"text","token":"Your visit is at nine.","last":true}"#,
//! );
//! # Ok::<(), clinspark_twilio::webhook::websocket::ParseError>(())
//! ```
//!
//! - Twilio drops a faulty command, sends [`RelayMessage::Error`] and reports 64107. After ten
//!   unidentified messages in a row it closes the WebSocket with 1007 and reports 64105.
//! - Send [`RelayCommand::End`] and let Twilio close the WebSocket. An application that closes it
//!   first may turn the session into `failed`, by one report.
//! - If the WebSocket breaks, the session is `failed` and not resumed. With
//!   `applicationReconnect="true"` (October 2026) Twilio buffers up to 500 events and replays them
//!   after a reconnect.
//!
//! Source: <https://www.twilio.com/docs/voice/conversationrelay/websocket-messages>

mod command;
mod digits;
mod message;

pub use command::{EndSession, PlaySound, RelayCommand, SwitchLanguage, TextToken};
pub use digits::{Digits, DigitsError};
pub use message::{
    CallType, InfoName, Interruption, RelayMessage, SessionInfo, SessionSetup, VoicePrompt,
};
