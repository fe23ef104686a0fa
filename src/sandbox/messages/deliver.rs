//! Delivers an outbound message to its phone, with a status callback for each step.

use std::sync::Arc;

use super::outcome;
use crate::sandbox::context::Context;
use crate::sandbox::state::{
    ActivityGuard, DeliveryBehavior, StoredMessage, TextMessage, WebhookKind, receipt_date,
};
use crate::sandbox::webhooks::{self, FormFields};
use crate::types::{MessageSid, MessageStatus, Redacted};

/// Event for which a delivery waits.
const STEP: &str = "delivery of a text";

/// Accepts a scheduled message. Returns `false` if it was canceled or deleted.
pub(super) fn leave_schedule(context: &Context, sid: MessageSid) -> bool {
    let now = context.now();
    let accepted = context.update(|state| {
        let message = state.message_mut(sid)?;
        (message.status == MessageStatus::Scheduled).then(|| {
            message.status = MessageStatus::Accepted;
            message.date_updated = now;
        })
    });
    accepted.is_some()
}

/// Delivers a queued message to its phone.
pub(super) async fn deliver(
    context: &Arc<Context>,
    sid: MessageSid,
    activity: &mut Option<ActivityGuard>,
) {
    let found = context.update(|state| {
        let message = state.message(sid)?.clone();
        let behavior = outcome::of(state, &message);
        Some((message, behavior, state.delivery_delay))
    });
    let Some((message, behavior, delay)) = found else {
        return;
    };
    if let Some(validity) = message
        .options
        .validity
        .filter(|validity| *validity < delay)
    {
        context
            .clock
            .pass(validity, "end of the validity of a text", activity)
            .await;
        set_status(context, sid, MessageStatus::Failed, Some(30036));
        return;
    }
    context.clock.pass(delay, STEP, activity).await;
    match behavior {
        DeliveryBehavior::Delivered => {
            set_status(context, sid, MessageStatus::Sent, None);
            context.clock.pass(delay, STEP, activity).await;
            set_status(context, sid, MessageStatus::Delivered, None);
        }
        DeliveryBehavior::Undelivered(code) => {
            set_status(context, sid, MessageStatus::Sent, None);
            context.clock.pass(delay, STEP, activity).await;
            set_status(context, sid, MessageStatus::Undelivered, Some(code));
        }
        DeliveryBehavior::Failed(code) => {
            set_status(context, sid, MessageStatus::Failed, Some(code));
        }
    }
    erase(context, sid);
}

/// Erases the body of a message that keeps none.
fn erase(context: &Context, sid: MessageSid) {
    context.update(|state| {
        if let Some(message) = state.message_mut(sid)
            && message.options.discards_body
        {
            message.body = Redacted::default();
        }
    });
}

/// Sets the next status and reports it. `delivered` also adds the message to the phone's inbox.
pub(super) fn set_status(
    context: &Arc<Context>,
    sid: MessageSid,
    status: MessageStatus,
    error_code: Option<u32>,
) {
    let now = context.now();
    let message = context.update(|state| {
        let message = state.message_mut(sid)?;
        message.error_code = error_code;
        message.date_updated = now;
        if status == MessageStatus::Sent {
            message.date_sent = Some(now);
        }
        if status == MessageStatus::Delivered {
            message.price = Some(price(message));
        }
        message.status = status;
        let message = message.clone();
        if message.status == MessageStatus::Delivered {
            let from = message.from.clone()?;
            let text = TextMessage {
                sid,
                from,
                body: message.body.clone(),
                media_urls: message.media_urls.clone(),
            };
            state.phone_mut(&message.to).receive(text, now);
        }
        Some(message)
    });
    let Some(message) = message else { return };
    let Some(target) = &message.status_callback else {
        return;
    };
    let fields = status_fields(context, &message);
    let kind = WebhookKind::MessageStatus;
    webhooks::notify_in_background(context, kind, sid.as_str(), target, fields);
}

fn status_fields(context: &Context, message: &StoredMessage) -> FormFields {
    let mut fields = FormFields::new();
    fields.push("SmsSid", message.sid.as_str());
    fields.push("SmsStatus", message.status.as_str());
    fields.push("MessageStatus", message.status.as_str());
    fields.push("To", message.to.expose());
    fields.push("MessageSid", message.sid.as_str());
    fields.push("AccountSid", context.account_sid.as_str());
    if let Some(from) = &message.from {
        fields.push("From", from.expose());
    }
    fields.push("ApiVersion", "2010-04-01");
    if let Some(service) = message.messaging_service_sid {
        fields.push("MessagingServiceSid", service.as_str());
    }
    if let Some(code) = message.error_code {
        fields.push("ErrorCode", code.to_string());
    }
    // Only a carrier's delivery receipt, which says whether the message arrived, has this date.
    if matches!(
        message.status,
        MessageStatus::Delivered | MessageStatus::Undelivered
    ) {
        let receipt = receipt_date(message.date_updated).unwrap_or_default();
        fields.push("RawDlrDoneDate", receipt);
    }
    fields
}

/// Returns a price like Twilio's: by segment, or by message with media.
fn price(message: &StoredMessage) -> String {
    let hundredths_of_cents = if message.is_mms() {
        200
    } else {
        u64::from(message.num_segments) * 79
    };
    let (whole, rest) = (hundredths_of_cents / 10_000, hundredths_of_cents % 10_000);
    format!("-{whole}.{rest:04}0")
}
