//! What became of a message or a call. Twilio ignores the answer, and does not keep the order.

use std::time::Duration;

use super::super::error::PayloadErrorKind as Kind;
use super::call::CallParameters;
use super::parameters::{Extra, Parameters, Read, extra};
use crate::phone::Address;
use crate::types::{
    AccountSid, MessageSid, MessageStatus, MessagingServiceSid, RecordingSid, Redacted, Timestamp,
};

/// What became of a message that we sent.
///
/// Callbacks repeat and overtake each other: a late `sent` must not undo `delivered`.
///
/// Source: <https://www.twilio.com/docs/messaging/guides/track-outbound-message-status>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageStatusCallback {
    /// The message.
    pub message_sid: MessageSid,
    /// The account, or sub-account, that sent it.
    pub account_sid: AccountSid,
    /// Where the message is.
    pub status: MessageStatus,
    /// Why it failed, such as 30003 or 21610; only with `failed` and `undelivered`.
    pub error_code: Option<u32>,
    /// The same in words.
    pub error_message: Option<String>,
    /// Whom we sent it to; absent on some channels.
    pub to: Option<Address>,
    /// What we sent it from; absent on some channels.
    pub from: Option<Address>,
    /// The Messaging Service that it was sent through.
    pub messaging_service_sid: Option<MessagingServiceSid>,
    /// When the carrier says it was done: `YYMMDDhhmm`, in no known time zone. Keep it as text.
    pub raw_dlr_done_date: Option<String>,
    /// The channel, such as `whatsapp`, for anything but SMS.
    pub channel_prefix: Option<String>,
    /// The installed channel, `XE...`, for anything but SMS.
    pub channel_install_sid: Option<String>,
    /// The recipient as the channel writes it.
    pub channel_to_address: Option<Redacted<String>>,
    /// What the channel says of an error.
    pub channel_status_message: Option<Redacted<String>>,
    /// `READ` and the like, where the channel gives receipts.
    pub event_type: Option<String>,
    extra: Extra,
}

extra!(MessageStatusCallback);

impl Read for MessageStatusCallback {
    const NAME: &'static str = "message status callback";

    fn read_fields(p: &mut Parameters) -> Result<Self, Kind> {
        let message_sid: MessageSid = p.required("MessageSid")?;
        let status: MessageStatus = p.required_word("MessageStatus")?;
        for (alias, same) in [
            ("SmsSid", message_sid.as_str()),
            ("SmsStatus", status.as_str()),
        ] {
            // Twilio's older names of the same values.
            if p.peek(alias) == Some(same) {
                p.raw(alias);
            }
        }
        Ok(Self {
            message_sid,
            account_sid: p.required("AccountSid")?,
            status,
            error_code: p.value("ErrorCode"),
            error_message: p.text("ErrorMessage"),
            to: p.address("To"),
            from: p.address("From"),
            messaging_service_sid: p.value("MessagingServiceSid"),
            raw_dlr_done_date: p.text("RawDlrDoneDate"),
            channel_prefix: p.text("ChannelPrefix"),
            channel_install_sid: p.text("ChannelInstallSid"),
            channel_to_address: p.hidden("ChannelToAddress"),
            channel_status_message: p.hidden("ChannelStatusMessage"),
            event_type: p.text("EventType"),
            extra: p.extra(),
        })
    }
}

/// What became of a call: of one that we placed, of a leg that we dialled, or at the end of one
/// that came in.
///
/// Source: <https://www.twilio.com/docs/voice/api/call-resource#statuscallback>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallStatusCallback {
    /// The call, its new status among the rest.
    pub call: CallParameters,
    /// `call-progress-events` where events were asked for.
    pub callback_source: Option<String>,
    /// The order in which Twilio fired them, from 0: they may arrive in another.
    pub sequence_number: Option<u32>,
    /// When Twilio fired it.
    pub timestamp: Option<Timestamp>,
    /// How long the call lasted, to the second; only when it is completed.
    pub call_duration: Option<Duration>,
    /// What is billed: minutes, rounded up.
    pub duration: Option<u32>,
    /// The final SIP code of a call that we placed, such as 200 or 486.
    pub sip_response_code: Option<u16>,
    /// The recording, when the call was recorded.
    pub recording_sid: Option<RecordingSid>,
    /// Where it is.
    pub recording_url: Option<Redacted<String>>,
    /// How long it is, to the second.
    pub recording_duration: Option<Duration>,
    /// Why the call failed.
    pub error_code: Option<u32>,
    /// The same in words.
    pub error_message: Option<String>,
    extra: Extra,
}

extra!(CallStatusCallback);

impl Read for CallStatusCallback {
    const NAME: &'static str = "call status callback";

    fn read_fields(p: &mut Parameters) -> Result<Self, Kind> {
        Ok(Self {
            call: CallParameters::read(p)?,
            callback_source: p.text("CallbackSource"),
            sequence_number: p.value("SequenceNumber"),
            timestamp: p.timestamp("Timestamp"),
            call_duration: p.seconds("CallDuration"),
            duration: p.value("Duration"),
            sip_response_code: p.value("SipResponseCode"),
            recording_sid: p.value("RecordingSid"),
            recording_url: p.hidden("RecordingUrl"),
            recording_duration: p.seconds("RecordingDuration"),
            error_code: p.value("ErrorCode"),
            error_message: p.text("ErrorMessage"),
            extra: p.extra(),
        })
    }
}
