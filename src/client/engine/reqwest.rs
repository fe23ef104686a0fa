//! The default transport: reqwest with rustls.

use std::error::Error as _;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;

use super::transport::{Body, Phase, Progress, Transport, TransportError};
use crate::types::BoxFuture;

/// Time limit for DNS lookup, connecting and TLS handshake together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Time after which an idle connection is closed. A message written to a connection that the other
/// side is closing has an unknown outcome. Load balancers close idle connections after about a
/// minute; this limit is shorter.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// Default transport: HTTP/1.1 over rustls with the system's certificate roots. All clones of a
/// client share one pool of connections.
///
/// The client's guarantees depend on these settings. They are fixed, and override those of a
/// builder:
///
/// | Setting | Fixed to | Harm of another value |
/// |---|---|---|
/// | `redirect` | none | the credentials would be sent elsewhere |
/// | `retry` | never | a message could be sent twice |
/// | `connection_verbose` | off | numbers, message bodies and credentials would be logged |
/// | `tls_sslkeylogfile` | off | the keys of every connection would be written to a file |
/// | `tls_danger_accept_invalid_certs`, `tls_danger_accept_invalid_hostnames` | off | anyone on the network path could read the credentials |
/// | `referer` | off | URLs, which contain phone numbers, would be sent along |
/// | gzip, brotli, zstd, deflate | off | a small response could fill the memory |
/// | leniency with malformed headers and HTTP/0.9 | off | a response could be read as that of another request |
/// | HTTP version | 1.1 | none (HTTP/2 brought no benefit on loopback) |
/// | `connect_timeout` | 5 seconds | |
/// | `pool_idle_timeout` | 20 seconds | a message could be written to a connection that is being closed |
///
/// The transport cannot override these settings of a builder. Check them yourself:
///
/// - `default_headers` are sent to every host, including Twilio's file storage. Put no secret in
///   them, and no `Accept-Encoding`, because a compressed response cannot be read.
/// - `cookie_store`, `cookie_provider`: leave them off, because the client needs no cookies.
/// - `connector_layer`, `dns_resolver`, `tls_backend_preconfigured`, `proxy`, `unix_socket`: your
///   code or your hosts carry the requests. They must neither log them nor send them twice.
/// - `timeout`, `read_timeout`: they end an attempt earlier than the client would. A create that
///   they end has an unknown outcome.
///
/// A finished [`reqwest::Client`] is not accepted, because its settings for redirects and retries
/// cannot be read. Pass the builder instead.
///
/// ```
/// use std::time::Duration;
/// use clinspark_twilio::client::{Client, Credentials, Delivery, ReqwestTransport};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
///
/// let builder = reqwest::Client::builder()
///     .proxy(reqwest::Proxy::https("http://proxy.clinic.example:3128")?)
///     .tcp_keepalive(Duration::from_secs(15));
/// let client = Client::builder(credentials, Delivery::Live)
///     .with_transport(ReqwestTransport::from_builder(builder)?)
///     .build()?;
/// assert_eq!(client.account_sid(), account);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ReqwestTransport {
    client: reqwest::Client,
}

impl ReqwestTransport {
    /// Creates a transport that connects to Twilio directly. Proxies from the environment, such as
    /// `HTTPS_PROXY`, are **not** used. For them, see
    /// [`ClientBuilder::proxies_from_env`](crate::client::ClientBuilder::proxies_from_env); for other
    /// proxies, see [`from_builder`](Self::from_builder).
    ///
    /// # Errors
    ///
    /// reqwest's error if TLS cannot be set up, such as on a machine without certificate roots.
    pub fn new() -> Result<Self, reqwest::Error> {
        Self::from_builder(reqwest::Client::builder().no_proxy())
    }

    /// Creates a transport from your own builder, such as for proxies, certificates, DNS resolvers
    /// or pool size.
    ///
    /// Settings that the builder does not set have reqwest's defaults. Proxies from the environment
    /// are therefore used, unless you call `no_proxy()`. `HTTP_PROXY` then carries requests to a
    /// plain `http` base URL, and reads their credentials.
    ///
    /// [`ReqwestTransport`] shows an example.
    ///
    /// # Errors
    ///
    /// reqwest's error if settings of the builder conflict, or if TLS cannot be set up.
    pub fn from_builder(builder: reqwest::ClientBuilder) -> Result<Self, reqwest::Error> {
        let client = builder
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connection_verbose(false)
            .tls_sslkeylogfile(false)
            .tls_danger_accept_invalid_certs(false)
            .tls_danger_accept_invalid_hostnames(false)
            .http1_allow_obsolete_multiline_headers_in_responses(false)
            .http1_allow_spaces_after_header_name_in_responses(false)
            .http1_ignore_invalid_headers_in_responses(false)
            .referer(false)
            .http1_only()
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .build()?;
        Ok(Self { client })
    }
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // reqwest's own `Debug` shows the headers that a builder adds to every request.
        f.debug_struct("ReqwestTransport").finish_non_exhaustive()
    }
}

impl Transport for ReqwestTransport {
    fn send(
        &self,
        mut request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let progress = request.extensions_mut().remove().unwrap_or_default();
        Box::pin(self.carry(request, progress))
    }
}

impl ReqwestTransport {
    async fn carry(
        &self,
        request: http::Request<Bytes>,
        progress: Progress,
    ) -> Result<http::Response<Body>, TransportError> {
        let request = request.map(|bytes| watched(bytes, &progress));
        let request = reqwest::Request::try_from(request)
            .map_err(|error| TransportError::not_sent(error.without_url()))?;
        let answer = self.client.execute(request).await;
        let answer = answer.map_err(|error| explain(error, &progress))?;
        // A builder can allow HTTP/0.9, and no setting forbids it again. Any text would then count
        // as a success.
        if answer.version() == http::Version::HTTP_09 {
            return Err(TransportError::possibly_sent(
                Phase::Answer,
                "HTTP/0.9 answer",
            ));
        }
        Ok(http::Response::from(answer).map(|body| Body::new(body.map_err(explain_body))))
    }
}

fn explain(error: reqwest::Error, progress: &Progress) -> TransportError {
    let timeout = error.is_timeout();
    // Recipient and text are in the body. While the connection has not read the body, Twilio cannot
    // have carried out the request.
    let not_sent = error.is_connect() || error.is_builder() || progress.give_up();
    let permanent = error.is_builder() || (error.is_connect() && is_tls(&error));
    // The URL of a list request contains phone numbers.
    let error = error.without_url();
    let error = if not_sent {
        TransportError::not_sent(error)
    } else {
        TransportError::possibly_sent(Phase::Answer, error)
    };
    let error = if permanent { error.permanent() } else { error };
    if timeout { error.timed_out() } else { error }
}

/// Returns `true` if TLS failed for a reason that a retry does not change, such as a certificate.
/// rustls reports it as invalid data. An interrupted handshake is an ordinary broken connection.
fn is_tls(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.downcast_ref().is_some_and(is_bad_data) {
            return true;
        }
        cause = error.source();
    }
    false
}

fn is_bad_data(error: &io::Error) -> bool {
    // An I/O error inside of another is not its `source`.
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    error.kind() == io::ErrorKind::InvalidData || inner.is_some_and(is_bad_data)
}

fn explain_body(error: reqwest::Error) -> TransportError {
    let timeout = error.is_timeout();
    let error = TransportError::possibly_sent(Phase::Body, error.without_url());
    if timeout { error.timed_out() } else { error }
}

fn watched(bytes: Bytes, progress: &Progress) -> reqwest::Body {
    // An empty body is never polled, so it cannot show whether the request was written.
    if bytes.is_empty() {
        return reqwest::Body::from(bytes);
    }
    progress.arm();
    reqwest::Body::wrap(Watched {
        bytes: Some(bytes),
        progress: progress.clone(),
    })
}

/// A request body that records when the connection reads it. It cannot be cloned, so that no layer
/// below can send it twice.
struct Watched {
    bytes: Option<Bytes>,
    progress: Progress,
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = GivenUp;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.progress.begin_body() {
            Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
        } else {
            Poll::Ready(Some(Err(GivenUp)))
        }
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

/// The client gave up on the request before the body was written.
#[derive(Debug, thiserror::Error)]
#[error("the request was given up before it was sent")]
struct GivenUp;
