//! An alert of the debugger.

use serde::Serialize;

use super::time::rfc3339_millis;
use crate::codes::ErrorCode;
use crate::sandbox::state::Alert;

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
            url: alert.request.as_ref().map(|it| it.url.expose().clone()),
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

/// Returns what to do. The message says it where the sandbox knows more than Twilio could.
fn advice(alert: &Alert, code: ErrorCode) -> Option<&'static str> {
    const REFUSED: &str = "if the application checks signatures, it must check exactly this URL, with the auth token \
                           of the sandbox";
    let status = alert.request.as_ref().and_then(|it| it.response_status);
    match (alert.code, status) {
        (11100 | 11205 | 11210, None) => None,
        (11200, Some(401 | 403)) => Some(REFUSED),
        _ => code.advice(),
    }
}
