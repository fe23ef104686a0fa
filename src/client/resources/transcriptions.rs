//! Transcriptions of recordings, as `<Record transcribe="true">` makes them.
//!
//! ```no_run
//! use clinspark_twilio::client::transcriptions::ListTranscriptions;
//! # use clinspark_twilio::client::{Client, Error};
//! # use clinspark_twilio::types::RecordingSid;
//! # async fn example(client: &Client, recording: RecordingSid) -> Result<(), Error> {
//! let mut transcriptions = client.list(ListTranscriptions::new(recording));
//! while let Some(transcription) = transcriptions.next().await {
//!     println!("{:?}", transcription?.status);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`ListTranscriptions`], [`FetchTranscription`] | list the transcriptions of a recording, or fetch one |
//! | [`DeleteTranscription`] | deletes a transcription |
//! | [`Transcription`], [`RecordingTranscriptionStatus`] | a transcription and its status |
//!
//! Source: <https://www.twilio.com/docs/voice/api/recording-transcription>

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::{model, vocabulary_fields};
use crate::client::engine::request::{Product, request};
use crate::types::{AccountSid, RecordingSid, Redacted, Timestamp, TranscriptionSid, open_enum};

request! {
    /// Lists the transcriptions of a recording.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording-transcription#read-multiple-transcription-resources>
    ListTranscriptions => Page<Transcription> {
        GET Api "/Recordings/{recording_sid}/Transcriptions.json" Read;
        path {
            /// SID of the recording
            recording_sid: RecordingSid,
        }

        takes {
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Fetches one transcription.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording-transcription#fetch-a-transcription-resource>
    FetchTranscription => Transcription {
        GET Api "/Recordings/{recording_sid}/Transcriptions/{sid}.json" Read;
        path {
            /// SID of the recording
            recording_sid: RecordingSid,
            /// SID of the transcription
            sid: TranscriptionSid,
        }
    }
}

request! {
    /// Deletes a transcription. The recording is kept.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording-transcription#delete-a-transcription-resource>
    DeleteTranscription => () {
        DELETE Api "/Recordings/{recording_sid}/Transcriptions/{sid}.json" Update;
        path {
            /// SID of the recording
            recording_sid: RecordingSid,
            /// SID of the transcription
            sid: TranscriptionSid,
        }
    }
}

model! {
    /// Transcription of a recording, as Twilio returns it.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording-transcription#transcription-properties>
    Transcription {
        /// SID of the transcription.
        sid: TranscriptionSid,
        /// SID of the account that made the transcription.
        account_sid: AccountSid,
        /// SID of the recording.
        recording_sid: RecordingSid,
        /// Status of the transcription.
        status: RecordingTranscriptionStatus,
        /// Text of the transcription.
        transcription_text: Redacted<String>,
        /// Type of the transcription, such as `fast`.
        r#type: String,
        /// Length of the transcribed audio, in seconds.
        duration: u32,
        // Text, because a floating-point number would round the amount.
        /// Cost in `price_unit`, a negative decimal number. Missing until billed.
        price: String,
        /// Currency of `price`, such as `USD`.
        price_unit: String,
        /// Time at which the transcription was created.
        date_created: Timestamp,
        /// Time of the last update of the transcription.
        date_updated: Timestamp,
        /// Version of the API that created the transcription.
        api_version: String,
        /// URI of this resource, relative to Twilio's host.
        uri: String,
    }
}

impl Listed for Transcription {
    const KEY: &'static str = "transcriptions";
    const PRODUCT: Product = Product::Api;
}

open_enum! {
    /// Status of a transcription of a recording.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/recording-transcription#transcription-properties>
    pub enum RecordingTranscriptionStatus {
        /// In progress.
        InProgress = "in-progress",
        /// Ready.
        Completed = "completed",
        /// Failed: there is no text.
        Failed = "failed",
    }
}

vocabulary_fields!(RecordingTranscriptionStatus);
