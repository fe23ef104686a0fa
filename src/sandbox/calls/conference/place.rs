//! A participant that the REST API calls.

use std::time::Duration;

use super::depart::depart;
use super::{ConferenceExit, Step};
use crate::sandbox::calls::active_call::ActiveCall;
use crate::sandbox::calls::status_callback::CallProgressEvent;
use crate::sandbox::state::ActivityGuard;
use crate::types::{CallStatus, ConferenceSid};
use crate::webhook::ParticipantLeaveReason;

/// A call of the REST API to a participant of a conference.
pub(crate) struct PlaceParticipant {
    pub(crate) call: ActiveCall,
    pub(crate) conference: ConferenceSid,
    /// Time that the phone rings.
    pub(crate) timeout: Duration,
}

/// Rings the phone, and connects it with the conference after it has answered.
pub(crate) async fn place_participant(new: PlaceParticipant, activity: ActivityGuard) {
    let PlaceParticipant {
        mut call,
        conference,
        timeout,
    } = new;
    call.activity = Some(activity);
    call.report(CallProgressEvent::Initiated).await;
    if let Err(status) = call.ring(timeout).await {
        call.end(status.clone());
        let reason = ParticipantLeaveReason::AddFailed;
        depart(&call.context, conference, call.sid, &reason, false);
        call.finish(status).await;
        return;
    }
    call.answer().await;
    // The call ends after its time limit, and the conference does not limit it further.
    let mut timer = call.context.clock.timer(Duration::MAX);
    let exit = call.confer(conference, &mut timer, false).await;
    if let ConferenceExit::Interrupted(step @ Step::Follow(_)) = exit {
        call.run(step).await;
    }
    call.finish(CallStatus::Completed).await;
}
