//! One request, one answer, and the verdict on what may have happened.

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

/// The most bytes of an error answer that are read: a gateway's page may be any size.
pub(in crate::client) const LARGEST_ERROR: usize = 4 * 1024 * 1024;

/// Facts about a request, by which the end of an attempt is judged.
#[derive(Clone, Copy)]
pub(in crate::client) struct OperationInfo {
    pub(in crate::client) operation: &'static str,
    pub(in crate::client) effect: Effect,
    /// The SID prefixes of what it makes.
    pub(in crate::client) prefixes: &'static [&'static str],
    /// The most bytes of a successful answer that are read.
    pub(in crate::client) largest: usize,
}

pub(in crate::client) const NO_RUNTIME: &str = "no Tokio runtime is running on this thread; poll the future \
                                     in one, such as by `#[tokio::main]` or `Runtime::block_on`";

/// Outside of Tokio's runtime its timers would panic.
pub(in crate::client) fn require_runtime(info: OperationInfo) -> Result<(), Error> {
    if in_tokio_runtime() {
        return Ok(());
    }
    let kind = ErrorKind::NoRuntime;
    Err(Error::new(info.operation, info.effect, kind).with_message(NO_RUNTIME))
}

/// How long one attempt may take.
#[derive(Clone, Copy)]
pub(in crate::client) struct Limits {
    /// In all.
    pub(in crate::client) attempt: Duration,
    /// Between two pieces of the answer's body.
    pub(in crate::client) stall: Duration,
}

/// A successful answer.
pub(in crate::client) struct ReceivedResponse {
    pub(in crate::client) status: StatusCode,
    pub(in crate::client) headers: HeaderMap,
    pub(in crate::client) body: Vec<u8>,
}

/// As much of an answer as arrived.
#[derive(Default)]
struct PartialResponse {
    head: Option<(StatusCode, HeaderMap)>,
    body: Vec<u8>,
}

/// Why an answer ended early.
enum Interruption {
    Transport(TransportError),
    TooLarge,
    Stalled,
    Timeout,
}

/// Sends a request once and gives back a successful answer.
pub(in crate::client) async fn exchange(
    transport: &dyn Transport,
    mut request: http::Request<Bytes>,
    info: OperationInfo,
    limits: Limits,
) -> Result<ReceivedResponse, Error> {
    let progress = GiveUpOnDrop::of(&mut request);
    let mut reply = PartialResponse::default();
    // The reply lives outside of the timed future: what had arrived when time ran out counts.
    let receiving = receive(transport, request, info.largest, limits.stall, &mut reply);
    let ended = match tokio::time::timeout(limits.attempt, receiving).await {
        Ok(ended) => ended,
        Err(_) => Err(Interruption::Timeout),
    };
    judge(info, reply, ended, &progress.0)
}

/// Sends a request once and gives back an answer that is arriving, where it is a success or a
/// redirect.
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
    let reading = read(answer, info.largest, limits.stall, &mut reply);
    let ended = match tokio::time::timeout(limits.attempt, reading).await {
        Ok(ended) => ended,
        Err(_) => Err(Interruption::Timeout),
    };
    // An error status is an error, whatever became of its body.
    let error = judge(info, reply, ended, &progress.0).err();
    Err(error.unwrap_or_else(|| Error::new(info.operation, info.effect, ErrorKind::Decode)))
}

/// Once nobody waits for a request any more, nothing of it may leave.
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
    largest: usize,
    stall: Duration,
    reply: &mut PartialResponse,
) -> Result<(), Interruption> {
    let answer = transport
        .send(request)
        .await
        .map_err(Interruption::Transport)?;
    read(answer, largest, stall, reply).await
}

async fn read(
    answer: http::Response<Body>,
    largest: usize,
    stall: Duration,
    reply: &mut PartialResponse,
) -> Result<(), Interruption> {
    let (head, body) = answer.into_parts();
    let redirect = head.status.is_redirection();
    let largest = if head.status.is_success() {
        largest
    } else {
        LARGEST_ERROR
    };
    reply.head = Some((head.status, head.headers));
    if redirect {
        return Ok(());
    }
    let mut body = pin!(body);
    loop {
        // Mostly it is there already, and no timer has to be made.
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
        let room = largest.saturating_sub(reply.body.len());
        let fits = data.get(..data.len().min(room)).unwrap_or_default();
        reply.body.extend_from_slice(fits);
        if data.len() > room {
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
    if status.is_redirection() {
        let what = "the answer is a redirect, which is not followed; check the base URL";
        return Err(error(ErrorKind::Redirect)
            .with_outcome(Outcome::Unknown { sid: None })
            .with_message(format!("status {}: {what}", status.as_u16())));
    }
    if !status.is_success() {
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
                    "time ran out while reading the answer",
                    None,
                ),
                Interruption::Stalled => (
                    ErrorKind::Timeout(Phase::Body),
                    "the answer stopped arriving",
                    None,
                ),
                Interruption::TooLarge => (ErrorKind::Decode, "the answer is over", None),
                Interruption::Transport(e) if e.is_timeout() => (
                    ErrorKind::Timeout(Phase::Body),
                    "time ran out while reading the answer",
                    Some(e),
                ),
                Interruption::Transport(e) => (
                    ErrorKind::ConnectionLost,
                    "the connection broke while reading the answer",
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

/// No status arrived: everything hangs on whether the request can have left.
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
            .with_message("time ran out while waiting for the answer")
            .with_source(Some(e)),
        Interruption::Transport(e) => error(ErrorKind::ConnectionLost)
            .with_outcome(unknown)
            .with_message("the connection broke before the answer came")
            .with_source(Some(e)),
        Interruption::Timeout | Interruption::Stalled | Interruption::TooLarge
            if progress.give_up() =>
        {
            error(ErrorKind::Timeout(Phase::Connect)).with_message("time ran out while connecting")
        }
        Interruption::Timeout | Interruption::Stalled | Interruption::TooLarge => {
            error(ErrorKind::Timeout(Phase::Answer))
                .with_outcome(unknown)
                .with_message("time ran out while waiting for the answer")
        }
    }
}

/// The attempt was not begun: too little of the operation timeout was left.
pub(in crate::client) fn out_of_time(info: OperationInfo) -> Error {
    let kind = ErrorKind::Timeout(Phase::Queue);
    Error::new(info.operation, info.effect, kind).with_message(
        "the operation timeout left too little time for an answer; send fewer requests at once or \
         raise `ClientBuilder::operation_timeout`",
    )
}

fn after_status(status: StatusCode) -> Outcome {
    if is_refusal(status) {
        Outcome::Rejected
    } else {
        Outcome::Unknown { sid: None }
    }
}

/// A successful answer that cannot be read: it was done, and the SID may still be found.
pub(in crate::client) fn unreadable(
    info: OperationInfo,
    status: StatusCode,
    body: &[u8],
    cause: &serde_json::Error,
) -> Error {
    // The cause itself quotes the answer, so only its place is kept.
    let what = match cause.classify() {
        serde_json::error::Category::Eof => "the answer ends in the middle",
        serde_json::error::Category::Data => "the answer is not what was asked for",
        _ => "the answer is not JSON",
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

/// Finds `"sid": "SM..."` in what may be half of an answer, or no JSON at all.
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
