//! Runs `<Record>`: records speech.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/record>

use std::time::Duration;

use reqwest::Url;

use super::active_call::ActiveCall;
use super::commands::Input;
use super::progress::AcceptedInput;
use super::recording::{RecordedAudio, complete, create, recording_url};
use super::speak::number_attribute;
use super::step::Step;
use super::transcribe::{LONGEST, is_transcribed};
use crate::sandbox::clock::TimerEvent;
use crate::sandbox::state::{
    CallCommand, RecordingOptions, TranscriptAction, WaitFor, WebhookKind,
};
use crate::sandbox::webhooks::FormFields;
use crate::twiml::Node;
use crate::types::{CallStatus, RecordingSid, RecordingSource};

/// Longest recording by default: one hour.
const MAX_LENGTH: u64 = 3_600;
/// Longest recording that Twilio permits: four hours.
const MAX_LENGTH_LIMIT: u64 = 14_400;

/// A `<Record>` in progress. All times are readings of [`ActiveCall::reading`].
struct Take {
    started_at: Duration,
    max_length: Duration,
    /// Silence after which the recording ends; `None` if it never does.
    timeout: Option<Duration>,
    finish_on_key: String,
    /// Start and end of the speech; `None` if nothing was said.
    sound: Option<(Duration, Duration)>,
    speech: String,
}

/// End of a `<Record>`.
enum TakeEnd {
    /// A key, `hangup`, or empty after silence or the longest duration.
    Finished(String),
    /// The REST API interrupted the call.
    Interrupted(Step),
}

impl Take {
    fn read(verb: &Node, started_at: Duration) -> Self {
        let finish_on_key = verb.attribute("finishOnKey").unwrap_or("1234567890*#");
        let timeout = number_attribute(verb, "timeout").unwrap_or(5);
        let (default, limit) = if is_transcribed(verb) {
            (LONGEST, LONGEST)
        } else {
            (MAX_LENGTH, MAX_LENGTH_LIMIT)
        };
        // The lint of the document warns of an invalid one.
        let max_length = number_attribute(verb, "maxLength")
            .filter(|length| (1..=MAX_LENGTH_LIMIT).contains(length));
        Self {
            started_at,
            max_length: Duration::from_secs(max_length.unwrap_or(default).min(limit)),
            timeout: (timeout > 0).then(|| Duration::from_secs(timeout)),
            finish_on_key: finish_on_key.to_owned(),
            sound: None,
            speech: String::new(),
        }
    }

    fn time_left(&self, now: Duration) -> Duration {
        let elapsed = now.saturating_sub(self.started_at);
        self.max_length.saturating_sub(elapsed)
    }

    /// Returns the time after which silence ends the recording.
    fn silence(&self, now: Duration) -> Duration {
        let left = self.time_left(now);
        self.timeout.map_or(left, |timeout| timeout.min(left))
    }

    /// Returns the duration, without the silence at both ends if `trims`. A recording of silence
    /// is not trimmed.
    fn length(&self, now: Duration, trims: bool) -> Duration {
        match self.sound {
            Some((from, until)) if trims => until.saturating_sub(from),
            _ => now.saturating_sub(self.started_at),
        }
    }
}

impl ActiveCall {
    /// Records speech until the phone presses a key of `finishOnKey`, stays silent or hangs up. By
    /// default, every key is one. There is no sound, so two words count as one second.
    pub(super) async fn record(&mut self, verb: &Node, base: Option<&Url>) -> Step {
        if is_transcribed(verb) && number_attribute(verb, "maxLength") > Some(LONGEST) {
            self.alert(
                13615,
                "the maxLength of a transcribed recording is at most 120",
            );
        }
        if verb.attribute("playBeep") != Some("false") {
            self.play(TranscriptAction::Audio, "beep".to_owned());
        }
        let options = RecordingOptions {
            callback: self.recording_callback(verb, base),
            ..RecordingOptions::new(RecordingSource::RecordVerb)
        };
        let sid = create(&self.context, self.sid, &options).sid;
        let mut take = Take::read(verb, self.reading());
        self.accepted_input = AcceptedInput::new(WaitFor::Recording);
        let end = self.take(&mut take).await;
        self.accepted_input = AcceptedInput::default();
        let ended_by = match end {
            TakeEnd::Finished(ended_by) => ended_by,
            TakeEnd::Interrupted(step) => {
                self.complete_take(sid, &take, verb, false);
                return step;
            }
        };
        if self.has_hung_up {
            // Ended before the `action` is requested, so that the request shows the final status.
            self.end(CallStatus::Completed);
        }
        let Some(seconds) = self.complete_take(sid, &take, verb, self.has_hung_up) else {
            return Step::End;
        };
        if is_transcribed(verb) {
            self.transcribe(verb, base, sid, &take.speech);
        }
        let mut fields = FormFields::new();
        fields.push("RecordingUrl", recording_url(&self.context, sid));
        fields.push("RecordingSid", sid.as_str());
        fields.push("RecordingDuration", seconds.to_string());
        fields.push("Digits", ended_by);
        self.request_action(WebhookKind::RecordAction, verb, base, fields)
            .await
    }

    /// Records until something ends the recording.
    async fn take(&mut self, take: &mut Take) -> TakeEnd {
        loop {
            let silence = take.silence(self.reading());
            if silence.is_zero() {
                return TakeEnd::Finished(String::new());
            }
            let mut timer = self
                .context
                .clock
                .timer(silence, TimerEvent::timeout("timeout of <Record>"));
            let Input::Command(queued) = self.next_input(&mut timer).await else {
                return TakeEnd::Finished(String::new());
            };
            match queued.command {
                CallCommand::Speak(_) => {
                    if let CallCommand::Speak(speech) = queued.accept() {
                        self.record_speech(take, &speech);
                    }
                }
                CallCommand::PressKeys(ref keys) => {
                    let mut keys = keys.chars();
                    let key = keys.find(|key| take.finish_on_key.contains(*key));
                    queued.accept();
                    if let Some(key) = key {
                        return TakeEnd::Finished(key.to_string());
                    }
                }
                CallCommand::StaySilent => {
                    queued.accept();
                    self.counted += silence;
                    return TakeEnd::Finished(String::new());
                }
                CallCommand::HangUp => {
                    self.has_hung_up = true;
                    return TakeEnd::Finished("hangup".to_owned());
                }
                _ => {
                    if let Some(step) = self.interrupt(queued) {
                        return TakeEnd::Interrupted(step);
                    }
                }
            }
        }
    }

    fn record_speech(&mut self, take: &mut Take, speech: &str) {
        let words = speech.split_whitespace().count() as u64;
        let length = Duration::from_secs(words.div_ceil(2).max(1));
        let from = self.reading();
        self.counted += length.min(take.time_left(from));
        let (first, _) = take.sound.unwrap_or((from, from));
        take.sound = Some((first, self.reading()));
        if !take.speech.is_empty() {
            take.speech.push(' ');
        }
        take.speech.push_str(speech);
    }

    /// Stores the recording. Returns its untrimmed duration in seconds, or `None` if it is too short
    /// to be kept: a phone that hangs up at once leaves none.
    fn complete_take(
        &self,
        sid: RecordingSid,
        take: &Take,
        verb: &Node,
        has_hung_up: bool,
    ) -> Option<u64> {
        let now = self.reading();
        let trims = verb.attribute("trim") != Some("do-not-trim");
        let whole = take.length(now, false);
        if whole.is_zero() && has_hung_up {
            complete(&self.context, sid, None);
            return None;
        }
        let audio = RecordedAudio {
            seconds: take.length(now, trims).as_secs().max(1),
            is_silent: take.sound.is_none(),
        };
        complete(&self.context, sid, Some(audio));
        Some(whole.as_secs().max(1))
    }
}
