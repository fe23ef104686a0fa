//! Sender and recipient of a new message, and the reasons for which Twilio refuses them.

use crate::phone::{Address, E164};
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::context::Context;
use crate::sandbox::numbers::{VALID_MAGIC_SENDER, is_possible, read_number, region_of};
use crate::sandbox::state::{OptOutScope, StoredService, WebhookTarget};
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
        let to = recipient(form)?;
        check_account(context)?;
        check_country(context, to)?;
        check_trial(context, to)?;
        let service = service(context, form)?;
        let from = match (form.one("From"), &service) {
            (Some(text), service) => Some(sender(context, text, to, service.as_ref())?),
            (None, Some(service))
                if service.numbers.is_empty() && service.short_codes.is_empty() =>
            {
                let message = "The Messaging Service contains no phone numbers";
                return Err(ApiError::bad_request(21703, message));
            }
            (None, Some(_)) => None,
            (None, None) => {
                let message = "A 'From' phone number is required.";
                return Err(ApiError::bad_request(21603, message));
            }
        };
        check_media(context, form, from.as_ref())?;
        let parties = Self {
            from,
            to: to.into(),
            service,
        };
        parties.check_opt_out(context)?;
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

    fn check_opt_out(&self, context: &Context) -> Result<(), ApiError> {
        let is_refused = context.read(|state| {
            let by_service = self
                .service_sid()
                .is_some_and(|sid| state.opt_outs.contains(OptOutScope::Service(sid), &self.to));
            let from = self.from.as_ref();
            by_service || from.is_some_and(|from| state.has_opted_out(from, &self.to))
        });
        if is_refused {
            let message = "Attempt to send to unsubscribed recipient";
            return Err(ApiError::bad_request(21610, message));
        }
        Ok(())
    }
}

fn recipient(form: &Form) -> Result<E164, ApiError> {
    let text = form
        .one("To")
        .ok_or_else(|| ApiError::bad_request(21604, "A 'To' phone number is required."))?;
    check_channel(text)?;
    let invalid = || {
        let message = format!("The 'To' number {text} is not a valid phone number.");
        ApiError::bad_request(21211, message)
    };
    let to = read_number(text).ok_or_else(invalid)?;
    if let Some(code) = magic_recipient(to) {
        let message = format!(
            "{} is a magic number that rejects every message",
            to.as_str()
        );
        return Err(ApiError::bad_request(code, message));
    }
    if !is_possible(to) {
        return Err(invalid());
    }
    Ok(to)
}

/// Refuses addresses of channels such as `WhatsApp`, for which the account has no sender.
fn check_channel(text: &str) -> Result<(), ApiError> {
    match Address::parse(text) {
        Address::WhatsApp(_) | Address::Rcs(_) | Address::RcsSender(_) | Address::Messenger(_) => {
            let message = "Twilio could not find a Channel with the specified From address: the \
                           sandbox has no channel senders";
            Err(ApiError::bad_request(63007, message))
        }
        _ => Ok(()),
    }
}

fn check_account(context: &Context) -> Result<(), ApiError> {
    if context.read(|state| state.account.is_active()) {
        return Ok(());
    }
    let message = "Account is not active";
    Err(ApiError::new(http::StatusCode::FORBIDDEN, 20005, message))
}

/// Refuses media from a number that cannot send them.
fn check_media(context: &Context, form: &Form, from: Option<&Address>) -> Result<(), ApiError> {
    let is_mms = form.one("MediaUrl").is_some() || form.one("SendAsMms") == Some("true");
    let cannot_send = from.is_some_and(|from| {
        context.read(|state| {
            let number = state.number_at(from);
            number.is_some_and(|number| !number.has_capability("mms"))
        })
    });
    if is_mms && cannot_send {
        let message = "The 'From' number cannot send media";
        return Err(ApiError::bad_request(21621, message));
    }
    Ok(())
}

fn check_trial(context: &Context, to: E164) -> Result<(), ApiError> {
    if context.read(|state| state.is_verified(to)) {
        return Ok(());
    }
    let message = "The 'To' number is unverified; a trial account cannot text it";
    Err(ApiError::bad_request(21608, message))
}

fn check_country(context: &Context, to: E164) -> Result<(), ApiError> {
    let region = region_of(to);
    let is_disabled = region.is_some_and(|region| {
        context.read(|state| state.account.messaging_disabled.contains(&region))
    });
    if is_disabled {
        let message = "Permission to send an SMS has not been enabled for the region of the 'To' \
                       number";
        return Err(ApiError::bad_request(21408, message));
    }
    Ok(())
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

fn sender(
    context: &Context,
    text: &str,
    to: E164,
    service: Option<&StoredService>,
) -> Result<Address, ApiError> {
    check_channel(text)?;
    let invalid = || {
        let message = format!("Invalid 'From' number or sender: {text}");
        ApiError::bad_request(21212, message)
    };
    if let Some(code) = magic_sender(text) {
        let message = format!("{text} is a magic number that rejects every message");
        return Err(ApiError::bad_request(code, message));
    }
    let address = match (read_number(text), Address::parse(text)) {
        (Some(number), _) => Address::Phone(number),
        (None, address @ (Address::ShortCode(_) | Address::Alphanumeric(_))) => address,
        _ => return Err(invalid()),
    };
    if address == to {
        let message = "'To' and 'From' number cannot be the same";
        return Err(ApiError::bad_request(21266, message));
    }
    if let Address::Alphanumeric(_) = address {
        // North America takes no alphanumeric senders.
        if to.as_str().starts_with("+1") {
            let message = "The combination of 'To' and 'From' cannot be routed";
            return Err(ApiError::bad_request(21612, message));
        }
        if context.read(|state| state.account.is_trial()) {
            let message = "A trial account cannot text from an alphanumeric sender";
            return Err(ApiError::bad_request(21267, message));
        }
        return Ok(address);
    }
    if text == VALID_MAGIC_SENDER {
        return Ok(address);
    }
    let can_text = context.read(|state| {
        let number = state.number_at(&address);
        number.map_or_else(|| state.owns_sender(&address), |n| n.has_capability("sms"))
    });
    if !can_text {
        let message = "The 'From' number cannot text, or is not owned by the account";
        return Err(ApiError::bad_request(21606, message));
    }
    let pool = context.read(|state| state.service_of_sender(&address));
    if service.is_some_and(|service| pool != Some(service.sid)) {
        let message = "The 'From' number is not in the Messaging Service";
        return Err(ApiError::bad_request(21711, message));
    }
    Ok(address)
}

/// Returns the error code of a magic sender of Twilio's test credentials.
///
/// Source: <https://www.twilio.com/docs/iam/test-credentials>
fn magic_sender(from: &str) -> Option<u32> {
    match from {
        "+15005550001" => Some(21212),
        "+15005550007" => Some(21606),
        "+15005550008" => Some(21611),
        _ => None,
    }
}

/// Returns the error code of a magic recipient of Twilio's test credentials.
///
/// Source: <https://www.twilio.com/docs/iam/test-credentials>
fn magic_recipient(to: E164) -> Option<u32> {
    match to.as_str() {
        "+15005550001" => Some(21211),
        "+15005550002" => Some(21612),
        "+15005550003" => Some(21408),
        "+15005550004" => Some(21610),
        "+15005550009" => Some(21614),
        _ => None,
    }
}
