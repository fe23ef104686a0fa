//! The call with which Twilio verifies a caller ID: the person enters a code.

use std::sync::Arc;
use std::time::Duration;

use super::active_call::{ActiveCall, NewCall};
use super::commands::Input;
use crate::phone::E164;
use crate::sandbox::clock::TimerEvent;
use crate::sandbox::context::Context;
use crate::sandbox::state::{
    ActivityGuard, CallCommand, StoredCallerId, TranscriptAction, WebhookKind, WebhookTarget,
};
use crate::sandbox::webhooks;
use crate::types::{CallDirection, CallSid, CallStatus};

/// Time for the call to be answered.
const RING_TIMEOUT: Duration = Duration::from_secs(60);
/// Time to enter the code.
const KEY_TIMEOUT: Duration = Duration::from_secs(30);
/// Number from which the sandbox calls. It is reserved for fiction.
const CALLER: &str = "+14155550199";

/// Request to verify a caller ID.
pub(crate) struct Verification {
    /// Caller ID that is stored if the person enters the code.
    pub(crate) caller_id: StoredCallerId,
    pub(crate) code: String,
    /// Time before the call.
    pub(crate) delay: Duration,
    pub(crate) status_callback: Option<WebhookTarget>,
}

/// Starts the call. Returns its SID.
#[expect(clippy::expect_used, reason = "the constant is a number in E.164")]
pub(crate) fn verify(context: &Arc<Context>, verification: Verification) -> CallSid {
    let from: E164 = CALLER.parse().expect("a number in E.164");
    let call = ActiveCall::new(
        context,
        NewCall {
            from: from.into(),
            to: verification.caller_id.number.into(),
            direction: CallDirection::OutboundApi,
            parent_call_sid: None,
            status_callback: None,
        },
    );
    let sid = call.sid;
    context.spawn(|activity| run(call, verification, activity));
    sid
}

async fn run(mut call: ActiveCall, verification: Verification, activity: ActivityGuard) {
    call.activity = Some(activity);
    let context = Arc::clone(&call.context);
    context
        .clock
        .pass(verification.delay, "start of a call", &mut call.activity)
        .await;
    let status = if let Err(status) = call.ring(RING_TIMEOUT).await {
        status
    } else {
        call.answer().await;
        let text = "Please enter your verification code.".to_owned();
        call.play(TranscriptAction::Speech, text);
        CallStatus::Completed
    };
    let is_verified = status == CallStatus::Completed
        && call.collect_keys(verification.code.len()).await == verification.code;
    let sid = is_verified.then(|| {
        let caller_id = verification.caller_id;
        context.update(|state| state.add_caller_id(caller_id))
    });
    call.finish(status).await;
    let Some(target) = verification.status_callback else {
        return;
    };
    let mut fields = call.fields();
    fields.push(
        "VerificationStatus",
        if is_verified { "success" } else { "failed" },
    );
    if let Some(sid) = sid {
        fields.push("OutgoingCallerIdSid", sid.as_str());
    }
    let kind = WebhookKind::CallerIdVerification;
    webhooks::notify(&context, kind, call.sid.as_str(), &target, fields).await;
}

impl ActiveCall {
    /// Returns the next keys that the phone presses, at most `count`.
    async fn collect_keys(&mut self, count: usize) -> String {
        let mut timer = self.context.clock.timer(
            KEY_TIMEOUT,
            TimerEvent::timeout("timeout of the code of a caller ID"),
        );
        let mut keys = String::new();
        while keys.len() < count {
            let Input::Command(queued) = self.next_input(&mut timer).await else {
                break;
            };
            match queued.command {
                CallCommand::PressKeys(_) => {
                    if let CallCommand::PressKeys(pressed) = queued.accept() {
                        keys.push_str(&pressed);
                    }
                }
                CallCommand::StaySilent => {
                    queued.accept();
                    break;
                }
                _ => {
                    if self.interrupt(queued).is_some() {
                        break;
                    }
                }
            }
        }
        keys
    }
}
