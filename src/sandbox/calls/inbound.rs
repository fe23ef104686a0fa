//! A call from a phone to a number of the account.

use std::sync::Arc;

use super::active_call::{ActiveCall, NewCall};
use super::status_callback::{CallProgressEvent, StatusCallback};
use super::step::Step;
use crate::phone::Address;
use crate::sandbox::context::Context;
use crate::sandbox::numbers::is_north_american;
use crate::sandbox::state::{
    ActivityGuard, Instructions, ResourceSettings, RouteCandidate, WebhookTarget, call_token,
};
use crate::types::{ApplicationSid, CallDirection, CallSid, CallStatus};

/// Webhooks for the calls of a number.
struct VoiceWebhooks {
    voice: WebhookTarget,
    fallback: Option<WebhookTarget>,
    status_callback: Option<WebhookTarget>,
}

impl VoiceWebhooks {
    fn read(settings: &ResourceSettings) -> Option<Self> {
        Some(Self {
            voice: settings.webhook("VoiceUrl", "VoiceMethod")?,
            fallback: settings.webhook("VoiceFallbackUrl", "VoiceFallbackMethod"),
            status_callback: settings.webhook("StatusCallback", "StatusCallbackMethod"),
        })
    }
}

/// Starts a call from a phone to a number of the account.
pub(crate) fn receive(context: &Arc<Context>, from: Address, to: Address) -> CallSid {
    let title = format!("Call from {}", from.expose());
    context.act(title, || {
        let webhooks = voice_webhooks(context, &to);
        start(context, from, to, webhooks, |_| {})
    })
}

/// Starts the inbound leg of a call from one number of the account to another. `peer` is the
/// outbound leg: it learns about the answer and the end.
pub(super) fn receive_from(
    context: &Arc<Context>,
    from: Address,
    to: Address,
    peer: CallSid,
) -> CallSid {
    let webhooks = voice_webhooks(context, &to);
    start(context, from, to, webhooks, |call| call.peer = Some(peer))
}

/// Starts a call from a client or a SIP endpoint to a TwiML App.
pub(crate) fn receive_in_application(
    context: &Arc<Context>,
    from: Address,
    application: ApplicationSid,
    parameters: &[(&str, &str)],
) -> CallSid {
    let webhooks = context.read(|state| {
        let settings = &state.application(application)?.settings;
        VoiceWebhooks::read(settings)
    });
    let to = parameters.iter().find(|(name, _)| *name == "To");
    let to = Address::parse(to.map_or("", |(_, value)| value));
    start(context, from, to, webhooks, |call| {
        call.own_fields.push("ApplicationSid", application.as_str());
        for (name, value) in parameters.iter().filter(|(name, _)| *name != "To") {
            call.first_fields.push(name, *value);
        }
    })
}

fn start(
    context: &Arc<Context>,
    from: Address,
    to: Address,
    mut webhooks: Option<VoiceWebhooks>,
    configure: impl FnOnce(&mut ActiveCall),
) -> CallSid {
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
    push_caller_fields(&mut call);
    configure(&mut call);
    let is_active = context.read(|state| state.account.is_active());
    context.spawn(|activity| async move {
        if !is_active {
            call.alert(10003, "the account is not active, so it answers no calls");
            call.finish(CallStatus::Failed).await;
        } else if let Some(webhooks) = webhooks {
            let instructions = Instructions::Webhook {
                target: webhooks.voice,
                fallback: webhooks.fallback,
            };
            run(call, instructions, activity).await;
        } else {
            call.alert(
                11100,
                "the called number has no voice URL; set its VoiceUrl",
            );
            call.finish(CallStatus::Failed).await;
        }
    });
    sid
}

/// Adds the parameters about a caller from the telephone network to the first request.
///
/// Source: <https://www.twilio.com/docs/voice/trusted-calling-with-shakenstir>,
/// <https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource>
fn push_caller_fields(call: &mut ActiveCall) {
    let Some(from) = call.stored().and_then(|call| call.from.phone()) else {
        return;
    };
    let token = call_token(call.sid);
    let fields = &mut call.first_fields;
    fields.push("CallToken", token);
    // Only carriers of North America attest callers.
    if is_north_american(from) {
        fields.push("StirVerstat", "TN-Validation-Passed-A");
    }
}

/// Returns the webhooks for the calls to a number, or `None` if no URL receives them.
fn voice_webhooks(context: &Context, number: &Address) -> Option<VoiceWebhooks> {
    let (voice, status) = context.read(|state| {
        let number = state.number_at(number)?;
        Some((state.call_routes(number), state.status_routes(number)))
    })?;
    let voice = RouteCandidate::winner(voice)?;
    let status = RouteCandidate::winner(status);
    Some(VoiceWebhooks {
        voice: voice.target?,
        fallback: voice.fallback,
        status_callback: status.and_then(|status| status.target),
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
    if !matches!(first, Step::Run(_)) {
        call.start();
    }
    call.run(first).await;
    let status = if call.is_answered() {
        CallStatus::Completed
    } else {
        CallStatus::NoAnswer
    };
    call.finish(status).await;
}
