//! `<Start>`, `<Stop>` and their nouns: streams, transcriptions, recordings beside a call.

use super::connect::{Connect, ConversationRelay, VirtualAgent};
use super::dial_nouns::{Application, Client};
use super::pay::Pay;
use super::voice::{Hangup, Reject};
use crate::twiml::element_macro::element;
use crate::twiml::response::VoiceResponse;
use crate::twiml::values::{AudioTrack, RecordingEvent, Trim};
use crate::twiml::values::{Language, SpeechModel, TranscriptionProvider};
use crate::types::{Method, RecordingChannels, RecordingTrack};

element! {
    /// Starts a stream, recording or transcription beside the call. The call continues with the
    /// next verb.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Say, Start, Stream, VoiceResponse};
    ///
    /// let stream = Stream::new().name("a").url("wss://voice.example.com/stream");
    /// let document = VoiceResponse::new()
    ///     .append(Start::new().append(stream))
    ///     .append(Say::new("Your visit is at nine.")); // while the stream runs
    /// assert!(document.lint().is_empty());
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/stream>
    Start = "Start" in [VoiceResponse];

    /// Creates an empty `<Start>`. Append the element to start.
    new();

    {
        /// URL that Twilio requests next; its response continues the call.
        action = "action": Url,
        /// HTTP method for `action`. Default `POST`.
        method = "method": Method,
    }
}

element! {
    /// Stops an element of a [`Start`]. The nested element is identified by its `name`.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Stop, Stream, VoiceResponse};
    ///
    /// let document = VoiceResponse::new().append(Stop::new().append(Stream::new().name("a")));
    /// assert!(document.to_xml().contains(r#"<Stop><Stream name="a"/></Stop>"#));
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/stream#stop-a-stream>
    Stop = "Stop" in [VoiceResponse];

    /// Creates an empty `<Stop>`. Append the element to stop.
    new();
}

element! {
    /// Sends the audio of the call to a WebSocket. Inside [`Connect`], the WebSocket also sends
    /// audio to the call.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Connect, Parameter, Stream, VoiceResponse};
    ///
    /// let stream = Stream::new()
    ///     .url("wss://voice.example.com/stream")
    ///     .append(Parameter::new("visit", "4711"));
    /// let document = VoiceResponse::new().append(Connect::new().append(stream));
    /// assert!(document.lint().is_empty());
    ///
    /// // Twilio drops a query.
    /// let query = Stream::new().url("wss://voice.example.com/stream?visit=4711");
    /// assert_eq!(VoiceResponse::new().append(Connect::new().append(query)).lint().len(), 1);
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/stream>
    Stream = "Stream" in [Start, Stop, Connect];

    /// Creates an empty `<Stream>`. Set `url` or `connector_name`.
    new();

    {
        /// Name by which [`Stop`] identifies the element, unique in the call.
        name = "name": Text,
        /// Name of a stream connector that is installed in the Console.
        connector_name = "connectorName": Text,
        /// WebSocket URL: absolute, `wss`, without a query; append [`Parameter`]s instead.
        url = "url": WebSocketUrl,
        /// Audio track to send. Default `Inbound`; inside [`Connect`] only `Inbound`.
        track = "track": AudioTrack,
        /// URL to which Twilio reports that the stream started, stopped or failed.
        status_callback = "statusCallback": Url,
        /// HTTP method for `status_callback`. Default `POST`.
        status_callback_method = "statusCallbackMethod": Method,
        /// Encoding of the audio.
        audio_format = "audioFormat": Text,
        /// Sample rate of the audio, in hertz.
        sample_rate = "sampleRate": u32,
    }
}

element! {
    /// Sends the audio of the call to a SIPREC recorder.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/siprec>
    Siprec = "Siprec" in [Start, Stop];

    /// Creates an empty `<Siprec>`. Set `connector_name`.
    new();

    {
        /// Name by which [`Stop`] identifies the element, unique in the call.
        name = "name": Text,
        /// Name of a SIPREC connector that is installed in the Console.
        connector_name = "connectorName": Text,
        /// Audio track to send. Default both.
        track = "track": AudioTrack,
        /// URL to which Twilio reports that the session started, stopped or failed.
        status_callback = "statusCallback": Url,
        /// HTTP method for `status_callback`. Default `POST`.
        status_callback_method = "statusCallbackMethod": Method,
    }
}

element! {
    /// Transcribes the call in real time.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Language, Start, Transcription, VoiceResponse};
    ///
    /// let transcription = Transcription::new()
    ///     .language_code(Language::ES_US)
    ///     .status_callback_url("https://acme.example.com/twilio/transcription");
    /// let document = VoiceResponse::new().append(Start::new().append(transcription));
    /// assert!(document.lint().is_empty());
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/transcription>
    Transcription = "Transcription" in [Start, Stop];

    /// Transcribes, by default both tracks in US English.
    new();

    {
        /// Name by which [`Stop`] identifies the element, unique in the call.
        name = "name": Text,
        /// Audio track to transcribe. Default both.
        track = "track": AudioTrack,
        /// URL for the transcribed text.
        status_callback_url = "statusCallbackUrl": Url,
        /// HTTP method for `status_callback_url`. Default `POST`.
        status_callback_method = "statusCallbackMethod": Method,
        /// Label of the inbound track, which Twilio receives.
        inbound_track_label = "inboundTrackLabel": Text,
        /// Label of the outbound track, which Twilio plays.
        outbound_track_label = "outboundTrackLabel": Text,
        /// Also sends partial results. Default false.
        partial_results = "partialResults": bool,
        /// Language of the speech. Default `en-US`.
        language_code = "languageCode": (open Language),
        /// Provider of speech recognition. Default `google`.
        transcription_engine = "transcriptionEngine": (open TranscriptionProvider),
        /// Masks offensive words. Default true.
        profanity_filter = "profanityFilter": bool,
        /// Speech recognition model. Default `telephony`.
        speech_model = "speechModel": (open SpeechModel),
        /// Expected words and phrases.
        hints = "hints": PhraseList,
        /// Adds punctuation. Default true.
        enable_automatic_punctuation = "enableAutomaticPunctuation": bool,
        /// SID or name of a Conversational Intelligence service that analyses the text.
        intelligence_service = "intelligenceService": Text,
    }
}

element! {
    /// Setting of a provider, passed on unchanged.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/transcription>
    Config = "Config" in [Transcription, VirtualAgent];

    /// Creates a setting of this name and value.
    new(name = "name": Text, value = "value": Text);

    {
        /// Name of the setting.
        name = "name": Text,
        /// Value of the setting.
        value = "value": Text,
    }
}

element! {
    /// Custom parameter, passed on to the receiver of the call or audio.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/stream#custom-parameters>
    Parameter = "Parameter" in [
        Application, Client, ConversationRelay, Hangup, Pay, Reject, Siprec, Stream,
        Transcription, VirtualAgent,
    ];

    /// Creates a parameter; name and value have together at most 500 characters.
    new(name = "name": Text, value = "value": Text);

    {
        /// Name of the parameter.
        name = "name": Text,
        /// Value of the parameter.
        value = "value": Text,
    }
}

element! {
    /// Records the call from this verb on. The call continues with the next verb.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Dial, Recording, Start, VoiceResponse};
    ///
    /// let recording = Recording::new().recording_status_callback("/twilio/recording");
    /// let document = VoiceResponse::new()
    ///     .append(Start::new().append(recording))
    ///     .append(Dial::number("+14155550123"));
    /// assert!(document.lint().is_empty());
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/recording>
    Recording = "Recording" in [Start];

    /// Records both tracks, unless `track` is set.
    new();

    {
        /// URL for status updates of the recording.
        recording_status_callback = "recordingStatusCallback": Url,
        /// HTTP method for `recording_status_callback`. Default `POST`.
        recording_status_callback_method = "recordingStatusCallbackMethod": Method,
        /// Events reported to `recording_status_callback`. Default: completion only.
        recording_status_callback_event = "recordingStatusCallbackEvent": [RecordingEvent],
        /// Handling of silence at both ends of the recording.
        trim = "trim": Trim,
        /// Audio track to record. Default both.
        track = "track": RecordingTrack,
        /// One channel for both sides, or one for each.
        channels = "channels": RecordingChannels,
        /// ID of a recording configuration of the account.
        recording_configuration_id = "recordingConfigurationId": Text,
    }
}
