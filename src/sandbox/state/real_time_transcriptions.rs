//! Real-time transcriptions of a call.

use std::time::SystemTime;

use super::settings::WebhookTarget;
use crate::types::{Redacted, TranscriptSid};

/// Side of a call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum CallTrack {
    /// Audio that Twilio receives.
    Inbound,
    /// Audio that Twilio plays.
    Outbound,
}

impl CallTrack {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound_track",
            Self::Outbound => "outbound_track",
        }
    }
}

/// A real-time transcription, in progress or stopped.
#[derive(Clone)]
pub(crate) struct RealTimeTranscription {
    pub(crate) sid: TranscriptSid,
    pub(crate) options: TranscriptionOptions,
    pub(crate) is_stopped: bool,
    /// Number of the last event, from 1.
    pub(crate) sequence: u64,
    pub(crate) date_updated: SystemTime,
}

impl RealTimeTranscription {
    /// Reports whether a SID or a name is that of this transcription.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        self.sid.as_str() == name || self.options.name.as_deref() == Some(name)
    }
}

/// Options with which a real-time transcription is started.
#[derive(Clone)]
pub(crate) struct TranscriptionOptions {
    pub(crate) name: Option<String>,
    pub(crate) callback: Option<WebhookTarget>,
    /// The only transcribed track; `None` for both.
    pub(crate) track: Option<CallTrack>,
    pub(crate) inbound_label: Option<Redacted<String>>,
    pub(crate) outbound_label: Option<Redacted<String>>,
    pub(crate) sends_partial_results: bool,
    pub(crate) language: String,
    pub(crate) engine: String,
    /// Settings of the engine, as JSON.
    pub(crate) configuration: Redacted<String>,
    /// Set if an Intelligence service is to analyze the text.
    pub(crate) has_intelligence: bool,
}
