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
            advice: code.advice(),
            message: alert.message.to_string(),
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
