//! Two uses of a webhook: reporting a status, and fetching instructions.

use super::fields::FormFields;
use super::send::{Response, send};
use crate::sandbox::context::Context;
use crate::sandbox::state::{AlertCause, Document, WebhookKind, WebhookTarget};

/// Twilio's limit for the TwiML of a response: 64 KB.
const TWIML_LIMIT: usize = 64 * 1024;

/// Reports a status to the application. The response is ignored, except that an error is an alert.
pub(crate) async fn notify(
    context: &Context,
    kind: WebhookKind,
    sid: &str,
    target: &WebhookTarget,
    fields: FormFields,
) {
    let cause = match send(context, kind, sid, target, fields).await {
        Ok(response) if response.status.is_success() => return,
        // Twilio has a code of its own for the status callback of a call.
        Ok(_) => AlertCause::new(
            if kind == WebhookKind::CallStatus {
                15003
            } else {
                11200
            },
            "the status callback was answered with an error status",
        ),
        Err(cause) => cause,
    };
    context.alert(cause.code, cause.message, sid);
}

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
    let response = send(context, kind, sid, target, fields.clone()).await;
    let cause = match response.and_then(read) {
        Ok(document) => return Some(document),
        Err(cause) => cause,
    };
    context.alert(cause.code, cause.message, sid);
    let fallback = fallback?;
    // The fallback receives the fields of the first request, and the error.
    fields.push("ErrorCode", cause.code.to_string());
    // The fragment holds connection overrides for Twilio, which applications never receive.
    let url = target.url.expose().split('#').next().unwrap_or_default();
    fields.push("ErrorUrl", url);
    let response = send(context, kind, sid, fallback, fields).await;
    match response.and_then(read) {
        Ok(document) => Some(document),
        Err(cause) => {
            context.alert(cause.code, cause.message, sid);
            None
        }
    }
}

fn read(response: Response) -> Result<Document, AlertCause> {
    if !response.status.is_success() {
        let message = "the webhook was answered with an error status";
        return Err(AlertCause::new(11200, message));
    }
    if response.body.len() > TWIML_LIMIT {
        return Err(AlertCause::new(
            11750,
            "the response is larger than Twilio's limit of 64 KB",
        ));
    }
    if response.body.trim().is_empty() {
        return Ok(Document::Empty);
    }
    // Twilio also parses `text/html` as TwiML.
    match response.media_type.as_str() {
        "text/xml" | "application/xml" | "text/html" => {
            Document::read_twiml(&response.body, Some(response.url))
        }
        "text/plain" => Ok(Document::Text(response.body)),
        _ => Err(AlertCause::new(
            12300,
            "Twilio does not read the Content-Type of the response; send TwiML as text/xml",
        )),
    }
}
