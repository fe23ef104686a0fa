//! Settings of a client.

use std::sync::Arc;

use clinspark_twilio::client::{
    Body, Client, ClientBuilder, Credentials, Delivery, Edge, Error, ErrorKind, Host, Outcome,
    Page, ProcessingRegion, Progress, ReqwestTransport, TransportError, alerts, applications,
    calls, messages, numbers, services,
};
use clinspark_twilio::types::{AccountSid, AuthToken};

use crate::support::{ACCOUNT, Recorder, assert_debug_clean, credentials, fetch};

fn base_url(url: &str) -> Result<Client, Error> {
    Client::builder(credentials(), Delivery::Off)
        .with_transport(Recorder::refusing())
        .base_url(url)
        .build()
}

#[test]
fn base_urls_that_may_receive_the_credentials_are_accepted() {
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
fn other_base_urls_are_refused() {
    let cases = [
        ("", "the base URL is not a valid URL"),
        ("https://", "the base URL is not a valid URL"),
        ("not a url", "the base URL is not a valid URL"),
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
            "the base URL must not contain a user name or password",
        ),
        (
            "http://127.0.0.1@evil.example",
            "the base URL must not contain a user name or password",
        ),
        (
            "https://api.twilio.com/v1",
            "the base URL must consist of scheme, host and port only",
        ),
        (
            "https://api.twilio.com?PLANTED",
            "the base URL must consist of scheme, host and port only",
        ),
        (
            "https://api.twilio.com/#PLANTED",
            "the base URL must consist of scheme, host and port only",
        ),
    ];
    for (url, what) in cases {
        let error = base_url(url).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert_eq!(*error.outcome(), Outcome::NotSent);
        assert_eq!(
            error.to_string(),
            format!("ClientBuilder::base_url: {what}; nothing was sent")
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

async fn hosts(recorder: &Arc<Recorder>, builder: &ClientBuilder) -> Vec<String> {
    let client = builder.clone().build().unwrap();
    let _ = client.execute(fetch()).await;
    let _ = client.execute(services::ListServices::new()).await;
    let _ = client.execute(alerts::ListAlerts::new()).await;
    let seen = recorder.take();
    seen.into_iter().map(|seen| seen.host).collect()
}

#[tokio::test]
async fn one_host_can_be_replaced_alone() {
    let recorder = Recorder::refusing();
    let gateway = recorder
        .builder(Delivery::Off)
        .host_base_url(Host::Messaging, "https://u:PLANTED@replaced.clinic.example")
        .host_base_url(Host::Messaging, "https://texts.clinic.example");
    assert_eq!(
        hosts(&recorder, &gateway).await,
        [
            "api.twilio.com",
            "texts.clinic.example",
            "monitor.twilio.com"
        ]
    );
    let regional = gateway.clone().region(ProcessingRegion::IE1);
    assert_eq!(
        hosts(&recorder, &regional).await,
        [
            "api.dublin.ie1.twilio.com",
            "texts.clinic.example",
            "monitor.dublin.ie1.twilio.com"
        ]
    );
    let error = gateway
        .host_base_url(Host::Voice, "https://u:PLANTED@h.example")
        .build()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "ClientBuilder::host_base_url: the base URL must not contain a user name or password; \
         nothing was sent"
    );
}

#[test]
fn a_cloned_builder_keeps_its_own_settings() {
    let first = Recorder::refusing()
        .builder(Delivery::Off)
        .base_url("http://127.0.0.1:8080");
    let second = first.clone().base_url("http://127.0.0.1:9090");
    assert!(format!("{:?}", first.build().unwrap()).contains("8080"));
    assert!(format!("{:?}", second.build().unwrap()).contains("9090"));
}

#[tokio::test]
async fn the_order_of_base_urls_has_no_meaning() {
    let recorder = Recorder::refusing();
    let client = || recorder.builder(Delivery::Off);
    for builder in [
        client()
            .region(ProcessingRegion::AU1)
            .edge(Edge::parse("tokyo").unwrap())
            .base_url("http://127.0.0.1:8080")
            .host_base_url(Host::Monitor, "https://watch.clinic.example"),
        client()
            .host_base_url(Host::Monitor, "https://watch.clinic.example")
            .base_url("http://127.0.0.1:8080")
            .edge(Edge::parse("tokyo").unwrap())
            .region(ProcessingRegion::AU1),
    ] {
        assert_eq!(
            hosts(&recorder, &builder).await,
            ["127.0.0.1:8080", "127.0.0.1:8080", "watch.clinic.example"]
        );
    }
}

#[tokio::test]
async fn an_edge_is_part_of_the_host() {
    let recorder = Recorder::refusing();
    for (region, edge, host) in [
        (ProcessingRegion::US1, "Sydney", "api.sydney.us1.twilio.com"),
        (
            ProcessingRegion::IE1,
            "frankfurt",
            "api.frankfurt.ie1.twilio.com",
        ),
        (
            ProcessingRegion::AU1,
            "sydney-ix",
            "api.sydney-ix.au1.twilio.com",
        ),
    ] {
        let edge = Edge::parse(edge).unwrap();
        let builder = recorder.builder(Delivery::Off).edge(edge).region(region);
        assert_eq!(hosts(&recorder, &builder).await[0], host);
    }
}

#[tokio::test]
async fn a_region_without_a_known_edge_needs_one() {
    let recorder = Recorder::refusing();
    let newer = ProcessingRegion::parse("ZA1").unwrap();
    let builder = recorder.builder(Delivery::Off).region(newer);
    // A base URL replaces the hosts, and does not excuse the region.
    for builder in [
        builder.clone(),
        builder.clone().base_url("http://127.0.0.1:8080"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert_eq!(
            error.to_string(),
            "ClientBuilder::edge: the edge of this region is not known: set the edge, too; \
             nothing was sent"
        );
    }
    let builder = builder.edge(Edge::parse("cape-town").unwrap());
    assert_eq!(
        hosts(&recorder, &builder).await[0],
        "api.cape-town.za1.twilio.com"
    );
}

#[test]
fn a_builder_prints_its_settings_and_no_secret() {
    let builder = Client::builder(credentials(), Delivery::Off)
        .with_transport(Recorder::refusing())
        .base_url("https://u:PLANTED@h.example")
        .host_base_url(Host::Voice, "https://u:PLANTED@h.example");
    assert_debug_clean(&builder);
    assert!(format!("{builder:?}").contains("max_in_flight: 20"));
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
fn credentials_with_other_tokens_differ() {
    let other = AuthToken::new("other").unwrap();
    let other = Credentials::auth_token(AccountSid::parse(ACCOUNT).unwrap(), other);
    assert_ne!(credentials(), other);
}

#[test]
fn client_types_are_send_and_sync() {
    fn crosses<T: Send + Sync>() {}
    fn moves<T: Send>(_: &T) {}
    crosses::<Client>();
    crosses::<ClientBuilder>();
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
    crosses::<numbers::UpdateIncomingPhoneNumber>();
    crosses::<numbers::IncomingPhoneNumber>();
    moves(&Body::empty());
    let client = base_url("http://127.0.0.1:8080").unwrap();
    moves(&client.execute(fetch()));
}
