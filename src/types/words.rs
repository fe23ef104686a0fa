//! Open enums shared by the REST API and the webhooks.

use std::fmt;

use super::open::open_enum;

open_enum! {
    /// Status of a recording.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording>
    pub enum RecordingStatus {
        /// Recording in progress.
        InProgress = "in-progress",
        /// Recording paused.
        Paused = "paused",
        /// Recording stopped.
        Stopped = "stopped",
        /// Recording ended, audio file still being processed.
        Processing = "processing",
        /// Audio file ready to download.
        Completed = "completed",
        /// No audio file, because the recording was silent or too short.
        Absent = "absent",
        /// Recording failed because of an error.
        Failed = "failed",
        /// Recording deleted.
        Deleted = "deleted",
    }
}

open_enum! {
    /// Origin of a recording.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording>
    pub enum RecordingSource {
        /// `<Record>` verb.
        RecordVerb = "RecordVerb",
        /// `<Dial>` verb with `record`.
        DialVerb = "DialVerb",
        /// `<Conference>` noun with `record`.
        Conference = "Conference",
        /// Call created through the REST API with `Record`.
        OutboundApi = "OutboundAPI",
        /// Elastic SIP trunk.
        Trunking = "Trunking",
        /// Recordings resource of a call.
        StartCallRecordingApi = "StartCallRecordingAPI",
        /// Recordings resource of a conference.
        StartConferenceRecordingApi = "StartConferenceRecordingAPI",
        /// `<Recording>` noun in `<Start>`.
        StartCallRecordingTwiml = "StartCallRecordingTwiML",
    }
}

open_enum! {
    /// Recorded side of a call.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording>
    pub enum RecordingTrack {
        /// Audio that Twilio receives.
        Inbound = "inbound",
        /// Audio that Twilio sends.
        Outbound = "outbound",
        /// Both sides.
        Both = "both",
    }
}

open_enum! {
    /// Number of channels of a recording.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording>
    pub enum RecordingChannels {
        /// One channel for both sides.
        Mono = "mono",
        /// One channel for each side.
        Dual = "dual",
    }
}

open_enum! {
    /// Delivery status of a message.
    ///
    /// ```
    /// use clinspark_twilio::types::MessageStatus;
    ///
    /// assert_eq!(MessageStatus::from("delivered"), MessageStatus::Delivered);
    /// assert!(MessageStatus::Delivered.rank() > MessageStatus::Sent.rank());
    ///
    /// let newer = MessageStatus::from("teleported");
    /// assert!(matches!(newer, MessageStatus::Unknown(_)));
    /// assert_eq!(newer.as_str(), "teleported");
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource#message-status-values>
    pub enum MessageStatus {
        /// Accepted by a Messaging Service, which has not chosen a sender yet.
        Accepted = "accepted",
        /// Waiting for its scheduled time.
        Scheduled = "scheduled",
        /// Waiting in Twilio's queue to be sent.
        Queued = "queued",
        /// Being sent to the carrier.
        Sending = "sending",
        /// Accepted by the nearest carrier. Last status if the carrier sends no delivery receipt.
        Sent = "sent",
        /// Delivery confirmed by the carrier or the handset.
        Delivered = "delivered",
        /// Not delivered, as reported by the carrier.
        Undelivered = "undelivered",
        /// Not sent, because Twilio could not send it. Nothing was charged.
        Failed = "failed",
        /// Opened by the recipient (WhatsApp, RCS).
        Read = "read",
        /// Scheduled message that was canceled before it was sent.
        Canceled = "canceled",
        /// Incoming message that Twilio is still receiving.
        Receiving = "receiving",
        /// Incoming message that Twilio received completely.
        Received = "received",
        /// Delivered to some of the recipients. Retired by Twilio.
        PartiallyDelivered = "partially_delivered",
    }
}

impl MessageStatus {
    /// Returns the rank of the status. A later status has a higher rank.
    ///
    /// Status callbacks can overtake each other. A status must not replace a stored one of higher
    /// rank.
    ///
    /// Every known status has a rank of its own, so the order of arrival does not matter. Among the
    /// statuses that can end a message, those that confirm its arrival rank highest. An unknown
    /// status has rank 0.
    #[must_use]
    pub const fn rank(&self) -> u8 {
        match self {
            Self::Unknown(_) => 0,
            Self::Accepted => 1,
            Self::Scheduled => 2,
            Self::Queued => 3,
            Self::Sending => 4,
            Self::Sent => 5,
            Self::Receiving => 6,
            Self::PartiallyDelivered => 7,
            Self::Canceled => 8,
            Self::Failed => 9,
            Self::Undelivered => 10,
            // Above every failure, so that a late failure does not hide an arrival.
            Self::Received => 11,
            Self::Delivered => 12,
            Self::Read => 13,
        }
    }
}

open_enum! {
    /// Direction of a message and, if outgoing, its origin.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource>
    pub enum MessageDirection {
        /// Incoming, from a person.
        Inbound = "inbound",
        /// Outgoing, sent through the REST API.
        OutboundApi = "outbound-api",
        /// Outgoing, sent by a TwiML verb in a call.
        OutboundCall = "outbound-call",
        /// Outgoing, sent by TwiML in reply to an incoming message.
        OutboundReply = "outbound-reply",
    }
}

open_enum! {
    /// Status of a call.
    ///
    /// ```
    /// use clinspark_twilio::types::CallStatus;
    ///
    /// let status = CallStatus::from("no-answer");
    /// assert_eq!(status, CallStatus::NoAnswer);
    /// assert!(status.is_final() && !CallStatus::InProgress.is_final());
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#call-status-values>
    pub enum CallStatus {
        /// Waiting in Twilio's queue to be dialled.
        Queued = "queued",
        /// Being dialled. Only in status callbacks; the resource says `queued` or `ringing`.
        Initiated = "initiated",
        /// Ringing on the called phone.
        Ringing = "ringing",
        /// Answered, and still in progress.
        InProgress = "in-progress",
        /// Answered, and ended.
        Completed = "completed",
        /// Not connected, because the line was busy.
        Busy = "busy",
        /// Not answered in time.
        NoAnswer = "no-answer",
        /// Canceled before it was answered.
        Canceled = "canceled",
        /// Not connected, because the call could not be completed as dialled.
        Failed = "failed",
    }
}

impl CallStatus {
    /// Returns `true` if the call has ended: `completed`, `busy`, `no-answer`, `canceled` or
    /// `failed`. An unknown status is not final.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Completed | Self::Busy | Self::NoAnswer | Self::Canceled | Self::Failed
        )
    }

    /// Returns the rank of the status. A later status has a higher rank.
    ///
    /// Status callbacks can overtake each other. A status must not replace a stored one of higher
    /// rank.
    ///
    /// Every known status has a rank of its own, so the order of arrival does not matter. An
    /// unknown status has rank 0.
    #[must_use]
    pub const fn rank(&self) -> u8 {
        match self {
            Self::Unknown(_) => 0,
            Self::Queued => 1,
            Self::Initiated => 2,
            Self::Ringing => 3,
            Self::InProgress => 4,
            Self::Canceled => 5,
            Self::Failed => 6,
            Self::NoAnswer => 7,
            Self::Busy => 8,
            Self::Completed => 9,
        }
    }
}

open_enum! {
    /// Direction of a call and, if outgoing, its origin.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource>
    pub enum CallDirection {
        /// Incoming, from a person.
        Inbound = "inbound",
        /// Outgoing, placed through the REST API.
        OutboundApi = "outbound-api",
        /// Outgoing, placed by a `<Dial>` verb.
        OutboundDial = "outbound-dial",
        /// Into an Elastic SIP trunk.
        TrunkingTerminating = "trunking-terminating",
        /// Out of an Elastic SIP trunk.
        TrunkingOriginating = "trunking-originating",
    }
}

open_enum! {
    /// Answering party of a call, if answering-machine detection is on.
    ///
    /// Source: <https://www.twilio.com/docs/voice/answering-machine-detection>
    pub enum AnsweredBy {
        /// A person.
        Human = "human",
        /// A fax machine.
        Fax = "fax",
        /// Not determined.
        // Not called `Unknown`: that variant holds values that this version does not know.
        Undetermined = "unknown",
        /// A machine whose greeting is still playing.
        MachineStart = "machine_start",
        /// A machine whose greeting ended with a beep.
        MachineEndBeep = "machine_end_beep",
        /// A machine whose greeting ended with silence.
        MachineEndSilence = "machine_end_silence",
        /// A machine whose greeting ended in another way.
        MachineEndOther = "machine_end_other",
    }
}

/// HTTP method of Twilio's requests to your server. Twilio supports only these two.
///
/// Source: <https://www.twilio.com/docs/usage/webhooks>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "callers choose it, and Twilio accepts only these two"
)]
pub enum Method {
    /// Parameters in the query string, which access logs record.
    Get,
    /// Parameters in the body. Twilio's default.
    #[default]
    Post,
}

impl Method {
    /// Returns the method as Twilio writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
