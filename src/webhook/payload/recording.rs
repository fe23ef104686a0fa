//! Recordings: result of `<Record>`, recording status, and transcription.

use std::time::Duration;

use super::call::CallParameters;
use super::enums::TranscriptionStatus;
use super::macros::payload;
use crate::codes::ErrorCode;
use crate::phone::Address;
use crate::types::{
    AccountSid, CallSid, CallStatus, ConferenceSid, RecordingSid, RecordingSource, RecordingStatus,
    RecordingTrack, Redacted, Timestamp, TranscriptionSid,
};

payload! {
    /// Result of a `<Record>`. Twilio expects `TwiML` in the response.
    ///
    /// The recording may not be ready yet. Wait for its [`RecordingStatusCallback`].
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/record#action>
    pub struct RecordResult = "record result",
        requires ["RecordingUrl"] and CallParameters, |p| {
        /// URL of the recording. A Voice SDK client can set it, so download the recording by SID.
        recording_url: Redacted<String> = p.required_hidden("RecordingUrl")?,
        /// Parameters of the call.
        call: CallParameters = CallParameters::read(p)?,
        /// SID of the recording.
        recording_sid: Option<RecordingSid> = p.value("RecordingSid"),
        /// Duration of the recording, to the second.
        recording_duration: Option<Duration> = p.seconds("RecordingDuration"),
        /// Key that ended the recording, or `hangup`.
        digits: Option<Redacted<String>> = p.hidden("Digits"),
    }
}

payload! {
    /// Status of a recording. Twilio ignores the response.
    ///
    /// ```
    /// # use clinspark_twilio::types::AuthToken;
    /// # use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
    /// use clinspark_twilio::types::RecordingStatus;
    /// use clinspark_twilio::webhook::RecordingStatusCallback;
    ///
    /// # let origin = PublicOrigin::parse("https://acme.example.com")?;
    /// # let validator = Validator::new(AuthToken::new("12345")?, origin);
    /// # let mut request = http::Request::post("/twilio")
    /// #     .header("content-type", "application/x-www-form-urlencoded")
    /// #     .body(
    /// #         "RecordingSid=RE00000000000000000000000000000001&RecordingStatus=completed\
    /// #          &AccountSid=AC00000000000000000000000000000001&CallSid=CA00000000000000000000000000000001",
    /// #     )?;
    /// # let signature = validator.sign(&request);
    /// # request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
    /// let callback: RecordingStatusCallback = validator.verify(request)?.parse()?;
    /// if callback.status == RecordingStatus::Completed {
    ///     // Download by SID, not by URL.
    ///     assert_eq!(callback.recording_sid.as_str(), "RE00000000000000000000000000000001");
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#recordingstatuscallback>
    pub struct RecordingStatusCallback = "recording status callback",
        requires ["AccountSid", "RecordingSid", "RecordingStatus"],
        without ["CallStatus", "MessageSid"], |p| {
        /// SID of the recording.
        recording_sid: RecordingSid = p.required("RecordingSid")?,
        /// Account or subaccount of the recording.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// Status of the recording.
        status: RecordingStatus = p.required_enum_value("RecordingStatus")?,
        /// Recorded call. If it dialled another call, this is the first leg.
        call_sid: Option<CallSid> = p.value("CallSid"),
        /// Recorded conference.
        conference_sid: Option<ConferenceSid> = p.value("ConferenceSid"),
        /// URL of the recording, without `.wav` or `.mp3`. Downloads require the account's
        /// credentials.
        recording_url: Option<Redacted<String>> = p.hidden("RecordingUrl"),
        /// Duration of the recording, to the second.
        recording_duration: Option<Duration> = p.seconds("RecordingDuration"),
        /// Number of channels: 1, or 2 if each side has its own channel.
        recording_channels: Option<u8> = p.value("RecordingChannels"),
        /// Time when the recording started.
        recording_start_time: Option<Timestamp> = p.timestamp("RecordingStartTime"),
        /// Source of the recording.
        recording_source: Option<RecordingSource> = p.enum_value("RecordingSource"),
        /// Recorded track of the call.
        recording_track: Option<RecordingTrack> = p.enum_value("RecordingTrack"),
        /// Twilio error code. 0 if the recording succeeded.
        error_code: Option<ErrorCode> = p.value("ErrorCode"),
    }
}

payload! {
    /// Transcription of a recording. Twilio ignores the response.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/record#transcribecallback>
    pub struct TranscriptionCallback = "transcription callback",
        requires ["AccountSid", "TranscriptionSid", "TranscriptionStatus"], |p| {
        /// SID of the transcription.
        transcription_sid: TranscriptionSid = p.required("TranscriptionSid")?,
        /// Account or subaccount of the transcription.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// Status of the transcription.
        status: TranscriptionStatus = p.required_enum_value("TranscriptionStatus")?,
        /// Recognised text.
        transcription_text: Option<Redacted<String>> = p.hidden("TranscriptionText"),
        /// URL of the transcription.
        transcription_url: Option<Redacted<String>> = p.hidden("TranscriptionUrl"),
        /// SID of the recording.
        recording_sid: Option<RecordingSid> = p.value("RecordingSid"),
        /// URL of the recording.
        recording_url: Option<Redacted<String>> = p.hidden("RecordingUrl"),
        /// SID of the call.
        call_sid: Option<CallSid> = p.value("CallSid"),
        /// Status of the call.
        call_status: Option<CallStatus> = p.enum_value("CallStatus"),
        /// Caller.
        from: Option<Address> = p.address("From"),
        /// Callee.
        to: Option<Address> = p.address("To"),
    }
}
