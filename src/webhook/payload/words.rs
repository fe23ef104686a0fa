//! The rows: words that only webhooks bring.

use crate::types::open_enum;

open_enum! {
    /// How the leg that a `<Dial>` placed ended.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/dial#dialcallstatus-values>
    pub enum DialCallStatus {
        /// Answered, and over.
        Completed = "completed",
        /// The caller was put into a conference.
        Answered = "answered",
        /// The line was busy.
        Busy = "busy",
        /// Nobody answered in time.
        NoAnswer = "no-answer",
        /// It could not be dialled as asked.
        Failed = "failed",
        /// Called off before it was answered.
        Canceled = "canceled",
    }
}

open_enum! {
    /// Where a recording is.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording>
    pub enum RecordingStatus {
        /// It runs.
        InProgress = "in-progress",
        /// It waits to be resumed.
        Paused = "paused",
        /// It was stopped.
        Stopped = "stopped",
        /// It is being written.
        Processing = "processing",
        /// It can be fetched.
        Completed = "completed",
        /// There is none: silence, or too short.
        Absent = "absent",
        /// It could not be made.
        Failed = "failed",
        /// It was deleted.
        Deleted = "deleted",
    }
}

open_enum! {
    /// What asked for a recording.
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
    /// Which side of a call is on a recording.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording>
    pub enum RecordingTrack {
        /// What came in.
        Inbound = "inbound",
        /// What went out.
        Outbound = "outbound",
        /// Both.
        Both = "both",
    }
}

open_enum! {
    /// What became of a transcription.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/record#transcribecallback>
    pub enum TranscriptionStatus {
        /// The text is there.
        Completed = "completed",
        /// It could not be made.
        Failed = "failed",
    }
}

open_enum! {
    /// What happened in a conference.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/conference#statuscallbackevent>
    pub enum ConferenceEvent {
        /// It began: two are in, or the moderator.
        Start = "conference-start",
        /// It is over.
        End = "conference-end",
        /// Somebody came in.
        ParticipantJoin = "participant-join",
        /// Somebody left.
        ParticipantLeave = "participant-leave",
        /// Somebody was muted.
        ParticipantMute = "participant-mute",
        /// Somebody was unmuted.
        ParticipantUnmute = "participant-unmute",
        /// Somebody was put on hold.
        ParticipantHold = "participant-hold",
        /// Somebody was taken off hold.
        ParticipantUnhold = "participant-unhold",
        /// Somebody's settings changed.
        ParticipantModify = "participant-modify",
        /// Somebody began to speak.
        ParticipantSpeechStart = "participant-speech-start",
        /// Somebody stopped speaking.
        ParticipantSpeechStop = "participant-speech-stop",
        /// An announcement ended.
        AnnouncementEnd = "announcement-end",
        /// An announcement could not be played.
        AnnouncementFail = "announcement-fail",
        /// The recording is there. Retired by Twilio.
        RecordEnd = "conference-record-end",
    }
}

open_enum! {
    /// Why a conference ended.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/conference#statuscallbackevent>
    pub enum ConferenceEndReason {
        /// By a request to the REST API.
        EndedViaApi = "conference-ended-via-api",
        /// Somebody whose leaving ends it left.
        EndingParticipantLeft = "participant-with-end-conference-on-exit-left",
        /// Somebody whose leaving ends it was removed.
        EndingParticipantKicked = "participant-with-end-conference-on-exit-kicked",
        /// The last one was removed.
        LastParticipantKicked = "last-participant-kicked",
        /// The last one left.
        LastParticipantLeft = "last-participant-left",
    }
}

open_enum! {
    /// Why somebody left a conference.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/conference#statuscallbackevent>
    pub enum ParticipantLeaveReason {
        /// The conference was ended by the REST API.
        ConferenceEndedViaApi = "conference_ended_via_api",
        /// The moderator ended it.
        ModeratorEnded = "moderator_ended_conference",
        /// They were removed by the REST API.
        UpdatedViaApi = "participant_updated_via_api",
        /// They hung up.
        HungUp = "participant_hung_up",
        /// They could not be added.
        AddFailed = "participant_add_failed",
    }
}

open_enum! {
    /// How a stay in a queue ended.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/enqueue#action>
    pub enum QueueResult {
        /// The call was connected.
        Bridged = "bridged",
        /// The call is being connected.
        BridgingInProcess = "bridging-in-process",
        /// The `TwiML` was wrong.
        Error = "error",
        /// The caller hung up.
        Hangup = "hangup",
        /// A `<Leave>` took the call out.
        Leave = "leave",
        /// The call was redirected while it waited.
        Redirected = "redirected",
        /// The call was redirected while it was connected.
        RedirectedFromBridged = "redirected-from-bridged",
        /// The queue was full.
        QueueFull = "queue-full",
        /// Twilio failed.
        SystemError = "system-error",
    }
}

open_enum! {
    /// What happened to a media stream.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/stream#statuscallback>
    pub enum StreamEvent {
        /// It runs.
        Started = "stream-started",
        /// It ended.
        Stopped = "stream-stopped",
        /// It failed.
        Error = "stream-error",
    }
}

open_enum! {
    /// How bad an entry of the debugger is.
    ///
    /// Source: <https://www.twilio.com/docs/usage/troubleshooting/debugging-event-webhooks>
    pub enum DebuggerLevel {
        /// Something failed.
        Error = "Error",
        /// Something may fail.
        Warning = "Warning",
    }
}
