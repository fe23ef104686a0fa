//! Recordings of calls: start, pause, stop, fetch, download and delete.
//!
//! ```
//! use clinspark_twilio::client::recordings::{
//!     RecordingCommand, RecordingRef, RecordingStatus, StartCallRecording, UpdateCallRecording,
//! };
//! # use clinspark_twilio::client::testing::{FakeTransport, Reply};
//! # use clinspark_twilio::client::{Client, Credentials, Delivery};
//! # use clinspark_twilio::types::{AccountSid, AuthToken, CallSid};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
//! # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
//! # let call = CallSid::parse("CA00000000000000000000000000000001")?;
//! # let transport = FakeTransport::new()
//! #     .reply(Reply::json(201, r#"{"sid": "RE00000000000000000000000000000001"}"#))
//! #     .reply(Reply::json(
//! #         200,
//! #         r#"{"sid": "RE00000000000000000000000000000001", "status": "paused"}"#,
//! #     ));
//! # let client = Client::builder(credentials, Delivery::Live)
//! #     .with_transport(transport.clone())
//! #     .build()?;
//!
//! client.execute(StartCallRecording::new(call)).await?;
//! // While the volunteer reads out an account number:
//! let pause = UpdateCallRecording::new(call, RecordingRef::Current, RecordingCommand::Pause);
//! let recording = client.execute(pause).await?;
//! assert_eq!(recording.status, Some(RecordingStatus::Paused));
//! # Ok(())
//! # }
//! ```
//!
//! | Item | Description |
//! |---|---|
//! | [`StartCallRecording`] | starts a recording of a call in progress |
//! | [`UpdateCallRecording`], [`RecordingCommand`], [`PauseBehavior`] | pauses, resumes or stops a recording |
//! | [`RecordingRef`] | reference to a recording: its SID, or the current one |
//! | [`ListCallRecordings`], [`FetchCallRecording`], [`DeleteCallRecording`] | recordings of one call |
//! | [`ListRecordings`], [`FetchRecording`], [`DeleteRecording`] | recordings of the account |
//! | [`DownloadRecording`], [`AudioFormat`] | the audio, by [`Client::download`](crate::client::Client::download) |
//! | [`Recording`], [`RecordingStatus`], [`RecordingSource`] | metadata of a recording |
//!
//! Source: <https://www.twilio.com/docs/voice/api/recording>

use std::fmt;

pub use crate::client::engine::download::{AudioFormat, DownloadRecording};
pub use crate::types::{RecordingSource, RecordingStatus};

use super::calls::{RecordingChannels, RecordingEvent, RecordingTrack, Trim};
use crate::client::engine::form::Form;
use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::{model, vocabulary_fields};
use crate::client::engine::request::{Argument, Product, request};
use crate::codes::ErrorCode;
use crate::types::{
    AccountSid, CallSid, ConferenceSid, Method, RecordingSid, Redacted, Timestamp, open_enum,
};

request! {
    /// Starts a recording of a call in progress. A call can have several recordings at the same
    /// time.
    ///
    /// ```
    /// use clinspark_twilio::client::calls::RecordingChannels;
    /// use clinspark_twilio::client::recordings::StartCallRecording;
    /// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
    /// # use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// # use clinspark_twilio::types::{AccountSid, AuthToken, CallSid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    /// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
    /// # let call = CallSid::parse("CA00000000000000000000000000000001")?;
    /// # let transport = FakeTransport::new()
    /// #     .reply(Reply::json(201, r#"{"sid": "RE00000000000000000000000000000001"}"#));
    /// # let client = Client::builder(credentials, Delivery::Off)
    /// #     .with_transport(transport.clone())
    /// #     .build()?;
    ///
    /// let start = StartCallRecording::new(call)
    ///     .recording_channels(RecordingChannels::Dual)
    ///     .recording_status_callback("https://clinic.example/twilio/recording?call=17");
    /// let recording = client.execute(start).await?;
    /// assert_eq!(recording.sid.as_str(), "RE00000000000000000000000000000001");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#create-a-recording-resource>
    StartCallRecording => Recording {
        POST Api "/Calls/{call_sid}/Recordings.json" Create;
        path {
            /// SID of the call
            call_sid: CallSid,
        }

        takes {
            /// Number of channels. Default: one channel for both sides.
            recording_channels = "RecordingChannels": word(RecordingChannels),
            /// Side of the call to record. Default both.
            recording_track = "RecordingTrack": word(RecordingTrack),
            /// Trimming of silence at the start and the end. Default: silence is kept.
            trim = "Trim": word(Trim),
            /// URL that receives the recording's status.
            recording_status_callback = "RecordingStatusCallback": url,
            /// HTTP method for `recording_status_callback`. Default `POST`.
            recording_status_callback_method = "RecordingStatusCallbackMethod": word(Method),
            /// Event to report. Call once for each event. Default: the recording is ready for
            /// download.
            recording_status_callback_event =
                "RecordingStatusCallbackEvent": each_word(RecordingEvent),
        }
    }
}

request! {
    /// Pauses, resumes or stops a recording in progress.
    ///
    /// ```
    /// use clinspark_twilio::client::recordings::{
    ///     PauseBehavior, RecordingCommand, RecordingRef, RecordingStatus, UpdateCallRecording,
    /// };
    /// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
    /// # use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// # use clinspark_twilio::types::{AccountSid, AuthToken, CallSid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    /// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
    /// # let call = CallSid::parse("CA00000000000000000000000000000001")?;
    /// # let transport = FakeTransport::new()
    /// #     .reply(Reply::json(
    /// #         200,
    /// #         r#"{"sid": "RE00000000000000000000000000000001", "status": "paused"}"#,
    /// #     ));
    /// # let client = Client::builder(credentials, Delivery::Off)
    /// #     .with_transport(transport.clone())
    /// #     .build()?;
    ///
    /// // Leave the pause out of the recording.
    /// let current = RecordingRef::Current;
    /// let pause = UpdateCallRecording::new(call, current, RecordingCommand::Pause)
    ///     .pause_behavior(PauseBehavior::Skip);
    /// let recording = client.execute(pause).await?;
    /// assert_eq!(recording.status, Some(RecordingStatus::Paused));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#update-a-recording-resource>
    UpdateCallRecording => Recording {
        POST Api "/Calls/{call_sid}/Recordings/{recording}.json" Update;
        path {
            /// SID of the call
            call_sid: CallSid,
            /// recording: its SID, or the current one
            recording: RecordingRef,
        }
        needs {
            /// pause, resume or stop
            command: RecordingCommand,
        }
        settled 21220 by "FetchCallRecording" if Self::is_stopped;

        takes {
            /// Content of the recording during the pause. Default silence.
            pause_behavior = "PauseBehavior": word(PauseBehavior),
        }
    }
}

impl UpdateCallRecording {
    // Only for a stop: a pause or resume can be overtaken by a later command, a stop cannot.
    // Twilio processes a stopped recording at once, so it may be `completed` by now.
    fn is_stopped(&self, recording: &Recording) -> bool {
        use RecordingStatus::{Completed, Processing, Stopped};
        self.command == RecordingCommand::Stop
            && matches!(recording.status, Some(Completed | Processing | Stopped))
    }
}

impl Argument for RecordingCommand {
    const NAMES: &'static [&'static str] = &["Status"];

    fn write(&self, form: &mut Form) {
        form.set("Status", self.as_str());
    }
}

request! {
    /// Lists the recordings of one call.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#fetch-a-calls-recordings>
    ListCallRecordings => Page<Recording> {
        GET Api "/Calls/{call_sid}/Recordings.json" Read;
        path {
            /// SID of the call
            call_sid: CallSid,
        }

        takes {
            /// Filters by creation date, in UTC.
            date_created = "DateCreated": day,
            // Twilio takes a date here, and a time in `ListRecordings`.
            /// Filters by creation date: this date or earlier.
            date_created_before = "DateCreated<": day,
            /// Filters by creation date: this date or later.
            date_created_after = "DateCreated>": day,
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Fetches the metadata of one recording of a call.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording>
    FetchCallRecording => Recording {
        GET Api "/Calls/{call_sid}/Recordings/{sid}.json" Read;
        path {
            /// SID of the call
            call_sid: CallSid,
            /// SID of the recording
            sid: RecordingSid,
        }
    }
}

request! {
    /// Deletes one recording of a call. Twilio keeps its metadata for 40 days.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#delete-a-recording-resource>
    DeleteCallRecording => () {
        DELETE Api "/Calls/{call_sid}/Recordings/{sid}.json" Update;
        path {
            /// SID of the call
            call_sid: CallSid,
            /// SID of the recording
            sid: RecordingSid,
        }
    }
}

request! {
    /// Lists the recordings of the account, the newest first.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#read-multiple-recording-resources>
    ListRecordings => Page<Recording> {
        GET Api "/Recordings.json" Read;

        takes {
            /// Filters by call.
            call_sid = "CallSid": sid(CallSid),
            /// Filters by conference.
            conference_sid = "ConferenceSid": sid(ConferenceSid),
            /// Filters by creation date, in UTC.
            date_created = "DateCreated": day,
            /// Filters by creation time: this time or earlier.
            date_created_before = "DateCreated<": time,
            /// Filters by creation time: this time or later.
            date_created_after = "DateCreated>": time,
            /// Includes deleted recordings, whose audio no longer exists. Default `false`.
            include_soft_deleted = "IncludeSoftDeleted": flag,
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Fetches the metadata of one recording, not its audio.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#fetch-a-recording-resource>
    FetchRecording => Recording {
        GET Api "/Recordings/{sid}.json" Read;
        path {
            /// SID of the recording
            sid: RecordingSid,
        }

        takes {
            /// Permits fetching a deleted recording. Default `false`.
            include_soft_deleted = "IncludeSoftDeleted": flag,
        }
    }
}

request! {
    /// Deletes one recording. Twilio keeps the metadata for 40 days, but not the audio.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#delete-a-recording-resource>
    DeleteRecording => () {
        DELETE Api "/Recordings/{sid}.json" Update;
        path {
            /// SID of the recording
            sid: RecordingSid,
        }
    }
}

/// Reference to one recording of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RecordingRef {
    /// Recording in progress, when there is exactly one.
    Current,
    /// Recording with this SID.
    Sid(RecordingSid),
}

impl From<RecordingSid> for RecordingRef {
    fn from(sid: RecordingSid) -> Self {
        Self::Sid(sid)
    }
}

impl fmt::Display for RecordingRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Twilio's placeholder for the recording in progress.
            Self::Current => f.write_str("Twilio.CURRENT"),
            Self::Sid(sid) => fmt::Display::fmt(sid, f),
        }
    }
}

open_enum! {
    /// Command to a recording in progress.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#update-a-recording-resource>
    pub enum RecordingCommand {
        /// Resumes the recording after a pause.
        Resume = "in-progress",
        /// Pauses the recording.
        Pause = "paused",
        /// Stops the recording for good.
        Stop = "stopped",
    }
}

open_enum! {
    /// Content of a recording during a pause.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#update-a-recording-resource>
    pub enum PauseBehavior {
        /// Nothing. The recording is shorter than the call.
        Skip = "skip",
        /// Silence for the length of the pause.
        Silence = "silence",
    }
}

vocabulary_fields!(RecordingStatus, RecordingSource);

model! {
    /// Recording, as Twilio returns it.
    ///
    /// ```
    /// use clinspark_twilio::client::recordings::{Recording, RecordingStatus};
    ///
    /// /// Returns `true` once the audio can be downloaded.
    /// fn is_ready(recording: &Recording) -> bool {
    ///     recording.status == Some(RecordingStatus::Completed)
    /// }
    ///
    /// let recording: Recording = serde_json::from_str(
    ///     r#"{
    ///         "sid": "RE00000000000000000000000000000001",
    ///         "status": "completed",
    ///         "duration": "17"
    ///     }"#,
    /// )?;
    /// assert!(is_ready(&recording));
    /// assert_eq!(recording.duration, Some(17));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#recording-properties>
    Recording {
        /// SID of the recording.
        sid: RecordingSid,
        /// SID of the account that made the recording.
        account_sid: AccountSid,
        /// SID of the recorded call.
        call_sid: CallSid,
        /// SID of the recorded conference.
        conference_sid: ConferenceSid,
        /// Status of the recording.
        status: RecordingStatus,
        /// Request or TwiML verb that started the recording.
        source: RecordingSource,
        /// Number of channels, 1 or 2.
        channels: u32,
        // Twilio returns `track` for a recording of a call only.
        /// Recorded side of the call.
        track: String,
        /// Length, in seconds. Missing until the recording ends.
        duration: u32,
        /// Twilio's error code if there is no recording.
        error_code: ErrorCode,
        // Twilio returns `media_url` for a recording of the account only.
        /// URL of the audio.
        media_url: Redacted<String>,
        // Text, because a floating-point number would round the amount.
        /// Cost in `price_unit`, a negative decimal number. Missing until billed.
        price: String,
        /// Currency of `price`, such as `USD`.
        price_unit: String,
        /// Time at which the recording started.
        start_time: Timestamp,
        /// Time at which the recording was created.
        date_created: Timestamp,
        /// Time of the last update of the recording.
        date_updated: Timestamp,
        /// Version of the API that created the recording.
        api_version: String,
        /// URI of this resource, relative to Twilio's host.
        uri: String,
    }
}

impl Listed for Recording {
    const KEY: &'static str = "recordings";
    const PRODUCT: Product = Product::Api;
}
