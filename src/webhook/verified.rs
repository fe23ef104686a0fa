//! A request that Twilio signed.

use std::borrow::Cow;
use std::fmt;

use http::Request;

use super::check::Proof;
use super::error::PayloadError;
use super::form;
use super::key::SignedBy;
use super::payload::{Parameters, Payload};

/// A request that Twilio signed. Only a [`Validator`](super::Validator) makes it, and it is the
/// only way to a payload: what was not verified cannot be read.
///
/// [`path`](Self::path), [`query_parameter`](Self::query_parameter), [`parameter`](Self::parameter),
/// [`parameters`](Self::parameters) and [`parse`](Self::parse) read signed text only. For
/// [`verify_with_url`](super::Validator::verify_with_url) that is the URL it was given, not the URL of the
/// request.
///
/// A signature covers the names and values without separators between them. Check the fields that
/// a handler relies on: `AccountSid` is yours, SIDs and numbers are well-formed.
///
/// | Another reading with the same signature | Outcome |
/// |---|---|
/// | the end of the URL moved into the form, or the form into the URL | refused where the form holds `AccountSid`, as all forms of messages and calls do |
/// | a form replayed as a GET | refused unless [`methods`](super::Validator::methods) permits GET |
/// | the end of a path moved into the first name of a form without `AccountSid` | possible: give such an endpoint a path that no longer path begins with |
/// | a value moved into the name that follows it, so that the value is empty or cut | possible: require the fields, and check their shape |
/// | a body whose hash is signed, sent as a form | read as no form |
///
/// `Debug` prints the method and the path only.
#[derive(Clone)]
pub struct Verified<B> {
    request: Request<B>,
    /// Path and query of the signed URL, where they are not the request's own.
    target: Option<Box<str>>,
    proof: Proof,
}

impl<B> Verified<B> {
    pub(crate) const fn new(request: Request<B>, proof: Proof) -> Self {
        Self {
            request,
            target: None,
            proof,
        }
    }

    /// A request whose signature holds for another path and query than its own.
    pub(crate) fn with_target(request: Request<B>, proof: Proof, target: &str) -> Self {
        Self {
            request,
            target: Some(target.into()),
            proof,
        }
    }

    /// The request as it came in.
    ///
    /// Method and headers are not signed. Neither is its URL after
    /// [`verify_with_url`](super::Validator::verify_with_url): [`path`](Self::path) and
    /// [`query_parameter`](Self::query_parameter) read the URL that is.
    #[must_use]
    pub const fn request(&self) -> &Request<B> {
        &self.request
    }

    /// The request, taken out. See [`request`](Self::request) for what of it is not signed.
    #[must_use]
    pub fn into_request(self) -> Request<B> {
        self.request
    }

    /// Path of the signed URL, still encoded: it tells which of the configured URLs Twilio was
    /// given.
    ///
    /// Empty if the URL given to [`verify_with_url`](super::Validator::verify_with_url) has none.
    #[must_use]
    pub fn path(&self) -> &str {
        match &self.target {
            Some(target) => target.split('?').next().unwrap_or_default(),
            None => self.request.uri().path(),
        }
    }

    /// The first value of a parameter in the query of the signed URL, decoded.
    ///
    /// The query is signed, whatever the method: it is where to put what a handler must know
    /// about the request that Twilio will make.
    #[must_use]
    pub fn query_parameter(&self, name: &str) -> Option<Cow<'_, str>> {
        form::find(self.query_bytes(), name)
    }

    /// Returns `true` if the body is a form whose parameters are signed one by one.
    ///
    /// `false` for a body that is covered by its hash, such as JSON, and for a request whose
    /// parameters are in the query. A form may hold no parameter.
    #[must_use]
    pub const fn is_form(&self) -> bool {
        self.proof.is_form
    }

    /// The key that signed the request, to see when a rotation is over.
    #[must_use]
    pub const fn signed_by(&self) -> &SignedBy {
        &self.proof.signed_by
    }

    /// `I-Twilio-Idempotency-Token`: the same on every retry of one webhook.
    ///
    /// A hint and no more. It is not signed, so whoever replays a request changes it at will:
    /// tell repeats by what is signed.
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
    /// Reads the payload that the route is for.
    ///
    /// # Errors
    ///
    /// [`PayloadError`] when what Twilio always sends is missing or malformed: the URL is wired
    /// to the wrong handler. Parameters and words that this version does not know are no error.
    pub fn parse<P: Payload>(&self) -> Result<P, PayloadError> {
        P::read(&mut Parameters::of(self.parameters()))
    }

    /// The first value of a signed parameter, decoded: of the form for a POST, of the query for
    /// a GET.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<Cow<'_, str>> {
        form::find(self.form_bytes(), name)
    }

    /// The signed parameters in the order they came in, decoded.
    pub fn parameters(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        form::pairs(self.form_bytes()).map(|pair| (pair.name.decode(), pair.value.decode()))
    }

    fn form_bytes(&self) -> &[u8] {
        if self.proof.is_form {
            self.request.body().as_ref()
        } else if self.request.method() == http::Method::GET {
            self.query_bytes()
        } else {
            &[]
        }
    }
}

impl<B> fmt::Debug for Verified<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("method", self.request.method())
            .field("path", &self.path())
            .finish_non_exhaustive()
    }
}
