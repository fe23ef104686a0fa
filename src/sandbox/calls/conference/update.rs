//! Changes of a participant by the REST API.

use std::sync::Arc;

use super::events::report;
use crate::sandbox::context::Context;
use crate::sandbox::state::{CallCommand, Participant, WebhookTarget};
use crate::sandbox::webhooks::FormFields;
use crate::types::{CallSid, ConferenceSid};
use crate::webhook::ConferenceStatusEvent as Event;

/// Change of a participant; `None` leaves a property as it is.
#[derive(Default)]
pub(crate) struct ParticipantChange {
    pub(crate) is_muted: Option<bool>,
    pub(crate) is_on_hold: Option<bool>,
    pub(crate) hold_music: Option<WebhookTarget>,
    pub(crate) wait_music: Option<WebhookTarget>,
    pub(crate) beeps_on_exit: Option<bool>,
    pub(crate) ends_on_exit: Option<bool>,
    pub(crate) is_coaching: Option<bool>,
    pub(crate) call_sid_to_coach: Option<CallSid>,
}

impl ParticipantChange {
    /// Applies the change. Returns the events that it causes.
    fn apply(self, participant: &mut Participant) -> Vec<Event> {
        let before = participant.clone();
        let mut events = Vec::new();
        if let Some(is_muted) = self.is_muted.filter(|muted| *muted != before.is_muted) {
            participant.is_muted = is_muted;
            events.push(if is_muted {
                Event::ParticipantMute
            } else {
                Event::ParticipantUnmute
            });
        }
        if let Some(is_on_hold) = self.is_on_hold {
            participant.is_on_hold = is_on_hold;
            participant.hold_music = self.hold_music.filter(|_| is_on_hold);
            if is_on_hold != before.is_on_hold {
                events.push(if is_on_hold {
                    Event::ParticipantHold
                } else {
                    Event::ParticipantUnhold
                });
            }
        }
        if self.wait_music.is_some() {
            participant.wait_music = self.wait_music;
        }
        if self.call_sid_to_coach.is_some() {
            participant.call_sid_to_coach = self.call_sid_to_coach;
        }
        let set = |property: &mut bool, new: Option<bool>| *property = new.unwrap_or(*property);
        set(&mut participant.beeps_on_exit, self.beeps_on_exit);
        set(&mut participant.ends_on_exit, self.ends_on_exit);
        set(&mut participant.is_coaching, self.is_coaching);
        let is_modified = participant.wait_music != before.wait_music
            || participant.call_sid_to_coach != before.call_sid_to_coach
            || participant.beeps_on_exit != before.beeps_on_exit
            || participant.ends_on_exit != before.ends_on_exit
            || participant.is_coaching != before.is_coaching;
        if is_modified {
            events.push(Event::ParticipantModify);
        }
        events
    }
}

/// Changes a participant and reports it. Returns the participant, unless it is in the conference no
/// more.
pub(crate) fn change(
    context: &Arc<Context>,
    sid: ConferenceSid,
    call: CallSid,
    change: ParticipantChange,
) -> Option<Participant> {
    let now = context.now();
    let (events, participant, has_new_music) = context.update(|state| {
        let conference = state.conferences.get_mut(sid)?;
        let music = conference.music(conference.participant(call)?);
        let participant = conference.participant_mut(call)?;
        let events = change.apply(participant);
        participant.date_updated = now;
        let participant = participant.clone();
        let has_new_music = conference.music(&participant) != music;
        Some((events, participant, has_new_music))
    })?;
    for event in &events {
        report(context, sid, event, Some(&participant), FormFields::new());
    }
    if has_new_music {
        context.command(call, CallCommand::Changed, None);
    }
    Some(participant)
}
