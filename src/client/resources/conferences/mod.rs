//! Conferences: list, announce, end; add, mute and remove participants.
//!
//! ```no_run
//! use clinspark_twilio::client::conferences::{EndConference, ListConferences};
//! # use clinspark_twilio::client::{Client, Error};
//! # async fn example(client: &Client) -> Result<(), Error> {
//! let mut conferences = client.list(ListConferences::new().friendly_name("visit-17"));
//! while let Some(conference) = conferences.next().await {
//!     client.execute(EndConference::new(conference?.sid)).await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`ListConferences`], [`FetchConference`] | list conferences, or fetch one |
//! | [`AnnounceToConference`], [`EndConference`] | play an announcement to all participants; end a conference |
//! | [`Conference`], [`ConferenceStatus`], [`ConferenceEndReason`] | a conference, its status and the reason for its end |
//! | [`AddParticipant`], [`ConferenceRef`] | call a person into a conference |
//! | [`ListParticipants`], [`FetchParticipant`] | list participants, or fetch one |
//! | [`UpdateParticipant`], [`AnnounceToParticipant`], [`RemoveParticipant`] | mute, hold and coach; play an announcement; remove |
//! | [`Participant`], [`ParticipantStatus`] | a participant and its status |
//!
//! [`Delivery`](crate::client::Delivery) other than `Live` refuses to add participants, to update
//! them and to play announcements. The client does not know the numbers of all people who would
//! hear it.
//!
//! Source: <https://www.twilio.com/docs/voice/api/conference-resource>

mod add_participant;
mod participant;

pub use add_participant::{AddParticipant, ConferenceRef};
pub use participant::{
    AnnounceToParticipant, FetchParticipant, ListParticipants, Participant, ParticipantStatus,
    RemoveParticipant, UpdateParticipant,
};

pub use crate::twiml::{
    CallEvent, ConferenceBeep, ConferenceEvent, ConferenceRecord, ConferenceRegion,
    JitterBufferSize,
};
pub use crate::webhook::ConferenceEndReason;

use crate::client::engine::guard::Reaches;
use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::{model, vocabulary_fields};
use crate::client::engine::request::{Product, request};
use crate::client::resources::argument::text_arguments;
use crate::phone::E164;
use crate::types::{AccountSid, CallSid, ConferenceSid, Method, Redacted, Timestamp, open_enum};

request! {
    /// Lists the conferences of the account, the newest first.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/conference-resource#read-multiple-conference-resources>
    ListConferences => Page<Conference> {
        GET Api "/Conferences.json" Read;

        takes {
            /// Filters by creation date, in UTC.
            date_created = "DateCreated": day,
            /// Filters by creation date: this date or earlier.
            date_created_before = "DateCreated<": day,
            /// Filters by creation date: this date or later.
            date_created_after = "DateCreated>": day,
            /// Filters by date of the last update, in UTC.
            date_updated = "DateUpdated": day,
            /// Filters by date of the last update: this date or earlier.
            date_updated_before = "DateUpdated<": day,
            /// Filters by date of the last update: this date or later.
            date_updated_after = "DateUpdated>": day,
            /// Filters by exactly this friendly name.
            friendly_name = "FriendlyName": text,
            /// Filters by status.
            status = "Status": word(ConferenceStatus),
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Fetches one conference.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/conference-resource#fetch-a-conference-resource>
    FetchConference => Conference {
        GET Api "/Conferences/{sid}.json" Read;
        path {
            /// SID of the conference
            sid: ConferenceSid,
        }
    }
}

request! {
    /// Ends a conference. Each participant's call ends or continues with its TwiML.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/conference-resource#update-a-conference-resource>
    EndConference => Conference {
        POST Api "/Conferences/{sid}.json" Update;
        path {
            /// SID of the conference
            sid: ConferenceSid,
        }
        sets {
            "Status" = "completed",
        }
        closed true;
    }
}

request! {
    /// Plays an announcement to all participants of a conference.
    ///
    /// The request counts as a create: if it were carried out twice, the announcement would be
    /// heard twice. `Delivery` other than `Live` refuses it.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/conference-resource#update-a-conference-resource>
    AnnounceToConference => Conference {
        POST Api "/Conferences/{sid}.json" Create;
        path {
            /// SID of the conference
            sid: ConferenceSid,
        }
        needs {
            /// URL of the announcement: an audio file, or TwiML with `<Play>` and `<Say>`
            announce_url: AnnounceUrl,
        }
        reaches(sid);

        takes {
            /// HTTP method for the URL. Default `POST`.
            announce_method = "AnnounceMethod": word(Method),
        }
    }
}

text_arguments! {
    /// URL of an announcement. Strings convert into it.
    AnnounceUrl = "AnnounceUrl": set_url;
}

/// The people in a conference, whose numbers the client does not know.
impl Reaches for ConferenceSid {
    fn people(&self) -> Vec<Option<E164>> {
        vec![None]
    }
}

model! {
    /// Conference, as Twilio returns it.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/conference-resource#conference-properties>
    Conference {
        /// SID of the conference.
        sid: ConferenceSid,
        /// SID of the account that created the conference.
        account_sid: AccountSid,
        /// Friendly name, by which TwiML joins the conference.
        friendly_name: Redacted<String>,
        /// Status of the conference.
        status: ConferenceStatus,
        /// Reason for the end of the conference.
        reason_conference_ended: ConferenceEndReason,
        /// SID of the call that ended the conference.
        call_sid_ending_conference: CallSid,
        /// Region in which the audio was mixed, such as `us1`.
        region: String,
        /// Time at which the conference was created.
        date_created: Timestamp,
        /// Time of the last update of the conference.
        date_updated: Timestamp,
        /// Version of the API that created the conference.
        api_version: String,
        /// URI of this resource, relative to Twilio's host.
        uri: String,
    }
}

impl Listed for Conference {
    const KEY: &'static str = "conferences";
    const PRODUCT: Product = Product::Api;
}

open_enum! {
    /// Status of a conference.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/conference-resource#conference-status-values>
    pub enum ConferenceStatus {
        /// Not started: no participant may start it yet.
        Init = "init",
        /// In progress.
        InProgress = "in-progress",
        /// Ended.
        Completed = "completed",
    }
}

vocabulary_fields!(ConferenceStatus, ConferenceEndReason);
