//! Calls: place, fetch, list, redirect, end and delete.
//!
//! ```
//! use clinspark_twilio::client::calls::{CallEvent, PlaceCall, TwimlUrl};
//! use clinspark_twilio::twiml::{Say, VoiceResponse};
//! use clinspark_twilio::types::CallStatus;
//! # use clinspark_twilio::phone::E164;
//! # use clinspark_twilio::client::testing::{FakeTransport, Reply};
//! # use clinspark_twilio::client::{Client, Credentials, Delivery};
//! # use clinspark_twilio::types::{AccountSid, AuthToken};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
//! # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
//! # let volunteer = E164::parse("+14155550123")?;
//! # let clinic = E164::parse("+14155550100")?;
//! # let transport = FakeTransport::new()
//! #     .reply(Reply::json(201, r#"{"sid": "CA00000000000000000000000000000001"}"#))
//! #     .reply(Reply::json(
//! #         201,
//! #         r#"{"sid": "CA00000000000000000000000000000001", "status": "queued"}"#,
//! #     ));
//! # let client = Client::builder(credentials, Delivery::Live)
//! #     .with_transport(transport.clone())
//! #     .build()?;
//!
//! // TwiML in the request
//! let reminder = VoiceResponse::new().append(Say::new("Your visit is tomorrow at nine."));
//! client.execute(PlaceCall::new(volunteer, clinic, reminder)).await?;
//!
//! // or TwiML that Twilio fetches once the call is answered
//! let menu = TwimlUrl::new("https://clinic.example/twilio/menu")
//!     .status_callback("https://clinic.example/twilio/call-status?call=17")
//!     .status_callback_event(CallEvent::Answered)
//!     .status_callback_event(CallEvent::Completed);
//! let call = client.execute(PlaceCall::new(volunteer, clinic, menu)).await?;
//! assert_eq!(call.status, Some(CallStatus::Queued));
//! # Ok(())
//! # }
//! ```
//!
//! | Item | Description |
//! |---|---|
//! | [`PlaceCall`] | places a call to one callee |
//! | [`Instructions`], [`InlineTwiml`], [`TwimlUrl`] | instructions for the answered call |
//! | [`MachineDetection`], [`RecordingChannels`] | values of its parameters |
//! | [`FetchCall`], [`ListCalls`] | fetch one call, or list calls |
//! | [`HangUpCall`], [`CancelCall`] | end a call, answered or not; cancel one that is not answered |
//! | [`RedirectCall`], [`RedirectTarget`] | redirects a call in progress to other instructions |
//! | [`SetCallTimeLimit`] | sets the maximum length of a call in progress |
//! | [`DeleteCall`] | deletes the record of a call |
//! | [`Call`] | a call and its status |
//! | [`ListCallEvents`], [`CallEventRecord`], [`CallEventRequest`], [`CallEventResponse`] | HTTP requests that were made for a call |
//!
//! To record a call in progress, see [`recordings`](crate::client::recordings).
//!
//! Source: <https://www.twilio.com/docs/voice/api/call-resource>

mod call;
mod events;
mod instructions;
mod twiml_analysis;
mod update;

pub use call::{Call, DeleteCall, FetchCall, ListCalls};
pub use events::{CallEventRecord, CallEventRequest, CallEventResponse, ListCallEvents};
pub use instructions::{InlineTwiml, Instructions, TwimlUrl};
pub use update::{CancelCall, HangUpCall, RedirectCall, RedirectTarget, SetCallTimeLimit};

pub use crate::twiml::{CallEvent, RecordingEvent, Trim};
pub use crate::types::{RecordingChannels, RecordingTrack};

use crate::client::engine::form::Form;
use crate::client::engine::request::{Argument, request};
use crate::phone::{Callee, E164};
use crate::types::{Method, open_enum};

request! {
    /// Places a call to one callee.
    ///
    /// The client refuses a request with:
    ///
    /// - TwiML that is empty or over 4,000 characters;
    /// - the caller's own number as the callee;
    /// - a time out of range.
    ///
    /// The client does not retry after a lost response: the phone would ring twice.
    ///
    /// ```
    /// use std::time::Duration;
    /// use clinspark_twilio::client::calls::{MachineDetection, PlaceCall};
    /// use clinspark_twilio::twiml::{Say, VoiceResponse};
    /// # use clinspark_twilio::phone::E164;
    /// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
    /// # use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// # use clinspark_twilio::types::{AccountSid, AuthToken};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    /// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
    /// # let volunteer = E164::parse("+14155550123")?;
    /// # let clinic = E164::parse("+14155550100")?;
    /// # let transport = FakeTransport::new()
    /// #     .reply(Reply::json(201, r#"{"sid": "CA00000000000000000000000000000001"}"#));
    /// # let client = Client::builder(credentials, Delivery::Live)
    /// #     .with_transport(transport.clone())
    /// #     .build()?;
    ///
    /// let reminder = VoiceResponse::new().append(Say::new("Your visit is tomorrow at nine."));
    /// let call = PlaceCall::new(volunteer, clinic, reminder.clone())
    ///     .timeout(Duration::from_secs(20))
    ///     .machine_detection(MachineDetection::DetectMessageEnd);
    /// client.execute(call).await?;
    ///
    /// let error = client.execute(PlaceCall::new(clinic, clinic, reminder)).await.unwrap_err();
    /// assert_eq!(error.to_string(), "PlaceCall: To is the caller's own number; nothing was sent");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource>
    PlaceCall => Call {
        POST Api "/Calls.json" Create;
        needs {
            /// callee: phone number, Voice SDK client or SIP URI
            to: Callee,
            /// caller ID: a number of the account, or a verified caller ID
            from: E164,
            /// instructions for the answered call
            instructions: Instructions,
        }
        reaches(to, instructions);
        check Self::check_combinations;

        takes {
            /// Time that the phone rings before the call counts as not answered, 1 second to 10
            /// minutes. Default 60 seconds.
            timeout = "Timeout": seconds(1..=600),
            /// Maximum length of the answered call, in whole seconds. Default 4 hours.
            time_limit = "TimeLimit": seconds(1..=u64::MAX),
            /// Keys to press after the call is answered, such as `1234#`. `w` waits half a second,
            /// `W` one second. With this parameter, Twilio ignores answering-machine detection.
            send_digits = "SendDigits": text,
            /// Reason for the call, at most 50 characters. Phones that support it display the
            /// reason.
            call_reason = "CallReason": text,
            /// Records the call. Default `false`.
            record = "Record": flag,
            /// Number of channels of the recording. Default: one channel for both sides.
            recording_channels = "RecordingChannels": word(RecordingChannels),
            /// Side of the call to record. Default both.
            recording_track = "RecordingTrack": word(RecordingTrack),
            /// Trimming of silence at the start and the end of the recording. Default: silence is
            /// trimmed.
            trim = "Trim": word(Trim),
            /// URL that receives the recording's status.
            recording_status_callback = "RecordingStatusCallback": url,
            /// HTTP method for `recording_status_callback`. Default `POST`.
            recording_status_callback_method = "RecordingStatusCallbackMethod": word(Method),
            /// Recording event to report. Call once for each event. Default: the recording is ready
            /// for download.
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
            /// Detects machines while the call goes on, instead of before. Requires
            /// `async_amd_status_callback`.
            async_amd = "AsyncAmd": flag,
            /// URL that receives the result of asynchronous machine detection.
            async_amd_status_callback = "AsyncAmdStatusCallback": url,
            /// HTTP method for `async_amd_status_callback`. Default `POST`.
            async_amd_status_callback_method = "AsyncAmdStatusCallbackMethod": word(Method),
            /// User name for the callee's SIP server.
            sip_auth_username = "SipAuthUsername": text,
            /// Password for the callee's SIP server.
            sip_auth_password = "SipAuthPassword": text,
            /// Caller ID that the callee sees, if it differs from `from`. It must be a number of
            /// the account or a verified caller ID; for SIP it can be a name.
            caller_id = "CallerId": text,
            /// Token of an incoming call. It permits showing that call's caller ID on this call.
            call_token = "CallToken": text,
            /// SID of your own carrier's trunk (BYOC): `BY` and 32 hexadecimal digits.
            byoc = "Byoc": text,
            /// URL that wakes up Voice SDKs on mobile phones.
            client_notification_url = "ClientNotificationUrl": url,
        }
    }
}

impl PlaceCall {
    /// Returns the callee.
    #[must_use]
    pub const fn callee(&self) -> &Callee {
        &self.to
    }

    /// Returns the caller ID.
    #[must_use]
    pub const fn caller(&self) -> E164 {
        self.from
    }

    /// Returns the instructions for the answered call.
    #[must_use]
    pub const fn instructions(&self) -> &Instructions {
        &self.instructions
    }

    /// Returns the URLs of further webhooks of the call, with the names of their parameters.
    pub(crate) fn further_callbacks(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let fallback = self.instructions.fallback_url();
        ["RecordingStatusCallback", "AsyncAmdStatusCallback"]
            .into_iter()
            .filter_map(|name| Some((name, self.options.value(name)?)))
            .chain(fallback.map(|url| ("FallbackUrl", url)))
    }

    /// Sets the status callback, with every event if the request names none. A TwiML App has its
    /// own, so its instructions are unchanged.
    pub(crate) fn with_status_callback(mut self, url: String) -> Self {
        self.instructions = self.instructions.with_status_callback(url);
        self
    }

    fn check_combinations(&self, form: &mut Form) {
        if self.to == Callee::Phone(self.from) {
            form.fault("To", "is the caller's own number");
        }
        // Twilio rejects it with 21262: the result would have nowhere to go.
        if form.has("AsyncAmd") && !form.has("AsyncAmdStatusCallback") {
            form.fault(
                "AsyncAmd",
                "needs AsyncAmdStatusCallback, which receives the detection result",
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
        /// Reports the result as soon as it is known.
        Enable = "Enable",
        /// Waits for the end of a machine's greeting, so that a message can be left.
        DetectMessageEnd = "DetectMessageEnd",
    }
}
