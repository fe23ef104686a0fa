//! The nouns of `<Dial>` besides telephone numbers: conferences, clients, SIP and others.

use super::dial::Dial;
use crate::twiml::element_macro::element;
use crate::twiml::values::{
    CallEvent, ConferenceBeep, ConferenceEvent, ConferenceRecord, ConferenceRegion,
    JitterBufferSize, RecordingEvent, Trim,
};
use crate::types::Method;

element! {
    /// A conference room to join: whoever dials the same name meets.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/conference>
    Conference = "Conference" in [Dial];

    /// The room of this name. Names are private to an account.
    new(name: Text);

    {
        /// Whether others hear this participant: `true` to only listen. Default false.
        muted = "muted": bool,
        /// When a beep is played to all. Default on entering and leaving.
        beep = "beep": ConferenceBeep,
        /// Whether the conference starts when this participant enters. Default true.
        start_conference_on_enter = "startConferenceOnEnter": bool,
        /// Whether the conference ends for all when this participant leaves. Default false.
        end_conference_on_exit = "endConferenceOnExit": bool,
        /// What is heard until the conference starts: music or a document; `""` for silence.
        wait_url = "waitUrl": Url,
        /// How Twilio asks for `wait_url`. Default POST; GET for a sound file.
        wait_method = "waitMethod": Method,
        /// How many may take part. 2 to 250, default 250.
        max_participants = "maxParticipants": u32 in 2..=250,
        /// Whether the conference is recorded. Default not.
        record = "record": ConferenceRecord,
        /// A recording configuration of the account.
        recording_configuration_id = "recordingConfigurationId": Text,
        /// Where the sound is mixed. Default: near the participants.
        region = "region": ConferenceRegion,
        /// The SID of the call that this participant coaches: only that one hears them.
        coach = "coach": Text,
        /// Whether silence at both ends of the recording is cut off. Default trimmed.
        trim = "trim": Trim,
        /// What is reported of the conference.
        status_callback_event = "statusCallbackEvent": [ConferenceEvent],
        /// Where Twilio reports of the conference. The first participant's counts for all.
        status_callback = "statusCallback": Url,
        /// How Twilio calls `status_callback`. Default POST.
        status_callback_method = "statusCallbackMethod": Method,
        /// Where Twilio reports the recording's progress.
        recording_status_callback = "recordingStatusCallback": Url,
        /// How Twilio calls `recording_status_callback`. Default POST.
        recording_status_callback_method = "recordingStatusCallbackMethod": Method,
        /// What is reported of the recording. Default completion only.
        recording_status_callback_event = "recordingStatusCallbackEvent": [RecordingEvent],
        /// Where Twilio reported that a recording was done, before there were status callbacks.
        event_callback_url = "eventCallbackUrl": Url,
        /// How much delay Twilio accepts to smooth this participant's line. Default large.
        jitter_buffer_size = "jitterBufferSize": JitterBufferSize,
        /// A name for this participant, unique in the conference, for the REST API.
        participant_label = "participantLabel": Text,
    }
}

element! {
    /// A user of the Voice SDK, in a browser or an app.
    ///
    /// An identity alone has the shortcut [`Client::identity`]; to pass parameters, append an
    /// [`Identity`] and [`Parameter`](super::start::Parameter)s.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/client>
    Client = "Client" in [Dial];

    /// Awaits an [`Identity`].
    new();

    /// The user of this identity.
    identity(identity: Text);

    {
        /// A document that the user hears before the two are connected.
        url = "url": Url,
        /// How Twilio asks for `url`. Default POST.
        method = "method": Method,
        /// What is reported. Default completion only.
        status_callback_event = "statusCallbackEvent": [CallEvent],
        /// Where Twilio reports.
        status_callback = "statusCallback": Url,
        /// How Twilio calls `status_callback`. Default POST.
        status_callback_method = "statusCallbackMethod": Method,
    }
}

element! {
    /// Whom a [`Client`] with parameters means.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/client>
    Identity = "Identity" in [Client];

    /// The user of this identity.
    new(client_identity: Text);
}

element! {
    /// A SIP address.
    ///
    /// An address alone has the shortcut [`Sip::uri`]; several addresses and headers are
    /// appended as [`UriElement`]s and [`Headers`].
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/sip>
    Sip = "Sip" in [Dial];

    /// Awaits [`UriElement`]s.
    new();

    /// This address, such as `sip:ann@example.com`.
    uri(sip_url: SipUrl);

    {
        /// The user name that the SIP server asks for.
        username = "username": Text,
        /// The password that the SIP server asks for. It stands in the document: mind its log.
        password = "password": Text,
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

element! {
    /// One of several addresses of a [`Sip`].
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/sip>
    UriElement = "Uri" in [Sip];

    /// Awaits nothing: an address that is set elsewhere.
    new();

    /// This address, such as `sip:ann@example.com`.
    uri(sip_url: SipUrl);

    {
        /// Its place in the order: the lowest number is tried first.
        priority = "priority": u32,
        /// Its share of the calls among addresses of the same priority.
        weight = "weight": u32,
        /// The user name that its server asks for.
        username = "username": Text,
        /// The password that its server asks for. It stands in the document: mind its log.
        password = "password": Text,
    }
}

element! {
    /// SIP headers to send along.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/sip>
    Headers = "Headers" in [Sip];

    /// Awaits [`Header`]s.
    new();
}

element! {
    /// A SIP header to send along.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/sip>
    Header = "Header" in [Headers];

    /// A header of this name and value.
    new(name = "name": Text, value = "value": Text);

    {
        /// The header's name.
        name = "name": Text,
        /// The header's value.
        value = "value": Text,
    }
}

element! {
    /// A SIM of the account, in a device that takes calls.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/sim>
    Sim = "Sim" in [Dial];

    /// The SIM of this SID.
    new(sim_sid: Text);
}

element! {
    /// A person on `WhatsApp`, by their number.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/whatsapp>
    WhatsApp = "WhatsApp" in [Dial];

    /// The person of this number, without `whatsapp:`.
    new(phone_number: PhoneNumber);

    {
        /// A document that the person hears before the two are connected.
        url = "url": Url,
        /// How Twilio asks for `url`. Default POST.
        method = "method": Method,
        /// What is reported. Default completion only.
        status_callback_event = "statusCallbackEvent": [CallEvent],
        /// Where Twilio reports.
        status_callback = "statusCallback": Url,
        /// How Twilio calls `status_callback`. Default POST.
        status_callback_method = "statusCallbackMethod": Method,
    }
}

element! {
    /// A TwiML App that takes the call, of this account or another.
    ///
    /// A SID alone has the shortcut [`Application::sid`]; to pass parameters, append an
    /// [`ApplicationSidElement`] and [`Parameter`](super::start::Parameter)s.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/application>
    Application = "Application" in [Dial];

    /// Awaits an [`ApplicationSidElement`].
    new();

    /// The App of this SID.
    sid(application_sid: Text);

    {
        /// A document that the App's side hears before the two are connected.
        url = "url": Url,
        /// How Twilio asks for `url`. Default POST.
        method = "method": Method,
        /// What is reported. Default completion only.
        status_callback_event = "statusCallbackEvent": [CallEvent],
        /// Where Twilio reports.
        status_callback = "statusCallback": Url,
        /// How Twilio calls `status_callback`. Default POST.
        status_callback_method = "statusCallbackMethod": Method,
        /// The name by which the App's side knows the customer.
        customer_id = "customerId": Text,
        /// Whether the App's call has the `To` of the call that dials it. Default false.
        copy_parent_to = "copyParentTo": bool,
    }
}

element! {
    /// Which TwiML App an [`Application`] with parameters means.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/application>
    ApplicationSidElement = "ApplicationSid" in [Application];

    /// The App of this SID.
    new(sid: Text);
}
