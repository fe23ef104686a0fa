//! A webhook to send, and the failure to send it.

use reqwest::Url;

use super::fields::FormFields;
use super::overrides::AttemptFailure;
use super::url::without_credentials;
use crate::sandbox::context::Context;
use crate::sandbox::state::{AlertCause, AlertRequest, FaultId, WebhookKind, WebhookTarget};
use crate::types::{Method, Redacted};

/// A webhook to send. Clones are the same webhook: they have the same idempotency token.
#[derive(Clone)]
pub(super) struct Webhook {
    pub(super) kind: WebhookKind,
    /// SID of the message, call or conference.
    pub(super) sid: String,
    pub(super) target: WebhookTarget,
    pub(super) fields: FormFields,
    /// Value of `I-Twilio-Idempotency-Token`, which retries share.
    pub(super) token: String,
    /// Set by a fault of the test: another key signs the webhook.
    pub(super) is_forged: bool,
    /// Fault of the test that affects the webhook.
    pub(super) fault: Option<FaultId>,
}

impl Webhook {
    pub(super) fn new(
        context: &Context,
        kind: WebhookKind,
        sid: &str,
        target: &WebhookTarget,
        fields: FormFields,
    ) -> Self {
        Self {
            kind,
            sid: sid.to_owned(),
            target: target.clone(),
            fields,
            token: context.ids.hex_digits(),
            is_forged: false,
            fault: None,
        }
    }

    /// Returns the error of a webhook that was not sent.
    pub(super) fn unsent(&self, cause: AlertCause) -> SendError {
        SendError {
            cause,
            failure: AttemptFailure::Final,
            request: Some(AlertRequest::unsent(
                self.target.method,
                self.target.url.clone(),
            )),
        }
    }
}

/// Failure of a webhook without a response.
pub(super) struct SendError {
    pub(super) cause: AlertCause,
    pub(super) failure: AttemptFailure,
    pub(super) request: Option<AlertRequest>,
}

impl SendError {
    /// Returns the error of an HTTP request that was not sent.
    pub(super) fn unsent(cause: AlertCause, method: Method, url: &Url) -> Self {
        let url = Redacted::new(without_credentials(url).into());
        Self {
            cause,
            failure: AttemptFailure::Final,
            request: Some(AlertRequest::unsent(method, url)),
        }
    }
}
