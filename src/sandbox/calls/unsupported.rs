//! Verbs that the sandbox does not run. Each is skipped with an alert that names it.

use super::active_call::ActiveCall;

/// Alerts about verbs that Twilio has.
#[rustfmt::skip]
const UNSUPPORTED: &[(&str, &str)] = &[
    ("Pay", "the sandbox does not run <Pay>, and skipped it"),
    ("Prompt", "the sandbox does not run <Prompt>, and skipped it"),
    ("Queue", "the sandbox does not run <Queue>, and skipped it"),
    ("Message", "Twilio runs <Message> only in response to a text; a call sends one with the API"),
];

impl ActiveCall {
    /// Adds the alert about a verb that is skipped.
    pub(super) fn skip(&self, verb: &str) {
        let known = UNSUPPORTED.iter().find(|(name, _)| *name == verb);
        let unknown = "Twilio knows no verb of this name, and skips it; names are case-sensitive";
        self.alert(12200, known.map_or(unknown, |(_, message)| *message));
    }
}
