//! `<Dial><Conference>`: joins a conference.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/conference>

use reqwest::Url;

use super::DialEnd;
use super::options::DialOptions;
use crate::sandbox::calls::active_call::ActiveCall;
use crate::sandbox::calls::conference::ConferenceExit;
use crate::sandbox::clock::TimerEvent;
use crate::sandbox::state::{
    ConferenceCallback, ConferenceRecordingOptions, JoinError, NewConference, Participant,
    ParticipantStatus, RecordingOptions, WebhookTarget,
};
use crate::twiml::Node;
use crate::types::{CallSid, CallStatus, RecordingSource};

/// Twilio's limit for the participants of a conference.
const PARTICIPANT_LIMIT: usize = 250;
/// Events of a status callback without `statusCallbackEvent`.
const DEFAULT_EVENTS: &str = "start end";

impl ActiveCall {
    /// Joins the conference of a noun until the call leaves.
    pub(super) async fn dial_conference(
        &mut self,
        noun: &Node,
        base: Option<&Url>,
        options: &DialOptions,
        recording: Option<RecordingOptions>,
    ) -> DialEnd {
        let name = noun.text();
        let name = name.trim();
        if name.is_empty() {
            self.alert(13237, "the <Conference> has no name");
            return DialEnd::unreached(None, CallStatus::Failed);
        }
        let participant = match self.participant_of(noun, base) {
            Ok(participant) => participant,
            Err(code) => return self.refuse_to_join(code),
        };
        let new = NewConference {
            name: name.to_owned(),
            region: noun.attribute("region").unwrap_or("us1").to_owned(),
            max_participants: max_participants(noun),
            callback: self.conference_callback(noun, base),
            recording: self.conference_recording(noun, base),
        };
        let sid = self.context.ids.sid("CF");
        let added = self.context.update(|state| {
            let limit = state.history_limit;
            state.conferences.add(new, participant, sid, limit)
        });
        let sid = match added {
            Ok(sid) => sid,
            Err(error) => return self.refuse_to_join(join_alert(error)),
        };
        if !self.is_answered() {
            self.start();
        }
        let recording = recording.map(|options| self.start_recording(&options, None));
        let mut timer = self.context.clock.timer(
            options.time_limit,
            TimerEvent::timeout("time limit of <Dial>"),
        );
        let exit = self.confer(sid, &mut timer, options.hangup_on_star).await;
        if let Some(recording) = recording {
            self.stop_recording(recording);
        }
        let end = match exit {
            ConferenceExit::Left => DialEnd::answered(None),
            ConferenceExit::Interrupted(step) => DialEnd::answered(Some(step)),
            ConferenceExit::Failed => DialEnd::unreached(None, CallStatus::Failed),
        };
        DialEnd { recording, ..end }
    }

    /// Adds the alert about a call that cannot join. A label that is in use makes the call go on
    /// with the next verb.
    fn refuse_to_join(&self, code: u32) -> DialEnd {
        let message = match code {
            16023 => "a participantLabel has at most 128 characters, no slash, and is no call SID",
            16025 => "the participantLabel is in use in the conference",
            16020 => "the conference has reached its maxParticipants",
            _ => "the call that the participant coaches is not in the conference",
        };
        self.alert(code, message);
        DialEnd {
            skips_action: matches!(code, 16023 | 16025),
            ..DialEnd::unreached(None, CallStatus::Failed)
        }
    }

    /// Reads the attributes of the participant. The error is the code of an alert.
    fn participant_of(&self, noun: &Node, base: Option<&Url>) -> Result<Participant, u32> {
        let mut participant = Participant::new(self.sid, self.context.now());
        // The phone has answered already.
        participant.status = ParticipantStatus::Connected;
        let flag = |name: &str, default: bool| match noun.attribute(name) {
            Some("true") => true,
            Some("false") => false,
            // The lint of the document warns of any other value.
            _ => default,
        };
        participant.is_muted = flag("muted", false);
        participant.starts_on_enter = flag("startConferenceOnEnter", true);
        participant.ends_on_exit = flag("endConferenceOnExit", false);
        participant.set_beep(noun.attribute("beep").unwrap_or("true"));
        // Without a `waitUrl` Twilio plays its own music, and an empty one is silence.
        let has_music = noun
            .attribute("waitUrl")
            .is_some_and(|url| !url.trim().is_empty());
        participant.wait_music = self
            .noun_target(noun, base, "waitUrl", "waitMethod")
            .filter(|_| has_music);
        if let Some(label) = noun.attribute("participantLabel") {
            if !is_label(label) {
                return Err(16023);
            }
            participant.label = Some(label.to_owned());
        }
        if let Some(coached) = noun.attribute("coach") {
            participant.call_sid_to_coach = Some(CallSid::parse(coached).map_err(|_| 13240_u32)?);
            participant.is_coaching = true;
        }
        Ok(participant)
    }

    fn conference_callback(&self, noun: &Node, base: Option<&Url>) -> Option<ConferenceCallback> {
        let target: WebhookTarget =
            self.noun_target(noun, base, "statusCallback", "statusCallbackMethod")?;
        let words = noun
            .attribute("statusCallbackEvent")
            .unwrap_or(DEFAULT_EVENTS);
        let events = words.split_whitespace().map(str::to_owned).collect();
        Some(ConferenceCallback { target, events })
    }

    /// Reads the options of the recording of the conference.
    fn conference_recording(
        &self,
        noun: &Node,
        base: Option<&Url>,
    ) -> Option<ConferenceRecordingOptions> {
        // The lint of the document warns of any other value.
        if !matches!(noun.attribute("record")?, "record-from-start" | "true") {
            return None;
        }
        Some(ConferenceRecordingOptions {
            recording: RecordingOptions {
                callback: self.recording_callback(noun, base),
                ..RecordingOptions::new(RecordingSource::Conference)
            },
            trims_silence: noun.attribute("trim") != Some("do-not-trim"),
        })
    }
}

fn max_participants(noun: &Node) -> usize {
    let wanted = noun.attribute("maxParticipants");
    let wanted = wanted.and_then(|text| text.trim().parse().ok());
    wanted
        .filter(|count| (1..=PARTICIPANT_LIMIT).contains(count))
        .unwrap_or(PARTICIPANT_LIMIT)
}

/// Reports whether a text may be the label of a participant.
pub(crate) fn is_label(text: &str) -> bool {
    let length = text.chars().count();
    (1..=128).contains(&length) && !text.contains('/') && CallSid::parse(text).is_err()
}

/// Returns the code of the alert about a call that cannot join a conference.
const fn join_alert(error: JoinError) -> u32 {
    match error {
        JoinError::Full => 16020,
        JoinError::LabelInUse => 16025,
        JoinError::CoachedCallAbsent => 13240,
    }
}
