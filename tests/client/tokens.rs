//! Bearer tokens: fetched, sent, refused, renewed once.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use clinspark_twilio::client::oauth::{CreateOauth2Token, Grant};
use clinspark_twilio::client::recordings::DownloadRecording;
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{
    Client, ClientBuilder, Clock, Credentials, Delivery, Error, ErrorKind, Host, Outcome,
    RawRequest, RetryBudget, RetryPolicy, TokenSource,
};
use clinspark_twilio::types::{
    AccountSid, BearerToken, BoxError, BoxFuture, ClientSecret, OauthAppSid, RecordingSid,
};

use crate::support::{
    ACCOUNT, FixedClock, MESSAGE, assert_clean, assert_debug_clean, fetch, printed, send,
};

/// Returns `PLANTED-1`, and the next number after a refusal.
#[derive(Default)]
struct Source {
    asked: Mutex<u32>,
    refused: Mutex<Vec<String>>,
}

impl TokenSource for Source {
    fn token(&self) -> BoxFuture<'_, Result<BearerToken, BoxError>> {
        *self.asked.lock().unwrap() += 1;
        let number = self.refused.lock().unwrap().len() + 1;
        Box::pin(async move { Ok(BearerToken::new(format!("PLANTED-{number}"))?) })
    }

    fn refused(&self, token: &BearerToken) {
        self.refused.lock().unwrap().push(token.expose().to_owned());
    }
}

fn builder(source: impl TokenSource, transport: &FakeTransport) -> ClientBuilder {
    let account = AccountSid::parse(ACCOUNT).unwrap();
    let credentials = Credentials::bearer(account, source);
    assert_debug_clean(&credentials);
    assert_eq!(credentials, credentials.clone());
    Client::builder(credentials, Delivery::Live)
        .with_transport(transport.clone())
        .clock(FixedClock::at(std::time::SystemTime::now()))
}

fn client(source: impl TokenSource, transport: &FakeTransport) -> Client {
    builder(source, transport).build().unwrap()
}

fn tokens(transport: &FakeTransport) -> Vec<String> {
    let requests = transport.requests();
    let header = |request: &clinspark_twilio::client::testing::RecordedRequest| {
        let header = &request.headers()["authorization"];
        assert!(header.is_sensitive());
        header.to_str().unwrap().to_owned()
    };
    requests.iter().map(header).collect()
}

fn message() -> Reply {
    Reply::json(200, format!(r#"{{"sid": "{MESSAGE}"}}"#))
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_even_for_a_create() {
    let source = Arc::new(Source::default());
    let transport = FakeTransport::new()
        .reply(Reply::error(401, 20104))
        .reply(message());
    let client = client(Arc::clone(&source), &transport);
    client.execute(send()).await.unwrap();
    assert_eq!(tokens(&transport), ["Bearer PLANTED-1", "Bearer PLANTED-2"]);
    assert_eq!(*source.refused.lock().unwrap(), ["PLANTED-1"]);
    let [first, second] = transport.requests().try_into().unwrap();
    assert_eq!(first.parameters(), second.parameters());
}

#[tokio::test]
async fn a_refused_token_is_not_renewed_twice() {
    let source = Arc::new(Source::default());
    let transport = (0..9).fold(FakeTransport::new(), |transport, _| {
        transport.reply(Reply::error(401, 20003))
    });
    let client = client(Arc::clone(&source), &transport);
    let error = client.execute(send()).await.unwrap_err();
    assert_eq!(*error.outcome(), Outcome::Rejected);
    assert_eq!((error.attempts(), transport.requests().len()), (2, 2));
    assert_clean(&printed(&error));
    // The source is notified of both, so that the next request starts with a third token.
    assert_eq!(source.refused.lock().unwrap().len(), 2);
}

/// The retry after a refused token is taken from the budget of all requests.
#[tokio::test]
async fn a_source_of_bad_tokens_does_not_double_the_traffic_for_long() {
    let source = Arc::new(Source::default());
    let transport = (0..300).fold(FakeTransport::new(), |transport, _| {
        transport.reply(Reply::error(401, 20104))
    });
    let client = builder(source, &transport)
        .retry_budget(RetryBudget::new().per_second(0))
        .build()
        .unwrap();
    for n in 1..=110 {
        let error = client.execute(send()).await.unwrap_err();
        assert_eq!(error.attempts(), if n <= 100 { 2 } else { 1 }, "{n}");
    }
}

/// A clock that a refused token advances.
#[derive(Clone, Default)]
struct Late(Arc<Mutex<Duration>>);

impl TokenSource for Late {
    fn token(&self) -> BoxFuture<'_, Result<BearerToken, BoxError>> {
        Box::pin(async { Ok(BearerToken::new("PLANTED-1")?) })
    }

    fn refused(&self, _: &BearerToken) {
        *self.0.lock().unwrap() += Duration::from_secs(90);
    }
}

struct LateClock(std::time::Instant, Late);

impl Clock for LateClock {
    fn instant(&self) -> std::time::Instant {
        self.0 + *self.1.0.lock().unwrap()
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test]
async fn no_token_is_renewed_without_time_left() {
    let late = Late::default();
    let transport = FakeTransport::new()
        .reply(Reply::error(401, 20104))
        .reply(message());
    let client = builder(late.clone(), &transport)
        .clock(LateClock(std::time::Instant::now(), late))
        .build()
        .unwrap();
    let error = client.execute(send()).await.unwrap_err();
    assert_eq!(*error.outcome(), Outcome::Rejected);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Status, 1));
    assert_eq!(transport.replies_left(), 1);
}

#[tokio::test]
async fn limits_on_retries_apply_to_renewed_tokens() {
    for narrow in [true, false] {
        let source = Arc::new(Source::default());
        let transport = FakeTransport::new().reply(Reply::error(401, 20104));
        let builder = builder(Arc::clone(&source), &transport);
        let error = if narrow {
            builder.build().unwrap().execute(send().retries(0)).await
        } else {
            builder
                .retry(RetryPolicy::none())
                .build()
                .unwrap()
                .execute(send())
                .await
        };
        assert_eq!(error.unwrap_err().attempts(), 1);
        assert_eq!(source.refused.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_refused_token_after_a_lost_response_stays_unknown() {
    // An update, because a create would not be retried after a lost response.
    let source = Arc::new(Source::default());
    let transport = FakeTransport::new()
        .reply(Reply::connection_lost())
        .reply(Reply::error(401, 20104))
        .reply(Reply::error(401, 20104));
    let client = client(source, &transport);
    let cancel = clinspark_twilio::client::messages::CancelMessage::new(MESSAGE.parse().unwrap());
    let error = client.execute(cancel).await.unwrap_err();
    assert!(matches!(error.outcome(), Outcome::Unknown { .. }));
    assert_eq!(transport.requests().len(), 3);
}

#[tokio::test]
async fn a_401_to_basic_credentials_is_not_retried() {
    let transport = FakeTransport::new().reply(Reply::error(401, 20003));
    let credentials = crate::support::credentials();
    let client = Client::builder(credentials, Delivery::Live)
        .with_transport(transport.clone())
        .build()
        .unwrap();
    let error = client.execute(fetch()).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn every_attempt_fetches_a_token() {
    let source = Arc::new(Source::default());
    let transport = FakeTransport::new()
        .reply(Reply::error(429, 20429))
        .reply(message());
    let client = client(Arc::clone(&source), &transport);
    client.execute(send()).await.unwrap();
    assert_eq!(*source.asked.lock().unwrap(), 2);
}

/// A source without a usable token: it fails, never returns, or returns text that a header cannot
/// carry.
enum Broken {
    Fails,
    Hangs,
    Odd,
}

impl TokenSource for Broken {
    fn token(&self) -> BoxFuture<'_, Result<BearerToken, BoxError>> {
        match self {
            Self::Fails => Box::pin(async { Err("the secret store is unavailable".into()) }),
            Self::Hangs => Box::pin(std::future::pending()),
            Self::Odd => Box::pin(async { Ok(BearerToken::new("PLANTED-\u{e9}")?) }),
        }
    }
}

async fn broken(source: Broken) -> Error {
    let transport = FakeTransport::new().reply(message());
    let client = builder(source, &transport)
        .attempt_timeout(Duration::from_millis(20))
        .build()
        .unwrap();
    let error = client.execute(send()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Token, &Outcome::NotSent)
    );
    assert_eq!((error.attempts(), transport.requests().len()), (0, 0));
    assert!(!error.is_retryable());
    assert_clean(&printed(&error));
    error
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    let error = broken(Broken::Fails).await;
    assert_eq!(
        printed(&error).lines().last().unwrap(),
        "the secret store is unavailable \"the secret store is unavailable\""
    );
    assert_eq!(
        error.to_string(),
        "SendMessage: the source of bearer tokens returned an error; nothing was sent"
    );
    assert_eq!(
        broken(Broken::Hangs).await.to_string(),
        "SendMessage: the source of bearer tokens took too long; nothing was sent"
    );
    assert_eq!(
        broken(Broken::Odd).await.to_string(),
        "SendMessage: the bearer token has characters other than printable ASCII; nothing was sent"
    );
}

/// A token that arrives so late that no time is left for the response.
#[tokio::test(start_paused = true)]
async fn a_slow_token_does_not_send_a_create_too_late() {
    struct Slow(Duration);
    impl TokenSource for Slow {
        fn token(&self) -> BoxFuture<'_, Result<BearerToken, BoxError>> {
            Box::pin(async {
                tokio::time::sleep(self.0).await;
                Ok(BearerToken::new("PLANTED")?)
            })
        }
    }
    let sent = async |slow: u64, create: bool| {
        let transport = FakeTransport::new().reply(message());
        let account = AccountSid::parse(ACCOUNT).unwrap();
        let credentials = Credentials::bearer(account, Slow(Duration::from_secs(slow)));
        let client = Client::builder(credentials, Delivery::Live)
            .with_transport(transport.clone())
            .operation_timeout(Duration::from_secs(40))
            .build()
            .unwrap();
        if create {
            if let Err(error) = client.execute(send()).await {
                assert_eq!(*error.outcome(), Outcome::NotSent);
            }
        } else {
            client.execute(fetch()).await.unwrap();
        }
        transport.requests().len()
    };
    assert_eq!(sent(19, true).await, 1);
    assert_eq!(sent(21, true).await, 0);
    assert_eq!(sent(21, false).await, 1);
}

#[tokio::test]
async fn no_token_is_fetched_for_a_request_that_is_not_sent() {
    let source = Arc::new(Source::default());
    let transport = FakeTransport::new();
    let account = AccountSid::parse(ACCOUNT).unwrap();
    let credentials = Credentials::bearer(account, Arc::clone(&source));
    let client = Client::builder(credentials, Delivery::Off)
        .with_transport(transport)
        .build()
        .unwrap();
    let error = client.execute(send()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Blocked);
    assert_eq!(*source.asked.lock().unwrap(), 0);
}

#[tokio::test]
async fn downloads_send_the_token_to_twilio_only() {
    let source = Arc::new(Source::default());
    let transport = FakeTransport::new()
        .reply(Reply::json(307, "").header("location", "https://storage.example/x"))
        .reply(Reply::json(200, "RIFF"))
        .reply(Reply::error(401, 20104));
    let client = client(Arc::clone(&source), &transport);
    let recording: RecordingSid = "RE00000000000000000000000000000001".parse().unwrap();
    let mut audio = client
        .download(DownloadRecording::new(recording))
        .await
        .unwrap();
    assert_eq!(audio.chunk().await.unwrap().unwrap(), "RIFF");
    let [first, second] = transport.requests().try_into().unwrap();
    assert_eq!(first.headers()["authorization"], "Bearer PLANTED-1");
    assert!(!second.headers().contains_key("authorization"));
    let error = client
        .download(DownloadRecording::new(recording))
        .await
        .unwrap_err();
    assert_eq!(*error.outcome(), Outcome::Rejected);
    assert_eq!(*source.refused.lock().unwrap(), ["PLANTED-1"]);
}

#[tokio::test]
async fn a_refusal_by_the_storage_does_not_refuse_the_token() {
    let source = Arc::new(Source::default());
    let transport = FakeTransport::new()
        .reply(Reply::json(307, "").header("location", "https://storage.example/x"))
        .reply(Reply::error(401, 20104));
    let client = client(Arc::clone(&source), &transport);
    let recording: RecordingSid = "RE00000000000000000000000000000001".parse().unwrap();
    let error = client.download(DownloadRecording::new(recording)).await;
    assert_eq!(error.unwrap_err().status().unwrap(), 401);
    assert!(source.refused.lock().unwrap().is_empty());
}

fn grant() -> Grant {
    let app = OauthAppSid::parse("OQ00000000000000000000000000000001").unwrap();
    Grant::client_credentials(app, ClientSecret::new("PLANTED-secret").unwrap())
}

/// Credentials would tell the account's secret to a host that does not need it, and a bearer token
/// could not be fetched without one.
#[tokio::test]
async fn a_token_is_fetched_without_credentials() {
    let account = AccountSid::parse(ACCOUNT).unwrap();
    let source = Arc::new(Source::default());
    for credentials in [
        crate::support::credentials(),
        Credentials::bearer(account, Arc::clone(&source)),
        Credentials::none(account),
    ] {
        let transport = FakeTransport::new().reply(Reply::json(
            200,
            r#"{"access_token": "PLANTED-a", "refresh_token": "PLANTED-r", "id_token": "PLANTED-i",
                "token_type": "bearer", "expires_in": 3600}"#,
        ));
        let client = Client::builder(credentials, Delivery::Off)
            .with_transport(transport.clone())
            .build()
            .unwrap();
        // The app has an account of its own, so the request needs none of a sub-account.
        let other = AccountSid::parse("AC00000000000000000000000000000009").unwrap();
        let client = client.for_account(other);
        let request = CreateOauth2Token::new(grant());
        assert_debug_clean(&request);
        let token = client.execute(request).await.unwrap();
        assert_debug_clean(&token);
        assert_eq!(token.lifetime(), Some(Duration::from_secs(3_600)));
        assert_eq!(token.access_token.unwrap().expose(), "PLANTED-a");
        let [sent] = transport.requests().try_into().unwrap();
        assert_eq!(
            (sent.host(), sent.path()),
            ("oauth.twilio.com", "/v2/token")
        );
        assert!(!sent.headers().contains_key("authorization"));
    }
    assert_eq!(*source.asked.lock().unwrap(), 0);
}

/// A refused app is not a refused token of the client: there is nothing to renew.
#[tokio::test]
async fn a_refused_app_is_not_retried() {
    let source = Arc::new(Source::default());
    let transport = FakeTransport::new()
        .reply(Reply::error(401, 20003))
        .reply(message());
    let client = client(Arc::clone(&source), &transport);
    let error = client.execute(CreateOauth2Token::new(grant())).await;
    let error = error.unwrap_err();
    assert_eq!(*error.outcome(), Outcome::Rejected);
    assert_clean(&printed(&error));
    assert_eq!(transport.requests().len(), 1);
    assert!(source.refused.lock().unwrap().is_empty());
}

/// A raw request cannot send the account's secret to the host of access tokens, either.
#[tokio::test]
async fn a_raw_request_for_a_token_has_no_credentials() {
    let transport = FakeTransport::new().reply(Reply::json(200, "{}"));
    let client = builder(Source::default(), &transport).build().unwrap();
    let request = RawRequest::post(Host::Oauth, "/v1/token").param("GrantType", "x");
    client.execute(request).await.unwrap();
    assert!(
        !transport.requests()[0]
            .headers()
            .contains_key("authorization")
    );
}

#[tokio::test]
async fn a_client_without_credentials_sends_nothing_else() {
    let account = AccountSid::parse(ACCOUNT).unwrap();
    let transport = FakeTransport::new();
    let client = Client::builder(Credentials::none(account), Delivery::Live)
        .with_transport(transport.clone())
        .build()
        .unwrap();
    let recording = RecordingSid::parse("RE00000000000000000000000000000001").unwrap();
    for error in [
        client.execute(send()).await.unwrap_err(),
        client.execute(fetch()).await.unwrap_err(),
        client
            .download(DownloadRecording::new(recording))
            .await
            .unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert_eq!(*error.outcome(), Outcome::NotSent);
        let what = "the client has no credentials, and the request needs them";
        assert!(error.to_string().contains(what), "{error}");
    }
    assert!(transport.requests().is_empty());
}
