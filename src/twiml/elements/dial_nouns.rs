//! Nouns of `<Dial>` besides telephone numbers: conferences, clients, SIP and others.

use super::dial::Dial;
use crate::twiml::element_macro::element;
use crate::twiml::values::{
    CallEvent, ConferenceBeep, ConferenceEvent, ConferenceRecord, ConferenceRegion,
    JitterBufferSize, RecordingEvent, Trim,
};
use crate::types::Method;

element! {
    /// Conference to join. All callers that dial the same name are connected.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Conference, ConferenceBeep, Dial, VoiceResponse};
    ///
    /// let conference = Conference::new("Visit 4711")
    ///     .beep(ConferenceBeep::OnEnter)
    ///     .end_conference_on_exit(true);
    /// let document = VoiceResponse::new().append(Dial::new().append(conference));
    /// assert!(document.to_xml().contains(r#"beep="onEnter" endConferenceOnExit="true""#));
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/conference>
    Conference = "Conference" in [Dial];

    /// Joins the conference of this name. Names are private to an account.
    new(name: Text);

    {
        /// Mutes this participant, who then only listens. Default false.
        muted = "muted": bool,
        /// Beep that all participants hear. Default: on entering and leaving.
        beep = "beep": ConferenceBeep,
        /// Starts the conference when this participant enters. Default true.
        start_conference_on_enter = "startConferenceOnEnter": bool,
        /// Ends the conference for all participants when this one leaves. Default false.
        end_conference_on_exit = "endConferenceOnExit": bool,
        /// URL of the music or document played until the conference starts; `""` for silence.
        wait_url = "waitUrl": Url,
        /// HTTP method for `wait_url`. Default `POST`; use `GET` for a sound file.
        wait_method = "waitMethod": Method,
        /// Largest number of participants. 2 to 250, default 250.
        max_participants = "maxParticipants": u32 in 2..=250,
        /// Recording of the conference. Default: none.
        record = "record": ConferenceRecord,
        /// ID of a recording configuration of the account.
        recording_configuration_id = "recordingConfigurationId": Text,
        /// Region in which the audio is mixed. Default: near the participants.
        region = "region": ConferenceRegion,
        /// SID of the call that this participant coaches. Only that call hears the coach.
        coach = "coach": Text,
        /// Handling of silence at both ends of the recording. Default: removed.
        trim = "trim": Trim,
        /// Conference events reported to `status_callback`.
        status_callback_event = "statusCallbackEvent": [ConferenceEvent],
        /// URL for conference events. The first participant's setting applies to all.
        status_callback = "statusCallback": Url,
        /// HTTP method for `status_callback`. Default `POST`.
        status_callback_method = "statusCallbackMethod": Method,
        /// URL for status updates of the recording.
        recording_status_callback = "recordingStatusCallback": Url,
        /// HTTP method for `recording_status_callback`. Default `POST`.
        recording_status_callback_method = "recordingStatusCallbackMethod": Method,
        /// Events reported to `recording_status_callback`. Default: completion only.
        recording_status_callback_event = "recordingStatusCallbackEvent": [RecordingEvent],
        /// URL for the finished recording. Older form of `recording_status_callback`.
        event_callback_url = "eventCallbackUrl": Url,
        /// Delay that Twilio accepts to smooth this participant's audio. Default large.
        jitter_buffer_size = "jitterBufferSize": JitterBufferSize,
        /// Label of this participant for the REST API, unique in the conference.
        participant_label = "participantLabel": Text,
    }
}

element! {
    /// User of the Voice SDK, in a browser or an app.
    ///
    /// For an identity alone, use [`Client::identity`]. To pass parameters, append an [`Identity`]
    /// and [`Parameter`](super::start::Parameter)s.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Client, Dial, Identity, Parameter, VoiceResponse};
    ///
    /// let nurse = Client::new()
    ///     .append(Identity::new("site_12_nurse"))
    ///     .append(Parameter::new("visit", "4711"));
    /// let document = VoiceResponse::new().append(Dial::new().append(nurse));
    /// assert!(document.to_xml().contains("<Client><Identity>site_12_nurse</Identity><Parameter"));
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/client>
    Client = "Client" in [Dial];

    /// Creates an empty `<Client>`. Append an [`Identity`].
    new();

    /// Dials the user of this identity.
    identity(identity: Text);

    {
        /// URL of a document that the user hears before the two are connected.
        url = "url": Url,
        /// HTTP method for `url`. Default `POST`.
        method = "method": Method,
        /// Events reported to `status_callback`. Default: completion only.
        status_callback_event = "statusCallbackEvent": [CallEvent],
        /// URL for status updates of the dialled call.
        status_callback = "statusCallback": Url,
        /// HTTP method for `status_callback`. Default `POST`.
        status_callback_method = "statusCallbackMethod": Method,
    }
}

element! {
    /// User that a [`Client`] with parameters dials.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/client>
    Identity = "Identity" in [Client];

    /// Dials the user of this identity.
    new(client_identity: Text);
}

element! {
    /// SIP address to dial.
    ///
    /// For one address, use [`Sip::uri`]. Several addresses and headers are appended as
    /// [`UriElement`]s and [`Headers`].
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Dial, Sip, VoiceResponse};
    ///
    /// let document = VoiceResponse::new()
    ///     .append(Dial::new().append(Sip::uri("sip:reception@pbx.example.com")));
    /// assert!(document.to_xml().contains("<Sip>sip:reception@pbx.example.com</Sip>"));
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/sip>
    Sip = "Sip" in [Dial];

    /// Creates an empty `<Sip>`. Append [`UriElement`]s.
    new();

    /// Dials this SIP address, such as `sip:ann@example.com`.
    uri(sip_url: SipUrl);

    {
        /// User name for the SIP server.
        username = "username": Text,
        /// Password for the SIP server. The document contains the password: do not log the
        /// document.
        password = "password": Text,
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

element! {
    /// One of several addresses of a [`Sip`].
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/sip>
    UriElement = "Uri" in [Sip];

    /// Creates an empty `<Uri>`, which `lint` reports. [`uri`](Self::uri) takes the address.
    new();

    /// Dials this SIP address, such as `sip:ann@example.com`.
    uri(sip_url: SipUrl);

    {
        /// Position in the order: the lowest number is tried first.
        priority = "priority": u32,
        /// Share of the calls among addresses of the same priority.
        weight = "weight": u32,
        /// User name for the SIP server of this address.
        username = "username": Text,
        /// Password for the SIP server of this address. The document contains the password: do not
        /// log the document.
        password = "password": Text,
    }
}

element! {
    /// SIP headers to send to the dialled party.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/sip>
    Headers = "Headers" in [Sip];

    /// Creates an empty `<Headers>`. Append [`Header`]s.
    new();
}

element! {
    /// SIP header to send to the dialled party.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/sip>
    Header = "Header" in [Headers];

    /// Creates a header of this name and value.
    new(name = "name": Text, value = "value": Text);

    {
        /// Name of the header.
        name = "name": Text,
        /// Value of the header.
        value = "value": Text,
    }
}

element! {
    /// SIM of the account, in a device that takes calls.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/sim>
    Sim = "Sim" in [Dial];

    /// Dials the SIM of this SID.
    new(sim_sid: Text);
}

element! {
    /// `WhatsApp` user to dial, by telephone number.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Dial, VoiceResponse, WhatsApp};
    ///
    /// let dial = Dial::new().append(WhatsApp::new("+14155550123"));
    /// let document = VoiceResponse::new().append(dial);
    /// assert!(document.to_xml().contains("<Dial><WhatsApp>+14155550123</WhatsApp></Dial>"));
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/whatsapp>
    WhatsApp = "WhatsApp" in [Dial];

    /// Dials this telephone number, given without `whatsapp:`.
    new(phone_number: PhoneNumber);

    {
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
    }
}

element! {
    /// TwiML App that takes the call, of this account or another.
    ///
    /// For a SID alone, use [`Application::sid`]. To pass parameters, append an
    /// [`ApplicationSidElement`] and [`Parameter`](super::start::Parameter)s.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Application, Dial, VoiceResponse};
    ///
    /// let app = Application::sid("AP00000000000000000000000000000001").copy_parent_to(true);
    /// let document = VoiceResponse::new().append(Dial::new().append(app));
    /// assert!(document.lint().is_empty());
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/application>
    Application = "Application" in [Dial];

    /// Creates an empty `<Application>`. Append an [`ApplicationSidElement`].
    new();

    /// Dials the App of this SID.
    sid(application_sid: Text);

    {
        /// URL of a document that the App's side hears before the two are connected.
        url = "url": Url,
        /// HTTP method for `url`. Default `POST`.
        method = "method": Method,
        /// Events reported to `status_callback`. Default: completion only.
        status_callback_event = "statusCallbackEvent": [CallEvent],
        /// URL for status updates of the dialled call.
        status_callback = "statusCallback": Url,
        /// HTTP method for `status_callback`. Default `POST`.
        status_callback_method = "statusCallbackMethod": Method,
        /// Name by which the App's side knows the customer.
        customer_id = "customerId": Text,
        /// Gives the App's call the `To` of the call that dials it. Default false.
        copy_parent_to = "copyParentTo": bool,
    }
}

element! {
    /// TwiML App that an [`Application`] with parameters dials.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/application>
    ApplicationSidElement = "ApplicationSid" in [Application];

    /// Dials the App of this SID.
    new(sid: Text);
}
