//! Runs `<Record>`: records speech.

use std::time::Duration;

use reqwest::Url;

use super::active_call::ActiveCall;
use super::commands::Input;
use super::speak::number_attribute;
use super::step::Step;
use crate::sandbox::state::{CallCommand, WebhookKind};
use crate::sandbox::webhooks::FormFields;
use crate::twiml::Node;
use crate::types::{CallStatus, RecordingSid};

impl ActiveCall {
    /// Records speech until the phone presses a key of `finishOnKey`, stays silent or hangs up. By
    /// default, every key is one. There is no sound, so two words count as one second.
    pub(super) async fn record(&mut self, verb: &Node, base: Option<&Url>) -> Step {
        let finish_on_key = verb
            .attribute("finishOnKey")
            .unwrap_or("1234567890*#")
            .to_owned();
        let timeout = Duration::from_secs(number_attribute(verb, "timeout").unwrap_or(5));
        let mut seconds = 0;
        let ended_by = loop {
            let mut silence = self.context.clock.timer(timeout);
            let Input::Command(queued) = self.next_input(&mut silence).await else {
                break String::new();
            };
            match queued.command {
                CallCommand::Speak(_) => {
                    if let CallCommand::Speak(speech) = queued.accept() {
                        seconds += speech.split_whitespace().count().div_ceil(2).max(1) as u64;
                    }
                }
                CallCommand::PressKeys(ref keys) => {
                    let key = keys.chars().find(|key| finish_on_key.contains(*key));
                    queued.accept();
                    if let Some(key) = key {
                        break key.to_string();
                    }
                }
                CallCommand::StaySilent => {
                    queued.accept();
                    break String::new();
                }
                CallCommand::HangUp => {
                    self.has_hung_up = true;
                    break "hangup".to_owned();
                }
                _ => {
                    if let Some(step) = self.interrupt(queued) {
                        return step;
                    }
                }
            }
        };
        self.counted += Duration::from_secs(seconds);
        // Ended before the `action` is requested, so that the request shows the final status.
        if self.has_hung_up {
            self.end(CallStatus::Completed);
        }
        if seconds == 0 {
            // Twilio makes no recording of silence, and does not request the `action` for it.
            return if self.has_hung_up {
                Step::End
            } else {
                Step::NextVerb
            };
        }
        let recording: RecordingSid = self.context.ids.sid("RE");
        let (base_url, account) = (&self.context.base_url, self.context.account_sid);
        let url = format!("{base_url}/2010-04-01/Accounts/{account}/Recordings/{recording}");
        let mut fields = FormFields::new();
        fields.push("RecordingUrl", url);
        fields.push("RecordingSid", recording.as_str());
        fields.push("RecordingDuration", seconds.to_string());
        fields.push("Digits", ended_by);
        self.request_action(WebhookKind::RecordAction, verb, base, fields)
            .await
    }
}
