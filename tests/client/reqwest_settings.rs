//! Settings of a reqwest builder that would break the client's guarantees are overridden.

use clinspark_twilio::client::messages::DeleteMessage;
use clinspark_twilio::client::{
    Client, Delivery, ErrorKind, Outcome, ReqwestTransport, RetryPolicy,
};
use clinspark_twilio::types::MessageSid;

use crate::fault_case::body;
use crate::fault_certificates::{Shown, acceptor};
use crate::server::{Act, Server, answer};
use crate::support::{MESSAGE, credentials, fetch, send};

/// Returns a client whose builder allows everything.
fn lenient(base_url: &str) -> Client {
    let builder = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::limited(10))
        .referer(true)
        .connection_verbose(true)
        .tls_sslkeylogfile(true)
        .tls_danger_accept_invalid_certs(true)
        .tls_danger_accept_invalid_hostnames(true)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_ignore_invalid_headers_in_responses(true)
        .http09_responses();
    let transport = ReqwestTransport::from_builder(builder).unwrap();
    Client::builder(credentials(), Delivery::Live)
        .with_transport(transport)
        .base_url(base_url)
        .retry(RetryPolicy::none())
        .build()
        .unwrap()
}

#[tokio::test]
async fn certificates_are_checked() {
    let script = vec![
        Act::Tls(acceptor(Shown::SelfSigned)),
        Act::Serve(answer(201, "", body())),
    ];
    let server = Server::start([script.clone(), script]).await;
    let url = format!("https://localhost:{}", server.address().port());
    for _ in 0..2 {
        let error = lenient(&url).execute(send()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect);
        assert_eq!(*error.outcome(), Outcome::NotSent);
    }
    assert_eq!(server.post_heads(), 0);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Server::answering(answer(201, "", body())).await;
    let location = format!("Location: {}/elsewhere\r\n", elsewhere.url());
    let server = Server::answering(answer(307, &location, "")).await;
    let error = lenient(&server.url()).execute(send()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert_eq!(elsewhere.connections(), 0);
}

/// Without a status line, any text would be a success, and the message would seem to be deleted.
#[tokio::test]
async fn text_without_a_status_line_is_not_a_success() {
    let delete = DeleteMessage::new(MessageSid::parse(MESSAGE).unwrap());
    for text in ["gone\r\n\r\n", "<html>bad gateway</html>", "{}"] {
        let server = Server::answering(text).await;
        let error = lenient(&server.url()).execute(&delete).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{text}");
        assert!(matches!(error.outcome(), Outcome::Unknown { .. }));
    }
}

#[tokio::test]
async fn malformed_headers_are_an_error() {
    for headers in [
        "X-Folded: a\r\n b\r\n",
        "Content-Length : 2\r\n",
        "no header at all\r\n",
    ] {
        let bytes = format!(
            "HTTP/1.1 200 OK\r\n{headers}Connection: close\r\n\r\n{}",
            body()
        );
        let server = Server::answering(bytes).await;
        let error = lenient(&server.url()).execute(fetch()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{headers:?}");
    }
}
