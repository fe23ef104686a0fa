//! Recordings: what a person left, what became of it, what was understood of it.

use std::time::Duration;

use super::call::CallParameters;
use super::row::payload;
use super::words::{RecordingSource, RecordingStatus, RecordingTrack, TranscriptionStatus};
use crate::phone::Address;
use crate::types::{
    AccountSid, CallSid, CallStatus, ConferenceSid, RecordingSid, Redacted, Timestamp,
    TranscriptionSid,
};

payload! {
    /// What a person left to a `<Record>`. Twilio wants `TwiML` in answer.
    ///
    /// The recording itself may not be there yet: wait for its [`RecordingStatusCallback`].
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/record#action>
    pub struct RecordResult = "record result", |p| {
        /// Where the recording is. Fetch it with the account's credentials.
        recording_url: Redacted<String> = p.required_hidden("RecordingUrl")?,
        /// The call.
        call: CallParameters = CallParameters::read(p)?,
        /// The recording.
        recording_sid: Option<RecordingSid> = p.value("RecordingSid"),
        /// How long it is, to the second.
        recording_duration: Option<Duration> = p.seconds("RecordingDuration"),
        /// The key that ended it, or `hangup`.
        digits: Option<Redacted<String>> = p.hidden("Digits"),
    }
}

payload! {
    /// What became of a recording. Twilio ignores the answer.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#recordingstatuscallback>
    pub struct RecordingStatusCallback = "recording status callback", without ["CallStatus", "MessageSid"], |p| {
        /// The recording.
        recording_sid: RecordingSid = p.required("RecordingSid")?,
        /// The account, or sub-account, that it belongs to.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// Where the recording is.
        status: RecordingStatus = p.required_word("RecordingStatus")?,
        /// The call that was recorded; the first leg of one that was dialled on.
        call_sid: Option<CallSid> = p.value("CallSid"),
        /// The conference that was recorded.
        conference_sid: Option<ConferenceSid> = p.value("ConferenceSid"),
        /// Where the recording is. Add `.wav` or `.mp3`; fetch it with the account's credentials.
        recording_url: Option<Redacted<String>> = p.hidden("RecordingUrl"),
        /// How long it is, to the second.
        recording_duration: Option<Duration> = p.seconds("RecordingDuration"),
        /// 1, or 2 with each side on its own.
        recording_channels: Option<u8> = p.value("RecordingChannels"),
        /// When it began.
        recording_start_time: Option<Timestamp> = p.timestamp("RecordingStartTime"),
        /// What asked for it.
        recording_source: Option<RecordingSource> = p.word("RecordingSource"),
        /// Which side is on it.
        recording_track: Option<RecordingTrack> = p.word("RecordingTrack"),
        /// Why it failed; 0 when it did not.
        error_code: Option<u32> = p.value("ErrorCode"),
    }
}

payload! {
    /// What was understood of a recording. Twilio ignores the answer.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/record#transcribecallback>
    pub struct TranscriptionCallback = "transcription callback", |p| {
        /// The transcription.
        transcription_sid: TranscriptionSid = p.required("TranscriptionSid")?,
        /// The account, or sub-account, that it belongs to.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// What became of it.
        status: TranscriptionStatus = p.required_word("TranscriptionStatus")?,
        /// The text.
        transcription_text: Option<Redacted<String>> = p.hidden("TranscriptionText"),
        /// Where the transcription is.
        transcription_url: Option<Redacted<String>> = p.hidden("TranscriptionUrl"),
        /// The recording.
        recording_sid: Option<RecordingSid> = p.value("RecordingSid"),
        /// Where that is.
        recording_url: Option<Redacted<String>> = p.hidden("RecordingUrl"),
        /// The call.
        call_sid: Option<CallSid> = p.value("CallSid"),
        /// Where the call is.
        call_status: Option<CallStatus> = p.word("CallStatus"),
        /// Who called.
        from: Option<Address> = p.address("From"),
        /// Who was called.
        to: Option<Address> = p.address("To"),
    }
}
