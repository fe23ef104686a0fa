//! A messenger's configuration: what the settings hand over, and which clients it accepts.

use clinspark_twilio::client::messages::Sender;
use clinspark_twilio::client::testing::FakeTransport;
use clinspark_twilio::client::{Client, ClientBuilder, Credentials, Delivery, RetryPolicy};
use clinspark_twilio::messenger::{ErrorKind, Messenger, MessengerBuilder, WithoutConsentGate};
use clinspark_twilio::phone::{E164, Normalizer, Region};
use clinspark_twilio::types::{AccountSid, AuthToken};
use clinspark_twilio::webhook::{PublicOrigin, WebhookPaths};

use crate::{ACCOUNT, BODY, MESSAGE_JSON, TYPED, only_request, settings, transport_replying};

fn credentials(account: &str) -> Credentials {
    let account = AccountSid::parse(account).unwrap();
    Credentials::auth_token(account, AuthToken::new("the-auth-token").unwrap())
}

fn client(account: &str, delivery: Delivery) -> Client {
    Client::builder(credentials(account), delivery)
        .with_transport(FakeTransport::new())
        .build()
        .unwrap()
}

fn builder_without_settings(transport: &FakeTransport) -> MessengerBuilder {
    Messenger::builder(
        Client::builder(credentials(ACCOUNT), Delivery::Live).with_transport(transport.clone()),
        Sender::Number(E164::parse("+61255501234").unwrap()),
        PublicOrigin::parse("https://demo.clinspark.com").unwrap(),
        AuthToken::new("the-auth-token").unwrap(),
        WithoutConsentGate,
    )
}

#[tokio::test]
async fn plain_configuration_texts_as_the_settings_do() {
    let (by_settings, by_hand) = (
        transport_replying(MESSAGE_JSON),
        transport_replying(MESSAGE_JSON),
    );
    let messenger = crate::messenger(settings(), &by_settings);
    messenger
        .text(TYPED, BODY)
        .id(crate::id("visit-1"))
        .await
        .unwrap();
    let paths = WebhookPaths::new().message_status("/hooks/message-status");
    let messenger = builder_without_settings(&by_hand)
        .normalizer(Normalizer::for_region(Region::parse("AU").unwrap()))
        .webhook_paths(paths)
        .build()
        .unwrap();
    messenger
        .text(TYPED, BODY)
        .id(crate::id("visit-1"))
        .await
        .unwrap();
    assert_eq!(
        only_request(&by_settings).parameters(),
        only_request(&by_hand).parameters()
    );
}

#[test]
fn a_client_of_another_account_or_delivery_is_refused() {
    let settings = settings().build().unwrap();
    let other = "AC00000000000000000000000000000009";
    for (account, delivery) in [
        (other, Delivery::Live),
        (ACCOUNT, Delivery::Off),
        (
            ACCOUNT,
            Delivery::only([E164::parse("+61491570156").unwrap()]),
        ),
    ] {
        let ready = settings
            .messenger_builder(WithoutConsentGate)
            .with_client(client(account, delivery.clone()));
        let replaced = settings
            .messenger_builder(WithoutConsentGate)
            .client(|_| Client::builder(credentials(account), delivery))
            .with_transport(FakeTransport::new());
        for builder in [ready, replaced] {
            let error = builder.build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
        }
    }
    let same = client(ACCOUNT, Delivery::Live);
    let builder = || {
        settings
            .messenger_builder(WithoutConsentGate)
            .with_client(same.clone())
    };
    builder().build().unwrap();
    // What a ready client would leave without effect is refused, in either order.
    let retries = |client: ClientBuilder| client.retry(RetryPolicy::none());
    let after = builder().client(retries);
    let before = settings
        .messenger_builder(WithoutConsentGate)
        .client(retries);
    for both in [after, before.with_client(same.clone())] {
        assert_eq!(both.build().unwrap_err().kind(), ErrorKind::Configuration);
    }
}

#[tokio::test]
async fn a_disabled_instance_reaches_no_one_by_any_client() {
    let settings = settings().enabled("false").build().unwrap();
    let live = settings
        .messenger_builder(WithoutConsentGate)
        .with_client(client(ACCOUNT, Delivery::Live));
    assert_eq!(live.build().unwrap_err().kind(), ErrorKind::Configuration);
    let off = settings
        .messenger_builder(WithoutConsentGate)
        .with_client(client(ACCOUNT, Delivery::Off));
    let error = off.build().unwrap().text(TYPED, BODY).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Disabled);
}

#[test]
fn a_webhook_path_is_checked_without_settings_too() {
    for path in ["hooks", "//evil.example", "/hooks?x=1", "/h%2", "/h#rc=9"] {
        let paths = WebhookPaths::new().voice(path);
        let error = builder_without_settings(&FakeTransport::new())
            .webhook_paths(paths)
            .build()
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{path}");
        assert!(
            error
                .to_string()
                .starts_with("the voice path cannot be used"),
            "{error}"
        );
    }
}

/// A webhook's path tells its kind, so one path cannot serve two kinds.
#[test]
fn one_path_for_two_webhooks_is_refused() {
    let build = |paths| {
        let builder = builder_without_settings(&FakeTransport::new());
        builder.webhook_paths(paths).build()
    };
    let setters: [fn(WebhookPaths, &str) -> WebhookPaths; 4] = [
        |paths, path| paths.voice(path),
        |paths, path| paths.call_status(path),
        |paths, path| paths.message(path),
        |paths, path| paths.message_status(path),
    ];
    for (first, set_first) in setters.iter().enumerate() {
        for (second, set_second) in setters.iter().enumerate() {
            for (one, other) in [("/s", "/s"), ("/s", "/s/"), ("/s#rc=5", "/s"), ("/", "/")] {
                let paths = set_second(set_first(WebhookPaths::new(), one), other);
                let result = build(paths);
                assert_eq!(result.is_ok(), first == second, "{one} {other}");
                if let Err(error) = result {
                    assert_eq!(error.kind(), ErrorKind::Configuration);
                }
            }
            if first != second {
                let paths = set_second(set_first(WebhookPaths::new(), "/s"), "/s/below");
                build(paths).unwrap();
            }
        }
    }
    let paths = WebhookPaths::new().message("/hook").message_status("/hook");
    assert_eq!(
        build(paths).unwrap_err().to_string(),
        "the message path is also the message status path; give each of them a path of its own, \
         because the path tells the kind of a webhook"
    );
}
