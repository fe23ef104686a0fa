//! Fetches instructions from the application.

use super::fault::send_with_fault;
use super::fields::FormFields;
use super::lint::warn;
use super::read::read;
use super::webhook::{SendError, Webhook};
use crate::sandbox::context::Context;
use crate::sandbox::state::{Document, WebhookKind, WebhookTarget};

/// Fetches instructions from the application, or from the fallback URL if the first response is
/// unusable. Returns `None` if both are unusable; the alerts contain the causes.
pub(crate) async fn fetch_document(
    context: &Context,
    kind: WebhookKind,
    sid: &str,
    target: &WebhookTarget,
    fallback: Option<&WebhookTarget>,
    mut fields: FormFields,
) -> Option<Document> {
    let first = Webhook::new(context, kind, sid, target, fields.clone());
    let code = match fetch(context, first).await {
        Ok(document) => return Some(document),
        Err(code) => code,
    };
    let fallback = fallback?;
    // The fallback receives the fields of the first request, and the error.
    fields.push("ErrorCode", code.to_string());
    // The fragment holds connection overrides for Twilio, which applications never receive.
    let url = target.url.expose().split('#').next().unwrap_or_default();
    fields.push("ErrorUrl", url);
    let second = Webhook::new(context, kind, sid, fallback, fields);
    fetch(context, second).await.ok()
}

/// Fetches and checks a document. The error is the code of the alert.
async fn fetch(context: &Context, webhook: Webhook) -> Result<Document, u32> {
    let (kind, sid) = (webhook.kind, webhook.sid.clone());
    let fault = context.webhook_fault(kind);
    let result = match send_with_fault(context, webhook, fault).await {
        Ok(response) => read(kind, &response).map_err(|cause| (cause, Some(response.request))),
        Err(SendError { cause, request, .. }) => Err((cause, request)),
    };
    match result {
        Ok(document) => {
            warn(context, kind, &sid, &document);
            Ok(document)
        }
        Err((cause, request)) => {
            context.alert_about(cause, &sid, request);
            Err(cause.code)
        }
    }
}
