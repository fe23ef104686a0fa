//! Results of `<Dial>` and `<Enqueue>`, and calls that wait in a queue.

use std::time::Duration;

use super::call::CallParameters;
use super::enums::{DialCallStatus, QueueResult};
use super::macros::payload;
use crate::types::{CallSid, QueueSid, RecordingSid, Redacted};

payload! {
    /// Result of a `<Dial>`. Twilio expects `TwiML` in the response.
    ///
    /// ```
    /// # use clinspark_twilio::types::AuthToken;
    /// # use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
    /// use clinspark_twilio::webhook::{DialCallStatus, DialResult};
    ///
    /// # let origin = PublicOrigin::parse("https://acme.example.com")?;
    /// # let validator = Validator::new(AuthToken::new("12345")?, origin);
    /// # let mut request = http::Request::post("/twilio")
    /// #     .header("content-type", "application/x-www-form-urlencoded")
    /// #     .body(
    /// #         "CallSid=CA00000000000000000000000000000001&CallStatus=in-progress&Direction=inbound\
    /// #          &AccountSid=AC00000000000000000000000000000001&From=%2B14155550123&To=%2B14155550199&DialCallStatus=no-answer",
    /// #     )?;
    /// # let signature = validator.sign(&request);
    /// # request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
    /// let result: DialResult = validator.verify(request)?.parse()?;
    /// assert_eq!(result.status, DialCallStatus::NoAnswer); // offer to leave a message
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/dial#action>
    pub struct DialResult = "dial result",
        requires ["DialCallStatus"] and CallParameters, |p| {
        /// Status of the dialled leg.
        status: DialCallStatus = p.required_enum_value("DialCallStatus")?,
        /// Parameters of the call that executed the `<Dial>`.
        call: CallParameters = CallParameters::read(p)?,
        /// SID of the dialled leg. Absent after a conference.
        dial_call_sid: Option<CallSid> = p.value("DialCallSid"),
        /// Duration of the dialled leg, to the second. Absent after a conference or a redirect.
        dial_call_duration: Option<Duration> = p.seconds("DialCallDuration"),
        /// `true` if the two legs were connected. `None` means unknown.
        dial_bridged: Option<bool> = p.flag("DialBridged"),
        /// SID of the recording, if the `<Dial>` recorded.
        recording_sid: Option<RecordingSid> = p.value("RecordingSid"),
        /// URL of the recording. A Voice SDK client can set it, so download the recording by SID.
        recording_url: Option<Redacted<String>> = p.hidden("RecordingUrl"),
        /// Duration of the recording, to the second.
        recording_duration: Option<Duration> = p.seconds("RecordingDuration"),
        /// `Call-ID` of the SIP leg.
        dial_sip_call_id: Option<String> = p.text("DialSipCallId"),
        /// Final response code of the SIP leg.
        dial_sip_response_code: Option<u16> = p.value("DialSipResponseCode"),
        /// Custom headers of the SIP leg's response.
        dial_sip_headers: Vec<(String, Redacted<String>)> = p.with_prefix("DialSipHeader_"),
        /// SID of the dialled queue.
        queue_sid: Option<QueueSid> = p.value("QueueSid"),
        /// Time that the call waited in the queue, to the second.
        queue_time: Option<Duration> = p.seconds("QueueTime"),
        /// Call that took this call out of the queue.
        dequeuing_call_sid: Option<CallSid> = p.value("DequeingCallSid"),
    }
}

payload! {
    /// Request for the sound to play to a caller in a queue. Twilio repeats it while the caller
    /// waits.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/enqueue#waiturl>
    pub struct QueueWait = "queue wait",
        requires ["QueuePosition", "QueueSid"] and CallParameters, |p| {
        /// Position in the queue, from 1.
        queue_position: u32 = p.required("QueuePosition")?,
        /// SID of the queue.
        queue_sid: QueueSid = p.required("QueueSid")?,
        /// Parameters of the waiting call.
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
    /// Result of an `<Enqueue>`. Twilio expects `TwiML` in the response.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/enqueue#action>
    pub struct EnqueueResult = "enqueue result",
        requires ["QueueResult"] and CallParameters, |p| {
        /// Reason why the call left the queue.
        queue_result: QueueResult = p.required_enum_value("QueueResult")?,
        /// Parameters of the call that waited.
        call: CallParameters = CallParameters::read(p)?,
        /// SID of the queue, if the call entered it.
        queue_sid: Option<QueueSid> = p.value("QueueSid"),
        /// Time waited, to the second.
        queue_time: Option<Duration> = p.seconds("QueueTime"),
    }
}

payload! {
    /// Request of `<Queue url>` for the sound to play to a waiting call before it is connected.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/queue#url>
    pub struct Dequeue = "dequeue request",
        requires ["DequeingCallSid"] and CallParameters, |p| {
        /// Call that takes the waiting call out of the queue. Twilio's parameter name has one `u`.
        dequeuing_call_sid: CallSid = p.required("DequeingCallSid")?,
        /// Parameters of the call that waited.
        call: CallParameters = CallParameters::read(p)?,
        /// SID of the queue.
        queue_sid: Option<QueueSid> = p.value("QueueSid"),
        /// Time waited, to the second.
        queue_time: Option<Duration> = p.seconds("QueueTime"),
    }
}
