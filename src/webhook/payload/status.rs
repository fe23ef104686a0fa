//! What became of a message or a call. Twilio ignores the answer, and does not keep the order.

use std::time::Duration;

use super::call::CallParameters;
use super::row::payload;
use crate::phone::Address;
use crate::types::{
    AccountSid, MessageSid, MessageStatus, MessagingServiceSid, RecordingSid, Redacted, Timestamp,
};

payload! {
    /// What became of a message that we sent.
    ///
    /// Callbacks repeat and overtake each other: a late `sent` must not undo `delivered`.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/guides/track-outbound-message-status>
    pub struct MessageStatusCallback = "message status callback", without ["CallSid"], |p| {
        /// The message.
        message_sid: MessageSid = p.aliased("MessageSid", &["SmsSid"]).required("MessageSid")?,
        /// The account, or sub-account, that sent it.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// Where the message is.
        status: MessageStatus = p.aliased("MessageStatus", &["SmsStatus"]).required_word("MessageStatus")?,
        /// Why it failed, such as 30003 or 21610; only with `failed` and `undelivered`.
        error_code: Option<u32> = p.value("ErrorCode"),
        /// The same in words.
        error_message: Option<Redacted<String>> = p.hidden("ErrorMessage"),
        /// Whom we sent it to; absent on some channels.
        to: Option<Address> = p.address("To"),
        /// What we sent it from; absent on some channels.
        from: Option<Address> = p.address("From"),
        /// The Messaging Service that it was sent through.
        messaging_service_sid: Option<MessagingServiceSid> = p.value("MessagingServiceSid"),
        /// When the carrier says it was done: `YYMMDDhhmm`, in no known time zone. Keep it as text.
        raw_dlr_done_date: Option<String> = p.text("RawDlrDoneDate"),
        /// The channel, such as `whatsapp`, for anything but SMS.
        channel_prefix: Option<String> = p.text("ChannelPrefix"),
        /// The installed channel, `XE...`, for anything but SMS.
        channel_install_sid: Option<String> = p.text("ChannelInstallSid"),
        /// The recipient as the channel writes it.
        channel_to_address: Option<Redacted<String>> = p.hidden("ChannelToAddress"),
        /// What the channel says of an error.
        channel_status_message: Option<Redacted<String>> = p.hidden("ChannelStatusMessage"),
        /// `READ` and the like, where the channel gives receipts.
        event_type: Option<String> = p.text("EventType"),
    }
}

payload! {
    /// What became of a call: of one that we placed, of a leg that we dialled, or at the end of one
    /// that came in.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#statuscallback>
    pub struct CallStatusCallback = "call status callback", |p| {
        /// The call, its new status among the rest.
        call: CallParameters = CallParameters::read(p)?,
        /// `call-progress-events` where events were asked for.
        callback_source: Option<String> = p.text("CallbackSource"),
        /// The order in which Twilio fired them, from 0: they may arrive in another.
        sequence_number: Option<u32> = p.value("SequenceNumber"),
        /// When Twilio fired it.
        timestamp: Option<Timestamp> = p.timestamp("Timestamp"),
        /// How long the call lasted, to the second; only when it is completed.
        call_duration: Option<Duration> = p.seconds("CallDuration"),
        /// What is billed: minutes, rounded up.
        duration: Option<u32> = p.value("Duration"),
        /// The final SIP code of a call that we placed, such as 200 or 486.
        sip_response_code: Option<u16> = p.value("SipResponseCode"),
        /// The recording, when the call was recorded.
        recording_sid: Option<RecordingSid> = p.value("RecordingSid"),
        /// Where it is.
        recording_url: Option<Redacted<String>> = p.hidden("RecordingUrl"),
        /// How long it is, to the second.
        recording_duration: Option<Duration> = p.seconds("RecordingDuration"),
        /// Why the call failed.
        error_code: Option<u32> = p.value("ErrorCode"),
        /// The same in words.
        error_message: Option<Redacted<String>> = p.hidden("ErrorMessage"),
    }
}
