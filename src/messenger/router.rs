//! Several messengers in one process, and the one that each webhook belongs to.

#[cfg(feature = "tower")]
use std::sync::Arc;

use http::Request;

#[cfg(feature = "tower")]
use super::builder::OnRefusal;
use super::messenger::Messenger;
use crate::types::AccountSid;
use crate::webhook::{PublicOrigin, Refusal, Verified};

/// Messengers of several instances in one process, chosen for each webhook by host and account.
///
/// The host comes from the request and is not trusted: the chosen messenger verifies the request
/// for its own origin, with its own auth token, and refuses another account. A request of one
/// instance therefore never reaches another. Instances may share a host if each has an account of
/// its own.
///
/// A WebSocket handshake or a JSON body names no account. At a shared host, it belongs to the one
/// messenger whose auth token signed it. Up to 16 tokens are tried, for a URL of up to 4,096 bytes.
/// At a host with more messengers, or for a longer URL, such a request is refused. Name the account in
/// its URL, as in `wss://acme.example.com/stream?AccountSid=AC...`, or give each messenger a host.
///
/// ```no_run
/// use clinspark_twilio::messenger::{Messenger, MessengerRouter};
///
/// # fn example(sydney: Messenger, dublin: Messenger) -> Result<(), Box<dyn std::error::Error>> {
/// let router = MessengerRouter::new([sydney, dublin])?;
/// # let _ = router;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct MessengerRouter {
    instances: Vec<Instance>,
    #[cfg(feature = "tower")]
    on_refusal: Arc<OnRefusal>,
}

/// Largest number of messengers at a host whose auth tokens are tried for one request.
const MAX_CANDIDATES: usize = 16;

/// Longest path and query for which several auth tokens are tried. Twilio's URLs are shorter.
const MAX_URL_BYTES: usize = 4096;

fn target_length<B>(request: &Request<B>) -> usize {
    let target = request.uri().path_and_query();
    target.map_or(0, |target| target.as_str().len())
}

#[derive(Clone, Debug)]
struct Instance {
    messenger: Messenger,
    #[cfg(feature = "tower")]
    receiver: crate::webhook::Receiver,
}

impl Instance {
    fn new(messenger: Messenger) -> Self {
        Self {
            #[cfg(feature = "tower")]
            receiver: messenger.receiver_with_messenger(),
            messenger,
        }
    }

    fn is_at(&self, host: &str) -> bool {
        self.messenger.origin().has_host(host)
    }

    fn account(&self) -> AccountSid {
        self.messenger.client().account_sid()
    }

    /// Returns `true` if the auth token of this messenger signed the request.
    fn signed<B: AsRef<[u8]>>(
        &self,
        forwarded: Option<&PublicOrigin>,
        request: &Request<B>,
    ) -> bool {
        self.messenger.receiver().has_signed(forwarded, request)
    }
}

/// Error returned when two messengers have the same host and account, so that no webhook can tell
/// them apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("two messengers have the host {host} and the same account; give each a host of its own")]
pub struct MessengerRouterError {
    host: String,
}

impl MessengerRouter {
    /// Creates a router.
    ///
    /// # Errors
    ///
    /// Returns [`MessengerRouterError`] if two messengers have the same host and account.
    pub fn new(
        messengers: impl IntoIterator<Item = Messenger>,
    ) -> Result<Self, MessengerRouterError> {
        let mut instances: Vec<Instance> = Vec::new();
        for messenger in messengers {
            let instance = Instance::new(messenger);
            let host = instance.messenger.origin().host();
            let is_same =
                |other: &Instance| other.is_at(host) && other.account() == instance.account();
            // Two such messengers could not be told apart, and the first would take the other's
            // webhooks.
            if instances.iter().any(is_same) {
                return Err(MessengerRouterError {
                    host: host.to_owned(),
                });
            }
            instances.push(instance);
        }
        Ok(Self {
            instances,
            #[cfg(feature = "tower")]
            on_refusal: Arc::new(OnRefusal(Box::new(crate::webhook::log_refusal))),
        })
    }

    /// Sets a function that is called for every request that [`layer`](Self::layer) refuses because no
    /// messenger has its host ([`RefusalKind::Host`](crate::webhook::RefusalKind::Host)). Default: a
    /// warning through `tracing` (feature `tracing`).
    ///
    /// Every other refusal is reported to
    /// [`MessengerBuilder::on_refusal`](super::MessengerBuilder::on_refusal) of its messenger.
    #[cfg(feature = "tower")]
    #[must_use]
    pub fn on_refusal(
        mut self,
        tell: impl Fn(&http::request::Parts, &Refusal) + Send + Sync + 'static,
    ) -> Self {
        self.on_refusal = Arc::new(OnRefusal(Box::new(tell)));
        self
    }

    /// Returns the messenger that a request is addressed to, by its host and the account in its
    /// form, or else by its signature. Nothing else of the request is verified yet.
    #[must_use]
    pub fn messenger<B: AsRef<[u8]>>(&self, request: &Request<B>) -> Option<&Messenger> {
        let host = crate::webhook::requested_host(request.uri(), request.headers())?;
        Some(&self.find(&host, None, request)?.messenger)
    }

    /// Receives a request by the messenger that it is addressed to, and returns both.
    ///
    /// # Errors
    ///
    /// [`Refusal`], as [`Messenger::receive`] returns it; of kind
    /// [`Host`](crate::webhook::RefusalKind::Host) if no messenger has the host, and of kind
    /// [`Account`](crate::webhook::RefusalKind::Account) if none at the host has the account, or none has
    /// signed a request without account.
    pub async fn receive<B: AsRef<[u8]> + Send>(
        &self,
        request: Request<B>,
    ) -> Result<(&Messenger, Verified<B>), Refusal> {
        let host = crate::webhook::requested_host(request.uri(), request.headers())
            .filter(|host| self.instances.iter().any(|instance| instance.is_at(host)))
            .ok_or_else(Refusal::unknown_host)?;
        let messenger = &self
            .find(&host, None, &request)
            .ok_or_else(Refusal::unknown_account)?
            .messenger;
        let verified = messenger.receive(request).await?;
        Ok((messenger, verified))
    }

    /// Returns a layer that receives each request by the messenger that it is addressed to. A
    /// handler finds that `Messenger` and the [`Verified`] request in the request's extensions.
    ///
    /// The refusal of a request for another host is reported to [`on_refusal`](Self::on_refusal). At a
    /// host that several messengers share, a refusal is reported to the first of them until the account
    /// is known.
    #[cfg(feature = "tower")]
    #[must_use]
    pub fn layer(&self) -> crate::webhook::WebhookLayer {
        crate::webhook::WebhookLayer::from_source(self.clone())
    }

    fn find<B: AsRef<[u8]>>(
        &self,
        host: &str,
        forwarded: Option<&PublicOrigin>,
        request: &Request<B>,
    ) -> Option<&Instance> {
        let at_host = || {
            self.instances
                .iter()
                .filter(|instance| instance.is_at(host))
        };
        // The usual case, one messenger at a host, needs nothing from the body.
        if at_host().nth(1).is_none() {
            return at_host().next();
        }
        if let Some(account) = crate::webhook::claimed_account(request) {
            return at_host().find(|instance| instance.account() == account);
        }
        // Every form of Twilio about a message or a call names its account. Its signature would cost
        // the whole form for each token.
        if crate::webhook::has_form(request.method(), request.headers())
            || at_host().count() > MAX_CANDIDATES
            || target_length(request) > MAX_URL_BYTES
        {
            return None;
        }
        // Two accounts with one token cannot be told apart, so neither gets the request.
        let mut signers = at_host().filter(|instance| instance.signed(forwarded, request));
        let signer = signers.next()?;
        signers.next().is_none().then_some(signer)
    }
}

#[cfg(feature = "tower")]
impl crate::webhook::ReceiverSource<crate::webhook::Keys> for MessengerRouter {
    fn by_head(&self, host: Option<&str>) -> Option<&crate::webhook::Receiver> {
        let mut instances = self.instances.iter();
        Some(
            &instances
                .find(|instance| instance.is_at(host.unwrap_or_default()))?
                .receiver,
        )
    }

    fn by_request(
        &self,
        host: Option<&str>,
        forwarded: Option<&PublicOrigin>,
        request: &Request<bytes::Bytes>,
    ) -> Option<&crate::webhook::Receiver> {
        Some(&self.find(host?, forwarded, request)?.receiver)
    }

    fn on_refusal(&self) -> &(dyn Fn(&http::request::Parts, &Refusal) + Send + Sync) {
        &*self.on_refusal.0
    }

    fn has_admitted(&self, extensions: &http::Extensions) -> bool {
        let mut instances = self.instances.iter();
        instances.any(|instance| instance.receiver.has_admitted(extensions))
    }
}

#[cfg(feature = "axum")]
impl<S: Sync> axum_core::extract::FromRequestParts<S> for Messenger {
    type Rejection = crate::webhook::WebhookRejection;

    async fn from_request_parts(
        parts: &mut http::request::Parts,
        _: &S,
    ) -> Result<Self, Self::Rejection> {
        let messenger = parts.extensions.get().cloned();
        messenger.ok_or(crate::webhook::WebhookRejection::MissingLayer)
    }
}
