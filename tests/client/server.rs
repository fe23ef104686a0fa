//! A scripted server, controlled byte by byte.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// One step on a connection.
#[derive(Clone)]
pub(crate) enum Act {
    /// Accept the TLS handshake.
    Tls(TlsAcceptor),
    /// Read a whole request and record it.
    Read,
    /// Read up to the end of the head, and record nothing.
    ReadHead,
    /// Read some bytes, such as the start of a TLS handshake.
    ReadSome,
    Write(Vec<u8>),
    /// Write one byte at a time, 5 ms apart.
    Drip(Vec<u8>),
    /// Write the same bytes repeatedly, until the client closes the connection.
    Flood(Vec<u8>),
    /// Close with a reset.
    Reset,
    /// Wait until the client closes the connection.
    Stall,
    /// Respond to all further requests with these bytes.
    Serve(Vec<u8>),
}

/// Steps of a server on one connection.
pub(crate) type Script = Vec<Act>;

pub(crate) struct Server {
    address: SocketAddr,
    seen: Arc<Seen>,
    accepting: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct Seen {
    requests: Mutex<Vec<String>>,
    post_heads: AtomicUsize,
    connections: AtomicUsize,
    open: AtomicUsize,
    most_open: AtomicUsize,
    flooded: AtomicUsize,
}

impl Server {
    /// Starts a server with a script for each connection in turn. Further connections are counted
    /// and closed.
    pub(crate) async fn start<const N: usize>(scripts: [Script; N]) -> Self {
        Self::then(Vec::from(scripts), Vec::new()).await
    }

    /// Starts a server with a script for each connection in turn, and one for all further ones.
    pub(crate) async fn then(scripts: Vec<Script>, rest: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen: Arc<Seen> = Arc::default();
        let log = Arc::clone(&seen);
        let accepting = tokio::spawn(async move {
            let mut scripts = scripts.into_iter();
            while let Ok((stream, _)) = listener.accept().await {
                log.connections.fetch_add(1, Ordering::SeqCst);
                let open = log.open.fetch_add(1, Ordering::SeqCst) + 1;
                log.most_open.fetch_max(open, Ordering::SeqCst);
                let script = scripts.next().unwrap_or_else(|| rest.clone());
                let log = Arc::clone(&log);
                tokio::spawn(async move {
                    play(Box::new(stream), script, &log).await;
                    log.open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self {
            address,
            seen,
            accepting,
        }
    }

    /// Starts a server that responds to one request with these bytes, then closes.
    pub(crate) async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        Self::start([vec![Act::Read, Act::Write(answer.into())]]).await
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn https_url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Returns the requests that arrived completely.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.seen.requests.lock().unwrap().clone()
    }

    /// Returns the number of POSTs that arrived completely.
    pub(crate) fn posts(&self) -> usize {
        self.requests()
            .iter()
            .filter(|r| r.starts_with("POST "))
            .count()
    }

    /// Returns the number of POSTs that arrived at least in part.
    pub(crate) fn post_heads(&self) -> usize {
        self.seen.post_heads.load(Ordering::SeqCst)
    }

    pub(crate) fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    /// Returns the number of open connections.
    pub(crate) fn open(&self) -> usize {
        self.seen.open.load(Ordering::SeqCst)
    }

    /// Returns the highest number of connections open at once.
    pub(crate) fn most_open(&self) -> usize {
        self.seen.most_open.load(Ordering::SeqCst)
    }

    /// Returns the number of bytes that a flood could write.
    pub(crate) fn flooded(&self) -> usize {
        self.seen.flooded.load(Ordering::SeqCst)
    }

    /// Stops listening. Further connections are refused.
    pub(crate) async fn stop(self) {
        self.accepting.abort();
        let _ = self.accepting.await;
    }
}

trait Wire: AsyncRead + AsyncWrite + Unpin + Send {
    fn socket(&self) -> &TcpStream;

    fn into_socket(self: Box<Self>) -> TcpStream;
}

impl Wire for TcpStream {
    fn socket(&self) -> &TcpStream {
        self
    }

    fn into_socket(self: Box<Self>) -> TcpStream {
        *self
    }
}

impl Wire for TlsStream<TcpStream> {
    fn socket(&self) -> &TcpStream {
        self.get_ref().0
    }

    fn into_socket(self: Box<Self>) -> TcpStream {
        self.into_inner().0
    }
}

type Stream = BufReader<Box<dyn Wire>>;

async fn play(wire: Box<dyn Wire>, script: Script, seen: &Seen) {
    let mut stream: Stream = BufReader::new(wire);
    for act in script {
        match act {
            Act::Tls(acceptor) => match acceptor.accept(stream.into_inner().into_socket()).await {
                Ok(tls) => stream = BufReader::new(Box::new(tls)),
                Err(_) => return,
            },
            Act::Read => match read_request(&mut stream, true, seen).await {
                Some(request) => seen.requests.lock().unwrap().push(request),
                None => return,
            },
            Act::ReadHead => {
                read_request(&mut stream, false, seen).await;
            }
            Act::ReadSome => {
                let _ = stream.read(&mut [0; 1024]).await;
            }
            Act::Write(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.flush().await;
            }
            Act::Drip(bytes) => {
                for byte in bytes {
                    if stream.write_all(&[byte]).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            }
            Act::Flood(bytes) => {
                while stream.write_all(&bytes).await.is_ok() {
                    seen.flooded.fetch_add(bytes.len(), Ordering::SeqCst);
                }
            }
            Act::Reset => {
                let _ = stream.get_ref().socket().set_zero_linger();
                return;
            }
            Act::Stall => while stream.read(&mut [0; 1024]).await.is_ok_and(|n| n > 0) {},
            Act::Serve(answer) => {
                while let Some(request) = read_request(&mut stream, true, seen).await {
                    seen.requests.lock().unwrap().push(request);
                    if stream.write_all(&answer).await.is_err() || stream.flush().await.is_err() {
                        return;
                    }
                }
            }
        }
    }
    // Reads the rest first: a socket closed with unread bytes is reset, and the response lost.
    let _ = stream.shutdown().await;
    while stream.read(&mut [0; 1024]).await.is_ok_and(|n| n > 0) {}
}

async fn read_request(stream: &mut Stream, whole: bool, seen: &Seen) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let mut byte = [0];
        if stream.read(&mut byte).await.ok()? == 0 {
            return None;
        }
        bytes.push(byte[0]);
        if bytes == b"POST " {
            seen.post_heads.fetch_add(1, Ordering::SeqCst);
        }
        if bytes.ends_with(b"\r\n\r\n") {
            break;
        }
    }
    let head = String::from_utf8(bytes.clone())
        .unwrap()
        .to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |n| n.trim().parse().unwrap());
    if whole {
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.ok()?;
        bytes.extend(body);
    }
    Some(String::from_utf8(bytes).unwrap())
}

/// Returns an HTTP response with a correct `Content-Length`.
pub(crate) fn answer(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes = format!(
        "HTTP/1.1 {status} Scripted\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}
