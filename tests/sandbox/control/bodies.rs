//! Requests that are malformed, huge, of another type, or for no route.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::client::{Control, Stage, error, read_json};
use crate::app::{CLINIC, VOLUNTEER};

/// Sends a body as it is. Returns status and code of the error.
async fn refused(
    control: &Control,
    path: &str,
    content_type: Option<&str>,
    body: Vec<u8>,
) -> (u16, String) {
    let mut request = control
        .http
        .post(format!("{}{path}", control.url))
        .body(body);
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    error((status, read_json(response).await))
}

const JSON: Option<&str> = Some("application/json");

#[tokio::test]
async fn only_json_is_accepted_so_that_no_form_of_a_page_is() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let body = json!({"number": VOLUNTEER}).to_string().into_bytes();
    for content_type in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("text/plain; application/json"),
        Some("application/json-patch+json"),
    ] {
        let error = refused(&control, "/phones", content_type, body.clone()).await;
        assert_eq!(error, (415, "not_json".to_owned()), "{content_type:?}");
    }
    assert_eq!(control.read("/phones").await, json!([]));
    let request = control.http.post(format!("{}/phones", control.url));
    let request = request.header("content-type", "Application/JSON ; charset=utf-8");
    assert_eq!(request.body(body).send().await.unwrap().status(), 201);
}

#[tokio::test]
async fn a_malformed_body_is_an_error_with_its_place() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let cases: [(&[u8], u16, &str); 9] = [
        (b"", 400, "empty_body"),
        (b"{", 400, "malformed_json"),
        (b"\xff\xfe", 400, "malformed_json"),
        (b"{\"number\":\"+14155550123\"} x", 400, "malformed_json"),
        (b"[]", 422, "invalid_body"),
        (b"null", 422, "invalid_body"),
        (b"{}", 422, "invalid_body"),
        (b"{\"number\":1}", 422, "invalid_body"),
        (
            b"{\"number\":\"+14155550123\",\"age\":1}",
            422,
            "invalid_body",
        ),
    ];
    for (body, status, code) in cases {
        let error = refused(&control, "/phones", JSON, body.to_vec()).await;
        assert_eq!(
            error,
            (status, code.to_owned()),
            "{}",
            String::from_utf8_lossy(body)
        );
    }
    let deep = [b"{\"number\":".to_vec(), vec![b'['; 50_000]].concat();
    let error = refused(&control, "/phones", JSON, deep).await;
    assert!(matches!(error.0, 400 | 422));
}

#[tokio::test]
async fn a_large_body_is_refused_before_it_is_kept() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let error = refused(&control, "/phones", JSON, vec![b' '; 64 * 1024 + 1]).await;
    assert_eq!(error, (413, "body_too_large".to_owned()));
    let texts = format!("/phones/{VOLUNTEER}/messages");
    let error = refused(&control, &texts, JSON, vec![b' '; 8 * 1024 * 1024]).await;
    assert_eq!(error, (400, "malformed_json".to_owned()));
    // 8 MiB and one byte: the server may close before all is sent.
    let body = vec![b' '; 8 * 1024 * 1024 + 1];
    let request = control.http.post(format!("{}{texts}", control.url));
    let request = request
        .header("content-type", "application/json")
        .body(body);
    let sent = request.send().await;
    assert!(sent.is_err() || sent.unwrap().status() == 413);
    assert_eq!(control.read("/health").await["status"], "ok");
}

#[tokio::test]
async fn bodies_of_eight_mebibytes_cost_little_time() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let texts = format!("{}/phones/{VOLUNTEER}/messages", control.url);
    // The worst for a parser of JSON: many small values in a field that takes them.
    let element = b"{\"content_type\":\"a/b\",\"data\":\"\"},";
    let mut body = b"{\"to\":\"+14155550100\",\"media\":[".to_vec();
    while body.len() < 8 * 1024 * 1024 - 64 {
        body.extend_from_slice(element);
    }
    body.pop();
    body.extend_from_slice(b"]}");
    let started = Instant::now();
    let request = control
        .http
        .post(texts)
        .header("content-type", "application/json");
    let response = request.body(body).send().await.unwrap();
    assert_eq!(response.status(), 422);
    assert!(
        started.elapsed() < Duration::from_secs(30),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn an_unknown_path_or_method_says_what_exists() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    for path in [
        "/",
        "/phone",
        "/phones/",
        "/phones/+14155550123/",
        "//health",
        "/health/x",
        "/%68ealth",
    ] {
        let unknown = control.get(path).await;
        assert_eq!(unknown.0, 404, "{path}");
        assert_eq!(error(unknown).1, "unknown_path", "{path}");
    }
    let response = control.send("PUT", "/phones", Some(&json!({}))).await;
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()["allow"], "GET, POST");
    let response = control.send("OPTIONS", "/phones", None).await;
    assert_eq!(response.status(), 405);
    assert!(
        response
            .headers()
            .get("access-control-allow-origin")
            .is_none()
    );
    let refused = control.get("/health?x=1").await;
    assert_eq!(error(refused), (400, "invalid_query".to_owned()));
    for wait in ["-1", "61", "NaN", "inf", "x"] {
        let path = format!("/phones/{VOLUNTEER}/messages/latest?wait={wait}");
        assert_eq!(error(control.get(&path).await).0, 400, "{wait}");
    }
}

#[tokio::test]
async fn a_client_that_goes_away_leaves_the_server_well() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let address = control.url.strip_prefix("http://").unwrap();
    let address = address.strip_suffix("/_sandbox").unwrap().to_owned();
    for (head, length) in [
        ("POST /_sandbox/phones", 100),
        ("POST /_sandbox/clock/advance", 100),
    ] {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        let request = format!(
            "{head} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n{{\"half"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        drop(stream);
    }
    // A wait whose client has gone.
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let path = format!("/_sandbox/phones/{VOLUNTEER}/messages/latest?wait=60");
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    drop(stream);
    assert_eq!(control.read("/health").await["status"], "ok");
    let mut stream = TcpStream::connect(&address).await.unwrap();
    stream
        .write_all(b"GET /_sandbox/%ff%00 HTTP/1.1\r\n")
        .await
        .unwrap();
    let host = format!("host: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(host.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
}

#[tokio::test]
async fn clients_that_hang_in_large_uploads_stop_no_text() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let address = control.url.strip_prefix("http://").unwrap();
    let address = address.strip_suffix("/_sandbox").unwrap().to_owned();
    let texts = format!("/phones/{VOLUNTEER}/messages");
    let mut hung = Vec::new();
    for _ in 0..8 {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        let request = format!(
            "POST /_sandbox{texts} HTTP/1.1\r\nhost: {address}\r\n\
             content-type: application/json\r\ncontent-length: 8000000\r\n\r\n{{"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        hung.push(stream);
    }
    let text = json!({"to": CLINIC, "body": "Yes"});
    let sent = control.act(&format!("{texts}?wait=5"), &text).await;
    assert_eq!(sent["answered"], true);
    assert_eq!(hung.len(), 8);
}
