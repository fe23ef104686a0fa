//! Checks of a new message: the reasons for which Twilio refuses a sender, a recipient or a body.

use crate::phone::{Address, E164};
use crate::sandbox::context::Context;
use crate::sandbox::numbers::{
    VALID_MAGIC_SENDER, accepts_alphanumeric_senders, is_possible, read_number, region_of,
};
use crate::sandbox::state::{OptOutScope, StoredService};
use crate::sms::{MAX_BODY_LENGTH, body_length};
use crate::types::MessagingServiceSid;

/// Reason for which Twilio refuses a message: its error code, and a description.
pub(crate) struct Refusal {
    pub(crate) code: u32,
    /// May contain personal data.
    pub(crate) message: String,
}

impl Refusal {
    fn new(code: u32, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

/// Reads the recipient.
pub(crate) fn recipient(text: &str) -> Result<E164, Refusal> {
    check_channel(text)?;
    let invalid = || {
        let message = format!("The 'To' number {text} is not a valid phone number.");
        Refusal::new(21211, message)
    };
    let to = read_number(text).ok_or_else(invalid)?;
    if let Some(code) = magic_recipient(to) {
        let message = format!(
            "{} is a magic number that rejects every message",
            to.as_str()
        );
        return Err(Refusal::new(code, message));
    }
    if !is_possible(to) {
        return Err(invalid());
    }
    Ok(to)
}

/// Refuses addresses of channels such as `WhatsApp`, for which the account has no sender.
fn check_channel(text: &str) -> Result<(), Refusal> {
    match Address::parse(text) {
        Address::WhatsApp(_) | Address::Rcs(_) | Address::RcsSender(_) | Address::Messenger(_) => {
            let message = "Twilio could not find a Channel with the specified From address: the \
                           sandbox has no channel senders";
            Err(Refusal::new(63007, message))
        }
        _ => Ok(()),
    }
}

/// Refuses messages of an account that is not active.
pub(crate) fn check_account(context: &Context) -> Result<(), Refusal> {
    if context.read(|state| state.account.is_active()) {
        return Ok(());
    }
    Err(Refusal::new(20005, "Account is not active"))
}

/// Refuses media from a number that cannot send them.
pub(crate) fn check_media_sender(context: &Context, from: Option<&Address>) -> Result<(), Refusal> {
    let cannot_send = from.is_some_and(|from| {
        context.read(|state| {
            let number = state.number_at(from);
            number.is_some_and(|number| !number.has_capability("mms"))
        })
    });
    if cannot_send {
        return Err(Refusal::new(21621, "The 'From' number cannot send media"));
    }
    Ok(())
}

/// Refuses messages of a trial account to a number that is not verified.
pub(crate) fn check_trial(context: &Context, to: E164) -> Result<(), Refusal> {
    if context.read(|state| state.is_verified(to)) {
        return Ok(());
    }
    let message = "The 'To' number is unverified; a trial account cannot text it";
    Err(Refusal::new(21608, message))
}

/// Refuses messages to a country that is not enabled.
pub(crate) fn check_country(context: &Context, to: E164) -> Result<(), Refusal> {
    let region = region_of(to);
    let is_disabled = region.is_some_and(|region| {
        context.read(|state| state.account.messaging_disabled.contains(&region))
    });
    if is_disabled {
        let message = "Permission to send an SMS has not been enabled for the region of the 'To' \
                       number";
        return Err(Refusal::new(21408, message));
    }
    Ok(())
}

/// Refuses messages to a recipient who has opted out of the sender or of the service.
pub(crate) fn check_opt_out(
    context: &Context,
    from: Option<&Address>,
    to: &Address,
    service: Option<MessagingServiceSid>,
) -> Result<(), Refusal> {
    let is_refused = context.read(|state| {
        let by_service =
            service.is_some_and(|sid| state.opt_outs.contains(OptOutScope::Service(sid), to));
        by_service || from.is_some_and(|from| state.has_opted_out(from, to))
    });
    if is_refused {
        let message = "Attempt to send to unsubscribed recipient";
        return Err(Refusal::new(21610, message));
    }
    Ok(())
}

/// Refuses a message without content, and a body that is too long.
pub(crate) fn check_body(body: &str, has_media: bool) -> Result<(), Refusal> {
    if body.is_empty() && !has_media {
        return Err(Refusal::new(21602, "Message body is required."));
    }
    if body_length(body) > MAX_BODY_LENGTH {
        let message = "The concatenated message body exceeds the 1600 character limit";
        return Err(Refusal::new(21617, message));
    }
    Ok(())
}

/// Reads the sender, which may have to be in the pool of a service.
pub(crate) fn sender(
    context: &Context,
    text: &str,
    to: E164,
    service: Option<&StoredService>,
) -> Result<Address, Refusal> {
    check_channel(text)?;
    let invalid = || {
        let message = format!("Invalid 'From' number or sender: {text}");
        Refusal::new(21212, message)
    };
    if let Some(code) = magic_sender(text) {
        let message = format!("{text} is a magic number that rejects every message");
        return Err(Refusal::new(code, message));
    }
    let address = match (read_number(text), Address::parse(text)) {
        (Some(number), _) => Address::Phone(number),
        (None, address @ (Address::ShortCode(_) | Address::Alphanumeric(_))) => address,
        _ => return Err(invalid()),
    };
    if address == to {
        let message = "'To' and 'From' number cannot be the same";
        return Err(Refusal::new(21266, message));
    }
    if let Address::Alphanumeric(name) = &address {
        if !accepts_alphanumeric_senders(to) {
            let message = "The combination of 'To' and 'From' cannot be routed";
            return Err(Refusal::new(21612, message));
        }
        if context.read(|state| state.account.is_trial()) {
            let message = "A trial account cannot text from an alphanumeric sender";
            return Err(Refusal::new(21267, message));
        }
        let pooled = |service: &StoredService| {
            service.alpha_sender.as_ref().map(|it| &it.name) == Some(name)
        };
        if service.is_some_and(|service| !pooled(service)) {
            let message = "The alphanumeric sender is not in the Messaging Service";
            return Err(Refusal::new(21711, message));
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
        return Err(Refusal::new(21606, message));
    }
    let pool = context.read(|state| state.service_of_sender(&address));
    if service.is_some_and(|service| pool != Some(service.sid)) {
        let message = "The 'From' number is not in the Messaging Service";
        return Err(Refusal::new(21711, message));
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
