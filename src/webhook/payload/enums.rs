//! Vocabularies that only webhooks use.

use crate::types::open_enum;

open_enum! {
    /// Status of the leg that a `<Dial>` placed.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/dial#dialcallstatus-values>
    pub enum DialCallStatus {
        /// Answered and ended.
        Completed = "completed",
        /// Connected to a conference.
        Answered = "answered",
        /// The called party is busy.
        Busy = "busy",
        /// Not answered in time.
        NoAnswer = "no-answer",
        /// Not dialled because of an error.
        Failed = "failed",
        /// Canceled before it was answered.
        Canceled = "canceled",
    }
}

open_enum! {
    /// Status of a transcription.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/record#transcribecallback>
    pub enum TranscriptionStatus {
        /// Transcribed.
        Completed = "completed",
        /// Not transcribed because of an error.
        Failed = "failed",
    }
}

open_enum! {
    /// Type of a conference event.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/conference#statuscallbackevent>
    pub enum ConferenceStatusEvent {
        /// The conference started: at least two participants joined, one of them with
        /// `startConferenceOnEnter`.
        Start = "conference-start",
        /// The conference ended: the last participant left, or one with `endConferenceOnExit`.
        End = "conference-end",
        /// A participant joined.
        ParticipantJoin = "participant-join",
        /// A participant left.
        ParticipantLeave = "participant-leave",
        /// A participant was muted.
        ParticipantMute = "participant-mute",
        /// A participant was unmuted.
        ParticipantUnmute = "participant-unmute",
        /// A participant was put on hold.
        ParticipantHold = "participant-hold",
        /// A participant was taken off hold.
        ParticipantUnhold = "participant-unhold",
        /// A participant's settings changed.
        ParticipantModify = "participant-modify",
        /// A participant began to speak. Speaker events come very often.
        ParticipantSpeechStart = "participant-speech-start",
        /// A participant stopped speaking.
        ParticipantSpeechStop = "participant-speech-stop",
        /// An announcement ended.
        AnnouncementEnd = "announcement-end",
        /// An announcement was not played because of an error at Twilio.
        AnnouncementFail = "announcement-fail",
        /// The recording is ready. Deprecated by Twilio.
        RecordEnd = "conference-record-end",
    }
}

open_enum! {
    /// Reason why a conference ended.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/conference#statuscallbackevent>
    pub enum ConferenceEndReason {
        /// Ended by the REST API.
        EndedViaApi = "conference-ended-via-api",
        /// A participant with `endConferenceOnExit` left.
        EndingParticipantLeft = "participant-with-end-conference-on-exit-left",
        /// A participant with `endConferenceOnExit` was removed.
        EndingParticipantKicked = "participant-with-end-conference-on-exit-kicked",
        /// The last participant was removed.
        LastParticipantKicked = "last-participant-kicked",
        /// The last participant left.
        LastParticipantLeft = "last-participant-left",
    }
}

open_enum! {
    /// Reason why a participant left a conference.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/conference#statuscallbackevent>
    pub enum ParticipantLeaveReason {
        /// The REST API ended the conference.
        ConferenceEndedViaApi = "conference_ended_via_api",
        /// The moderator ended the conference.
        ModeratorEnded = "moderator_ended_conference",
        /// The REST API removed the participant.
        UpdatedViaApi = "participant_updated_via_api",
        /// The participant hung up.
        HungUp = "participant_hung_up",
        /// The participant could not be added.
        AddFailed = "participant_add_failed",
    }
}

open_enum! {
    /// Reason why a call left a queue.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/enqueue#action>
    pub enum QueueResult {
        /// Connected to another call.
        Bridged = "bridged",
        /// Being connected to another call.
        BridgingInProcess = "bridging-in-process",
        /// Removed because of an error in the `TwiML`.
        Error = "error",
        /// The caller hung up.
        Hangup = "hangup",
        /// Removed by `<Leave>`.
        Leave = "leave",
        /// Redirected while it waited.
        Redirected = "redirected",
        /// Redirected while it was connected.
        RedirectedFromBridged = "redirected-from-bridged",
        /// The queue was full.
        QueueFull = "queue-full",
        /// Removed because of an error at Twilio.
        SystemError = "system-error",
    }
}

open_enum! {
    /// Type of a media stream event.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/stream#statuscallback>
    pub enum StreamEvent {
        /// The stream started.
        Started = "stream-started",
        /// The stream stopped.
        Stopped = "stream-stopped",
        /// The stream failed.
        Error = "stream-error",
    }
}

open_enum! {
    /// Type of a SIPREC event.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/siprec>
    pub enum SiprecEvent {
        /// The session started.
        Started = "siprec-started",
        /// The session stopped.
        Stopped = "siprec-stopped",
        /// The session failed.
        Error = "siprec-error",
    }
}

open_enum! {
    /// Final status of a `ConversationRelay` session.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/conversationrelay>
    pub enum SessionStatus {
        /// The application ended the session. The call continues.
        Ended = "ended",
        /// The caller hung up.
        Completed = "completed",
        /// The session failed. The call continues.
        Failed = "failed",
    }
}

open_enum! {
    /// Final status of a virtual agent. Twilio's reference does not list the values; these are from
    /// published programs and captures.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/virtualagent>
    pub enum VirtualAgentStatus {
        /// The conversation ended.
        Completed = "completed",
        /// The agent hands the caller over to a person.
        LiveAgentHandoff = "live-agent-handoff",
        /// The caller hung up.
        Hangup = "hangup",
        /// The conversation failed.
        Failed = "failed",
        /// The agent paused the conversation.
        Paused = "paused",
        /// The caller did not speak in time.
        Timeout = "timeout",
    }
}

open_enum! {
    /// Severity of a debugger entry.
    ///
    /// Source: <https://www.twilio.com/docs/usage/troubleshooting/debugging-event-webhooks>
    pub enum DebuggerLevel {
        /// Error.
        Error = "Error",
        /// Warning.
        Warning = "Warning",
    }
}
