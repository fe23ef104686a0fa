//! Consent to be texted and called, according to the service's own record.

use std::sync::Arc;
use std::time::SystemTime;

use crate::phone::E164;
use crate::types::BoxFuture;
use crate::webhook::{ConsentError, ConsentEvent};

use super::message_id::MessageId;

/// The service's record of the people who agreed to be texted and called.
///
/// A messenger checks the gate once before each text and each call. It reports to the gate every
/// event about a person's consent. If the gate fails, nothing is sent.
///
/// Three ways lead to a gate: [`consent_gate_fn`](super::consent_gate_fn) makes one from two
/// functions, this trait serves a type of the service's own, and
/// [`MemoryConsentGate`](super::MemoryConsentGate) serves tests. A messenger without a record needs
/// the explicit choice [`WithoutConsentGate`](super::WithoutConsentGate).
///
/// These events are reported:
///
/// - STOP, START, HELP, or a text that may mean STOP: a message from the person that
///   [`Messenger::receive`] gets at the message path. Twilio's own classification (`OptOutType`)
///   takes precedence over the text.
/// - An opt-out (21610) in a status callback at the message status path.
/// - An opt-out (21610) in Twilio's response to [`Messenger::send`] or [`Messenger::text`].
///
/// After a STOP, Twilio blocks texts but not calls. Record a STOP for both.
///
/// Consent comes back in two ways only. The person texts START or UNSTOP
/// ([`OptOut::Start`](crate::sms::OptOut::Start)), which also ends Twilio's block. Or the service
/// records a new consent, such as a signed form; Twilio still blocks texts until the person texts
/// START. YES ([`OptOut::MaybeStart`](crate::sms::OptOut::MaybeStart)) may answer a question and
/// restores nothing.
///
/// Identify a person by [`E164::uniqueness_key`]: Twilio writes numbers of some countries in
/// another way than people type them.
///
/// [`Messenger::receive`]: super::Messenger::receive
/// [`Messenger::send`]: super::Messenger::send
/// [`Messenger::text`]: super::Messenger::text
///
/// ```
/// use std::collections::HashSet;
/// use std::sync::Mutex;
///
/// use clinspark_twilio::messenger::{Consent, ConsentGate, ContactAttempt};
/// use clinspark_twilio::phone::UniquenessKey;
/// use clinspark_twilio::types::BoxFuture;
/// use clinspark_twilio::webhook::{ConsentError, ConsentEvent};
/// # use clinspark_twilio::phone::E164;
///
/// /// Assumes consent until a person revokes it. A real gate reads a database.
/// #[derive(Default)]
/// struct Revoked(Mutex<HashSet<UniquenessKey>>);
///
/// impl ConsentGate for Revoked {
///     fn check<'a>(&'a self, contact: &'a ContactAttempt) -> BoxFuture<'a, Result<Consent, ConsentError>> {
///         Box::pin(async move {
///             let revoked = self.0.lock().map_err(|_| "poisoned")?;
///             Ok(Consent::given_if(!revoked.contains(&contact.to.uniqueness_key())))
///         })
///     }
///
///     fn on_event<'a>(&'a self, event: &'a ConsentEvent) -> BoxFuture<'a, Result<(), ConsentError>> {
///         Box::pin(async move {
///             let Some(person) = event.person.phone() else { return Ok(()) };
///             let mut revoked = self.0.lock().map_err(|_| "poisoned")?;
///             if event.is_withdrawal() {
///                 revoked.insert(person.uniqueness_key());
///             } else if event.is_opt_in() {
///                 revoked.remove(&person.uniqueness_key());
///             } // HELP changes nothing, and neither does YES.
///             Ok(())
///         })
///     }
/// }
/// #
/// # let person = E164::parse("+14155550123")?;
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// # runtime.block_on(async {
/// # use clinspark_twilio::client::messages::Sender;
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # let sent = Reply::json(201, r#"{"sid": "SM00000000000000000000000000000004"}"#);
/// # use clinspark_twilio::client::{Client, Credentials, Delivery};
/// # use clinspark_twilio::messenger::{ErrorKind, Messenger};
/// # use clinspark_twilio::webhook::WebhookPaths;
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER};
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let token = AuthToken::new("the-auth-token")?;
/// # let credentials = Credentials::auth_token(account, token.clone());
/// # let builder = Messenger::builder(
/// #     Client::builder(credentials, Delivery::Live).with_transport(FakeTransport::new().reply(sent)),
/// #     Sender::Number(E164::parse("+14155550100")?),
/// #     PublicOrigin::parse("https://acme.example.com")?,
/// #     token,
/// #     Revoked::default(),
/// # )
/// # .webhook_paths(WebhookPaths::new().message("/hooks/message"));
///
/// // `Messenger::builder(client, sender, origin, token, Revoked::default())`
/// let messenger = builder.build()?;
/// # let request = |body: &str| {
/// #     let mut request = http::Request::post("/hooks/message")
/// #         .header("content-type", "application/x-www-form-urlencoded")
/// #         .body(format!("MessageSid=SM00000000000000000000000000000001&Body={body}\
/// #             &From=%2B14155550123&AccountSid={account}&To=%2B14155550100")).unwrap();
/// #     let signature = messenger.receiver().validator().sign(&request);
/// #     request.headers_mut().insert(SIGNATURE_HEADER, signature.parse().unwrap());
/// #     request
/// # };
/// # let (stop, yes, start) = (request("STOP"), request("YES"), request("START"));
/// messenger.receive(stop).await?; // a STOP of +14155550123
/// let error = messenger.text("+14155550123", "Your visit is tomorrow.").await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Consent);
/// messenger.receive(yes).await?; // restores nothing
/// let error = messenger.text("+14155550123", "Your visit is tomorrow.").await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Consent);
/// messenger.receive(start).await?;
/// messenger.text("+14155550123", "Your visit is tomorrow.").await?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait ConsentGate: Send + Sync + 'static {
    /// Returns the person's consent to one text or call.
    fn check<'a>(
        &'a self,
        contact: &'a ContactAttempt,
    ) -> BoxFuture<'a, Result<Consent, ConsentError>>;

    /// Records an event about a person's consent.
    ///
    /// If this returns an error, the webhook is answered with 503
    /// ([`RefusalKind::Consent`](crate::webhook::RefusalKind::Consent)). Twilio then retries only if
    /// the URL ends in connection overrides such as `#rc=2&rp=5xx,ct,rt`, or requests the fallback
    /// URL. Without either, the STOP is lost.
    ///
    /// Recognize duplicates by the SID of the message. Twilio may send a webhook again, and an
    /// attacker may replay one.
    ///
    /// Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>
    fn on_event<'a>(&'a self, event: &'a ConsentEvent) -> BoxFuture<'a, Result<(), ConsentError>>;
}

/// Text or call for which consent is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContactAttempt {
    /// Telephone number of the recipient, on any channel.
    pub to: E164,
    /// Text or call.
    pub channel: ContactChannel,
    /// Time of arrival: now, or the time for which a text is scheduled.
    pub at: SystemTime,
    /// The service's own ID of the text or call.
    pub id: MessageId,
}

/// Channel through which a person is contacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContactChannel {
    /// Text message.
    Text,
    /// Voice call.
    Call,
}

/// Consent of a person, according to the service's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a gate answers yes or no; anything else counts as no"
)]
pub enum Consent {
    /// The person may be texted or called.
    Given,
    /// The person may not be texted or called, or the record holds no answer.
    Withheld,
}

impl Consent {
    /// Returns `Given` if the person consents, otherwise `Withheld`.
    #[must_use]
    pub const fn given_if(consents: bool) -> Self {
        if consents {
            Self::Given
        } else {
            Self::Withheld
        }
    }
}

impl<G: ConsentGate + ?Sized> ConsentGate for Arc<G> {
    fn check<'a>(
        &'a self,
        contact: &'a ContactAttempt,
    ) -> BoxFuture<'a, Result<Consent, ConsentError>> {
        (**self).check(contact)
    }

    fn on_event<'a>(&'a self, event: &'a ConsentEvent) -> BoxFuture<'a, Result<(), ConsentError>> {
        (**self).on_event(event)
    }
}
