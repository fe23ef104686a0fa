//! A call.

use serde::Serialize;

use super::document::{DocumentView, WaitView};
use super::time::{millis, rfc3339_millis};
use crate::sandbox::state::{CallEntry, TranscriptAction, TranscriptEntry, TranscriptParty};
use crate::types::{CallDirection, CallSid, CallStatus};

#[derive(Serialize)]
pub(in crate::sandbox::control) struct CallView {
    sid: CallSid,
    phone: String,
    /// Number of the account.
    other: String,
    direction: &'static str,
    status: String,
    at: String,
    answered_at: Option<String>,
    ended_at: Option<String>,
    /// Seconds; `None` until the call has ended.
    duration: Option<u64>,
    /// Call whose `<Dial>` placed this call.
    parent: Option<CallSid>,
    answered_by: Option<String>,
    /// Time at which a ringing call ends without an answer.
    rings_until: Option<String>,
    transcript: Vec<TranscriptView>,
    /// TwiML that the call runs or has run, oldest first.
    documents: Vec<DocumentView>,
    waits: Option<WaitView>,
    /// Group of the timeline in which the call was created.
    group: Option<String>,
}

#[derive(Serialize)]
struct TranscriptView {
    party: &'static str,
    action: &'static str,
    content: String,
    verb: Option<String>,
    offset_ms: u64,
}

impl CallView {
    pub(in crate::sandbox::control) fn new(entry: &CallEntry) -> Self {
        let call = &entry.call;
        let is_from_phone = call.direction == CallDirection::Inbound;
        let (phone, other) = if is_from_phone {
            (&call.from, &call.to)
        } else {
            (&call.to, &call.from)
        };
        let wait = entry.wait.as_ref().filter(|_| !entry.has_ended());
        let rings = call.status == CallStatus::Ringing;
        Self {
            sid: call.sid,
            phone: phone.expose(),
            other: other.expose(),
            direction: if is_from_phone {
                "from_phone"
            } else {
                "to_phone"
            },
            status: call.status.as_str().to_owned(),
            at: rfc3339_millis(call.date_created),
            answered_at: call.start_time.map(rfc3339_millis),
            ended_at: call.end_time.map(rfc3339_millis),
            duration: call.duration,
            parent: call.parent_call_sid,
            answered_by: call.answered_by.as_ref().map(|by| by.as_str().to_owned()),
            rings_until: wait
                .filter(|_| rings)
                .and_then(|wait| wait.until)
                .map(rfc3339_millis),
            transcript: entry.transcript.iter().map(TranscriptView::new).collect(),
            documents: entry.documents.iter().map(DocumentView::new).collect(),
            waits: wait.map(WaitView::new),
            group: entry.group.map(|group| group.to_string()),
        }
    }
}

impl TranscriptView {
    fn new(entry: &TranscriptEntry) -> Self {
        Self {
            party: match entry.party {
                TranscriptParty::Application => "app",
                TranscriptParty::Person => "person",
                TranscriptParty::OtherPerson => "other",
            },
            action: match entry.action {
                TranscriptAction::Speech => "speech",
                TranscriptAction::Audio => "audio",
                TranscriptAction::Keys => "keys",
                TranscriptAction::Pause => "pause",
                TranscriptAction::Silence => "silence",
                TranscriptAction::Transfer => "transfer",
            },
            content: entry.content.expose().clone(),
            verb: entry.verb.clone(),
            offset_ms: millis(entry.offset),
        }
    }
}
