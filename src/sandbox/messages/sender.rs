//! Choice of the sender of a Messaging Service.

use super::create::segments;
use crate::phone::Address;
use crate::sandbox::context::Context;
use crate::sandbox::numbers::{accepts_alphanumeric_senders, region_of};
use crate::sandbox::state::{State, StoredService};
use crate::types::{MessageSid, MessagingServiceSid};

/// Chooses the sender of a message that has none. Returns `false` if the service has no sender for
/// it, or the message was deleted.
///
/// Source: <https://www.twilio.com/docs/messaging/services#sticky-sender>
pub(super) fn choose(context: &Context, sid: MessageSid) -> bool {
    let chosen = context.update(|state| {
        let message = state.message(sid)?;
        if message.from.is_some() {
            return Some(());
        }
        let (service, to) = (message.messaging_service_sid?, message.to.clone());
        let sender = pick(state, service, &to)?;
        *state.sender_uses.entry(sender.clone()).or_default() += 1;
        state.sticky_senders.insert((service, to), sender.clone());
        let message = state.message_mut(sid)?;
        message.from = Some(sender);
        message.num_segments = segments(message.body.expose(), message.is_mms());
        Some(())
    });
    chosen.is_some()
}

/// Picks the alphanumeric sender where carriers accept it, else the sender that the recipient knows,
/// else the least used one, preferring the recipient's country.
fn pick(state: &State, sid: MessagingServiceSid, to: &Address) -> Option<Address> {
    let service = state.service(sid)?;
    let named = service.alpha_sender.as_ref();
    if let Some(sender) = named.filter(|_| to.phone().is_some_and(accepts_alphanumeric_senders)) {
        return Some(Address::Alphanumeric(sender.name.clone()));
    }
    let pool = senders(state, service);
    let is_sticky = service.setting("StickySender") != Some("false");
    let known = state.sticky_senders.get(&(sid, to.clone()));
    if let Some(known) = known.filter(|known| is_sticky && pool.contains(known)) {
        return Some(known.clone());
    }
    let country = |address: &Address| address.phone().and_then(region_of);
    let uses = |sender: &Address| state.sender_uses.get(sender).copied();
    pool.into_iter()
        .min_by_key(|sender| (country(sender) != country(to), uses(sender)))
}

/// Returns the numbers and short codes of a pool that can text.
fn senders(state: &State, service: &StoredService) -> Vec<Address> {
    let numbers = service.numbers.iter().filter_map(|sid| {
        let number = state.number_by_sid(*sid)?;
        number
            .has_capability("sms")
            .then_some(Address::Phone(number.number))
    });
    let codes = state.short_codes.iter();
    let codes = codes.filter(|code| service.short_codes.contains(&code.sid));
    numbers
        .chain(codes.map(|code| Address::parse(&code.code)))
        .collect()
}
