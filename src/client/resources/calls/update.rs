//! Updates of calls in progress: ending, redirecting and limiting them.

use std::time::Duration;

use super::call::Call;
use super::instructions::{InlineTwiml, TwimlUrl};
use crate::client::engine::form::Form;
use crate::client::engine::guard::Reaches;
use crate::client::engine::request::{Argument, request};
use crate::phone::E164;
use crate::twiml::VoiceResponse;
use crate::types::{CallSid, CallStatus};

request! {
    /// Ends a call, answered or not. One that has ended already is refused with 21220; after a lost
    /// answer to an earlier attempt the call is fetched and returned instead.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource>
    HangUpCall => Call {
        POST Api "/Calls/{sid}.json" Update;
        path {
            /// the call
            sid: CallSid,
        }
        sets {
            "Status" = "completed",
        }
        settled 21220 by "FetchCall" if |_, call| call.status.as_ref().is_some_and(CallStatus::is_final);
    }
}

request! {
    /// Calls off a call that is queued or rings. Once it is answered, Twilio lets it go on.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource>
    CancelCall => Call {
        POST Api "/Calls/{sid}.json" Update;
        path {
            /// the call
            sid: CallSid,
        }
        sets {
            "Status" = "canceled",
        }
        settled 21220 by "FetchCall" if |_, call| call.status == Some(CallStatus::Canceled);
    }
}

request! {
    /// Gives a running call other instructions. What it was doing ends at once.
    ///
    /// It counts as a create: new instructions that come twice are spoken, or dial, twice.
    ///
    /// ```no_run
    /// # use clinspark_twilio::client::{Client, Error};
    /// # use clinspark_twilio::types::CallSid;
    /// use clinspark_twilio::client::calls::RedirectCall;
    /// use clinspark_twilio::twiml::{Say, VoiceResponse};
    ///
    /// # async fn example(client: &Client, call: CallSid) -> Result<(), Error> {
    /// let goodbye = VoiceResponse::new().append(Say::new("The clinic is closing. Goodbye."));
    /// client.execute(RedirectCall::new(call, goodbye)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource>
    RedirectCall => Call {
        POST Api "/Calls/{sid}.json" Create;
        path {
            /// the call
            sid: CallSid,
        }
        needs {
            /// what happens next
            redirect: RedirectTarget,
        }
        reaches(redirect);
        check Self::check_combinations;
    }
}

impl RedirectCall {
    #[expect(clippy::unused_self, reason = "the form of every check")]
    fn check_combinations(&self, form: &mut Form) {
        if form.has("StatusCallbackEvent") {
            form.fault("StatusCallbackEvent", "cannot be changed in a running call");
        }
    }
}

request! {
    /// Changes how long a running call may last, counted from its answer.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource>
    SetCallTimeLimit => Call {
        POST Api "/Calls/{sid}.json" Update;
        path {
            /// the call
            sid: CallSid,
        }
        needs {
            /// how long it may last, in whole seconds
            time_limit: Duration,
        }
    }
}

impl Argument for Duration {
    const NAMES: &'static [&'static str] = &["TimeLimit"];

    fn write(&self, form: &mut Form) {
        form.set_seconds("TimeLimit", *self, &(1..=u64::MAX));
    }
}

/// Instructions that a call in progress continues with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedirectTarget {
    /// TwiML sent along, at most 4,000 characters.
    Twiml(InlineTwiml),
    /// An address that Twilio asks for TwiML.
    Url(TwimlUrl),
}

impl From<VoiceResponse> for RedirectTarget {
    fn from(twiml: VoiceResponse) -> Self {
        Self::Twiml(InlineTwiml::new(&twiml))
    }
}

impl From<InlineTwiml> for RedirectTarget {
    fn from(twiml: InlineTwiml) -> Self {
        Self::Twiml(twiml)
    }
}

impl From<TwimlUrl> for RedirectTarget {
    fn from(url: TwimlUrl) -> Self {
        Self::Url(url)
    }
}

/// Those whom the TwiML that is sent along would dial or text.
impl Reaches for RedirectTarget {
    fn people(&self) -> Vec<Option<E164>> {
        match self {
            Self::Twiml(twiml) => twiml.people(),
            Self::Url(_) => Vec::new(),
        }
    }
}

impl Argument for RedirectTarget {
    const NAMES: &'static [&'static str] = &[
        "Twiml",
        "Url",
        "Method",
        "FallbackUrl",
        "FallbackMethod",
        "StatusCallback",
        "StatusCallbackMethod",
    ];

    fn write(&self, form: &mut Form) {
        match self {
            Self::Twiml(twiml) => twiml.write(form),
            Self::Url(url) => url.write(form),
        }
    }
}
