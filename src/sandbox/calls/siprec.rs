//! Refuses `<Siprec>`: the account has no connector to a recorder.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/siprec>

use reqwest::Url;

use super::active_call::ActiveCall;
use super::recording::callback_target;
use crate::sandbox::state::{WebhookKind, rfc3339};
use crate::sandbox::webhooks;
use crate::twiml::Node;
use crate::types::SiprecSid;

/// Twilio's code for a connector that is not valid.
const INVALID_CONNECTOR: u32 = 31942;

impl ActiveCall {
    /// Adds an alert, and reports the error to the status callback.
    pub(super) fn refuse_siprec(&self, noun: &Node, base: Option<&Url>) {
        let message = "the sandbox has no SIPREC connectors";
        self.alert(INVALID_CONNECTOR, message);
        let Some(url) = noun.attribute("statusCallback") else {
            return;
        };
        let method = noun.attribute("statusCallbackMethod");
        let Some(target) = callback_target(url, method, base) else {
            return;
        };
        let sid: SiprecSid = self.context.ids.sid("SR");
        let mut fields = self.fields();
        fields.push("SiprecSid", sid.as_str());
        fields.push("SiprecName", noun.attribute("name").unwrap_or(sid.as_str()));
        fields.push("SiprecEvent", "siprec-error");
        let now = rfc3339(self.context.now()).unwrap_or_default();
        fields.push("Timestamp", now);
        fields.push("SiprecError", message);
        fields.push("SiprecErrorCode", INVALID_CONNECTOR.to_string());
        let (kind, call) = (WebhookKind::SiprecStatus, self.sid.as_str());
        webhooks::notify_in_background(&self.context, kind, call, &target, fields);
    }
}
