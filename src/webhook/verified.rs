//! Verified requests and their signed parameters.

use std::borrow::Cow;
use std::fmt;

use http::Request;

use super::check::{Proof, RequestKind};
use super::error::PayloadError;
use super::form;
use super::key::SignedBy;
use super::payload::{Parameters, Payload};
use super::receive::{FoundPath, PathKind};
use crate::types::redacted_path;

/// Request that Twilio signed.
///
/// Only a [`Validator`](super::Validator) creates it, and only this type can be read as a payload.
/// Unverified data therefore cannot be read.
///
/// [`path`](Self::path), [`query_parameter`](Self::query_parameter),
/// [`parameter`](Self::parameter), [`parameters`](Self::parameters) and [`parse`](Self::parse) read
/// signed text only. For [`verify_with_url`](super::Validator::verify_with_url) that is the given
/// URL, not the URL of the request.
///
/// A signature covers the names and values without separators between them. Check the fields that a
/// handler relies on: `AccountSid` is yours, SIDs and numbers are well-formed.
///
/// | Other content with the same signature | Outcome |
/// |---|---|
/// | the end of the URL moved into the form, or the form into the URL | refused where the form holds `AccountSid`, as all forms of messages and calls do |
/// | a form replayed as a GET | refused unless [`methods`](super::Validator::methods) permits GET |
/// | the end of a path moved into the first name of a form without `AccountSid` | possible: choose a path for such an endpoint that is not the start of a longer path |
/// | the end of the path of a handshake moved into its query | possible: choose a path that is not the start of a longer one |
/// | the SID or the status of a message joined with the parameters that follow | refused by [`InboundMessage`](super::InboundMessage) and [`MessageStatusCallback`](super::MessageStatusCallback) |
/// | a value moved into the name that follows it, so that the value is empty or cut | possible: require the fields, and check their format |
/// | a body whose hash is signed, sent as a form | not read as a form |
///
/// `Debug` prints the method and the path only, without each part of the path that may be a number.
///
/// ```
/// # use clinspark_twilio::types::AuthToken;
/// # use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
/// use clinspark_twilio::webhook::Verified;
///
/// # let origin = PublicOrigin::parse("https://acme.example.com")?;
/// # let validator = Validator::new(AuthToken::new("12345")?, origin);
/// # let mut request = http::Request::post("/twilio/sms?visit=4711")
/// #     .header("content-type", "application/x-www-form-urlencoded")
/// #     .body(
/// #         "MessageSid=SM00000000000000000000000000000001&From=%2B14155550123&Body=Yes\
/// #          &AccountSid=AC00000000000000000000000000000001&To=%2B14155550199",
/// #     )?;
/// # let signature = validator.sign(&request);
/// # request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
/// let verified: Verified<&str> = validator.verify(request)?;
/// assert_eq!(verified.path(), "/twilio/sms");
/// assert_eq!(verified.query_parameter("visit").as_deref(), Some("4711")); // signed, too
/// assert_eq!(verified.parameter("Body").as_deref(), Some("Yes"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Verified<B> {
    request: Request<B>,
    /// Path and query of the signed URL, if they differ from the request's own.
    target: Option<Box<str>>,
    proof: Proof,
    path_kind: Option<PathKind>,
    /// Set at the configured path of the kind itself, and not below it.
    is_at_path: bool,
    is_retry: bool,
}

impl<B> Verified<B> {
    pub(crate) const fn new(request: Request<B>, proof: Proof) -> Self {
        Self {
            request,
            target: None,
            proof,
            path_kind: None,
            is_at_path: false,
            is_retry: false,
        }
    }

    /// Creates a verified request whose signature covers another path and query than its own.
    pub(crate) fn with_target(request: Request<B>, proof: Proof, target: &str) -> Self {
        Self {
            request,
            target: Some(target.into()),
            proof,
            path_kind: None,
            is_at_path: false,
            is_retry: false,
        }
    }

    /// Returns the request as it was received.
    ///
    /// Method and headers are not signed. After
    /// [`verify_with_url`](super::Validator::verify_with_url), the URL of this request is not
    /// signed either. [`path`](Self::path) and [`query_parameter`](Self::query_parameter) read the
    /// signed URL.
    #[must_use]
    pub const fn request(&self) -> &Request<B> {
        &self.request
    }

    /// Returns the request by value. See [`request`](Self::request) for the parts that are not
    /// signed.
    #[must_use]
    pub fn into_request(self) -> Request<B> {
        self.request
    }

    /// Returns the path of the signed URL, still encoded. It shows which of the configured URLs
    /// Twilio requested.
    ///
    /// Empty if the URL given to [`verify_with_url`](super::Validator::verify_with_url) has none.
    #[must_use]
    pub fn path(&self) -> &str {
        match &self.target {
            Some(target) => target.split('?').next().unwrap_or_default(),
            None => self.request.uri().path(),
        }
    }

    /// Returns the first value of a parameter in the query of the signed URL, decoded.
    ///
    /// The query is signed for every method. Use it to pass data about a request to its handler.
    #[must_use]
    pub fn query_parameter(&self, name: &str) -> Option<Cow<'_, str>> {
        form::find(self.query_bytes(), name)
    }

    /// Returns `true` if the body is a form whose parameters are signed one by one.
    ///
    /// Returns `false` for a body that is covered by its hash, such as JSON, and for a request
    /// whose parameters are in the query. A form may hold no parameter.
    #[must_use]
    pub const fn is_form(&self) -> bool {
        self.proof.is_form
    }

    /// Returns the kind of the configured path that the request came to, as a
    /// [`Receiver`](super::Receiver) found it.
    ///
    /// `None` below no configured path, where one path is configured for several kinds, and for a
    /// request that a [`Validator`](super::Validator) alone has verified.
    #[must_use]
    pub const fn path_kind(&self) -> Option<PathKind> {
        self.path_kind
    }

    /// Returns `true` if the request came to the configured path of a kind, and not to one below.
    pub(super) fn is_at(&self, kind: PathKind) -> bool {
        self.is_at_path && self.path_kind == Some(kind)
    }

    /// Returns `true` if the request is known to be a retry of one that was handled before, or is
    /// being handled, and whose answer is not stored.
    ///
    /// Only a [`Receiver`](super::Receiver) with a [`ReplayGuard`](super::ReplayGuard) knows that.
    /// Answer with the same `TwiML`, and do not repeat the effects.
    #[must_use]
    pub const fn is_retry(&self) -> bool {
        self.is_retry
    }

    /// Returns `true` for a WebSocket handshake.
    #[must_use]
    pub fn is_websocket(&self) -> bool {
        self.proof.kind == RequestKind::WebSocket
    }

    /// Returns `true` if the parameters are signed one by one, in the form or the query.
    pub(super) fn has_parameters(&self) -> bool {
        self.is_form() || self.request.method() == http::Method::GET
    }

    pub(super) fn set_path(&mut self, path: &FoundPath) {
        self.path_kind = path.kind();
        self.is_at_path = path.is_whole;
    }

    pub(super) fn extensions_mut(&mut self) -> &mut http::Extensions {
        self.request.extensions_mut()
    }

    pub(super) const fn set_retry(&mut self) {
        self.is_retry = true;
    }

    /// Returns the key that signed the request, which shows when a rotation is over.
    #[must_use]
    pub const fn signed_by(&self) -> &SignedBy {
        &self.proof.signed_by
    }

    /// Returns `I-Twilio-Idempotency-Token`, which is the same on every retry of one webhook.
    ///
    /// Treat it as a hint only. It is not signed, so a sender who replays a request can change it.
    /// Detect repeats by signed fields, as [`ReplayKey`](super::ReplayKey) does.
    ///
    /// Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>
    #[must_use]
    pub fn idempotency_hint(&self) -> Option<&str> {
        self.request
            .headers()
            .get("i-twilio-idempotency-token")?
            .to_str()
            .ok()
    }

    fn query_bytes(&self) -> &[u8] {
        let query = match &self.target {
            Some(target) => target.split_once('?').map(|(_, query)| query),
            None => self.request.uri().query(),
        };
        query.unwrap_or_default().as_bytes()
    }
}

impl<B: AsRef<[u8]>> Verified<B> {
    /// Reads the payload that the route expects.
    ///
    /// # Errors
    ///
    /// Returns [`PayloadError`] if a parameter that Twilio always sends is missing or malformed:
    /// the URL is configured for another handler. Parameters and values that this version does not
    /// know are not errors.
    pub fn parse<P: Payload>(&self) -> Result<P, PayloadError> {
        P::read(&mut Parameters::of(self.parameters()))
    }

    /// Returns the first value of a signed parameter, decoded. It is read from the form of a POST,
    /// or the query of a GET.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<Cow<'_, str>> {
        form::find(self.form_bytes(), name)
    }

    /// Returns the signed parameters in the order of the request, decoded.
    pub fn parameters(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        form::pairs(self.form_bytes()).map(|pair| (pair.name.decode(), pair.value.decode()))
    }

    fn form_bytes(&self) -> &[u8] {
        if self.proof.is_form {
            self.request.body().as_ref()
        } else if self.request.method() == http::Method::GET {
            self.query_bytes()
        // Neither a form nor a GET: the parameters of a JSON body are not signed one by one.
        } else {
            &[]
        }
    }
}

impl<B> fmt::Debug for Verified<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("method", self.request.method())
            .field("path", &redacted_path(self.path()))
            .finish_non_exhaustive()
    }
}
