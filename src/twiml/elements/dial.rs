//! `<Dial>` and `<Number>`: connecting a call to a telephone number.

use crate::twiml::element_macro::element;
use crate::twiml::response::VoiceResponse;
use crate::twiml::values::{CallEvent, DialEvents, DialRecord, RecordingEvent, RingTone, Trim};
use crate::types::{Method, RecordingTrack};

element! {
    /// Connects the caller to another party.
    ///
    /// For one number, use [`Dial::number`]. Other parties are appended. Several [`Number`]s ring
    /// at once, and the first to answer gets the call.
    ///
    /// ```
    /// use std::time::Duration;
    /// use clinspark_twilio::phone::E164;
    /// use clinspark_twilio::twiml::{Dial, Number, VoiceResponse};
    ///
    /// let nurse = E164::parse("+14155550123")?;
    /// let dial = Dial::number(nurse).timeout(Duration::from_secs(20));
    /// let document = VoiceResponse::new().append(dial);
    /// assert!(document.to_xml().contains(r#"<Dial timeout="20">+14155550123</Dial>"#));
    ///
    /// // Two numbers ring at once.
    /// let both = Dial::new().append(Number::new(nurse)).append(Number::new("+14155550124"));
    /// assert!(VoiceResponse::new().append(both).lint().is_empty());
    /// # Ok::<(), clinspark_twilio::phone::PhoneError>(())
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/dial>
    Dial = "Dial" in [VoiceResponse];

    /// Creates an empty `<Dial>`. Append at least one party to dial.
    new();

    /// Dials this telephone number.
    number(number: PhoneNumber);

    {
        /// URL that Twilio requests after the dialled call ended. Its response continues the call.
        /// Without `action`, the call continues with the next verb.
        action = "action": Url,
        /// HTTP method for `action`. Default `POST`.
        method = "method": Method,
        /// Longest time to ring, in seconds. 5 to 600, default 30.
        timeout = "timeout": Seconds in 5..=600,
        /// Lets the caller leave the dialled party by pressing `*`. Default false.
        hangup_on_star = "hangupOnStar": bool,
        /// Longest duration of the call, in seconds. Default 14,400, at most 86,400.
        time_limit = "timeLimit": Seconds in 1..=86_400,
        /// Caller ID that the dialled party sees: a number of the account, or the caller's.
        caller_id = "callerId": PhoneNumber,
        /// Recording of the dialled call. Default: none.
        record = "record": DialRecord,
        /// Handling of silence at both ends of the recording. Default: kept.
        trim = "trim": Trim,
        /// URL for status updates of the recording.
        recording_status_callback = "recordingStatusCallback": Url,
        /// ID of a recording configuration of the account.
        recording_configuration_id = "recordingConfigurationId": Text,
        /// HTTP method for `recording_status_callback`. Default `POST`.
        recording_status_callback_method = "recordingStatusCallbackMethod": Method,
        /// Events reported to `recording_status_callback`. Default: completion only.
        recording_status_callback_event = "recordingStatusCallbackEvent": [RecordingEvent],
        /// Leaves the caller's call unanswered until the dialled party answers. Default false.
        answer_on_bridge = "answerOnBridge": bool,
        /// Ringback tone that the caller hears, by country. Default: that of the dialled number.
        ring_tone = "ringTone": RingTone,
        /// Audio track to record. Default both.
        recording_track = "recordingTrack": RecordingTrack,
        /// Dials the parties one after another instead of at once. Default false.
        sequential = "sequential": bool,
        /// URL that Twilio requests when the dialled party transfers the call by SIP REFER; its
        /// response continues the call.
        refer_url = "referUrl": Url,
        /// HTTP method for `refer_url`. Default `POST`.
        refer_method = "referMethod": Method,
        /// Events of the call that are reported in addition to its status.
        events = "events": DialEvents,
        /// Signed tokens that attest the caller's number (SHAKEN `PASSporT`s), each in base64.
        passports = "passports": PhraseList,
    }
}

element! {
    /// Telephone number to dial.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{CallEvent, Dial, Number, VoiceResponse};
    ///
    /// let number = Number::new("+14155550123")
    ///     .send_digits("wwww1928") // an extension, after two seconds
    ///     .status_callback("/twilio/status")
    ///     .status_callback_event(&[CallEvent::Answered, CallEvent::Completed]);
    /// let document = VoiceResponse::new().append(Dial::new().append(number));
    /// assert!(document.to_xml().contains(r#"statusCallbackEvent="answered completed""#));
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/number>
    Number = "Number" in [Dial];

    /// Dials this telephone number.
    new(phone_number: PhoneNumber);

    {
        /// Keys to press after the answer: `0` to `9`, `*`, `#`, `w` for half a second of silence.
        send_digits = "sendDigits": DtmfTones,
        /// URL of a document that the dialled party hears before the two are connected.
        url = "url": Url,
        /// HTTP method for `url`. Default `POST`.
        method = "method": Method,
        /// Events reported to `status_callback`. Default: completion only.
        status_callback_event = "statusCallbackEvent": [CallEvent],
        /// URL for status updates of the dialled call.
        status_callback = "statusCallback": Url,
        /// HTTP method for `status_callback`. Default `POST`.
        status_callback_method = "statusCallbackMethod": Method,
        /// SID of the account's own carrier trunk (BYOC) that places the call.
        byoc = "byoc": Text,
        /// Answering machine detection: `Enable`, or `DetectMessageEnd` to wait for the end of the
        /// greeting. Default: off.
        machine_detection = "machineDetection": Text,
        /// HTTP method for `amd_status_callback`. Default `POST`.
        amd_status_callback_method = "amdStatusCallbackMethod": Method,
        /// URL for the result of the answering machine detection.
        amd_status_callback = "amdStatusCallback": Url,
        /// Longest time for the detection, in seconds. 3 to 59, default 30.
        machine_detection_timeout = "machineDetectionTimeout": Seconds in 3..=59,
        /// Milliseconds of speech that count as a machine's greeting. 1,000 to 6,000, default
        /// 2,400.
        machine_detection_speech_threshold = "machineDetectionSpeechThreshold": Milliseconds in 1_000..=6_000,
        /// Milliseconds of silence that end a greeting. 500 to 5,000, default 1,200.
        machine_detection_speech_end_threshold = "machineDetectionSpeechEndThreshold": Milliseconds in 500..=5_000,
        /// Milliseconds of initial silence after which the answer is unknown. 2,000 to 10,000,
        /// default 5,000.
        machine_detection_silence_timeout = "machineDetectionSilenceTimeout": Milliseconds in 2_000..=10_000,
    }
}
