//! `client::testing`: its errors are equal to those of the client.

use std::time::Duration;

use clinspark_twilio::client::testing::{self, FakeTransport, Reply};
use clinspark_twilio::client::{
    Client, Delivery, Error, ErrorKind, Outcome, Phase, RetryPolicy, TransportError,
};
use clinspark_twilio::codes::ErrorCode;
use http::StatusCode;

use crate::support::{BODY, MESSAGE, TO, assert_debug_clean, credentials, send};

pub(crate) async fn real(delivery: Delivery, reply: Reply) -> Error {
    let transport = FakeTransport::new().reply(reply);
    let client = Client::builder(credentials(), delivery)
        .with_transport(transport)
        .attempt_timeout(Duration::from_millis(20))
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    client.execute(send()).await.unwrap_err()
}

/// Returns all data of an error that code can read.
fn told(error: &Error) -> (ErrorKind, Outcome, Option<StatusCode>, [String; 4]) {
    let text = error.to_string();
    let (_, text) = text.split_once(": ").unwrap();
    let code = error.code().map(ErrorCode::get);
    let texts = [
        format!("{code:?}"),
        format!("{:?}", error.retry_after()),
        format!("{:?} {}", error.effect(), error.is_retryable()),
        // The position in the response is only in the real error.
        text.replace(" (line 1, column 46)", ""),
    ];
    (error.kind(), error.outcome().clone(), error.status(), texts)
}

#[tokio::test]
async fn errors_for_tests_are_equal_to_those_of_the_client() {
    let half = Reply::json(201, format!(r#"{{"sid": "{MESSAGE}", "#));
    let busy = || Reply::error(429, 20429);
    let slow = TransportError::not_sent("slow").timed_out();
    let wait = Some(Duration::from_secs(2));
    for (made, reply) in [
        (testing::not_sent(), Reply::not_sent()),
        (testing::rejected(400, 21610), Reply::error(400, 21610)),
        (testing::rejected(503, 21610), Reply::error(400, 21610)),
        (testing::rejected(0, 21610), Reply::error(400, 21610)),
        (testing::unknown(), Reply::connection_lost()),
        (testing::unreadable(MESSAGE), half),
        (testing::too_many_requests(None), busy()),
        (
            testing::too_many_requests(wait),
            busy().header("Retry-After", "2"),
        ),
        (testing::timed_out(Phase::Connect), Reply::fails(slow)),
        (testing::timed_out(Phase::Answer), Reply::never()),
    ] {
        let real = real(Delivery::Live, reply).await;
        assert_eq!(told(&made), told(&real));
        assert_debug_clean(&made);
    }
    let refused = real(Delivery::Off, Reply::never()).await;
    assert_eq!(told(&testing::blocked()), told(&refused));
}

#[tokio::test]
async fn requests_are_recorded_and_not_printed() {
    let transport = FakeTransport::new().reply(Reply::json(204, "").header("bad\n", "x").cut());
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(transport.clone())
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    assert_eq!(transport.replies_left(), 1);
    client.execute(send()).await.unwrap_err();
    // After the end of the script, requests are not sent.
    let error = client.execute(send()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert_eq!(transport.replies_left(), 0);
    let [first, _] = transport.requests().try_into().unwrap();
    assert_eq!(
        (first.method().as_str(), first.host()),
        ("POST", "api.twilio.com")
    );
    assert!(first.path().ends_with("/Messages.json"));
    assert_eq!(first.parameter("To").as_deref(), Some(TO));
    assert_eq!(first.parameter("Body").as_deref(), Some(BODY));
    assert_eq!(first.parameter("MediaUrl"), None);
    assert_debug_clean(&transport);
    assert_debug_clean(&first);
}
