//! Test support for code that uses the client: scripted responses, recorded requests, ready-made
//! errors.
//!
//! Use this module for a test about single responses. To test against a simulated Twilio, use the
//! sandbox (feature `sandbox`).
//!
//! ```
//! use clinspark_twilio::client::messages::FetchMessage;
//! use clinspark_twilio::client::testing::{FakeTransport, Reply};
//! use clinspark_twilio::client::{Client, Credentials, Delivery, Outcome, RetryPolicy};
//! # use clinspark_twilio::types::{AccountSid, AuthToken, MessageSid};
//! # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
//! # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
//! # let sid = MessageSid::parse("SM00000000000000000000000000000001")?;
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
//! # runtime.block_on(async {
//!
//! let transport = FakeTransport::new()
//!     .reply(Reply::connection_lost())
//!     .reply(Reply::json(200, r#"{"sid": "SM00000000000000000000000000000001"}"#));
//! let client = Client::builder(credentials, Delivery::Off)
//!     .with_transport(transport.clone())
//!     .build()?;
//!
//! // A read is retried after a lost response.
//! client.execute(FetchMessage::new(sid)).await?;
//! let [first, second] = transport.requests().try_into().unwrap();
//! assert_eq!(first.path(), second.path());
//! # Ok::<(), clinspark_twilio::client::Error>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | Item | Description |
//! |---|---|
//! | [`FakeTransport`] | transport with scripted responses that records the requests |
//! | [`Reply`] | one scripted response or failure |
//! | [`RecordedRequest`] | one recorded request |
//! | [`not_sent`], [`rejected`], [`unknown`], [`unreadable`], [`timed_out`], [`too_many_requests`], [`blocked`] | errors, to test code that handles them |

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use http_body::Frame;

use crate::client::engine::api_error::ApiError;
use crate::client::engine::error::Error;
use crate::client::engine::outcome::{Effect, ErrorKind, Outcome, is_refusal};
use crate::client::engine::transport::{Body, Phase, Transport, TransportError};
use crate::types::BoxFuture;

/// Transport that responds from a script, in order, and records the requests. Clones share both.
///
/// After the end of the script, every request fails as not sent.
///
/// ```
/// use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// use clinspark_twilio::client::{Client, Outcome};
/// # use clinspark_twilio::client::accounts::FetchBalance;
/// # use clinspark_twilio::client::{Credentials, Delivery, RetryPolicy};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
///
/// let transport = FakeTransport::new().reply(Reply::json(200, r#"{"balance": "8.50"}"#));
/// let client = Client::builder(credentials, Delivery::Off)
///     .with_transport(transport.clone())
/// #   .retry(RetryPolicy::none())
///     .build()?;
///
/// let balance = client.execute(FetchBalance::new()).await?;
/// assert_eq!(balance.balance.as_deref(), Some("8.50"));
/// assert_eq!(transport.replies_left(), 0);
///
/// let error = client.execute(FetchBalance::new()).await.unwrap_err();
/// assert_eq!(*error.outcome(), Outcome::NotSent);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct FakeTransport(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    script: VecDeque<Reply>,
    requests: Vec<RecordedRequest>,
}

impl FakeTransport {
    /// Creates a transport with an empty script.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the response to one more request.
    #[must_use]
    pub fn reply(self, reply: Reply) -> Self {
        self.state().script.push_back(reply);
        self
    }

    /// Returns the requests sent so far, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state().requests.clone()
    }

    /// Returns the number of unused replies in the script.
    #[must_use]
    pub fn replies_left(&self) -> usize {
        self.state().script.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code panics while the lock is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for FakeTransport {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let (head, body) = request.into_parts();
        let mut state = self.state();
        state.requests.push(RecordedRequest {
            method: head.method,
            uri: head.uri,
            headers: head.headers,
            body,
        });
        // Taken when `send` is called, not when its future is polled: the order of calls counts.
        let reply = state.script.pop_front().unwrap_or_else(Reply::not_sent);
        drop(state);
        match reply.0 {
            Act::Answer { head, body, cut } => {
                let body = Script { body, cut };
                let (status, headers) = *head;
                let mut answer = http::Response::new(Body::new(body));
                *answer.status_mut() = status;
                *answer.headers_mut() = headers;
                Box::pin(async move { Ok(answer) })
            }
            Act::Fail(error) => Box::pin(async move { Err(error) }),
            Act::Never => Box::pin(std::future::pending()),
        }
    }
}

/// One scripted response or failure.
///
/// ```
/// use clinspark_twilio::client::ErrorKind;
/// use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::client::messages::{SendMessage, Sender};
/// # use clinspark_twilio::client::{Client, Credentials, Delivery};
/// # use clinspark_twilio::phone::E164;
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let volunteer = E164::parse("+14155550123")?;
/// # let clinic = Sender::Number(E164::parse("+14155550100")?);
///
/// let transport = FakeTransport::new()
///     .reply(Reply::error(400, 21610))
///     .reply(Reply::json(503, "busy").header("Retry-After", "2"))
///     .reply(Reply::json(201, r#"{"sid": "#).cut());
/// # let client = Client::builder(credentials, Delivery::Live).with_transport(transport).build()?;
/// # let request = SendMessage::new(volunteer, clinic, "See you at 9:00.");
/// for kind in [ErrorKind::Status, ErrorKind::Status, ErrorKind::ConnectionLost] {
///     let error = client.execute(&request).await.unwrap_err();
///     assert_eq!(error.kind(), kind);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use]
pub struct Reply(Act);

#[derive(Debug)]
enum Act {
    Answer {
        head: Box<(StatusCode, HeaderMap)>,
        body: Option<Bytes>,
        cut: bool,
    },
    Fail(TransportError),
    Never,
}

impl Reply {
    /// Creates a response with this status and body. A status outside of 100 to 999 counts as 500.
    pub fn json(status: u16, body: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self(Act::Answer {
            head: Box::new((status, HeaderMap::new())),
            body: Some(Bytes::from(body.into())),
            cut: false,
        })
    }

    /// Creates an error response in Twilio's format, with this status and error code.
    pub fn error(status: u16, code: u32) -> Self {
        Self::json(
            status,
            format!(r#"{{"code": {code}, "message": "scripted", "status": {status}}}"#),
        )
    }

    /// Adds a header to the response. Ignored for a failure, and for a name or value that is not
    /// valid in a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Act::Answer { head, .. } = &mut self.0 {
            let parsed = (HeaderName::try_from(name), HeaderValue::from_str(value));
            if let (Ok(name), Ok(value)) = parsed {
                head.1.append(name, value);
            }
        }
        self
    }

    /// Breaks the connection after the body of the response.
    pub fn cut(mut self) -> Self {
        if let Act::Answer { cut, .. } = &mut self.0 {
            *cut = true;
        }
        self
    }

    /// Creates the failure of a request that was not sent, such as after a refused connection.
    pub fn not_sent() -> Self {
        Self(Act::Fail(TransportError::not_sent("scripted")))
    }

    /// Creates the failure of a request that was sent, and whose connection broke before a response
    /// arrived.
    pub fn connection_lost() -> Self {
        Self(Act::Fail(TransportError::possibly_sent(
            Phase::Answer,
            "scripted",
        )))
    }

    /// Creates a failure with this error.
    pub const fn fails(error: TransportError) -> Self {
        Self(Act::Fail(error))
    }

    /// Creates a reply that never arrives: the request ends by the client's timeouts.
    pub const fn never() -> Self {
        Self(Act::Never)
    }
}

/// A body of one chunk, with an optional break after it.
struct Script {
    body: Option<Bytes>,
    cut: bool,
}

impl http_body::Body for Script {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        if let Some(body) = self.body.take() {
            return Poll::Ready(Some(Ok(Frame::data(body))));
        }
        if std::mem::take(&mut self.cut) {
            let cut = TransportError::possibly_sent(Phase::Body, "scripted");
            return Poll::Ready(Some(Err(cut)));
        }
        Poll::Ready(None)
    }
}

/// One request, as recorded by a [`FakeTransport`].
///
/// ```
/// use clinspark_twilio::client::messages::{SendMessage, Sender};
/// # use clinspark_twilio::phone::E164;
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::client::{Client, Credentials, Delivery};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let volunteer = E164::parse("+14155550123")?;
/// # let clinic = Sender::Number(E164::parse("+14155550100")?);
/// # let transport = FakeTransport::new()
/// #     .reply(Reply::json(201, r#"{"sid": "SM00000000000000000000000000000001"}"#));
/// # let client = Client::builder(credentials, Delivery::Live)
/// #     .with_transport(transport.clone())
/// #     .build()?;
///
/// client.execute(SendMessage::new(volunteer, clinic, "See you at 9:00.")).await?;
///
/// let sent = &transport.requests()[0];
/// assert_eq!((sent.method().as_str(), sent.host()), ("POST", "api.twilio.com"));
/// assert_eq!(sent.parameter("To").as_deref(), Some("+14155550123"));
/// assert_eq!(sent.parameter("Body").as_deref(), Some("See you at 9:00."));
/// assert!(!format!("{sent:?}").contains("+14155550123"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RecordedRequest {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl RecordedRequest {
    /// Returns the HTTP method.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the host.
    #[must_use]
    pub fn host(&self) -> &str {
        self.uri.host().unwrap_or_default()
    }

    /// Returns the path.
    #[must_use]
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// Returns the headers. `Debug` prints the credentials among them as `Sensitive`.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the parameters of the query or form, decoded and in order.
    #[must_use]
    pub fn parameters(&self) -> Vec<(String, String)> {
        let form = if self.body.is_empty() {
            self.uri.query().unwrap_or_default().as_bytes()
        } else {
            &self.body
        };
        // Any bytes decode into pairs, so the fallback is never used.
        serde_urlencoded::from_bytes(form).unwrap_or_default()
    }

    /// Returns the first value of a parameter.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        let mut parameters = self.parameters().into_iter();
        parameters
            .find(|(other, _)| other == name)
            .map(|(_, value)| value)
    }
}

/// Prints the names of the parameters only: their values contain personal data.
impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self
            .parameters()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("host", &self.host())
            .field("parameters", &names)
            .finish_non_exhaustive()
    }
}

/// Returns the error of a request that was never sent.
#[must_use]
pub fn not_sent() -> Error {
    Error::new("Scripted", Effect::Create, ErrorKind::Connect).with_message("could not connect")
}

/// Returns the error of a request that Twilio refused with this status and code. A status that is
/// not a refusal, such as 503, counts as 400.
#[must_use]
pub fn rejected(status: u16, code: u32) -> Error {
    let status = StatusCode::from_u16(status).ok().filter(|s| is_refusal(*s));
    let status = status.unwrap_or(StatusCode::BAD_REQUEST);
    let body = format!(r#"{{"code": {code}}}"#);
    let api = ApiError::read(status, &HeaderMap::new(), body.as_bytes());
    Error::new("Scripted", Effect::Create, ErrorKind::Status)
        .with_status(Some(status))
        .with_outcome(Outcome::Rejected)
        .with_message(api.summary())
        .with_api_error(api, None)
}

/// Returns the error of a create whose outcome is unknown.
#[must_use]
pub fn unknown() -> Error {
    Error::new("Scripted", Effect::Create, ErrorKind::ConnectionLost)
        .with_outcome(Outcome::Unknown { sid: None })
        .with_message("the connection broke before the response arrived")
}

/// Returns the error of a create that was carried out, as the SID in its unreadable response shows.
#[must_use]
pub fn unreadable(sid: impl Into<String>) -> Error {
    Error::new("Scripted", Effect::Create, ErrorKind::Decode)
        .with_status(Some(StatusCode::CREATED))
        .with_outcome(Outcome::Unknown {
            sid: Some(sid.into()),
        })
        .with_message("status 201, but the response is cut off")
}

/// Returns the error of a request that Twilio refused with 429, with its `Retry-After`.
#[must_use]
pub fn too_many_requests(retry_after: Option<Duration>) -> Error {
    let status = StatusCode::TOO_MANY_REQUESTS;
    let api = ApiError::read(status, &HeaderMap::new(), br#"{"code": 20429}"#);
    Error::new("Scripted", Effect::Create, ErrorKind::Status)
        .with_status(Some(status))
        .with_outcome(Outcome::Rejected)
        .with_message(api.summary())
        .with_api_error(api, retry_after)
}

/// Returns the error of a create that timed out in this phase. In [`Phase::Queue`] and
/// [`Phase::Connect`] nothing was sent; otherwise the outcome is unknown.
#[must_use]
pub fn timed_out(phase: Phase) -> Error {
    let outcome = match phase {
        Phase::Queue | Phase::Connect => Outcome::NotSent,
        Phase::Answer | Phase::Body => Outcome::Unknown { sid: None },
    };
    Error::new("Scripted", Effect::Create, ErrorKind::Timeout(phase))
        .with_outcome(outcome)
        .with_message(format!("time ran out while {}", phase.doing()))
}

/// Returns the error of a request that [`Delivery`](super::Delivery) blocked.
#[must_use]
pub fn blocked() -> Error {
    Error::new("Scripted", Effect::Create, ErrorKind::Blocked)
        .with_message("texts and calls are disabled for this client (Delivery::Off)")
}
