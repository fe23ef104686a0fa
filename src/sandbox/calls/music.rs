//! Plays music to a call that waits: TwiML that runs until an event ends it.

use std::pin::Pin;
use std::time::Duration;

use super::active_call::ActiveCall;
use super::commands::{Input, Passed};
use super::input_kinds::InputKinds;
use super::purpose::Purpose;
use super::step::Step;
use crate::sandbox::clock::{ClockMode, Timer, TimerEvent};
use crate::sandbox::state::{
    CallCommand, Document, Sound, TranscriptAction, WebhookKind, WebhookTarget,
};
use crate::sandbox::webhooks::FormFields;

/// Shortest time between two requests for music, so that a loop of redirects without sound ends
/// no test.
const SHORTEST: Duration = Duration::from_secs(1);

/// Event of a call in a conference or queue.
pub(super) enum PartyEvent {
    /// The person said this, or pressed these keys.
    Said(Sound),
    /// The conference or queue has changed the state of the call.
    Changed,
    /// A hang-up or the REST API interrupted the call.
    Interrupted(Step),
    /// The person pressed `*`, which ends the connection.
    PressedStar,
    TimeOver,
}

impl ActiveCall {
    /// Requests a document and runs it. Returns [`Step::NextVerb`] at its end,
    /// [`Step::Changed`] if the conference or queue ends it, and [`Step::Failed`] if it is
    /// unusable.
    pub(super) async fn play_document(
        &mut self,
        purpose: Purpose,
        kind: WebhookKind,
        target: &WebhookTarget,
        fields: FormFields,
    ) -> Step {
        let before = std::mem::replace(&mut self.purpose, purpose);
        self.music_length = Duration::ZERO;
        let mut step = self.request(kind, target, fields).await;
        while let Step::Run(document) = step {
            step = self.run_boxed(document).await;
        }
        self.purpose = before;
        step
    }

    /// Boxed, because the document is run by the same code that runs the verb that waits.
    fn run_boxed(&mut self, document: Document) -> Pin<Box<dyn Future<Output = Step> + Send + '_>> {
        Box::pin(self.run_document(document))
    }

    /// Lets the time of the music pass before more is requested. With [`ClockMode::Instant`] it has
    /// played at once, and without this an endless loop would leave a test no time to act.
    pub(super) async fn pace_music(&mut self) -> Option<Step> {
        let played = std::mem::take(&mut self.music_length);
        let length = match self.context.clock.mode() {
            ClockMode::Instant => played.max(SHORTEST),
            ClockMode::RealTime | ClockMode::Held => SHORTEST.saturating_sub(played),
        };
        if length.is_zero() {
            return None;
        }
        let mut timer = self
            .context
            .clock
            .timer(length, TimerEvent::timeout("next music"));
        match self.pass_until(&mut timer, InputKinds::NONE).await {
            Passed::Interrupted(step) => Some(step),
            Passed::Whole | Passed::BargedIn => None,
        }
    }

    /// Waits for the next event of a call in a conference or queue.
    pub(super) async fn next_party_event(
        &mut self,
        timer: &mut Timer,
        hangup_on_star: bool,
    ) -> PartyEvent {
        loop {
            let Input::Command(queued) = self.next_input(timer).await else {
                return PartyEvent::TimeOver;
            };
            match queued.command {
                CallCommand::Changed => return PartyEvent::Changed,
                CallCommand::PressKeys(ref keys) if hangup_on_star && keys.contains('*') => {
                    queued.accept();
                    return PartyEvent::PressedStar;
                }
                CallCommand::Speak(_) => {
                    if let CallCommand::Speak(speech) = queued.accept() {
                        let action = TranscriptAction::Speech;
                        return PartyEvent::Said(Sound::of_person(action, speech));
                    }
                }
                CallCommand::PressKeys(_) => {
                    if let CallCommand::PressKeys(keys) = queued.accept() {
                        let action = TranscriptAction::Keys;
                        return PartyEvent::Said(Sound::of_person(action, keys));
                    }
                }
                _ => {
                    if let Some(step) = self.interrupt(queued) {
                        return PartyEvent::Interrupted(step);
                    }
                }
            }
        }
    }

    /// Lets a call take part in a conference or queue, or no longer.
    pub(super) fn set_party(&mut self, is_in_party: bool) {
        self.is_in_party = is_in_party;
        self.forget_changes();
    }

    /// Drops news of changes, before the state that they are about is read.
    pub(super) fn forget_changes(&mut self) {
        self.pending
            .retain(|queued| !matches!(queued.command, CallCommand::Changed));
    }
}
