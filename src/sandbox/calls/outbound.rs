//! A call that the REST API places.

use std::sync::Arc;
use std::time::Duration;

use super::active_call::{ActiveCall, NewCall};
use super::machine_detection::MachineDetection;
use super::status_callback::{CallProgressEvent, StatusCallback};
use crate::phone::Address;
use crate::sandbox::context::Context;
use crate::sandbox::state::{ActivityGuard, AnswerBehavior, Instructions, RecordingOptions};
use crate::types::{CallDirection, CallStatus};

/// Options of a call from the REST API.
pub(crate) struct PlaceOptions {
    pub(crate) instructions: Instructions,
    /// Time that the phone rings.
    pub(crate) timeout: Duration,
    /// Keys that are played when the phone answers.
    pub(crate) send_digits: Option<String>,
    pub(crate) machine_detection: Option<MachineDetection>,
    /// Recording of the whole call.
    pub(crate) recording: Option<RecordingOptions>,
}

/// Rings the phone, and runs the instructions after it has answered.
pub(crate) async fn place(mut call: ActiveCall, options: PlaceOptions, activity: ActivityGuard) {
    call.activity = Some(activity);
    call.report(CallProgressEvent::Initiated).await;
    match call.ring(options.timeout).await {
        Ok(behavior) => call.run_answered(options, behavior).await,
        Err(status) => call.finish(status).await,
    }
}

impl ActiveCall {
    /// Creates a call that the REST API places, from and to an address, with its `TimeLimit` in seconds.
    pub(crate) fn outbound(
        context: &Arc<Context>,
        (from, to): (Address, Address),
        status_callback: Option<StatusCallback>,
        time_limit: Option<u64>,
    ) -> Self {
        let new = NewCall {
            from,
            to,
            direction: CallDirection::OutboundApi,
            parent_call_sid: None,
            status_callback,
        };
        let mut call = Self::new(context, new);
        if let Some(seconds) = time_limit {
            call.limit_time(Duration::from_secs(seconds));
        }
        call
    }

    async fn run_answered(&mut self, options: PlaceOptions, behavior: AnswerBehavior) {
        self.answer().await;
        if let Some(recording) = &options.recording {
            self.reported_recording = Some(self.start_recording(recording, None));
        }
        let mut interrupted = None;
        if let Some(digits) = &options.send_digits {
            interrupted = self.send_digits(digits).await;
        } else if let Some(detection) = options.machine_detection {
            interrupted = self.detect_machine(detection, behavior).await;
        }
        let first = match interrupted {
            Some(step) => step,
            None => self.fetch(options.instructions).await,
        };
        self.run(first).await;
        self.finish(CallStatus::Completed).await;
    }
}
