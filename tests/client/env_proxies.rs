//! Region and proxies of environment variables.
//!
//! The environment is the process's own. Each test therefore runs itself in another process, in
//! which it prints what a client does.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clinspark_twilio::client::{Client, Delivery, ErrorKind, RetryPolicy};

use crate::fault_case::body;
use crate::fault_certificates::{Shown, acceptor};
use crate::server::{Act, Server, answer};
use crate::support::{Recorder, credentials, fetch, send};

/// Base URL of the other process, and mark that it is one.
const CHILD: &str = "CLIENT_TEST_BASE_URL";

/// Runs a test in another process with these variables, and returns what it prints.
async fn run(test: &str, base_url: &str, variables: &[(&str, &str)]) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args([&format!("env_proxies::{test}"), "--exact", "--nocapture"])
        .env_clear()
        .env(CHILD, base_url)
        .envs(variables.iter().copied());
    let ended = tokio::task::spawn_blocking(move || child.output().unwrap());
    String::from_utf8(ended.await.unwrap().stdout).unwrap()
}

/// Prints what the libraries below the client log.
struct Printed;

impl log::Log for Printed {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        println!("log: {}", record.args());
    }

    fn flush(&self) {}
}

/// Sends a message with a proxy of the environment if one is set, and prints the result.
async fn send_with_env_proxies(base_url: &str) {
    log::set_logger(&Printed).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let client = Client::builder(credentials(), Delivery::Live)
        .base_url(base_url)
        .retry(RetryPolicy::none())
        .proxies_from_env()
        .build();
    match client {
        Ok(client) => match client.execute(send()).await {
            Ok(message) => println!("[sent as {}]", message.sid),
            Err(error) => println!("[{:?}, {:?}]", error.kind(), error.outcome()),
        },
        Err(error) => println!("[{error}]"),
    }
}

/// Returns a proxy that opens one tunnel, whose end is Twilio.
async fn tunnel() -> Server {
    Server::start([vec![
        Act::Read,
        Act::Write(b"HTTP/1.1 200 Connection established\r\n\r\n".to_vec()),
        Act::Tls(acceptor(Shown::AnotherHost)),
        Act::Serve(answer(201, "", body())),
    ]])
    .await
}

/// Writes the authority that the servers' certificates are issued by, for `SSL_CERT_FILE`.
fn authority() -> String {
    let der = include_bytes!("../data/certificates/authority.der");
    let text = STANDARD.encode(der);
    let pem = format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n");
    let path = std::env::temp_dir().join(format!("authority-{}.pem", std::process::id()));
    std::fs::write(&path, pem).unwrap();
    path.into_os_string().into_string().unwrap()
}

const NAME: &str = "a_proxy_of_the_environment_tunnels_requests";
const TWILIO: &str = "https://elsewhere.example";

#[tokio::test]
async fn a_proxy_of_the_environment_tunnels_requests() {
    if let Ok(base_url) = std::env::var(CHILD) {
        return send_with_env_proxies(&base_url).await;
    }
    let file = authority();
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let proxy = tunnel().await;
        let url = format!("http://clinic:PLANTED@{}", proxy.address());
        let told = run(NAME, TWILIO, &[(variable, &url), ("SSL_CERT_FILE", &file)]).await;
        assert!(told.contains("[sent as SM"), "{variable}: {told}");
        // The password stands in no log, as text or as base64.
        let login = STANDARD.encode("clinic:PLANTED");
        assert!(
            !told.contains("PLANTED") && !told.contains(&login),
            "{told}"
        );
        let [tunnelled, sent] = proxy.requests().try_into().unwrap();
        let head = "CONNECT elsewhere.example:443 HTTP/1.1\r\n";
        assert!(tunnelled.starts_with(head), "{tunnelled}");
        assert!(tunnelled.contains(&login));
        // The proxy learns none of the credentials. They are in the tunnel, below TLS.
        assert!(
            !tunnelled.contains("\r\nAuthorization:") && !tunnelled.contains("authorization: ")
        );
        assert!(sent.starts_with("POST /2010-04-01/") && !sent.contains(&login));
    }
    // `HTTPS_PROXY` precedes the others; a scheme is not needed.
    let proxy = tunnel().await;
    let name = proxy.address().to_string();
    let both = [
        ("HTTPS_PROXY", name.as_str()),
        ("ALL_PROXY", "127.0.0.1:1"),
        ("SSL_CERT_FILE", &file),
    ];
    assert!(run(NAME, TWILIO, &both).await.contains("[sent as SM"));
    std::fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn a_proxy_that_refuses_leaves_the_message_unsent() {
    for refusal in [
        "407 Proxy Authentication Required",
        "502 Bad Gateway",
        "403 Forbidden",
    ] {
        let proxy = Server::answering(format!("HTTP/1.1 {refusal}\r\n\r\n")).await;
        let told = run(NAME, TWILIO, &[("HTTPS_PROXY", &proxy.url())]).await;
        assert!(told.contains("[Connect, NotSent]"), "{refusal}: {told}");
        assert_eq!(proxy.posts(), 0);
    }
}

#[tokio::test]
async fn exceptions_and_loopback_bypass_the_proxy() {
    let proxy = Server::answering("").await;
    let url = proxy.url();
    for exceptions in ["elsewhere.example", ".example", "a.test, example", "*"] {
        for variable in ["NO_PROXY", "no_proxy"] {
            let told = run(
                NAME,
                TWILIO,
                &[("HTTPS_PROXY", &url), (variable, exceptions)],
            )
            .await;
            assert!(told.contains("[Connect, NotSent]"), "{exceptions}: {told}");
        }
    }
    // `HTTP_PROXY` carries no https, and nothing carries requests to loopback.
    let told = run(NAME, TWILIO, &[("HTTP_PROXY", &url), ("http_proxy", &url)]).await;
    assert!(told.contains("[Connect, NotSent]"), "{told}");
    for exceptions in ["", "a.test"] {
        let twilio = Server::answering(answer(201, "", body())).await;
        let all = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].map(|name| (name, url.as_str()));
        let all = [&all[..], &[("NO_PROXY", exceptions)]].concat();
        let told = run(NAME, &twilio.url(), &all).await;
        assert!(told.contains("[sent as SM"), "{told}");
        let secure = Server::start([vec![Act::ReadSome]]).await;
        run(NAME, &secure.https_url(), &all).await;
        assert_eq!(secure.connections(), 1);
    }
    assert_eq!(proxy.connections(), 0);
}

#[tokio::test]
async fn a_value_that_is_no_proxy_is_refused() {
    for (variable, value) in [
        ("HTTPS_PROXY", "socks5://u:PLANTED@proxy.example:1080"),
        ("https_proxy", "ftp://u:PLANTED@proxy.example"),
        ("ALL_PROXY", "socks5h://u:PLANTED@proxy.example"),
        ("HTTPS_PROXY", "http://u:PLANTED@"),
    ] {
        let told = run(NAME, TWILIO, &[(variable, value)]).await;
        let wanted = format!(
            "[ClientBuilder::proxies_from_env: {variable} is not the URL of an http proxy, such as \
             http://proxy.example:3128; nothing was sent]"
        );
        assert!(
            told.contains(&wanted) && !told.contains("PLANTED"),
            "{told}"
        );
    }
    let empty = [("HTTPS_PROXY", ""), ("ALL_PROXY", "")];
    let told = run(NAME, TWILIO, &empty).await;
    assert!(told.contains("[Connect, NotSent]"), "{told}");
}

#[test]
fn proxies_of_the_environment_exclude_a_transport() {
    let builder = Recorder::refusing().builder(Delivery::Off);
    let error = builder.proxies_from_env().build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(
        error.to_string(),
        "ClientBuilder::proxies_from_env: the transport of `with_transport` chooses its proxies \
         itself: set one of the two; nothing was sent"
    );
}

/// Without the setting, a proxy that another program needs carries nothing.
#[tokio::test]
async fn proxies_are_not_used_by_default() {
    const NAME: &str = "proxies_are_not_used_by_default";
    if let Ok(base_url) = std::env::var(CHILD) {
        let client = Client::builder(credentials(), Delivery::Live).base_url(base_url);
        let client = client.retry(RetryPolicy::none()).build().unwrap();
        let error = client.execute(send()).await.unwrap_err();
        return println!("[{:?}]", error.kind());
    }
    let proxy = Server::answering("").await;
    let url = proxy.url();
    let all = [
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "https_proxy",
        "all_proxy",
    ];
    let told = run(NAME, TWILIO, &all.map(|name| (name, url.as_str()))).await;
    assert!(told.contains("[Connect]"), "{told}");
    assert_eq!(proxy.connections(), 0);
}

#[tokio::test]
async fn region_and_edge_of_the_environment_name_the_host() {
    const NAME: &str = "region_and_edge_of_the_environment_name_the_host";
    if std::env::var_os(CHILD).is_some() {
        let recorder = Recorder::refusing();
        match recorder.builder(Delivery::Off).region_from_env().build() {
            Ok(client) => {
                let _ = client.execute(fetch()).await;
                println!("[{}]", recorder.take()[0].host);
            }
            Err(error) => println!("[{error}]"),
        }
        return;
    }
    for (region, edge, wanted) in [
        ("", "", "[api.twilio.com]"),
        ("ie1", "", "[api.dublin.ie1.twilio.com]"),
        ("AU1", "Sydney", "[api.sydney.au1.twilio.com]"),
        ("", "frankfurt", "[api.frankfurt.us1.twilio.com]"),
        ("us1", "", "[api.twilio.com]"),
        ("jp2", "", "[api.osaka.jp2.twilio.com]"),
        (
            "ie1.evil.example/",
            "",
            "[ClientBuilder::region_from_env: the region must be Twilio's name of one, such as \
             `ie1`; nothing was sent]",
        ),
        (
            "ie1",
            "evil.example/",
            "[ClientBuilder::region_from_env: the edge must be one label of a host name, such as \
             `dublin`; nothing was sent]",
        ),
    ] {
        let variables = [("TWILIO_REGION", region), ("TWILIO_EDGE", edge)];
        let told = run(NAME, "", &variables).await;
        assert!(told.contains(wanted), "{region} {edge}: {told}");
    }
}
