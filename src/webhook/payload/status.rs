//! Status callbacks of messages and calls, and results of answering-machine detection.
//!
//! Twilio ignores the response. The order of arrival varies.

use std::time::Duration;

use super::super::error::PayloadErrorKind as Kind;
use super::call::CallParameters;
use super::macros::payload;
use super::parameters::Parameters;
use crate::codes::ErrorCode;
use crate::phone::Address;
use crate::types::{
    AccountSid, AnsweredBy, CallSid, MessageSid, MessageStatus, MessagingServiceSid, RecordingSid,
    Redacted, Timestamp,
};

payload! {
    /// Delivery status of an outgoing message.
    ///
    /// Callbacks repeat and arrive in any order. Use
    /// [`StatusTracker`](crate::webhook::StatusTracker), so that a late `sent` does not replace
    /// `delivered`.
    ///
    /// ```
    /// # use clinspark_twilio::types::AuthToken;
    /// # use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
    /// use clinspark_twilio::types::MessageStatus;
    /// use clinspark_twilio::webhook::{MessageStatusCallback, StatusTracker};
    ///
    /// # let origin = PublicOrigin::parse("https://acme.example.com")?;
    /// # let validator = Validator::new(AuthToken::new("12345")?, origin);
    /// # let mut request = http::Request::post("/twilio")
    /// #     .header("content-type", "application/x-www-form-urlencoded")
    /// #     .body(
    /// #         "MessageSid=SM00000000000000000000000000000001&MessageStatus=undelivered&ErrorCode=30003\
    /// #          &AccountSid=AC00000000000000000000000000000001&To=%2B14155550123",
    /// #     )?;
    /// # let signature = validator.sign(&request);
    /// # request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
    /// let callback: MessageStatusCallback = validator.verify(request)?.parse()?;
    /// let mut stored = StatusTracker::new(MessageStatus::Sent);
    /// if stored.observe(callback.status) {
    ///     // Store the new status.
    /// }
    /// assert_eq!(stored.status(), &MessageStatus::Undelivered);
    /// assert!(callback.error_code.is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/messaging/guides/track-outbound-message-status>
    pub struct MessageStatusCallback = "message status callback",
        requires ["AccountSid", "MessageSid", "MessageStatus"],
        without ["CallSid"], |p| {
        /// SID of the message.
        message_sid: MessageSid = p.aliased("MessageSid", &["SmsSid"]).required("MessageSid")?,
        /// Account or subaccount that sent the message.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// Delivery status.
        ///
        /// A status that mixes cases or holds a digit is refused. Otherwise a captured callback could
        /// be replayed with the parameters that follow moved into the status, and with them get
        /// another [`ReplayKey`](crate::webhook::ReplayKey).
        status: MessageStatus = message_status(p)?,
        /// Twilio error code, such as 30003 or 21610. Sent only with `failed` and `undelivered`.
        /// [`ErrorCode::explanation`] states meaning and advice.
        error_code: Option<ErrorCode> = p.value("ErrorCode"),
        /// Description of the error.
        error_message: Option<Redacted<String>> = p.hidden("ErrorMessage"),
        /// Recipient. Absent on some channels.
        to: Option<Address> = p.address("To"),
        /// Sender. Absent on some channels.
        from: Option<Address> = p.address("From"),
        /// Messaging Service that sent the message.
        messaging_service_sid: Option<MessagingServiceSid> = p.value("MessagingServiceSid"),
        /// Time of the carrier's delivery receipt, `YYMMDDhhmm`. The time zone is unknown, so the
        /// value is text.
        raw_dlr_done_date: Option<String> = p.text("RawDlrDoneDate"),
        /// Channel, such as `whatsapp`. Absent for SMS and MMS.
        channel_prefix: Option<String> = p.text("ChannelPrefix"),
        /// SID of the installed channel, `XE...`. Absent for SMS and MMS.
        channel_install_sid: Option<String> = p.text("ChannelInstallSid"),
        /// Address of the recipient in the channel's own format.
        channel_to_address: Option<Redacted<String>> = p.hidden("ChannelToAddress"),
        /// Description of the error by the channel.
        channel_status_message: Option<Redacted<String>> = p.hidden("ChannelStatusMessage"),
        /// Type of the event, such as `READ`, if the channel sends receipts.
        event_type: Option<String> = p.text("EventType"),
    }
}

/// Takes the status of a message.
fn message_status(p: &mut Parameters<'_>) -> Result<MessageStatus, Kind> {
    let status: MessageStatus = p
        .aliased("MessageStatus", &["SmsStatus"])
        .required_enum_value("MessageStatus")?;
    // Every name of Twilio's parameters begins with a capital and goes on in lowercase.
    let is_word = |is_letter: fn(&u8) -> bool| {
        let mut bytes = status.as_str().bytes();
        bytes.all(|b| is_letter(&b) || matches!(b, b'-' | b'_'))
    };
    if is_word(u8::is_ascii_lowercase) || is_word(u8::is_ascii_uppercase) {
        Ok(status)
    } else {
        Err(Kind::Malformed("MessageStatus"))
    }
}

payload! {
    /// Status of a call: an outbound call, a dialled leg, or an inbound call that ended.
    ///
    /// ```
    /// # use clinspark_twilio::types::AuthToken;
    /// # use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
    /// use std::time::Duration;
    /// use clinspark_twilio::types::CallStatus;
    /// use clinspark_twilio::webhook::CallStatusCallback;
    ///
    /// # let origin = PublicOrigin::parse("https://acme.example.com")?;
    /// # let validator = Validator::new(AuthToken::new("12345")?, origin);
    /// # let mut request = http::Request::post("/twilio")
    /// #     .header("content-type", "application/x-www-form-urlencoded")
    /// #     .body(
    /// #         "CallSid=CA00000000000000000000000000000001&CallStatus=completed&Direction=outbound-api\
    /// #          &AccountSid=AC00000000000000000000000000000001&From=%2B14155550199&To=%2B14155550123\
    /// #          &CallDuration=42",
    /// #     )?;
    /// # let signature = validator.sign(&request);
    /// # request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
    /// let callback: CallStatusCallback = validator.verify(request)?.parse()?;
    /// assert_eq!(callback.call.status, CallStatus::Completed);
    /// assert_eq!(callback.call_duration, Some(Duration::from_secs(42)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#statuscallback>
    pub struct CallStatusCallback = "call status callback",
        requires [] and CallParameters, |p| {
        /// Parameters of the call, with its new status.
        call: CallParameters = CallParameters::read(p)?,
        /// `call-progress-events` if `StatusCallbackEvent` is configured.
        callback_source: Option<String> = p.text("CallbackSource"),
        /// Position in the order in which Twilio fired the events, from 0. They may arrive in
        /// another order.
        sequence_number: Option<u32> = p.value("SequenceNumber"),
        /// Time when Twilio fired the event.
        timestamp: Option<Timestamp> = p.timestamp("Timestamp"),
        /// Duration of the call, to the second. Sent only for a completed call.
        call_duration: Option<Duration> = p.seconds("CallDuration"),
        /// Billed duration in minutes, rounded up.
        duration: Option<u32> = p.value("Duration"),
        /// Final SIP response code of an outbound call, such as 200 or 486.
        sip_response_code: Option<u16> = p.value("SipResponseCode"),
        /// SID of the recording, if the call was recorded.
        recording_sid: Option<RecordingSid> = p.value("RecordingSid"),
        /// URL of the recording.
        recording_url: Option<Redacted<String>> = p.hidden("RecordingUrl"),
        /// Duration of the recording, to the second.
        recording_duration: Option<Duration> = p.seconds("RecordingDuration"),
        /// Twilio error code of a failed call.
        error_code: Option<ErrorCode> = p.value("ErrorCode"),
        /// Description of the error.
        error_message: Option<Redacted<String>> = p.hidden("ErrorMessage"),
    }
}

payload! {
    /// Result of asynchronous answering-machine detection (`AsyncAmd`), sent while the call
    /// continues, at most once for a call. Twilio ignores the response.
    ///
    /// Source: <https://www.twilio.com/docs/voice/answering-machine-detection>
    pub struct AmdStatusCallback = "answering-machine callback",
        requires ["AccountSid", "AnsweredBy", "CallSid"],
        without ["CallStatus", "MessageSid"], |p| {
        /// SID of the call.
        call_sid: CallSid = p.required("CallSid")?,
        /// Account or subaccount of the call.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// Detected party: a person or a machine.
        answered_by: AnsweredBy = p.required_enum_value("AnsweredBy")?,
        /// Duration of answering-machine detection, to the millisecond.
        machine_detection_duration: Option<Duration> = p.milliseconds("MachineDetectionDuration"),
    }
}
