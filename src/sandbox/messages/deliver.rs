//! Delivers an outbound message to its phone, with a status callback for each step.

use std::sync::Arc;

use crate::sandbox::context::Context;
use crate::sandbox::state::{
    ActivityGuard, DeliveryBehavior, StoredMessage, TextMessage, WebhookKind, receipt_date,
};
use crate::sandbox::webhooks::{self, FormFields};
use crate::types::{MessageSid, MessageStatus};

/// Starts the delivery of a new message: at once, or at the time for which it is scheduled.
pub(crate) fn start(context: &Arc<Context>, message: &StoredMessage) {
    let (sid, send_at) = (message.sid, message.send_at);
    let context_of_task = Arc::clone(context);
    context.spawn(|activity| async move {
        let context = context_of_task;
        let mut activity = Some(activity);
        if let Some(send_at) = send_at {
            let delay = send_at.duration_since(context.now()).unwrap_or_default();
            context.clock.wait(delay, &mut activity).await;
            if !leave_schedule(&context, sid) {
                return;
            }
        }
        deliver(&context, sid, &mut activity).await;
    });
}

/// Queues a scheduled message. Returns `false` if it was canceled or deleted.
fn leave_schedule(context: &Context, sid: MessageSid) -> bool {
    let now = context.now();
    let queued = context.update(|state| {
        let message = state.message_mut(sid)?;
        (message.status == MessageStatus::Scheduled).then(|| {
            message.status = MessageStatus::Queued;
            message.date_updated = now;
        })
    });
    queued.is_some()
}

/// Delivers a queued message according to the phone's [`DeliveryBehavior`].
pub(crate) async fn deliver(
    context: &Arc<Context>,
    sid: MessageSid,
    activity: &mut Option<ActivityGuard>,
) {
    let behavior = context.update(|state| {
        let to = state.message(sid).map(|message| message.to.clone())?;
        Some((state.phone_mut(&to).delivery, state.delivery_delay))
    });
    let Some((behavior, delay)) = behavior else {
        return;
    };
    context.clock.pass(delay, activity).await;
    match behavior {
        DeliveryBehavior::Delivered => {
            set_status(context, sid, MessageStatus::Sent, None);
            context.clock.pass(delay, activity).await;
            set_status(context, sid, MessageStatus::Delivered, None);
        }
        DeliveryBehavior::Undelivered(code) => {
            set_status(context, sid, MessageStatus::Sent, None);
            context.clock.pass(delay, activity).await;
            set_status(context, sid, MessageStatus::Undelivered, Some(code));
        }
        DeliveryBehavior::Failed(code) => {
            set_status(context, sid, MessageStatus::Failed, Some(code));
        }
    }
}

/// Sets the next status and reports it. `delivered` also adds the message to the phone's inbox.
fn set_status(
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
        message.status = status;
        let message = message.clone();
        if message.status == MessageStatus::Delivered {
            let from = message.from.clone()?;
            state.phone_mut(&message.to).inbox.push(TextMessage {
                sid,
                from,
                body: message.body.clone(),
                media_urls: message.media_urls.clone(),
            });
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
