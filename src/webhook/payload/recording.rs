//! Recordings: the result of `<Record>`, the status, and the transcription.

use std::time::Duration;

use super::call::CallParameters;
use super::enums::TranscriptionStatus;
use super::macros::payload;
use crate::phone::Address;
use crate::types::{
    AccountSid, CallSid, CallStatus, ConferenceSid, RecordingSid, RecordingSource, RecordingStatus,
    RecordingTrack, Redacted, Timestamp, TranscriptionSid,
};

payload! {
    /// Recording of a `<Record>`. Twilio expects `TwiML` in answer.
    ///
    /// The recording itself may not be ready yet: wait for its [`RecordingStatusCallback`].
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/record#action>
    pub struct RecordResult = "record result", |p| {
        /// URL of the recording. A Voice SDK client can set it: download by SID.
        recording_url: Redacted<String> = p.required_hidden("RecordingUrl")?,
        /// The call.
        call: CallParameters = CallParameters::read(p)?,
        /// The recording.
        recording_sid: Option<RecordingSid> = p.value("RecordingSid"),
        /// Duration of the recording, to the second.
        recording_duration: Option<Duration> = p.seconds("RecordingDuration"),
        /// Key that ended the recording, or `hangup`.
        digits: Option<Redacted<String>> = p.hidden("Digits"),
    }
}

payload! {
    /// Status of a recording. Twilio ignores the answer.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#recordingstatuscallback>
    pub struct RecordingStatusCallback = "recording status callback", without ["CallStatus", "MessageSid"], |p| {
        /// The recording.
        recording_sid: RecordingSid = p.required("RecordingSid")?,
        /// Account or sub-account of the recording.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// Status of the recording.
        status: RecordingStatus = p.required_word("RecordingStatus")?,
        /// The recorded call; the first leg where it dialled another one.
        call_sid: Option<CallSid> = p.value("CallSid"),
        /// The recorded conference.
        conference_sid: Option<ConferenceSid> = p.value("ConferenceSid"),
        /// URL of the recording, without `.wav` or `.mp3`. Needs the account's credentials.
        recording_url: Option<Redacted<String>> = p.hidden("RecordingUrl"),
        /// Duration of the recording, to the second.
        recording_duration: Option<Duration> = p.seconds("RecordingDuration"),
        /// Number of channels: 1, or 2 with each side on its own.
        recording_channels: Option<u8> = p.value("RecordingChannels"),
        /// Time when the recording began.
        recording_start_time: Option<Timestamp> = p.timestamp("RecordingStartTime"),
        /// Origin of the recording.
        recording_source: Option<RecordingSource> = p.word("RecordingSource"),
        /// Recorded side of the call.
        recording_track: Option<RecordingTrack> = p.word("RecordingTrack"),
        /// Twilio error code. 0 when the recording succeeded.
        error_code: Option<u32> = p.value("ErrorCode"),
    }
}

payload! {
    /// Transcription of a recording. Twilio ignores the answer.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/record#transcribecallback>
    pub struct TranscriptionCallback = "transcription callback", |p| {
        /// The transcription.
        transcription_sid: TranscriptionSid = p.required("TranscriptionSid")?,
        /// Account or sub-account of the transcription.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// Status of the transcription.
        status: TranscriptionStatus = p.required_word("TranscriptionStatus")?,
        /// Recognised text.
        transcription_text: Option<Redacted<String>> = p.hidden("TranscriptionText"),
        /// URL of the transcription.
        transcription_url: Option<Redacted<String>> = p.hidden("TranscriptionUrl"),
        /// The recording.
        recording_sid: Option<RecordingSid> = p.value("RecordingSid"),
        /// URL of the recording.
        recording_url: Option<Redacted<String>> = p.hidden("RecordingUrl"),
        /// The call.
        call_sid: Option<CallSid> = p.value("CallSid"),
        /// Status of the call.
        call_status: Option<CallStatus> = p.word("CallStatus"),
        /// Caller.
        from: Option<Address> = p.address("From"),
        /// Callee.
        to: Option<Address> = p.address("To"),
    }
}
