//! The connection breaks: outcome of the message, and number of POSTs that the server saw.

use clinspark_twilio::client::numbers::ListIncomingPhoneNumbers;
use clinspark_twilio::client::{
    Client, Delivery, Error, ErrorKind, Outcome, ReqwestTransport, RetryPolicy,
};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::server::{Act, Server, answer};
use crate::support::{
    MESSAGE, TO, assert_clean, client, credentials, fetch, number, printed, send,
};

/// Returns the error of a create, which must not show planted values.
async fn failing(client: &Client) -> Error {
    let error = client.execute(send()).await.unwrap_err();
    assert_clean(&printed(&error));
    error
}

fn unknown(sid: Option<&str>, error: &Error) -> bool {
    matches!(error.outcome(), Outcome::Unknown { sid: found, .. } if found.as_deref() == sid)
}

#[track_caller]
fn assert_lost(error: &Error, server: &Server) {
    assert_eq!(error.kind(), ErrorKind::ConnectionLost);
    assert!(unknown(None, error), "{error:?}");
    assert!(!error.is_retryable());
    assert_eq!(server.posts(), 1);
    assert_eq!(
        error.to_string(),
        "SendMessage: the connection broke before the response arrived; it may have been done: check \
         before sending it again"
    );
}

#[track_caller]
fn assert_not_sent(error: &Error) {
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert_eq!(*error.outcome(), Outcome::NotSent);
    assert!(error.is_retryable());
    assert_eq!(
        error.to_string(),
        "SendMessage: could not connect; nothing was sent"
    );
}

/// A reserved port without a listener.
struct ClosedPort(TcpSocket);

impl ClosedPort {
    fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Self(socket)
    }

    fn url(&self) -> String {
        format!("http://{}", self.0.local_addr().unwrap())
    }
}

#[tokio::test]
async fn a_refused_connection_is_not_sent() {
    let port = ClosedPort::new();
    let client = client(&port.url());
    assert_not_sent(&failing(&client).await);
    let error = client.execute(fetch()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Connect, &Outcome::NotSent)
    );
}

#[tokio::test]
async fn an_unknown_host_is_not_sent() {
    struct Nowhere;
    impl reqwest::dns::Resolve for Nowhere {
        fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
            Box::pin(async { Err("no such host".into()) })
        }
    }
    let builder = reqwest::Client::builder().no_proxy().dns_resolver(Nowhere);
    let transport = ReqwestTransport::from_builder(builder).unwrap();
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(transport)
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    assert_not_sent(&failing(&client).await);
}

#[tokio::test]
async fn plain_http_instead_of_tls_is_not_sent() {
    let script = vec![Act::ReadSome, Act::Write(answer(400, "", "plain HTTP"))];
    let server = Server::start([script]).await;
    let error = failing(&client(&server.https_url())).await;
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert_eq!(*error.outcome(), Outcome::NotSent);
    assert!(!error.is_retryable(), "a retry would fail in the same way");
}

#[tokio::test]
async fn a_cut_handshake_is_not_sent() {
    for end in [
        vec![Act::ReadSome, Act::Reset],
        vec![Act::ReadSome],
        vec![Act::Reset],
    ] {
        let server = Server::start([end]).await;
        assert_not_sent(&failing(&client(&server.https_url())).await);
        assert_eq!(server.connections(), 1);
    }
}

/// One runtime thread, so that the pool has seen the first connection close before the second
/// request.
#[tokio::test(flavor = "current_thread")]
async fn a_pooled_connection_cut_before_the_request_is_not_sent() {
    let message = format!(r#"{{"sid": "{MESSAGE}"}}"#);
    let server = Server::start([vec![Act::Read, Act::Write(answer(200, "", message))]]).await;
    let client = client(&server.url());
    client.execute(fetch()).await.unwrap();
    for _ in 0..2 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (here, there) = tokio::join!(
            TcpStream::connect(listener.local_addr().unwrap()),
            listener.accept()
        );
        drop(there.unwrap());
        here.unwrap().readable().await.unwrap();
    }
    server.stop().await;
    assert_not_sent(&failing(&client).await);
}

/// A cut right after accepting races with the write. Whichever is first, the outcome is correct.
#[tokio::test]
async fn a_reset_before_reading_is_never_reported_as_rejected() {
    let server = Server::start([vec![Act::Reset]]).await;
    let error = failing(&client(&server.url())).await;
    match error.outcome() {
        Outcome::NotSent => assert_eq!(error.kind(), ErrorKind::Connect),
        _ => assert!(
            unknown(None, &error) && error.kind() == ErrorKind::ConnectionLost,
            "{error:?}"
        ),
    }
    assert_eq!((server.posts(), server.connections()), (0, 1));
}

#[tokio::test]
async fn a_cut_after_the_request_is_unknown() {
    for end in [vec![Act::Read, Act::Reset], vec![Act::Read]] {
        let server = Server::start([end]).await;
        let error = failing(&client(&server.url())).await;
        assert_lost(&error, &server);
        assert_eq!(server.connections(), 1);
    }
}

#[tokio::test]
async fn a_cut_after_the_request_head_is_unknown() {
    let server = Server::start([vec![Act::ReadHead, Act::Reset]]).await;
    let error = failing(&client(&server.url())).await;
    assert_eq!(error.kind(), ErrorKind::ConnectionLost);
    assert!(unknown(None, &error));
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_response_that_is_not_http_is_unknown() {
    let long = format!(
        "HTTP/1.1 201 Created\r\nX: {}\r\n\r\n",
        "y".repeat(600 * 1024)
    );
    let flood = format!("HTTP/1.1 201 Created\r\n{}\r\n", "X: y\r\n".repeat(20_000));
    for noise in [
        "<html>no status line</html>",
        "HTTP/9.9 201 ?\r\n\r\n",
        &long,
        &flood,
    ] {
        let server = Server::answering(noise).await;
        assert_lost(&failing(&client(&server.url())).await, &server);
    }
}

#[tokio::test]
async fn interim_responses_are_skipped() {
    let message = answer(201, "", format!(r#"{{"sid": "{MESSAGE}"}}"#));
    let interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n";
    let server = Server::answering([&interim[..], &message].concat()).await;
    let message = client(&server.url()).execute(send()).await.unwrap();
    assert_eq!(message.sid.as_str(), MESSAGE);
    assert_eq!(server.posts(), 1);
}

#[tokio::test]
async fn a_cut_response_keeps_status_and_sid() {
    let cut = format!(
        "HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n{{\"body\": \"PLANTED\", \"sid\": \
         \"{MESSAGE}\", \"to\""
    );
    let chunk = format!(
        "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{{\"sid\": \
         \"{MESSAGE}\",                    \r\nnot a chunk"
    );
    for (answer, end) in [(&cut, Some(Act::Reset)), (&cut, None), (&chunk, None)] {
        let answered = [Act::Read, Act::Drip(answer.clone().into())];
        let server = Server::start([answered.into_iter().chain(end).collect()]).await;
        let error = failing(&client(&server.url())).await;
        assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error:?}");
        assert_eq!(error.status().unwrap(), 201);
        assert!(unknown(Some(MESSAGE), &error), "{error:?}");
        assert_eq!(server.posts(), 1);
    }
}

/// The query of a list request contains a phone number, and HTTP libraries quote URLs.
#[tokio::test]
async fn errors_do_not_contain_a_number_of_the_url() {
    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".to_vec();
    for script in [
        vec![],
        vec![Act::Read],
        vec![Act::Read, Act::Reset],
        vec![Act::Read, Act::Write(half)],
        vec![Act::Read, Act::Write(b"no HTTP".to_vec())],
        vec![Act::Read, Act::Write(answer(500, "", "no"))],
        vec![
            Act::Read,
            Act::Write(answer(307, "Location: /elsewhere\r\n", "")),
        ],
        vec![Act::Read, Act::Write(answer(200, "", "no"))],
    ] {
        let server = Server::start([script]).await;
        let closed = ClosedPort::new();
        for url in [server.url(), server.https_url(), closed.url()] {
            let list = ListIncomingPhoneNumbers::new().phone_number(number(TO));
            let error = client(&url).execute(list).await.unwrap_err();
            assert_clean(&printed(&error));
            assert_clean(&printed(&error).replace("%2B", "+"));
        }
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Server::answering(answer(201, "", format!(r#"{{"sid": "{MESSAGE}"}}"#))).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("Location: {}/elsewhere\r\n", elsewhere.url());
        let server = Server::answering(answer(status, &location, "<a>moved PLANTED</a>")).await;
        let error = failing(&client(&server.url())).await;
        assert_eq!(error.kind(), ErrorKind::Redirect);
        assert_eq!(error.status().unwrap(), status);
        assert!(unknown(None, &error));
        assert_eq!(server.posts(), 1);

        let server = Server::answering(answer(status, &location, "")).await;
        let error = client(&server.url()).execute(fetch()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.is_retryable()),
            (ErrorKind::Redirect, false)
        );
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn a_success_is_one_post_and_the_connection_is_reused() {
    let ok = || Act::Write(answer(201, "", format!(r#"{{"sid": "{MESSAGE}"}}"#)));
    let server = Server::start([vec![Act::Read, ok(), Act::Read, ok()]]).await;
    let client = client(&server.url());
    client.execute(send()).await.unwrap();
    client.execute(send()).await.unwrap();
    assert_eq!((server.posts(), server.connections()), (2, 1));
}
