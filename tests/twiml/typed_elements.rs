//! Table of the elements: class name, constructor, children, and attributes.
//!
//! Each attribute has its setter and the type of its value.

use clinspark_twilio::twiml::*;

use super::*;

build! {
    "Message" Message = |d| match d.text() { Some(t) => Message::text(t), None => Message::new() };
    plain [Body, Media] {
        "to" to text, "from" from text, "action" action text, "method" method word,
        "statusCallback" status_callback text,
    }
    "Body" Body = |d| Body::new(d.text().unwrap_or_default());
    plain [] {
    }
    "Media" Media = |d| Media::new(d.text().unwrap_or_default());
    plain [] {
    }
    "Say" Say = |d| Say::new(d.text().unwrap_or_default());
    mixed [ssml::Break, ssml::Emphasis, ssml::Lang, ssml::Paragraph, ssml::Phoneme, ssml::Prosody, ssml::Sentence, ssml::SayAs, ssml::Sub, ssml::Word] {
        "voice" voice open, "loop" loop_ word, "language" language open,
    }
    "Play" Play = |d| match d.text() { Some(t) => Play::new(t), None => Play::dtmf(d.value("digits")) };
    plain [] {
        "loop" loop_ word, "digits" digits text,
    }
    "Pause" Pause = |d| Pause::new();
    plain [] {
        "length" length seconds,
    }
    "Gather" Gather = |d| Gather::new();
    plain [Say, Play, Pause] {
        "input" input list, "action" action text, "method" method word, "timeout" timeout seconds,
        "speechTimeout" speech_timeout word, "maxSpeechTime" max_speech_time seconds,
        "profanityFilter" profanity_filter word, "finishOnKey" finish_on_key text,
        "numDigits" num_digits word, "partialResultCallback" partial_result_callback text,
        "partialResultCallbackMethod" partial_result_callback_method word,
        "language" language open, "hints" hints phrases, "bargeIn" barge_in word,
        "debug" debug word, "actionOnEmptyResult" action_on_empty_result word,
        "speechModel" speech_model open, "enhanced" enhanced word,
    }
    "Record" Record = |d| Record::new();
    plain [] {
        "action" action text, "method" method word, "timeout" timeout seconds,
        "finishOnKey" finish_on_key text, "maxLength" max_length seconds,
        "playBeep" play_beep word, "trim" trim word,
        "recordingStatusCallback" recording_status_callback text,
        "recordingStatusCallbackMethod" recording_status_callback_method word,
        "recordingStatusCallbackEvent" recording_status_callback_event list,
        "transcribe" transcribe word, "transcribeCallback" transcribe_callback text,
        "recordingConfigurationId" recording_configuration_id text,
    }
    "Redirect" Redirect = |d| Redirect::new(d.text().unwrap_or_default());
    plain [] {
        "method" method word,
    }
    "Reject" Reject = |d| Reject::new();
    plain [Parameter] {
        "reason" reason word,
    }
    "Hangup" Hangup = |d| Hangup::new();
    plain [Parameter] {
    }
    "Leave" Leave = |d| Leave::new();
    plain [] {
    }
    "Echo" Echo = |d| Echo::new();
    plain [] {
    }
    "Sms" Sms = |d| Sms::new(d.text().unwrap_or_default());
    plain [] {
        "to" to text, "from" from text, "action" action text, "method" method word,
        "statusCallback" status_callback text,
    }
    "Refer" Refer = |d| Refer::new();
    plain [ReferSip] {
        "action" action text, "method" method word,
    }
    "ReferSip" ReferSip = |d| ReferSip::new(d.text().unwrap_or_default());
    plain [] {
    }
    "Dial" Dial = |d| match d.text() { Some(t) => Dial::number(t), None => Dial::new() };
    plain [Number, Conference, Client, Sip, Sim, WhatsApp, Application, Queue] {
        "action" action text, "method" method word, "timeout" timeout seconds,
        "hangupOnStar" hangup_on_star word, "timeLimit" time_limit seconds,
        "callerId" caller_id text, "record" record word, "trim" trim word,
        "recordingStatusCallback" recording_status_callback text,
        "recordingConfigurationId" recording_configuration_id text,
        "recordingStatusCallbackMethod" recording_status_callback_method word,
        "recordingStatusCallbackEvent" recording_status_callback_event list,
        "answerOnBridge" answer_on_bridge word, "ringTone" ring_tone word,
        "recordingTrack" recording_track word, "sequential" sequential word,
        "referUrl" refer_url text, "referMethod" refer_method word, "events" events word,
        "passports" passports phrases,
    }
    "Number" Number = |d| Number::new(d.text().unwrap_or_default());
    plain [] {
        "sendDigits" send_digits text, "url" url text, "method" method word,
        "statusCallbackEvent" status_callback_event list, "statusCallback" status_callback text,
        "statusCallbackMethod" status_callback_method word, "byoc" byoc text,
        "machineDetection" machine_detection text,
        "amdStatusCallbackMethod" amd_status_callback_method word,
        "amdStatusCallback" amd_status_callback text,
        "machineDetectionTimeout" machine_detection_timeout seconds,
        "machineDetectionSpeechThreshold" machine_detection_speech_threshold milliseconds,
        "machineDetectionSpeechEndThreshold" machine_detection_speech_end_threshold milliseconds,
        "machineDetectionSilenceTimeout" machine_detection_silence_timeout milliseconds,
    }
    "Conference" Conference = |d| Conference::new(d.text().unwrap_or_default());
    plain [] {
        "muted" muted word, "beep" beep word,
        "startConferenceOnEnter" start_conference_on_enter word,
        "endConferenceOnExit" end_conference_on_exit word, "waitUrl" wait_url text,
        "waitMethod" wait_method word, "maxParticipants" max_participants word,
        "record" record word, "recordingConfigurationId" recording_configuration_id text,
        "region" region word, "coach" coach text, "trim" trim word,
        "statusCallbackEvent" status_callback_event list, "statusCallback" status_callback text,
        "statusCallbackMethod" status_callback_method word,
        "recordingStatusCallback" recording_status_callback text,
        "recordingStatusCallbackMethod" recording_status_callback_method word,
        "recordingStatusCallbackEvent" recording_status_callback_event list,
        "eventCallbackUrl" event_callback_url text, "jitterBufferSize" jitter_buffer_size word,
        "participantLabel" participant_label text,
    }
    "Client" Client = |d| match d.text() { Some(t) => Client::identity(t), None => Client::new() };
    plain [Identity, Parameter] {
        "url" url text, "method" method word, "statusCallbackEvent" status_callback_event list,
        "statusCallback" status_callback text, "statusCallbackMethod" status_callback_method word,
    }
    "Identity" Identity = |d| Identity::new(d.text().unwrap_or_default());
    plain [] {
    }
    "Sip" Sip = |d| match d.text() { Some(t) => Sip::uri(t), None => Sip::new() };
    plain [UriElement, Headers] {
        "username" username text, "password" password text, "url" url text, "method" method word,
        "statusCallbackEvent" status_callback_event list, "statusCallback" status_callback text,
        "statusCallbackMethod" status_callback_method word,
        "machineDetection" machine_detection text,
        "amdStatusCallbackMethod" amd_status_callback_method word,
        "amdStatusCallback" amd_status_callback text,
        "machineDetectionTimeout" machine_detection_timeout seconds,
        "machineDetectionSpeechThreshold" machine_detection_speech_threshold milliseconds,
        "machineDetectionSpeechEndThreshold" machine_detection_speech_end_threshold milliseconds,
        "machineDetectionSilenceTimeout" machine_detection_silence_timeout milliseconds,
    }
    "SipUri" UriElement = |d| match d.text() { Some(t) => UriElement::uri(t), None => UriElement::new() };
    plain [] {
        "priority" priority word, "weight" weight word, "username" username text,
        "password" password text,
    }
    "Headers" Headers = |d| Headers::new();
    plain [Header] {
    }
    "Header" Header = |d| Header::new(d.value("name"), d.value("value"));
    plain [] {
        "name" name text, "value" value text,
    }
    "Sim" Sim = |d| Sim::new(d.text().unwrap_or_default());
    plain [] {
    }
    "WhatsApp" WhatsApp = |d| WhatsApp::new(d.text().unwrap_or_default());
    plain [] {
        "url" url text, "method" method word, "statusCallbackEvent" status_callback_event list,
        "statusCallback" status_callback text, "statusCallbackMethod" status_callback_method word,
    }
    "Application" Application = |d| match d.text() { Some(t) => Application::sid(t), None => Application::new() };
    plain [ApplicationSidElement, Parameter] {
        "url" url text, "method" method word, "statusCallbackEvent" status_callback_event list,
        "statusCallback" status_callback text, "statusCallbackMethod" status_callback_method word,
        "customerId" customer_id text, "copyParentTo" copy_parent_to word,
    }
    "ApplicationSid" ApplicationSidElement = |d| ApplicationSidElement::new(d.text().unwrap_or_default());
    plain [] {
    }
    "Enqueue" Enqueue = |d| match d.text() { Some(t) => Enqueue::name(t), None => Enqueue::new() };
    plain [Task] {
        "action" action text, "maxQueueSize" max_queue_size word, "method" method word,
        "waitUrl" wait_url text, "waitUrlMethod" wait_url_method word,
        "workflowSid" workflow_sid text,
    }
    "Task" Task = |d| Task::new(d.text().unwrap_or_default());
    plain [] {
        "priority" priority word, "timeout" timeout seconds,
    }
    "Queue" Queue = |d| Queue::new(d.text().unwrap_or_default());
    plain [] {
        "url" url text, "method" method word, "reservationSid" reservation_sid text,
        "postWorkActivitySid" post_work_activity_sid text,
    }
    "Connect" Connect = |d| Connect::new();
    plain [ConversationRelay, ConversationRelaySession, AiSession, Conversation, VirtualAgent, Autopilot, Room, Stream] {
        "action" action text, "method" method word,
    }
    "ConversationRelay" ConversationRelay = |d| ConversationRelay::new();
    plain [LanguageElement, Parameter] {
        "url" url text, "language" language open, "ttsLanguage" tts_language open,
        "transcriptionLanguage" transcription_language open, "ttsProvider" tts_provider open,
        "voice" voice open, "transcriptionProvider" transcription_provider open,
        "speechModel" speech_model open, "profanityFilter" profanity_filter word,
        "dtmfDetection" dtmf_detection word, "welcomeGreeting" welcome_greeting text,
        "partialPrompts" partial_prompts word,
        "welcomeGreetingInterruptible" welcome_greeting_interruptible open,
        "interruptible" interruptible open, "preemptible" preemptible word, "hints" hints phrases,
        "intelligenceService" intelligence_service text,
        "reportInputDuringAgentSpeech" report_input_during_agent_speech open,
        "elevenlabsTextNormalization" elevenlabs_text_normalization open,
        "interruptSensitivity" interrupt_sensitivity open, "debug" debug text,
        "backgroundNoiseReduction" background_noise_reduction text,
        "speechTimeout" speech_timeout text, "deepgramSmartFormat" deepgram_smart_format word,
        "ignoreBackchannel" ignore_backchannel word, "events" events text,
        "partialPromptOnHangup" partial_prompt_on_hangup word,
        "eagerEotThreshold" eager_eot_threshold text, "asrSmartFormat" asr_smart_format word,
        "ttsTextNormalization" tts_text_normalization open,
        "ttsLanguageTextNormalization" tts_language_text_normalization word,
        "elevenlabsLanguageTextNormalization" elevenlabs_language_text_normalization word,
        "includeInPrompt" include_in_prompt text, "customerName" customer_name text,
        "applicationReconnect" application_reconnect word,
        "echoPromptFiltering" echo_prompt_filtering word, "turnDetection" turn_detection word,
    }
    "Language" LanguageElement = |d| LanguageElement::new(d.value("code"));
    plain [] {
        "code" code text, "ttsProvider" tts_provider open, "voice" voice open,
        "transcriptionProvider" transcription_provider open, "speechModel" speech_model open,
        "hints" hints phrases, "asrSmartFormat" asr_smart_format word,
        "ttsTextNormalization" tts_text_normalization open,
        "ttsLanguageTextNormalization" tts_language_text_normalization word,
    }
    "ConversationRelaySession" ConversationRelaySession = |d| ConversationRelaySession::new();
    plain [] {
        "connector" connector text, "sessionConfiguration" session_configuration text,
    }
    "AiSession" AiSession = |d| AiSession::new();
    plain [] {
        "aiConnector" ai_connector text, "aiSessionConfiguration" ai_session_configuration text,
    }
    "Conversation" Conversation = |d| Conversation::new();
    plain [] {
        "serviceInstanceSid" service_instance_sid text,
        "inboundAutocreation" inbound_autocreation word,
        "routingAssignmentTimeout" routing_assignment_timeout seconds,
        "inboundTimeout" inbound_timeout seconds, "url" url text, "method" method word,
        "record" record word, "trim" trim word,
        "recordingStatusCallback" recording_status_callback text,
        "recordingStatusCallbackMethod" recording_status_callback_method word,
        "recordingStatusCallbackEvent" recording_status_callback_event list,
        "statusCallback" status_callback text, "statusCallbackMethod" status_callback_method word,
        "statusCallbackEvent" status_callback_event list,
    }
    "VirtualAgent" VirtualAgent = |d| VirtualAgent::new();
    plain [Config, Parameter] {
        "connectorName" connector_name text, "language" language open,
        "sentimentAnalysis" sentiment_analysis word, "statusCallback" status_callback text,
        "statusCallbackMethod" status_callback_method word,
    }
    "Autopilot" Autopilot = |d| Autopilot::new(d.text().unwrap_or_default());
    plain [] {
    }
    "Room" Room = |d| Room::new(d.text().unwrap_or_default());
    plain [] {
        "participantIdentity" participant_identity text,
    }
    "Start" Start = |d| Start::new();
    plain [Stream, Siprec, Transcription, Recording] {
        "action" action text, "method" method word,
    }
    "Stop" Stop = |d| Stop::new();
    plain [Stream, Siprec, Transcription] {
    }
    "Stream" Stream = |d| Stream::new();
    plain [Parameter] {
        "name" name text, "connectorName" connector_name text, "url" url text, "track" track word,
        "statusCallback" status_callback text, "statusCallbackMethod" status_callback_method word,
        "audioFormat" audio_format text, "sampleRate" sample_rate word,
    }
    "Siprec" Siprec = |d| Siprec::new();
    plain [Parameter] {
        "name" name text, "connectorName" connector_name text, "track" track word,
        "statusCallback" status_callback text, "statusCallbackMethod" status_callback_method word,
    }
    "Transcription" Transcription = |d| Transcription::new();
    plain [Config, Parameter] {
        "name" name text, "track" track word, "statusCallbackUrl" status_callback_url text,
        "statusCallbackMethod" status_callback_method word,
        "inboundTrackLabel" inbound_track_label text,
        "outboundTrackLabel" outbound_track_label text, "partialResults" partial_results word,
        "languageCode" language_code open, "transcriptionEngine" transcription_engine open,
        "profanityFilter" profanity_filter word, "speechModel" speech_model open,
        "hints" hints phrases, "enableAutomaticPunctuation" enable_automatic_punctuation word,
        "intelligenceService" intelligence_service text,
    }
    "Config" Config = |d| Config::new(d.value("name"), d.value("value"));
    plain [] {
        "name" name text, "value" value text,
    }
    "Parameter" Parameter = |d| Parameter::new(d.value("name"), d.value("value"));
    plain [] {
        "name" name text, "value" value text,
    }
    "Recording" Recording = |d| Recording::new();
    plain [] {
        "recordingStatusCallback" recording_status_callback text,
        "recordingStatusCallbackMethod" recording_status_callback_method word,
        "recordingStatusCallbackEvent" recording_status_callback_event list, "trim" trim word,
        "track" track word, "channels" channels word,
        "recordingConfigurationId" recording_configuration_id text,
    }
    "Pay" Pay = |d| Pay::new();
    plain [Parameter, Prompt] {
        "input" input word, "action" action text, "bankAccountType" bank_account_type word,
        "statusCallback" status_callback text, "statusCallbackMethod" status_callback_method word,
        "timeout" timeout seconds, "maxAttempts" max_attempts word,
        "securityCode" security_code word, "postalCode" postal_code word,
        "minPostalCodeLength" min_postal_code_length word,
        "paymentConnector" payment_connector text, "paymentMethod" payment_method word,
        "tokenType" token_type word, "chargeAmount" charge_amount text, "currency" currency text,
        "description" description text, "validCardTypes" valid_card_types list,
        "language" language open,
    }
    "Prompt" Prompt = |d| Prompt::new();
    plain [Say, Play, Pause] {
        "for" for_ word, "errorType" error_type list, "cardType" card_type list,
        "attempt" attempt list, "requireMatchingInputs" require_matching_inputs word,
    }
    "SsmlBreak" ssml::Break = |d| ssml::Break::new();
    plain [] {
        "strength" strength word, "time" time time,
    }
    "SsmlEmphasis" ssml::Emphasis = |d| ssml::Emphasis::new(d.text().unwrap_or_default());
    mixed [ssml::Break, ssml::Emphasis, ssml::Lang, ssml::Phoneme, ssml::Prosody, ssml::SayAs, ssml::Sub, ssml::Word] {
        "level" level word,
    }
    "SsmlLang" ssml::Lang = |d| ssml::Lang::new(d.text().unwrap_or_default());
    mixed [ssml::Break, ssml::Emphasis, ssml::Lang, ssml::Paragraph, ssml::Phoneme, ssml::Prosody, ssml::Sentence, ssml::SayAs, ssml::Sub, ssml::Word] {
        "xml:lang" xml_lang open,
    }
    "SsmlP" ssml::Paragraph = |d| ssml::Paragraph::new(d.text().unwrap_or_default());
    mixed [ssml::Break, ssml::Emphasis, ssml::Lang, ssml::Phoneme, ssml::Prosody, ssml::Sentence, ssml::SayAs, ssml::Sub, ssml::Word] {
    }
    "SsmlPhoneme" ssml::Phoneme = |d| ssml::Phoneme::new(d.text().unwrap_or_default());
    plain [] {
        "alphabet" alphabet word, "ph" ph text,
    }
    "SsmlProsody" ssml::Prosody = |d| ssml::Prosody::new(d.text().unwrap_or_default());
    mixed [ssml::Break, ssml::Emphasis, ssml::Lang, ssml::Paragraph, ssml::Phoneme, ssml::Prosody, ssml::Sentence, ssml::SayAs, ssml::Sub, ssml::Word] {
        "volume" volume open, "rate" rate open, "pitch" pitch open,
    }
    "SsmlS" ssml::Sentence = |d| ssml::Sentence::new(d.text().unwrap_or_default());
    mixed [ssml::Break, ssml::Emphasis, ssml::Lang, ssml::Phoneme, ssml::Prosody, ssml::SayAs, ssml::Sub, ssml::Word] {
    }
    "SsmlSayAs" ssml::SayAs = |d| ssml::SayAs::new(d.text().unwrap_or_default());
    plain [] {
        "interpret-as" interpret_as word, "format" format word,
    }
    "SsmlSub" ssml::Sub = |d| ssml::Sub::new(d.text().unwrap_or_default());
    plain [] {
        "alias" alias text,
    }
    "SsmlW" ssml::Word = |d| ssml::Word::new(d.text().unwrap_or_default());
    mixed [ssml::Break, ssml::Emphasis, ssml::Phoneme, ssml::Prosody, ssml::SayAs, ssml::Sub] {
        "role" role text,
    }
}
