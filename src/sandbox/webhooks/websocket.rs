//! Opens a WebSocket to the application: checks its URL, and signs, logs and sends the handshake.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Instant;

use reqwest::Url;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::client_async_with_config;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use super::client::CONNECT_TIMEOUT;
use super::exchange::host_header;
use super::socket::WebSocket;
use super::url::{destination, path_and_query, without_credentials};
use crate::sandbox::context::Context;
use crate::sandbox::faults::Fault;
use crate::sandbox::state::{AlertCause, FaultId, SentWebhook, WebhookKind};
use crate::types::{Method, Redacted};
use crate::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};

/// Limit for a message of the application, in bytes.
const MESSAGE_LIMIT: usize = crate::webhook::websocket::stream::StreamCommand::MAX_BYTES;
const BUFFER: usize = 16 * 1024;

/// Parses the URL of a WebSocket. A relative one is resolved against the document's own.
pub(crate) fn parse_websocket_url(text: &str, base: Option<&Url>) -> Result<Url, AlertCause> {
    const MALFORMED: AlertCause =
        AlertCause::new(31923, "the URL of the WebSocket is missing or malformed");
    const SCHEME: AlertCause = AlertCause::new(31922, "the URL of a WebSocket must begin with wss");
    let url = match (Url::parse(text.trim()), base) {
        (Ok(url), _) => url,
        (Err(_), Some(base)) if !text.trim().is_empty() => {
            let mut url = base.join(text.trim()).map_err(|_| MALFORMED)?;
            let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
            url.set_scheme(scheme).map_err(|()| MALFORMED)?;
            url
        }
        (Err(_), _) => return Err(MALFORMED),
    };
    if !matches!(url.scheme(), "ws" | "wss") {
        return Err(SCHEME);
    }
    match url.host_str() {
        Some(host) if !host.contains('_') => Ok(url),
        _ => Err(MALFORMED),
    }
}

/// Opens the WebSocket of a call, with the fault that the test has added for it.
pub(crate) async fn open_websocket(
    context: &Context,
    sid: &str,
    url: &Url,
) -> Result<WebSocket, AlertCause> {
    let fault = context.webhook_fault(WebhookKind::WebSocket);
    let (id, fault) = fault.unzip();
    match fault {
        Some(Fault::LoseWebhook) => {
            let message = "a fault that the test added lost the handshake of the WebSocket";
            return Err(AlertCause::new(31901, message));
        }
        // The second one is used, as after a connection that was lost.
        Some(Fault::DoubleWebhook) => drop(open(context, sid, url, (id, false)).await),
        _ => {}
    }
    let is_forged = fault == Some(Fault::ForgeSignature);
    open(context, sid, url, (id, is_forged)).await
}

/// Closes a WebSocket, or answers the close of the application.
pub(crate) async fn close_websocket(
    context: &Context,
    mut socket: WebSocket,
    code: u16,
    reason: &'static str,
) {
    socket.send_close(code, reason).await;
    // The sandbox is idle while the application closes its side.
    context.spawn(|activity| async move {
        drop(activity);
        socket.drain().await;
    });
}

async fn open(
    context: &Context,
    sid: &str,
    url: &Url,
    (fault, is_forged): (Option<FaultId>, bool),
) -> Result<WebSocket, AlertCause> {
    let address = server(context, url).await?;
    let signature = sign(context, url, is_forged)?;
    let request = handshake(url, &signature)?;
    let started = Instant::now();
    let serial = log(context, sid, url, signature, (fault, is_forged));
    let opened = connect(&address, request).await;
    let status = match &opened {
        Ok(_) => Some(101),
        Err((_, status)) => *status,
    };
    context.update(|state| {
        if let Some(sent) = state.webhook_mut(serial) {
            sent.duration = Some(started.elapsed());
            sent.status = status;
        }
    });
    opened.map_err(|(cause, _)| cause)
}

/// Returns the addresses of the server: those of this machine, or that of a permitted host.
async fn server(context: &Context, url: &Url) -> Result<Vec<SocketAddr>, AlertCause> {
    const UNREACHABLE: AlertCause =
        AlertCause::new(31904, "the host of the WebSocket has no address");
    let target = destination(context, &as_http(url)).await?;
    if target.scheme() == "https" {
        return Err(AlertCause::new(
            31910,
            "the sandbox has no TLS; map the origin with `Sandbox::map_origin`, or use ws for a \
             server on this machine",
        ));
    }
    let host = target.host_str().ok_or(UNREACHABLE)?;
    let port = target.port_or_known_default().ok_or(UNREACHABLE)?;
    Ok(match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(address) => vec![SocketAddr::from((address, port))],
        // Only a loopback name is left, which a DNS server could send elsewhere.
        Err(_) => vec![
            SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            SocketAddr::from((Ipv6Addr::LOCALHOST, port)),
        ],
    })
}

/// Returns the URL with the scheme of HTTP that belongs to it.
fn as_http(url: &Url) -> Url {
    let mut http = url.clone();
    let scheme = if url.scheme() == "wss" {
        "https"
    } else {
        "http"
    };
    // These schemes may replace each other.
    let _ = http.set_scheme(scheme);
    http
}

fn sign(context: &Context, url: &Url, is_forged: bool) -> Result<String, AlertCause> {
    let cause = AlertCause::new(31923, "the URL of the WebSocket cannot be signed");
    let origin = as_http(url).origin().ascii_serialization();
    let origin = PublicOrigin::parse(&origin).map_err(|_| cause)?;
    let request = http::Request::get(path_and_query(url)).body([]);
    let request = request.map_err(|_| cause)?;
    let token = if is_forged {
        context.ids.auth_token()
    } else {
        context.auth_token().clone()
    };
    Ok(Validator::new(token, origin).sign_websocket(&request))
}

/// Creates the handshake. Twilio offers no sub-protocol and no extension.
fn handshake(url: &Url, signature: &str) -> Result<http::Request<()>, AlertCause> {
    http::Request::get(without_credentials(url).as_str())
        .header("Host", host_header(url))
        .header("User-Agent", "Twilio.TmeWs/1.0")
        .header("Connection", "Upgrade")
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Key", generate_key())
        .header("Sec-WebSocket-Version", "13")
        .header("Accept-Encoding", "gzip")
        .header(SIGNATURE_HEADER, signature)
        .body(())
        .map_err(|_| AlertCause::new(31923, "the URL of the WebSocket is malformed"))
}

fn log(
    context: &Context,
    sid: &str,
    url: &Url,
    signature: String,
    (fault, is_forged): (Option<FaultId>, bool),
) -> u64 {
    let sent = SentWebhook {
        kind: WebhookKind::WebSocket,
        sid: sid.to_owned(),
        method: Method::Get,
        url: Redacted::new(without_credentials(url).into()),
        parameters: Redacted::default(),
        signature: Redacted::new(signature),
        attempt: 1,
        redirects: 0,
        sent_at: context.now(),
        duration: None,
        status: None,
        response_type: None,
        response_body: Redacted::default(),
        fault,
        is_forged,
        group: Context::cause(),
        id: 0,
    };
    context.update(|state| {
        let group = sent.group.or_else(|| state.group_of(&sent.sid));
        state.log_webhook(SentWebhook { group, ..sent })
    })
}

/// Connects, and performs the handshake. The error also has the HTTP status of the response.
async fn connect(
    addresses: &[SocketAddr],
    request: http::Request<()>,
) -> Result<WebSocket, (AlertCause, Option<u16>)> {
    const LATE: AlertCause =
        AlertCause::new(31901, "the WebSocket was not opened within 5 seconds");
    let connected = timeout(CONNECT_TIMEOUT, TcpStream::connect(addresses)).await;
    let connected = connected.map_err(|_| (LATE, None))?;
    let connection = connected.map_err(|error| (refused(&error), None))?;
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_message_size(Some(MESSAGE_LIMIT))
        .max_frame_size(Some(MESSAGE_LIMIT));
    let opening = client_async_with_config(request, connection, Some(config));
    match timeout(CONNECT_TIMEOUT, opening).await {
        Ok(Ok((stream, _))) => Ok(WebSocket::new(stream)),
        Ok(Err(Error::Http(response))) => {
            let message = "the handshake of the WebSocket was not answered with 101";
            let cause = AlertCause::new(31920, message);
            Err((cause, Some(response.status().as_u16())))
        }
        Ok(Err(_)) => {
            let message = "the server did not complete the handshake of the WebSocket";
            Err((AlertCause::new(31920, message), None))
        }
        Err(_) => Err((LATE, None)),
    }
}

fn refused(error: &std::io::Error) -> AlertCause {
    match error.kind() {
        std::io::ErrorKind::ConnectionRefused => {
            AlertCause::new(31902, "the server refused the connection of the WebSocket")
        }
        std::io::ErrorKind::TimedOut => {
            AlertCause::new(31901, "the connection of the WebSocket timed out")
        }
        _ => AlertCause::new(31904, "the server of the WebSocket cannot be reached"),
    }
}
