//! Speech of a participant: who hears it, and its events.

use std::sync::Arc;
use std::time::Duration;

use super::events::report;
use super::recording;
use crate::sandbox::calls::active_call::ActiveCall;
use crate::sandbox::calls::speak::speech_length;
use crate::sandbox::clock::ClockMode;
use crate::sandbox::context::Context;
use crate::sandbox::state::{Participant, Sound, TranscriptAction};
use crate::sandbox::webhooks::FormFields;
use crate::types::ConferenceSid;
use crate::webhook::ConferenceStatusEvent as Event;

/// Length of a key that a participant presses.
const KEY: Duration = Duration::from_millis(250);

impl ActiveCall {
    /// Lets the others hear the participant.
    pub(super) fn tell_conference(&self, sid: ConferenceSid, sound: &Sound) {
        let context = &self.context;
        let speaker = context.read(|state| {
            let conference = state.conferences.get(sid)?;
            let speaker = conference.participant(self.sid)?.clone();
            let is_heard = !speaker.is_muted && !speaker.is_on_hold && conference.has_started();
            is_heard.then(|| (speaker, conference.listeners(self.sid)))
        });
        let Some((speaker, listeners)) = speaker else {
            return;
        };
        context.play_to(&listeners, sound);
        let length = length_of(sound);
        // A coach is not recorded.
        if !speaker.is_coaching {
            recording::hear(context, sid, length);
        }
        report_speech(context, sid, &speaker, length);
    }
}

fn length_of(sound: &Sound) -> Duration {
    match sound.action {
        TranscriptAction::Speech => speech_length(&sound.content),
        _ => KEY.saturating_mul(u32::try_from(sound.content.len()).unwrap_or(u32::MAX)),
    }
}

/// Reports the start of speech, and its stop after its length.
fn report_speech(
    context: &Arc<Context>,
    sid: ConferenceSid,
    speaker: &Participant,
    length: Duration,
) {
    let (start, stop) = (Event::ParticipantSpeechStart, Event::ParticipantSpeechStop);
    report(context, sid, &start, Some(speaker), FormFields::new());
    if context.clock.mode() == ClockMode::Instant {
        report(context, sid, &stop, Some(speaker), FormFields::new());
        return;
    }
    let (shared, call) = (Arc::clone(context), speaker.call_sid);
    context.spawn(|activity| async move {
        let mut activity = Some(activity);
        shared
            .clock
            .pass(length, "end of speech in a conference", &mut activity)
            .await;
        // A participant who has left speaks no more.
        let speaker = shared.read(|state| {
            let conference = state.conferences.get(sid)?;
            conference.participant(call).cloned()
        });
        if let Some(speaker) = speaker {
            report(&shared, sid, &stop, Some(&speaker), FormFields::new());
        }
        drop(activity);
    });
}
