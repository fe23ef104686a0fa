//! The client's own settings.

use clinspark_twilio::client::{
    Body, Client, Credentials, Delivery, Error, ErrorKind, Host, Outcome, Page, ProcessingRegion,
    Progress, ReqwestTransport, TransportError, alerts, applications, calls, messages, numbers,
    services,
};
use clinspark_twilio::types::{AccountSid, AuthToken};

use crate::support::{ACCOUNT, Recorder, assert_debug_clean, credentials, fetch};

fn base_url(url: &str) -> Result<Client, Error> {
    Client::over(credentials(), Delivery::Off, Recorder::refusing()).base_url(url)
}

#[test]
fn base_urls_that_may_see_the_credentials() {
    for url in [
        "https://api.twilio.com",
        "https://api.dublin.ie1.twilio.com/",
        "https://gateway.clinic.example:8443",
        "http://127.0.0.1:8080",
        "http://127.9.9.9",
        "http://localhost:1",
        "http://LOCALHOST/",
        "http://[::1]:8080",
    ] {
        assert!(base_url(url).is_ok(), "{url}");
    }
}

#[test]
fn base_urls_that_may_not() {
    let cases = [
        ("", "the base URL is no URL"),
        ("https://", "the base URL is no URL"),
        ("not a url", "the base URL is no URL"),
        (
            "api.twilio.com",
            "the base URL must be absolute, such as https://api.twilio.com",
        ),
        (
            "/path",
            "the base URL must be absolute, such as https://api.twilio.com",
        ),
        (
            "http://api.twilio.com",
            "the base URL must be https, or http on a loopback host",
        ),
        (
            "http://localhost.evil.example",
            "the base URL must be https, or http on a loopback host",
        ),
        (
            "http://127.0.0.1.evil.example",
            "the base URL must be https, or http on a loopback host",
        ),
        (
            "http://0.0.0.0",
            "the base URL must be https, or http on a loopback host",
        ),
        (
            "http://10.0.0.1",
            "the base URL must be https, or http on a loopback host",
        ),
        (
            "ftp://127.0.0.1",
            "the base URL must be https, or http on a loopback host",
        ),
        (
            "https://u:PLANTED@h.example",
            "the base URL must not hold a user name or password",
        ),
        (
            "http://127.0.0.1@evil.example",
            "the base URL must not hold a user name or password",
        ),
        (
            "https://api.twilio.com/v1",
            "the base URL must end after host and port",
        ),
        (
            "https://api.twilio.com?PLANTED",
            "the base URL must end after host and port",
        ),
        (
            "https://api.twilio.com/#PLANTED",
            "the base URL must end after host and port",
        ),
    ];
    for (url, what) in cases {
        let error = base_url(url).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert_eq!(*error.outcome(), Outcome::NotSent);
        assert_eq!(
            error.to_string(),
            format!("Client::base_url: {what}; nothing was sent")
        );
        assert_debug_clean(&error);
    }
}

#[test]
fn the_client_prints_its_settings_and_no_secret() {
    let client = base_url("http://127.0.0.1:8080").unwrap();
    assert_eq!(
        format!("{client:?}"),
        format!(
            "Client {{ account_sid: AccountSid({ACCOUNT}), delivery: Off, base_url: \
             Some(BaseUrl(\"http://127.0.0.1:8080\")), attempt_timeout: 35s, .. }}"
        )
    );
    assert_eq!(client.account_sid(), AccountSid::parse(ACCOUNT).unwrap());
    assert_eq!(*client.delivery(), Delivery::Off);
}

#[tokio::test]
async fn one_host_may_be_replaced_alone() {
    let recorder = Recorder::refusing();
    let client = recorder.client(Delivery::Off);
    let hosts = async |client: &Client| {
        let _ = client.execute(fetch()).await;
        let _ = client.execute(services::ListServices::new()).await;
        let _ = client.execute(alerts::ListAlerts::new()).await;
        let seen = recorder.take();
        seen.into_iter().map(|seen| seen.host).collect::<Vec<_>>()
    };
    let gateway = client
        .clone()
        .base_url_of(Host::Messaging, "https://other.clinic.example")
        .unwrap()
        .base_url_of(Host::Messaging, "https://texts.clinic.example")
        .unwrap();
    assert_eq!(
        hosts(&gateway).await,
        [
            "api.twilio.com",
            "texts.clinic.example",
            "monitor.twilio.com"
        ]
    );
    let regional = gateway.clone().region(ProcessingRegion::Ie1);
    assert_eq!(
        hosts(&regional).await,
        [
            "api.dublin.ie1.twilio.com",
            "texts.clinic.example",
            "monitor.dublin.ie1.twilio.com"
        ]
    );
    let both = client
        .base_url("http://127.0.0.1:8080")
        .unwrap()
        .base_url_of(Host::Monitor, "https://watch.clinic.example")
        .unwrap();
    assert_eq!(
        hosts(&both).await,
        ["127.0.0.1:8080", "127.0.0.1:8080", "watch.clinic.example"]
    );
    // Everything is everything.
    let all = gateway.base_url("http://127.0.0.1:9090").unwrap();
    assert_eq!(hosts(&all).await, ["127.0.0.1:9090"; 3]);
    let error = both
        .base_url_of(Host::Voice, "https://u:PLANTED@h.example")
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "Client::base_url_of: the base URL must not hold a user name or password; nothing was sent"
    );
}

#[tokio::test]
async fn a_clone_keeps_its_own_settings() {
    let first = base_url("http://127.0.0.1:8080").unwrap();
    let second = first.clone().base_url("http://127.0.0.1:9090").unwrap();
    assert!(format!("{first:?}").contains("8080"));
    assert!(format!("{second:?}").contains("9090"));
}

#[tokio::test]
async fn the_authorization_header_is_marked_sensitive() {
    let recorder = Recorder::answering([r#"{"sid": "SM00000000000000000000000000000001"}"#]);
    recorder
        .client(Delivery::Off)
        .execute(fetch())
        .await
        .unwrap();
    let [seen] = recorder.take().try_into().ok().unwrap();
    assert!(seen.headers["authorization"].is_sensitive());
    assert_debug_clean(&seen.headers);
    assert_eq!(seen.headers["accept"], "application/json");
    let agent = seen.headers["user-agent"].to_str().unwrap();
    assert!(agent.starts_with("clinspark-twilio/"), "{agent}");
}

#[test]
fn other_tokens_make_other_credentials() {
    let other = AuthToken::new("other").unwrap();
    let other = Credentials::auth_token(AccountSid::parse(ACCOUNT).unwrap(), other);
    assert_ne!(credentials(), other);
}

#[test]
fn everything_crosses_threads() {
    fn crosses<T: Send + Sync>() {}
    fn moves<T: Send>(_: &T) {}
    crosses::<Client>();
    crosses::<Credentials>();
    crosses::<Delivery>();
    crosses::<Error>();
    crosses::<Progress>();
    crosses::<ReqwestTransport>();
    crosses::<TransportError>();
    crosses::<Page<applications::Application>>();
    crosses::<messages::SendMessage>();
    crosses::<messages::Message>();
    crosses::<calls::PlaceCall>();
    crosses::<calls::Call>();
    crosses::<numbers::UpdatePhoneNumber>();
    crosses::<numbers::IncomingPhoneNumber>();
    moves(&Body::empty());
    let client = base_url("http://127.0.0.1:8080").unwrap();
    moves(&client.execute(fetch()));
}
