//! Messages of Media Streams (`<Stream>`).
//!
//! | | `<Start><Stream>`, REST | `<Connect><Stream>` |
//! |---|---|---|
//! | direction | the application only listens | both |
//! | tracks | `inbound_track` (default), `outbound_track`, `both_tracks` | `inbound_track` only; another value is error 31941 |
//! | digits, marks, clearing | no | yes; the application cannot send digits |
//! | limit | 4 tracks at a time per call | 1 stream per call |
//! | `TwiML` | the next verb runs at once; without one, the call ends | the next verb runs after the application closes the WebSocket |
//! | end | `<Stop><Stream>`, REST, or the end of the call | the application closes the WebSocket, or the call ends |
//!
//! Twilio warns once per stream about a faulty command: 31950 for a binary frame, 31951 for an
//! unknown event, a missing or extra field, or another stream's SID. It warns of more than 10
//! minutes of buffered audio with 31931.
//!
//! Source: <https://www.twilio.com/docs/voice/media-streams/websocket-messages>

mod audio;
mod command;
mod message;

pub use audio::Audio;
pub use command::{MarkCommand, MediaCommand, StreamCommand};
pub use message::{
    MediaFormat, MediaTrack, StreamConnected, StreamDtmf, StreamMark, StreamMedia, StreamMessage,
    StreamStart, StreamStop,
};
