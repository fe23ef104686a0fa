//! Causes for which a person did not get a call.

use clinspark_twilio::client::calls::{Call, FetchCall};
use clinspark_twilio::types::{AnsweredBy, CallSid, CallStatus};

use super::alerts;
use super::investigation::{Investigation, masked};
use crate::failure::Failure;

const STATUS: &str = "status";

pub(super) async fn investigate(run: &mut Investigation<'_>, sid: CallSid) -> Result<(), Failure> {
    let call = run
        .subject(FetchCall::new(sid), &format!("call {sid}"))
        .await?;
    run.note(
        "call",
        format!(
            "from {} to {}",
            masked(call.from.as_ref()),
            masked(call.to.as_ref())
        ),
    );
    let times = [("began", &call.start_time), ("ended", &call.end_time)];
    let times: Vec<String> = times
        .into_iter()
        .filter_map(|(name, time)| Some(format!("{name} {}", time.as_ref()?)))
        .collect();
    if !times.is_empty() {
        run.note("times", times.join("; "));
    }
    status(run, &call);
    alerts::about(run, sid.as_str(), call.date_created.as_ref()).await;
    Ok(())
}

fn status(run: &mut Investigation<'_>, call: &Call) {
    let Some(status) = &call.status else {
        return run.unknown(STATUS, "Twilio returns no status");
    };
    match status {
        CallStatus::Completed => {
            let seconds = call.duration.unwrap_or_default();
            run.ok(STATUS, format!("answered; it lasted {seconds} seconds"));
        }
        CallStatus::Busy => run.problem(STATUS, "the line was busy", "call again later"),
        CallStatus::NoAnswer => {
            run.problem(STATUS, "the person did not answer", "call again later");
        }
        CallStatus::Canceled => run.problem(
            STATUS,
            "canceled before it was answered",
            "place it again if it is still needed",
        ),
        CallStatus::Failed => run.problem(
            STATUS,
            "Twilio could not connect the call",
            "check the number, and the alerts below for the code",
        ),
        _ => run.note(STATUS, status.as_str()),
    }
    match &call.answered_by {
        None | Some(AnsweredBy::Human) => {}
        Some(answered_by) => run.note("answered by", answered_by.as_str()),
    }
}
