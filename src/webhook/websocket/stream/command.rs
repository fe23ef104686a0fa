//! Messages that the application sends.

use super::super::error::{ParseError, read};
use super::super::raw::RawMessage;
use super::audio::Audio;
use crate::types::{Redacted, StreamSid};
use crate::webhook::json::Writer;

/// Message that the application sends on the WebSocket of a `<Connect><Stream>`.
///
/// Twilio does not accept extra fields, so a command has exactly those of its event.
///
/// Source: <https://www.twilio.com/docs/voice/media-streams/websocket-messages>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StreamCommand {
    /// Plays audio (`media`).
    Media(MediaCommand),
    /// Marks a position in the audio (`mark`).
    Mark(MarkCommand),
    /// Clears the audio that was not played yet (`clear`). Twilio echoes every pending mark.
    Clear(StreamSid),
    /// Message that has no type in this version of the crate.
    Other(RawMessage),
}

/// Audio to play.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MediaCommand {
    /// SID of the stream.
    pub stream_sid: StreamSid,
    /// Audio, of any length.
    pub audio: Audio,
}

/// Position in the audio.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MarkCommand {
    /// SID of the stream.
    pub stream_sid: StreamSid,
    /// Name of the mark.
    pub name: Redacted<String>,
}

impl StreamCommand {
    /// Limit for a command, in bytes: 8 MiB. Ten minutes of audio, which Twilio buffers, are 6.4 MB.
    pub const MAX_BYTES: usize = 8 << 20;

    /// Plays audio of any length, after the audio that was sent before.
    #[must_use]
    pub const fn media(stream_sid: StreamSid, audio: Audio) -> Self {
        Self::Media(MediaCommand { stream_sid, audio })
    }

    /// Marks the end of the audio that was sent so far.
    ///
    /// Twilio echoes the mark when that audio was played, and at once if none is buffered.
    pub fn mark(stream_sid: StreamSid, name: impl Into<String>) -> Self {
        let name = Redacted::new(name.into());
        Self::Mark(MarkCommand { stream_sid, name })
    }

    /// Clears the audio that was not played yet, to let the caller interrupt.
    #[must_use]
    pub const fn clear(stream_sid: StreamSid) -> Self {
        Self::Clear(stream_sid)
    }

    /// Reads a command, for the test of an application. A command without a field that Twilio
    /// requires is [`Other`](Self::Other).
    ///
    /// # Errors
    ///
    /// Returns [`ParseError`] if the text is not a JSON object, or longer than
    /// [`MAX_BYTES`](Self::MAX_BYTES).
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let message = read(text, Self::MAX_BYTES)?;
        let command = || {
            let stream_sid = message.value("streamSid")?;
            Some(match &*message.text("event")? {
                "media" => {
                    let payload = message.object("media")?.raw_text("payload")?;
                    Self::media(stream_sid, Audio::decode(&payload)?)
                }
                "mark" => Self::mark(stream_sid, message.object("mark")?.raw_text("name")?),
                "clear" => Self::clear(stream_sid),
                _ => return None,
            })
        };
        Ok(command().unwrap_or_else(|| Self::Other(RawMessage::new(text))))
    }

    /// Writes the command as the text of a frame. Audio is encoded directly into the text.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Writer::new();
        match self {
            Self::Media(media) => {
                json.text("event", Some("media"));
                json.digits("streamSid", Some(media.stream_sid));
                json.object("media", |json| {
                    json.base64("payload", Some(media.audio.as_bytes()));
                });
            }
            Self::Mark(mark) => {
                json.text("event", Some("mark"));
                json.digits("streamSid", Some(mark.stream_sid));
                json.object("mark", |json| json.hidden("name", Some(&mark.name)));
            }
            Self::Clear(stream_sid) => {
                json.text("event", Some("clear"));
                json.digits("streamSid", Some(stream_sid));
            }
            Self::Other(message) => return message.json().to_owned(),
        }
        json.finish()
    }
}
