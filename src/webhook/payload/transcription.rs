//! Real-time transcriptions of a call.

use super::super::error::PayloadErrorKind as Kind;
use super::super::json::Object;
use super::macros::payload;
use super::parameters::Parameters;
use crate::codes::ErrorCode;
use crate::types::{
    AccountSid, CallSid, Redacted, Timestamp, TranscriptSid, UnknownValue, open_enum,
};

open_enum! {
    /// Transcribed track of a call.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/transcription>
    pub enum TranscriptionTrack {
        /// Audio that Twilio receives.
        Inbound = "inbound_track",
        /// Audio that Twilio plays.
        Outbound = "outbound_track",
        /// Both tracks. Sent only with the start.
        Both = "both_tracks",
    }
}

payload! {
    /// Event of a real-time transcription (`<Start><Transcription>`). Twilio ignores the response.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/transcription>
    pub struct RealTimeTranscription = "real-time transcription callback",
        requires ["AccountSid", "CallSid", "TranscriptionEvent", "TranscriptionSid"],
        without ["CallStatus", "MessageSid"], |p| {
        /// Event, with its own parameters.
        event: RealTimeTranscriptionEvent = RealTimeTranscriptionEvent::read(p)?,
        /// SID of the transcription.
        transcription_sid: TranscriptSid = p.required("TranscriptionSid")?,
        /// Account or subaccount of the call.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// SID of the call.
        call_sid: CallSid = p.required("CallSid")?,
        /// Position in the order of one track's events, from 1. They may arrive in another order.
        ///
        /// The numbers of two tracks are unrelated.
        sequence_id: Option<u64> = p.value("SequenceId"),
        /// Time of the event. Twilio writes up to nanoseconds.
        timestamp: Option<Timestamp> = p.timestamp("Timestamp"),
    }
}

/// Event of a real-time transcription (`TranscriptionEvent`).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum RealTimeTranscriptionEvent {
    /// The transcription started (`transcription-started`).
    Started(Box<TranscriptionStart>),
    /// Speech was recognised (`transcription-content`).
    Content(Box<TranscriptionContent>),
    /// The transcription stopped, or the call ended (`transcription-stopped`).
    Stopped,
    /// The transcription failed (`transcription-error`).
    Error(TranscriptionFailure),
    /// Event newer than this version of the crate. Its parameters are among the extra ones.
    Unknown(UnknownValue),
}

/// Settings of a real-time transcription that started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TranscriptionStart {
    /// Name of the transcription.
    pub name: Option<Redacted<String>>,
    /// Transcribed tracks. Default: both.
    pub track: Option<TranscriptionTrack>,
    /// Label of the inbound track.
    pub inbound_track_label: Option<Redacted<String>>,
    /// Label of the outbound track.
    pub outbound_track_label: Option<Redacted<String>>,
    /// Engine, such as `google`.
    pub transcription_engine: Option<String>,
    /// Settings of the engine, as JSON. They may hold hints, such as names.
    pub provider_configuration: Option<Redacted<String>>,
    /// `true` if partial results are sent. Default: `false`.
    pub partial_results: Option<bool>,
    /// Language of the speech. Default: `en-US`.
    pub language_code: Option<String>,
}

/// Recognised speech of one track.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct TranscriptionContent {
    /// Recognised text, from [`transcription_data`](Self::transcription_data).
    pub transcript: Option<Redacted<String>>,
    /// Confidence of the recognition, 0.0 to 1.0, from
    /// [`transcription_data`](Self::transcription_data). A value outside of the range counts as
    /// absent.
    pub confidence: Option<f64>,
    /// Recognised text and its confidence, as the JSON that Twilio sent.
    pub transcription_data: Option<Redacted<String>>,
    /// `true` if the text no longer changes, `false` for a partial result.
    pub is_final: Option<bool>,
    /// Likelihood that a partial result does not change, 0.0 to 1.0. A value outside of the range
    /// counts as absent.
    pub stability: Option<f64>,
    /// Track on which the person spoke.
    pub track: Option<TranscriptionTrack>,
    /// Language of the speech.
    pub language_code: Option<String>,
    /// Data of the engine, as JSON. Sent only if `enableProviderData` is set.
    pub transcription_provider_data: Option<Redacted<String>>,
}

/// Error of a real-time transcription.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TranscriptionFailure {
    /// Twilio error code, such as 32650.
    pub error_code: Option<ErrorCode>,
    /// Description of the error.
    pub error: Option<Redacted<String>>,
}

impl RealTimeTranscriptionEvent {
    fn read(p: &mut Parameters<'_>) -> Result<Self, Kind> {
        let event: String = p.required("TranscriptionEvent")?;
        Ok(match event.as_str() {
            "transcription-started" => Self::Started(Box::new(TranscriptionStart::read(p))),
            "transcription-content" => Self::Content(Box::new(TranscriptionContent::read(p))),
            "transcription-stopped" => Self::Stopped,
            "transcription-error" => Self::Error(TranscriptionFailure {
                error_code: p.value("TranscriptionErrorCode"),
                error: p.hidden("TranscriptionError"),
            }),
            other => Self::Unknown(UnknownValue::new(other)),
        })
    }
}

impl TranscriptionStart {
    fn read(p: &mut Parameters<'_>) -> Self {
        Self {
            name: p.hidden("Name"),
            track: p.enum_value("Track"),
            inbound_track_label: p.hidden("InboundTrackLabel"),
            outbound_track_label: p.hidden("OutboundTrackLabel"),
            transcription_engine: p.text("TranscriptionEngine"),
            provider_configuration: p.hidden("ProviderConfiguration"),
            partial_results: p.flag("PartialResults"),
            language_code: p.text("LanguageCode"),
        }
    }
}

impl TranscriptionContent {
    fn read(p: &mut Parameters<'_>) -> Self {
        let transcription_data = p.hidden("TranscriptionData");
        let data = transcription_data.as_ref().and_then(|data| {
            let data = Object::parse(data.expose())?;
            Some((data.hidden("transcript"), data.fraction("confidence")))
        });
        let (transcript, confidence) = data.unwrap_or_default();
        Self {
            transcript,
            confidence,
            transcription_data,
            is_final: p.flag("Final"),
            stability: p.fraction("Stability"),
            track: p.enum_value("Track"),
            language_code: p.text("LanguageCode"),
            transcription_provider_data: p.hidden("TranscriptionProviderData"),
        }
    }
}
