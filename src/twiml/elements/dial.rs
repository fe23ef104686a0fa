//! `<Dial>` and `<Number>`: connecting a call to a telephone number.

use crate::twiml::element_macro::element;
use crate::twiml::response::VoiceResponse;
use crate::twiml::values::{CallEvent, DialEvents, DialRecord, RecordingEvent, RingTone, Trim};
use crate::types::{Method, RecordingTrack};

element! {
    /// Connects the caller to somebody else.
    ///
    /// One number has the shortcut [`Dial::number`]; other parties are appended. Several
    /// [`Number`]s ring at once, and the first to answer gets the call.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/dial>
    Dial = "Dial" in [VoiceResponse];

    /// Awaits whom to dial.
    new();

    /// Dials this number.
    number(number: PhoneNumber);

    {
        /// Where Twilio asks what to do when the dialled call ended. Without it the caller's call
        /// goes on with the next verb.
        action = "action": Url,
        /// How Twilio asks at `action`. Default POST.
        method = "method": Method,
        /// Seconds that it may ring. 5 to 600, default 30.
        timeout = "timeout": Seconds in 5..=600,
        /// Whether the caller can leave the dialled party by pressing `*`. Default false.
        hangup_on_star = "hangupOnStar": bool,
        /// Seconds that the call may last. Default 14,400, at most 86,400.
        time_limit = "timeLimit": Seconds in 1..=86_400,
        /// The number that the dialled party sees: one of the account's, or the caller's.
        caller_id = "callerId": PhoneNumber,
        /// What is recorded. Default nothing.
        record = "record": DialRecord,
        /// Whether silence at both ends of the recording is cut off. Default not.
        trim = "trim": Trim,
        /// Where Twilio reports the recording's progress.
        recording_status_callback = "recordingStatusCallback": Url,
        /// A recording configuration of the account.
        recording_configuration_id = "recordingConfigurationId": Text,
        /// How Twilio calls `recording_status_callback`. Default POST.
        recording_status_callback_method = "recordingStatusCallbackMethod": Method,
        /// What is reported of the recording. Default completion only.
        recording_status_callback_event = "recordingStatusCallbackEvent": [RecordingEvent],
        /// Whether the caller's call counts as answered only when the dialled party answers.
        /// Default false.
        answer_on_bridge = "answerOnBridge": bool,
        /// The ringing that the caller hears, by country. Default that of the dialled number.
        ring_tone = "ringTone": RingTone,
        /// Whose voice is recorded. Default both.
        recording_track = "recordingTrack": RecordingTrack,
        /// Whether the parties are dialled one after another instead of at once. Default false.
        sequential = "sequential": bool,
        /// Where Twilio asks what to do when the dialled party transfers the call by SIP REFER.
        refer_url = "referUrl": Url,
        /// How Twilio asks at `refer_url`. Default POST.
        refer_method = "referMethod": Method,
        /// What is reported of the call besides its status.
        events = "events": DialEvents,
        /// Signed tokens that vouch for the caller's number (SHAKEN), each in base64.
        passports = "passports": PhraseList,
    }
}

element! {
    /// A telephone number to dial.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/number>
    Number = "Number" in [Dial];

    /// This number.
    new(phone_number: PhoneNumber);

    {
        /// Keys to press once it is answered: `0` to `9`, `*`, `#`, `w` for half a second of silence.
        send_digits = "sendDigits": DtmfTones,
        /// A document that the dialled party hears before the two are connected.
        url = "url": Url,
        /// How Twilio asks for `url`. Default POST.
        method = "method": Method,
        /// What is reported. Default completion only.
        status_callback_event = "statusCallbackEvent": [CallEvent],
        /// Where Twilio reports.
        status_callback = "statusCallback": Url,
        /// How Twilio calls `status_callback`. Default POST.
        status_callback_method = "statusCallbackMethod": Method,
        /// The SID of the carrier trunk of one's own that dials (BYOC).
        byoc = "byoc": Text,
        /// Whether Twilio finds out if a machine answered: `Enable`, or `DetectMessageEnd` to
        /// wait for the end of its greeting. Default not.
        machine_detection = "machineDetection": Text,
        /// How Twilio calls `amd_status_callback`. Default POST.
        amd_status_callback_method = "amdStatusCallbackMethod": Method,
        /// Where Twilio reports what answered.
        amd_status_callback = "amdStatusCallback": Url,
        /// Seconds that the detection may take. 3 to 59, default 30.
        machine_detection_timeout = "machineDetectionTimeout": Seconds in 3..=59,
        /// Milliseconds of speech that are taken for a machine's greeting. 1,000 to 6,000,
        /// default 2,400.
        machine_detection_speech_threshold = "machineDetectionSpeechThreshold": Milliseconds in 1_000..=6_000,
        /// Milliseconds of silence that end a greeting. 500 to 5,000, default 1,200.
        machine_detection_speech_end_threshold = "machineDetectionSpeechEndThreshold": Milliseconds in 500..=5_000,
        /// Milliseconds of silence at the start after which the answer is unknown. 2,000 to
        /// 10,000, default 5,000.
        machine_detection_silence_timeout = "machineDetectionSilenceTimeout": Milliseconds in 2_000..=10_000,
    }
}
