//! Runs `<Echo>`: the phone hears what its person says and presses.

use super::active_call::ActiveCall;
use super::commands::Input;
use super::step::Step;
use crate::sandbox::clock::TimerEvent;
use crate::sandbox::state::{CallCommand, TranscriptAction};

impl ActiveCall {
    /// Returns every sound to the phone until the call ends or the REST API redirects it.
    pub(super) async fn echo(&mut self) -> Step {
        loop {
            let mut end_of_call = self.context.clock.timer(
                self.time_left(),
                TimerEvent::timeout("time limit of a call"),
            );
            let Input::Command(queued) = self.next_input(&mut end_of_call).await else {
                return Step::End;
            };
            match queued.command {
                CallCommand::Speak(_) | CallCommand::PressKeys(_) => match queued.accept() {
                    CallCommand::Speak(speech) => self.play(TranscriptAction::Speech, speech),
                    CallCommand::PressKeys(keys) => self.play(TranscriptAction::Keys, keys),
                    _ => {}
                },
                CallCommand::StaySilent => {
                    queued.accept();
                }
                _ => {
                    if let Some(step) = self.interrupt(queued) {
                        return step;
                    }
                }
            }
        }
    }
}
