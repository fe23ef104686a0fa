//! Connections that a fault of the test can reset or close in the middle of a response.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

const OPEN: u8 = 0;
/// The next write resets the connection.
const RESET: u8 = 1;
/// The next write is cut in the middle of the response.
const CUT: u8 = 2;

/// Handle of a connection for the requests on it.
#[derive(Clone)]
pub(super) struct Connection(Arc<AtomicU8>);

impl Connection {
    /// Resets the connection in place of the next response.
    pub(super) fn reset(&self) {
        self.0.store(RESET, Ordering::SeqCst);
    }

    /// Closes the connection in the middle of the body of the next response.
    pub(super) fn cut_response(&self) {
        self.0.store(CUT, Ordering::SeqCst);
    }
}

impl Connected<IncomingStream<'_, CuttableListener>> for Connection {
    fn connect_info(stream: IncomingStream<'_, CuttableListener>) -> Self {
        stream.io().connection.clone()
    }
}

/// Listener of connections that can be cut.
pub(super) struct CuttableListener(pub(super) TcpListener);

impl Listener for CuttableListener {
    type Io = CuttableStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        let stream = CuttableStream {
            stream,
            connection: Connection(Arc::new(AtomicU8::new(OPEN))),
            left: None,
        };
        (stream, address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

/// Stream of a connection.
pub(super) struct CuttableStream {
    stream: TcpStream,
    connection: Connection,
    /// Number of bytes that are still written before the connection closes.
    left: Option<usize>,
}

impl AsyncRead for CuttableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for CuttableStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.connection.0.load(Ordering::SeqCst) {
            OPEN => return Pin::new(&mut self.stream).poll_write(context, bytes),
            RESET => {
                // Without lingering, the drop of the stream sends a reset in place of a close.
                let _ = self.stream.set_zero_linger();
                return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
            }
            _ => {}
        }
        // The server writes head and body of a short response at once.
        let left = *self.left.get_or_insert_with(|| cut_length(bytes));
        let Some(part) = bytes
            .get(..left.min(bytes.len()))
            .filter(|part| !part.is_empty())
        else {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        };
        let written = Pin::new(&mut self.stream).poll_write(context, part);
        if let Poll::Ready(Ok(length)) = written {
            self.left = Some(left - length);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Returns the number of bytes of a response until the middle of its body, or of its head if it has
/// no body.
fn cut_length(response: &[u8]) -> usize {
    let head = response.windows(4).position(|window| window == b"\r\n\r\n");
    let head = head.map_or(0, |end| end + 4);
    if head == response.len() {
        return head / 2;
    }
    head + (response.len() - head) / 2
}
