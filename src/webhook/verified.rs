//! A request that Twilio signed.

use std::borrow::Cow;
use std::fmt;

use http::Request;

use super::check::has_form;
use super::error::PayloadError;
use super::form;
use super::payload::{Parameters, Payload};

/// A request that Twilio signed. Only a [`Validator`](super::Validator) makes it, and it is the
/// only way to a payload: what was not verified cannot be read.
///
/// `Debug` prints the method and the path only.
#[derive(Clone)]
pub struct Verified<B> {
    request: Request<B>,
}

impl<B> Verified<B> {
    pub(crate) const fn new(request: Request<B>) -> Self {
        Self { request }
    }

    /// The request as it came in. Headers are not signed.
    #[must_use]
    pub const fn request(&self) -> &Request<B> {
        &self.request
    }

    /// The request, taken out.
    #[must_use]
    pub fn into_request(self) -> Request<B> {
        self.request
    }

    /// The first value of a parameter in the URL's query, decoded.
    ///
    /// The query is signed, whatever the method: it is where to put what a handler must know
    /// about the request that Twilio will make.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<Cow<'_, str>> {
        form::find(self.query_bytes(), name)
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
        self.request.uri().query().unwrap_or_default().as_bytes()
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
        if has_form(self.request.method(), self.request.headers()) {
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
            .field("path", &self.request.uri().path())
            .finish_non_exhaustive()
    }
}
