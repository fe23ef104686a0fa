//! The way of a text: from the account to a phone, from a phone to the account, and between two
//! numbers of the account.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::deliver::{deliver, leave_schedule, set_status};
use super::receive::{self, InboundMedia, InboundText, ReceivedText};
use super::sender;
use crate::sandbox::clock::TimerEvent;
use crate::sandbox::context::Context;
use crate::sandbox::state::{ActivityGuard, StoredMessage, TextMessage};
use crate::types::{MessageSid, MessageStatus, Redacted};

/// Limit for the replies between two numbers of the account.
const HOP_LIMIT: u8 = 10;

/// Event for which a scheduled message waits.
const SCHEDULE: TimerEvent = TimerEvent::timeout("scheduled time of a text");

/// Starts the delivery of a new message: at once, or at the time for which it is scheduled.
pub(crate) fn start(context: &Arc<Context>, message: &StoredMessage) {
    let (sid, send_at) = (message.sid, message.send_at);
    let context_of_task = Arc::clone(context);
    context.spawn(|activity| async move {
        let context = context_of_task;
        let mut activity = Some(activity);
        if let Some(send_at) = send_at {
            let delay = send_at.duration_since(context.now()).unwrap_or_default();
            context.clock.wait(delay, SCHEDULE, &mut activity).await;
            if !leave_schedule(&context, sid) {
                return;
            }
        }
        if sender::choose(&context, sid) {
            queue(&context, sid);
            transmit(&context, sid, &mut activity).await;
        } else {
            set_status(&context, sid, MessageStatus::Failed, Some(21703));
        }
    });
}

/// Queues a message that a Messaging Service has accepted, and reports it. The initial status of
/// any other message is `queued` already, which is not reported.
fn queue(context: &Arc<Context>, sid: MessageSid) {
    let status = context.read(|state| Some(state.message(sid)?.status.clone()));
    if status == Some(MessageStatus::Accepted) {
        set_status(context, sid, MessageStatus::Queued, None);
    }
}

/// Lets a phone text a number of the account. Returns the message, unless the account is not active,
/// and the replies that reach the phone.
pub(crate) fn text(
    context: &Arc<Context>,
    text: InboundText,
) -> (Option<StoredMessage>, oneshot::Receiver<Vec<TextMessage>>) {
    let title = format!("Text from {}", text.from.expose());
    let (done, replies) = oneshot::channel();
    let message = context.act(title, || {
        let received = receive::store(context, text);
        let message = received.as_ref().map(|received| received.message.clone());
        let context_of_task = Arc::clone(context);
        context.spawn(|activity| async move {
            let context = context_of_task;
            let mut activity = Some(activity);
            let texts = match received {
                Some(received) => receive(&context, received, &mut activity).await,
                None => Vec::new(),
            };
            // The phone may have stopped waiting.
            let _ = done.send(texts);
            drop(activity);
        });
        message
    });
    (message, replies)
}

/// Sends the webhook of a text, and delivers the replies. Returns those that reached the sender's
/// phone.
async fn receive(
    context: &Arc<Context>,
    received: ReceivedText,
    activity: &mut Option<ActivityGuard>,
) -> Vec<TextMessage> {
    let replies = receive::answer(context, &received).await;
    for sid in &replies {
        transmit(context, *sid, activity).await;
    }
    let from = received.message.from;
    context.read(|state| {
        let phone = from.and_then(|from| state.phones.get(&from));
        let inbox = phone.into_iter().flat_map(|phone| &phone.inbox);
        inbox
            .filter(|text| replies.contains(&text.sid))
            .cloned()
            .collect()
    })
}

/// Delivers a message. A text to a number of the account is also received there.
async fn transmit(context: &Arc<Context>, sid: MessageSid, activity: &mut Option<ActivityGuard>) {
    // Copied before a discarded body is erased.
    let Some(message) = context.read(|state| state.message(sid).cloned()) else {
        return;
    };
    deliver(context, sid, activity).await;
    let arrived = context.read(|state| {
        let status = state.message(sid).map(|message| &message.status);
        status == Some(&MessageStatus::Delivered) && state.number_at(&message.to).is_some()
    });
    let Some(from) = message.from.filter(|_| arrived) else {
        return;
    };
    let hops = message.options.hops.saturating_add(1);
    if hops > HOP_LIMIT {
        let text = "two numbers of the account replied to each other without end";
        context.alert(30039, text, sid.as_str());
        return;
    }
    let text = InboundText {
        from,
        to: message.to,
        body: message.body.into_inner(),
        media: InboundMedia {
            urls: message
                .media_urls
                .into_iter()
                .map(Redacted::into_inner)
                .collect(),
            files: Vec::new(),
        },
        hops,
    };
    if let Some(received) = receive::store(context, text) {
        Box::pin(receive(context, received, activity)).await;
    }
}
