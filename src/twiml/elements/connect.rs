//! `<Connect>` and its nouns: services that talk with the caller by themselves.

use crate::twiml::element_macro::element;
use crate::twiml::response::VoiceResponse;
use crate::twiml::values::{ConversationEvent, ConversationRecord, RecordingEvent, Trim};
use crate::twiml::values::{
    InterruptSensitivity, Interruptible, Language, SpeechModel, TextNormalization,
    TranscriptionProvider, TtsProvider, Voice,
};
use crate::types::Method;

element! {
    /// Hands the call to a program, and goes on with the next verb when that is done.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect>
    Connect = "Connect" in [VoiceResponse];

    /// Awaits whom to connect to.
    new();

    {
        /// Where Twilio asks what to do when the session ended.
        action = "action": Url,
        /// How Twilio asks at `action`. Default POST.
        method = "method": Method,
    }
}

element! {
    /// Lets a program talk with the caller in text, over a WebSocket: Twilio turns speech into
    /// text and text into speech.
    ///
    /// Four attributes are spelled in lower case by some of Twilio's libraries; this crate writes
    /// the camelCase of Twilio's changelog.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/conversationrelay>
    ConversationRelay = "ConversationRelay" in [Connect];

    /// Awaits a `url`.
    new();

    {
        /// The WebSocket: absolute and `wss`.
        url = "url": WebSocketUrl,
        /// The language of both directions. Default `en-US`.
        language = "language": (open Language),
        /// The language that is spoken to the caller. Default: `language`.
        tts_language = "ttsLanguage": (open Language),
        /// The language that the caller speaks. Default: `language`.
        transcription_language = "transcriptionLanguage": (open Language),
        /// Who makes the speech.
        tts_provider = "ttsProvider": (open TtsProvider),
        /// The voice, in the provider's own spelling.
        voice = "voice": (open Voice),
        /// Who recognises the speech.
        transcription_provider = "transcriptionProvider": (open TranscriptionProvider),
        /// The model that recognises the speech, in the provider's own spelling.
        speech_model = "speechModel": (open SpeechModel),
        /// Whether offensive words are masked.
        profanity_filter = "profanityFilter": bool,
        /// Whether the program is told of key presses. Default false.
        dtmf_detection = "dtmfDetection": bool,
        /// What is said first.
        welcome_greeting = "welcomeGreeting": Text,
        /// Whether the program gets unfinished sentences too.
        partial_prompts = "partialPrompts": bool,
        /// What interrupts the greeting. Default any input.
        welcome_greeting_interruptible = "welcomeGreetingInterruptible": (open Interruptible),
        /// What interrupts the speech that the caller hears. Default any input.
        interruptible = "interruptible": (open Interruptible),
        /// Whether a new text replaces one that is being spoken. Default false.
        preemptible = "preemptible": bool,
        /// Words and phrases to expect.
        hints = "hints": PhraseList,
        /// The SID or name of a Conversational Intelligence service that analyses the talk.
        intelligence_service = "intelligenceService": Text,
        /// Whether the program hears of input while the caller is spoken to.
        report_input_during_agent_speech = "reportInputDuringAgentSpeech": bool,
        /// Whether `ElevenLabs` writes out numbers and dates before speaking.
        elevenlabs_text_normalization = "elevenlabsTextNormalization": (open TextNormalization),
        /// How easily the caller interrupts.
        interrupt_sensitivity = "interruptSensitivity": (open InterruptSensitivity),
        /// What the program is told for debugging: words separated by blanks.
        debug = "debug": Text,
        /// Whether noise behind the caller is reduced.
        background_noise_reduction = "backgroundNoiseReduction": Text,
        /// How long a pause ends what the caller says.
        speech_timeout = "speechTimeout": Text,
        /// Whether Deepgram formats numbers, dates and the like.
        deepgram_smart_format = "deepgramSmartFormat": bool,
        /// Whether "mm-hm" and the like count as no interruption.
        ignore_backchannel = "ignoreBackchannel": bool,
        /// What else the program is told: words separated by blanks.
        events = "events": Text,
        /// Whether an unfinished sentence is sent when the caller hangs up.
        partial_prompt_on_hangup = "partialPromptOnHangup": bool,
        /// How sure the recogniser must be, early, that the caller's turn is over: 0.3 to 0.9.
        eager_eot_threshold = "eagerEotThreshold": Text,
        /// Whether the recogniser formats numbers, dates and the like.
        asr_smart_format = "asrSmartFormat": bool,
        /// Whether numbers and dates are written out before they are spoken.
        tts_text_normalization = "ttsTextNormalization": (open TextNormalization),
        /// Whether that is done by the rules of the language.
        tts_language_text_normalization = "ttsLanguageTextNormalization": bool,
        /// Whether `ElevenLabs` does that by the rules of the language.
        elevenlabs_language_text_normalization = "elevenlabsLanguageTextNormalization": bool,
        /// What comes with each sentence: words separated by blanks.
        include_in_prompt = "includeInPrompt": Text,
        /// The caller's name. It is about a person: mind the document's log.
        customer_name = "customerName": Text,
        /// Whether the program may connect again when its WebSocket breaks.
        application_reconnect = "applicationReconnect": bool,
        /// Whether our own speech is kept out of what the caller seems to say.
        echo_prompt_filtering = "echoPromptFiltering": bool,
        /// Whether the end of the caller's turn is detected.
        turn_detection = "turnDetection": bool,
    }
}

element! {
    /// How one language is spoken and recognised in a [`ConversationRelay`].
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/conversationrelay#language-element>
    LanguageElement = "Language" in [ConversationRelay];

    /// The language of this code, such as `sv-SE`.
    new(code = "code": Text);

    {
        /// The language's code, such as `sv-SE`.
        code = "code": Text,
        /// Who makes the speech.
        tts_provider = "ttsProvider": (open TtsProvider),
        /// The voice, in the provider's own spelling.
        voice = "voice": (open Voice),
        /// Who recognises the speech.
        transcription_provider = "transcriptionProvider": (open TranscriptionProvider),
        /// The model that recognises the speech, in the provider's own spelling.
        speech_model = "speechModel": (open SpeechModel),
        /// Words and phrases to expect.
        hints = "hints": PhraseList,
        /// Whether the recogniser formats numbers, dates and the like.
        asr_smart_format = "asrSmartFormat": bool,
        /// Whether numbers and dates are written out before they are spoken.
        tts_text_normalization = "ttsTextNormalization": (open TextNormalization),
        /// Whether that is done by the rules of the language.
        tts_language_text_normalization = "ttsLanguageTextNormalization": bool,
    }
}

element! {
    /// Runs a `ConversationRelay` whose settings are kept with Twilio.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect>
    ConversationRelaySession = "ConversationRelaySession" in [Connect];

    /// Awaits a `connector`.
    new();

    {
        /// The connector to use.
        connector = "connector": Text,
        /// The settings to use.
        session_configuration = "sessionConfiguration": Text,
    }
}

element! {
    /// Lets an AI service talk with the caller.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect>
    AiSession = "AiSession" in [Connect];

    /// Awaits an `ai_connector`.
    new();

    {
        /// The connector to use.
        ai_connector = "aiConnector": Text,
        /// The settings to use.
        ai_session_configuration = "aiSessionConfiguration": Text,
    }
}

element! {
    /// Makes the caller a participant of a Conversation.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/conversation>
    Conversation = "Conversation" in [Connect];

    /// The account's default service, unless told otherwise.
    new();

    {
        /// The SID of the Conversations service.
        service_instance_sid = "serviceInstanceSid": Text,
        /// Whether a conversation is made when there is none.
        inbound_autocreation = "inboundAutocreation": bool,
        /// Seconds that finding an agent may take.
        routing_assignment_timeout = "routingAssignmentTimeout": Seconds,
        /// Seconds to wait for somebody to answer.
        inbound_timeout = "inboundTimeout": Seconds,
        /// A document that the caller hears.
        url = "url": Url,
        /// How Twilio asks for `url`. Default POST.
        method = "method": Method,
        /// What is recorded. Default nothing.
        record = "record": ConversationRecord,
        /// Whether silence at both ends of the recording is cut off.
        trim = "trim": Trim,
        /// Where Twilio reports the recording's progress.
        recording_status_callback = "recordingStatusCallback": Url,
        /// How Twilio calls `recording_status_callback`. Default POST.
        recording_status_callback_method = "recordingStatusCallbackMethod": Method,
        /// What is reported of the recording. Default completion only.
        recording_status_callback_event = "recordingStatusCallbackEvent": [RecordingEvent],
        /// Where Twilio reports of the call.
        status_callback = "statusCallback": Url,
        /// How Twilio calls `status_callback`. Default POST.
        status_callback_method = "statusCallbackMethod": Method,
        /// What is reported of the call.
        status_callback_event = "statusCallbackEvent": [ConversationEvent],
    }
}

element! {
    /// Lets a Dialogflow agent talk with the caller.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/virtualagent>
    VirtualAgent = "VirtualAgent" in [Connect];

    /// Awaits a `connector_name`.
    new();

    {
        /// The connector that was installed in the Console.
        connector_name = "connectorName": Text,
        /// The language that is spoken.
        language = "language": (open Language),
        /// Whether the caller's mood is judged. Default false.
        sentiment_analysis = "sentimentAnalysis": bool,
        /// Where Twilio reports of the talk.
        status_callback = "statusCallback": Url,
        /// How Twilio calls `status_callback`. Default POST.
        status_callback_method = "statusCallbackMethod": Method,
    }
}

element! {
    /// Lets an Autopilot assistant talk with the caller. Twilio has retired Autopilot; the
    /// element is still in its libraries.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect>
    Autopilot = "Autopilot" in [Connect];

    /// The assistant of this name or SID.
    new(name: Text);
}

element! {
    /// Lets the caller join a video room by voice.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect>
    Room = "Room" in [Connect];

    /// The room of this name.
    new(name: Text);

    {
        /// Who the caller is in the room.
        participant_identity = "participantIdentity": Text,
    }
}
