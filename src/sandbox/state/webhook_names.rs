//! Names of the kinds of webhooks: their variants in snake case.

use super::log::WebhookKind;

/// Makes the functions that read and write a kind, from one list.
macro_rules! names {
    ($($kind:ident = $name:literal),+ $(,)?) => {
        impl WebhookKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// Returns the name of the kind, such as `inbound_message`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }

            /// Returns the kind with a name. `None` if no kind has it.
            ///
            /// ```
            /// use clinspark_twilio::sandbox::WebhookKind;
            ///
            /// let kind = WebhookKind::parse("message_status");
            /// assert_eq!(kind, Some(WebhookKind::MessageStatus));
            /// ```
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                let mut all = Self::ALL.iter();
                all.find(|kind| kind.as_str() == name).copied()
            }
        }
    };
}

names! {
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
