//! Outcome of a delivery: by the account, the registration of the sender, and the phone.

use crate::phone::Address;
use crate::sandbox::numbers::{is_landline, is_north_american, is_toll_free};
use crate::sandbox::state::{DeliveryBehavior, OptOutScope, State, StoredMessage};

/// Twilio's error for a text that its protection against fraud blocked.
const SMS_PUMPING: u32 = 30450;

/// Returns the outcome of a message that is about to be sent.
pub(super) fn of(state: &mut State, message: &StoredMessage) -> DeliveryBehavior {
    if !state.account.is_active() {
        // The account was suspended after it had accepted the message.
        return DeliveryBehavior::Failed(30002);
    }
    if is_refused_when_due(state, message) {
        return DeliveryBehavior::Failed(21610);
    }
    if let Some(code) = missing_registration(state, message) {
        return DeliveryBehavior::Undelivered(code);
    }
    let to = message.to.phone();
    let is_safe = to.is_some_and(|number| state.account.safe_list.contains_key(&number));
    let phone = state.phone_mut(&message.to);
    // The protection against fraud does not block a number on the safe list.
    let blocked = |it: &DeliveryBehavior| {
        use DeliveryBehavior::{Failed, Undelivered};
        matches!(it, Failed(SMS_PUMPING) | Undelivered(SMS_PUMPING))
    };
    let set_by_test = phone.delivery.filter(|it| !(is_safe && blocked(it)));
    let landline = match phone.line_type.as_deref() {
        Some(line_type) => line_type == "landline",
        None => message.to.phone().is_some_and(is_landline),
    };
    set_by_test.unwrap_or(if landline && state.number_at(&message.to).is_none() {
        DeliveryBehavior::Undelivered(30006)
    } else {
        DeliveryBehavior::Delivered
    })
}

/// Reports whether the recipient of a scheduled message has opted out since its creation.
fn is_refused_when_due(state: &State, message: &StoredMessage) -> bool {
    let from = message.from.as_ref().filter(|_| message.send_at.is_some());
    let service = message.messaging_service_sid.map(OptOutScope::Service);
    from.is_some_and(|from| {
        let by_service = service.is_some_and(|scope| state.opt_outs.contains(scope, &message.to));
        by_service || state.has_opted_out(from, &message.to)
    })
}

/// Returns the error code of a text within North America whose sender is not registered.
///
/// Source: <https://www.twilio.com/docs/messaging/compliance/a2p-10dlc>
fn missing_registration(state: &State, message: &StoredMessage) -> Option<u32> {
    let Some(Address::Phone(from)) = message.from else {
        return None;
    };
    if !is_north_american(from) || !message.to.phone().is_some_and(is_north_american) {
        return None;
    }
    let number = state.number(from)?;
    let (registrations, by_default) = (&state.registrations, !state.requires_registration);
    if is_toll_free(from) {
        let is_verified = registrations.is_verified(number.sid, by_default);
        return (!is_verified).then_some(30032);
    }
    let service = state.service_of(number.sid);
    let is_registered = service.map_or(by_default, |service| {
        registrations.has_campaign(service.sid, by_default)
    });
    (!is_registered).then_some(30034)
}
