//! The receiver: verifies webhooks, admits them, records consent events, and answers retries.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, Request, Response, header};

use super::admission::{self, Rules};
use super::consent::{ConsentError, ConsentEvent, ConsentHandler};
use super::paths::{WebhookPathError, WebhookPaths};
use super::refusal::{Refusal, RefusalKind};
use super::refusal_log;
use crate::phone::E164;
use crate::sms::OptOutKeywords;
use crate::types::{AccountSid, ApplicationSid, MessagingServiceSid};
use crate::webhook::check::{RequestKind, is_handshake};
use crate::webhook::replay::{Claim, ClaimToken, Lookup, ReplayGuard, StoredAnswer};
use crate::webhook::{
    KeySource, Keys, PublicOrigin, ReplayKey, SIGNATURE_HEADER, Validator, Verified,
};

/// Receives webhooks: everything between a raw request and a handler.
///
/// Each request passes these steps, in this order:
///
/// 1. Signature, method and size, by the [`Validator`].
/// 2. Account, number and path: whether the request is for this service, and of the kind that its
///    path is configured for.
/// 3. [`ReplayGuard`], where one is set: a retry gets the first answer.
/// 4. The consent handler: STOP, START and reports of an opt-out (21610) are recorded. A STOP is
///    recorded even if the guard fails or another attempt is in progress.
/// 5. The service's own handler.
///
/// A request that fails a step is answered with its status and an empty body: 403, 413, or 503 if
/// it is genuine and should come again. A receiver is cheap to clone.
///
/// ```
/// use clinspark_twilio::twiml::{Message, MessagingResponse};
/// use clinspark_twilio::types::AuthToken;
/// use clinspark_twilio::webhook::{
///     ConsentSignal, InboundMessage, MemoryReplayGuard, PublicOrigin, Receiver, Validator,
///     WebhookPaths,
/// };
///
/// # fn receiver() -> Result<Receiver, Box<dyn std::error::Error>> {
/// let origin = PublicOrigin::parse("https://acme.example.com")?;
/// let validator = Validator::new(AuthToken::new("12345")?, origin);
/// let receiver = Receiver::new(validator, |event| async move {
///     // Record it in your own table: `event.person`, `event.signal`, `event.scope`.
///     println!("consent event: {:?}", event.signal);
///     Ok(())
/// })
/// .paths(WebhookPaths::new().message("/sms").message_status("/status"))?
/// .replay_guard(MemoryReplayGuard::new(10_000));
/// # Ok(receiver)
/// # }
///
/// # async fn serve(receiver: Receiver, request: http::Request<bytes::Bytes>) {
/// // In any server: raw request in, response out.
/// let response = receiver
///     .handle(request, |verified| async move {
///         let Ok(reply) = verified.parse::<InboundMessage>() else {
///             return http::Response::default();
///         };
///         let _ = reply.body.expose();
///         MessagingResponse::new().append(Message::text("Thank you.")).into_response()
///     })
///     .await;
/// # let _: http::Response<bytes::Bytes> = response;
/// # }
/// # assert!(receiver().is_ok());
/// ```
pub struct Receiver<K = Keys> {
    validator: Validator<K>,
    shared: Arc<Shared>,
}

/// Options, shared by the clones of a receiver.
#[derive(Clone)]
struct Shared {
    rules: Rules,
    opt_out_keywords: OptOutKeywords,
    /// `None` for a receiver of calls only.
    consent_handler: Option<ConsentHandler>,
    replay_guard: Option<Arc<dyn ReplayGuard>>,
    on_refusal: OnRefusal,
    extend: Option<Extend>,
}

type OnRefusal = Arc<dyn Fn(&Parts, &Refusal) + Send + Sync>;
type Extend = Arc<dyn Fn(&mut http::Extensions) + Send + Sync>;

/// A request that passed every step before the handler, or the answer to a retry.
pub(in crate::webhook) enum Begun<B> {
    /// The handler's turn.
    Handle(Verified<B>, Pending),
    /// A retry, and its answer.
    Answered(StoredAnswer),
}

/// Claim of the request that a handler works on, if it has a replay key.
pub(in crate::webhook) struct Pending(Option<Claim>);

/// Mark of a request that passed every step of a receiver, for layers around the same route.
///
/// It is an extension of the request, and its type is private: no sender can set it.
#[derive(Clone)]
struct Admitted {
    #[cfg(feature = "tower")]
    by: Arc<Shared>,
    token: ClaimToken,
}

impl<K: KeySource + Send + Sync> Receiver<K> {
    /// Creates a receiver of messages and calls.
    ///
    /// `on_consent_event` records each STOP, START, HELP and opt-out, before the handler runs. If it
    /// returns an error, the webhook is answered with 503, so that Twilio retries it where the URL
    /// asks for that ([`RefusalKind::Consent`]). Recognise duplicates by the message's SID.
    ///
    /// Twilio's own block after STOP covers texts. It does not cover calls, so record a STOP for
    /// both.
    #[must_use]
    pub fn new<F, R>(validator: Validator<K>, on_consent_event: F) -> Self
    where
        F: Fn(ConsentEvent) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), ConsentError>> + Send + 'static,
    {
        Self::with_handler(validator, Some(ConsentHandler::new(on_consent_event)))
    }

    /// Creates a receiver for a service that calls and is called, and texts no one. Messages and
    /// reports on messages are refused ([`RefusalKind::CallsOnly`]), so no STOP is lost unseen.
    #[must_use]
    pub fn calls_only(validator: Validator<K>) -> Self {
        Self::with_handler(validator, None)
    }

    fn with_handler(validator: Validator<K>, consent_handler: Option<ConsentHandler>) -> Self {
        let rules = Rules {
            is_calls_only: consent_handler.is_none(),
            ..Rules::default()
        };
        Self {
            validator,
            shared: Arc::new(Shared {
                rules,
                opt_out_keywords: OptOutKeywords::default(),
                consent_handler,
                replay_guard: None,
                on_refusal: Arc::new(refusal_log::log),
                extend: None,
            }),
        }
    }

    fn shared(&mut self) -> &mut Shared {
        Arc::make_mut(&mut self.shared)
    }

    fn rules(&mut self) -> &mut Rules {
        &mut self.shared().rules
    }

    /// Sets the paths at which each kind of webhook is believed. Default: none, so that a webhook's
    /// parameters alone tell its kind.
    ///
    /// Configure all four paths, each of its own. The path is signed, and only the account's
    /// configuration sets it, while a client of the Voice SDK adds any parameter.
    ///
    /// # Errors
    ///
    /// Returns [`WebhookPathError`] if a path is malformed, such as one without a leading `/`.
    pub fn paths(mut self, paths: WebhookPaths) -> Result<Self, WebhookPathError> {
        paths.check()?;
        self.rules().paths = paths;
        Ok(self)
    }

    /// Admits requests about this account only. Default: any account whose key signs.
    #[must_use]
    pub fn account_sid(mut self, account: AccountSid) -> Self {
        self.rules().account = Some(account);
        self
    }

    /// Admits conversations of this number. Default: of any number.
    ///
    /// With a number, a Messaging Service or a `TwiML` App set, a request must name one of them:
    /// several services may share an account.
    #[must_use]
    pub fn number(mut self, number: E164) -> Self {
        self.rules().number = Some(number);
        self
    }

    /// Admits messages of this Messaging Service. See [`number`](Self::number).
    #[must_use]
    pub fn messaging_service_sid(mut self, service: MessagingServiceSid) -> Self {
        self.rules().service = Some(service);
        self
    }

    /// Admits calls of the Voice SDK to this `TwiML` App. See [`number`](Self::number).
    #[must_use]
    pub fn application_sid(mut self, application: ApplicationSid) -> Self {
        self.rules().application = Some(application);
        self
    }

    /// Sets opt-out keywords of the service's own, beside the built-in ones. Default: none.
    #[must_use]
    pub fn opt_out_keywords(mut self, keywords: OptOutKeywords) -> Self {
        self.shared().opt_out_keywords = keywords;
        self
    }

    /// Handles each webhook once: a retry gets the first answer. Default: none.
    ///
    /// It works for [`handle`](Self::handle) and the layer. [`receive`](Self::receive) knows no
    /// answer, and does not ask the guard.
    #[must_use]
    pub fn replay_guard(mut self, guard: impl ReplayGuard) -> Self {
        self.shared().replay_guard = Some(Arc::new(guard));
        self
    }

    /// Sets a function that is called for every request that [`handle`](Self::handle) or the layer
    /// refuses, with its head and the reason. [`receive`](Self::receive) and [`admit`](Self::admit)
    /// return the refusal instead.
    ///
    /// Default: a warning through `tracing` (feature `tracing`) with the reason, and for a
    /// mismatched signature the URLs that were tried, without query and numbers. Path and query of
    /// the head may hold a number: log the refusal, not the head.
    #[must_use]
    pub fn on_refusal(mut self, tell: impl Fn(&Parts, &Refusal) + Send + Sync + 'static) -> Self {
        self.shared().on_refusal = Arc::new(tell);
        self
    }

    /// Adds to the extensions of each request that reaches a handler.
    #[cfg(all(feature = "client", feature = "tower"))]
    pub(crate) fn extend(
        mut self,
        extend: impl Fn(&mut http::Extensions) + Send + Sync + 'static,
    ) -> Self {
        self.shared().extend = Some(Arc::new(extend));
        self
    }

    /// Returns the validator.
    #[must_use]
    pub const fn validator(&self) -> &Validator<K> {
        &self.validator
    }

    /// Verifies and admits a request, and records its consent event.
    ///
    /// Give it the request as it arrived: path, query and raw body untouched. A WebSocket handshake
    /// is verified as one. Prefer [`handle`](Self::handle), which also answers retries.
    ///
    /// # Errors
    ///
    /// [`Refusal`]. Answer with [`Refusal::into_response`].
    pub async fn receive<B: AsRef<[u8]> + Send>(
        &self,
        request: Request<B>,
    ) -> Result<Verified<B>, Refusal> {
        self.admit(self.verify(None, request)?).await
    }

    /// Does the rest of [`receive`](Self::receive) for a request whose signature was verified
    /// before, by [`validator`](Self::validator) or another one for the same origin and keys.
    ///
    /// # Errors
    ///
    /// As [`receive`](Self::receive).
    pub async fn admit<B: AsRef<[u8]> + Send>(
        &self,
        verified: Verified<B>,
    ) -> Result<Verified<B>, Refusal> {
        let (verified, event) = self.judge(verified)?;
        self.record(event).await?;
        Ok(verified)
    }

    /// Takes a request through every step and returns the response: the handler's, the first
    /// answer to a retry, or a refusal.
    ///
    /// The handler's answer is kept for retries if its status is 2xx or 3xx. After any other status
    /// the retry is handled again.
    pub async fn handle<B, A, F, R>(&self, request: Request<B>, handler: F) -> Response<Bytes>
    where
        B: AsRef<[u8]> + Send,
        A: Into<Bytes>,
        F: FnOnce(Verified<B>) -> R + Send,
        R: Future<Output = Response<A>> + Send,
    {
        let (mut head, body) = request.into_parts();
        hide_secrets(&mut head.headers);
        let refuse = |refusal: Refusal| {
            self.refuse(&head, &refusal);
            refusal.into_response().map(Bytes::from)
        };
        let request = Request::from_parts(head.clone(), body);
        let verified = match self.verify(None, request) {
            Ok(verified) => verified,
            Err(refusal) => return refuse(refusal),
        };
        match self.begin(verified).await {
            Ok(Begun::Handle(verified, pending)) => {
                let response = handler(verified).await.map(Into::into);
                pending.settle(response).await
            }
            Ok(Begun::Answered(answer)) => answer.into_response(),
            Err(refusal) => refuse(refusal),
        }
    }

    /// Verifies a request, or a WebSocket handshake. A forwarded origin replaces the configured one.
    pub(in crate::webhook) fn verify<B: AsRef<[u8]>>(
        &self,
        forwarded: Option<&PublicOrigin>,
        mut request: Request<B>,
    ) -> Result<Verified<B>, Refusal> {
        // Set before the check: an extension of this name that came with the request is replaced.
        if let Some(extend) = &self.shared.extend {
            extend(request.extensions_mut());
        }
        let kind = request_kind(request.method(), request.headers());
        Ok(self.validator.verify_kind(kind, forwarded, request)?)
    }

    /// Returns `true` if one of the validator's keys signed a request.
    #[cfg(feature = "client")]
    pub(crate) fn has_signed<B: AsRef<[u8]>>(
        &self,
        forwarded: Option<&PublicOrigin>,
        request: &Request<B>,
    ) -> bool {
        let kind = request_kind(request.method(), request.headers());
        self.validator.prove(kind, forwarded, request).is_ok()
    }

    /// Takes a verified request through every step before the handler.
    pub(in crate::webhook) async fn begin<B: AsRef<[u8]> + Send>(
        &self,
        verified: Verified<B>,
    ) -> Result<Begun<B>, Refusal> {
        // The guard comes before the consent event: an old START that is replayed must not undo a
        // newer STOP. It comes after the admission, so that a stranger's request takes no place
        // in it.
        let (verified, event) = self.judge(verified)?;
        match self.claim(verified).await {
            Ok(Begun::Handle(verified, pending)) => {
                if let Err(refusal) = self.record(event).await {
                    pending.release().await;
                    return Err(refusal);
                }
                Ok(Begun::Handle(verified, pending))
            }
            Ok(answered) => Ok(answered),
            Err(refusal) => {
                // Twilio may never retry, and a STOP that is recorded twice does no harm.
                self.record(event.filter(ConsentEvent::is_withdrawal))
                    .await?;
                Err(refusal)
            }
        }
    }

    /// Returns `true` if a layer around this one took the request through every step of this
    /// receiver.
    #[cfg(feature = "tower")]
    pub(crate) fn has_admitted(&self, extensions: &http::Extensions) -> bool {
        let mark = extensions.get::<Admitted>();
        mark.is_some_and(|mark| Arc::ptr_eq(&mark.by, &self.shared))
    }

    /// Claims a request in the replay guard, or finds the answer to a retry.
    async fn claim<B: AsRef<[u8]> + Send>(
        &self,
        mut verified: Verified<B>,
    ) -> Result<Begun<B>, Refusal> {
        // With the token of an outer layer, its claim in the same guard is found as the request's own.
        let outer = verified.request().extensions().get::<Admitted>();
        let token = outer.map_or_else(ClaimToken::random, |outer| outer.token.clone());
        let mark = Admitted {
            #[cfg(feature = "tower")]
            by: Arc::clone(&self.shared),
            token: token.clone(),
        };
        verified.extensions_mut().insert(mark);
        let (Some(guard), Some(key)) = (&self.shared.replay_guard, ReplayKey::of(&verified)) else {
            return Ok(Begun::Handle(verified, Pending(None)));
        };
        let found = guard.begin(&key, &token).await;
        let found = found.map_err(|error| Refusal::caused_by(RefusalKind::ReplayGuard, error))?;
        let claim = match (found, key.default_answer()) {
            (Lookup::New, _) => Some(Claim::new(Arc::clone(guard), key, token)),
            (Lookup::Answered(answer), _) | (Lookup::Handled, Some(answer)) => {
                return Ok(Begun::Answered(answer));
            }
            (Lookup::InProgress, Some(_)) => return Err(Refusal::new(RefusalKind::InProgress)),
            // A caller without an answer hears an error, so a call's request is handled again.
            (Lookup::Handled | Lookup::InProgress, None) => {
                verified.set_retry();
                None
            }
        };
        Ok(Begun::Handle(verified, Pending(claim)))
    }

    /// Reports a refusal to the service.
    pub(in crate::webhook) fn refuse(&self, head: &Parts, refusal: &Refusal) {
        (self.shared.on_refusal)(head, refusal);
    }

    /// Judges whether a verified request is for this service, and reads its consent event.
    fn judge<B: AsRef<[u8]>>(
        &self,
        mut verified: Verified<B>,
    ) -> Result<(Verified<B>, Option<ConsentEvent>), Refusal> {
        let shared = &self.shared;
        let method = verified.request().method();
        if !(verified.is_websocket() || self.validator.permits(method)) {
            return Err(Refusal::new(RefusalKind::Method));
        }
        let content = admission::admit(&shared.rules, &verified)?;
        verified.set_path(&shared.rules.paths.find(verified.path()));
        Ok((verified, content.consent_event(&shared.opt_out_keywords)))
    }

    async fn record(&self, event: Option<ConsentEvent>) -> Result<(), Refusal> {
        let (Some(event), Some(handler)) = (event, &self.shared.consent_handler) else {
            return Ok(());
        };
        let recorded = handler.call(event).await;
        recorded.map_err(|error| Refusal::caused_by(RefusalKind::Consent, error))
    }
}

impl Pending {
    /// Creates the state of a request whose claim an outer layer holds.
    #[cfg(feature = "tower")]
    pub(in crate::webhook) const fn of_outer_layer() -> Self {
        Self(None)
    }

    /// Returns `true` if the handler's answer is stored, and so has to be read whole.
    #[cfg(feature = "tower")]
    pub(in crate::webhook) const fn stores_answer(&self) -> bool {
        self.0.is_some()
    }

    /// Stores the handler's answer, or releases the request after a failure. Returns the answer.
    pub(in crate::webhook) async fn settle(self, response: Response<Bytes>) -> Response<Bytes> {
        let status = response.status();
        if !(status.is_success() || status.is_redirection()) {
            self.release().await;
            return response;
        }
        let Some(claim) = self.0 else { return response };
        let answer = StoredAnswer::new(response);
        if let Err(error) = claim.finish(&answer).await {
            // The webhook is handled, so the answer goes out. Only a retry could come twice.
            refusal_log::log_guard_failure(&*error);
        }
        answer.into_response()
    }

    pub(in crate::webhook) async fn release(self) {
        let Some(claim) = self.0 else { return };
        if let Err(error) = claim.release().await {
            refusal_log::log_guard_failure(&*error);
        }
    }
}

/// Keeps the signature, and the password of a URL with one, out of `Debug` output of the headers.
pub(in crate::webhook) fn hide_secrets(headers: &mut HeaderMap) {
    for (name, value) in headers.iter_mut() {
        if name == SIGNATURE_HEADER || name == header::AUTHORIZATION {
            value.set_sensitive(true);
        }
    }
}

/// Returns the kind of request, by its head.
pub(in crate::webhook) fn request_kind(method: &Method, headers: &HeaderMap) -> RequestKind {
    if is_handshake(method, headers) {
        RequestKind::WebSocket
    } else {
        RequestKind::Webhook
    }
}

impl<K: Clone> Clone for Receiver<K> {
    fn clone(&self) -> Self {
        Self {
            validator: self.validator.clone(),
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<K: fmt::Debug> fmt::Debug for Receiver<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("validator", &self.validator)
            .field("paths", &self.shared.rules.paths)
            .finish_non_exhaustive()
    }
}
