//! No configuration of a messenger leads around a gate, and none that cannot work is built.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use clinspark_twilio::client::auth_tokens::{
    CreateSecondaryAuthToken, DeleteSecondaryAuthToken, PromoteAuthToken,
};
use clinspark_twilio::client::messages::{AlphanumericSender, ChannelSender, SendMessage, Sender};
use clinspark_twilio::client::numbers::{
    BuyPhoneNumber, ReleasePhoneNumber, UpdateIncomingPhoneNumber,
};
use clinspark_twilio::client::testing::FakeTransport;
use clinspark_twilio::client::{
    Body, Client, ClientBuilder, Credentials, Delivery, ErrorKind as ClientErrorKind, Host,
    Outcome, RawRequest, RetryBudget, RetryPolicy, Transport, TransportError,
};
use clinspark_twilio::messenger::{
    Consent, ErrorKind, Messenger, MessengerBuilder, WithoutConsentGate,
};
use clinspark_twilio::phone::{E164, ShortCode};
use clinspark_twilio::types::{AccountSid, AuthToken, BoxFuture, PhoneNumberSid};
use clinspark_twilio::webhook::{PathKind, PublicOrigin, WebhookPaths};

use crate::consent::ScriptedGate;
use crate::{
    ACCOUNT, BODY, MESSAGE_JSON, SERVICE, TYPED, VOLUNTEER, inbound_message, settings, signed,
    transport_replying, twiml,
};

const OURS: &str = "+61255501234";

fn number(text: &str) -> E164 {
    E164::parse(text).unwrap()
}

fn credentials(account: &str) -> Credentials {
    let account = AccountSid::parse(account).unwrap();
    Credentials::auth_token(account, AuthToken::new("the-auth-token").unwrap())
}

fn builder_without_settings(
    client: ClientBuilder,
    sender: Sender,
    origin: &str,
) -> MessengerBuilder {
    Messenger::builder(
        client,
        sender,
        PublicOrigin::parse(origin).unwrap(),
        AuthToken::new("the-auth-token").unwrap(),
        WithoutConsentGate,
    )
}

fn live(transport: &FakeTransport) -> ClientBuilder {
    Client::builder(credentials(ACCOUNT), Delivery::Live).with_transport(transport.clone())
}

/// The switch of the settings is the deployment's: code that switches the messenger on again
/// reaches no one.
#[tokio::test]
async fn settings_that_are_off_stay_off() {
    let transport = transport_replying(MESSAGE_JSON);
    let off = settings().enabled("false").build().unwrap();
    let messenger = off
        .messenger_builder(WithoutConsentGate)
        .enabled(true)
        .with_transport(transport.clone())
        .build()
        .unwrap();
    let error = messenger.text(TYPED, BODY).await.unwrap_err();
    assert_eq!(error.client().unwrap().kind(), ClientErrorKind::Blocked);
    let error = messenger.call(TYPED, &twiml()).await.unwrap_err();
    assert_eq!(error.client().unwrap().kind(), ClientErrorKind::Blocked);
    // Nor does a client that replaces the settings' own.
    let reaching_all =
        Client::builder(credentials(ACCOUNT), Delivery::Live).with_transport(transport.clone());
    let replaced = off
        .messenger_builder(WithoutConsentGate)
        .enabled(true)
        .client(|_| reaching_all.clone());
    assert_eq!(
        replaced.build().unwrap_err().kind(),
        ErrorKind::Configuration
    );
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn more_testers_than_the_settings_name_are_refused() {
    let tester = settings().delivery(format!("only:{VOLUNTEER}"));
    let tester = tester.build().unwrap();
    let more = Delivery::only([number(VOLUNTEER), number("+61491570157")]);
    let client = |delivery| {
        Client::builder(credentials(ACCOUNT), delivery).with_transport(FakeTransport::new())
    };
    let replaced = tester
        .messenger_builder(WithoutConsentGate)
        .client(|_| client(more.clone()));
    let ready = tester
        .messenger_builder(WithoutConsentGate)
        .with_client(client(more.clone()).build().unwrap());
    for builder in [replaced, ready] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
    }
    // The same testers in another order are the same.
    let same = client(Delivery::only([number(VOLUNTEER)]));
    tester
        .messenger_builder(WithoutConsentGate)
        .client(|_| same)
        .build()
        .unwrap();
}

/// The client that is handed out reaches no one, whatever is derived from it, and no messenger is
/// made of it.
#[tokio::test]
async fn the_client_that_is_handed_out_stays_without_texts_and_calls() {
    let transport = transport_replying(MESSAGE_JSON);
    let settings = settings().build().unwrap();
    let builder = || settings.messenger_builder(WithoutConsentGate);
    let messenger = builder().with_transport(transport.clone()).build().unwrap();
    let staff = messenger.on_behalf_of("staff-17", "reminder");
    let account = AccountSid::parse(ACCOUNT).unwrap();
    for client in [
        messenger.client().clone(),
        staff.client().clone(),
        messenger.client().on_behalf_of("staff-17", "reminder"),
        messenger.client().for_account(account),
    ] {
        let text = SendMessage::new(number(VOLUNTEER), Sender::Number(number(OURS)), BODY);
        let error = client.execute(text).await.unwrap_err();
        assert_eq!(error.kind(), ClientErrorKind::Blocked);
        assert_eq!(*client.delivery(), Delivery::Off);
        let error = builder().with_client(client).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
    }
    assert!(transport.requests().is_empty());
}

/// Any spelling of a request that texts or calls, or that changes what the account owns.
#[tokio::test]
async fn the_client_that_is_handed_out_runs_no_raw_request_around_the_gates() {
    let transport = transport_replying("{}");
    let settings = settings().build().unwrap();
    let builder = settings
        .messenger_builder(WithoutConsentGate)
        .with_transport(transport.clone());
    let client = builder.build().unwrap().client().clone();
    let account = format!("/2010-04-01/Accounts/{ACCOUNT}");
    let number = "IncomingPhoneNumbers/PN00000000000000000000000000000001.json";
    let post = |host, path: &str| RawRequest::post(host, path).param("To", VOLUNTEER);
    for request in [
        post(Host::Api, &format!("{account}/Messages.json")),
        post(Host::Api, &format!("{account}/Messages")),
        post(Host::Api, &format!("{account}/messages.json/")),
        post(Host::Api, &format!("{account}/%4Dessages.json")),
        post(
            Host::Api,
            &format!("{account}/Applications.json/../Messages.json"),
        ),
        post(Host::Api, "/2010-04-01/Accounts/{AccountSid}/Calls.json"),
        post(
            Host::Api,
            "/2010-04-01/Accounts/AC00000000000000000000000000000009/Calls.json",
        ),
        post(
            Host::Api,
            &format!("{account}/Conferences/visit/Participants.json"),
        ),
        post(
            Host::Verify,
            "/v2/Services/VA00000000000000000000000000000001/Verifications",
        ),
        post(
            Host::Studio,
            "/v2/Flows/FW00000000000000000000000000000001/Executions",
        ),
        post(Host::Conversations, "/v1/ConversationWithParticipants"),
        post(Host::Api, &format!("{account}/Messages.json")).json(&VOLUNTEER),
        // Buys, releases and transfers numbers.
        RawRequest::post(Host::Api, format!("{account}/IncomingPhoneNumbers.json")),
        RawRequest::post(
            Host::Api,
            format!("{account}/IncomingPhoneNumbers/Local.json"),
        ),
        RawRequest::delete(Host::Api, format!("{account}/{number}")),
        RawRequest::delete(Host::Api, format!("{account}/{}", number.to_lowercase())),
        RawRequest::post(Host::Api, format!("{account}/{number}")).param("AccountSid", ACCOUNT),
        RawRequest::post(Host::Api, format!("{account}/{number}")).param("accountsid", ACCOUNT),
        RawRequest::post(Host::Api, format!("{account}/{number}")).json(&ACCOUNT),
        RawRequest::post(Host::Accounts, "/v1/AuthTokens/Promote"),
        RawRequest::post(Host::Accounts, "/v1/AuthTokens/Secondary"),
        RawRequest::delete(Host::Accounts, "/v1/authtokens/Secondary"),
        RawRequest::delete(Host::Iam, "/v1/Keys/SK00000000000000000000000000000001"),
        RawRequest::delete(
            Host::Api,
            format!("{account}/Keys/SK00000000000000000000000000000001.json"),
        ),
        RawRequest::delete(
            Host::Api,
            format!("{account}/SigningKeys/SK00000000000000000000000000000001.json"),
        ),
    ] {
        let error = client.execute(request).await.unwrap_err();
        assert_eq!(error.kind(), ClientErrorKind::Blocked, "{error}");
    }
    assert!(transport.requests().is_empty());
    // Configuring the account still works.
    let update = RawRequest::post(Host::Api, format!("{account}/{number}"));
    client
        .execute(update.param("FriendlyName", "Clinic"))
        .await
        .unwrap();
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test]
async fn the_client_that_is_handed_out_neither_trades_numbers_nor_changes_tokens() {
    let transport = FakeTransport::new();
    let settings = settings().build().unwrap();
    let builder = settings
        .messenger_builder(WithoutConsentGate)
        .with_transport(transport.clone());
    let client = builder.build().unwrap().client().clone();
    let sid = PhoneNumberSid::parse("PN00000000000000000000000000000001").unwrap();
    let transfer = UpdateIncomingPhoneNumber::new(sid).extra_param("AccountSid", ACCOUNT);
    let errors = [
        client
            .execute(BuyPhoneNumber::new(number(OURS)))
            .await
            .err(),
        client.execute(ReleasePhoneNumber::new(sid)).await.err(),
        client.execute(transfer).await.err(),
        client.execute(CreateSecondaryAuthToken::new()).await.err(),
        client.execute(DeleteSecondaryAuthToken::new()).await.err(),
        client.execute(PromoteAuthToken::new()).await.err(),
    ];
    for error in errors.into_iter().map(Option::unwrap) {
        assert_eq!(error.kind(), ClientErrorKind::Blocked, "{error}");
        let what = "this request needs a client of your own";
        assert!(error.to_string().contains(what), "{error}");
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn a_messenger_on_somebodys_behalf_keeps_every_gate() {
    let transport = transport_replying(MESSAGE_JSON);
    let gate = ScriptedGate::new(Ok(Consent::Withheld));
    let settings = settings().build().unwrap();
    let messenger = settings
        .messenger_builder(WithoutConsentGate)
        .with_transport(transport.clone())
        .consent_gate(gate.clone())
        .build()
        .unwrap();
    let staff = messenger
        .on_behalf_of("staff-17", "reminder")
        .on_behalf_of("staff-18", "recall");
    let error = staff.text(TYPED, BODY).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Consent);
    let stop = signed("/hooks/message", &inbound_message("STOP", ""));
    staff.receive(stop).await.unwrap();
    assert_eq!(gate.events().len(), 1);
    let forged = signed("/hooks/message-status", &inbound_message("STOP", ""));
    assert!(staff.receive(forged).await.is_err());
    assert!(transport.requests().is_empty());
}

/// A messenger whose sender it would refuse with each message is refused itself.
#[test]
fn a_sender_that_no_gate_lets_pass_is_refused_at_once() {
    for sender in [
        Sender::ShortCode(ShortCode::parse("12345").unwrap()),
        Sender::Alphanumeric(AlphanumericSender::parse("Clinic").unwrap()),
        Sender::Channel(ChannelSender::whatsapp(number(OURS))),
    ] {
        let builder = builder_without_settings(
            live(&FakeTransport::new()),
            sender,
            "https://acme.example.com",
        );
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
        assert_eq!(*error.outcome(), Outcome::NotSent);
    }
    let service = SERVICE.parse().unwrap();
    for sender in [
        Sender::Number(number(OURS)),
        Sender::Service(service),
        Sender::NumberInService {
            service,
            number: number(OURS),
        },
    ] {
        let builder = builder_without_settings(
            live(&FakeTransport::new()),
            sender,
            "https://acme.example.com",
        );
        builder.build().unwrap();
    }
}

/// Webhooks hold numbers and message bodies: settings have always asked for https.
#[test]
fn an_origin_without_tls_is_refused() {
    let built = |origin| {
        let sender = Sender::Number(number(OURS));
        builder_without_settings(live(&FakeTransport::new()), sender, origin).build()
    };
    for origin in [
        "http://acme.example.com",
        "http://acme.example.com:8080",
        "http://localhost.example.com",
        "http://10.0.0.1",
    ] {
        let error = built(origin).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{origin}");
    }
    for origin in [
        "https://acme.example.com",
        "HTTPS://acme.example.com",
        "http://127.0.0.1:8080",
    ] {
        assert!(built(origin).is_ok(), "{origin}");
    }
}

/// Counts the requests that are under way at once; each takes a second, and none is answered.
#[derive(Clone, Default)]
struct Busy {
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    all: Arc<AtomicUsize>,
}

impl Transport for Busy {
    fn send(
        &self,
        _: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async {
            self.all.fetch_add(1, Ordering::SeqCst);
            let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_secs(1)).await;
            self.now.fetch_sub(1, Ordering::SeqCst);
            let mut answer = http::Response::new(Body::empty());
            *answer.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
            Ok(answer)
        })
    }
}

#[tokio::test(start_paused = true)]
async fn everything_derived_from_a_client_shares_its_permits_and_its_budget() {
    let transport = Busy::default();
    let settings = settings().build().unwrap();
    let ready = Client::builder(credentials(ACCOUNT), Delivery::Live)
        .with_transport(transport.clone())
        .max_in_flight(1)
        .retry(RetryPolicy::new().attempts(10))
        .retry_budget(RetryBudget::new().capacity(3).per_second(0))
        .build()
        .unwrap();
    let build = || {
        settings
            .messenger_builder(WithoutConsentGate)
            .with_client(ready.clone())
    };
    let (one, two) = (build().build().unwrap(), build().build().unwrap());
    let staff = one.on_behalf_of("staff-17", "reminder");
    let again = one.clone();
    let texts = tokio::join!(
        one.text(TYPED, BODY).into_future(),
        two.text(TYPED, BODY).into_future(),
        staff.text(TYPED, BODY).into_future(),
        again.text(TYPED, BODY).into_future(),
    );
    assert!(texts.0.is_err() && texts.1.is_err() && texts.2.is_err() && texts.3.is_err());
    assert_eq!(transport.most.load(Ordering::SeqCst), 1);
    // Four creates, which are never sent again; then reads, of which three retries are left.
    for client in [&ready, one.client(), staff.client(), two.client()] {
        let fetch = clinspark_twilio::client::accounts::FetchBalance::new();
        client.execute(fetch).await.unwrap_err();
    }
    assert_eq!(transport.all.load(Ordering::SeqCst), 4 + 4 + 3);
    assert_eq!(transport.most.load(Ordering::SeqCst), 1);
}

/// A path matches itself and what is below it, with and without connection overrides and slashes
/// at its end.
#[tokio::test]
async fn overrides_and_slashes_change_no_verdict() {
    for (message, status) in [
        ("/m", "/m-status"),
        ("/m#rc=2", "/m-status#rc=5&ct=2000"),
        ("/m/", "/m-status/"),
        ("/m/#rc=2", "/m-status/#rp=all"),
    ] {
        let gate = ScriptedGate::new(Ok(Consent::Given));
        let paths = WebhookPaths::new().message(message).message_status(status);
        let messenger = builder_without_settings(
            live(&transport_replying(MESSAGE_JSON)),
            Sender::Number(number(OURS)),
            "https://demo.clinspark.com",
        )
        .webhook_paths(paths)
        .consent_gate(gate.clone())
        .build()
        .unwrap();
        for (path, believed) in [
            ("/m", true),
            ("/m/", true),
            ("/m/x", true),
            ("/m?x=1", true),
            ("/m-status", false),
            ("/m-status/m", false),
            ("/M", false),
            ("//m", false),
            ("/%6D", false),
            ("/x/../m", false),
            ("/", false),
        ] {
            let refusal_kind = messenger
                .receive(signed(path, &inbound_message("STOP", "")))
                .await;
            assert_eq!(refusal_kind.is_ok(), believed, "{message} {path}");
            assert_eq!(
                gate.events().len(),
                usize::from(believed),
                "{message} {path}"
            );
            if let Ok(verified) = refusal_kind {
                assert_eq!(verified.path_kind(), Some(PathKind::Message));
            }
        }
        let plus = E164::parse(VOLUNTEER).unwrap();
        let own = SendMessage::new(plus, messenger.sender().clone(), BODY)
            .status_callback("https://demo.clinspark.com/m/x");
        let error = messenger.send(own).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{message}");
    }
}
