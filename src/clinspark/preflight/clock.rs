//! The clock: access tokens, scheduled texts and the age of webhooks hang on it.

use std::time::{Duration, SystemTime};

use super::check::Check;
use super::run::Run;
use crate::client::accounts::FetchBalance;

/// Permitted difference of the two clocks: the answer's travel time, and a margin for slow answers.
const TOLERANCE: Duration = Duration::from_secs(60);

pub(super) async fn check(run: &mut Run<'_>) {
    let checks = &[Check::ClockSkew];
    if run.is_unreachable(checks) {
        return;
    }
    // Any answer has a date, a refusal too.
    let asked = run.client.now();
    let theirs = run.client.twilio_time(&FetchBalance::new()).await;
    let answered = run.client.now();
    let Some(theirs) = theirs else {
        return run.inconclusive(checks, "Twilio's answer tells no time");
    };
    if let Some((apart, direction)) = apart(asked, answered, theirs) {
        run.add(
            Check::ClockSkew,
            format!(
                "this machine's clock is {} seconds {direction} Twilio's",
                apart.as_secs()
            ),
            "the same time to the minute",
            "let the machine keep its clock by NTP",
        );
    }
}

/// Difference between Twilio's time and the span of the request, if it is too large.
fn apart(
    asked: SystemTime,
    answered: SystemTime,
    theirs: SystemTime,
) -> Option<(Duration, &'static str)> {
    let (apart, direction) = match (
        asked.duration_since(theirs),
        theirs.duration_since(answered),
    ) {
        (Ok(ahead), _) => (ahead, "ahead of"),
        (_, Ok(behind)) => (behind, "behind"),
        _ => return None,
    };
    (apart > TOLERANCE).then_some((apart, direction))
}
