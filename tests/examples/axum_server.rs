//! The verification layer and the example server over real sockets, with and without a proxy.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::extract::ConnectInfo;
use clinspark_twilio::clinspark::Settings;
use clinspark_twilio::messenger::{Messenger, WithoutConsentGate};
use clinspark_twilio::phone::E164;
use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{
    Algorithm, ForwardedHeaders, PublicOrigin, Receiver, Refusal, SignatureErrorKind as Kind,
    TrustedProxies, Validator, WebhookLayer,
};
use http::Request;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const FORM: &str = "MessageSid=SM00000000000000000000000000000001&Body=Yes&From=%2B14155550123\
    &AccountSid=AC00000000000000000000000000000001&To=%2B14155550199";
const ANSWER: &str = "<Response><Message>See you at 9:00.</Message></Response>";

fn validator(origin: &str) -> Validator {
    Validator::new(
        AuthToken::new("12345").unwrap(),
        PublicOrigin::parse(origin).unwrap(),
    )
}

fn clinic() -> Messenger {
    let settings = Settings::builder()
        .domain("acme.example.com")
        .account_sid("AC00000000000000000000000000000001")
        .auth_token("12345")
        .number("+14155550199")
        .message_path("/twilio/sms")
        .message_status_path("/twilio/sms-status")
        .voice_path("/twilio/voice")
        .call_status_path("/twilio/voice-status")
        .delivery("off");
    settings
        .build()
        .unwrap()
        .messenger(WithoutConsentGate)
        .unwrap()
}

/// Starts the example server, and records the reason of each refusal.
async fn serve(
    validator: Validator,
    configure: impl FnOnce(WebhookLayer) -> WebhookLayer,
) -> (SocketAddr, Arc<Mutex<Vec<Kind>>>) {
    let refusals = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&refusals);
    let receiver = Receiver::new(validator, |_| async { Ok(()) })
        .number(E164::parse("+14155550199").unwrap())
        .paths(clinic().webhook_paths().clone())
        .unwrap()
        .on_refusal(move |head, refusal: &Refusal| {
            let signature = head.headers.get("x-twilio-signature");
            assert!(signature.is_none_or(http::HeaderValue::is_sensitive));
            if let Some(signature) = refusal.signature() {
                told.lock().unwrap().push(signature.kind());
            }
        });
    let layer = configure(WebhookLayer::new(receiver));
    let clinic = crate::service::Clinic::new(clinic());
    let app = crate::service::webhooks(&clinic, layer).unwrap();
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    (address, refusals)
}

/// Returns a request that Twilio signed for the public origin.
fn request(origin: &str, form: &str) -> String {
    let signed = Request::post("/twilio/sms?clinic=7")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .unwrap();
    let signature = validator(origin).sign(&signed);
    let host = origin.split("://").nth(1).unwrap();
    format!(
        "POST /twilio/sms?clinic=7 HTTP/1.1\r\nhost: {host}\r\nx-twilio-signature: {signature}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{form}",
        form.len()
    )
}

/// Sends a request. Returns status and body of the response.
async fn send(to: SocketAddr, request: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(to).await.unwrap();
    // Errors are ignored: a server that refuses a large body responds before it has read it.
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (
        head.split(' ').nth(1).unwrap().parse().unwrap(),
        body.to_owned(),
    )
}

/// Starts a proxy like one that terminates TLS. It sends plain HTTP with another `Host` to the
/// server, and adds `headers` about the original request.
async fn proxy(server: SocketAddr, headers: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut client, _) = listener.accept().await.unwrap();
            let mut server = TcpStream::connect(server).await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(client.read_u8().await.unwrap());
            }
            let head = String::from_utf8(head).unwrap();
            let kept = head
                .lines()
                .filter(|line| !line.is_empty() && !line.starts_with("host:"));
            let kept = kept.collect::<Vec<_>>().join("\r\n");
            let head = format!("{kept}\r\nhost: app.internal\r\n{headers}\r\n");
            server.write_all(head.as_bytes()).await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
        }
    });
    address
}

fn peer(extensions: &http::Extensions) -> Option<std::net::IpAddr> {
    extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip())
}

fn loopback() -> TrustedProxies {
    TrustedProxies::new(ForwardedHeaders::XForwarded).add_network("127.0.0.0/8".parse().unwrap())
}

#[tokio::test]
async fn only_signed_requests_are_answered() {
    let origin = "https://acme.example.com";
    let (server, refusals) = serve(validator(origin), |layer| layer).await;
    let (status, body) = send(server, &request(origin, FORM)).await;
    assert_eq!(status, 200);
    assert!(body.ends_with(ANSWER), "{body}");

    let forged = request(origin, FORM).replace("Body=Yes", "Body=Nay");
    assert_eq!(send(server, &forged).await, (403, String::new()));
    let unsigned = request(origin, FORM).replace("x-twilio-signature", "x-other");
    assert_eq!(send(server, &unsigned).await, (403, String::new()));
    assert_eq!(
        send(server, &request("https://other.example", FORM)).await,
        (403, String::new())
    );
    assert_eq!(
        *refusals.lock().unwrap(),
        [
            Kind::SignatureMismatch,
            Kind::MissingHeader,
            Kind::SignatureMismatch
        ]
    );
    // Signed, but about another clinic, or sent to the wrong URL.
    let theirs = request(origin, &FORM.replace("4155550199", "4155550198"));
    assert_eq!(send(server, &theirs).await, (403, String::new()));
    let call = FORM
        .replace("MessageSid=SM0", "CallSid=CA0")
        .replace("Body=Yes&", "");
    assert_eq!(
        send(server, &request(origin, &call)).await,
        (403, String::new())
    );
}

#[tokio::test]
async fn large_bodies_are_not_read() {
    let origin = "https://acme.example.com";
    let limited = validator(origin).body_limit(FORM.len());
    let (server, refusals) = serve(limited, |layer| layer).await;
    assert_eq!(send(server, &request(origin, FORM)).await.0, 200);
    let longer = format!("{FORM}&");
    assert_eq!(
        send(server, &request(origin, &longer)).await,
        (413, String::new())
    );
    let chunked = request(origin, "").replace("content-length: 0", "transfer-encoding: chunked");
    let chunked = format!("{chunked}{:x}\r\n{longer}\r\n0\r\n\r\n", longer.len());
    assert_eq!(send(server, &chunked).await, (413, String::new()));
    assert_eq!(*refusals.lock().unwrap(), [Kind::TooLarge; 2]);
}

/// A request with invalid headers is refused before its body is read, so no body is buffered.
#[tokio::test]
async fn headers_are_checked_before_the_body() {
    let origin = "https://acme.example.com";
    let (server, refusals) = serve(validator(origin), |layer| layer).await;
    let whole = request(origin, FORM);
    let (head, _) = whole.split_once("\r\n\r\n").unwrap();
    let length = format!("content-length: {}", FORM.len());
    let unsigned = head.replace("x-twilio-signature", "x-other");
    let chunked = unsigned.replace(&length, "transfer-encoding: chunked");
    for (head, status, kind) in [
        (unsigned, 403, Kind::MissingHeader),
        (chunked, 403, Kind::MissingHeader),
        (
            head.replace("x-twilio-signature: ", "x-twilio-signature: x"),
            403,
            Kind::MalformedHeader,
        ),
        (head.replace("POST", "GET"), 403, Kind::MethodNotAllowed),
        (
            head.replace(&length, "content-length: 65537"),
            413,
            Kind::TooLarge,
        ),
        (
            head.replace(&length, "content-length: 1099511627776"),
            413,
            Kind::TooLarge,
        ),
    ] {
        // The body is never sent, so a response shows that the server did not wait for it.
        let head = format!("{head}\r\n\r\n");
        let limit = std::time::Duration::from_secs(20);
        let answer = tokio::time::timeout(limit, send(server, &head));
        assert_eq!(answer.await.unwrap(), (status, String::new()), "{kind:?}");
        assert_eq!(refusals.lock().unwrap().pop(), Some(kind));
    }
}

#[tokio::test]
async fn behind_a_proxy_with_a_configured_origin() {
    let origin = "https://acme.example.com:8443";
    let (server, _) = serve(validator(origin), |layer| layer).await;
    // The proxy removes the port and does not report it; the configured origin contains it.
    let proxy = proxy(server, "x-forwarded-proto: http\r\n").await;
    assert_eq!(send(proxy, &request(origin, FORM)).await.0, 200);
}

#[tokio::test]
async fn behind_a_declared_proxy() {
    let origin = "https://acme.example.com:8443";
    let (server, _) = serve(validator("https://other.example"), |layer| {
        layer.via_proxy(loopback(), peer)
    })
    .await;
    let whole = proxy(
        server,
        "x-forwarded-proto: https\r\nx-forwarded-host: acme.example.com\r\nx-forwarded-port: 8443\r\n",
    )
    .await;
    assert_eq!(send(whole, &request(origin, FORM)).await.0, 200);
    assert_eq!(
        send(server, &request(origin, FORM)).await.0,
        403,
        "the request has no forwarding headers"
    );

    // The proxy removes the port. Twilio signs voice requests without it; others do not verify.
    let strips = proxy(
        server,
        "x-forwarded-proto: https\r\nx-forwarded-host: acme.example.com\r\n",
    )
    .await;
    assert_eq!(
        send(strips, &request("https://acme.example.com", FORM))
            .await
            .0,
        200
    );
    assert_eq!(send(strips, &request(origin, FORM)).await.0, 403);
}

#[tokio::test]
async fn an_undeclared_proxy_is_not_trusted() {
    let origin = "https://acme.example.com";
    let stranger = TrustedProxies::new(ForwardedHeaders::XForwarded)
        .add_network("192.0.2.0/24".parse().unwrap());
    let (server, _) = serve(validator("https://other.example"), |layer| {
        layer.via_proxy(stranger, peer)
    })
    .await;
    let proxy = proxy(
        server,
        "x-forwarded-proto: https\r\nx-forwarded-host: acme.example.com\r\n",
    )
    .await;
    assert_eq!(send(proxy, &request(origin, FORM)).await.0, 403);
    assert_eq!(
        send(proxy, &request("https://other.example", FORM)).await.0,
        200
    );
}

#[tokio::test]
async fn a_websocket_handshake_is_verified() {
    let (server, refusals) = serve(validator("https://acme.example.com"), |layer| layer).await;
    let handshake = |url: &str| {
        let signature = Algorithm::HmacSha1.sign(b"12345", url.as_bytes());
        format!(
            "GET /twilio/sms HTTP/1.1\r\nhost: acme.example.com\r\nx-twilio-signature: {signature}\r\n\
             connection: Upgrade, close\r\nupgrade: websocket\r\n\r\n"
        )
    };
    // The example has no WebSocket route: 405 shows that the request passed the layer.
    let signed = handshake("wss://acme.example.com/twilio/sms");
    assert_eq!(send(server, &signed).await.0, 405);
    let webhook = handshake("https://acme.example.com/twilio/sms");
    assert_eq!(send(server, &webhook).await, (403, String::new()));
    assert_eq!(*refusals.lock().unwrap(), [Kind::SignatureMismatch]);
}
