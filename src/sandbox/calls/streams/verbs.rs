//! `<Stream>` in a `<Start>` or `<Stop>`.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/stream>

use reqwest::Url;

use super::listen::{listen, stop};
use super::options::StreamOptions;
use crate::sandbox::calls::active_call::ActiveCall;
use crate::sandbox::state::AlertCause;
use crate::twiml::Node;

impl ActiveCall {
    /// Starts a stream. The next verb does not wait for it.
    pub(in crate::sandbox::calls) fn start_stream(&self, noun: &Node, base: Option<&Url>) {
        let options = StreamOptions::read(noun, base, |cause| self.alert_cause(cause));
        let started = options.and_then(|options| listen(&self.context, self.sid, options));
        if let Err(cause) = started {
            self.alert_cause(cause);
        }
    }

    /// Stops a stream by its name.
    pub(in crate::sandbox::calls) fn stop_stream(&self, noun: &Node) {
        // The check of the document has raised an alert for a `<Stream>` without a name.
        if let Some(name) = noun.attribute("name")
            && stop(&self.context, self.sid, name).is_none()
        {
            self.alert(12200, "the <Stop> names a stream that is not running");
        }
    }

    pub(in crate::sandbox::calls) fn alert_cause(&self, cause: AlertCause) {
        self.alert(cause.code, cause.message);
    }
}
