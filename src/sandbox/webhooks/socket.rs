//! An open WebSocket to the application.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use futures_core::Stream as _;
use futures_sink::Sink as _;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};

/// Real time in which the application must read what is sent to it, or answer a close.
const NETWORK_TIMEOUT: Duration = Duration::from_secs(5);

/// Bytes of the application's messages that are kept while a message is sent to it. Beyond them the
/// sandbox reads no more until its own message was sent.
const RECEIVED_LIMIT: usize = 4 * crate::webhook::websocket::stream::StreamCommand::MAX_BYTES;
/// Bytes that a kept frame is counted for beside its text.
const FRAME_COST: usize = 64;

/// Event of a WebSocket.
pub(crate) enum Frame {
    Text(String),
    Binary,
    Closed(Closed),
}

impl Frame {
    const fn cost(&self) -> usize {
        match self {
            Self::Text(text) => FRAME_COST + text.len(),
            Self::Binary | Self::Closed(_) => FRAME_COST,
        }
    }
}

/// End of a WebSocket that the sandbox did not close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closed {
    /// The application closed it, without an error code.
    Normal,
    /// The application closed it with an error code.
    WithError,
    /// The connection broke without a close.
    Broken,
    /// The application violated the protocol.
    Violation,
    /// A message exceeded the limit.
    TooLong,
}

/// An open WebSocket to the application.
pub(crate) struct WebSocket {
    stream: WebSocketStream<TcpStream>,
    /// Frames that arrived while a message was sent.
    received: VecDeque<Frame>,
    /// Cost of `received`.
    received_bytes: usize,
    state: SendState,
}

/// Whether messages can still be sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SendState {
    Open,
    /// A message could not be sent, or the application has closed.
    Ended,
    /// The application did not read a message in time.
    Stuck,
}

impl WebSocket {
    pub(super) const fn new(stream: WebSocketStream<TcpStream>) -> Self {
        Self {
            stream,
            received: VecDeque::new(),
            received_bytes: 0,
            state: SendState::Open,
        }
    }

    /// Waits for the next frame. Pings are answered.
    pub(crate) async fn next(&mut self) -> Frame {
        if let Some(frame) = self.received.pop_front() {
            self.received_bytes = self.received_bytes.saturating_sub(frame.cost());
            return frame;
        }
        poll_fn(|cx| self.poll_frame(cx)).await
    }

    fn poll_frame(&mut self, cx: &mut TaskContext<'_>) -> Poll<Frame> {
        loop {
            let frame = match ready!(Pin::new(&mut self.stream).poll_next(cx)) {
                Some(Ok(Message::Text(text))) => Frame::Text(text.as_str().to_owned()),
                Some(Ok(Message::Binary(_))) => Frame::Binary,
                Some(Ok(Message::Close(frame))) => Frame::Closed(closed_by(frame.as_ref())),
                Some(Ok(_)) => continue,
                Some(Err(error)) => Frame::Closed(closed_after(&error)),
                None => Frame::Closed(Closed::Broken),
            };
            return Poll::Ready(frame);
        }
    }

    /// Sends a message. A failure ends the WebSocket, which [`next`](Self::next) then returns. After
    /// it nothing more is sent, so that a stuck application costs one timeout and not one a message.
    pub(crate) async fn send(&mut self, text: String) {
        self.send_message(Message::text(text)).await;
    }

    /// Reports whether messages are still sent.
    pub(crate) fn is_open(&self) -> bool {
        self.state == SendState::Open
    }

    async fn send_message(&mut self, message: Message) {
        if self.state != SendState::Open {
            return;
        }
        let mut message = Some(message);
        let sent = poll_fn(|cx| {
            loop {
                match self.poll_send(cx, &mut message) {
                    Poll::Ready(result) => return Poll::Ready(result.is_ok()),
                    Poll::Pending if self.received_bytes > RECEIVED_LIMIT => return Poll::Pending,
                    // Both sides would wait forever if neither read while it writes.
                    Poll::Pending => {
                        let frame = ready!(self.poll_frame(cx));
                        let has_ended = matches!(frame, Frame::Closed(_));
                        self.keep(frame);
                        if has_ended {
                            return Poll::Ready(false);
                        }
                    }
                }
            }
        });
        match timeout(NETWORK_TIMEOUT, sent).await {
            Ok(true) => {}
            Ok(false) => self.state = SendState::Ended,
            Err(_) => {
                self.state = SendState::Stuck;
                self.keep(Frame::Closed(Closed::Broken));
            }
        }
    }

    fn keep(&mut self, frame: Frame) {
        self.received_bytes += frame.cost();
        self.received.push_back(frame);
    }

    fn poll_send(
        &mut self,
        cx: &mut TaskContext<'_>,
        message: &mut Option<Message>,
    ) -> Poll<Result<(), Error>> {
        let mut stream = Pin::new(&mut self.stream);
        if message.is_some() {
            ready!(stream.as_mut().poll_ready(cx))?;
        }
        if let Some(message) = message.take() {
            stream.as_mut().start_send(message)?;
        }
        stream.poll_flush(cx)
    }

    /// Sends a close. The application then closes its side.
    pub(super) async fn send_close(&mut self, code: u16, reason: &'static str) {
        let frame = CloseFrame {
            code: CloseCode::from(code),
            reason: reason.into(),
        };
        self.send_message(Message::Close(Some(frame))).await;
    }

    /// Reads until the application has closed its side. Without this, the system resets the
    /// connection, and the application may lose messages.
    pub(super) async fn drain(mut self) {
        if self.state == SendState::Stuck {
            return;
        }
        self.received.clear();
        let drained = async { while !matches!(self.next().await, Frame::Closed(_)) {} };
        let _ = timeout(NETWORK_TIMEOUT, drained).await;
    }
}

/// Reads the code with which the application closed the WebSocket. Without a code, no error is
/// meant.
fn closed_by(frame: Option<&CloseFrame>) -> Closed {
    match frame.map(|frame| frame.code) {
        None | Some(CloseCode::Normal | CloseCode::Away | CloseCode::Status) => Closed::Normal,
        Some(_) => Closed::WithError,
    }
}

const fn closed_after(error: &Error) -> Closed {
    match error {
        Error::Capacity(_) => Closed::TooLong,
        Error::Protocol(
            tokio_tungstenite::tungstenite::error::ProtocolError::ResetWithoutClosingHandshake,
        ) => Closed::Broken,
        Error::Protocol(_) | Error::Utf8(_) => Closed::Violation,
        _ => Closed::Broken,
    }
}
