//! A call that the REST API places.

use std::time::Duration;

use super::active_call::ActiveCall;
use super::status_callback::CallProgressEvent;
use crate::sandbox::state::{ActivityGuard, Instructions};
use crate::types::CallStatus;

/// Rings the phone, and runs the instructions after it has answered.
pub(crate) async fn place(
    mut call: ActiveCall,
    instructions: Instructions,
    timeout: Duration,
    activity: ActivityGuard,
) {
    call.activity = Some(activity);
    call.report(CallProgressEvent::Initiated).await;
    if let Err(status) = call.ring(timeout).await {
        call.finish(status).await;
        return;
    }
    call.answer().await;
    let first = call.fetch(instructions).await;
    call.run(first).await;
    call.finish(CallStatus::Completed).await;
}
