//! Messages that Twilio sends.

use std::time::Duration;

use super::super::custom_parameters::CustomParameters;
use super::super::error::{ParseError, read};
use super::super::raw::RawMessage;
use super::audio::Audio;
use crate::types::{AccountSid, CallSid, Redacted, StreamSid, open_enum};
use crate::webhook::json::{Object, Writer};

open_enum! {
    /// Track of a call. `TwiML` spells the same tracks `inbound_track` and `outbound_track`.
    ///
    /// Source: <https://www.twilio.com/docs/voice/media-streams/websocket-messages>
    pub enum MediaTrack {
        /// Audio that Twilio receives.
        Inbound = "inbound",
        /// Audio that Twilio plays.
        Outbound = "outbound",
    }
}

/// Message that Twilio sends on the WebSocket of a stream.
///
/// The first two messages are [`Connected`](Self::Connected) and [`Start`](Self::Start).
///
/// Source: <https://www.twilio.com/docs/voice/media-streams/websocket-messages>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StreamMessage {
    /// The WebSocket is open (`connected`).
    Connected(StreamConnected),
    /// The stream starts (`start`). Sent once.
    Start(Box<StreamStart>),
    /// Audio (`media`), usually 20 ms.
    Media(StreamMedia),
    /// Pressed digit (`dtmf`). Sent only in `<Connect><Stream>`.
    Dtmf(StreamDtmf),
    /// The audio before a mark was played or cleared (`mark`). Sent only in `<Connect><Stream>`.
    Mark(StreamMark),
    /// The stream stopped or the call ended (`stop`). Twilio then closes the WebSocket.
    Stop(StreamStop),
    /// Event newer than this version of the crate, or a message without an event.
    Other(RawMessage),
}

/// Protocol of the WebSocket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamConnected {
    /// Protocol: `Call`.
    pub protocol: Option<String>,
    /// Version of the protocol, such as `1.0.0`.
    pub version: Option<String>,
}

/// Start of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamStart {
    /// Position in the order of all messages but [`StreamConnected`]: 1.
    pub sequence_number: Option<u64>,
    /// SID of the stream. Commands name it.
    pub stream_sid: Option<StreamSid>,
    /// Account or subaccount of the call.
    pub account_sid: Option<AccountSid>,
    /// SID of the call.
    pub call_sid: Option<CallSid>,
    /// Tracks of the stream.
    pub tracks: Vec<MediaTrack>,
    /// Format of the audio.
    pub media_format: MediaFormat,
    /// Parameters of the `<Parameter>` elements. Values are shorter than 500 characters.
    pub custom_parameters: CustomParameters,
}

/// Format of the audio: `audio/x-mulaw`, 8000 Hz, one channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MediaFormat {
    /// Encoding: `audio/x-mulaw`.
    pub encoding: Option<String>,
    /// Samples of one second: 8000.
    pub sample_rate: Option<u32>,
    /// Number of channels: 1.
    pub channels: Option<u32>,
}

/// Audio of one track.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamMedia {
    /// Position in the order of all messages but [`StreamConnected`].
    pub sequence_number: Option<u64>,
    /// SID of the stream.
    pub stream_sid: Option<StreamSid>,
    /// Track of the audio.
    pub track: Option<MediaTrack>,
    /// Position in the order of media messages, from 1. Twilio's example suggests one count for
    /// both tracks, but the documentation does not say so.
    pub chunk: Option<u64>,
    /// Time since the start of the stream, to the millisecond.
    pub timestamp: Option<Duration>,
    /// Audio. `None` if the payload is not base64.
    pub audio: Option<Audio>,
}

/// Pressed digit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamDtmf {
    /// Position in the order of all messages but [`StreamConnected`].
    pub sequence_number: Option<u64>,
    /// SID of the stream.
    pub stream_sid: Option<StreamSid>,
    /// Track of the digit: always `inbound_track`.
    pub track: Option<String>,
    /// Digit: `0` to `9`, `*`, `#`.
    pub digit: Option<Redacted<String>>,
}

/// Mark whose audio was played, or cleared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamMark {
    /// Position in the order of all messages but [`StreamConnected`].
    pub sequence_number: Option<u64>,
    /// SID of the stream.
    pub stream_sid: Option<StreamSid>,
    /// Name that the application gave the mark.
    pub name: Option<Redacted<String>>,
}

/// End of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamStop {
    /// Position in the order of all messages but [`StreamConnected`].
    pub sequence_number: Option<u64>,
    /// SID of the stream.
    pub stream_sid: Option<StreamSid>,
    /// Account or subaccount of the call.
    pub account_sid: Option<AccountSid>,
    /// SID of the call.
    pub call_sid: Option<CallSid>,
}

impl StreamMessage {
    /// Limit for a message, in bytes: 64 KiB. Messages of Twilio usually hold 300 bytes.
    pub const MAX_BYTES: usize = 64 << 10;

    /// Reads a message from a text frame.
    ///
    /// # Errors
    ///
    /// Returns [`ParseError`] if the text is not a JSON object, or longer than
    /// [`MAX_BYTES`](Self::MAX_BYTES). Unknown events and odd fields are not errors.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let message = read(text, Self::MAX_BYTES)?;
        // Twilio writes these numbers as texts, and others as numbers. Either is read.
        let sequence_number = message.number("sequenceNumber");
        let stream_sid = message.value("streamSid");
        // A message whose part is missing still tells its event.
        let part = |name| message.object(name).unwrap_or_default();
        let event = message.text("event");
        Ok(match event.as_deref() {
            Some("connected") => Self::Connected(StreamConnected {
                protocol: message.string("protocol"),
                version: message.string("version"),
            }),
            Some("start") => {
                let start = part("start");
                Self::Start(Box::new(StreamStart {
                    sequence_number,
                    // Twilio writes it twice.
                    stream_sid: stream_sid.or_else(|| start.value("streamSid")),
                    account_sid: start.value("accountSid"),
                    call_sid: start.value("callSid"),
                    tracks: tracks(&start),
                    media_format: MediaFormat::read(&start),
                    custom_parameters: CustomParameters::read(&start),
                }))
            }
            Some("media") => {
                let media = part("media");
                let payload = media.text("payload");
                Self::Media(StreamMedia {
                    sequence_number,
                    stream_sid,
                    track: media.value("track"),
                    chunk: media.number("chunk"),
                    timestamp: media.number("timestamp").map(Duration::from_millis),
                    // Undecodable audio costs this field only: the stream goes on.
                    audio: payload.and_then(|payload| Audio::decode(&payload)),
                })
            }
            Some("dtmf") => {
                let dtmf = part("dtmf");
                Self::Dtmf(StreamDtmf {
                    sequence_number,
                    stream_sid,
                    track: dtmf.string("track"),
                    digit: dtmf.hidden("digit"),
                })
            }
            Some("mark") => Self::Mark(StreamMark {
                sequence_number,
                stream_sid,
                name: part("mark").hidden("name"),
            }),
            Some("stop") => {
                let stop = part("stop");
                Self::Stop(StreamStop {
                    sequence_number,
                    stream_sid,
                    account_sid: stop.value("accountSid"),
                    call_sid: stop.value("callSid"),
                })
            }
            _ => Self::Other(RawMessage::new(text)),
        })
    }

    /// Writes the message as Twilio does, for the test of an application.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Writer::new();
        match self {
            Self::Connected(connected) => {
                json.text("event", Some("connected"));
                json.text("protocol", connected.protocol.as_deref());
                json.text("version", connected.version.as_deref());
            }
            Self::Start(start) => {
                head(&mut json, "start", start.sequence_number, start.stream_sid);
                json.object("start", |json| start.write(json));
            }
            Self::Media(media) => {
                head(&mut json, "media", media.sequence_number, media.stream_sid);
                json.object("media", |json| media.write(json));
            }
            Self::Dtmf(dtmf) => {
                head(&mut json, "dtmf", dtmf.sequence_number, dtmf.stream_sid);
                json.object("dtmf", |json| {
                    json.text("track", dtmf.track.as_deref());
                    json.hidden("digit", dtmf.digit.as_ref());
                });
            }
            Self::Mark(mark) => {
                head(&mut json, "mark", mark.sequence_number, mark.stream_sid);
                json.object("mark", |json| json.hidden("name", mark.name.as_ref()));
            }
            Self::Stop(stop) => {
                head(&mut json, "stop", stop.sequence_number, stop.stream_sid);
                json.object("stop", |json| {
                    json.digits("accountSid", stop.account_sid);
                    json.digits("callSid", stop.call_sid);
                });
            }
            Self::Other(message) => return message.json().to_owned(),
        }
        json.finish()
    }
}

/// Writes the members of every message but `connected`.
fn head(json: &mut Writer, event: &str, number: Option<u64>, stream_sid: Option<StreamSid>) {
    json.text("event", Some(event));
    json.digits("sequenceNumber", number);
    json.digits("streamSid", stream_sid);
}

fn tracks(start: &Object<'_>) -> Vec<MediaTrack> {
    let tracks = start.texts_of("tracks");
    tracks
        .iter()
        .map(|track| MediaTrack::from(&**track))
        .collect()
}

impl MediaFormat {
    fn read(start: &Object<'_>) -> Self {
        let format = start.object("mediaFormat").unwrap_or_default();
        Self {
            encoding: format.string("encoding"),
            sample_rate: format.number("sampleRate"),
            channels: format.number("channels"),
        }
    }
}

impl StreamStart {
    fn write(&self, json: &mut Writer) {
        json.digits("accountSid", self.account_sid);
        json.digits("streamSid", self.stream_sid);
        json.digits("callSid", self.call_sid);
        json.list("tracks", self.tracks.iter().map(MediaTrack::as_str));
        json.object("mediaFormat", |json| {
            json.text("encoding", self.media_format.encoding.as_deref());
            json.plain("sampleRate", self.media_format.sample_rate);
            json.plain("channels", self.media_format.channels);
        });
        self.custom_parameters.write(json);
    }
}

impl StreamMedia {
    fn write(&self, json: &mut Writer) {
        json.text("track", self.track.as_ref().map(MediaTrack::as_str));
        json.digits("chunk", self.chunk);
        json.digits("timestamp", self.timestamp.map(|time| time.as_millis()));
        json.base64("payload", self.audio.as_ref().map(Audio::as_bytes));
    }
}
