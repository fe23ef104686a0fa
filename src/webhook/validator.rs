//! Verification of webhooks: requests signed by Twilio are accepted, all others refused.

use std::borrow::Cow;
use std::net::IpAddr;

use http::{HeaderMap, Request};

use super::check::{Proof, Received, RequestKind, SignatureHeaders, is_handshake};
use super::error::{SignatureError, SignatureErrorKind as Kind};
use super::key::{KeySource, Keys};
use super::proxy::TrustedProxies;
use super::signature::message;
use super::sorted::{DecodedText, SortedParameters};
use super::url::{PublicOrigin, Url};
use super::verified::Verified;
use crate::types::{AccountSid, AuthToken, Method};

/// Twilio's requests are below 10 KB. The largest documented ones are below this limit: a text of
/// 1,600 emoji has 20 KB. The attributes of a conversation, 16 KB of JSON, have up to 48 KB as a
/// form.
const DEFAULT_BODY_LIMIT: usize = 64 * 1024;

/// Verifies that a request is from Twilio before its content can be read.
///
/// The request is taken as plain `http` types, with the body's original bytes. The signature does
/// not match a form that a framework has parsed, trimmed or serialised again.
///
/// ```
/// use clinspark_twilio::types::AuthToken;
/// use clinspark_twilio::webhook::{InboundMessage, PublicOrigin, SIGNATURE_HEADER, Validator};
///
/// let origin = PublicOrigin::parse("https://acme.example.com")?;
/// let validator = Validator::new(AuthToken::new("12345")?, origin);
///
/// # let mut request = http::Request::post("/twilio/sms")
/// #     .header("content-type", "application/x-www-form-urlencoded")
/// #     .body("MessageSid=SM00000000000000000000000000000001&From=%2B14155550123&Body=Yes\
/// #            &AccountSid=AC00000000000000000000000000000001&To=%2B14155550199")?;
/// # let signature = validator.sign(&request);
/// # request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
/// let verified = match validator.verify(request) {
///     Ok(verified) => verified,
///     Err(refusal) => {
///         eprintln!("refused: {refusal}"); // for the operator; the sender gets a bare 403
///         let answer = refusal.into_response();
///         # let _ = answer;
///         return Ok(());
///     }
/// };
/// let reply: InboundMessage = verified.parse()?;
/// assert_eq!(reply.body.expose(), "Yes");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: <https://www.twilio.com/docs/usage/security#validating-requests>
#[derive(Clone, Debug)]
pub struct Validator<K = Keys> {
    keys: K,
    origin: PublicOrigin,
    body_limit: usize,
    methods: Methods,
}

/// Methods that a webhook may have.
#[derive(Clone, Copy, Debug)]
struct Methods {
    get: bool,
    post: bool,
}

impl Methods {
    const POST: Self = Self {
        get: false,
        post: true,
    };

    fn permit(self, method: &http::Method) -> bool {
        match *method {
            http::Method::GET => self.get,
            http::Method::POST => self.post,
            _ => false,
        }
    }
}

impl Validator {
    /// Creates a validator for one account from its primary auth token and the service's public
    /// origin.
    #[must_use]
    pub fn new(token: AuthToken, origin: PublicOrigin) -> Self {
        Self::with_key_source(Keys::new(token), origin)
    }

    /// Adds an auth token whose signatures are also accepted during a rotation.
    #[must_use]
    pub fn add_auth_token(mut self, token: AuthToken) -> Self {
        self.keys = self.keys.add_auth_token(token);
        self
    }

    /// Returns the signature that Twilio would send with this request, made with the first token.
    ///
    /// Use it in tests and in servers that imitate Twilio, as the value of
    /// [`SIGNATURE_HEADER`](super::SIGNATURE_HEADER). A body that is not a form is covered only if
    /// the URL holds its hash ([`body_sha256`](super::body_sha256)).
    ///
    /// ```
    /// use clinspark_twilio::types::AuthToken;
    /// use clinspark_twilio::webhook::{PublicOrigin, Validator};
    ///
    /// let origin = PublicOrigin::parse("https://mycompany.com")?;
    /// let validator = Validator::new(AuthToken::new("12345")?, origin);
    /// let request = http::Request::post("/myapp.php?foo=1&bar=2")
    ///     .header("content-type", "application/x-www-form-urlencoded")
    ///     .body("Digits=1234&CallSid=CA1234567890ABCDE&From=%2B14158675309\
    ///            &Caller=%2B14158675309&To=%2B18005551212")?;
    /// assert_eq!(validator.sign(&request), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn sign<B: AsRef<[u8]>>(&self, request: &Request<B>) -> String {
        let target = self.signed_target(request);
        let received = Received::new(self.origin.join(&target), request);
        self.sign_message(received.url, received.form())
    }

    /// Returns the signature that Twilio would send with this WebSocket handshake, made with the
    /// first token.
    ///
    /// Use it in tests, like [`sign`](Self::sign).
    #[must_use]
    pub fn sign_websocket<B: AsRef<[u8]>>(&self, request: &Request<B>) -> String {
        let target = self.signed_target(request);
        let received = Received::new(self.origin.join(&target), request);
        self.sign_message(received.url.to_websocket(), &[])
    }

    /// Returns the path and query to sign. One without the server prefix is signed as it is written.
    fn signed_target<'r, B>(&self, request: &'r Request<B>) -> Cow<'r, str> {
        let target = target_of(request);
        let public = self.origin.public_target(target);
        public.unwrap_or(Cow::Borrowed(target))
    }

    fn sign_message(&self, url: Url<'_>, form: &[u8]) -> String {
        let [url, _] = url.candidates();
        let mut text = DecodedText::new();
        let parameters = SortedParameters::of(form, &mut text);
        let key = self.keys.tokens.first();
        key.map(|key| key.sign(message(&url, &parameters)))
            .unwrap_or_default()
    }
}

impl<K: KeySource> Validator<K> {
    /// Creates a validator for several accounts or subaccounts.
    ///
    /// The keys are looked up by the `AccountSid` that the request claims.
    #[must_use]
    pub const fn with_key_source(source: K, origin: PublicOrigin) -> Self {
        Self {
            keys: source,
            origin,
            body_limit: DEFAULT_BODY_LIMIT,
            methods: Methods::POST,
        }
    }

    /// Returns a validator of one account, for endpoints whose requests do not name an account.
    ///
    /// JSON requests and WebSocket handshakes do not name one.
    ///
    /// # Errors
    ///
    /// Returns [`UnknownAccount`](super::SignatureErrorKind::UnknownAccount) if the source does not
    /// know the account.
    pub fn for_account(&self, account: &AccountSid) -> Result<Validator, SignatureError> {
        let keys = self.keys.keys(Some(account)).ok_or(Kind::UnknownAccount)?;
        Ok(Validator {
            keys: keys.into_owned(),
            origin: self.origin.clone(),
            body_limit: self.body_limit,
            methods: self.methods,
        })
    }

    /// Replaces the public origin, such as with one from [`TrustedProxies`].
    #[must_use]
    pub fn origin(mut self, origin: PublicOrigin) -> Self {
        self.origin = origin;
        self
    }

    /// Sets the largest body that is read, in bytes. Default: 65,536.
    ///
    /// Twilio's webhooks are below 10 KB. Raise the limit for an endpoint whose bodies you make
    /// larger yourself. Examples are an HTTP request of Studio, and a sink of Event Streams that
    /// sends batches.
    ///
    /// A body costs CPU before its sender is verified. At the default limit that is up to half a
    /// millisecond for one auth token, and 0.1 ms more for each further one. The cost grows in
    /// proportion to the size.
    #[must_use]
    pub const fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Sets the permitted methods of webhooks. Default: `POST` only.
    ///
    /// Permit `GET` only if Twilio is configured to request the URL by GET. The signature does not
    /// cover the method. A sender who sees one signed POST can replay it as a GET, with its
    /// parameters in the query. [`verify_websocket`](Self::verify_websocket) is not affected.
    ///
    /// ```
    /// use clinspark_twilio::types::{AuthToken, Method};
    /// use clinspark_twilio::webhook::{PublicOrigin, Validator};
    ///
    /// let origin = PublicOrigin::parse("https://acme.example.com")?;
    /// let validator = Validator::new(AuthToken::new("12345")?, origin).methods([Method::Get]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn methods(mut self, methods: impl IntoIterator<Item = Method>) -> Self {
        self.methods = Methods {
            get: false,
            post: false,
        };
        for method in methods {
            match method {
                Method::Get => self.methods.get = true,
                Method::Post => self.methods.post = true,
            }
        }
        self
    }

    /// Verifies that Twilio signed a request.
    ///
    /// The URL is the public origin followed by the request's unchanged path and query. It is tried
    /// with and without port, because Twilio signs either.
    ///
    /// # Errors
    ///
    /// Returns [`SignatureError`]. See [`SignatureErrorKind`](super::SignatureErrorKind) for each
    /// cause.
    pub fn verify<B: AsRef<[u8]>>(
        &self,
        request: Request<B>,
    ) -> Result<Verified<B>, SignatureError> {
        self.verify_kind(RequestKind::Webhook, None, request)
    }

    /// Verifies that Twilio signed a WebSocket handshake of Media Streams or `ConversationRelay`.
    ///
    /// Twilio signs the `wss` URL of the handshake, sometimes with a `/` at the end that the URL
    /// does not have. At most four URLs are tried. A handshake names no account: for several
    /// accounts, get the account's validator from [`for_account`](Self::for_account) first.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`verify`](Self::verify), and
    /// [`NotAHandshake`](super::SignatureErrorKind::NotAHandshake) if the request is not a
    /// handshake.
    ///
    /// Source: <https://www.twilio.com/docs/usage/security#websockets>
    pub fn verify_websocket<B: AsRef<[u8]>>(
        &self,
        request: Request<B>,
    ) -> Result<Verified<B>, SignatureError> {
        self.verify_kind(RequestKind::WebSocket, None, request)
    }

    /// Verifies as [`verify`](Self::verify) does, for a server behind proxies.
    ///
    /// The public origin is read from the forwarded headers if the peer is a trusted proxy,
    /// otherwise from the settings. `peer` is the address of the connection's other end, not an
    /// address from a header.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`verify`](Self::verify).
    pub fn verify_via_proxy<B: AsRef<[u8]>>(
        &self,
        proxies: &TrustedProxies,
        peer: IpAddr,
        request: Request<B>,
    ) -> Result<Verified<B>, SignatureError> {
        let forwarded = proxies.origin(peer, &request);
        self.verify_kind(RequestKind::Webhook, forwarded.as_ref(), request)
    }

    /// Verifies as [`verify`](Self::verify) does, for a request whose whole URL is known as text.
    ///
    /// The URL may come from a gateway that rewrites paths, or from a log of the URLs that Twilio
    /// is configured with. The public origin and the request's own URL are ignored. User name,
    /// password and fragment are dropped from the text, because Twilio does not sign them.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`verify`](Self::verify), and
    /// [`BadUrl`](super::SignatureErrorKind::BadUrl) if the text is not an absolute URL.
    pub fn verify_with_url<B: AsRef<[u8]>>(
        &self,
        url: &str,
        request: Request<B>,
    ) -> Result<Verified<B>, SignatureError> {
        let url = Url::parse(url).map_err(|_| Kind::BadUrl)?;
        let proof = self.check(RequestKind::Webhook, &Received::new(url, &request))?;
        Ok(Verified::with_target(request, proof, url.path_and_query))
    }

    /// Returns the largest body that is read, in bytes.
    #[cfg(feature = "tower")]
    pub(crate) const fn max_body_bytes(&self) -> usize {
        self.body_limit
    }

    /// Verifies either kind of request. A forwarded origin replaces the configured one.
    pub(crate) fn verify_kind<B: AsRef<[u8]>>(
        &self,
        kind: RequestKind,
        forwarded: Option<&PublicOrigin>,
        request: Request<B>,
    ) -> Result<Verified<B>, SignatureError> {
        let (proof, target) = self.prove(kind, forwarded, &request)?;
        if let Cow::Owned(target) = target {
            return Ok(Verified::with_target(request, proof, &target));
        }
        Ok(Verified::new(request, proof))
    }

    /// Checks either kind of request, and returns the path and query that are signed.
    pub(crate) fn prove<'r, B: AsRef<[u8]>>(
        &self,
        kind: RequestKind,
        forwarded: Option<&PublicOrigin>,
        request: &'r Request<B>,
    ) -> Result<(Proof, Cow<'r, str>), SignatureError> {
        let target = target_of(request);
        // `OPTIONS *` has a target that is not a path, which no webhook of Twilio has.
        if !target.starts_with('/') {
            return Err(Kind::BadUrl.into());
        }
        // The path that Twilio requested is a setting, so a forwarded origin does not change it.
        let public = self.origin.public_target(target);
        let target = public.ok_or(Kind::MissingServerPrefix)?;
        let origin = forwarded.unwrap_or(&self.origin);
        let proof = self.check(kind, &Received::new(origin.join(&target), request))?;
        Ok((proof, target))
    }

    /// Returns `true` if webhooks may have this method.
    pub(crate) fn permits(&self, method: &http::Method) -> bool {
        self.methods.permit(method)
    }

    /// Checks everything that can be refused before the body is read.
    pub(crate) fn check_head<'h>(
        &self,
        kind: RequestKind,
        method: &http::Method,
        headers: &'h HeaderMap,
        body_length: usize,
    ) -> Result<SignatureHeaders<'h>, SignatureError> {
        match kind {
            RequestKind::Webhook if self.methods.permit(method) => {}
            RequestKind::Webhook => return Err(Kind::MethodNotAllowed.into()),
            RequestKind::WebSocket if is_handshake(method, headers) => {}
            RequestKind::WebSocket => return Err(Kind::NotAHandshake.into()),
        }
        let head = SignatureHeaders::read(headers)?;
        if body_length > self.body_limit {
            return Err(Kind::TooLarge.into());
        }
        Ok(head)
    }

    fn check(&self, kind: RequestKind, received: &Received<'_>) -> Result<Proof, SignatureError> {
        let Received {
            method,
            headers,
            body,
            ..
        } = received;
        let head = self.check_head(kind, method, headers, body.len())?;
        let claimed = if self.keys.is_per_account() {
            received
                .account()
                .and_then(|sid| AccountSid::parse(&sid).ok())
        } else {
            None
        };
        let keys: Cow<'_, Keys> = self
            .keys
            .keys(claimed.as_ref())
            .ok_or(Kind::UnknownAccount)?;
        received.check_signed(kind, &head, &keys)
    }
}

fn target_of<B>(request: &Request<B>) -> &str {
    request.uri().path_and_query().map_or("", |p| p.as_str())
}
