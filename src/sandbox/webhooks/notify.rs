//! Reports statuses to the application.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::fault::send_with_fault;
use super::fields::FormFields;
use super::webhook::{SendError, Webhook};
use crate::sandbox::clock::TimerEvent;
use crate::sandbox::context::Context;
use crate::sandbox::faults::Fault;
use crate::sandbox::state::{ActivityGuard, AlertCause, FaultId, WebhookKind, WebhookTarget};

/// Time of the sandbox's clock after which a webhook that waits for the next one is sent anyway.
const SWAP_LIMIT: Duration = Duration::from_secs(60);

/// Reports a status to the application, and waits for the response. It is ignored, except that an
/// error is an alert.
pub(crate) async fn notify(
    context: &Arc<Context>,
    kind: WebhookKind,
    sid: &str,
    target: &WebhookTarget,
    fields: FormFields,
) {
    let webhook = Webhook::new(context, kind, sid, target, fields);
    report(context, webhook).await;
}

/// Reports a status to the application in the background. The reports about one message are sent
/// one after the other, in order.
pub(crate) fn notify_in_background(
    context: &Arc<Context>,
    kind: WebhookKind,
    sid: &str,
    target: &WebhookTarget,
    fields: FormFields,
) {
    let webhook = Webhook::new(context, kind, sid, target, fields);
    let (ended, next) = oneshot::channel::<()>();
    let (serial, previous) = context.update(|state| state.callbacks.queue(sid, next));
    let context_of_task = Arc::clone(context);
    context.spawn(|activity| async move {
        let context = context_of_task;
        if let Some(previous) = previous {
            // Ends when the task before drops its sender, which it never uses.
            let _ = previous.await;
        }
        let sid = webhook.sid.clone();
        report(&context, webhook).await;
        context.update(|state| state.callbacks.end(&sid, serial));
        drop((ended, activity));
    });
}

/// Sends a status callback, with the fault that the test has added for it.
async fn report(context: &Arc<Context>, mut webhook: Webhook) {
    let sid = webhook.sid.clone();
    match context.webhook_fault(webhook.kind) {
        // No alert: a webhook that is lost on its way leaves no trace at Twilio.
        Some((_, Fault::LoseWebhook)) => {}
        Some((id, Fault::DelayWebhook(delay))) => {
            webhook.fault = Some(id);
            return send_later(context, webhook, delay, None);
        }
        Some((id, Fault::SwapWebhook)) => {
            webhook.fault = Some(id);
            let (sender, next) = oneshot::channel();
            context.update(|state| state.callbacks.hold(&sid, sender));
            return send_later(context, webhook, SWAP_LIMIT, Some(next));
        }
        fault => send_status(context, webhook, fault).await,
    }
    let held = context.update(|state| state.callbacks.release(&sid));
    for sender in held {
        // A webhook whose time was over has been sent already.
        let _ = sender.send(context.begin_activity());
    }
}

/// Sends a status callback after a delay of the clock, or earlier after the next one was sent.
fn send_later(
    context: &Arc<Context>,
    webhook: Webhook,
    delay: Duration,
    next: Option<oneshot::Receiver<ActivityGuard>>,
) {
    // Created before the task starts, so that `advance` finds it.
    let mut timer = context
        .clock
        .timer(delay, TimerEvent::timeout("delayed status callback"));
    let context_of_task = Arc::clone(context);
    context.spawn(|activity| async move {
        let context = context_of_task;
        drop(activity);
        let released = async {
            match next {
                Some(next) => next.await,
                None => std::future::pending().await,
            }
        };
        let activity = tokio::select! {
            biased;
            Ok(activity) = released => activity,
            activity = timer.ended() => activity,
        };
        send_status(&context, webhook, None).await;
        drop(activity);
    });
}

async fn send_status(context: &Context, webhook: Webhook, fault: Option<(FaultId, Fault)>) {
    let (kind, sid) = (webhook.kind, webhook.sid.clone());
    let (cause, request) = match send_with_fault(context, webhook, fault).await {
        Ok(response) if response.status.is_success() => return,
        Ok(response) => {
            // Twilio has codes of its own for calls and conferences.
            let code = match kind {
                WebhookKind::CallStatus => 15003,
                WebhookKind::ConferenceStatus => 16011,
                _ => 11200,
            };
            let message = "the status callback was answered with an error status";
            (AlertCause::new(code, message), Some(response.request))
        }
        Err(SendError { cause, request, .. }) => (cause, request),
    };
    context.alert_about(cause, &sid, request);
}
