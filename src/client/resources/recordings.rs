//! Recordings of calls: starting and stopping them, reading and deleting them.
//!
//! ```no_run
//! use clinspark_twilio::client::recordings::{
//!     RecordingRef, RecordingCommand, StartCallRecording, UpdateCallRecording,
//! };
//! # use clinspark_twilio::client::{Client, Error};
//! # use clinspark_twilio::types::CallSid;
//! # async fn example(client: &Client, call: CallSid) -> Result<(), Error> {
//! client.execute(StartCallRecording::new(call)).await?;
//! // While the volunteer reads out an account number:
//! let pause = UpdateCallRecording::new(call, RecordingRef::Current, RecordingCommand::Pause);
//! client.execute(pause).await?;
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`StartCallRecording`] | records a running call |
//! | [`UpdateCallRecording`], [`RecordingCommand`], [`PauseBehavior`] | pauses, resumes or stops it |
//! | [`RecordingRef`] | one recording of a call: by SID, or the current one |
//! | [`ListCallRecordings`], [`FetchCallRecording`], [`DeleteCallRecording`] | those of one call |
//! | [`ListRecordings`], [`FetchRecording`], [`DeleteRecording`] | those of the account |
//! | [`DownloadRecording`], [`AudioFormat`] | the audio, by [`Client::download`](crate::client::Client::download) |
//! | [`Recording`], [`RecordingStatus`], [`RecordingSource`] | a recording as Twilio has it |
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
use crate::types::{
    AccountSid, CallSid, ConferenceSid, Method, RecordingSid, Redacted, Timestamp, open_enum,
};

request! {
    /// Records a running call from now on. A second one beside it is a second recording.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#create-a-recording-resource>
    StartCallRecording => Recording {
        POST Api "/Calls/{call_sid}/Recordings.json" Create;
        path {
            /// the call
            call_sid: CallSid,
        }

        takes {
            /// Whether both sides are recorded apart. Default together.
            recording_channels = "RecordingChannels": word(RecordingChannels),
            /// Which side is recorded. Default both.
            recording_track = "RecordingTrack": word(RecordingTrack),
            /// What becomes of silence at both ends. Default: it stays.
            trim = "Trim": word(Trim),
            /// Where Twilio reports what becomes of the recording.
            recording_status_callback = "RecordingStatusCallback": url,
            /// How it reports. Default POST.
            recording_status_callback_method = "RecordingStatusCallbackMethod": word(Method),
            /// What it reports, once for each. Default: that the recording can be fetched.
            recording_status_callback_event =
                "RecordingStatusCallbackEvent": each_word(RecordingEvent),
        }
    }
}

request! {
    /// Pauses, resumes or stops a recording under way.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#update-a-recording-resource>
    UpdateCallRecording => Recording {
        POST Api "/Calls/{call_sid}/Recordings/{recording}.json" Update;
        path {
            /// the call
            call_sid: CallSid,
            /// which of its recordings
            recording: RecordingRef,
        }
        needs {
            /// what to do with it
            command: RecordingCommand,
        }
        settled 21220 by "FetchCallRecording" if Self::is_stopped;

        takes {
            /// What stands in the recording where it was paused. Default silence.
            pause_behavior = "PauseBehavior": word(PauseBehavior),
        }
    }
}

impl UpdateCallRecording {
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
            /// the call
            call_sid: CallSid,
        }

        takes {
            /// Recordings made on this day, in UTC.
            date_created = "DateCreated": day,
            /// Recordings made on this day or before.
            date_created_before = "DateCreated<": day,
            /// Recordings made on this day or after.
            date_created_after = "DateCreated>": day,
            /// How many items a page holds, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Reads what is known about one recording of a call.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording>
    FetchCallRecording => Recording {
        GET Api "/Calls/{call_sid}/Recordings/{sid}.json" Read;
        path {
            /// the call
            call_sid: CallSid,
            /// the recording
            sid: RecordingSid,
        }
    }
}

request! {
    /// Deletes one recording of a call. What is known about it stays for 40 days.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#delete-a-recording-resource>
    DeleteCallRecording => () {
        DELETE Api "/Calls/{call_sid}/Recordings/{sid}.json" Update;
        path {
            /// the call
            call_sid: CallSid,
            /// the recording
            sid: RecordingSid,
        }
    }
}

request! {
    /// Lists the account's recordings, the newest first.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#read-multiple-recording-resources>
    ListRecordings => Page<Recording> {
        GET Api "/Recordings.json" Read;

        takes {
            /// Recordings of this call.
            call_sid = "CallSid": sid(CallSid),
            /// Recordings of this conference.
            conference_sid = "ConferenceSid": sid(ConferenceSid),
            /// Recordings made on this day, in UTC.
            date_created = "DateCreated": day,
            /// Recordings made at this time or before.
            date_created_before = "DateCreated<": time,
            /// Recordings made at this time or after.
            date_created_after = "DateCreated>": time,
            /// Whether deleted ones are listed, of which the audio is gone. Default `false`.
            include_soft_deleted = "IncludeSoftDeleted": flag,
            /// How many items a page holds, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Reads what is known about one recording, not its audio.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#fetch-a-recording-resource>
    FetchRecording => Recording {
        GET Api "/Recordings/{sid}.json" Read;
        path {
            /// the recording
            sid: RecordingSid,
        }

        takes {
            /// Whether a deleted one is found. Default `false`.
            include_soft_deleted = "IncludeSoftDeleted": flag,
        }
    }
}

request! {
    /// Deletes one recording. What is known about it stays for 40 days, the audio does not.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#delete-a-recording-resource>
    DeleteRecording => () {
        DELETE Api "/Recordings/{sid}.json" Update;
        path {
            /// the recording
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
            Self::Current => f.write_str("Twilio.CURRENT"),
            Self::Sid(sid) => fmt::Display::fmt(sid, f),
        }
    }
}

open_enum! {
    /// What to do with a recording under way.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#update-a-recording-resource>
    pub enum RecordingCommand {
        /// Go on after a pause.
        Resume = "in-progress",
        /// Record nothing for a while.
        Pause = "paused",
        /// End it.
        Stop = "stopped",
    }
}

open_enum! {
    /// What stands in a recording where it was paused.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#update-a-recording-resource>
    pub enum PauseBehavior {
        /// Nothing: the recording is shorter than the call.
        Skip = "skip",
        /// Silence.
        Silence = "silence",
    }
}

vocabulary_fields!(RecordingStatus, RecordingSource);

model! {
    /// A recording as Twilio has it.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording#recording-properties>
    Recording {
        /// Its SID.
        sid: RecordingSid,
        /// The account that made it.
        account_sid: AccountSid,
        /// The call that was recorded.
        call_sid: CallSid,
        /// The conference that was recorded.
        conference_sid: ConferenceSid,
        /// Where it is.
        status: RecordingStatus,
        /// What started it.
        source: RecordingSource,
        /// How many channels it has, 1 or 2.
        channels: u32,
        /// Which side was recorded.
        track: String,
        /// How long it is, in seconds; missing until it ends.
        duration: u32,
        /// Why there is none.
        error_code: u32,
        /// Where the audio can be fetched.
        media_url: Redacted<String>,
        /// What it cost, a decimal number in `price_unit`, negative; missing until billed.
        price: String,
        /// The currency of `price`, such as `USD`.
        price_unit: String,
        /// When it began.
        start_time: Timestamp,
        /// When it was made.
        date_created: Timestamp,
        /// When it last changed.
        date_updated: Timestamp,
        /// The version of the API that made it.
        api_version: String,
        /// Its path on Twilio's host.
        uri: String,
    }
}

impl Listed for Recording {
    const KEY: &'static str = "recordings";
    const PRODUCT: Product = Product::Api;
}
