//! Rows: taking a payment.

use super::element::element;
use super::response::VoiceResponse;

element! {
    /// What Twilio says at one step of a [`Pay`](super::Pay).
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/prompt>
    Prompt = "Prompt" in [VoiceResponse];

    /// Awaits what to say or play.
    new();
}
