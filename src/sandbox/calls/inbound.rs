//! A call from a phone to a number of the account.

use std::sync::Arc;

use super::active_call::{ActiveCall, NewCall};
use super::status_callback::{CallProgressEvent, StatusCallback};
use crate::phone::Address;
use crate::sandbox::context::Context;
use crate::sandbox::state::{ActivityGuard, Instructions, WebhookTarget};
use crate::types::{CallDirection, CallSid, CallStatus};

/// Webhooks for the calls of a number.
struct VoiceWebhooks {
    voice: WebhookTarget,
    fallback: Option<WebhookTarget>,
    status_callback: Option<WebhookTarget>,
}

/// Starts a call from a phone to a number of the account.
pub(crate) fn receive(context: &Arc<Context>, from: Address, to: Address) -> CallSid {
    let mut webhooks = voice_webhooks(context, &to);
    let status_callback = webhooks.as_mut().and_then(|w| w.status_callback.take());
    let new = NewCall {
        from,
        to,
        direction: CallDirection::Inbound,
        parent_call_sid: None,
        status_callback: status_callback.map(|target| StatusCallback {
            target,
            events: vec![CallProgressEvent::Completed],
            is_of_number: true,
        }),
    };
    let mut call = ActiveCall::new(context, new);
    let sid = call.sid;
    context.spawn(|activity| async move {
        if let Some(webhooks) = webhooks {
            let instructions = Instructions::Webhook {
                target: webhooks.voice,
                fallback: webhooks.fallback,
            };
            run(call, instructions, activity).await;
        } else {
            call.alert(11100, "the called number has no voice URL");
            call.finish(CallStatus::Failed).await;
        }
    });
    sid
}

/// Returns the webhooks of the TwiML App in the number's `VoiceApplicationSid`, or else the
/// number's own. Returns `None` if there is no voice URL.
fn voice_webhooks(context: &Context, number: &Address) -> Option<VoiceWebhooks> {
    context.read(|state| {
        let number = state.number_at(number)?;
        if number.setting("TrunkSid").is_some() {
            // A SIP trunk takes the calls, so Twilio ignores the app and the URLs.
            return None;
        }
        let settings = match number.voice_application_sid() {
            Some(app) => &state.application(app)?.settings,
            None => &number.settings,
        };
        Some(VoiceWebhooks {
            voice: settings.webhook("VoiceUrl", "VoiceMethod")?,
            fallback: settings.webhook("VoiceFallbackUrl", "VoiceFallbackMethod"),
            status_callback: settings.webhook("StatusCallback", "StatusCallbackMethod"),
        })
    })
}

/// Fetches the first document, and answers the call unless the document begins with `<Reject>`.
async fn run(mut call: ActiveCall, instructions: Instructions, activity: ActivityGuard) {
    call.activity = Some(activity);
    let first = call.fetch(instructions).await;
    if let Some(status) = first.rejection() {
        call.finish(status).await;
        return;
    }
    if call.has_hung_up {
        call.finish(CallStatus::NoAnswer).await;
        return;
    }
    call.start();
    call.run(first).await;
    call.finish(CallStatus::Completed).await;
}
