//! A participant that the REST API calls.

use std::time::Duration;

use super::depart::depart;
use super::{ConferenceExit, Step};
use crate::sandbox::calls::active_call::ActiveCall;
use crate::sandbox::calls::machine_detection::MachineDetection;
use crate::sandbox::calls::status_callback::CallProgressEvent;
use crate::sandbox::clock::TimerEvent;
use crate::sandbox::state::{ActivityGuard, RecordingOptions};
use crate::types::{CallStatus, ConferenceSid};
use crate::webhook::ParticipantLeaveReason;

/// A call of the REST API to a participant of a conference.
pub(crate) struct PlaceParticipant {
    pub(crate) call: ActiveCall,
    pub(crate) conference: ConferenceSid,
    /// Time that the phone rings.
    pub(crate) timeout: Duration,
    /// Runs beside the call, which joins at once.
    pub(crate) machine_detection: Option<MachineDetection>,
    /// Recording of the whole call.
    pub(crate) recording: Option<RecordingOptions>,
}

/// Rings the phone, and connects it with the conference after it has answered.
pub(crate) async fn place_participant(new: PlaceParticipant, activity: ActivityGuard) {
    let PlaceParticipant {
        mut call,
        conference,
        timeout,
        machine_detection,
        recording,
    } = new;
    call.activity = Some(activity);
    call.report(CallProgressEvent::Initiated).await;
    let behavior = match call.ring(timeout).await {
        Ok(behavior) => behavior,
        Err(status) => {
            call.end(status.clone());
            let reason = ParticipantLeaveReason::AddFailed;
            depart(&call.context, conference, call.sid, &reason, false);
            call.finish(status).await;
            return;
        }
    };
    call.answer().await;
    if let Some(recording) = &recording {
        call.reported_recording = Some(call.start_recording(recording, None));
    }
    if let Some(detection) = machine_detection {
        // Always asynchronous, so that it interrupts nothing.
        call.detect_machine(detection, behavior).await;
    }
    // The call ends after its time limit, and the conference does not limit it further.
    let mut timer = call
        .context
        .clock
        .timer(Duration::MAX, TimerEvent::timeout("end of a conference"));
    let exit = call.confer(conference, &mut timer, false).await;
    if let ConferenceExit::Interrupted(step @ Step::Follow(_)) = exit {
        call.run(step).await;
    }
    call.finish(CallStatus::Completed).await;
}
