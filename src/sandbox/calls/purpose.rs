//! Purpose of the TwiML that a call runs: its own, or a document that a verb plays to it.

use crate::sandbox::state::AlertCause;

/// Purpose of a document, on which the permitted verbs depend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Instructions of the call.
    Call,
    /// TwiML of a noun's `url`, which the called phone runs before it is connected.
    Screening,
    /// Music of a conference that has not started, or of a participant on hold.
    Conference,
    /// Music of a queue.
    Queue,
    /// TwiML of `<Queue url>`, which a member hears before it is connected.
    Greeting,
}

impl Purpose {
    /// Reports whether a document of this purpose may contain a verb.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/number#url>,
    /// <https://www.twilio.com/docs/voice/twiml/conference#waiturl>,
    /// <https://www.twilio.com/docs/voice/twiml/enqueue#waiturl>,
    /// <https://www.twilio.com/docs/voice/twiml/queue#url>
    pub(super) fn permits(self, verb: &str) -> bool {
        matches!(
            (self, verb),
            (Self::Call, _)
                | (_, "Play" | "Say" | "Pause" | "Redirect")
                | (Self::Screening | Self::Queue, "Gather" | "Hangup")
                | (Self::Queue, "Leave")
        )
    }

    /// Returns the alert about a verb that is not permitted.
    pub(super) fn refusal(self, verb: &str) -> AlertCause {
        match self {
            Self::Screening if verb == "Dial" => AlertCause::new(
                13201,
                "a phone that a <Dial> called cannot run <Dial> before it is connected",
            ),
            Self::Conference => AlertCause::new(
                13238,
                "the music of a conference may contain only Play, Say, Pause and Redirect",
            ),
            Self::Queue | Self::Greeting => {
                AlertCause::new(12200, "a verb is not permitted while a call is in a queue")
            }
            Self::Call | Self::Screening => AlertCause::new(
                12200,
                "a verb is not permitted before the phone is connected",
            ),
        }
    }

    /// Reports whether the call waits for others while the document runs, so that an unusable
    /// document does not end the call.
    pub(super) const fn waits(self) -> bool {
        matches!(self, Self::Conference | Self::Queue | Self::Greeting)
    }

    /// Reports whether the document is music: it plays until an event ends it, so its time passes
    /// only with the clock.
    pub(super) const fn is_music(self) -> bool {
        matches!(self, Self::Conference | Self::Queue)
    }
}
