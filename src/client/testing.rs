//! For tests of what uses the client: scripted answers, recorded requests, errors at will.
//!
//! The sandbox (feature `sandbox`) is a whole Twilio to talk to; this is for the one answer that a
//! test is about.
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
//! // A read is sent again after a lost answer.
//! client.execute(FetchMessage::new(sid)).await?;
//! let [first, second] = transport.requests().try_into().unwrap();
//! assert_eq!(first.path(), second.path());
//! # Ok::<(), clinspark_twilio::client::Error>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`FakeTransport`] | answers from a script, keeps what was sent |
//! | [`Reply`] | one answer, or one failure |
//! | [`RecordedRequest`] | one request that was sent |
//! | [`not_sent`], [`rejected`], [`unknown`], [`unreadable`], [`timed_out`], [`too_many_requests`], [`blocked`] | errors, for code that takes them |

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

/// Answers from a script, in turn, and keeps what was sent. Clones share both.
///
/// Once the script is over, every request fails as not sent.
#[derive(Clone, Debug, Default)]
pub struct FakeTransport(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    script: VecDeque<Reply>,
    requests: Vec<RecordedRequest>,
}

impl FakeTransport {
    /// An empty script.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the answer to one more request.
    #[must_use]
    pub fn reply(self, reply: Reply) -> Self {
        self.state().script.push_back(reply);
        self
    }

    /// What was sent so far, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state().requests.clone()
    }

    /// How many answers the script still has.
    #[must_use]
    pub fn replies_left(&self) -> usize {
        self.state().script.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is held.
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

/// One answer, or one failure.
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
    /// An answer with this status and body. A status outside of 100 to 999 counts as 500.
    pub fn json(status: u16, body: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self(Act::Answer {
            head: Box::new((status, HeaderMap::new())),
            body: Some(Bytes::from(body.into())),
            cut: false,
        })
    }

    /// An error answer as Twilio writes it.
    pub fn error(status: u16, code: u32) -> Self {
        Self::json(
            status,
            format!(r#"{{"code": {code}, "message": "scripted", "status": {status}}}"#),
        )
    }

    /// A header of the answer. Set on a failure, or not fit for a header, it is left out.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Act::Answer { head, .. } = &mut self.0 {
            let parsed = (HeaderName::try_from(name), HeaderValue::from_str(value));
            if let (Ok(name), Ok(value)) = parsed {
                head.1.append(name, value);
            }
        }
        self
    }

    /// The connection breaks after the body given so far.
    pub fn cut(mut self) -> Self {
        if let Act::Answer { cut, .. } = &mut self.0 {
            *cut = true;
        }
        self
    }

    /// Nothing was sent: nobody listens there.
    pub fn not_sent() -> Self {
        Self(Act::Fail(TransportError::not_sent("scripted")))
    }

    /// The request was sent, and the connection broke before an answer came.
    pub fn connection_lost() -> Self {
        Self(Act::Fail(TransportError::possibly_sent(
            Phase::Answer,
            "scripted",
        )))
    }

    /// Any failure of a transport.
    pub const fn fails(error: TransportError) -> Self {
        Self(Act::Fail(error))
    }

    /// The answer never comes: the client's own time limits end it.
    pub const fn never() -> Self {
        Self(Act::Never)
    }
}

/// A body of one piece, and a break behind it.
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

/// One request that was sent.
#[derive(Clone)]
pub struct RecordedRequest {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl RecordedRequest {
    /// Its HTTP method.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// The host that it went to.
    #[must_use]
    pub fn host(&self) -> &str {
        self.uri.host().unwrap_or_default()
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// Its headers; the credentials among them print as `Sensitive`.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Its parameters, from the query or the form, decoded and in order.
    #[must_use]
    pub fn parameters(&self) -> Vec<(String, String)> {
        let form = if self.body.is_empty() {
            self.uri.query().unwrap_or_default().as_bytes()
        } else {
            &self.body
        };
        // Any bytes decode into some pairs.
        serde_urlencoded::from_bytes(form).unwrap_or_default()
    }

    /// The first value of a parameter.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        let mut parameters = self.parameters().into_iter();
        parameters
            .find(|(other, _)| other == name)
            .map(|(_, value)| value)
    }
}

/// Numbers and words are left out.
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

/// An error of a request that never left.
#[must_use]
pub fn not_sent() -> Error {
    Error::new("Scripted", Effect::Create, ErrorKind::Connect).with_message("could not connect")
}

/// An error of a request that Twilio refused with this status and code. A status that is no
/// refusal, such as 503, counts as 400.
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

/// An error of a create whose outcome is unknown.
#[must_use]
pub fn unknown() -> Error {
    Error::new("Scripted", Effect::Create, ErrorKind::ConnectionLost)
        .with_outcome(Outcome::Unknown { sid: None })
        .with_message("the connection broke before the answer came")
}

/// An error of a create that was done, as the SID in an unreadable answer shows.
#[must_use]
pub fn unreadable(sid: impl Into<String>) -> Error {
    Error::new("Scripted", Effect::Create, ErrorKind::Decode)
        .with_status(Some(StatusCode::CREATED))
        .with_outcome(Outcome::Unknown {
            sid: Some(sid.into()),
        })
        .with_message("status 201, but the answer ends in the middle")
}

/// An error of a request that Twilio had no time for (429), and how long it asked to wait.
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

/// An error of a create for which time ran out: nothing was sent when it was in [`Phase::Queue`] or
/// [`Phase::Connect`], otherwise the outcome is unknown.
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

/// An error of a request that [`Delivery`](super::Delivery) blocked.
#[must_use]
pub fn blocked() -> Error {
    Error::new("Scripted", Effect::Create, ErrorKind::Blocked)
        .with_message("delivery is off here (Delivery::Off)")
}
