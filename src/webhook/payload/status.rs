//! Status of a message or a call, and the result of answering-machine detection. Twilio ignores the
//! answer, and the order of arrival varies.

use std::time::Duration;

use super::call::CallParameters;
use super::macros::payload;
use crate::phone::Address;
use crate::types::{
    AccountSid, AnsweredBy, CallSid, MessageSid, MessageStatus, MessagingServiceSid, RecordingSid,
    Redacted, Timestamp,
};

payload! {
    /// Delivery status of an outgoing message.
    ///
    /// Callbacks repeat and arrive in any order: a late `sent` must not replace `delivered`. See
    /// [`StatusTracker`](crate::webhook::StatusTracker).
    ///
    /// Source: <https://www.twilio.com/docs/messaging/guides/track-outbound-message-status>
    pub struct MessageStatusCallback = "message status callback", without ["CallSid"], |p| {
        /// The message.
        message_sid: MessageSid = p.aliased("MessageSid", &["SmsSid"]).required("MessageSid")?,
        /// Account or sub-account that sent the message.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// Delivery status.
        status: MessageStatus = p.aliased("MessageStatus", &["SmsStatus"]).required_word("MessageStatus")?,
        /// Twilio error code, such as 30003 or 21610. Only with `failed` and `undelivered`.
        error_code: Option<u32> = p.value("ErrorCode"),
        /// Description of the error.
        error_message: Option<Redacted<String>> = p.hidden("ErrorMessage"),
        /// Recipient. Absent on some channels.
        to: Option<Address> = p.address("To"),
        /// Sender. Absent on some channels.
        from: Option<Address> = p.address("From"),
        /// Messaging Service that sent the message.
        messaging_service_sid: Option<MessagingServiceSid> = p.value("MessagingServiceSid"),
        /// Time of the carrier's receipt, `YYMMDDhhmm`. The time zone is unknown: keep it as text.
        raw_dlr_done_date: Option<String> = p.text("RawDlrDoneDate"),
        /// Channel, such as `whatsapp`. Absent for SMS and MMS.
        channel_prefix: Option<String> = p.text("ChannelPrefix"),
        /// Installed channel, `XE...`. Absent for SMS and MMS.
        channel_install_sid: Option<String> = p.text("ChannelInstallSid"),
        /// Recipient in the channel's own notation.
        channel_to_address: Option<Redacted<String>> = p.hidden("ChannelToAddress"),
        /// The channel's description of an error.
        channel_status_message: Option<Redacted<String>> = p.hidden("ChannelStatusMessage"),
        /// `READ` and the like, where the channel gives receipts.
        event_type: Option<String> = p.text("EventType"),
    }
}

payload! {
    /// Status of a call: of an outbound call, a dialled leg, or an inbound call that ended.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#statuscallback>
    pub struct CallStatusCallback = "call status callback", |p| {
        /// The call with its new status.
        call: CallParameters = CallParameters::read(p)?,
        /// `call-progress-events` where `StatusCallbackEvent` is configured.
        callback_source: Option<String> = p.text("CallbackSource"),
        /// Order in which Twilio fired the events, from 0. They may arrive in another.
        sequence_number: Option<u32> = p.value("SequenceNumber"),
        /// Time when Twilio fired the event.
        timestamp: Option<Timestamp> = p.timestamp("Timestamp"),
        /// Duration of the call, to the second. Only when it is completed.
        call_duration: Option<Duration> = p.seconds("CallDuration"),
        /// Billed duration: minutes, rounded up.
        duration: Option<u32> = p.value("Duration"),
        /// Final SIP code of an outbound call, such as 200 or 486.
        sip_response_code: Option<u16> = p.value("SipResponseCode"),
        /// Recording, when the call was recorded.
        recording_sid: Option<RecordingSid> = p.value("RecordingSid"),
        /// URL of the recording.
        recording_url: Option<Redacted<String>> = p.hidden("RecordingUrl"),
        /// Duration of the recording, to the second.
        recording_duration: Option<Duration> = p.seconds("RecordingDuration"),
        /// Twilio error code of a failed call.
        error_code: Option<u32> = p.value("ErrorCode"),
        /// Description of the error.
        error_message: Option<Redacted<String>> = p.hidden("ErrorMessage"),
    }
}

payload! {
    /// Result of answering-machine detection while the call goes on (`AsyncAmd`). Twilio ignores
    /// the answer.
    ///
    /// Source: <https://www.twilio.com/docs/voice/answering-machine-detection>
    pub struct AmdStatusCallback = "answering-machine callback", without ["CallStatus", "MessageSid"], |p| {
        /// The call.
        call_sid: CallSid = p.required("CallSid")?,
        /// Account or sub-account of the call.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// Detected kind of answer.
        answered_by: AnsweredBy = p.required_word("AnsweredBy")?,
        /// Duration of the detection, to the millisecond.
        machine_detection_duration: Option<Duration> = p.milliseconds("MachineDetectionDuration"),
    }
}
