//! Sends a webhook of the log again.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::fields::FormFields;
use super::send::send;
use super::webhook::Webhook;
use crate::sandbox::context::Context;
use crate::sandbox::state::{SentWebhook, WebhookTarget};
use crate::types::Method;

/// Sends a webhook again, in its group, with a new signature and a new idempotency token. The response
/// is logged and has no effect. Returns a receiver that ends after the response.
pub(crate) fn send_again(
    context: &Arc<Context>,
    sent: &SentWebhook,
    is_forged: bool,
) -> oneshot::Receiver<()> {
    let mut fields = FormFields::new();
    for (name, value) in sent.parameters.expose() {
        fields.push(name, value.clone());
    }
    let target = WebhookTarget::new(url_without(sent, &fields), sent.method);
    let mut webhook = Webhook::new(context, sent.kind, &sent.sid, &target, fields);
    webhook.is_forged = is_forged;
    let (done, ended) = oneshot::channel();
    let context_of_task = Arc::clone(context);
    let start = || {
        context.spawn(|activity| async move {
            // An error is in the log: a webhook without a response.
            let _ = send(&context_of_task, &webhook).await;
            // The client may have stopped waiting.
            let _ = done.send(());
            drop(activity);
        });
    };
    match sent.group {
        Some(group) => Context::because_of(group, start),
        None => start(),
    }
    ended
}

/// Returns the URL of a webhook without the fields that a `GET` has in its query.
fn url_without<'a>(sent: &'a SentWebhook, fields: &FormFields) -> &'a str {
    let url = sent.url.expose().as_str();
    if sent.method != Method::Get {
        return url;
    }
    let encoded = fields.encode().unwrap_or_default();
    let stripped = url.strip_suffix(&encoded).filter(|_| !encoded.is_empty());
    stripped.map_or(url, |url| url.trim_end_matches(['?', '&']))
}
