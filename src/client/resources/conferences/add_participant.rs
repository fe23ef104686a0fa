//! Calls a person into a conference.

use std::fmt::{self, Write as _};

use crate::client::engine::form::Form;
use crate::client::engine::guard::Reaches;
use crate::client::engine::request::request;
use crate::client::resources::calls::{
    MachineDetection, RecordingChannels, RecordingEvent, RecordingTrack, Trim,
};
use crate::phone::{Callee, E164};
use crate::twiml::{
    CallEvent, ConferenceBeep, ConferenceEvent, ConferenceRecord, ConferenceRegion,
    JitterBufferSize,
};
use crate::types::{CallSid, ConferenceSid, Method, Redacted};

use super::Participant;

request! {
    /// Calls a person and connects the answered call with a conference.
    ///
    /// `Delivery` other than `Live` refuses the request, even if it permits the callee: the
    /// client does not know who else is in the conference. The client does not retry after a lost
    /// response: the phone would ring twice.
    ///
    /// ```no_run
    /// # use clinspark_twilio::client::{Client, Error};
    /// # use clinspark_twilio::phone::E164;
    /// use clinspark_twilio::client::conferences::{AddParticipant, ConferenceRef};
    ///
    /// # async fn example(client: &Client, nurse: E164, clinic: E164) -> Result<(), Error> {
    /// let conference = ConferenceRef::name("visit-17");
    /// let participant = client.execute(AddParticipant::new(conference, nurse, clinic)).await?;
    /// println!("{:?}", participant.call_sid);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/conference-participant-resource#create-a-participant>
    AddParticipant => Participant {
        POST Api "/Conferences/{conference}/Participants.json" Create;
        path {
            /// conference: its SID, or the friendly name of one that need not exist yet
            conference: ConferenceRef,
        }
        needs {
            /// callee: phone number, Voice SDK client or SIP URI
            to: Callee,
            /// caller ID: a number of the account, or a verified caller ID
            from: E164,
        }
        reaches(to, conference);
        check Self::check_combinations;

        takes {
            /// Label of the participant, unique in the conference. Not a person's name: everyone
            /// in the account can read it.
            label = "Label": text,
            /// Time that the phone rings, 5 seconds to 10 minutes. Default 60 seconds.
            timeout = "Timeout": seconds(5..=600),
            /// Maximum length of the participant's call, in whole seconds. Default 4 hours.
            time_limit = "TimeLimit": seconds(1..=u64::MAX),
            /// URL that receives the progress of the participant's call.
            status_callback = "StatusCallback": url,
            /// HTTP method for `status_callback`. Default `POST`.
            status_callback_method = "StatusCallbackMethod": word(Method),
            /// Event of the call to report. Call once for each event. Default: the end only.
            status_callback_event = "StatusCallbackEvent": each_word(CallEvent),
            /// Mutes the participant. Default `false`.
            muted = "Muted": flag,
            /// Beep that the conference hears. Default: when a participant joins or leaves.
            beep = "Beep": word(ConferenceBeep),
            /// Starts the conference when the participant joins. Default `true`.
            start_conference_on_enter = "StartConferenceOnEnter": flag,
            /// Ends the conference when the participant leaves. Default `false`.
            end_conference_on_exit = "EndConferenceOnExit": flag,
            /// URL of the music before the conference starts. Default: Twilio's music.
            wait_url = "WaitUrl": url,
            /// HTTP method for `wait_url`. Default `POST`.
            wait_method = "WaitMethod": word(Method),
            /// Lets the conference hear the call before it is answered. Default `true`.
            early_media = "EarlyMedia": flag,
            /// Maximum number of participants, 2 to 250. Default 250.
            max_participants = "MaxParticipants": number(2..=250),
            /// Lets only the coached participant hear this one. Requires `call_sid_to_coach`.
            coaching = "Coaching": flag,
            /// SID of the call of the coached participant.
            call_sid_to_coach = "CallSidToCoach": sid(CallSid),
            /// Size of the jitter buffer. Default `large`.
            jitter_buffer_size = "JitterBufferSize": word(JitterBufferSize),
            /// Region in which the audio is mixed. Default: chosen by Twilio.
            region = "Region": word(ConferenceRegion),
            /// Records the conference. Default: not recorded.
            conference_record = "ConferenceRecord": word(ConferenceRecord),
            /// Trimming of silence in the conference's recording. Default: silence is trimmed.
            conference_trim = "ConferenceTrim": word(Trim),
            /// URL that receives the events of the conference.
            conference_status_callback = "ConferenceStatusCallback": url,
            /// HTTP method for `conference_status_callback`. Default `POST`.
            conference_status_callback_method = "ConferenceStatusCallbackMethod": word(Method),
            /// Event of the conference to report. Call once for each event.
            conference_status_callback_event =
                "ConferenceStatusCallbackEvent": each_word(ConferenceEvent),
            /// URL that receives the status of the conference's recording.
            conference_recording_status_callback = "ConferenceRecordingStatusCallback": url,
            /// HTTP method for `conference_recording_status_callback`. Default `POST`.
            conference_recording_status_callback_method =
                "ConferenceRecordingStatusCallbackMethod": word(Method),
            /// Event of the conference's recording to report. Call once for each event. Default:
            /// the recording is ready for download.
            conference_recording_status_callback_event =
                "ConferenceRecordingStatusCallbackEvent": each_word(RecordingEvent),
            /// Records the participant's call. Default `false`.
            record = "Record": flag,
            /// Number of channels of the call's recording. Default: one channel for both sides.
            recording_channels = "RecordingChannels": word(RecordingChannels),
            /// Side of the call to record. Default both.
            recording_track = "RecordingTrack": word(RecordingTrack),
            /// Trimming of silence in the call's recording. Default: silence is trimmed.
            trim = "Trim": word(Trim),
            /// URL that receives the status of the call's recording.
            recording_status_callback = "RecordingStatusCallback": url,
            /// HTTP method for `recording_status_callback`. Default `POST`.
            recording_status_callback_method = "RecordingStatusCallbackMethod": word(Method),
            /// Event of the call's recording to report. Call once for each event. Default: the
            /// recording is ready for download.
            recording_status_callback_event =
                "RecordingStatusCallbackEvent": each_word(RecordingEvent),
            /// Answering-machine detection. Default: disabled.
            machine_detection = "MachineDetection": word(MachineDetection),
            /// Maximum time of machine detection, 3 to 59 seconds. Default 30 seconds.
            machine_detection_timeout = "MachineDetectionTimeout": seconds(3..=59),
            /// Length of speech from which a machine is assumed, 1 to 6 seconds. Default 2.4
            /// seconds.
            machine_detection_speech_threshold =
                "MachineDetectionSpeechThreshold": millis(1_000..=6_000),
            /// Length of silence that ends the speech, 0.5 to 5 seconds. Default 1.2 seconds.
            machine_detection_speech_end_threshold =
                "MachineDetectionSpeechEndThreshold": millis(500..=5_000),
            /// Length of initial silence after which detection gives up, 2 to 10 seconds. Default 5
            /// seconds.
            machine_detection_silence_timeout =
                "MachineDetectionSilenceTimeout": millis(2_000..=10_000),
            /// URL that receives the result of machine detection.
            amd_status_callback = "AmdStatusCallback": url,
            /// HTTP method for `amd_status_callback`. Default `POST`.
            amd_status_callback_method = "AmdStatusCallbackMethod": word(Method),
            /// User name for the callee's SIP server.
            sip_auth_username = "SipAuthUsername": text,
            /// Password for the callee's SIP server.
            sip_auth_password = "SipAuthPassword": text,
            /// Caller ID that the callee sees, if it differs from `from`. For SIP it can be a name.
            caller_id = "CallerId": text,
            /// Name that a SIP callee sees.
            caller_display_name = "CallerDisplayName": text,
            /// Reason for the call, at most 50 characters. Phones that support it display the
            /// reason.
            call_reason = "CallReason": text,
            /// Token of an incoming call. It permits showing that call's caller ID on this call.
            call_token = "CallToken": text,
            /// SID of your own carrier's trunk (BYOC): `BY` and 32 hexadecimal digits.
            byoc = "Byoc": text,
            /// URL that wakes up Voice SDKs on mobile phones.
            client_notification_url = "ClientNotificationUrl": url,
        }
    }
}

impl AddParticipant {
    fn check_combinations(&self, form: &mut Form) {
        if self.to == Callee::Phone(self.from) {
            form.fault("To", "is the caller's own number");
        }
        if let Some(fault) = self.conference.fault() {
            form.fault("ConferenceSid", fault);
        }
    }
}

/// Reference to a conference: its SID, or its friendly name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConferenceRef(Redacted<String>);

impl ConferenceRef {
    /// Refers to a conference by its friendly name. Twilio starts one if none of that name is in
    /// progress.
    ///
    /// The client refuses an empty name, one of dots only, and one with a slash or a control
    /// character. Choose no person's name: everyone in the account can read it.
    pub fn name(name: impl Into<String>) -> Self {
        Self(Redacted::new(name.into()))
    }

    fn fault(&self) -> Option<&'static str> {
        let name = self.0.expose();
        if name.bytes().all(|b| b == b'.') || name.contains(['/', '\\', ';']) {
            Some("must not be empty or of dots only, and must have no slash or semicolon")
        } else if name.contains(char::is_control) {
            Some("must have no control character")
        } else {
            None
        }
    }
}

impl From<ConferenceSid> for ConferenceRef {
    fn from(sid: ConferenceSid) -> Self {
        Self::name(sid.as_str())
    }
}

/// Writes the reference as one segment of a path, percent-encoded.
impl fmt::Display for ConferenceRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0.expose().bytes() {
            match byte {
                b'-' | b'_' | b'~' => f.write_char(char::from(byte))?,
                _ if byte.is_ascii_alphanumeric() => f.write_char(char::from(byte))?,
                _ => write!(f, "%{byte:02X}")?,
            }
        }
        Ok(())
    }
}

/// The people in the conference, whose numbers the client does not know.
impl Reaches for ConferenceRef {
    fn people(&self) -> Vec<Option<E164>> {
        vec![None]
    }
}
