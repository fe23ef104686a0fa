//! `<Connect>` and its nouns: services that hold a conversation with the caller.

use crate::twiml::element_macro::element;
use crate::twiml::response::VoiceResponse;
use crate::twiml::values::{ConversationEvent, ConversationRecord, RecordingEvent, Trim};
use crate::twiml::values::{
    InterruptSensitivity, Interruptible, Language, ReportedInput, SpeechModel, TextNormalization,
    TranscriptionProvider, TtsProvider, Voice,
};
use crate::types::Method;

element! {
    /// Connects the call to a service. After its session, the call continues with the next verb.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Connect, Say, Stream, VoiceResponse};
    ///
    /// let document = VoiceResponse::new()
    ///     .append(Connect::new().append(Stream::new().url("wss://voice.example.com/stream")))
    ///     .append(Say::new("Goodbye.")); // after the session
    /// assert!(document.lint().is_empty());
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect>
    Connect = "Connect" in [VoiceResponse];

    /// Creates an empty `<Connect>`. Append the service to connect to.
    new();

    {
        /// URL that Twilio requests after the session ended; its response continues the call.
        action = "action": Url,
        /// HTTP method for `action`. Default `POST`.
        method = "method": Method,
    }
}

element! {
    /// Exchanges text with a program over a WebSocket. Twilio converts the caller's speech to text,
    /// and the program's text to speech.
    ///
    /// Some of Twilio's libraries spell four attributes in lower case. This crate writes the
    /// camelCase of Twilio's changelog.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Connect, ConversationRelay, Language, VoiceResponse};
    ///
    /// let relay = ConversationRelay::new()
    ///     .url("wss://voice.example.com/relay")
    ///     .language(Language::EN_GB)
    ///     .welcome_greeting("Welcome to the clinic.");
    /// let document = VoiceResponse::new().append(Connect::new().append(relay));
    /// assert!(document.lint().is_empty());
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/conversationrelay>
    ConversationRelay = "ConversationRelay" in [Connect];

    /// Creates an empty `<ConversationRelay>`. Set `url`.
    new();

    {
        /// WebSocket URL: absolute and `wss`.
        url = "url": WebSocketUrl,
        /// Language of both directions. Default `en-US`.
        language = "language": (open Language),
        /// Language that is spoken to the caller. Default: `language`.
        tts_language = "ttsLanguage": (open Language),
        /// Language that the caller speaks. Default: `language`.
        transcription_language = "transcriptionLanguage": (open Language),
        /// Provider of text-to-speech.
        tts_provider = "ttsProvider": (open TtsProvider),
        /// Voice, in the provider's spelling.
        voice = "voice": (open Voice),
        /// Provider of speech recognition.
        transcription_provider = "transcriptionProvider": (open TranscriptionProvider),
        /// Speech recognition model, in the provider's spelling.
        speech_model = "speechModel": (open SpeechModel),
        /// Masks offensive words.
        profanity_filter = "profanityFilter": bool,
        /// Reports key presses to the program. Default false.
        dtmf_detection = "dtmfDetection": bool,
        /// Greeting that is spoken first.
        welcome_greeting = "welcomeGreeting": Text,
        /// Also sends unfinished sentences to the program.
        partial_prompts = "partialPrompts": bool,
        /// Input that interrupts the greeting. Default: any input.
        welcome_greeting_interruptible = "welcomeGreetingInterruptible": (open Interruptible),
        /// Input that interrupts the speech to the caller. Default: any input.
        interruptible = "interruptible": (open Interruptible),
        /// Lets a new text replace one that is being spoken. Default false.
        preemptible = "preemptible": bool,
        /// Expected words and phrases.
        hints = "hints": PhraseList,
        /// SID or name of a Conversational Intelligence service that analyses the conversation.
        intelligence_service = "intelligenceService": Text,
        /// Input that is reported to the program while the caller hears speech. Default `none`.
        report_input_during_agent_speech = "reportInputDuringAgentSpeech": (open ReportedInput),
        /// Conversion of numbers and dates to words by `ElevenLabs` before they are spoken.
        elevenlabs_text_normalization = "elevenlabsTextNormalization": (open TextNormalization),
        /// Sensitivity to interruptions by the caller.
        interrupt_sensitivity = "interruptSensitivity": (open InterruptSensitivity),
        /// Debugging messages sent to the program: names separated by blanks.
        debug = "debug": Text,
        /// Reduction of background noise.
        background_noise_reduction = "backgroundNoiseReduction": Text,
        /// Length of the pause that ends the caller's speech.
        speech_timeout = "speechTimeout": Text,
        /// Lets Deepgram format numbers, dates and the like.
        deepgram_smart_format = "deepgramSmartFormat": bool,
        /// Prevents "mm-hm" and the like from interrupting the speech.
        ignore_backchannel = "ignoreBackchannel": bool,
        /// Further events sent to the program: names separated by blanks.
        events = "events": Text,
        /// Sends an unfinished sentence when the caller hangs up.
        partial_prompt_on_hangup = "partialPromptOnHangup": bool,
        /// Confidence required for early detection of the end of the caller's turn: 0.3 to 0.9.
        eager_eot_threshold = "eagerEotThreshold": Text,
        /// Lets the recogniser format numbers, dates and the like.
        asr_smart_format = "asrSmartFormat": bool,
        /// Conversion of numbers and dates to words before they are spoken.
        tts_text_normalization = "ttsTextNormalization": (open TextNormalization),
        /// Applies the rules of the language to `tts_text_normalization`.
        tts_language_text_normalization = "ttsLanguageTextNormalization": bool,
        /// Applies the rules of the language to `elevenlabs_text_normalization`.
        elevenlabs_language_text_normalization = "elevenlabsLanguageTextNormalization": bool,
        /// Data sent with each sentence: names separated by blanks.
        include_in_prompt = "includeInPrompt": Text,
        /// Name of the caller. The document then holds personal data: do not log the document.
        customer_name = "customerName": Text,
        /// Lets the program reconnect after its WebSocket breaks.
        application_reconnect = "applicationReconnect": bool,
        /// Filters the program's own speech out of the caller's.
        echo_prompt_filtering = "echoPromptFiltering": bool,
        /// Detects the end of the caller's turn.
        turn_detection = "turnDetection": bool,
    }
}

element! {
    /// Speech settings of one language in a [`ConversationRelay`].
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/conversationrelay#language-element>
    LanguageElement = "Language" in [ConversationRelay];

    /// Creates settings for the language of this code, such as `sv-SE`.
    new(code = "code": Text);

    {
        /// Code of the language, such as `sv-SE`.
        code = "code": Text,
        /// Provider of text-to-speech.
        tts_provider = "ttsProvider": (open TtsProvider),
        /// Voice, in the provider's spelling.
        voice = "voice": (open Voice),
        /// Provider of speech recognition.
        transcription_provider = "transcriptionProvider": (open TranscriptionProvider),
        /// Speech recognition model, in the provider's spelling.
        speech_model = "speechModel": (open SpeechModel),
        /// Expected words and phrases.
        hints = "hints": PhraseList,
        /// Lets the recogniser format numbers, dates and the like.
        asr_smart_format = "asrSmartFormat": bool,
        /// Conversion of numbers and dates to words before they are spoken.
        tts_text_normalization = "ttsTextNormalization": (open TextNormalization),
        /// Applies the rules of the language to `tts_text_normalization`.
        tts_language_text_normalization = "ttsLanguageTextNormalization": bool,
    }
}

element! {
    /// Runs a `ConversationRelay` whose settings are stored at Twilio.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect>
    ConversationRelaySession = "ConversationRelaySession" in [Connect];

    /// Creates an empty `<ConversationRelaySession>`. Set `connector`.
    new();

    {
        /// Connector of the session.
        connector = "connector": Text,
        /// Configuration of the session.
        session_configuration = "sessionConfiguration": Text,
    }
}

element! {
    /// Connects the caller to an AI service.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect>
    AiSession = "AiSession" in [Connect];

    /// Creates an empty `<AiSession>`. Set `ai_connector`.
    new();

    {
        /// Connector of the session.
        ai_connector = "aiConnector": Text,
        /// Configuration of the session.
        ai_session_configuration = "aiSessionConfiguration": Text,
    }
}

element! {
    /// Adds the caller to a Twilio Conversation.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/conversation>
    Conversation = "Conversation" in [Connect];

    /// Uses the account's default service, unless `service_instance_sid` is set.
    new();

    {
        /// SID of the Conversations service.
        service_instance_sid = "serviceInstanceSid": Text,
        /// Creates a conversation if there is none.
        inbound_autocreation = "inboundAutocreation": bool,
        /// Longest time to find an agent, in seconds.
        routing_assignment_timeout = "routingAssignmentTimeout": Seconds,
        /// Longest time to wait for an answer, in seconds.
        inbound_timeout = "inboundTimeout": Seconds,
        /// URL of a document that the caller hears.
        url = "url": Url,
        /// HTTP method for `url`. Default `POST`.
        method = "method": Method,
        /// Recording of the call. Default: none.
        record = "record": ConversationRecord,
        /// Handling of silence at both ends of the recording.
        trim = "trim": Trim,
        /// URL for status updates of the recording.
        recording_status_callback = "recordingStatusCallback": Url,
        /// HTTP method for `recording_status_callback`. Default `POST`.
        recording_status_callback_method = "recordingStatusCallbackMethod": Method,
        /// Events reported to `recording_status_callback`. Default: completion only.
        recording_status_callback_event = "recordingStatusCallbackEvent": [RecordingEvent],
        /// URL for status updates of the call.
        status_callback = "statusCallback": Url,
        /// HTTP method for `status_callback`. Default `POST`.
        status_callback_method = "statusCallbackMethod": Method,
        /// Events reported to `status_callback`.
        status_callback_event = "statusCallbackEvent": [ConversationEvent],
    }
}

element! {
    /// Connects the caller to a Dialogflow agent.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/virtualagent>
    VirtualAgent = "VirtualAgent" in [Connect];

    /// Creates an empty `<VirtualAgent>`. Set `connector_name`.
    new();

    {
        /// Name of a connector that is installed in the Console.
        connector_name = "connectorName": Text,
        /// Language of the conversation.
        language = "language": (open Language),
        /// Analyses the caller's sentiment. Default false.
        sentiment_analysis = "sentimentAnalysis": bool,
        /// URL for status updates of the conversation.
        status_callback = "statusCallback": Url,
        /// HTTP method for `status_callback`. Default `POST`.
        status_callback_method = "statusCallbackMethod": Method,
    }
}

element! {
    /// Connects the caller to an Autopilot assistant. Twilio has retired Autopilot; its libraries
    /// still have the element.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect>
    Autopilot = "Autopilot" in [Connect];

    /// Connects to the assistant of this name or SID.
    new(name: Text);
}

element! {
    /// Connects the caller to a Twilio Video `<Room>` by voice.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect>
    Room = "Room" in [Connect];

    /// Joins the `<Room>` of this name.
    new(name: Text);

    {
        /// Identity of the caller in the `<Room>`.
        participant_identity = "participantIdentity": Text,
    }
}
