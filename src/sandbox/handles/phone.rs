//! [`Phone`]: a simulated phone that texts and calls the account's numbers.

use std::fmt;
use std::sync::Arc;

use super::endpoint::CallEndpoint;
use super::phone_call::PhoneCall;
use crate::phone::{Address, E164};
use crate::sandbox::calls;
use crate::sandbox::context::Context;
use crate::sandbox::error::{SandboxError, SandboxErrorKind};
use crate::sandbox::messages::{self, InboundMedia, InboundText};
use crate::sandbox::state::{AnswerBehavior, Carrier, DeliveryBehavior, TextMessage};
use crate::types::Redacted;

/// Simulated phone, returned by [`Sandbox::phone`](crate::sandbox::Sandbox::phone).
///
/// Every wait ends after the sandbox's timeout with an error that names the missing event. Clones
/// are the same phone.
///
/// ```
/// use clinspark_twilio::phone::E164;
/// use clinspark_twilio::sandbox::Sandbox;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::start().await?;
/// let clinic = E164::parse("+14155550100")?;
/// sandbox.add_number(clinic);
/// let volunteer = sandbox.phone(E164::parse("+14155550123")?);
///
/// // Twilio itself replies to STOP, also without a webhook URL.
/// let replies = volunteer.text(clinic, "STOP").await?;
/// assert_eq!(replies.len(), 1);
/// assert_eq!(replies[0].from, clinic);
/// assert_eq!(volunteer.inbox(), replies);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Phone {
    context: Arc<Context>,
    number: E164,
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.number.masked())
    }
}

impl Phone {
    pub(super) fn new(context: Arc<Context>, number: E164) -> Self {
        context.update(|state| state.phone_mut(&number.into()).is_in_use = true);
        Self { context, number }
    }

    /// Returns the number of the phone.
    #[must_use]
    pub const fn number(&self) -> E164 {
        self.number
    }

    const fn address(&self) -> Address {
        Address::Phone(self.number)
    }

    /// Sets the name by which the control API and the page list this phone. Default none.
    ///
    /// At most 64 characters are kept; an empty name clears it.
    pub fn set_name(&self, name: &str) {
        let name: String = name.chars().take(64).collect();
        let name = Some(Redacted::new(name)).filter(|name| !name.expose().trim().is_empty());
        self.context
            .update(|state| state.phone_mut(&self.address()).name = name);
    }

    /// Sets the outcome of later texts to this phone.
    pub fn set_delivery_behavior(&self, behavior: DeliveryBehavior) {
        self.context
            .update(|state| state.phone_mut(&self.address()).delivery = Some(behavior));
    }

    /// Sets the line type of this phone: `mobile`, `landline`, `fixedVoip`, `nonFixedVoip`, or another
    /// of Twilio's words. Lookups return it, and texts to a landline do not arrive (30006).
    ///
    /// Default: the type of the number in the numbering plan. A number of the USA counts as a mobile,
    /// because its digits do not distinguish landlines.
    ///
    /// Source: <https://www.twilio.com/docs/lookup/v2-api/line-type-intelligence>
    pub fn set_line_type(&self, line_type: &str) {
        self.context.update(|state| {
            state.phone_mut(&self.address()).line_type = Some(line_type.to_owned());
        });
    }

    /// Sets the carrier of this phone, which lookups return: its name, and the codes of its country
    /// and its network, such as `310` and `260`. Default: none, as for a number without a carrier.
    ///
    /// Source: <https://www.twilio.com/docs/lookup/v2-api/line-type-intelligence>
    pub fn set_carrier(&self, name: &str, mobile_country_code: &str, mobile_network_code: &str) {
        let carrier = Carrier {
            name: name.to_owned(),
            mobile_country_code: mobile_country_code.to_owned(),
            mobile_network_code: mobile_network_code.to_owned(),
        };
        self.context
            .update(|state| state.phone_mut(&self.address()).carrier = Some(carrier));
    }

    /// Sets the reaction of this phone to later calls.
    pub fn set_answer_behavior(&self, behavior: AnswerBehavior) {
        self.endpoint().set_answer_behavior(behavior);
    }

    /// Texts one of the account's numbers, and waits until the webhook is answered and the replies
    /// are delivered. Returns the replies that this phone received, in order.
    ///
    /// An invalid response of the application is no error here, because no phone would show one;
    /// see [`Sandbox::alerts`](crate::sandbox::Sandbox::alerts). STOP, START and HELP are applied
    /// and answered as Twilio does, and are also forwarded to the application.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::UnknownNumber`] if the account does not own `to`, and
    /// [`Timeout`](SandboxErrorKind::Timeout) if the application does not answer. The text is
    /// processed even if this future is dropped.
    pub async fn text(&self, to: E164, body: &str) -> Result<Vec<TextMessage>, SandboxError> {
        self.text_with_media(to, body, &[]).await
    }

    /// Texts one of the account's numbers with media, as [`text`](Self::text) does. The application
    /// receives URLs of the API that redirect to these, and media types derived from their
    /// extensions.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`text`](Self::text).
    pub async fn text_with_media(
        &self,
        to: E164,
        body: &str,
        media_urls: &[&str],
    ) -> Result<Vec<TextMessage>, SandboxError> {
        let media = InboundMedia {
            urls: media_urls.iter().map(|url| (*url).to_owned()).collect(),
            files: Vec::new(),
        };
        self.send(to, body, media).await
    }

    /// Texts one of the account's numbers with files, as [`text`](Self::text) does. Each file is a
    /// media type, such as `image/png`, and its bytes, which the API serves.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`text`](Self::text).
    pub async fn text_with_files(
        &self,
        to: E164,
        body: &str,
        files: &[(&str, &[u8])],
    ) -> Result<Vec<TextMessage>, SandboxError> {
        let files = files.iter();
        let media = InboundMedia {
            urls: Vec::new(),
            files: files
                .map(|(media_type, bytes)| ((*media_type).to_owned(), Arc::from(*bytes)))
                .collect(),
        };
        self.send(to, body, media).await
    }

    async fn send(
        &self,
        to: E164,
        body: &str,
        media: InboundMedia,
    ) -> Result<Vec<TextMessage>, SandboxError> {
        self.check_owned(to, "the phone texted a number")?;
        let text = InboundText {
            from: self.address(),
            to: to.into(),
            body: body.to_owned(),
            media,
            hops: 0,
        };
        let (_, mut replies) = messages::text(&self.context, text);
        self.context
            .wait_for("the text was not answered", move |_| {
                replies.try_recv().ok()
            })
            .await
    }

    /// Returns every text that the phone has received, oldest first.
    #[must_use]
    pub fn inbox(&self) -> Vec<TextMessage> {
        self.context
            .read(|state| Some(Vec::from(state.phones.get(&self.address())?.inbox.clone())))
            .unwrap_or_default()
    }

    /// Waits for the next text that this method has not returned yet.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::Timeout`] if no text arrives.
    pub async fn next_text(&self) -> Result<TextMessage, SandboxError> {
        self.context
            .wait_for("no text reached the phone", |state| {
                let phone = state.phones.get(&self.address())?;
                let text = phone.inbox.get(phone.read_count).cloned()?;
                state.phone_mut(&self.address()).read_count += 1;
                Some(text)
            })
            .await
    }

    /// Calls one of the account's numbers, and waits until the call is idle: it waits for keys or
    /// speech, rings another phone, or has ended.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::UnknownNumber`] if the account does not own `to`, and
    /// [`Timeout`](SandboxErrorKind::Timeout) if the application does not answer.
    pub async fn call(&self, to: E164) -> Result<PhoneCall, SandboxError> {
        self.check_owned(to, "the phone called a number")?;
        let sid = calls::receive(&self.context, self.address(), to.into());
        let call = self.endpoint().phone_call(sid);
        call.wait_idle_or_ended().await?;
        Ok(call)
    }

    /// Waits for the next call to this phone that this method has not returned yet, and answers
    /// it. A call that was answered automatically may have ended by then; its audio can still be
    /// [heard](PhoneCall::hear).
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::Timeout`] if no call rings, and
    /// [`CallEnded`](SandboxErrorKind::CallEnded) if the caller hangs up first.
    pub async fn answer(&self) -> Result<PhoneCall, SandboxError> {
        self.endpoint().answer().await
    }

    /// Waits for the next call that rings, and declines it. The call ends with `busy`. Returns when
    /// its status callback was answered.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::Timeout`] if no call rings.
    pub async fn decline(&self) -> Result<(), SandboxError> {
        self.endpoint().decline().await
    }

    fn endpoint(&self) -> CallEndpoint {
        CallEndpoint::new(&self.context, self.address())
    }

    fn check_owned(&self, number: E164, what: &'static str) -> Result<(), SandboxError> {
        if self.context.read(|state| state.number(number).is_some()) {
            Ok(())
        } else {
            Err(SandboxError::new(SandboxErrorKind::UnknownNumber, what))
        }
    }
}
