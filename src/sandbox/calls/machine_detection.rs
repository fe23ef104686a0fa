//! Answering-machine detection (AMD).
//!
//! Source: <https://www.twilio.com/docs/voice/answering-machine-detection>

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use super::active_call::ActiveCall;
use super::commands::Passed;
use super::step::Step;
use crate::sandbox::clock::ClockMode;
use crate::sandbox::context::Context;
use crate::sandbox::state::{AlertCause, AnswerBehavior, CallEntry, WebhookKind, WebhookTarget};
use crate::sandbox::webhooks::{self, FormFields};
use crate::types::{AnsweredBy, CallSid};

/// Length of a person's greeting, such as "Hello?".
const HELLO: Duration = Duration::from_millis(800);
/// Time in which the tone of a fax machine is detected.
const FAX_TONE: Duration = Duration::from_secs(2);
/// Time from the end of a greeting until its beep is detected.
const BEEP: Duration = Duration::from_millis(500);

const INVALID: AlertCause = AlertCause::new(
    21263,
    "a parameter of answering-machine detection is invalid; its default is used",
);

/// Settings of answering-machine detection.
pub(crate) struct MachineDetection {
    /// Set for `DetectMessageEnd`: the end of a machine's greeting is awaited.
    awaits_end: bool,
    timeout: Duration,
    speech_threshold: Duration,
    speech_end_threshold: Duration,
    silence_timeout: Duration,
    /// Receives the result. Without it, the result is in the call's request for instructions.
    callback: Option<WebhookTarget>,
    /// Set if the call does not wait for the result.
    is_async: bool,
}

impl MachineDetection {
    /// Reads the settings. `get` returns the parameter with a suffix: `""` is `MachineDetection`
    /// itself, `"Timeout"` is `MachineDetectionTimeout`. Invalid values are added to `alerts`.
    pub(crate) fn read<'a>(
        get: impl Fn(&str) -> Option<&'a str>,
        alerts: &mut Vec<AlertCause>,
    ) -> Option<Self> {
        let awaits_end = match get("")? {
            "Enable" => false,
            "DetectMessageEnd" => true,
            _ => {
                alerts.push(INVALID);
                return None;
            }
        };
        let mut number = |suffix: &str, bounds: RangeInclusive<u64>, default: u64| {
            let Some(text) = get(suffix) else {
                return default;
            };
            let value = text.parse().ok().filter(|value| bounds.contains(value));
            if value.is_none() {
                alerts.push(INVALID);
            }
            value.unwrap_or(default)
        };
        Some(Self {
            awaits_end,
            timeout: Duration::from_secs(number("Timeout", 3..=60, 30)),
            speech_threshold: Duration::from_millis(number("SpeechThreshold", 1000..=6000, 2400)),
            speech_end_threshold: Duration::from_millis(number(
                "SpeechEndThreshold",
                500..=5000,
                1200,
            )),
            silence_timeout: Duration::from_millis(number("SilenceTimeout", 2000..=10_000, 5000)),
            callback: None,
            is_async: false,
        })
    }

    /// Makes the detection asynchronous. Its result goes to `callback`; without one, it is only in
    /// the call resource, and an alert says so.
    pub(crate) fn with_callback(
        mut self,
        callback: Option<WebhookTarget>,
        alerts: &mut Vec<AlertCause>,
    ) -> Self {
        if callback.is_none() {
            alerts.push(AlertCause::new(
                21262,
                "asynchronous answering-machine detection has no callback URL",
            ));
        }
        self.callback = callback;
        self.is_async = true;
        self
    }

    /// Returns the result for a phone that answered, and the time after the answer at which it is
    /// known.
    fn result(&self, behavior: AnswerBehavior) -> (AnsweredBy, Duration) {
        let (answered_by, after) = match behavior {
            AnswerBehavior::Fax => (AnsweredBy::Fax, FAX_TONE),
            AnswerBehavior::Silence => (AnsweredBy::Undetermined, self.silence_timeout),
            AnswerBehavior::Machine { greeting, beeps } if greeting > self.speech_threshold => {
                match (self.awaits_end, beeps) {
                    (false, _) => (AnsweredBy::MachineStart, self.speech_threshold),
                    (true, true) => (AnsweredBy::MachineEndBeep, greeting.saturating_add(BEEP)),
                    (true, false) => {
                        let end = greeting.saturating_add(self.speech_end_threshold);
                        (AnsweredBy::MachineEndSilence, end)
                    }
                }
            }
            // A short greeting is taken for a person's.
            AnswerBehavior::Machine { greeting, .. } => {
                (AnsweredBy::Human, greeting + self.speech_end_threshold)
            }
            _ => (AnsweredBy::Human, HELLO + self.speech_end_threshold),
        };
        if after > self.timeout {
            return (AnsweredBy::Undetermined, self.timeout);
        }
        (answered_by, after)
    }
}

impl ActiveCall {
    /// Detects who answered. A synchronous detection takes its time and adds the result to the next
    /// request for instructions; an asynchronous one runs beside the call. Returns the next step if
    /// a command interrupts the call.
    pub(super) async fn detect_machine(
        &mut self,
        detection: MachineDetection,
        behavior: AnswerBehavior,
    ) -> Option<Step> {
        let (answered_by, after) = detection.result(behavior);
        if detection.is_async {
            report_later(
                &self.context,
                self.sid,
                detection.callback,
                answered_by,
                after,
            );
            return None;
        }
        if let Passed::Interrupted(step) = self.pass(after, false).await {
            return Some(step);
        }
        self.first_fields = fields_of(&answered_by, after);
        store(&self.context, self.sid, answered_by);
        None
    }
}

/// Stores and reports the result of a detection when it is known. A call that ends before has none.
fn report_later(
    context: &Arc<Context>,
    sid: CallSid,
    callback: Option<WebhookTarget>,
    answered_by: AnsweredBy,
    after: Duration,
) {
    let shared = Arc::clone(context);
    context.spawn(|activity| async move {
        let context = shared;
        let mut activity = Some(activity);
        context
            .clock
            .pass(after, "end of machine detection", &mut activity)
            .await;
        let has_ended = context.read(|state| state.call(sid).is_none_or(CallEntry::has_ended));
        // When no time passes, the whole call may be over already.
        if has_ended && context.clock.mode() != ClockMode::Instant {
            return;
        }
        let result = fields_of(&answered_by, after);
        store(&context, sid, answered_by);
        if let Some(callback) = callback {
            let mut fields = FormFields::new();
            fields.push("CallSid", sid.as_str());
            fields.push("AccountSid", context.account_sid.as_str());
            fields.extend(result);
            let kind = WebhookKind::MachineDetection;
            webhooks::notify(&context, kind, sid.as_str(), &callback, fields).await;
        }
        drop(activity);
    });
}

fn fields_of(answered_by: &AnsweredBy, after: Duration) -> FormFields {
    let mut fields = FormFields::new();
    fields.push("AnsweredBy", answered_by.as_str());
    fields.push("MachineDetectionDuration", after.as_millis().to_string());
    fields
}

fn store(context: &Context, sid: CallSid, answered_by: AnsweredBy) {
    context.update(|state| {
        if let Some(entry) = state.call_mut(sid) {
            entry.call.answered_by = Some(answered_by);
        }
    });
}
