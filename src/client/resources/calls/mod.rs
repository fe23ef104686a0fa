//! Calls to people.
//!
//! ```no_run
//! use clinspark_twilio::client::calls::{CallEvent, PlaceCall, TwimlUrl};
//! use clinspark_twilio::twiml::{Say, VoiceResponse};
//! # use clinspark_twilio::client::{Client, Error};
//! # use clinspark_twilio::phone::E164;
//! # async fn example(client: &Client, volunteer: E164, clinic: E164) -> Result<(), Error> {
//! // TwiML sent along
//! let reminder = VoiceResponse::new().append(Say::new("Your visit is tomorrow at nine."));
//! client.execute(PlaceCall::new(volunteer, clinic, reminder)).await?;
//!
//! // or fetched by Twilio once the call is answered
//! let menu = TwimlUrl::new("https://clinic.example/twilio/menu")
//!     .status_callback("https://clinic.example/twilio/call-status")
//!     .status_callback_event(CallEvent::Answered)
//!     .status_callback_event(CallEvent::Completed);
//! let call = client.execute(PlaceCall::new(volunteer, clinic, menu)).await?;
//! println!("{} {:?}", call.sid, call.status);
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`PlaceCall`] | calls one person |
//! | [`Instructions`], [`InlineTwiml`], [`TwimlUrl`] | what happens once it is answered |
//! | [`MachineDetection`], [`RecordingChannels`] | words for its parameters |
//! | [`FetchCall`], [`ListCalls`] | read one call, or many |
//! | [`HangUpCall`], [`CancelCall`] | end one that is answered, or one that is not |
//! | [`RedirectCall`], [`RedirectTarget`] | gives a running call other instructions |
//! | [`SetCallTimeLimit`] | changes how long a running call may last |
//! | [`DeleteCall`] | deletes the record of a call |
//! | [`Call`] | a call as Twilio has it |
//!
//! Recording a running call: see [`recordings`](crate::client::recordings).
//!
//! Source: <https://www.twilio.com/docs/voice/api/call-resource>

mod call;
mod instructions;
mod twiml_analysis;
mod update;

pub use call::{Call, DeleteCall, FetchCall, ListCalls};
pub use instructions::{InlineTwiml, Instructions, TwimlUrl};
pub use update::{CancelCall, HangUpCall, RedirectCall, RedirectTarget, SetCallTimeLimit};

pub use crate::twiml::{CallEvent, RecordingEvent, Trim};
pub use crate::types::{RecordingChannels, RecordingTrack};

use crate::client::engine::form::Form;
use crate::client::engine::request::{Argument, request};
use crate::phone::{Callee, E164};
use crate::types::{Method, open_enum};

request! {
    /// Calls one person.
    ///
    /// Refused before it leaves: TwiML that is empty or over 4,000 characters, a person called
    /// from their own number, times out of range.
    ///
    /// Nothing here is repeated after a lost answer: the phone would ring twice.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource>
    PlaceCall => Call {
        POST Api "/Calls.json" Create;
        needs {
            /// whom it rings
            to: Callee,
            /// the caller id: a number of the account, or one that it has verified
            from: E164,
            /// what happens once it is answered
            instructions: Instructions,
        }
        reaches(to, instructions);
        check Self::check_combinations;

        takes {
            /// How long it rings before it counts as not answered, 1 second to 10 minutes. Default
            /// 60 seconds.
            timeout = "Timeout": seconds(1..=600),
            /// How long it may last once answered, in whole seconds. Default 4 hours.
            time_limit = "TimeLimit": seconds(1..=u64::MAX),
            /// Keys to press once it is answered, such as `1234#`; `w` waits half a second, `W` a
            /// second. Answering-machine detection is then ignored.
            send_digits = "SendDigits": text,
            /// Why you call, shown on phones that can. At most 50 characters.
            call_reason = "CallReason": text,
            /// Records the call. Default `false`.
            record = "Record": flag,
            /// Whether both sides are recorded apart. Default together.
            recording_channels = "RecordingChannels": word(RecordingChannels),
            /// Which side is recorded. Default both.
            recording_track = "RecordingTrack": word(RecordingTrack),
            /// What becomes of silence at both ends of the recording. Default: it is cut off.
            trim = "Trim": word(Trim),
            /// Where Twilio reports what becomes of the recording.
            recording_status_callback = "RecordingStatusCallback": url,
            /// How it reports. Default POST.
            recording_status_callback_method = "RecordingStatusCallbackMethod": word(Method),
            /// What it reports, once for each. Default: that the recording can be fetched.
            recording_status_callback_event =
                "RecordingStatusCallbackEvent": each_word(RecordingEvent),
            /// Finds out whether a person or a machine answers. Default: it does not.
            machine_detection = "MachineDetection": word(MachineDetection),
            /// How long that may take, 3 to 59 seconds. Default 30 seconds.
            machine_detection_timeout = "MachineDetectionTimeout": seconds(3..=59),
            /// Speech longer than this is a machine's, 1 to 6 seconds. Default 2.4 seconds.
            machine_detection_speech_threshold =
                "MachineDetectionSpeechThreshold": millis(1_000..=6_000),
            /// Silence after speech that ends it, 0.5 to 5 seconds. Default 1.2 seconds.
            machine_detection_speech_end_threshold =
                "MachineDetectionSpeechEndThreshold": millis(500..=5_000),
            /// Silence at the start after which it gives up, 2 to 10 seconds. Default 5 seconds.
            machine_detection_silence_timeout =
                "MachineDetectionSilenceTimeout": millis(2_000..=10_000),
            /// Detects while the call goes on, instead of before. Needs a callback for the verdict.
            async_amd = "AsyncAmd": flag,
            /// Where Twilio reports the verdict.
            async_amd_status_callback = "AsyncAmdStatusCallback": url,
            /// How it reports. Default POST.
            async_amd_status_callback_method = "AsyncAmdStatusCallbackMethod": word(Method),
            /// The user name for the callee's SIP server.
            sip_auth_username = "SipAuthUsername": text,
            /// The password for the callee's SIP server.
            sip_auth_password = "SipAuthPassword": text,
            /// The caller id that the callee sees, where it is not `from`: a number of the account,
            /// one that it has verified, or for SIP a name.
            caller_id = "CallerId": text,
            /// The token of an incoming call, which lets its caller id be shown on this one.
            call_token = "CallToken": text,
            /// The SID of your own carrier's trunk, `BY` and 32 hexadecimal digits.
            byoc = "Byoc": text,
            /// Where Voice SDKs of mobile phones are woken up.
            client_notification_url = "ClientNotificationUrl": url,
        }
    }
}

impl PlaceCall {
    /// Whom it rings.
    #[must_use]
    pub const fn callee(&self) -> &Callee {
        &self.to
    }

    /// The caller id.
    #[must_use]
    pub const fn caller(&self) -> E164 {
        self.from
    }

    /// Instructions for the answered call.
    #[must_use]
    pub const fn instructions(&self) -> &Instructions {
        &self.instructions
    }

    /// Sets the status callback, with every event where the request names none. A TwiML App has
    /// its own, so its instructions stay as they are.
    pub(crate) fn with_status_callback(mut self, url: String) -> Self {
        self.instructions = self.instructions.with_status_callback(url);
        self
    }

    fn check_combinations(&self, form: &mut Form) {
        if self.to == Callee::Phone(self.from) {
            form.fault("To", "is the caller's own number");
        }
        // Twilio refuses it with 21262.
        if form.has("AsyncAmd") && !form.has("AsyncAmdStatusCallback") {
            form.fault(
                "AsyncAmd",
                "needs AsyncAmdStatusCallback: nobody would learn the verdict",
            );
        }
    }
}

impl Argument for Callee {
    const NAMES: &'static [&'static str] = &["To"];

    fn write(&self, form: &mut Form) {
        form.set("To", self.expose());
    }
}

impl Argument for E164 {
    const NAMES: &'static [&'static str] = &["From"];

    fn write(&self, form: &mut Form) {
        form.set("From", self.as_str());
    }
}

open_enum! {
    /// Answering-machine detection.
    ///
    /// Source: <https://www.twilio.com/docs/voice/answering-machine-detection>
    pub enum MachineDetection {
        /// Says as soon as it knows.
        Enable = "Enable",
        /// Waits for the end of a machine's greeting, so that a message can be left.
        DetectMessageEnd = "DetectMessageEnd",
    }
}
