//! An event of the timeline: a request to the API, or a webhook.

use std::collections::HashMap;

use serde::Serialize;

use super::time::{millis, rfc3339_millis};
use crate::sandbox::state::{EventId, ReceivedRequest, SentWebhook, State};

/// Newest alerts that are searched for the reason of an event.
const SEARCHED: usize = 1_000;

#[derive(Serialize)]
pub(in crate::sandbox::control) struct EventView {
    id: String,
    group: Option<String>,
    kind: &'static str,
    method: String,
    /// Path without version and account.
    path: String,
    url: String,
    /// HTTP status of the response; `None` while there is none.
    status: Option<u16>,
    duration_ms: Option<u64>,
    at: String,
    /// Status that the event reports, such as `delivered`.
    small: Option<String>,
    signature: Option<&'static str>,
    /// Fault that affected the event.
    fault: Option<String>,
    /// What went wrong, in one line.
    reason: Option<String>,
    /// Pairs of a name and a value, in the order sent.
    parameters: Vec<(String, String)>,
    response_type: Option<String>,
    response_body: String,
    attempt: u32,
    redirects: u32,
    webhook_kind: Option<&'static str>,
}

/// Messages of alerts by the events that they are about.
pub(in crate::sandbox::control) struct Reasons<'a>(HashMap<EventId, &'a str>);

impl<'a> Reasons<'a> {
    pub(in crate::sandbox::control) fn new(state: &'a State) -> Self {
        let newest = state.alerts.iter().rev().take(SEARCHED);
        let about = newest.filter_map(|(_, alert)| {
            let event = alert.request.as_ref()?.event?;
            Some((event, alert.message.as_ref()))
        });
        Self(about.collect())
    }
}

impl EventView {
    /// Returns the event; `None` if it was removed.
    pub(in crate::sandbox::control) fn new(
        state: &State,
        reasons: &Reasons<'_>,
        base_url: &str,
        id: EventId,
    ) -> Option<Self> {
        let mut view = match id {
            EventId::Request(serial) => {
                Self::of_request(state.timeline.request(serial)?, id, base_url)
            }
            EventId::Webhook(serial) => Self::of_webhook(state.webhooks.get(serial)?, id),
        };
        if let Some(reason) = reasons.0.get(&id) {
            view.reason = Some((*reason).to_owned());
        }
        Some(view)
    }

    fn of_request(request: &ReceivedRequest, id: EventId, base_url: &str) -> Self {
        let body = request.response_body.expose();
        let is_error = request.status.is_some_and(|status| status >= 400);
        Self {
            id: id.to_string(),
            group: Some(request.group.to_string()),
            kind: "api",
            method: request.method.clone(),
            path: request.short_path().to_owned(),
            url: format!("{base_url}{}", request.path.expose()),
            status: request.status,
            duration_ms: request.duration.map(millis),
            at: rfc3339_millis(request.received_at),
            small: (request.times > 1).then(|| format!("{} times", request.times)),
            signature: None,
            fault: request.fault.map(|fault| fault.0.to_string()),
            reason: is_error.then(|| message_of(body)).flatten(),
            parameters: request.parameters.expose().clone(),
            response_type: request.response_type.clone(),
            response_body: body.clone(),
            attempt: 1,
            redirects: 0,
            webhook_kind: None,
        }
    }

    fn of_webhook(sent: &SentWebhook, id: EventId) -> Self {
        let url = sent.url.expose();
        Self {
            id: id.to_string(),
            group: sent.group.map(|group| group.to_string()),
            kind: "webhook",
            method: sent.method.as_str().to_owned(),
            path: path_of(url).to_owned(),
            url: url.clone(),
            status: sent.status,
            duration_ms: sent.duration.map(millis),
            at: rfc3339_millis(sent.sent_at),
            small: reported_status(sent),
            signature: Some(if sent.is_forged { "forged" } else { "valid" }),
            fault: sent.fault.map(|fault| fault.0.to_string()),
            reason: (sent.status.is_none() && sent.duration.is_some())
                .then(|| "the application did not answer".to_owned()),
            parameters: sent.parameters.expose().clone(),
            response_type: sent.response_type.clone(),
            response_body: sent.response_body.expose().clone(),
            attempt: sent.attempt,
            redirects: sent.redirects,
            webhook_kind: Some(sent.kind.as_str()),
        }
    }
}

/// Error response of the REST API.
#[derive(serde::Deserialize)]
struct ApiErrorBody {
    message: String,
}

fn message_of(body: &str) -> Option<String> {
    let error: ApiErrorBody = serde_json::from_str(body).ok()?;
    Some(error.message)
}

/// Returns the path and the query of a URL.
fn path_of(url: &str) -> &str {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let start = after_scheme.find(['/', '?']);
    start
        .and_then(|start| after_scheme.get(start..))
        .unwrap_or("/")
}

/// Returns the status that a webhook reports.
fn reported_status(sent: &SentWebhook) -> Option<String> {
    const NAMES: [&str; 5] = [
        "MessageStatus",
        "CallStatus",
        "RecordingStatus",
        "StatusCallbackEvent",
        "StreamEvent",
    ];
    if !sent.kind.is_status() {
        return None;
    }
    let parameters = sent.parameters.expose();
    let value = |wanted: &str| parameters.iter().find(|(name, _)| name == wanted);
    let found = NAMES.iter().find_map(|name| value(name));
    found.map(|(_, value)| value.clone())
}
