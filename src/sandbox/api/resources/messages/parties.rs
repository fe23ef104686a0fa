//! Sender and recipient of a new message.

use crate::phone::Address;
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::context::Context;
use crate::sandbox::messages::checks;
use crate::sandbox::state::{StoredService, WebhookTarget};
use crate::types::{MessagingServiceSid, Method};

/// Parties of a new message.
pub(super) struct Parties {
    /// `None` if the Messaging Service chooses the sender.
    pub(super) from: Option<Address>,
    pub(super) to: Address,
    pub(super) service: Option<StoredService>,
}

impl Parties {
    /// Reads the parties of a request.
    pub(super) fn read(context: &Context, form: &Form) -> Result<Self, ApiError> {
        let missing = || ApiError::bad_request(21604, "A 'To' phone number is required.");
        let to = checks::recipient(form.one("To").ok_or_else(missing)?)?;
        checks::check_account(context)?;
        checks::check_country(context, to)?;
        checks::check_trial(context, to)?;
        let service = service(context, form)?;
        let from = match (form.one("From"), &service) {
            (Some(text), service) => Some(checks::sender(context, text, to, service.as_ref())?),
            (None, Some(service)) if service.has_no_sender() => {
                let message = "The Messaging Service contains no phone numbers";
                return Err(ApiError::bad_request(21703, message));
            }
            (None, Some(_)) => None,
            (None, None) => {
                let message = "A 'From' phone number is required.";
                return Err(ApiError::bad_request(21603, message));
            }
        };
        if form.one("MediaUrl").is_some() || form.one("SendAsMms") == Some("true") {
            checks::check_media_sender(context, from.as_ref())?;
        }
        let parties = Self {
            from,
            to: to.into(),
            service,
        };
        let (from, service) = (parties.from.as_ref(), parties.service_sid());
        checks::check_opt_out(context, from, &parties.to, service)?;
        Ok(parties)
    }

    pub(super) fn service_sid(&self) -> Option<MessagingServiceSid> {
        self.service.as_ref().map(|service| service.sid)
    }

    /// Returns the status callback of the service, for messages without their own.
    pub(super) fn service_callback(&self) -> Option<WebhookTarget> {
        let url = self.service.as_ref()?.setting("StatusCallback")?;
        Some(WebhookTarget::new(url, Method::Post))
    }
}

fn service(context: &Context, form: &Form) -> Result<Option<StoredService>, ApiError> {
    let Some(text) = form.one("MessagingServiceSid") else {
        if form.one("ScheduleType").is_some() {
            let message = "A Messaging Service is required to schedule a message";
            return Err(ApiError::bad_request(35118, message));
        }
        return Ok(None);
    };
    let sid = MessagingServiceSid::parse(text).ok();
    let service = context.read(|state| state.service(sid?).cloned());
    let invalid = || ApiError::bad_request(21705, "The Messaging Service Sid is invalid");
    service.map(Some).ok_or_else(invalid)
}
