//! A server that does exactly what a test says, byte by byte.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One step on a connection.
#[derive(Clone)]
pub(crate) enum Act {
    /// Read a whole request and note it.
    Read,
    /// Read up to the end of the head, and note nothing.
    ReadHead,
    /// Read something, such as the start of a TLS handshake.
    ReadSome,
    Write(Vec<u8>),
    /// Write one byte at a time, 5 ms apart.
    Drip(Vec<u8>),
    /// Close with a reset.
    Reset,
    /// Wait until the client goes away.
    Stall,
}

pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
    accepting: tokio::task::JoinHandle<()>,
}

impl Server {
    /// A script for each connection in turn; connections beyond it are counted and closed.
    pub(crate) async fn start<const N: usize>(scripts: [Vec<Act>; N]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let (log, count) = (Arc::clone(&requests), Arc::clone(&connections));
        let accepting = tokio::spawn(async move {
            let mut scripts = scripts.into_iter();
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let script = scripts.next().unwrap_or_default();
                tokio::spawn(play(stream, script, Arc::clone(&log)));
            }
        });
        Self {
            address,
            requests,
            connections,
            accepting,
        }
    }

    /// Answers one request with these bytes, then closes.
    pub(crate) async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        Self::start([vec![Act::Read, Act::Write(answer.into())]]).await
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn https_url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// The whole requests that arrived.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// How many POSTs arrived whole.
    pub(crate) fn posts(&self) -> usize {
        self.requests()
            .iter()
            .filter(|r| r.starts_with("POST "))
            .count()
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Stops listening: from now on connections are refused.
    pub(crate) async fn stop(self) {
        self.accepting.abort();
        let _ = self.accepting.await;
    }
}

async fn play(mut stream: TcpStream, script: Vec<Act>, log: Arc<Mutex<Vec<String>>>) {
    for act in script {
        match act {
            Act::Read => match read_request(&mut stream, true).await {
                Some(request) => log.lock().unwrap().push(request),
                None => return,
            },
            Act::ReadHead => {
                read_request(&mut stream, false).await;
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
            Act::Reset => {
                let _ = stream.set_zero_linger();
                return;
            }
            Act::Stall => while stream.read(&mut [0; 1024]).await.is_ok_and(|n| n > 0) {},
        }
    }
    // A polite close: a socket with unread bytes would be reset, and the answer lost.
    let _ = stream.shutdown().await;
    while stream.read(&mut [0; 1024]).await.is_ok_and(|n| n > 0) {}
}

async fn read_request(stream: &mut TcpStream, whole: bool) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let mut byte = [0];
        if stream.read(&mut byte).await.ok()? == 0 {
            return None;
        }
        bytes.push(byte[0]);
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

/// An HTTP answer with a right `Content-Length`.
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
