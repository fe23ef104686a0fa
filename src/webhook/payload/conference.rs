//! What happens in a conference.

use std::time::Duration;

use super::row::payload;
use super::words::{ConferenceEndReason, ConferenceEvent, ParticipantLeaveReason};
use crate::types::{AccountSid, CallSid, CallStatus, ConferenceSid, Redacted, Timestamp};

payload! {
    /// Something happened in a conference. Twilio ignores the answer.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/conference#statuscallbackevent>
    pub struct ConferenceStatusCallback = "conference status callback", without ["CallStatus", "MessageSid", "RecordingStatus"], |p| {
        /// The conference.
        conference_sid: ConferenceSid = p.required("ConferenceSid")?,
        /// The account, or sub-account, that it belongs to.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// What happened.
        event: ConferenceEvent = match p.word("StatusCallbackEvent") {
            Some(event) => event,
            // What the retired `conference-record-end` calls it.
            None => p.required_word("EventName")?,
        },
        /// The conference's name.
        friendly_name: Option<Redacted<String>> = p.hidden("FriendlyName"),
        /// The order in which Twilio fired the events: they may arrive in another.
        sequence_number: Option<u32> = p.value("SequenceNumber"),
        /// When Twilio fired it.
        timestamp: Option<Timestamp> = p.timestamp("Timestamp"),
        /// The participant's call.
        call_sid: Option<CallSid> = p.value("CallSid"),
        /// The participant's label.
        participant_label: Option<Redacted<String>> = p.hidden("ParticipantLabel"),
        /// Whether the participant is muted.
        muted: Option<bool> = p.flag("Muted"),
        /// Whether the participant is on hold.
        hold: Option<bool> = p.flag("Hold"),
        /// Whether the participant coaches another.
        coaching: Option<bool> = p.flag("Coaching"),
        /// Whom the participant coaches.
        call_sid_to_coach: Option<CallSid> = p.value("CallSidToCoach"),
        /// Whether the conference ends when the participant leaves.
        end_conference_on_exit: Option<bool> = p.flag("EndConferenceOnExit"),
        /// Whether the conference starts when the participant joins.
        start_conference_on_enter: Option<bool> = p.flag("StartConferenceOnEnter"),
        /// Where the call of the participant who left is.
        participant_call_status: Option<CallStatus> = p.word("ParticipantCallStatus"),
        /// Why the participant left.
        reason_participant_left: Option<ParticipantLeaveReason> = p.word("ReasonParticipantLeft"),
        /// Whose leaving ended the conference.
        call_sid_ending_conference: Option<CallSid> = p.value("CallSidEndingConference"),
        /// The label of that participant.
        participant_label_ending_conference: Option<Redacted<String>> =
            p.hidden("ParticipantLabelEndingConference"),
        /// Why the conference ended.
        reason_conference_ended: Option<ConferenceEndReason> = p.word("ReasonConferenceEnded"),
        /// The same in words.
        reason: Option<String> = p.text("Reason"),
        /// The announcement.
        announce_url: Option<Redacted<String>> = p.hidden("AnnounceUrl"),
        /// Why it could not be played.
        reason_announcement_failed: Option<String> = p.text("ReasonAnnouncementFailed"),
        /// Where the recording is.
        recording_url: Option<Redacted<String>> = p.hidden("RecordingUrl"),
        /// How long the recording is, to the second.
        duration: Option<Duration> = p.seconds("Duration"),
        /// How large the recording is, in bytes.
        recording_file_size: Option<u64> = p.value("RecordingFileSize"),
    }
}
