//! Texts and calls out, webhooks in.

use crate::client::Client;
use crate::client::calls::{Call, CallEvent, InlineTwiml, PlaceCall};
use crate::client::messages::{Content, Message, SendMessage};
use crate::phone::{PhoneNumber, Recipient};
use crate::twiml::VoiceResponse;
use crate::webhook::{Validator, Verified};

use super::error::{Cause, Error};
use super::receive::{self, Refusal};
use super::settings::{Setting, Settings};

/// One instance's conversation with its volunteers.
///
/// Cheap to clone: clones share one client.
///
/// ```no_run
/// use clinspark_twilio::clinspark::{Messenger, Settings};
/// use clinspark_twilio::client::Outcome;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let messenger = Messenger::new(Settings::from_env()?)?;
/// match messenger.text("0491 570 156", "Your visit is tomorrow at 9:00.").await {
///     Ok(message) => println!("sent as {}", message.sid),
///     Err(error) => match error.outcome() {
///         Outcome::NotSent => println!("safe to try again: {error}"),
///         Outcome::Rejected => println!("refused: {error}"),
///         _ => println!("it may have been sent: never send again by guess"),
///     },
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Messenger {
    settings: Settings,
    client: Client,
    validator: Validator,
}

impl Messenger {
    /// On the stock transport.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Client`](super::ErrorKind::Client) when the platform's TLS cannot be set up.
    #[cfg(feature = "rustls")]
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let client = Client::new(
            settings.credentials().clone(),
            settings.effective_delivery(),
        )?;
        Ok(Self::assemble(settings, client))
    }

    /// On a transport of your own.
    pub fn over(settings: Settings, transport: impl crate::client::Transport) -> Self {
        let client = Client::over(
            settings.credentials().clone(),
            settings.effective_delivery(),
            transport,
        );
        Self::assemble(settings, client)
    }

    /// Talks to another base URL than Twilio's: the sandbox's, for one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Client`](super::ErrorKind::Client) when the URL is neither https nor on
    /// loopback.
    pub fn base_url(mut self, url: &str) -> Result<Self, Error> {
        self.client = self.client.base_url(url)?;
        Ok(self)
    }

    /// The settings it was made from.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The client, for what this room does not offer. It keeps the settings' guard: that of a
    /// disabled instance reaches nobody.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Texts a volunteer at a number as it was typed.
    ///
    /// The message's progress is reported to the instance's message status path, if one is set.
    ///
    /// # Errors
    ///
    /// [`Error`]: `Disabled`, `Number` when the number cannot be read as exactly one, `Client`
    /// for the rest. [`Error::outcome`] says whether anything may have been sent.
    pub async fn text(
        &self,
        typed: &str,
        content: impl Into<Content> + Send,
    ) -> Result<Message, Error> {
        let to = Recipient::from(self.read(typed)?);
        let mut message = SendMessage::new(to, self.settings.sender().clone(), content);
        if let Some(path) = &self.settings.paths().message_status {
            message = message.status_callback(self.settings.origin().url(path));
        }
        Ok(self.client.execute(message).await?)
    }

    /// Calls a volunteer at a number as it was typed, and says what the document says.
    ///
    /// The call's progress is reported to the instance's call status path, if one is set. Write
    /// whole URLs in the document, such as `settings().origin().url("/confirm")`: it is not
    /// fetched from an address that a relative one could belong to.
    ///
    /// # Errors
    ///
    /// [`Error`]: `Disabled`, `Number` when the number cannot be read as exactly one, `Setting`
    /// when the instance has no number to call from, `Client` for the rest.
    /// [`Error::outcome`] says whether a call may have been placed.
    pub async fn call(&self, typed: &str, says: &VoiceResponse) -> Result<Call, Error> {
        let to = self.read(typed)?;
        let from = self
            .settings
            .number()
            .ok_or_else(|| Cause::Missing(vec![Setting::Number]))?;
        let mut instructions = InlineTwiml::new(says);
        if let Some(path) = &self.settings.paths().call_status {
            instructions = CallEvent::ALL
                .iter()
                .fold(instructions, |all, event| all.status_callback_event(*event))
                .status_callback(self.settings.origin().url(path));
        }
        Ok(self
            .client
            .execute(PlaceCall::new(to, from, instructions))
            .await?)
    }

    /// Believes a webhook, or not: signature, method, our account, our number.
    ///
    /// Give it the request as it arrived, path, query and raw body untouched. A JSON body names
    /// neither account nor number in its parameters: there the signature, which covers its hash,
    /// vouches for the account.
    ///
    /// # Errors
    ///
    /// [`Refusal`]. Answer with [`Refusal::into_response`], which says nothing more than 403.
    pub fn receive<B: AsRef<[u8]>>(
        &self,
        request: http::Request<B>,
    ) -> Result<Verified<B>, Refusal> {
        let verified = self.validator.verify(request)?;
        receive::check(&self.settings, &verified)?;
        Ok(verified)
    }

    fn assemble(settings: Settings, client: Client) -> Self {
        let validator = Validator::new(settings.auth_token().clone(), settings.origin().clone());
        let validator = settings
            .secondary_auth_token()
            .into_iter()
            .fold(validator, |validator, token| {
                validator.and_token(token.clone())
            });
        Self {
            settings,
            client,
            validator,
        }
    }

    fn read(&self, typed: &str) -> Result<PhoneNumber, Error> {
        if !self.settings.enabled() {
            return Err(Cause::Disabled.into());
        }
        Ok(self.settings.normalizer().normalize(typed)?)
    }
}
