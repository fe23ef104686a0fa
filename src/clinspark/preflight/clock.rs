//! Check of this machine's clock. Access tokens, scheduled texts and the age of webhooks depend on it.

use std::time::{Duration, SystemTime};

use super::check::Check;
use super::run::Run;
use crate::client::accounts::FetchBalance;

/// Permitted difference of the two clocks: the time of the response on its way, and a margin.
const TOLERANCE: Duration = Duration::from_secs(60);

pub(super) async fn check(run: &mut Run<'_>) {
    let checks = &[Check::ClockSkew];
    if run.is_unreachable(checks) {
        return;
    }
    // Every response has a date, even an error.
    let asked = run.client.now();
    let twilio_time = run.client.twilio_time(&FetchBalance::new()).await;
    let answered = run.client.now();
    let Some(twilio_time) = twilio_time else {
        return run.inconclusive(checks, "Twilio's response has no valid date");
    };
    if let Some((skew, direction)) = skew(asked, answered, twilio_time) {
        run.add(
            Check::ClockSkew,
            format!(
                "this machine's clock is {} seconds {direction} Twilio's",
                skew.as_secs()
            ),
            "the same time to the minute",
            "synchronize the clock of the machine by NTP",
        );
    }
}

/// Returns the difference between Twilio's time and the duration of the request, if it is too large.
fn skew(
    asked: SystemTime,
    answered: SystemTime,
    twilio_time: SystemTime,
) -> Option<(Duration, &'static str)> {
    let (skew, direction) = match (
        asked.duration_since(twilio_time),
        twilio_time.duration_since(answered),
    ) {
        (Ok(ahead), _) => (ahead, "ahead of"),
        (_, Ok(behind)) => (behind, "behind"),
        _ => return None,
    };
    (skew > TOLERANCE).then_some((skew, direction))
}
