//! A call dialled on, or kept waiting in a queue.

use std::time::Duration;

use super::call::CallParameters;
use super::row::payload;
use super::words::{DialCallStatus, QueueResult};
use crate::types::{CallSid, QueueSid, RecordingSid, Redacted};

payload! {
    /// How a `<Dial>` ended. Twilio wants `TwiML` in answer.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/dial#action>
    pub struct DialResult = "dial result", |p| {
        /// How the leg that was dialled ended.
        status: DialCallStatus = p.required_word("DialCallStatus")?,
        /// The call that dialled.
        call: CallParameters = CallParameters::read(p)?,
        /// The leg that was dialled; absent after a conference.
        dial_call_sid: Option<CallSid> = p.value("DialCallSid"),
        /// How long that leg lasted, to the second; absent after a conference or a redirect.
        dial_call_duration: Option<Duration> = p.seconds("DialCallDuration"),
        /// Whether the two were connected; absence tells nothing.
        dial_bridged: Option<bool> = p.flag("DialBridged"),
        /// The recording, when the `<Dial>` recorded.
        recording_sid: Option<RecordingSid> = p.value("RecordingSid"),
        /// Where it is.
        recording_url: Option<Redacted<String>> = p.hidden("RecordingUrl"),
        /// How long it is, to the second.
        recording_duration: Option<Duration> = p.seconds("RecordingDuration"),
        /// The `Call-ID` of the SIP leg.
        dial_sip_call_id: Option<String> = p.text("DialSipCallId"),
        /// The final code of the SIP leg.
        dial_sip_response_code: Option<u16> = p.value("DialSipResponseCode"),
        /// The custom headers of the SIP leg's answer.
        dial_sip_headers: Vec<(String, Redacted<String>)> = p.with_prefix("DialSipHeader_"),
        /// The queue that was dialled.
        queue_sid: Option<QueueSid> = p.value("QueueSid"),
        /// How long the call had waited there, to the second.
        queue_time: Option<Duration> = p.seconds("QueueTime"),
        /// The call that took it from there.
        dequeuing_call_sid: Option<CallSid> = p.value("DequeingCallSid"),
    }
}

payload! {
    /// A caller waits in a queue: Twilio asks again and again what to play.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/enqueue#waiturl>
    pub struct QueueWait = "queue wait", |p| {
        /// The place in the queue, from 1.
        queue_position: u32 = p.required("QueuePosition")?,
        /// The queue.
        queue_sid: QueueSid = p.required("QueueSid")?,
        /// The call that waits.
        call: CallParameters = CallParameters::read(p)?,
        /// How long it has waited, to the second.
        queue_time: Option<Duration> = p.seconds("QueueTime"),
        /// How long calls wait on average, to the second.
        avg_queue_time: Option<Duration> = p.seconds("AvgQueueTime"),
        /// How many wait.
        current_queue_size: Option<u32> = p.value("CurrentQueueSize"),
        /// How many may wait.
        max_queue_size: Option<u32> = p.value("MaxQueueSize"),
    }
}

payload! {
    /// How an `<Enqueue>` ended. Twilio wants `TwiML` in answer.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/enqueue#action>
    pub struct EnqueueResult = "enqueue result", |p| {
        /// How the stay in the queue ended.
        queue_result: QueueResult = p.required_word("QueueResult")?,
        /// The call that waited.
        call: CallParameters = CallParameters::read(p)?,
        /// The queue, if the call got into it.
        queue_sid: Option<QueueSid> = p.value("QueueSid"),
        /// How long the call waited, to the second.
        queue_time: Option<Duration> = p.seconds("QueueTime"),
    }
}

payload! {
    /// A waiting call is about to be connected: what `<Queue url>` plays to it.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/queue#url>
    pub struct Dequeue = "dequeue request", |p| {
        /// The call that takes it from the queue. Twilio writes the parameter with one `u`.
        dequeuing_call_sid: CallSid = p.required("DequeingCallSid")?,
        /// The call that waited.
        call: CallParameters = CallParameters::read(p)?,
        /// The queue.
        queue_sid: Option<QueueSid> = p.value("QueueSid"),
        /// How long the call waited, to the second.
        queue_time: Option<Duration> = p.seconds("QueueTime"),
    }
}
