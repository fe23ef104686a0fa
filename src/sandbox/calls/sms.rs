//! Runs `<Sms>`: sends a text during a call.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/sms>

use reqwest::Url;

use super::active_call::ActiveCall;
use super::step::Step;
use crate::phone::Address;
use crate::sandbox::messages::checks::{self, Refusal};
use crate::sandbox::messages::{self, NewMessage};
use crate::sandbox::state::{MessageOptions, WebhookKind};
use crate::sandbox::webhooks::FormFields;
use crate::twiml::Node;
use crate::types::{CallDirection, MessageDirection};

impl ActiveCall {
    /// Sends the text, unless Twilio would refuse it, and requests the `action`.
    pub(super) async fn sms(&mut self, verb: &Node, base: Option<&Url>) -> Step {
        let mut fields = FormFields::new();
        match self.text_of(verb, base) {
            Ok(new) => {
                let message = messages::create(&self.context, new);
                messages::start(&self.context, &message);
                fields.push("SmsSid", message.sid.as_str());
                fields.push("SmsStatus", "sending");
            }
            Err(code) => {
                self.alert(code, "the text of an <Sms> was not sent");
                fields.push("SmsStatus", "invalid");
            }
        }
        // Unlike other verbs, it does not return to the document's own URL.
        if verb.attribute("action").is_none() {
            return Step::NextVerb;
        }
        self.request_action(WebhookKind::SmsAction, verb, base, fields)
            .await
    }

    /// Returns the text to send. The error is the code of the alert.
    fn text_of(&self, verb: &Node, base: Option<&Url>) -> Result<NewMessage, u32> {
        let context = &self.context;
        let (ours, theirs) = self.parties();
        let body = verb.text().trim().to_owned();
        let to = verb.attribute("to").map_or(theirs, str::to_owned);
        let to = checks::recipient(&to).map_err(|refusal| match refusal.code {
            21211 => 14101,
            code => code,
        })?;
        let from = verb.attribute("from").map_or(ours, str::to_owned);
        let checked = || -> Result<Address, Refusal> {
            checks::check_account(context)?;
            checks::check_country(context, to)?;
            let from = checks::sender(context, &from, to, None)?;
            checks::check_opt_out(context, Some(&from), &to.into(), None)?;
            checks::check_body(&body, false)?;
            Ok(from)
        };
        let from = checked().map_err(|refusal| match refusal.code {
            21606 if self.owns(&from) => 14108,
            21606 | 21212 => 14102,
            21602 => 14103,
            code => code,
        })?;
        let callback = verb.attribute("statusCallback");
        Ok(NewMessage {
            from: Some(from),
            to: to.into(),
            body,
            media_urls: Vec::new(),
            messaging_service_sid: None,
            send_at: None,
            direction: MessageDirection::OutboundCall,
            status_callback: callback.and_then(|url| self.target_of(Some(url), None, base)),
            options: MessageOptions::default(),
            files: Vec::new(),
        })
    }

    /// Returns the address of the account in the call, and that of the person.
    fn parties(&self) -> (String, String) {
        let Some(call) = self.stored() else {
            return Default::default();
        };
        let (from, to) = (call.from.expose(), call.to.expose());
        match call.direction {
            CallDirection::Inbound => (to, from),
            _ => (from, to),
        }
    }

    fn owns(&self, number: &str) -> bool {
        let number = Address::parse(number);
        self.context
            .read(|state| state.number_at(&number).is_some())
    }
}
