//! Consent of each person, read from their texts at Twilio as `send` does.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use clinspark_twilio::client::Client;
use clinspark_twilio::messenger::{Consent, ConsentGate, consent_gate_fn};
use clinspark_twilio::phone::{Address, E164};
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::webhook::ConsentError;

use crate::commands::consent::PastTexts;

/// Time for which consent that was read, such as for the preview, is not read again. A STOP in the
/// meantime is not missed: Twilio refuses the text then.
const KEPT: Duration = Duration::from_secs(10 * 60);

/// Consent that this run has read: an opt-out for good, consent for [`KEPT`].
#[derive(Default)]
struct Known(Mutex<HashMap<E164, (Instant, bool)>>);

impl Known {
    fn is_stop(&self, person: E164, now: Instant) -> Option<bool> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (read, is_stop) = known.get(&person)?;
        let is_fresh = now.saturating_duration_since(*read) < KEPT;
        (*is_stop || is_fresh).then_some(*is_stop)
    }

    fn keep(&self, person: E164, read: Instant, is_stop: bool) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(person, (read, is_stop));
    }
}

/// Makes a gate that withholds consent after a STOP, or after a text that may be one.
pub(super) fn past_texts_gate(client: Client) -> impl ConsentGate {
    let known = Arc::new(Known::default());
    consent_gate_fn(
        move |contact| {
            let (client, known) = (client.clone(), Arc::clone(&known));
            async move {
                // Before the texts are read: what arrives meanwhile is not among them.
                let now = Instant::now();
                if let Some(is_stop) = known.is_stop(contact.to, now) {
                    return Ok(Consent::given_if(!is_stop));
                }
                let person = Address::Phone(contact.to);
                let texts = PastTexts::read(&client, &person).await;
                let texts = texts.map_err(ConsentError::from)?;
                let last = texts.consent().map(|text| text.reply);
                let is_stop = matches!(last, Some(OptOut::Stop | OptOut::MaybeStop));
                known.keep(contact.to, now, is_stop);
                Ok(Consent::given_if(!is_stop))
            }
        },
        // The program receives no webhooks.
        |_event| async { Ok(()) },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consent_is_kept_for_minutes_and_a_stop_for_good() {
        let known = Known::default();
        let [yes, no] = ["+14155550123", "+14155550124"].map(|text| E164::parse(text).unwrap());
        let start = Instant::now();
        assert_eq!(known.is_stop(yes, start), None);
        known.keep(yes, start, false);
        known.keep(no, start, true);
        let last = start + KEPT.saturating_sub(Duration::from_nanos(1));
        assert_eq!(known.is_stop(yes, last), Some(false));
        let later = start + KEPT;
        assert_eq!(known.is_stop(yes, later), None);
        assert_eq!(known.is_stop(no, later + KEPT), Some(true));
    }
}
