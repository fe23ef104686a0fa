//! Calls in the saved state, all of which have ended.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::values::{SavedAddress, SavedTime};
use crate::sandbox::state::{
    CallEntry, StoredCall, TranscriptAction, TranscriptEntry, TranscriptParty,
};
use crate::types::{AnsweredBy, CallDirection, CallSid, CallStatus, Redacted};

#[derive(Deserialize, Serialize)]
pub(super) struct SavedCall {
    sid: CallSid,
    parent_call_sid: Option<CallSid>,
    from: SavedAddress,
    to: SavedAddress,
    direction: CallDirection,
    status: CallStatus,
    duration: Option<u64>,
    date_created: SavedTime,
    start_time: Option<SavedTime>,
    end_time: Option<SavedTime>,
    answered_by: Option<AnsweredBy>,
    transcript: Vec<SavedEntry>,
}

#[derive(Deserialize, Serialize)]
struct SavedEntry {
    #[serde(with = "SavedParty")]
    party: TranscriptParty,
    #[serde(with = "SavedAction")]
    action: TranscriptAction,
    content: String,
    verb: Option<String>,
    at: SavedTime,
    offset_ms: u64,
}

#[derive(Deserialize, Serialize)]
#[serde(remote = "TranscriptParty", rename_all = "snake_case")]
enum SavedParty {
    Application,
    Person,
    OtherPerson,
}

#[derive(Deserialize, Serialize)]
#[serde(remote = "TranscriptAction", rename_all = "snake_case")]
enum SavedAction {
    Speech,
    Audio,
    Keys,
    Pause,
    Silence,
    Transfer,
}

impl SavedCall {
    /// Creates the saved form. A call in progress is stated as ended `now`: completed if it was
    /// answered, canceled if not.
    pub(super) fn new(entry: &CallEntry, now: SystemTime) -> Self {
        let mut call = entry.call.clone();
        if !entry.has_ended() {
            let talked = call.start_time.map(|start| now.duration_since(start));
            call.duration = Some(talked.map_or(0, |time| time.unwrap_or_default().as_secs()));
            call.status = match call.start_time {
                Some(_) => CallStatus::Completed,
                None => CallStatus::Canceled,
            };
            call.end_time = Some(now);
        }
        Self {
            sid: call.sid,
            parent_call_sid: call.parent_call_sid,
            from: SavedAddress(call.from),
            to: SavedAddress(call.to),
            direction: call.direction,
            status: call.status,
            duration: call.duration,
            date_created: SavedTime(call.date_created),
            start_time: call.start_time.map(SavedTime),
            end_time: call.end_time.map(SavedTime),
            answered_by: call.answered_by,
            transcript: entry.transcript.iter().map(SavedEntry::from).collect(),
        }
    }

    /// Reports whether the call has ended. One that has not was edited by hand: it has no task.
    pub(super) fn has_ended(&self) -> bool {
        self.status.is_final()
    }
}

impl From<SavedCall> for CallEntry {
    fn from(saved: SavedCall) -> Self {
        // The call has no task, so nothing receives its commands.
        let (commands, _) = mpsc::unbounded_channel();
        let call = StoredCall {
            sid: saved.sid,
            parent_call_sid: saved.parent_call_sid,
            from: saved.from.0,
            to: saved.to.0,
            direction: saved.direction,
            status: saved.status,
            duration: saved.duration,
            date_created: saved.date_created.0,
            start_time: saved.start_time.map(|time| time.0),
            end_time: saved.end_time.map(|time| time.0),
            answered_by: saved.answered_by,
        };
        let transcript = saved.transcript.into_iter();
        Self {
            transcript: transcript.map(TranscriptEntry::from).collect(),
            is_finished: true,
            ..Self::new(call, commands, None)
        }
    }
}

impl From<&TranscriptEntry> for SavedEntry {
    fn from(entry: &TranscriptEntry) -> Self {
        Self {
            party: entry.party,
            action: entry.action,
            content: entry.content.expose().clone(),
            verb: entry.verb.clone(),
            at: SavedTime(entry.at),
            offset_ms: u64::try_from(entry.offset.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

impl From<SavedEntry> for TranscriptEntry {
    fn from(saved: SavedEntry) -> Self {
        Self {
            party: saved.party,
            action: saved.action,
            content: Redacted::new(saved.content),
            verb: saved.verb,
            at: saved.at.0,
            offset: Duration::from_millis(saved.offset_ms),
        }
    }
}
