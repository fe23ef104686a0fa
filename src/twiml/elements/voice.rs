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
    /// Appended text and SSML elements are spoken in order.
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

    /// Creates a `<Say>` of this text, at most 4,096 characters.
    new(message: Text);

    {
        /// Voice, such as `Polly.Joanna`. Default: the account's setting.
        voice = "voice": (open Voice),
        /// Number of times that the text is spoken. Default once.
        loop_ = "loop": Loop,
        /// Language of the text. Default: the language of the voice.
        language = "language": (open Language),
    }
}

element! {
    /// Plays a sound file, or key tones.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Loop, Play, VoiceResponse};
    ///
    /// let document = VoiceResponse::new()
    ///     .append(Play::new("/sounds/welcome.mp3").loop_(Loop::Times(2)))
    ///     .append(Play::dtmf("1w2"));
    /// assert!(document.to_xml().contains(r#"<Play loop="2">/sounds/welcome.mp3</Play>"#));
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/play>
    Play = "Play" in [VoiceResponse, Gather, Prompt];

    /// Plays the file at this URL: MP3, WAV, AIFF, GSM or µ-law.
    new(url: Url);

    /// Plays key tones: `0` to `9`, `*`, `#`, and `w` for half a second of silence.
    dtmf(digits = "digits": DtmfTones);

    {
        /// Number of times that the sound is played. Default once.
        loop_ = "loop": Loop,
        /// Key tones to play: `0` to `9`, `*`, `#`, and `w` for half a second of silence.
        digits = "digits": DtmfTones,
    }
}

element! {
    /// Waits in silence.
    ///
    /// ```
    /// use std::time::Duration;
    /// use clinspark_twilio::twiml::{Pause, VoiceResponse};
    ///
    /// let document = VoiceResponse::new().append(Pause::new().length(Duration::from_secs(3)));
    /// assert!(document.to_xml().contains(r#"<Pause length="3"/>"#));
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/pause>
    Pause = "Pause" in [VoiceResponse, Gather, Prompt];

    /// Waits one second, unless `length` is set.
    new();

    {
        /// Length of the pause in seconds, from 1. Default 1.
        length = "length": Seconds from 1,
    }
}

element! {
    /// Collects key presses or speech, while the nested elements are spoken or played.
    ///
    /// Twilio sends the input to `action` as `Digits` or `SpeechResult`. Without input, the call
    /// continues with the next verb.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Gather, Say, VoiceResponse};
    ///
    /// let document = VoiceResponse::new()
    ///     .append(
    ///         Gather::new()
    ///             .num_digits(1)
    ///             .action("/twilio/confirm")
    ///             .append(Say::new("Press one to confirm.")),
    ///     )
    ///     .append(Say::new("Goodbye.")); // reached without input
    /// assert!(document.to_xml().contains(r#"<Gather numDigits="1" action="/twilio/confirm">"#));
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/gather>
    Gather = "Gather" in [VoiceResponse];

    /// Collects keys, by default until `#` or five seconds of silence.
    new();

    {
        /// Accepted input: keys, speech or both. Default: keys only.
        input = "input": [GatherInput],
        /// URL to which Twilio sends the input; its response continues the call. Default: the
        /// current document's URL.
        action = "action": Url,
        /// HTTP method for `action`. Default `POST`.
        method = "method": Method,
        /// Seconds of silence after which Twilio stops listening, from 1. Default 5.
        timeout = "timeout": Seconds from 1,
        /// Seconds of silence that end the speech, or detection of its end by Twilio. Default:
        /// `timeout`.
        speech_timeout = "speechTimeout": SpeechTimeout,
        /// Longest time that the caller may speak, in seconds.
        max_speech_time = "maxSpeechTime": Seconds,
        /// Masks offensive words in recognised speech. Default true.
        profanity_filter = "profanityFilter": bool,
        /// Key that ends the input: `0` to `9`, `*` or `#`; `""` for none. Default `#`.
        finish_on_key = "finishOnKey": DtmfKey,
        /// Number of keys that ends the input, from 1. Default: no limit.
        num_digits = "numDigits": u32 from 1,
        /// URL for partial speech results, sent while the caller speaks.
        partial_result_callback = "partialResultCallback": Url,
        /// HTTP method for `partial_result_callback`. Default `POST`.
        partial_result_callback_method = "partialResultCallbackMethod": Method,
        /// Language that the caller speaks. Default `en-US`.
        language = "language": (open Language),
        /// Expected words and phrases, up to 500.
        hints = "hints": PhraseList,
        /// Lets speech interrupt the nested `<Say>` and `<Play>`. Default true.
        barge_in = "bargeIn": bool,
        /// Keeps details at Twilio for debugging.
        debug = "debug": bool,
        /// Also requests `action` after no input. Default false.
        action_on_empty_result = "actionOnEmptyResult": bool,
        /// Speech recognition model.
        speech_model = "speechModel": (open SpeechModel),
        /// Uses the enhanced version of the `phone_call` model. Default false.
        enhanced = "enhanced": bool,
    }
}

element! {
    /// Records the caller's voice.
    ///
    /// ```
    /// use std::time::Duration;
    /// use clinspark_twilio::twiml::{Record, Say, VoiceResponse};
    ///
    /// let document = VoiceResponse::new().append(Say::new("Please leave a message.")).append(
    ///     Record::new()
    ///         .max_length(Duration::from_secs(120))
    ///         .finish_on_key("#")
    ///         .action("/twilio/thanks"),
    /// );
    /// assert!(document.to_xml().contains(r##"<Record maxLength="120" finishOnKey="#""##));
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/record>
    Record = "Record" in [VoiceResponse];

    /// Records, by default until a key is pressed or five seconds are silent.
    new();

    {
        /// URL that Twilio requests after the recording. Its response continues the call. Default:
        /// the current document's URL, so that a document that ends with this verb repeats.
        action = "action": Url,
        /// HTTP method for `action`. Default `POST`.
        method = "method": Method,
        /// Seconds of silence that end the recording, from 1; 0 for no limit. Default 5.
        timeout = "timeout": Seconds,
        /// Keys that end the recording: any of `0` to `9`, `*` and `#`; `""` for none. Default all.
        finish_on_key = "finishOnKey": DtmfKeys,
        /// Longest recording, in seconds. 1 to 14,400, default 3,600.
        max_length = "maxLength": Seconds in 1..=14_400,
        /// Plays a beep before the recording. Default true.
        play_beep = "playBeep": bool,
        /// Handling of silence at both ends of the recording. Default: removed.
        trim = "trim": Trim,
        /// URL to which Twilio reports that the recording is ready for download.
        recording_status_callback = "recordingStatusCallback": Url,
        /// HTTP method for `recording_status_callback`. Default `POST`.
        recording_status_callback_method = "recordingStatusCallbackMethod": Method,
        /// Events reported to `recording_status_callback`. Default: completion only.
        recording_status_callback_event = "recordingStatusCallbackEvent": [RecordingEvent],
        /// Transcribes the recording, at a price. English only, recordings of 2 to 120 seconds.
        /// Default false.
        transcribe = "transcribe": bool,
        /// URL to which Twilio sends the transcription. Turns `transcribe` on.
        transcribe_callback = "transcribeCallback": Url,
        /// ID of a recording configuration of the account.
        recording_configuration_id = "recordingConfigurationId": Text,
    }
}

element! {
    /// Continues with another document. Verbs after it are not reached.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Redirect, VoiceResponse};
    ///
    /// let document = VoiceResponse::new().append(Redirect::new("/twilio/menu?lang=en&page=2"));
    /// assert!(document.to_xml().contains("<Redirect>/twilio/menu?lang=en&amp;page=2</Redirect>"));
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/redirect>,
    /// <https://www.twilio.com/docs/messaging/twiml/redirect>
    Redirect = "Redirect" in [VoiceResponse, MessagingResponse];

    /// Continues with the document at this URL.
    new(url: Url);

    {
        /// HTTP method for the document. Default `POST`.
        method = "method": Method,
    }
}

element! {
    /// Rejects a call without answering it, free of charge. Only as the first verb.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Reject, RejectReason, VoiceResponse};
    ///
    /// let document = VoiceResponse::new().append(Reject::new().reason(RejectReason::Busy));
    /// assert!(document.to_xml().contains(r#"<Reject reason="busy"/>"#));
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/reject>
    Reject = "Reject" in [VoiceResponse];

    /// Plays the message that the number is not in service, unless `reason` is set.
    new();

    {
        /// Sound that the caller hears. Default `Rejected`.
        reason = "reason": RejectReason,
    }
}

element! {
    /// Ends the call. Verbs after it are not reached.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Hangup, Say, VoiceResponse};
    ///
    /// let document = VoiceResponse::new().append(Say::new("Goodbye.")).append(Hangup::new());
    /// assert!(document.to_xml().ends_with("<Hangup/></Response>"));
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/hangup>
    Hangup = "Hangup" in [VoiceResponse];

    /// Ends the call.
    new();
}

element! {
    /// Leaves the queue in which the caller waits. Only in a document of `waitUrl`.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/leave>
    Leave = "Leave" in [VoiceResponse];

    /// Continues the call after its [`Enqueue`](super::enqueue::Enqueue).
    new();
}

element! {
    /// Plays the caller's own voice back, to measure the delay of a line.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml>
    Echo = "Echo" in [VoiceResponse];

    /// Echoes until the caller hangs up.
    new();
}

element! {
    /// Sends a message during a call. Twilio recommends its REST API instead.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/sms>
    Sms = "Sms" in [VoiceResponse];

    /// Sends this message body.
    new(message: Text);

    {
        /// Recipient. Default: the caller.
        to = "to": PhoneNumber,
        /// Sender: a number of the account. Default: the number that was called.
        from = "from": PhoneNumber,
        /// URL that Twilio requests next; its response continues the call.
        action = "action": Url,
        /// HTTP method for `action`. Default `POST`.
        method = "method": Method,
        /// URL for delivery status updates.
        status_callback = "statusCallback": Url,
    }
}

element! {
    /// Transfers a call that arrived over SIP to another SIP address, by SIP REFER.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Refer, ReferSip, VoiceResponse};
    ///
    /// let document = VoiceResponse::new()
    ///     .append(Refer::new().append(ReferSip::new("sip:nurse@pbx.example.com")));
    /// assert!(document.lint().is_empty());
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/refer>
    Refer = "Refer" in [VoiceResponse];

    /// Creates an empty `<Refer>`. Append a [`ReferSip`].
    new();

    {
        /// URL that Twilio requests after the transfer succeeded or failed; its response continues
        /// the call.
        action = "action": Url,
        /// HTTP method for `action`. Default `POST`.
        method = "method": Method,
    }
}

element! {
    /// SIP address to which a [`Refer`] transfers the call.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/refer>
    ReferSip = "Sip" in [Refer];

    /// Transfers to this SIP address, such as `sip:ann@example.com`.
    new(sip_url: SipUrl);
}
