//! Calls that were dialled, or that wait in a queue.

use std::time::Duration;

use super::call::CallParameters;
use super::enums::{DialCallStatus, QueueResult};
use super::macros::payload;
use crate::types::{CallSid, QueueSid, RecordingSid, Redacted};

payload! {
    /// Result of a `<Dial>`. Twilio expects `TwiML` in answer.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/dial#action>
    pub struct DialResult = "dial result", |p| {
        /// Result of the dialled leg.
        status: DialCallStatus = p.required_word("DialCallStatus")?,
        /// The call that dialled.
        call: CallParameters = CallParameters::read(p)?,
        /// The dialled leg. Absent after a conference.
        dial_call_sid: Option<CallSid> = p.value("DialCallSid"),
        /// Duration of that leg, to the second. Absent after a conference or a redirect.
        dial_call_duration: Option<Duration> = p.seconds("DialCallDuration"),
        /// `true` when the two legs were connected. Absence means unknown.
        dial_bridged: Option<bool> = p.flag("DialBridged"),
        /// Recording, when the `<Dial>` recorded.
        recording_sid: Option<RecordingSid> = p.value("RecordingSid"),
        /// URL of the recording. A Voice SDK client can set it: download by SID.
        recording_url: Option<Redacted<String>> = p.hidden("RecordingUrl"),
        /// Duration of the recording, to the second.
        recording_duration: Option<Duration> = p.seconds("RecordingDuration"),
        /// `Call-ID` of the SIP leg.
        dial_sip_call_id: Option<String> = p.text("DialSipCallId"),
        /// Final response code of the SIP leg.
        dial_sip_response_code: Option<u16> = p.value("DialSipResponseCode"),
        /// Custom headers of the SIP leg's answer.
        dial_sip_headers: Vec<(String, Redacted<String>)> = p.with_prefix("DialSipHeader_"),
        /// Queue that was dialled.
        queue_sid: Option<QueueSid> = p.value("QueueSid"),
        /// Time that the call waited in the queue, to the second.
        queue_time: Option<Duration> = p.seconds("QueueTime"),
        /// The call that took it out of the queue.
        dequeuing_call_sid: Option<CallSid> = p.value("DequeingCallSid"),
    }
}

payload! {
    /// A caller waits in a queue: Twilio asks repeatedly what to play.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/enqueue#waiturl>
    pub struct QueueWait = "queue wait", |p| {
        /// Position in the queue, from 1.
        queue_position: u32 = p.required("QueuePosition")?,
        /// The queue.
        queue_sid: QueueSid = p.required("QueueSid")?,
        /// The waiting call.
        call: CallParameters = CallParameters::read(p)?,
        /// Time waited, to the second.
        queue_time: Option<Duration> = p.seconds("QueueTime"),
        /// Average time waited in this queue, to the second.
        avg_queue_time: Option<Duration> = p.seconds("AvgQueueTime"),
        /// Number of waiting calls.
        current_queue_size: Option<u32> = p.value("CurrentQueueSize"),
        /// Largest number of waiting calls.
        max_queue_size: Option<u32> = p.value("MaxQueueSize"),
    }
}

payload! {
    /// Result of an `<Enqueue>`. Twilio expects `TwiML` in answer.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/enqueue#action>
    pub struct EnqueueResult = "enqueue result", |p| {
        /// Reason why the call left the queue.
        queue_result: QueueResult = p.required_word("QueueResult")?,
        /// The call that waited.
        call: CallParameters = CallParameters::read(p)?,
        /// The queue, if the call entered it.
        queue_sid: Option<QueueSid> = p.value("QueueSid"),
        /// Time waited, to the second.
        queue_time: Option<Duration> = p.seconds("QueueTime"),
    }
}

payload! {
    /// A waiting call is about to be connected: `<Queue url>` asks what to play to it.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/queue#url>
    pub struct Dequeue = "dequeue request", |p| {
        /// The call that takes it out of the queue. Twilio writes the parameter with one `u`.
        dequeuing_call_sid: CallSid = p.required("DequeingCallSid")?,
        /// The call that waited.
        call: CallParameters = CallParameters::read(p)?,
        /// The queue.
        queue_sid: Option<QueueSid> = p.value("QueueSid"),
        /// Time waited, to the second.
        queue_time: Option<Duration> = p.seconds("QueueTime"),
    }
}
