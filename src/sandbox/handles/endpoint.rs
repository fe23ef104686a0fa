//! [`CallEndpoint`]: a client of the Voice SDK, a SIP endpoint, or a phone's line for calls.

use std::fmt;
use std::sync::Arc;

use super::phone_call::PhoneCall;
use super::sandbox::Sandbox;
use crate::phone::{Address, ClientIdentity, E164, SipUri};
use crate::sandbox::calls;
use crate::sandbox::context::Context;
use crate::sandbox::error::{SandboxError, SandboxErrorKind};
use crate::sandbox::state::{AnswerBehavior, CallCommand, State};
use crate::types::{ApplicationSid, CallSid, CallStatus};

/// Simulated endpoint of calls: a client of the Voice SDK, a SIP endpoint, or a `WhatsApp` user.
///
/// Returned by [`Sandbox::client`], [`Sandbox::sip_endpoint`] and [`Sandbox::whatsapp`]. A
/// [`Phone`](crate::sandbox::Phone) has the same methods and also texts. Clones are the same
/// endpoint.
///
/// ```
/// use clinspark_twilio::phone::ClientIdentity;
/// use clinspark_twilio::sandbox::{AnswerBehavior, Sandbox};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::start().await?;
/// let nurse = sandbox.client(ClientIdentity::parse("nurse")?);
/// nurse.set_answer_behavior(AnswerBehavior::Ring);
///
/// // No address in a log.
/// assert_eq!(format!("{nurse:?}"), "CallEndpoint(client:[redacted])");
/// # Ok(())
/// # }
/// ```
///
/// Source: <https://www.twilio.com/docs/voice/twiml/client>,
/// <https://www.twilio.com/docs/voice/twiml/sip>
#[derive(Clone)]
pub struct CallEndpoint {
    context: Arc<Context>,
    address: Address,
}

impl fmt::Debug for CallEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CallEndpoint({})", self.address.masked())
    }
}

impl CallEndpoint {
    pub(super) fn new(context: &Arc<Context>, address: Address) -> Self {
        context.update(|state| state.phone_mut(&address).is_in_use = true);
        Self {
            context: Arc::clone(context),
            address,
        }
    }

    /// Returns the address of the endpoint.
    #[must_use]
    pub const fn address(&self) -> &Address {
        &self.address
    }

    /// Sets the reaction of this endpoint to later calls. Default [`AnswerBehavior::Answer`].
    pub fn set_answer_behavior(&self, behavior: AnswerBehavior) {
        self.context
            .update(|state| state.phone_mut(&self.address).answer = behavior);
    }

    /// Calls a TwiML App, as the Voice SDK does and as a SIP domain with that app's URLs does. Waits
    /// until the call is idle or has ended.
    ///
    /// Twilio sends `parameters` to the application with the first request. The parameter `To`
    /// becomes the call's `To`.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::InvalidSetting`] if the account has no such TwiML App, and
    /// [`Timeout`](SandboxErrorKind::Timeout) if the application does not answer.
    ///
    /// Source: <https://www.twilio.com/docs/voice/sdks/javascript/twiliodevice#deviceconnectconnectoptions>
    pub async fn call(
        &self,
        application: ApplicationSid,
        parameters: &[(&str, &str)],
    ) -> Result<PhoneCall, SandboxError> {
        let is_known = self
            .context
            .read(|state| state.application(application).is_some());
        if !is_known {
            let message = "the account has no such TwiML App";
            return Err(SandboxError::new(SandboxErrorKind::InvalidSetting, message));
        }
        let from = self.address.clone();
        let sid = calls::receive_in_application(&self.context, from, application, parameters);
        let call = self.phone_call(sid);
        call.wait_idle_or_ended().await?;
        Ok(call)
    }

    /// Waits for the next call to this endpoint that this method has not returned yet, and answers
    /// it. A call that was answered automatically may have ended by then; its audio can still be
    /// [heard](PhoneCall::hear).
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::Timeout`] if no call rings, and
    /// [`CallEnded`](SandboxErrorKind::CallEnded) if the caller hangs up first.
    pub async fn answer(&self) -> Result<PhoneCall, SandboxError> {
        let is_answerable = |status: &CallStatus| {
            matches!(
                status,
                CallStatus::Ringing | CallStatus::InProgress | CallStatus::Completed
            )
        };
        let (call, status) = self.next_call(is_answerable).await?;
        if status == CallStatus::Ringing {
            call.send(CallCommand::Answer, None);
        }
        let status = call
            .status_after_ringing("the call was not connected")
            .await?;
        if matches!(status, CallStatus::InProgress | CallStatus::Completed) {
            Ok(call)
        } else {
            Err(SandboxError::new(
                SandboxErrorKind::CallEnded,
                "the caller hung up before the phone was answered",
            ))
        }
    }

    /// Waits for the next call that rings, and declines it. The call ends with `busy`. Returns when
    /// its status callback was answered.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::Timeout`] if no call rings.
    pub async fn decline(&self) -> Result<(), SandboxError> {
        let rings = |status: &CallStatus| *status == CallStatus::Ringing;
        let (call, _) = self.next_call(rings).await?;
        call.hang_up().await.map(|_| ())
    }

    /// Waits for the next call with a fitting status. Other calls in the queue, such as one whose
    /// caller hung up, are skipped.
    async fn next_call(
        &self,
        fits: fn(&CallStatus) -> bool,
    ) -> Result<(PhoneCall, CallStatus), SandboxError> {
        let next = |state: &mut State| {
            loop {
                state.phones.get(&self.address)?.ringing_calls.front()?;
                let sid = state.phone_mut(&self.address).ringing_calls.pop_front()?;
                let status = state.call(sid).map(|entry| entry.call.status.clone());
                if let Some(status) = status.filter(fits) {
                    return Some((sid, status));
                }
            }
        };
        let failure = "no call rang the phone";
        let (sid, status) = self.context.wait_for(failure, next).await?;
        Ok((self.phone_call(sid), status))
    }

    pub(super) fn phone_call(&self, sid: CallSid) -> PhoneCall {
        PhoneCall::new(Arc::clone(&self.context), sid)
    }
}

impl Sandbox {
    /// Returns the client of the Voice SDK with this identity. Calls to a client that no test has
    /// requested end with `no-answer`.
    #[must_use]
    pub fn client(&self, identity: ClientIdentity) -> CallEndpoint {
        CallEndpoint::new(&self.context, Address::Client(identity))
    }

    /// Returns the SIP endpoint with this address, which has neither URI parameters nor headers.
    /// Calls to an endpoint that no test has requested end with `no-answer`.
    #[must_use]
    pub fn sip_endpoint(&self, uri: SipUri) -> CallEndpoint {
        CallEndpoint::new(&self.context, Address::Sip(uri))
    }

    /// Returns the `WhatsApp` user with this number, for calls of `<Dial><WhatsApp>`.
    #[must_use]
    pub fn whatsapp(&self, number: E164) -> CallEndpoint {
        CallEndpoint::new(&self.context, Address::WhatsApp(number))
    }
}
