//! Conferences and their participants.

use std::collections::HashMap;
use std::time::SystemTime;

use super::conference_recording::ConferenceRecording;
use super::recordings::RecordingOptions;
use super::settings::WebhookTarget;
use super::table::{Row, Table};
use crate::types::{CallSid, ConferenceSid};
use crate::webhook::{ConferenceEndReason, ParticipantLeaveReason};

/// A conference of the account.
#[derive(Clone)]
pub(crate) struct Conference {
    pub(crate) sid: ConferenceSid,
    pub(crate) friendly_name: String,
    pub(crate) region: String,
    pub(crate) status: ConferenceStatus,
    pub(crate) max_participants: usize,
    /// Callback of the first participant; those of later ones are ignored.
    pub(crate) callback: Option<ConferenceCallback>,
    /// Number of events that were reported to the callback.
    pub(crate) reported: u32,
    /// Options of the recording that begins with the conference.
    pub(crate) recording_options: Option<ConferenceRecordingOptions>,
    /// Recording in progress.
    pub(crate) recording: Option<ConferenceRecording>,
    pub(crate) participants: Vec<Participant>,
    pub(crate) end_reason: Option<ConferenceEndReason>,
    pub(crate) call_sid_ending: Option<CallSid>,
    pub(crate) date_created: SystemTime,
    pub(crate) date_updated: SystemTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConferenceStatus {
    /// Fewer than two participants have joined, or none that starts the conference.
    Init,
    InProgress,
    Completed,
}

impl ConferenceStatus {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::InProgress => "in-progress",
            Self::Completed => "completed",
        }
    }
}

/// URL and events of a conference's status callback.
#[derive(Clone)]
pub(crate) struct ConferenceCallback {
    pub(crate) target: WebhookTarget,
    /// Values of `statusCallbackEvent`, such as `join`.
    pub(crate) events: Vec<String>,
}

/// Options of the recording of a conference.
#[derive(Clone)]
pub(crate) struct ConferenceRecordingOptions {
    pub(crate) recording: RecordingOptions,
    /// Silence at the beginning and at the end is left out.
    pub(crate) trims_silence: bool,
}

/// Call in a conference.
#[derive(Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a property of Twilio's resource"
)]
pub(crate) struct Participant {
    pub(crate) call_sid: CallSid,
    pub(crate) label: Option<String>,
    pub(crate) status: ParticipantStatus,
    pub(crate) is_muted: bool,
    pub(crate) is_on_hold: bool,
    /// Document that plays while the participant is on hold.
    pub(crate) hold_music: Option<WebhookTarget>,
    /// Document that plays until the conference starts.
    pub(crate) wait_music: Option<WebhookTarget>,
    pub(crate) is_coaching: bool,
    pub(crate) call_sid_to_coach: Option<CallSid>,
    pub(crate) ends_on_exit: bool,
    pub(crate) starts_on_enter: bool,
    pub(crate) beeps_on_enter: bool,
    pub(crate) beeps_on_exit: bool,
    pub(crate) date_created: SystemTime,
    pub(crate) date_updated: SystemTime,
}

/// Progress of the call of a participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParticipantStatus {
    /// The API has added the participant, whose phone has not answered yet.
    Calling,
    Connected,
}

impl Participant {
    /// Creates a participant with Twilio's defaults.
    pub(crate) const fn new(call_sid: CallSid, now: SystemTime) -> Self {
        Self {
            call_sid,
            label: None,
            status: ParticipantStatus::Calling,
            is_muted: false,
            is_on_hold: false,
            hold_music: None,
            wait_music: None,
            is_coaching: false,
            call_sid_to_coach: None,
            ends_on_exit: false,
            starts_on_enter: true,
            beeps_on_enter: true,
            beeps_on_exit: true,
            date_created: now,
            date_updated: now,
        }
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.status == ParticipantStatus::Connected
    }

    /// Sets on which of its comings and goings the others hear a beep, from a value of `beep`.
    pub(crate) fn set_beep(&mut self, beep: &str) {
        self.beeps_on_enter = matches!(beep, "true" | "onEnter");
        self.beeps_on_exit = matches!(beep, "true" | "onExit");
    }
}

/// Properties of a conference that its first participant creates.
pub(crate) struct NewConference {
    pub(crate) name: String,
    pub(crate) region: String,
    pub(crate) max_participants: usize,
    pub(crate) callback: Option<ConferenceCallback>,
    pub(crate) recording: Option<ConferenceRecordingOptions>,
}

/// Reason why a call cannot join a conference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JoinError {
    Full,
    LabelInUse,
    CoachedCallAbsent,
}

/// Departure of a participant, and its effect on the conference.
pub(crate) struct Departure {
    pub(crate) participant: Participant,
    /// Set if the conference ended.
    pub(crate) end: Option<ConferenceEnd>,
}

/// End of a conference.
pub(crate) struct ConferenceEnd {
    pub(crate) reason: ConferenceEndReason,
    /// Participant whose departure ended the conference.
    pub(crate) ended_by: Option<Participant>,
    /// Participants that were still in the conference.
    pub(crate) others: Vec<Participant>,
    /// Reason why the others left.
    pub(crate) others_left: ParticipantLeaveReason,
    /// Recording that ends with the conference.
    pub(crate) recording: Option<ConferenceRecording>,
}

impl Row for Conference {
    type Key = ConferenceSid;

    fn key(&self) -> ConferenceSid {
        self.sid
    }

    fn is_final(&self) -> bool {
        self.status == ConferenceStatus::Completed
    }
}

impl Conference {
    fn new(sid: ConferenceSid, new: NewConference, now: SystemTime) -> Self {
        Self {
            sid,
            friendly_name: new.name,
            region: new.region,
            status: ConferenceStatus::Init,
            max_participants: new.max_participants,
            callback: new.callback,
            reported: 0,
            recording_options: new.recording,
            recording: None,
            participants: Vec::new(),
            end_reason: None,
            call_sid_ending: None,
            date_created: now,
            date_updated: now,
        }
    }

    pub(crate) fn has_started(&self) -> bool {
        self.status != ConferenceStatus::Init
    }

    pub(crate) fn participant(&self, call: CallSid) -> Option<&Participant> {
        self.participants.iter().find(|p| p.call_sid == call)
    }

    pub(crate) fn participant_mut(&mut self, call: CallSid) -> Option<&mut Participant> {
        self.participants.iter_mut().find(|p| p.call_sid == call)
    }

    /// Checks that a participant may be added.
    pub(crate) fn check(&self, new: &Participant) -> Result<(), JoinError> {
        let mut others = self.participants.iter();
        if self.participants.len() >= self.max_participants {
            return Err(JoinError::Full);
        }
        if new.label.is_some() && others.any(|other| other.label == new.label) {
            return Err(JoinError::LabelInUse);
        }
        match new.call_sid_to_coach {
            Some(coached) if self.participant(coached).is_none() => {
                Err(JoinError::CoachedCallAbsent)
            }
            _ => Ok(()),
        }
    }

    /// Connects a participant that was added. Returns `true` if the conference starts.
    pub(crate) fn connect(&mut self, call: CallSid, now: SystemTime) -> bool {
        if let Some(participant) = self.participant_mut(call) {
            participant.status = ParticipantStatus::Connected;
            participant.date_updated = now;
        }
        self.date_updated = now;
        let connected = self.participants.iter().filter(|p| p.is_connected());
        let (count, has_starter) = connected.fold((0, false), |(count, has_starter), p| {
            (count + 1, has_starter || p.starts_on_enter)
        });
        let starts = self.status == ConferenceStatus::Init && count >= 2 && has_starter;
        if starts {
            self.status = ConferenceStatus::InProgress;
        }
        starts
    }

    /// Returns the document that a participant hears now, if any.
    pub(crate) fn music(&self, participant: &Participant) -> Option<WebhookTarget> {
        if participant.is_on_hold {
            participant.hold_music.clone()
        } else if self.status == ConferenceStatus::Init {
            participant.wait_music.clone()
        } else {
            None
        }
    }

    /// Returns the calls that hear a participant.
    pub(crate) fn listeners(&self, speaker: CallSid) -> Vec<CallSid> {
        let audible = self.participant(speaker);
        let audible = audible.filter(|p| !p.is_muted && !p.is_on_hold);
        let Some(speaker) = audible.filter(|_| self.status == ConferenceStatus::InProgress) else {
            return Vec::new();
        };
        let coached = speaker.call_sid_to_coach.filter(|_| speaker.is_coaching);
        let hears = |p: &CallSid| *p != speaker.call_sid && coached.is_none_or(|only| only == *p);
        self.audience().filter(hears).collect()
    }

    /// Returns the calls that hear the conference.
    pub(crate) fn audience(&self) -> impl Iterator<Item = CallSid> {
        let connected = self.participants.iter();
        connected
            .filter(|p| p.is_connected() && !p.is_on_hold)
            .map(|p| p.call_sid)
    }
}

/// Conferences of the account.
#[derive(Default)]
pub(crate) struct Conferences {
    rows: Table<Conference>,
    /// Conferences that have not ended, by name. There is one a name.
    open: HashMap<String, ConferenceSid>,
}

impl Conferences {
    pub(crate) fn get(&self, sid: ConferenceSid) -> Option<&Conference> {
        self.rows.get(sid)
    }

    pub(crate) fn get_mut(&mut self, sid: ConferenceSid) -> Option<&mut Conference> {
        self.rows.get_mut(sid)
    }

    /// Returns the conferences, oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Conference> {
        self.rows.iter()
    }

    /// Returns the conference of this name that has not ended.
    pub(crate) fn open(&self, name: &str) -> Option<&Conference> {
        self.rows.get(*self.open.get(name)?)
    }

    /// Adds a participant to the conference of a name, which is created if there is none.
    pub(crate) fn add(
        &mut self,
        new: NewConference,
        participant: Participant,
        new_sid: ConferenceSid,
        limit: usize,
    ) -> Result<ConferenceSid, JoinError> {
        let open = self.open.get(&new.name).copied();
        let sid = if let Some(conference) = open.and_then(|sid| self.rows.get_mut(sid)) {
            conference.check(&participant)?;
            if !conference.has_started() && conference.recording_options.is_none() {
                conference.recording_options = new.recording;
            }
            conference.sid
        } else {
            let created = Conference::new(new_sid, new, participant.date_created);
            created.check(&participant)?;
            self.open.insert(created.friendly_name.clone(), new_sid);
            self.rows.insert(created, limit);
            new_sid
        };
        if let Some(conference) = self.rows.get_mut(sid) {
            conference.participants.push(participant);
        }
        Ok(sid)
    }

    /// Removes a participant. Returns `None` if it is in the conference no more.
    pub(crate) fn leave(
        &mut self,
        sid: ConferenceSid,
        call: CallSid,
        is_kicked: bool,
        now: SystemTime,
    ) -> Option<Departure> {
        let conference = self.rows.get_mut(sid)?;
        let place = conference
            .participants
            .iter()
            .position(|p| p.call_sid == call)?;
        let participant = conference.participants.remove(place);
        conference.date_updated = now;
        let ends = participant.is_connected() && participant.ends_on_exit;
        let reason = match (ends, is_kicked) {
            (true, false) => ConferenceEndReason::EndingParticipantLeft,
            (true, true) => ConferenceEndReason::EndingParticipantKicked,
            (false, _) if !conference.participants.is_empty() => {
                let end = None;
                return Some(Departure { participant, end });
            }
            (false, false) => ConferenceEndReason::LastParticipantLeft,
            (false, true) => ConferenceEndReason::LastParticipantKicked,
        };
        let end = self.end(sid, reason, Some(participant.clone()), now);
        Some(Departure { participant, end })
    }

    /// Ends a conference. Returns `None` if it has ended already.
    pub(crate) fn end(
        &mut self,
        sid: ConferenceSid,
        reason: ConferenceEndReason,
        ended_by: Option<Participant>,
        now: SystemTime,
    ) -> Option<ConferenceEnd> {
        let conference = self.rows.get_mut(sid)?;
        if conference.status == ConferenceStatus::Completed {
            return None;
        }
        conference.status = ConferenceStatus::Completed;
        conference.date_updated = now;
        conference.end_reason = Some(reason.clone());
        conference.call_sid_ending = ended_by.as_ref().map(|p| p.call_sid);
        self.open.remove(&conference.friendly_name);
        let others_left = match reason {
            ConferenceEndReason::EndedViaApi => ParticipantLeaveReason::ConferenceEndedViaApi,
            _ => ParticipantLeaveReason::ModeratorEnded,
        };
        Some(ConferenceEnd {
            reason,
            ended_by,
            others: std::mem::take(&mut conference.participants),
            others_left,
            recording: conference.recording.take(),
        })
    }
}
