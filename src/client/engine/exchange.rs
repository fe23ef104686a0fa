//! Exchanges one request for one response, and determines the outcome.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use http_body::Body as _;
use http_body_util::BodyExt;

use super::api_error::{self, ApiError};
use super::clock::in_tokio_runtime;
use super::error::Error;
use super::outcome::{Effect, ErrorKind, Outcome, is_refusal};
use super::transport::{Body, Phase, Progress, Transport, TransportError};
use crate::types::is_sid_of;

/// Maximum number of bytes read of an error response: a gateway's page may have any size.
pub(in crate::client) const LARGEST_ERROR: usize = 4 * 1024 * 1024;

/// Properties of a request that determine the outcome of an attempt.
#[derive(Clone, Copy)]
pub(in crate::client) struct OperationInfo {
    pub(in crate::client) operation: &'static str,
    pub(in crate::client) effect: Effect,
    /// SID prefixes of the resource that it creates.
    pub(in crate::client) prefixes: &'static [&'static str],
    /// Maximum number of bytes read of a successful response.
    pub(in crate::client) largest: usize,
    /// `true` if the resource is in the body of a redirect.
    pub(in crate::client) is_redirect: bool,
}

pub(in crate::client) const NO_RUNTIME: &str = "no Tokio runtime is running on this thread; run the future \
                                     in one, such as with `#[tokio::main]` or `Runtime::block_on`";

/// Returns an error outside of a Tokio runtime, where Tokio's timers would panic.
pub(in crate::client) fn require_runtime(info: OperationInfo) -> Result<(), Error> {
    if in_tokio_runtime() {
        return Ok(());
    }
    let kind = ErrorKind::NoRuntime;
    Err(Error::new(info.operation, info.effect, kind).with_message(NO_RUNTIME))
}

/// Time limits of one attempt.
#[derive(Clone, Copy)]
pub(in crate::client) struct Limits {
    /// Limit of the whole attempt.
    pub(in crate::client) attempt: Duration,
    /// Limit of a pause within the response body.
    pub(in crate::client) stall: Duration,
}

/// A successful response.
pub(in crate::client) struct ReceivedResponse {
    pub(in crate::client) status: StatusCode,
    pub(in crate::client) headers: HeaderMap,
    pub(in crate::client) body: Vec<u8>,
}

/// The part of a response that arrived.
#[derive(Default)]
struct PartialResponse {
    head: Option<(StatusCode, HeaderMap)>,
    body: Vec<u8>,
}

/// Reason for which a response ended early.
enum Interruption {
    Transport(TransportError),
    TooLarge,
    Stalled,
    Timeout,
}

/// Sends a request once and returns a successful response.
pub(in crate::client) async fn exchange(
    transport: &dyn Transport,
    mut request: http::Request<Bytes>,
    info: OperationInfo,
    limits: Limits,
) -> Result<ReceivedResponse, Error> {
    let progress = GiveUpOnDrop::of(&mut request);
    let mut reply = PartialResponse::default();
    // The reply outlives the timed future: the part that arrived in time may contain the SID.
    let receiving = receive(transport, request, info, limits.stall, &mut reply);
    let ended = match tokio::time::timeout(limits.attempt, receiving).await {
        Ok(ended) => ended,
        Err(_) => Err(Interruption::Timeout),
    };
    judge(info, reply, ended, &progress.0)
}

/// Sends a request once and returns the response with its body still arriving, if it is a success
/// or a redirect.
pub(in crate::client) async fn open(
    transport: &dyn Transport,
    mut request: http::Request<Bytes>,
    info: OperationInfo,
    limits: Limits,
) -> Result<http::Response<Body>, Error> {
    let progress = GiveUpOnDrop::of(&mut request);
    let answer = match tokio::time::timeout(limits.attempt, transport.send(request)).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => {
            return Err(unanswered(
                info,
                Interruption::Transport(error),
                &progress.0,
            ));
        }
        Err(_) => return Err(unanswered(info, Interruption::Timeout, &progress.0)),
    };
    let status = answer.status();
    if status.is_success() || status.is_redirection() {
        return Ok(answer);
    }
    let mut reply = PartialResponse::default();
    let reading = read(answer, info, limits.stall, &mut reply);
    let ended = match tokio::time::timeout(limits.attempt, reading).await {
        Ok(ended) => ended,
        Err(_) => Err(Interruption::Timeout),
    };
    // An error status is an error even if its body could not be read.
    let error = judge(info, reply, ended, &progress.0).err();
    Err(error.unwrap_or_else(|| Error::new(info.operation, info.effect, ErrorKind::Decode)))
}

/// Prevents a request from being sent after its future was dropped.
struct GiveUpOnDrop(Progress);

impl GiveUpOnDrop {
    fn of(request: &mut http::Request<Bytes>) -> Self {
        let progress = request.extensions_mut().get_or_insert_default::<Progress>();
        Self(progress.clone())
    }
}

impl Drop for GiveUpOnDrop {
    fn drop(&mut self) {
        self.0.give_up();
    }
}

async fn receive(
    transport: &dyn Transport,
    request: http::Request<Bytes>,
    info: OperationInfo,
    stall: Duration,
    reply: &mut PartialResponse,
) -> Result<(), Interruption> {
    let answer = transport
        .send(request)
        .await
        .map_err(Interruption::Transport)?;
    read(answer, info, stall, reply).await
}

async fn read(
    answer: http::Response<Body>,
    info: OperationInfo,
    stall: Duration,
    reply: &mut PartialResponse,
) -> Result<(), Interruption> {
    let (head, body) = answer.into_parts();
    let redirect = head.status.is_redirection() && !info.is_redirect;
    let largest = if head.status.is_success() {
        info.largest
    } else {
        LARGEST_ERROR
    };
    reply.head = Some((head.status, head.headers));
    if redirect {
        return Ok(());
    }
    let mut body = pin!(body);
    loop {
        // Usually the frame is there already, which saves the timer.
        let ready = poll_fn(|context| Poll::Ready(body.as_mut().poll_frame(context))).await;
        let next = match ready {
            Poll::Ready(next) => next,
            Poll::Pending => tokio::time::timeout(stall, body.frame())
                .await
                .map_err(|_| Interruption::Stalled)?,
        };
        let Some(frame) = next else {
            return Ok(());
        };
        let frame = frame.map_err(Interruption::Transport)?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        let free = largest.saturating_sub(reply.body.len());
        let fits = data.get(..data.len().min(free)).unwrap_or_default();
        reply.body.extend_from_slice(fits);
        if data.len() > free {
            return Err(Interruption::TooLarge);
        }
    }
}

fn judge(
    info: OperationInfo,
    reply: PartialResponse,
    ended: Result<(), Interruption>,
    progress: &Progress,
) -> Result<ReceivedResponse, Error> {
    let Some((status, headers)) = reply.head else {
        let interruption = ended.err().unwrap_or(Interruption::Timeout);
        return Err(unanswered(info, interruption, progress));
    };
    let error = |kind| Error::new(info.operation, info.effect, kind).with_status(Some(status));
    let is_expected = status.is_redirection() && info.is_redirect;
    if status.is_redirection() && !is_expected {
        let what = "the response is a redirect, which is not followed; check the base URL";
        return Err(error(ErrorKind::Redirect)
            .with_outcome(Outcome::Unknown { sid: None })
            .with_message(format!("status {}: {what}", status.as_u16())));
    }
    if !status.is_success() && !is_expected {
        let api = ApiError::read(status, &headers, &reply.body);
        let what = api.summary();
        return Err(error(ErrorKind::Status)
            .with_outcome(after_status(status))
            .with_message(what)
            .with_api_error(api, api_error::retry_after(&headers)));
    }
    match ended {
        Ok(()) => Ok(ReceivedResponse {
            status,
            headers,
            body: reply.body,
        }),
        Err(interruption) => {
            let (kind, what, source) = match interruption {
                Interruption::Timeout => (
                    ErrorKind::Timeout(Phase::Body),
                    "time ran out while reading the response",
                    None,
                ),
                Interruption::Stalled => (
                    ErrorKind::Timeout(Phase::Body),
                    "the response stopped arriving",
                    None,
                ),
                Interruption::TooLarge => (ErrorKind::Decode, "the response is over", None),
                Interruption::Transport(e) if e.is_timeout() => (
                    ErrorKind::Timeout(Phase::Body),
                    "time ran out while reading the response",
                    Some(e),
                ),
                Interruption::Transport(e) => (
                    ErrorKind::ConnectionLost,
                    "the connection broke while reading the response",
                    Some(e),
                ),
            };
            let limit = match kind {
                ErrorKind::Decode => format!(" {} MiB", info.largest >> 20),
                _ => String::new(),
            };
            Err(error(kind)
                .with_outcome(Outcome::Unknown {
                    sid: find_sid(&reply.body, info.prefixes),
                })
                .with_message(format!("status {}, but {what}{limit}", status.as_u16()))
                .with_source(source))
        }
    }
}

/// Returns the error of an attempt without a response status. Its outcome depends on whether the
/// request may have been sent.
fn unanswered(info: OperationInfo, interruption: Interruption, progress: &Progress) -> Error {
    let error = |kind| Error::new(info.operation, info.effect, kind);
    let unknown = Outcome::Unknown { sid: None };
    match interruption {
        Interruption::Transport(e) if !e.may_have_been_sent() => {
            let (kind, what) = if e.is_timeout() {
                (
                    ErrorKind::Timeout(Phase::Connect),
                    "time ran out while connecting",
                )
            } else {
                (ErrorKind::Connect, "could not connect")
            };
            let permanent = e.is_permanent();
            error(kind)
                .with_message(what)
                .with_permanent(permanent)
                .with_source(Some(e))
        }
        Interruption::Transport(e) if e.is_timeout() => error(ErrorKind::Timeout(Phase::Answer))
            .with_outcome(unknown)
            .with_message("time ran out while waiting for the response")
            .with_source(Some(e)),
        Interruption::Transport(e) => error(ErrorKind::ConnectionLost)
            .with_outcome(unknown)
            .with_message("the connection broke before the response arrived")
            .with_source(Some(e)),
        Interruption::Timeout | Interruption::Stalled | Interruption::TooLarge
            if progress.give_up() =>
        {
            error(ErrorKind::Timeout(Phase::Connect)).with_message("time ran out while connecting")
        }
        Interruption::Timeout | Interruption::Stalled | Interruption::TooLarge => {
            error(ErrorKind::Timeout(Phase::Answer))
                .with_outcome(unknown)
                .with_message("time ran out while waiting for the response")
        }
    }
}

/// Returns the error of an attempt that was not begun, because too little of the operation timeout
/// was left.
pub(in crate::client) fn out_of_time(info: OperationInfo) -> Error {
    let kind = ErrorKind::Timeout(Phase::Queue);
    Error::new(info.operation, info.effect, kind).with_message(
        "the operation timeout left too little time for a response; send fewer requests at once \
         or raise `ClientBuilder::operation_timeout`",
    )
}

fn after_status(status: StatusCode) -> Outcome {
    if is_refusal(status) {
        Outcome::Rejected
    } else {
        Outcome::Unknown { sid: None }
    }
}

/// Returns the error of a successful response that cannot be read. The request was carried out,
/// and the SID is searched for in the body.
pub(in crate::client) fn unreadable(
    info: OperationInfo,
    status: StatusCode,
    body: &[u8],
    cause: &serde_json::Error,
) -> Error {
    // The cause itself quotes the response, so only its position is kept.
    let what = match cause.classify() {
        serde_json::error::Category::Eof => "the response is cut off",
        serde_json::error::Category::Data => "the response is not the expected resource",
        _ => "the response is not JSON",
    };
    let place = match (cause.line(), cause.column()) {
        (0, _) => String::new(),
        (line, column) => format!(" (line {line}, column {column})"),
    };
    Error::new(info.operation, info.effect, ErrorKind::Decode)
        .with_status(Some(status))
        .with_outcome(Outcome::Unknown {
            sid: find_sid(body, info.prefixes),
        })
        .with_message(format!("status {}, but {what}{place}", status.as_u16()))
}

/// Finds `"sid": "SM..."` in a body that may be cut off or not JSON.
fn find_sid(body: &[u8], prefixes: &'static [&'static str]) -> Option<String> {
    const KEY: &[u8] = b"\"sid\"";
    let starts = body.windows(KEY.len()).enumerate();
    starts
        .filter(|(_, window)| *window == KEY)
        .find_map(|(at, _)| {
            let rest = body.get(at + KEY.len()..)?.trim_ascii_start();
            let rest = rest.strip_prefix(b":")?.trim_ascii_start();
            let sid = rest.strip_prefix(b"\"")?.get(..34)?;
            let sid = std::str::from_utf8(sid).ok()?;
            is_sid_of(sid, prefixes).then(|| sid.to_owned())
        })
}
