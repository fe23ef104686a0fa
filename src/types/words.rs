//! The rows: words that the REST API and the webhooks share.

use std::fmt;

use super::open::open_enum;

open_enum! {
    /// Status of a recording.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording>
    pub enum RecordingStatus {
        /// Recording.
        InProgress = "in-progress",
        /// Paused.
        Paused = "paused",
        /// Stopped.
        Stopped = "stopped",
        /// Being written.
        Processing = "processing",
        /// Ready to download.
        Completed = "completed",
        /// No recording: silence, or too short.
        Absent = "absent",
        /// Not recorded because of an error.
        Failed = "failed",
        /// Deleted.
        Deleted = "deleted",
    }
}

open_enum! {
    /// Origin of a recording.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording>
    pub enum RecordingSource {
        /// `<Record>`.
        RecordVerb = "RecordVerb",
        /// `<Dial record>`.
        DialVerb = "DialVerb",
        /// `<Conference record>`.
        Conference = "Conference",
        /// A call placed with `Record`.
        OutboundApi = "OutboundAPI",
        /// An Elastic SIP trunk.
        Trunking = "Trunking",
        /// The recordings resource of a call.
        StartCallRecordingApi = "StartCallRecordingAPI",
        /// The recordings resource of a conference.
        StartConferenceRecordingApi = "StartConferenceRecordingAPI",
        /// `<Start><Recording>`.
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
        /// Both.
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
    /// Where a message is on its way.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource#message-status-values>
    pub enum MessageStatus {
        /// Taken by a Messaging Service, which has not chosen a sender yet.
        Accepted = "accepted",
        /// Waits for its time.
        Scheduled = "scheduled",
        /// Waits for its turn to be sent.
        Queued = "queued",
        /// On its way to the carrier.
        Sending = "sending",
        /// The nearest carrier took it. The last state where a carrier gives no receipt.
        Sent = "sent",
        /// The carrier, or the handset, confirmed it.
        Delivered = "delivered",
        /// The carrier reported that it did not arrive.
        Undelivered = "undelivered",
        /// Twilio could not send it. Nothing was charged.
        Failed = "failed",
        /// The recipient opened it (WhatsApp, RCS).
        Read = "read",
        /// A scheduled message that was called off.
        Canceled = "canceled",
        /// An incoming message on its way to us.
        Receiving = "receiving",
        /// An incoming message that is complete.
        Received = "received",
        /// Part of the recipients got it. Retired by Twilio.
        PartiallyDelivered = "partially_delivered",
    }
}

impl MessageStatus {
    /// How far along a message is: callbacks overtake each other, and a lower rank must not undo
    /// a higher one.
    ///
    /// Every known word has a rank of its own, so the order of arrival changes nothing. Of what
    /// may end a message, what tells of its arrival ranks highest. A word that this version does
    /// not know has rank 0.
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
            Self::Received => 11,
            Self::Delivered => 12,
            Self::Read => 13,
        }
    }
}

open_enum! {
    /// Which way a message went, and who asked for it.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource>
    pub enum MessageDirection {
        /// From a person to us.
        Inbound = "inbound",
        /// Sent through the REST API.
        OutboundApi = "outbound-api",
        /// Sent by a verb in a call.
        OutboundCall = "outbound-call",
        /// Sent by TwiML that answered a message.
        OutboundReply = "outbound-reply",
    }
}

open_enum! {
    /// Where a call is.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#call-status-values>
    pub enum CallStatus {
        /// Waits for its turn to be dialled.
        Queued = "queued",
        /// Being dialled. Only in status callbacks; the resource says `queued` or `ringing`.
        Initiated = "initiated",
        /// The other side's phone rings.
        Ringing = "ringing",
        /// Answered, and going on.
        InProgress = "in-progress",
        /// Answered, and over.
        Completed = "completed",
        /// The line was busy.
        Busy = "busy",
        /// Nobody answered in time.
        NoAnswer = "no-answer",
        /// Called off before it was answered.
        Canceled = "canceled",
        /// It could not be dialled as asked.
        Failed = "failed",
    }
}

impl CallStatus {
    /// Whether the call has ended: `completed`, `busy`, `no-answer`, `canceled` or `failed`. A word
    /// that this version does not know is not final.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Completed | Self::Busy | Self::NoAnswer | Self::Canceled | Self::Failed
        )
    }

    /// How far along a call is: callbacks overtake each other, and a lower rank must not undo a
    /// higher one.
    ///
    /// Every known word has a rank of its own, so the order of arrival changes nothing. A word
    /// that this version does not know has rank 0.
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
    /// Which way a call went, and who asked for it.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource>
    pub enum CallDirection {
        /// From a person to us.
        Inbound = "inbound",
        /// Placed through the REST API.
        OutboundApi = "outbound-api",
        /// Placed by a `<Dial>`.
        OutboundDial = "outbound-dial",
        /// Into an Elastic SIP trunk.
        TrunkingTerminating = "trunking-terminating",
        /// Out of an Elastic SIP trunk.
        TrunkingOriginating = "trunking-originating",
    }
}

open_enum! {
    /// What answered a call, when answering-machine detection was on.
    ///
    /// Source: <https://www.twilio.com/docs/voice/answering-machine-detection>
    pub enum AnsweredBy {
        /// A person.
        Human = "human",
        /// A fax machine.
        Fax = "fax",
        /// Undecided.
        Undetermined = "unknown",
        /// A machine, its greeting still running.
        MachineStart = "machine_start",
        /// A machine, its greeting ended with a beep.
        MachineEndBeep = "machine_end_beep",
        /// A machine, its greeting ended with silence.
        MachineEndSilence = "machine_end_silence",
        /// A machine, its greeting ended otherwise.
        MachineEndOther = "machine_end_other",
    }
}

/// The HTTP method of a request that Twilio makes to us: it knows these two and no others.
///
/// Source: <https://www.twilio.com/docs/usage/webhooks>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "callers choose it, and Twilio takes only these two"
)]
pub enum Method {
    /// Parameters in the query. They end in access logs along the way.
    Get,
    /// Parameters in the body: Twilio's default.
    #[default]
    Post,
}

impl Method {
    /// Twilio's spelling.
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
