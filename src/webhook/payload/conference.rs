//! Events of a conference.

use std::time::Duration;

use super::enums::{ConferenceEndReason, ConferenceStatusEvent, ParticipantLeaveReason};
use super::macros::payload;
use crate::types::{AccountSid, CallSid, CallStatus, ConferenceSid, Redacted, Timestamp};

payload! {
    /// Event of a conference. Twilio ignores the response.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/conference#statuscallbackevent>
    pub struct ConferenceStatusCallback = "conference status callback",
        requires ["AccountSid", "ConferenceSid", "StatusCallbackEvent" | "EventName"],
        without ["CallStatus", "MessageSid", "RecordingStatus"], |p| {
        /// SID of the conference.
        conference_sid: ConferenceSid = p.required("ConferenceSid")?,
        /// Account or subaccount of the conference.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// Type of the event.
        event: ConferenceStatusEvent = match p.enum_value("StatusCallbackEvent") {
            Some(event) => event,
            // The deprecated `conference-record-end` has its type in `EventName`.
            None => p.required_enum_value("EventName")?,
        },
        /// Name of the conference.
        friendly_name: Option<Redacted<String>> = p.hidden("FriendlyName"),
        /// Position in the order in which Twilio fired the events. They may arrive in another
        /// order.
        sequence_number: Option<u32> = p.value("SequenceNumber"),
        /// Time when Twilio fired the event, as RFC 2822. Its day may have one digit.
        timestamp: Option<Timestamp> = p.timestamp("Timestamp"),
        /// Call of the participant.
        call_sid: Option<CallSid> = p.value("CallSid"),
        /// Label of the participant, if the application gave one.
        participant_label: Option<Redacted<String>> = p.hidden("ParticipantLabel"),
        /// `true` if the participant is muted.
        muted: Option<bool> = p.flag("Muted"),
        /// `true` if the participant is on hold.
        hold: Option<bool> = p.flag("Hold"),
        /// `true` if the participant coaches another participant.
        coaching: Option<bool> = p.flag("Coaching"),
        /// Call of the coached participant. Not in Twilio's tables, but sent.
        call_sid_to_coach: Option<CallSid> = p.value("CallSidToCoach"),
        /// `true` if the conference ends when the participant leaves.
        end_conference_on_exit: Option<bool> = p.flag("EndConferenceOnExit"),
        /// `true` if the conference starts when the participant joins.
        start_conference_on_enter: Option<bool> = p.flag("StartConferenceOnEnter"),
        /// Call status of the participant who left.
        participant_call_status: Option<CallStatus> = p.enum_value("ParticipantCallStatus"),
        /// Reason why the participant left.
        reason_participant_left: Option<ParticipantLeaveReason> = p.enum_value("ReasonParticipantLeft"),
        /// Call of the participant whose departure ended the conference.
        call_sid_ending_conference: Option<CallSid> = p.value("CallSidEndingConference"),
        /// Label of the participant whose departure ended the conference.
        participant_label_ending_conference: Option<Redacted<String>> =
            p.hidden("ParticipantLabelEndingConference"),
        /// Reason why the conference ended.
        reason_conference_ended: Option<ConferenceEndReason> = p.enum_value("ReasonConferenceEnded"),
        /// Description of the reason.
        reason: Option<String> = p.text("Reason"),
        /// URL of the announcement.
        announce_url: Option<Redacted<String>> = p.hidden("AnnounceUrl"),
        /// Reason why the announcement was not played.
        reason_announcement_failed: Option<String> = p.text("ReasonAnnouncementFailed"),
        /// URL of the recording.
        recording_url: Option<Redacted<String>> = p.hidden("RecordingUrl"),
        /// Duration of the recording, to the second.
        duration: Option<Duration> = p.seconds("Duration"),
        /// Size of the recording, in bytes.
        recording_file_size: Option<u64> = p.value("RecordingFileSize"),
    }
}
