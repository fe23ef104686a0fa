//! Every operation against a mock that is made from Twilio's own `OpenAPI` documents: what we send
//! is what Twilio documents, and what Twilio documents as an answer is read.
//!
//! `TWILIO_MOCK_URL` says where the mock listens; `tests/README.md` what it is made from. Without
//! the variable the test says so and passes, unless `REQUIRE_CONTRACT=1`.
#![cfg(feature = "rustls")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "the helpers of tests fail by panicking, and a skipped test has to say so"
)]

mod operations;

use clinspark_twilio::client::{
    Body, Client, Credentials, Delivery, ErrorKind, Request, ReqwestTransport, Sending, Transport,
};
use clinspark_twilio::types::{AccountSid, AuthToken};

use operations::{Operation, Visit};

/// What the documents do not have.
const UNDOCUMENTED: &[&str] = &["ListAccounts"];

/// Where the mock listens, if it does.
fn mock() -> Option<String> {
    let url = std::env::var("TWILIO_MOCK_URL").ok();
    let required = std::env::var("REQUIRE_CONTRACT").is_ok_and(|value| value == "1");
    assert!(
        url.is_some() || !required,
        "REQUIRE_CONTRACT=1, but TWILIO_MOCK_URL is not set"
    );
    if url.is_none() {
        println!("skipped: TWILIO_MOCK_URL is not set, so nothing was held against the documents");
    }
    url
}

fn client(url: &str) -> Client {
    let account = AccountSid::parse("AC00000000000000000000000000000001").unwrap();
    let credentials = Credentials::auth_token(account, AuthToken::new("token").unwrap());
    let transport = Reporting(ReqwestTransport::new().unwrap());
    let clock = Fixed;
    Client::over(credentials, Delivery::Live, transport)
        .runtime(clock)
        .base_url(url)
        .unwrap()
}

/// Shows what the mock has to say: a violation is a 422 with the reasons in its body.
struct Reporting(ReqwestTransport);

impl Transport for Reporting {
    fn send(&self, request: http::Request<bytes::Bytes>) -> Sending<'_> {
        let target = format!("{} {}", request.method(), request.uri().path());
        let answer = self.0.send(request);
        Box::pin(async move {
            let (head, body) = answer.await?.into_parts();
            let bytes = http_body_util::BodyExt::collect(body).await?.to_bytes();
            let violation = String::from_utf8_lossy(&bytes);
            assert_ne!(head.status, 422, "{target}: {violation}");
            Ok(http::Response::from_parts(head, Body::from(bytes)))
        })
    }
}

/// The hour that the scheduled messages of the catalogue are made for.
struct Fixed;

impl clinspark_twilio::client::Runtime for Fixed {
    fn now(&self) -> std::time::SystemTime {
        operations::time() - std::time::Duration::from_secs(3600)
    }

    fn sleep(&self, time: std::time::Duration) -> clinspark_twilio::client::Sleeping {
        Box::pin(tokio::time::sleep(time))
    }
}

struct Contract {
    client: Client,
    seen: usize,
}

impl Visit for Contract {
    async fn operation<R: Request>(&mut self, operation: Operation, request: R) {
        if UNDOCUMENTED.contains(&operation.name) {
            return;
        }
        if let Err(error) = self.client.execute(request).await {
            panic!("{}: {error}", operation.case);
        }
        self.seen += 1;
    }
}

#[tokio::test]
async fn every_operation_is_as_twilio_documents_it() {
    let Some(url) = mock() else { return };
    let mut contract = Contract {
        client: client(&url),
        seen: 0,
    };
    operations::every(&mut contract).await;
    assert_eq!(contract.seen, 70, "the catalogue has changed");
}

/// The mock does catch violations: otherwise the test above could not fail.
#[tokio::test]
#[should_panic(expected = "NoSuchParameter")]
async fn a_violation_is_caught() {
    let Some(url) = mock() else {
        panic!("skipped, so that it counts as passed: NoSuchParameter");
    };
    let list = clinspark_twilio::client::applications::ListApplications::new();
    let list = list.extra_param("NoSuchParameter", "x");
    let _ = client(&url).execute(list).await;
}

/// Asks the mock for an error.
struct Prefer(ReqwestTransport);
impl Transport for Prefer {
    fn send(&self, mut request: http::Request<bytes::Bytes>) -> Sending<'_> {
        let wanted = http::HeaderValue::from_static("code=429");
        request.headers_mut().insert("prefer", wanted);
        self.0.send(request)
    }
}

/// Twilio's error body, as the documents have it.
#[tokio::test]
async fn twilios_error_body_is_read() {
    let Some(url) = mock() else { return };
    let account = AccountSid::parse("AC00000000000000000000000000000001").unwrap();
    let credentials = Credentials::auth_token(account, AuthToken::new("token").unwrap());
    let transport = Prefer(ReqwestTransport::new().unwrap());
    let client = Client::over(credentials, Delivery::Live, transport);
    let client = client.base_url(&url).unwrap();
    let list = clinspark_twilio::client::applications::ListApplications::new();
    let error = client.execute(list).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Status);
    assert_eq!(error.api().unwrap().code, Some(20429));
}
