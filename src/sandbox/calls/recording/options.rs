//! Attributes with which verbs start a recording.

use reqwest::Url;

use crate::sandbox::calls::active_call::ActiveCall;
use crate::sandbox::state::{RecordingCallback, WebhookTarget};
use crate::twiml::Node;
use crate::types::{Method, RecordingStatus, RecordingTrack};

impl ActiveCall {
    /// Reads the status callback of a recording. An invalid URL is an alert, and so is a recording
    /// configuration, which the sandbox does not have.
    pub(in crate::sandbox::calls) fn recording_callback(
        &self,
        element: &Node,
        base: Option<&Url>,
    ) -> Option<RecordingCallback> {
        if element.attribute("recordingConfigurationId").is_some() {
            let message = "the sandbox has no recording configurations";
            self.alert(12200, message);
        }
        let method = element.attribute("recordingStatusCallbackMethod");
        let target = callback_target(element.attribute("recordingStatusCallback")?, method, base);
        let Some(target) = target else {
            self.alert(13256, "the recordingStatusCallback is not a valid URL");
            return None;
        };
        let events = element.attribute("recordingStatusCallbackEvent");
        let events = events.unwrap_or("completed").split_whitespace();
        // The lint of the document warns of an unknown event.
        let events = events.filter_map(|event| match event {
            "in-progress" => Some(RecordingStatus::InProgress),
            "completed" => Some(RecordingStatus::Completed),
            "absent" => Some(RecordingStatus::Absent),
            _ => None,
        });
        Some(RecordingCallback {
            target,
            events: events.collect(),
        })
    }
}

/// Returns the URL and method of a callback. Without `base`, the URL must be absolute.
pub(in crate::sandbox::calls) fn callback_target(
    url: &str,
    method: Option<&str>,
    base: Option<&Url>,
) -> Option<WebhookTarget> {
    let url = base.map_or_else(|| Url::parse(url.trim()), |base| base.join(url.trim()));
    let method = match method {
        Some("GET") => Method::Get,
        _ => Method::Post,
    };
    let url = url
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some(WebhookTarget::new(url.as_str(), method))
}

/// Reads the side to record. The lint of the document warns of an invalid one.
pub(in crate::sandbox::calls) fn recording_track(text: Option<&str>) -> RecordingTrack {
    match text {
        Some("inbound") => RecordingTrack::Inbound,
        Some("outbound") => RecordingTrack::Outbound,
        _ => RecordingTrack::Both,
    }
}
