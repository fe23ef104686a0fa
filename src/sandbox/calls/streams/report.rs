//! Status callback of a media stream.

use std::sync::Arc;

use crate::sandbox::context::Context;
use crate::sandbox::state::{AlertCause, WebhookKind, WebhookTarget, rfc3339};
use crate::sandbox::webhooks::{self, Closed, FormFields};
use crate::types::{CallSid, StreamSid};

/// A media stream, as its status callback names it.
#[derive(Clone)]
pub(in crate::sandbox::calls) struct StreamIdentity {
    pub(in crate::sandbox::calls) context: Arc<Context>,
    pub(in crate::sandbox::calls) call: CallSid,
    pub(in crate::sandbox::calls) sid: StreamSid,
    pub(in crate::sandbox::calls) name: Option<String>,
    pub(in crate::sandbox::calls) status_callback: Option<WebhookTarget>,
}

impl StreamIdentity {
    /// Reports that the stream started.
    pub(in crate::sandbox::calls) fn report_start(&self) {
        self.report("stream-started", None);
    }

    /// Reports that the stream stopped, or that it failed.
    pub(in crate::sandbox::calls) fn report_end(&self, failure: Option<AlertCause>) {
        let Some(cause) = failure else {
            return self.report("stream-stopped", None);
        };
        self.alert(cause);
        self.report_failure(cause);
    }

    /// Reports that the stream failed, without an alert.
    pub(in crate::sandbox::calls) fn report_failure(&self, cause: AlertCause) {
        self.report("stream-error", Some(cause.message));
    }

    pub(in crate::sandbox::calls) fn alert(&self, cause: AlertCause) {
        self.context
            .alert(cause.code, cause.message, self.call.as_str());
    }

    fn report(&self, event: &str, error: Option<&str>) {
        let Some(target) = &self.status_callback else {
            return;
        };
        let context = &self.context;
        let mut fields = FormFields::new();
        fields.push("AccountSid", context.account_sid.as_str());
        fields.push("CallSid", self.call.as_str());
        fields.push("StreamSid", self.sid.as_str());
        let name = self.name.as_deref();
        fields.push("StreamName", name.unwrap_or(self.sid.as_str()));
        fields.push("StreamEvent", event);
        if let Some(error) = error {
            fields.push("StreamError", error);
        }
        let now = rfc3339(context.now()).unwrap_or_default();
        fields.push("Timestamp", now);
        let (kind, call) = (WebhookKind::StreamStatus, self.call.as_str());
        webhooks::notify_in_background(context, kind, call, target, fields);
    }
}

/// Warnings about messages of the application. Twilio gives each once per stream.
#[derive(Default)]
pub(in crate::sandbox::calls) struct StreamWarnings(Vec<u32>);

impl StreamWarnings {
    pub(in crate::sandbox::calls) fn add(
        &mut self,
        stream: &StreamIdentity,
        code: u32,
        message: &'static str,
    ) {
        if !self.0.contains(&code) {
            self.0.push(code);
            stream.alert(AlertCause::new(code, message));
        }
    }

    /// Warns of a binary frame.
    pub(in crate::sandbox::calls) fn add_binary(&mut self, stream: &StreamIdentity) {
        self.add(
            stream,
            31950,
            "the application sent a binary frame; messages are text",
        );
    }
}

/// Returns the error of a stream whose WebSocket was closed. A normal close is none.
pub(in crate::sandbox::calls) const fn closed_cause(closed: Closed) -> Option<AlertCause> {
    Some(match closed {
        Closed::Normal => return None,
        Closed::WithError => AlertCause::new(
            31921,
            "the application closed the WebSocket with an error code",
        ),
        Closed::Broken => AlertCause::new(31903, "the connection of the WebSocket broke"),
        Closed::Violation => AlertCause::new(
            31924,
            "the application violated the protocol of the WebSocket",
        ),
        Closed::TooLong => AlertCause::new(
            31924,
            "a message of the application is larger than the sandbox's limit of 8 MiB",
        ),
    })
}
