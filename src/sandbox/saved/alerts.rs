//! Alerts in the saved state.

use serde::{Deserialize, Serialize};

use super::values::{SavedMethod, SavedTime};
use crate::sandbox::state::{Alert, AlertRequest};
use crate::types::Redacted;

#[derive(Deserialize, Serialize)]
pub(super) struct SavedAlert {
    sid: String,
    code: u32,
    level: String,
    message: String,
    resource_sid: String,
    date_generated: SavedTime,
    request: Option<SavedRequest>,
}

#[derive(Deserialize, Serialize)]
struct SavedRequest {
    method: SavedMethod,
    url: String,
    parameters: Vec<(String, String)>,
    response_status: Option<u16>,
    response_body: String,
}

impl From<&Alert> for SavedAlert {
    fn from(alert: &Alert) -> Self {
        let request = alert.request.as_ref();
        Self {
            sid: alert.sid.clone(),
            code: alert.code,
            level: alert.level.clone(),
            message: alert.message.clone().into_owned(),
            resource_sid: alert.resource_sid.clone(),
            date_generated: SavedTime(alert.date_generated),
            request: request.map(|request| SavedRequest {
                method: request.method.into(),
                url: request.url.expose().clone(),
                parameters: request.parameters.expose().clone(),
                response_status: request.response_status,
                response_body: request.response_body.expose().clone(),
            }),
        }
    }
}

impl From<SavedAlert> for Alert {
    fn from(saved: SavedAlert) -> Self {
        Self {
            sid: saved.sid,
            code: saved.code,
            level: saved.level,
            message: saved.message.into(),
            resource_sid: saved.resource_sid,
            date_generated: saved.date_generated.0,
            request: saved.request.map(|request| AlertRequest {
                method: request.method.into(),
                url: Redacted::new(request.url),
                parameters: Redacted::new(request.parameters),
                response_status: request.response_status,
                response_body: Redacted::new(request.response_body),
                event: None,
            }),
            group: None,
        }
    }
}
