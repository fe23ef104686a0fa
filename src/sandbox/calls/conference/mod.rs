//! Conferences: calls that hear each other.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/conference>

mod announce;
mod depart;
mod events;
mod place;
mod recording;
mod speaker;
mod update;

use self::depart::{beep, depart};
use self::events::report;
use super::active_call::ActiveCall;
use super::music::PartyEvent;
use super::purpose::Purpose;
use super::step::Step;
use crate::sandbox::clock::Timer;
use crate::sandbox::state::{CallCommand, WebhookKind, WebhookTarget};
use crate::sandbox::webhooks::FormFields;
use crate::types::{CallSid, CallStatus, ConferenceSid};
use crate::webhook::{ConferenceStatusEvent as Event, ParticipantLeaveReason};

pub(crate) use announce::{announce_to_all, announce_to_one};
pub(crate) use depart::{complete, kick};
pub(crate) use place::{PlaceParticipant, place_participant};
pub(crate) use recording::change_recording;
pub(crate) use update::{ParticipantChange, change};

/// End of a call's participation in a conference.
pub(super) enum ConferenceExit {
    /// The call has left, and goes on with its TwiML.
    Left,
    /// The music was unusable.
    Failed,
    /// A hang-up or the REST API interrupted the call.
    Interrupted(Step),
}

/// The call is in the conference no more.
struct LeftConference;

impl ActiveCall {
    /// Takes part in a conference to which the call was added, until it leaves.
    pub(super) async fn confer(
        &mut self,
        sid: ConferenceSid,
        timer: &mut Timer,
        hangup_on_star: bool,
    ) -> ConferenceExit {
        self.set_party(true);
        self.join(sid);
        let exit = self.participate(sid, timer, hangup_on_star).await;
        let reason = match &exit {
            ConferenceExit::Left | ConferenceExit::Failed => ParticipantLeaveReason::HungUp,
            ConferenceExit::Interrupted(Step::Follow(_)) => ParticipantLeaveReason::UpdatedViaApi,
            ConferenceExit::Interrupted(_) if self.has_hung_up => {
                // Ended before the event is reported, so that it shows the final status.
                self.end(CallStatus::Completed);
                ParticipantLeaveReason::HungUp
            }
            ConferenceExit::Interrupted(_) => ParticipantLeaveReason::UpdatedViaApi,
        };
        depart(&self.context, sid, self.sid, &reason, false);
        self.set_party(false);
        exit
    }

    /// Connects the call, and starts the conference if it was waiting for it.
    fn join(&self, sid: ConferenceSid) {
        let now = self.context.now();
        let (reading, recording_sid) = (self.context.clock.passed(), self.context.ids.sid("RE"));
        let joined = self.context.update(|state| {
            let conference = state.conferences.get_mut(sid)?;
            let starts = conference.connect(self.sid, now);
            let participant = conference.participant(self.sid)?.clone();
            let calls = conference.audience().filter(|call| *call != self.sid);
            let calls: Vec<CallSid> = calls.collect();
            let recording = starts
                .then(|| recording::begin(state, sid, recording_sid, (now, reading)))
                .flatten();
            Some((participant, starts, calls, recording))
        });
        let Some((participant, starts, others, recording)) = joined else {
            return;
        };
        let context = &self.context;
        let fields = FormFields::new();
        report(
            context,
            sid,
            &Event::ParticipantJoin,
            Some(&participant),
            fields,
        );
        if starts {
            report(context, sid, &Event::Start, None, FormFields::new());
        }
        if let Some(recording) = recording {
            recording::report_start(context, &recording);
        }
        if participant.beeps_on_enter {
            beep(context, sid, self.sid);
        }
        // The music of the others ends when the conference starts.
        for call in others.into_iter().filter(|_| starts) {
            context.command(call, CallCommand::Changed, None);
        }
    }

    async fn participate(
        &mut self,
        sid: ConferenceSid,
        timer: &mut Timer,
        hangup_on_star: bool,
    ) -> ConferenceExit {
        let mut playing = None;
        loop {
            self.forget_changes();
            let music = match self.music_of_conference(sid) {
                Ok(music) => music,
                Err(LeftConference) => return ConferenceExit::Left,
            };
            if music != playing {
                playing.clone_from(&music);
                if let Some(target) = music {
                    match self.play_in_conference(&target).await {
                        Step::NextVerb | Step::Changed => {}
                        Step::Failed => return ConferenceExit::Failed,
                        step => return ConferenceExit::Interrupted(step),
                    }
                    continue;
                }
            }
            match self.next_party_event(timer, hangup_on_star).await {
                PartyEvent::Said(sound) => self.tell_conference(sid, &sound),
                PartyEvent::Changed => {}
                PartyEvent::Interrupted(step) => return ConferenceExit::Interrupted(step),
                PartyEvent::PressedStar | PartyEvent::TimeOver => return ConferenceExit::Left,
            }
        }
    }

    /// Returns the document that the call hears now, if any.
    fn music_of_conference(
        &self,
        sid: ConferenceSid,
    ) -> Result<Option<WebhookTarget>, LeftConference> {
        self.context.read(|state| {
            let conference = state.conferences.get(sid).ok_or(LeftConference)?;
            let participant = conference.participant(self.sid).ok_or(LeftConference)?;
            Ok(conference.music(participant))
        })
    }

    async fn play_in_conference(&mut self, target: &WebhookTarget) -> Step {
        let kind = WebhookKind::ConferenceMusic;
        let fields = FormFields::new();
        self.play_document(Purpose::Conference, kind, target, fields)
            .await
    }
}
