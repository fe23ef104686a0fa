//! An alert of the debugger.

use serde::Serialize;

use super::time::rfc3339_millis;
use crate::codes::ErrorCode;
use crate::sandbox::state::Alert;
use crate::sandbox::webhooks::{parse_url, without_credentials};

#[derive(Serialize)]
pub(in crate::sandbox::control) struct AlertView {
    sid: String,
    code: u32,
    level: String,
    /// Meaning of the code, in Twilio's table.
    title: &'static str,
    meaning: String,
    advice: Option<&'static str>,
    /// What happened here.
    message: String,
    /// URL of the request to the application.
    url: Option<String>,
    /// SID of the message, call or conference; empty without one.
    resource: String,
    at: String,
    /// Event of the timeline that the alert is about.
    event: Option<String>,
    group: Option<String>,
}

impl AlertView {
    pub(in crate::sandbox::control) fn new(alert: &Alert) -> Self {
        let code = ErrorCode::from(alert.code);
        Self {
            sid: alert.sid.clone(),
            code: alert.code,
            level: alert.level.clone(),
            title: code.meaning(),
            meaning: code.explanation().to_string(),
            advice: advice(alert, code),
            message: alert.message.to_string(),
            url: alert.request.as_ref().map(|it| shown(it.url.expose())),
            resource: alert.resource_sid.clone(),
            at: rfc3339_millis(alert.date_generated),
            event: alert
                .request
                .as_ref()
                .and_then(|request| request.event)
                .map(|event| event.to_string()),
            group: alert.group.map(|group| group.to_string()),
        }
    }
}

/// Returns a URL as it may be shown: without credentials.
fn shown(url: &str) -> String {
    parse_url(url).map_or_else(|| url.to_owned(), |url| without_credentials(&url).into())
}

/// Ends of messages that say what to do, where the sandbox knows more than Twilio could.
const REMEDIES: [&str; 3] = [
    "or correct the URL",
    "`Sandbox::map_origin`",
    "set its VoiceUrl",
];

/// Returns what to do, unless the message says it.
fn advice(alert: &Alert, code: ErrorCode) -> Option<&'static str> {
    const REFUSED: &str = "if the application checks signatures, it must check exactly this URL, with the auth token \
                           of the sandbox";
    let status = alert.request.as_ref().and_then(|it| it.response_status);
    if alert.code == 11200 && matches!(status, Some(401 | 403)) {
        return Some(REFUSED);
    }
    let says_remedy = REMEDIES.iter().any(|end| alert.message.ends_with(end));
    code.advice().filter(|_| !says_remedy)
}
