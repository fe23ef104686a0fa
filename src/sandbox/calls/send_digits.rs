//! Plays keys to a phone that has answered.

use std::time::Duration;

use super::active_call::ActiveCall;
use super::step::Step;
use crate::sandbox::state::TranscriptAction;

/// Length of the tone of a key, with the silence after it.
const TONE: Duration = Duration::from_millis(100);

impl ActiveCall {
    /// Plays keys: `w` waits half a second, `W` one second. The phone hears them as
    /// [`PhoneCall::hear`](crate::sandbox::PhoneCall::hear) says. Returns the next step if a command
    /// interrupts the call.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource>
    pub(super) async fn send_digits(&mut self, digits: &str) -> Option<Step> {
        self.play(TranscriptAction::Keys, digits.to_owned());
        self.pass(digits_length(digits), false).await.interruption()
    }
}

/// Returns the time that keys and pauses take.
pub(super) fn digits_length(digits: &str) -> Duration {
    let lengths = digits.chars().map(|key| match key {
        'w' => Duration::from_millis(500),
        'W' => Duration::from_secs(1),
        _ => TONE,
    });
    lengths.sum()
}

/// Reports whether a text holds only keys and pauses.
pub(crate) fn is_digits(text: &str) -> bool {
    let is_key = |key: char| key.is_ascii_digit() || "ABCDabcdwW#*".contains(key);
    !text.is_empty() && text.chars().all(is_key)
}
