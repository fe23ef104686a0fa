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
    /// Ends a call, answered or not.
    ///
    /// Twilio rejects the request with 21220 if the call has ended. If an earlier attempt lost its
    /// response, the client then fetches the call and returns it.
    ///
    /// ```
    /// use clinspark_twilio::client::calls::HangUpCall;
    /// use clinspark_twilio::types::CallStatus;
    /// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
    /// # use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// # use clinspark_twilio::types::{AccountSid, AuthToken, CallSid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    /// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
    /// # let sid = CallSid::parse("CA00000000000000000000000000000001")?;
    /// # let transport = FakeTransport::new()
    /// #     .reply(Reply::json(
    /// #         200,
    /// #         r#"{"sid": "CA00000000000000000000000000000001", "status": "completed"}"#,
    /// #     ));
    /// # let client = Client::builder(credentials, Delivery::Off)
    /// #     .with_transport(transport.clone())
    /// #     .build()?;
    ///
    /// let call = client.execute(HangUpCall::new(sid)).await?;
    /// assert_eq!(call.status, Some(CallStatus::Completed));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource>
    HangUpCall => Call {
        POST Api "/Calls/{sid}.json" Update;
        path {
            /// SID of the call
            sid: CallSid,
        }
        sets {
            "Status" = "completed",
        }
        closed true;
        settled 21220 by "FetchCall" if |_, call| call.status.as_ref().is_some_and(CallStatus::is_final);
    }
}

request! {
    /// Cancels a call that is queued or ringing. Twilio lets an answered call go on.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource>
    CancelCall => Call {
        POST Api "/Calls/{sid}.json" Update;
        path {
            /// SID of the call
            sid: CallSid,
        }
        sets {
            "Status" = "canceled",
        }
        closed true;
        settled 21220 by "FetchCall" if |_, call| call.status == Some(CallStatus::Canceled);
    }
}

request! {
    /// Redirects a call in progress to other instructions. Its current instructions end at once.
    ///
    /// The request counts as a create: if it were carried out twice, the instructions would be
    /// spoken or dialed twice.
    ///
    /// ```
    /// use clinspark_twilio::client::calls::RedirectCall;
    /// use clinspark_twilio::twiml::{Say, VoiceResponse};
    /// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
    /// # use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// # use clinspark_twilio::types::{AccountSid, AuthToken, CallSid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    /// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
    /// # let call = CallSid::parse("CA00000000000000000000000000000001")?;
    /// # let transport = FakeTransport::new()
    /// #     .reply(Reply::json(200, r#"{"sid": "CA00000000000000000000000000000001"}"#));
    /// # let client = Client::builder(credentials, Delivery::Live)
    /// #     .with_transport(transport.clone())
    /// #     .build()?;
    ///
    /// let goodbye = VoiceResponse::new().append(Say::new("The clinic is closing. Goodbye."));
    /// client.execute(RedirectCall::new(call, goodbye)).await?;
    ///
    /// let twiml = transport.requests()[0].parameter("Twiml");
    /// assert!(twiml.is_some_and(|twiml| twiml.contains("The clinic is closing. Goodbye.")));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource>
    RedirectCall => Call {
        // `Create` although it updates a call: a retry could speak or dial a second time.
        POST Api "/Calls/{sid}.json" Create;
        path {
            /// SID of the call
            sid: CallSid,
        }
        needs {
            /// new instructions
            redirect: RedirectTarget,
        }
        reaches(redirect);
        check Self::check_combinations;
    }
}

impl RedirectCall {
    #[expect(
        clippy::unused_self,
        reason = "each `check` function takes the request"
    )]
    fn check_combinations(&self, form: &mut Form) {
        // `InlineTwiml` and `TwimlUrl` have this setter for `PlaceCall`. Twilio's update has no
        // such parameter.
        if form.has("StatusCallbackEvent") {
            form.fault(
                "StatusCallbackEvent",
                "cannot be changed for a call in progress",
            );
        }
    }
}

request! {
    /// Sets the maximum length of a call in progress, counted from its answer.
    ///
    /// ```
    /// use std::time::Duration;
    /// use clinspark_twilio::client::calls::SetCallTimeLimit;
    /// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
    /// # use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// # use clinspark_twilio::types::{AccountSid, AuthToken, CallSid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    /// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
    /// # let sid = CallSid::parse("CA00000000000000000000000000000001")?;
    /// # let transport = FakeTransport::new()
    /// #     .reply(Reply::json(200, r#"{"sid": "CA00000000000000000000000000000001"}"#));
    /// # let client = Client::builder(credentials, Delivery::Off)
    /// #     .with_transport(transport.clone())
    /// #     .build()?;
    ///
    /// client.execute(SetCallTimeLimit::new(sid, Duration::from_secs(10 * 60))).await?;
    /// assert_eq!(transport.requests()[0].parameter("TimeLimit").as_deref(), Some("600"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource>
    SetCallTimeLimit => Call {
        POST Api "/Calls/{sid}.json" Update;
        path {
            /// SID of the call
            sid: CallSid,
        }
        needs {
            /// maximum length, in whole seconds
            time_limit: Duration,
        }
        closed true;
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
    /// TwiML in the request, at most 4,000 characters.
    Twiml(InlineTwiml),
    /// URL that Twilio requests for TwiML.
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

/// Telephone numbers that the inline TwiML dials or texts.
impl Reaches for RedirectTarget {
    fn people(&self) -> Vec<Option<E164>> {
        match self {
            Self::Twiml(twiml) => twiml.people_in_progress(),
            // The TwiML behind a URL is not known before Twilio fetches it.
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
