//! Kinds of webhooks, by the names of their variants in snake case.

use crate::sandbox::state::WebhookKind;

/// Makes the functions that read and write a kind, from one list.
macro_rules! kinds {
    ($($kind:ident = $name:literal),+ $(,)?) => {
        /// Returns the name of a kind, such as `inbound_message`.
        pub(in crate::sandbox::control) const fn name(kind: WebhookKind) -> &'static str {
            match kind {
                $(WebhookKind::$kind => $name,)+
            }
        }

        /// Returns the kind with a name.
        pub(in crate::sandbox::control) fn read(name: &str) -> Option<WebhookKind> {
            match name {
                $($name => Some(WebhookKind::$kind),)+
                _ => None,
            }
        }
    };
}

kinds! {
    InboundMessage = "inbound_message",
    MessageStatus = "message_status",
    Voice = "voice",
    GatherAction = "gather_action",
    RecordAction = "record_action",
    SmsAction = "sms_action",
    DialAction = "dial_action",
    Screening = "screening",
    Refer = "refer",
    ConferenceMusic = "conference_music",
    ConferenceAnnouncement = "conference_announcement",
    QueueMusic = "queue_music",
    EnqueueAction = "enqueue_action",
    QueueGreeting = "queue_greeting",
    ConferenceStatus = "conference_status",
    MachineDetection = "machine_detection",
    CallStatus = "call_status",
    Audio = "audio",
    PartialResult = "partial_result",
    CallerIdVerification = "caller_id_verification",
    RecordingStatus = "recording_status",
    Transcription = "transcription",
    RealTimeTranscription = "real_time_transcription",
    SiprecStatus = "siprec_status",
    ConnectAction = "connect_action",
    StreamStatus = "stream_status",
    WebSocket = "web_socket",
}
