//! Consent of each person, read from their texts at Twilio as `send` does, and the reason why consent is
//! withheld.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use clinspark_twilio::Messenger;
use clinspark_twilio::client::Client;
use clinspark_twilio::messenger::{Consent, ConsentGate, consent_gate_fn};
use clinspark_twilio::outbox::{
    BatchText, Begin, CheckedBatchText, Deliver, Listing, Reason, Undelivered,
};
use clinspark_twilio::phone::{Address, E164};
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::types::{BoxFuture, MessageSid, Redacted};
use clinspark_twilio::webhook::ConsentError;

use crate::commands::consent::PastTexts;

/// Reason of each person without consent, as last read.
#[derive(Clone, Default)]
pub(super) struct Withheld(Arc<Mutex<HashMap<E164, Reason>>>);

impl Withheld {
    fn record(&self, person: E164, reason: Option<Reason>) {
        let mut reasons = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match reason {
            Some(reason) => reasons.insert(person, reason),
            None => reasons.remove(&person),
        };
    }

    fn reason(&self, person: E164) -> Option<Reason> {
        let reasons = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reasons.get(&person).cloned()
    }
}

/// Makes a gate that withholds consent after a STOP, or after a text that may be one.
///
/// It reads the texts each time, also right after the preview: Twilio refuses a text after a STOP by
/// itself, but not after "please stop texting me".
pub(super) fn past_texts_gate(client: Client, withheld: Withheld) -> impl ConsentGate {
    consent_gate_fn(
        move |contact| read_consent(client.clone(), withheld.clone(), contact.to),
        // The program receives no webhooks.
        |_event| async { Ok(()) },
    )
}

async fn read_consent(
    client: Client,
    withheld: Withheld,
    person: E164,
) -> Result<Consent, ConsentError> {
    let texts = PastTexts::read(&client, &Address::Phone(person)).await?;
    let reason = objection(&texts);
    let consents = reason.is_none();
    withheld.record(person, reason);
    Ok(Consent::given_if(consents))
}

/// Returns the reason why a person may not be texted, if there is one.
fn objection(texts: &PastTexts) -> Option<Reason> {
    match texts.consent() {
        Some(text) if text.reply == OptOut::Stop => {
            let sid = text.sid;
            return Some(Reason::new(&format!(
                "the person texted STOP ({sid}); do not contact them until they text START"
            )));
        }
        Some(text) if text.reply.forbids_texting() => {
            let sid = text.sid;
            return Some(Reason::new(&format!(
                "{sid} of the person may be an opt-out; read it in Twilio's console, and contact them \
                 through the instance if it is none"
            )));
        }
        _ => {}
    }
    texts.may_hide_stop().then(|| {
        Reason::new(
            "a text of the person has no stored body, and may be a STOP; contact them through the \
             instance, which records their consent",
        )
    })
}

/// Messenger that names the reason of the gate in place of the gate.
pub(super) struct Explained {
    pub(super) messenger: Messenger,
    pub(super) withheld: Withheld,
}

impl Explained {
    /// Forgets the reason of an earlier check, before the gates are asked again.
    fn forget(&self, number: &Redacted<String>) {
        if let Ok(person) = self.messenger.normalizer().normalize(number.expose()) {
            self.withheld.record(person.e164(), None);
        }
    }

    fn explain(&self, number: &Redacted<String>, error: Undelivered) -> Undelivered {
        let Undelivered::Refused { code: None, .. } = &error else {
            return error;
        };
        // As the messenger reads it. A number that it refuses reached no gate.
        let person = self.messenger.normalizer().normalize(number.expose());
        let reason = person.ok().and_then(|it| self.withheld.reason(it.e164()));
        match reason {
            Some(reason) => Undelivered::Refused { code: None, reason },
            None => error,
        }
    }
}

impl Deliver for Explained {
    fn deliver<'a>(
        &'a self,
        text: BatchText<'a>,
        begin: Begin<'a>,
    ) -> BoxFuture<'a, Result<MessageSid, Undelivered>> {
        let number = text.number;
        self.forget(number);
        let sent = self.messenger.deliver(text, begin);
        Box::pin(async move { sent.await.map_err(|error| self.explain(number, error)) })
    }

    fn check<'a>(
        &'a self,
        text: BatchText<'a>,
    ) -> BoxFuture<'a, Result<CheckedBatchText, Undelivered>> {
        let number = text.number;
        self.forget(number);
        let checked = self.messenger.check(text);
        Box::pin(async move { checked.await.map_err(|error| self.explain(number, error)) })
    }

    fn list<'a>(
        &'a self,
        number: &'a Redacted<String>,
    ) -> BoxFuture<'a, Result<Listing, Undelivered>> {
        self.messenger.list(number)
    }
}

#[cfg(test)]
mod tests {
    use clinspark_twilio::client::{Credentials, Delivery};
    use clinspark_twilio::sandbox::Sandbox;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_free_worded_stop_after_the_preview_is_not_missed() {
        let twilio = Sandbox::start().await.unwrap();
        let clinic = E164::parse("+61255501234").unwrap();
        twilio.add_number(clinic);
        let credentials =
            Credentials::auth_token(twilio.account_sid(), twilio.auth_token().clone());
        let client = Client::builder(credentials, Delivery::Live).base_url(twilio.base_url());
        let withheld = Withheld::default();
        let client = client.build().unwrap();
        let person = E164::parse("+61491570156").unwrap();
        let phone = twilio.phone(person);
        for (text, expected, reason) in [
            ("See you", Consent::Given, None),
            (
                "please stop texting me",
                Consent::Withheld,
                Some("may be an opt-out"),
            ),
            ("START", Consent::Given, None),
            ("STOP", Consent::Withheld, Some("texted STOP (SM")),
        ] {
            phone.text(clinic, text).await.unwrap();
            let consent = read_consent(client.clone(), withheld.clone(), person).await;
            assert_eq!(consent.unwrap(), expected, "{text}");
            let found = withheld.reason(person);
            let found = found.as_ref().map(Reason::as_str);
            assert_eq!(found.is_some(), reason.is_some(), "{text}");
            let holds = |(found, reason): (&str, &str)| found.contains(reason);
            assert!(found.zip(reason).is_none_or(holds), "{found:?}");
        }
    }
}
