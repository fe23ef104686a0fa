//! Everyday verbs of a call: `<Say>`, `<Play>`, `<Gather>`, `<Record>` and others.

use super::pay::Prompt;
use crate::twiml::element_macro::element;
use crate::twiml::response::{MessagingResponse, VoiceResponse};
use crate::twiml::values::{GatherInput, RecordingEvent, RejectReason, Trim};
use crate::twiml::values::{Language, SpeechModel, Voice};
use crate::twiml::values::{Loop, SpeechTimeout};
use crate::types::Method;

element! {
    /// Reads text aloud.
    ///
    /// Text and SSML elements may be appended in turn; they are spoken in that order.
    ///
    /// ```
    /// use std::time::Duration;
    /// use clinspark_twilio::twiml::{Say, Voice, ssml};
    ///
    /// let code = Say::new("Your code is")
    ///     .voice(Voice::POLLY_JOANNA)
    ///     .append(ssml::Break::new().time(Duration::from_millis(300)))
    ///     .append(ssml::SayAs::new("4711").interpret_as(ssml::InterpretAs::Digits))
    ///     .append(". Goodbye.");
    /// # assert_eq!(format!("{code:?}"), "<Say voice=..>..<break time=../><say-as interpret-as=..>..</say-as>..</Say>");
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/say>
    Say = "Say" in [VoiceResponse, Gather, Prompt], mixed_content;

    /// Says this, at most 4,096 characters at a time.
    new(message: Text);

    {
        /// Who speaks. Default: the account's setting.
        voice = "voice": (open Voice),
        /// How often. Default once.
        loop_ = "loop": Loop,
        /// In which language. Default: that of the voice.
        language = "language": (open Language),
    }
}

element! {
    /// Plays a sound file, or key tones.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/play>
    Play = "Play" in [VoiceResponse, Gather, Prompt];

    /// Plays the file at this URL: MP3, WAV, AIFF, GSM or µ-law.
    new(url: Url);

    /// Presses keys: `0` to `9`, `*`, `#`, and `w` for half a second of silence.
    dtmf(digits = "digits": DtmfTones);

    {
        /// How often. Default once.
        loop_ = "loop": Loop,
        /// Keys to press: `0` to `9`, `*`, `#`, and `w` for half a second of silence.
        digits = "digits": DtmfTones,
    }
}

element! {
    /// Waits in silence.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/pause>
    Pause = "Pause" in [VoiceResponse, Gather, Prompt];

    /// Waits a second, unless told otherwise.
    new();

    {
        /// Seconds, from 1. Default 1.
        length = "length": Seconds from 1,
    }
}

element! {
    /// Listens for key presses or speech, while it says or plays what is appended.
    ///
    /// What was heard arrives at `action` as `Digits` or `SpeechResult`. When nothing was heard
    /// the call goes on with the next verb.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/gather>
    Gather = "Gather" in [VoiceResponse];

    /// Listens for keys, until `#` or five seconds of silence, unless told otherwise.
    new();

    {
        /// What to listen for. Default keys only.
        input = "input": [GatherInput],
        /// Where Twilio asks what to do with what was heard. Default: the current document's URL.
        action = "action": Url,
        /// How Twilio asks at `action`. Default POST.
        method = "method": Method,
        /// Seconds of silence after which listening ends, from 1. Default 5.
        timeout = "timeout": Seconds from 1,
        /// Seconds of silence that end what is said, or Twilio's own judgement. Default: `timeout`.
        speech_timeout = "speechTimeout": SpeechTimeout,
        /// Seconds that a caller may speak at most.
        max_speech_time = "maxSpeechTime": Seconds,
        /// Whether offensive words in recognised speech are masked. Default true.
        profanity_filter = "profanityFilter": bool,
        /// The key that ends the input: `0` to `9`, `*` or `#`; `""` for none. Default `#`.
        finish_on_key = "finishOnKey": DtmfKey,
        /// How many keys end the input, from 1. Default: no limit.
        num_digits = "numDigits": u32 from 1,
        /// Where Twilio sends what it recognised so far, while the caller speaks.
        partial_result_callback = "partialResultCallback": Url,
        /// How Twilio calls `partial_result_callback`. Default POST.
        partial_result_callback_method = "partialResultCallbackMethod": Method,
        /// The language that callers speak. Default `en-US`.
        language = "language": (open Language),
        /// Words and phrases to expect, up to 500 of them.
        hints = "hints": PhraseList,
        /// Whether speech stops what is being said or played. Default true.
        barge_in = "bargeIn": bool,
        /// Whether Twilio keeps details for debugging.
        debug = "debug": bool,
        /// Whether `action` is called when nothing was heard too. Default false.
        action_on_empty_result = "actionOnEmptyResult": bool,
        /// The model that recognises speech.
        speech_model = "speechModel": (open SpeechModel),
        /// Whether the enhanced version of the `phone_call` model is used. Default false.
        enhanced = "enhanced": bool,
    }
}

element! {
    /// Records what the caller says.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/record>
    Record = "Record" in [VoiceResponse];

    /// Records until a key is pressed or five seconds are silent, unless told otherwise.
    new();

    {
        /// Where Twilio asks what to do once the recording ended. Default: the current document's
        /// URL, which makes a loop of a document that ends with this verb.
        action = "action": Url,
        /// How Twilio asks at `action`. Default POST.
        method = "method": Method,
        /// Seconds of silence that end the recording, from 1; 0 for no such end. Default 5.
        timeout = "timeout": Seconds,
        /// Keys that end the recording: any of `0` to `9`, `*` and `#`; `""` for none. Default all.
        finish_on_key = "finishOnKey": DtmfKeys,
        /// Seconds that a recording may last, from 1. Default 3,600.
        max_length = "maxLength": Seconds in 1..=14_400,
        /// Whether a beep comes before. Default true.
        play_beep = "playBeep": bool,
        /// Whether silence at both ends is cut off. Default trimmed.
        trim = "trim": Trim,
        /// Where Twilio reports that the recording can be fetched.
        recording_status_callback = "recordingStatusCallback": Url,
        /// How Twilio calls `recording_status_callback`. Default POST.
        recording_status_callback_method = "recordingStatusCallbackMethod": Method,
        /// What is reported. Default completion only.
        recording_status_callback_event = "recordingStatusCallbackEvent": [RecordingEvent],
        /// Whether Twilio writes down what was said: at a price, in English, of 2 to 120 seconds.
        /// Default false.
        transcribe = "transcribe": bool,
        /// Where Twilio sends what it wrote down. Turns `transcribe` on.
        transcribe_callback = "transcribeCallback": Url,
        /// A recording configuration of the account.
        recording_configuration_id = "recordingConfigurationId": Text,
    }
}

element! {
    /// Goes on with another document. Nothing after it is reached.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/redirect>,
    /// <https://www.twilio.com/docs/messaging/twiml/redirect>
    Redirect = "Redirect" in [VoiceResponse, MessagingResponse];

    /// The document at this URL.
    new(url: Url);

    {
        /// How Twilio asks for the document. Default POST.
        method = "method": Method,
    }
}

element! {
    /// Turns a call away without answering it, which costs nothing. Only as the first verb.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/reject>
    Reject = "Reject" in [VoiceResponse];

    /// Says that the number is not in service, unless told otherwise.
    new();

    {
        /// What the caller hears. Default `Rejected`.
        reason = "reason": RejectReason,
    }
}

element! {
    /// Ends the call. Nothing after it is reached.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/hangup>
    Hangup = "Hangup" in [VoiceResponse];

    /// Ends the call.
    new();
}

element! {
    /// Leaves the queue that the caller waits in. Only in a document of `waitUrl`.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/leave>
    Leave = "Leave" in [VoiceResponse];

    /// The call goes on after its [`Enqueue`](super::enqueue::Enqueue).
    new();
}

element! {
    /// Plays back to the caller what they say, to measure the delay of a line.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml>
    Echo = "Echo" in [VoiceResponse];

    /// Echoes until the caller hangs up.
    new();
}

element! {
    /// Sends a message during a call. Twilio asks to use its REST API instead.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/sms>
    Sms = "Sms" in [VoiceResponse];

    /// A message of these words.
    new(message: Text);

    {
        /// Who gets it. Default: the caller.
        to = "to": PhoneNumber,
        /// Who sends it: a number of the account. Default: the number that was called.
        from = "from": PhoneNumber,
        /// Where Twilio asks what to do next.
        action = "action": Url,
        /// How Twilio asks at `action`. Default POST.
        method = "method": Method,
        /// Where Twilio reports the message's progress.
        status_callback = "statusCallback": Url,
    }
}

element! {
    /// Hands a call that came over SIP to another SIP address, by SIP REFER.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/refer>
    Refer = "Refer" in [VoiceResponse];

    /// Awaits a [`ReferSip`].
    new();

    {
        /// Where Twilio asks what to do once the transfer succeeded or failed.
        action = "action": Url,
        /// How Twilio asks at `action`. Default POST.
        method = "method": Method,
    }
}

element! {
    /// The SIP address that a [`Refer`] hands the call to.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/refer>
    ReferSip = "Sip" in [Refer];

    /// This address, such as `sip:ann@example.com`.
    new(sip_url: SipUrl);
}
