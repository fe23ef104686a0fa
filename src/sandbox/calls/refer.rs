//! Runs `<Refer>`: transfers a SIP endpoint to another address.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/refer>

use reqwest::Url;

use super::active_call::ActiveCall;
use super::step::Step;
use crate::phone::{Address, SipUri};
use crate::sandbox::state::{AnswerBehavior, TranscriptAction, WebhookKind};
use crate::sandbox::webhooks::FormFields;
use crate::twiml::Node;
use crate::types::CallDirection;

impl ActiveCall {
    /// Sends the endpoint to the address of the `<Sip>`. Every endpoint accepts; the behavior of the
    /// target decides whether the transfer succeeds.
    pub(super) async fn refer(&mut self, verb: &Node, base: Option<&Url>) -> Step {
        let call = self.stored();
        let endpoint = call.map(|call| match call.direction {
            CallDirection::Inbound => call.from,
            _ => call.to,
        });
        if !matches!(endpoint, Some(Address::Sip(_))) {
            self.alert(13801, "<Refer> works only in a call with a SIP endpoint");
            return Step::NextVerb;
        }
        let target = verb.find("Sip").map(Node::text).unwrap_or_default();
        let Ok(target) = SipUri::parse(target.trim()) else {
            self.alert(13243, "the <Refer> names no SIP URI");
            return Step::NextVerb;
        };
        self.play(TranscriptAction::Transfer, target.expose().to_owned());
        if verb.attribute("action").is_none() {
            return Step::NextVerb;
        }
        let (status, code) = self
            .context
            .read(|state| {
                let target = state.phones.get(&Address::Sip(target))?;
                target.is_in_use.then(|| notified(target.answer))
            })
            // A target outside the sandbox answers.
            .unwrap_or_else(|| notified(AnswerBehavior::Answer));
        let mut fields = FormFields::new();
        fields.push("ReferCallStatus", status);
        // The endpoint accepts the REFER, then reports the answer of the target.
        fields.push("ReferSipResponseCode", "202");
        fields.push("NotifySipResponseCode", code);
        self.request_action(WebhookKind::Refer, verb, base, fields)
            .await
    }
}

/// Returns the status of a transfer and the SIP code of its NOTIFY, by the behavior of the target.
const fn notified(target: AnswerBehavior) -> (&'static str, &'static str) {
    match target {
        AnswerBehavior::Busy => ("busy", "486"),
        AnswerBehavior::NoAnswer => ("no-answer", "487"),
        _ => ("completed", "200"),
    }
}
