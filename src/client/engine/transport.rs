//! Transport of requests: one method with `http` types, and an error that states whether the
//! request may have been sent.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};

use crate::types::{BoxError, BoxFuture};

/// Sends one request to Twilio and returns the response.
///
/// Implement it where the default transport does not fit: another TLS library, a service mesh,
/// scripted responses in a test. The client's guarantees depend on four rules:
///
/// - Send the request **once**. A retry may text a person twice, and only the client knows when it
///   is safe.
/// - Follow no redirect. The request carries the account's credentials.
/// - Return [`TransportError::not_sent`] only if no byte of the request's body can have been sent.
/// - Stop when the future is dropped.
///
/// ```
/// use bytes::Bytes;
/// use clinspark_twilio::client::{Body, Client, Credentials, Delivery, Transport, TransportError};
/// use clinspark_twilio::types::BoxFuture;
///
/// /// Responds to every request with the same message.
/// struct Canned;
///
/// impl Transport for Canned {
///     fn send(
///         &self,
///         _request: http::Request<Bytes>,
///     ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
///         let body = r#"{"sid": "SM00000000000000000000000000000001", "status": "queued"}"#;
///         Box::pin(async move { Ok(http::Response::new(Body::from(body))) })
///     }
/// }
///
/// # use clinspark_twilio::client::messages::FetchMessage;
/// # use clinspark_twilio::types::{AccountSid, AuthToken, MessageSid, MessageStatus};
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let sid = MessageSid::parse("SM00000000000000000000000000000001")?;
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// # runtime.block_on(async {
/// let client = Client::builder(credentials, Delivery::Off).with_transport(Canned).build()?;
/// let message = client.execute(FetchMessage::new(sid)).await?;
/// assert_eq!(message.status, Some(MessageStatus::Queued));
/// # Ok::<(), clinspark_twilio::client::Error>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Transport: Send + Sync + 'static {
    /// Sends a request and returns the response, whose body may still be arriving.
    ///
    /// The request's extensions contain a [`Progress`]. A transport that knows when the first byte
    /// of the body is written should report it there. A timeout before that moment then becomes
    /// [`NotSent`](crate::client::Outcome::NotSent) instead of
    /// [`Unknown`](crate::client::Outcome::Unknown).
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>>;
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        (**self).send(request)
    }
}

/// Tracks whether the request body has been written, so that a cancelled request can be reported
/// as not sent.
///
/// The client puts it into the request's extensions. If a transport never [arms](Self::arm) it, the
/// client assumes that the whole request was sent. A request is then never sent twice by mistake.
///
/// ```
/// use clinspark_twilio::client::{Progress, TransportError};
///
/// /// Writes the body of a request, in a transport.
/// fn write_body(progress: &Progress, write: impl FnOnce()) -> Result<(), TransportError> {
///     if !progress.begin_body() {
///         return Err(TransportError::not_sent("the client gave up before the body was written"));
///     }
///     write();
///     Ok(())
/// }
///
/// // Before connecting:
/// let progress = Progress::default();
/// progress.arm();
/// // Once the connection is ready:
/// assert!(write_body(&progress, || ()).is_ok());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<AtomicU8>);

const UNARMED: u8 = 0;
const ARMED: u8 = 1;
const BEGUN: u8 = 2;
const GIVEN_UP: u8 = 3;

impl Progress {
    /// Promises that the transport calls [`begin_body`](Self::begin_body) before it writes the first
    /// byte of the body.
    pub fn arm(&self) {
        self.step(UNARMED, ARMED);
    }

    /// Marks the body as begun. Returns `false` if the client has given up and has already reported
    /// the request as not sent. No byte of the body may be written then.
    #[must_use]
    pub fn begin_body(&self) -> bool {
        // A transport that never armed the progress may still report the start of the body.
        self.step(UNARMED, BEGUN);
        self.step(ARMED, BEGUN);
        self.0.load(Ordering::SeqCst) == BEGUN
    }

    /// Gives up on the request. Returns `true` if the body was certainly not sent, and never will
    /// be.
    pub(in crate::client) fn give_up(&self) -> bool {
        self.step(ARMED, GIVEN_UP);
        self.0.load(Ordering::SeqCst) == GIVEN_UP
    }

    fn step(&self, from: u8, to: u8) {
        // A failed exchange means that the other side was first: its state is final.
        let _ = self
            .0
            .compare_exchange(from, to, Ordering::SeqCst, Ordering::SeqCst);
    }
}

/// Stage of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Waiting for a permit
    /// ([`ClientBuilder::max_in_flight`](crate::client::ClientBuilder::max_in_flight)), a bearer
    /// token or the audit trail, until too little of the
    /// [`ClientBuilder::operation_timeout`](crate::client::ClientBuilder::operation_timeout) was
    /// left. Nothing was sent.
    Queue,
    /// DNS lookup, connecting and TLS handshake. Nothing was sent.
    Connect,
    /// Writing the request and waiting for status and headers of the response.
    Answer,
    /// Reading the body of the response.
    Body,
}

impl Phase {
    pub(in crate::client) const fn doing(self) -> &'static str {
        match self {
            Self::Queue => "waiting for a permit",
            Self::Connect => "connecting",
            Self::Answer => "waiting for the response",
            Self::Body => "reading the response",
        }
    }
}

/// Error of a [`Transport`]: the request could not be sent, or its response could not be received.
///
/// The cause is its `source()`. Keep URLs and bodies out of the cause: they contain phone numbers.
///
/// ```
/// use clinspark_twilio::client::{Phase, TransportError};
///
/// let refused = TransportError::not_sent("connection refused");
/// assert!(!refused.may_have_been_sent());
/// assert_eq!(refused.to_string(), "the connection failed while connecting");
///
/// let silent = TransportError::possibly_sent(Phase::Answer, "no response").timed_out();
/// assert!(silent.may_have_been_sent());
/// assert_eq!(silent.to_string(), "time ran out while waiting for the response");
/// ```
#[derive(Debug)]
pub struct TransportError {
    phase: Phase,
    may_have_been_sent: bool,
    timeout: bool,
    permanent: bool,
    source: BoxError,
}

impl TransportError {
    /// Creates the error of a request that was provably not sent. Examples: the host was not found,
    /// the connection refused, the TLS handshake failed, or no byte of the body was written.
    pub fn not_sent(source: impl Into<BoxError>) -> Self {
        Self {
            phase: Phase::Connect,
            may_have_been_sent: false,
            timeout: false,
            permanent: false,
            source: source.into(),
        }
    }

    /// Creates the error of a request that may have reached Twilio, in whole or in part.
    pub fn possibly_sent(phase: Phase, source: impl Into<BoxError>) -> Self {
        Self {
            phase,
            may_have_been_sent: true,
            timeout: false,
            permanent: false,
            source: source.into(),
        }
    }

    /// Marks the error as a timeout.
    #[must_use]
    pub fn timed_out(mut self) -> Self {
        self.timeout = true;
        self
    }

    /// Marks the cause as permanent, such as an untrusted certificate: the client does not retry.
    #[must_use]
    pub fn permanent(mut self) -> Self {
        self.permanent = true;
        self
    }

    /// Returns `true` if a retry would fail in the same way.
    #[must_use]
    pub const fn is_permanent(&self) -> bool {
        self.permanent
    }

    /// Returns the stage that the attempt had reached.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// Returns `true` if any byte of the request's body may have been sent.
    #[must_use]
    pub const fn may_have_been_sent(&self) -> bool {
        self.may_have_been_sent
    }

    /// Returns `true` if the request failed because time ran out.
    #[must_use]
    pub const fn is_timeout(&self) -> bool {
        self.timeout
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.timeout {
            "time ran out"
        } else {
            "the connection failed"
        };
        write!(f, "{what} while {}", self.phase.doing())
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}

/// Body of a response, possibly still arriving.
///
/// Create one from bytes or text, or from any [`http_body::Body`].
pub struct Body(UnsyncBoxBody<Bytes, TransportError>);

impl Body {
    /// Wraps a streaming body. A [`TransportError`] of the body is passed on unchanged. Any other
    /// error becomes a [`TransportError`] in [`Phase::Body`].
    pub fn new<B>(body: B) -> Self
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self(UnsyncBoxBody::new(body.map_err(|error| {
            error.into().downcast().map_or_else(
                |error| TransportError::possibly_sent(Phase::Body, error),
                |error| *error,
            )
        })))
    }

    /// Creates an empty body.
    #[must_use]
    pub fn empty() -> Self {
        Self::from(Bytes::new())
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::new(Full::new(bytes))
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self::from(Bytes::from(text))
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Self::from(Bytes::from_static(text.as_bytes()))
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        Pin::new(&mut self.0).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Body([redacted])")
    }
}
