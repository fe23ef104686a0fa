//! One leg of a `<Dial>`: rings a phone in a task of its own, until it is ready to be connected.

use std::pin::Pin;

use tokio::sync::mpsc;

use crate::sandbox::calls::active_call::ActiveCall;
use crate::sandbox::calls::machine_detection::MachineDetection;
use crate::sandbox::calls::purpose::Purpose;
use crate::sandbox::calls::status_callback::CallProgressEvent;
use crate::sandbox::calls::step::Step;
use crate::sandbox::clock::Timer;
use crate::sandbox::state::{
    ActivityGuard, AnswerBehavior, Instructions, WebhookKind, WebhookTarget,
};
use crate::sandbox::webhooks::FormFields;
use crate::types::{CallSid, CallStatus};

/// A leg that rings.
pub(super) struct Leg {
    pub(super) call: ActiveCall,
    /// Behavior of the phone, or the final status of a leg that cannot ring.
    pub(super) behavior: Result<AnswerBehavior, CallStatus>,
    pub(super) timer: Timer,
    pub(super) screening: Option<WebhookTarget>,
    pub(super) send_digits: Option<String>,
    pub(super) machine_detection: Option<MachineDetection>,
    pub(super) news: mpsc::UnboundedSender<LegNews>,
}

/// News of a leg to the call that dials.
pub(super) struct LegNews {
    pub(super) sid: CallSid,
    pub(super) result: Result<Box<ActiveCall>, CallStatus>,
    /// Keeps the sandbox busy until the news is processed.
    pub(super) activity: Option<ActivityGuard>,
}

impl Leg {
    /// Starts the task of the leg.
    pub(super) fn start(self) {
        let context = std::sync::Arc::clone(&self.call.context);
        context.spawn(|activity| boxed(self, activity));
    }

    async fn run(mut self, activity: ActivityGuard) {
        self.call.activity = Some(activity);
        let sid = self.call.sid;
        self.call.report(CallProgressEvent::Initiated).await;
        let result = match self.reach().await {
            Ok(()) => Ok(()),
            Err(Unreached {
                leg_status,
                dial_status,
            }) => {
                self.call.finish(leg_status).await;
                Err(dial_status)
            }
        };
        let activity = self.call.activity.take();
        let news = LegNews {
            sid,
            result: result.map(|()| Box::new(self.call)),
            activity,
        };
        // The call that dials may be connected with another leg, or may have ended.
        if let Err(unsent) = self.news.send(news)
            && let Ok(mut call) = unsent.0.result
        {
            call.activity = unsent.0.activity;
            call.finish(CallStatus::Completed).await;
        }
    }

    /// Rings the phone, and lets it run its TwiML.
    async fn reach(&mut self) -> Result<(), Unreached> {
        let behavior = self.behavior.clone().map_err(Unreached::unanswered)?;
        let call = &mut self.call;
        call.report(CallProgressEvent::Ringing).await;
        let behavior = call
            .await_answer(behavior, &mut self.timer)
            .await
            .map_err(Unreached::unanswered)?;
        call.answer().await;
        if let Some(digits) = &self.send_digits
            && call.send_digits(digits).await.is_some()
        {
            return Err(Unreached::declined());
        }
        if let Some(detection) = self.machine_detection.take() {
            // Always asynchronous, so that it interrupts nothing.
            call.detect_machine(detection, behavior).await;
        }
        if let Some(target) = self.screening.take()
            && !call.screen(&target).await
        {
            return Err(Unreached::declined());
        }
        match call.interruption() {
            // The leg is connected, and its new instructions are run then.
            Some(Step::Follow(instructions)) => call.redirect = Some(instructions),
            Some(_) => return Err(Unreached::declined()),
            None => {}
        }
        Ok(())
    }
}

/// End of a leg that is not connected.
struct Unreached {
    leg_status: CallStatus,
    dial_status: CallStatus,
}

impl Unreached {
    fn unanswered(status: CallStatus) -> Self {
        Self {
            leg_status: status.clone(),
            dial_status: status,
        }
    }

    /// The phone answered, and hung up before it was connected.
    const fn declined() -> Self {
        Self {
            leg_status: CallStatus::Completed,
            dial_status: CallStatus::NoAnswer,
        }
    }
}

/// Boxed, because the TwiML of a leg is run by the same code that runs `<Dial>`.
fn boxed(leg: Leg, activity: ActivityGuard) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(leg.run(activity))
}

impl ActiveCall {
    /// Runs the TwiML of a noun's `url` on the called phone. Returns `false` if the phone hung up or
    /// the TwiML did.
    async fn screen(&mut self, target: &WebhookTarget) -> bool {
        self.purpose = Purpose::Screening;
        let mut step = self
            .request(WebhookKind::Screening, target, FormFields::new())
            .await;
        let is_accepted = loop {
            step = match step {
                Step::Run(document) => self.run_document(document).await,
                Step::Follow(instructions) => self.fetch(instructions).await,
                Step::NextVerb => break true,
                Step::End | Step::Changed | Step::Leave | Step::Failed => break false,
            }
        };
        self.purpose = Purpose::Call;
        is_accepted
    }

    /// Hangs up a leg that is not needed any more.
    pub(super) fn hang_up_later(mut self) {
        let context = std::sync::Arc::clone(&self.context);
        context.spawn(|activity| async move {
            self.activity = Some(activity);
            self.finish(CallStatus::Completed).await;
        });
    }

    /// Runs new instructions on a leg that is no longer connected, in a task of its own.
    pub(super) fn run_alone(self, instructions: Instructions) {
        let context = std::sync::Arc::clone(&self.context);
        context.spawn(|activity| boxed_alone(self, instructions, activity));
    }
}

fn boxed_alone(
    mut call: ActiveCall,
    instructions: Instructions,
    activity: ActivityGuard,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        call.activity = Some(activity);
        let first = call.fetch(instructions).await;
        call.run(first).await;
        call.finish(CallStatus::Completed).await;
    })
}
