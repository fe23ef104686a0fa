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
    /// Begins something that goes on beside the call, which continues with the next verb.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/stream>
    Start = "Start" in [VoiceResponse];

    /// Awaits what to start.
    new();

    {
        /// Where Twilio asks what to do next.
        action = "action": Url,
        /// How Twilio asks at `action`. Default POST.
        method = "method": Method,
    }
}

element! {
    /// Ends what a [`Start`] began, by the name that it was given.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/stream#stop-a-stream>
    Stop = "Stop" in [VoiceResponse];

    /// Awaits what to stop.
    new();
}

element! {
    /// Sends a call's sound to a WebSocket; inside [`Connect`], takes sound from it too.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/stream>
    Stream = "Stream" in [Start, Stop, Connect];

    /// Awaits where to: a `url`, or a `connector_name`.
    new();

    {
        /// A name, unique in the call, by which it can be stopped.
        name = "name": Text,
        /// A stream connector that was installed in the Console.
        connector_name = "connectorName": Text,
        /// The WebSocket: absolute, `wss`, without a query; use [`Parameter`]s instead.
        url = "url": WebSocketUrl,
        /// Whose voice is sent. Default what Twilio hears; inside [`Connect`] only that.
        track = "track": AudioTrack,
        /// Where Twilio reports that the stream started, stopped or failed.
        status_callback = "statusCallback": Url,
        /// How Twilio calls `status_callback`. Default POST.
        status_callback_method = "statusCallbackMethod": Method,
        /// How the sound is encoded.
        audio_format = "audioFormat": Text,
        /// Samples of sound in a second, in Hertz.
        sample_rate = "sampleRate": u32,
    }
}

element! {
    /// Sends a call's sound to a recorder that speaks SIPREC.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/siprec>
    Siprec = "Siprec" in [Start, Stop];

    /// Awaits a `connector_name`.
    new();

    {
        /// A name, unique in the call, by which it can be stopped.
        name = "name": Text,
        /// A SIPREC connector that was installed in the Console.
        connector_name = "connectorName": Text,
        /// Whose voice is sent. Default both.
        track = "track": AudioTrack,
        /// Where Twilio reports that it started, stopped or failed.
        status_callback = "statusCallback": Url,
        /// How Twilio calls `status_callback`. Default POST.
        status_callback_method = "statusCallbackMethod": Method,
    }
}

element! {
    /// Writes down what is said, while it is said.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/transcription>
    Transcription = "Transcription" in [Start, Stop];

    /// Writes down what Twilio hears, in US English, unless told otherwise.
    new();

    {
        /// A name, unique in the call, by which it can be stopped.
        name = "name": Text,
        /// Whose voice is written down. Default both.
        track = "track": AudioTrack,
        /// Where Twilio sends what was said.
        status_callback_url = "statusCallbackUrl": Url,
        /// How Twilio calls `status_callback_url`. Default POST.
        status_callback_method = "statusCallbackMethod": Method,
        /// What to call the side that Twilio hears.
        inbound_track_label = "inboundTrackLabel": Text,
        /// What to call the side that Twilio speaks to.
        outbound_track_label = "outboundTrackLabel": Text,
        /// Whether unfinished sentences are sent too. Default false.
        partial_results = "partialResults": bool,
        /// The language that is spoken. Default `en-US`.
        language_code = "languageCode": (open Language),
        /// Who recognises the speech. Default `google`.
        transcription_engine = "transcriptionEngine": (open TranscriptionProvider),
        /// Whether offensive words are masked. Default true.
        profanity_filter = "profanityFilter": bool,
        /// The model that recognises the speech. Default `telephony`.
        speech_model = "speechModel": (open SpeechModel),
        /// Words and phrases to expect.
        hints = "hints": PhraseList,
        /// Whether full stops and commas are set. Default true.
        enable_automatic_punctuation = "enableAutomaticPunctuation": bool,
        /// The SID or name of a Conversational Intelligence service that analyses the text.
        intelligence_service = "intelligenceService": Text,
    }
}

element! {
    /// A setting of a provider, passed on as it is.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/transcription>
    Config = "Config" in [Transcription, VirtualAgent];

    /// The setting of this name.
    new(name = "name": Text, value = "value": Text);

    {
        /// The setting's name.
        name = "name": Text,
        /// The setting's value.
        value = "value": Text,
    }
}

element! {
    /// A value of ours, passed on to the other side.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/stream#custom-parameters>
    Parameter = "Parameter" in [
        Application, Client, ConversationRelay, Hangup, Pay, Reject, Siprec, Stream,
        Transcription, VirtualAgent,
    ];

    /// A value by its name, together at most 500 characters.
    new(name = "name": Text, value = "value": Text);

    {
        /// The name.
        name = "name": Text,
        /// The value.
        value = "value": Text,
    }
}

element! {
    /// Records the call from here on, while it continues with the next verb.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/recording>
    Recording = "Recording" in [Start];

    /// Records both sides, unless told otherwise.
    new();

    {
        /// Where Twilio reports the recording's progress.
        recording_status_callback = "recordingStatusCallback": Url,
        /// How Twilio calls `recording_status_callback`. Default POST.
        recording_status_callback_method = "recordingStatusCallbackMethod": Method,
        /// What is reported of the recording. Default completion only.
        recording_status_callback_event = "recordingStatusCallbackEvent": [RecordingEvent],
        /// Whether silence at both ends is cut off.
        trim = "trim": Trim,
        /// Whose voice is recorded. Default both.
        track = "track": RecordingTrack,
        /// One channel for all, or one for each side.
        channels = "channels": RecordingChannels,
        /// A recording configuration of the account.
        recording_configuration_id = "recordingConfigurationId": Text,
    }
}
