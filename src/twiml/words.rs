//! The closed vocabularies: words that a caller of this room chooses from.

use super::value::words;

words! {
    /// What a [`Gather`](super::Gather) listens for.
    GatherInput {
        /// Key presses.
        Dtmf = "dtmf",
        /// Speech.
        Speech = "speech",
    }

    /// What a caller hears when a call is turned away.
    RejectReason {
        /// A message that the number is not in service.
        Rejected = "rejected",
        /// A busy signal.
        Busy = "busy",
    }

    /// What becomes of silence at both ends of a recording.
    Trim {
        /// It is cut off.
        TrimSilence = "trim-silence",
        /// It stays.
        DoNotTrim = "do-not-trim",
    }

    /// What is reported of a recording.
    RecordingEvent {
        /// It began.
        InProgress = "in-progress",
        /// It can be fetched.
        Completed = "completed",
        /// There was nothing to record.
        Absent = "absent",
    }

    /// What is reported of a dialled party.
    CallEvent {
        /// Twilio began to dial.
        Initiated = "initiated",
        /// The phone rings.
        Ringing = "ringing",
        /// Somebody, or something, answered.
        Answered = "answered",
        /// The call is over, or failed.
        Completed = "completed",
    }

    /// What of a dialled call is recorded, and in how many channels.
    DialRecord {
        /// Nothing.
        DoNotRecord = "do-not-record",
        /// From when it is answered, in one channel.
        RecordFromAnswer = "record-from-answer",
        /// From when it rings, in one channel.
        RecordFromRinging = "record-from-ringing",
        /// From when it is answered, a channel for each side.
        RecordFromAnswerDual = "record-from-answer-dual",
        /// From when it rings, a channel for each side.
        RecordFromRingingDual = "record-from-ringing-dual",
    }

    /// Whose voice is recorded.
    RecordingTrack {
        /// Both sides.
        Both = "both",
        /// What Twilio hears.
        Inbound = "inbound",
        /// What Twilio says.
        Outbound = "outbound",
    }

    /// What of a dialled call is reported besides its status.
    DialEvents {
        /// How the call progresses.
        CallProgressEvent = "call-progress-event",
    }
}
