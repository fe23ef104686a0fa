//! Participants of a conference: list, update and remove.

use super::AnnounceUrl;
use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::{part, vocabulary_fields};
use crate::client::engine::request::{Product, request};
use crate::types::{AccountSid, CallSid, ConferenceSid, Method, Redacted, Timestamp, open_enum};

request! {
    /// Lists the participants of a conference in progress.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/conference-participant-resource#read-multiple-participant-resources>
    ListParticipants => Page<Participant> {
        GET Api "/Conferences/{conference_sid}/Participants.json" Read;
        path {
            /// SID of the conference
            conference_sid: ConferenceSid,
        }

        takes {
            /// Filters by muted participants.
            muted = "Muted": flag,
            /// Filters by participants on hold.
            hold = "Hold": flag,
            /// Filters by coaching participants.
            coaching = "Coaching": flag,
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Fetches one participant.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/conference-participant-resource#fetch-a-participant-resource>
    FetchParticipant => Participant {
        GET Api "/Conferences/{conference_sid}/Participants/{call_sid}.json" Read;
        path {
            /// SID of the conference
            conference_sid: ConferenceSid,
            /// SID of the participant's call
            call_sid: CallSid,
        }
    }
}

request! {
    /// Mutes or unmutes a participant, holds it, or changes its role.
    ///
    /// Parameters that are not set keep their value. `Delivery` other than `Live` refuses the
    /// request: it decides whom the other participants hear.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/conference-participant-resource#update-a-participant-resource>
    UpdateParticipant => Participant {
        POST Api "/Conferences/{conference_sid}/Participants/{call_sid}.json" Update;
        path {
            /// SID of the conference
            conference_sid: ConferenceSid,
            /// SID of the participant's call
            call_sid: CallSid,
        }
        reaches(conference_sid);
        closed true;

        takes {
            /// Mutes the participant, or unmutes it with `false`.
            muted = "Muted": flag,
            /// Holds the participant, or releases it with `false`.
            hold = "Hold": flag,
            /// URL of the music on hold: an audio file, or TwiML with `<Play>` and `<Say>`.
            hold_url = "HoldUrl": url,
            /// HTTP method for `hold_url`. Default `GET`.
            hold_method = "HoldMethod": word(Method),
            /// URL of the music before the conference starts. Default: Twilio's music.
            wait_url = "WaitUrl": url,
            /// HTTP method for `wait_url`. Default `POST`.
            wait_method = "WaitMethod": word(Method),
            /// Plays a beep when the participant leaves.
            beep_on_exit = "BeepOnExit": flag,
            /// Ends the conference when the participant leaves.
            end_conference_on_exit = "EndConferenceOnExit": flag,
            /// Lets only the coached participant hear this one. Requires `call_sid_to_coach`.
            coaching = "Coaching": flag,
            /// SID of the call of the coached participant.
            call_sid_to_coach = "CallSidToCoach": sid(CallSid),
        }
    }
}

request! {
    /// Plays an announcement to one participant.
    ///
    /// The request counts as a create: if it were carried out twice, the announcement would be
    /// heard twice. `Delivery` other than `Live` refuses it.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/conference-participant-resource#update-a-participant-resource>
    AnnounceToParticipant => Participant {
        POST Api "/Conferences/{conference_sid}/Participants/{call_sid}.json" Create;
        path {
            /// SID of the conference
            conference_sid: ConferenceSid,
            /// SID of the participant's call
            call_sid: CallSid,
        }
        needs {
            /// URL of the announcement: an audio file, or TwiML with `<Play>` and `<Say>`
            announce_url: AnnounceUrl,
        }
        reaches(conference_sid);

        takes {
            /// HTTP method for the URL. Default `POST`.
            announce_method = "AnnounceMethod": word(Method),
        }
    }
}

request! {
    /// Removes a participant from a conference. Its call ends or continues with its TwiML.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/conference-participant-resource#delete-a-participant-resource>
    RemoveParticipant => () {
        DELETE Api "/Conferences/{conference_sid}/Participants/{call_sid}.json" Update;
        path {
            /// SID of the conference
            conference_sid: ConferenceSid,
            /// SID of the participant's call
            call_sid: CallSid,
        }
    }
}

part! {
    /// Participant of a conference, as Twilio returns it.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/conference-participant-resource#participant-properties>
    Participant {
        /// SID of the account that created the conference.
        account_sid: AccountSid,
        /// SID of the participant's call.
        call_sid: CallSid,
        /// SID of the conference.
        conference_sid: ConferenceSid,
        /// Label that you chose when the participant was added.
        label: Redacted<String>,
        /// Status of the participant's call.
        status: ParticipantStatus,
        /// `true` if the participant is muted.
        muted: bool,
        /// `true` if the participant is on hold.
        hold: bool,
        /// `true` if only the coached participant hears this one.
        coaching: bool,
        /// SID of the call of the coached participant.
        call_sid_to_coach: CallSid,
        /// `true` if the conference starts when the participant joins.
        start_conference_on_enter: bool,
        /// `true` if the conference ends when the participant leaves.
        end_conference_on_exit: bool,
        /// Time in Twilio's queue before dialing, in milliseconds.
        queue_time: u32,
        /// Time at which the participant was created.
        date_created: Timestamp,
        /// Time of the last update of the participant.
        date_updated: Timestamp,
        /// URI of this resource, relative to Twilio's host.
        uri: String,
    }
}

impl Listed for Participant {
    const KEY: &'static str = "participants";
    const PRODUCT: Product = Product::Api;
}

open_enum! {
    /// Status of a participant's call.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/conference-participant-resource#participant-properties>
    pub enum ParticipantStatus {
        /// Waiting in Twilio's queue.
        Queued = "queued",
        /// Being connected.
        Connecting = "connecting",
        /// Ringing.
        Ringing = "ringing",
        /// In the conference.
        Connected = "connected",
        /// No longer in the conference.
        Complete = "complete",
        /// Not reached.
        Failed = "failed",
    }
}

vocabulary_fields!(ParticipantStatus);
