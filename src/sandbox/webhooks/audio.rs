//! Fetches the file of a `<Play>`.

use reqwest::Url;

use super::fault::send_with_fault;
use super::fields::FormFields;
use super::send::Response;
use super::url::is_permitted;
use super::webhook::{SendError, Webhook};
use crate::sandbox::context::Context;
use crate::sandbox::state::{AlertCause, WebhookKind, WebhookTarget};
use crate::types::Method;

/// Media types that Twilio plays.
///
/// Source: <https://www.twilio.com/docs/voice/twiml/play#supported-audio-file-types>
const PLAYABLE: [&str; 10] = [
    "audio/mpeg",
    "audio/wav",
    "audio/wave",
    "audio/x-wav",
    "audio/aiff",
    "audio/x-aifc",
    "audio/x-aiff",
    "audio/x-gsm",
    "audio/gsm",
    "audio/ulaw",
];

/// Fetches the file of a `<Play>` with a signed `GET`. A file on another machine is not fetched, and
/// counts as playable. `wrong_type` is the code of the alert about a file that Twilio does not play.
/// The error is the code of the alert that was added.
pub(crate) async fn fetch_audio(
    context: &Context,
    sid: &str,
    url: &Url,
    wrong_type: u32,
) -> Result<(), u32> {
    if !is_permitted(context, url) {
        return Ok(());
    }
    let kind = WebhookKind::Audio;
    let target = WebhookTarget::new(url.as_str(), Method::Get);
    let webhook = Webhook::new(context, kind, sid, &target, FormFields::new());
    let fault = context.webhook_fault(kind);
    let (cause, request) = match send_with_fault(context, webhook, fault).await {
        Ok(response) => match problem(&response, wrong_type) {
            None => return Ok(()),
            Some(cause) => (cause, Some(response.request)),
        },
        Err(SendError { cause, request, .. }) => (cause, request),
    };
    context.alert_about(cause, sid, request);
    Err(cause.code)
}

/// Returns the reason for which Twilio does not play a file.
fn problem(response: &Response, wrong_type: u32) -> Option<AlertCause> {
    if !response.status.is_success() {
        let message = "the file of a <Play> was answered with an error status";
        return Some(AlertCause::new(11200, message));
    }
    let message = "the file of a <Play> has a Content-Type that Twilio does not play";
    match response.media_type.as_deref() {
        Some(media_type) if PLAYABLE.contains(&media_type) => None,
        Some(_) => Some(AlertCause::new(wrong_type, message)),
        None => {
            let message = "the file of a <Play> has no Content-Type, which Twilio reports as 502";
            Some(AlertCause::new(11200, message))
        }
    }
}
