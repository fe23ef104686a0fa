//! Several instances in one process: nothing of one reaches another.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use clinspark_twilio::client::testing::FakeTransport;
use clinspark_twilio::messenger::{Consent, Messenger, MessengerRouter};
use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{
    PublicOrigin, RefusalKind, SIGNATURE_HEADER, Validator, body_sha256,
};
use http::Request;
use tower_layer::Layer as _;
use tower_service::Service;

use crate::consent::ScriptedGate;
use crate::{builder, settings};

/// An instance of the router, with what its gate was told.
struct Instance {
    account: String,
    token: String,
    origin: String,
    number: String,
    gate: ScriptedGate,
}

impl Instance {
    fn new(host: &str, n: usize) -> (Self, Messenger) {
        Self::with_token(host, n, &format!("token-of-instance-{n}"))
    }

    fn with_token(host: &str, n: usize, token: &str) -> (Self, Messenger) {
        let instance = Self {
            account: format!("AC{n:032}"),
            token: token.to_owned(),
            origin: format!("https://{host}"),
            number: format!("+612555012{n:02}"),
            gate: ScriptedGate::new(Ok(Consent::Given)),
        };
        let settings = settings()
            .domain(host)
            .account_sid(instance.account.as_str())
            .auth_token(instance.token.as_str())
            .number(instance.number.as_str());
        let messenger = builder(settings, &FakeTransport::new())
            .consent_gate(instance.gate.clone())
            .build()
            .unwrap();
        (instance, messenger)
    }

    /// A STOP to this instance, sent to a host.
    fn stop_at(&self, host: &str) -> Request<String> {
        let number = self.number.replace('+', "%2B");
        let mut request = Request::post("/hooks/message")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("host", host)
            .body(format!(
                "AccountSid={}&MessageSid=SM00000000000000000000000000000001&Body=STOP\
                 &From=%2B61491570156&To={number}",
                self.account
            ))
            .unwrap();
        let token = AuthToken::new(self.token.as_str()).unwrap();
        let twilio = Validator::new(token, PublicOrigin::parse(&self.origin).unwrap());
        let signature = twilio.sign(&request).parse().unwrap();
        request.headers_mut().insert(SIGNATURE_HEADER, signature);
        request
    }

    /// Number of events since the last look.
    fn events(&self) -> usize {
        self.gate.events().len()
    }
}

/// Two hosts; the second is shared by two accounts.
fn clinics() -> (Vec<Instance>, MessengerRouter) {
    let made = [
        ("one.example.com", 1),
        ("two.example.com", 2),
        ("two.example.com", 3),
    ]
    .map(|(host, n)| Instance::new(host, n));
    let (instances, messengers): (Vec<_>, Vec<_>) = made.into_iter().unzip();
    (instances, MessengerRouter::new(messengers).unwrap())
}

#[tokio::test]
async fn each_request_reaches_its_own_instance() {
    let (instances, router) = clinics();
    for (at, instance) in instances.iter().enumerate() {
        let host = instance.origin.strip_prefix("https://").unwrap();
        // Neither a port nor capitals make another host.
        for host in [host.to_owned(), format!("{host}:443"), host.to_uppercase()] {
            let (messenger, _) = router.receive(instance.stop_at(&host)).await.unwrap();
            assert_eq!(messenger.origin().as_str(), instance.origin);
            let account = messenger.client().account_sid();
            assert_eq!(account.as_str(), instance.account);
        }
        let told: Vec<_> = instances.iter().map(Instance::events).collect();
        let expected: Vec<_> = (0..3).map(|n| if n == at { 3 } else { 0 }).collect();
        assert_eq!(told, expected);
    }
}

#[tokio::test]
async fn no_host_leads_to_another_instance() {
    let (instances, router) = clinics();
    for instance in &instances {
        for host in [
            "one.example.com",
            "two.example.com",
            "other.example.com",
            "",
        ] {
            if instance.origin.ends_with(host) && !host.is_empty() {
                continue;
            }
            let refusal = router.receive(instance.stop_at(host)).await.unwrap_err();
            assert_eq!(refusal.status(), 403, "{host}");
        }
        // The account of another instance, or none, at the right host.
        let host = instance.origin.strip_prefix("https://").unwrap();
        for account in ["AccountSid=AC00000000000000000000000000000009", "x=y"] {
            let mut request = instance.stop_at(host);
            let own = format!("AccountSid={}", instance.account);
            *request.body_mut() = request.body().replace(&own, account);
            assert_eq!(router.receive(request).await.unwrap_err().status(), 403);
        }
    }
    assert!(instances.iter().all(|instance| instance.events() == 0));
}

#[tokio::test]
async fn one_instances_token_signs_nothing_for_another() {
    let (instances, router) = clinics();
    for (signer, target) in [(0, 1), (1, 2), (2, 1), (2, 0)] {
        let (signer, target) = (&instances[signer], &instances[target]);
        let host = target.origin.strip_prefix("https://").unwrap();
        let mut request = target.stop_at(host);
        let token = AuthToken::new(signer.token.as_str()).unwrap();
        let forger = Validator::new(token, PublicOrigin::parse(&target.origin).unwrap());
        let signature = forger.sign(&request).parse().unwrap();
        request.headers_mut().insert(SIGNATURE_HEADER, signature);
        let refusal = router.receive(request).await.unwrap_err();
        assert_eq!(refusal.kind(), RefusalKind::Signature);
    }
    assert!(instances.iter().all(|instance| instance.events() == 0));
}

/// Requests that name no account: a handshake, and an event in JSON.
fn nameless(instance: &Instance, query: &str) -> [Request<String>; 2] {
    let host = instance.origin.strip_prefix("https://").unwrap();
    let token = AuthToken::new(instance.token.as_str()).unwrap();
    let twilio = Validator::new(token, PublicOrigin::parse(&instance.origin).unwrap());
    let mut handshake = Request::get(format!("/stream{query}"))
        .header("host", host)
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .body(String::new())
        .unwrap();
    let body = "{}".to_owned();
    let hash = body_sha256(body.as_bytes());
    let separator = if query.is_empty() { '?' } else { '&' };
    let mut event = Request::post(format!("/events{query}{separator}bodySHA256={hash}"))
        .header("host", host)
        .header("content-type", "application/json")
        .body(body)
        .unwrap();
    let of_handshake = twilio.sign_websocket(&handshake).parse().unwrap();
    let of_event = twilio.sign(&event).parse().unwrap();
    handshake
        .headers_mut()
        .insert(SIGNATURE_HEADER, of_handshake);
    event.headers_mut().insert(SIGNATURE_HEADER, of_event);
    [handshake, event]
}

#[tokio::test]
async fn a_request_without_account_belongs_to_the_instance_whose_token_signed_it() {
    let (instances, router) = clinics();
    let handler = Handler::default();
    let mut service = router.layer().layer(handler.clone());
    for instance in &instances {
        for request in nameless(instance, "") {
            let (messenger, _) = router.receive(request.clone()).await.unwrap();
            let account = messenger.client().account_sid();
            assert_eq!(account.as_str(), instance.account);
            let response = service.call(request.map(Body::from)).await.unwrap();
            assert_eq!(response.status(), 200);
            assert_eq!(handler.0.lock().unwrap().pop().unwrap(), instance.account);
        }
    }
}

#[tokio::test]
async fn a_request_without_account_reaches_no_other_instance() {
    let (instances, router) = clinics();
    let handler = Handler::default();
    let mut service = router.layer().layer(handler.clone());
    let named = |n: usize| format!("?AccountSid=AC{n:032}");
    let mut refused = Vec::new();
    // A stranger, and the instance of another host.
    let (stranger, _) = Instance::new("two.example.com", 9);
    refused.extend(nameless(&stranger, ""));
    let mut elsewhere = nameless(&instances[0], "");
    for request in &mut elsewhere {
        let host = "two.example.com".parse().unwrap();
        request.headers_mut().insert("host", host);
    }
    refused.extend(elsewhere);
    // Its own token signs a request that names the account of the other instance.
    refused.extend(nameless(&instances[1], &named(3)));
    refused.extend(nameless(&instances[2], &named(2)));
    // The signature of another URL, and none.
    let [mut other_url, mut unsigned] = nameless(&instances[1], "");
    *other_url.uri_mut() = "/other".parse().unwrap();
    unsigned.headers_mut().remove(SIGNATURE_HEADER);
    refused.extend([other_url, unsigned]);
    // A longer URL is not tried with every token.
    refused.extend(nameless(&instances[1], &format!("?q={}", "a".repeat(4096))));
    for request in refused {
        let refusal = router.receive(request.clone()).await.unwrap_err();
        assert_eq!(refusal.status(), 403);
        let response = service.call(request.map(Body::from)).await.unwrap();
        assert_eq!(response.status(), 403);
    }
    assert!(handler.0.lock().unwrap().is_empty());
    // A URL that names the account needs no search.
    for request in nameless(&instances[2], &named(3)) {
        let (messenger, _) = router.receive(request).await.unwrap();
        assert_eq!(
            messenger.client().account_sid().as_str(),
            instances[2].account
        );
    }
}

#[tokio::test]
async fn a_host_of_many_accounts_tries_no_tokens() {
    for (count, is_received) in [(16, true), (17, false)] {
        let made = (10..10 + count).map(|n| Instance::new("many.example.com", n));
        let (instances, messengers): (Vec<_>, Vec<_>) = made.unzip();
        let router = MessengerRouter::new(messengers).unwrap();
        for instance in instances.iter().take(1).chain(instances.last()) {
            for request in nameless(instance, "") {
                assert_eq!(
                    router.receive(request).await.is_ok(),
                    is_received,
                    "{count}"
                );
            }
            let stop = instance.stop_at("many.example.com");
            let (messenger, _) = router.receive(stop).await.unwrap();
            assert_eq!(messenger.client().account_sid().as_str(), instance.account);
        }
    }
}

#[tokio::test]
async fn two_accounts_with_one_token_share_no_request_without_account() {
    let made = [2, 3].map(|n| Instance::with_token("two.example.com", n, "one-token"));
    let (instances, messengers): (Vec<_>, Vec<_>) = made.into_iter().unzip();
    let router = MessengerRouter::new(messengers).unwrap();
    for request in instances.iter().flat_map(|instance| nameless(instance, "")) {
        let refusal = router.receive(request).await.unwrap_err();
        assert_eq!(refusal.kind(), RefusalKind::Account);
    }
}

#[test]
fn two_instances_that_no_webhook_tells_apart_are_refused() {
    let same = [1, 1].map(|n| Instance::new("one.example.com", n).1);
    let error = MessengerRouter::new(same).unwrap_err();
    assert!(error.to_string().contains("one.example.com"), "{error}");
}

/// Keeps the account of the messenger that the layer chose.
#[derive(Clone, Default)]
struct Handler(Arc<Mutex<Vec<String>>>);

impl Service<Request<Body>> for Handler {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(
        &mut self,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), Infallible>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let messenger: &Messenger = request.extensions().get().unwrap();
        let account = messenger.client().account_sid().to_string();
        self.0.lock().unwrap().push(account);
        std::future::ready(Ok(http::Response::default()))
    }
}

#[tokio::test]
async fn the_layer_chooses_by_host_and_account() {
    let (instances, router) = clinics();
    let handler = Handler::default();
    let mut service = router.layer().layer(handler.clone());
    for instance in &instances {
        let host = instance.origin.strip_prefix("https://").unwrap();
        for (host, status) in [(host, 200), ("other.example.com", 403)] {
            let request = instance.stop_at(host).map(Body::from);
            assert_eq!(service.call(request).await.unwrap().status(), status);
        }
    }
    let accounts: Vec<_> = instances.iter().map(|one| one.account.clone()).collect();
    assert_eq!(*handler.0.lock().unwrap(), accounts);
}

#[tokio::test]
async fn a_request_for_an_unknown_host_is_told_to_the_router() {
    let (instances, router) = clinics();
    let request = instances[0].stop_at("other.example.com");
    let refusal = router.receive(request).await.unwrap_err();
    assert_eq!(refusal.kind(), RefusalKind::Host);

    let told = Arc::new(Mutex::new(Vec::new()));
    let kinds = Arc::clone(&told);
    let router = router.on_refusal(move |_, refusal| kinds.lock().unwrap().push(refusal.kind()));
    let mut service = router.layer().layer(Handler::default());
    let request = instances[0].stop_at("other.example.com").map(Body::from);
    assert_eq!(service.call(request).await.unwrap().status(), 403);
    assert_eq!(*told.lock().unwrap(), [RefusalKind::Host]);
}

#[cfg(feature = "tracing")]
mod log {
    use std::fmt::{Debug, Write as _};
    use std::sync::{Arc, Mutex};

    use axum::body::Body;
    use tower_layer::Layer as _;
    use tower_service::Service as _;
    use tracing::field::{Field, Visit};
    use tracing::{Event, Metadata, Subscriber, span};

    use super::{Handler, clinics};

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<String>>);

    impl Visit for Lines {
        fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
            write!(self.0.lock().unwrap(), "{field}={value:?} ").unwrap();
        }
    }

    impl Subscriber for Lines {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            metadata.target() == "clinspark_twilio"
        }

        fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
            span::Id::from_u64(1)
        }

        fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

        fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

        fn event(&self, event: &Event<'_>) {
            event.record(&mut self.clone());
        }

        fn enter(&self, _: &span::Id) {}

        fn exit(&self, _: &span::Id) {}
    }

    #[tokio::test]
    async fn a_request_for_an_unknown_host_is_logged_without_its_number() {
        let (instances, router) = clinics();
        let lines = Lines::default();
        let _guard = tracing::subscriber::set_default(lines.clone());
        let mut service = router.layer().layer(Handler::default());
        let mut request = instances[0].stop_at("www.example.com").map(Body::from);
        *request.uri_mut() = "/hooks/message/61491570156".parse().unwrap();
        assert_eq!(service.call(request).await.unwrap().status(), 403);
        let shown = lines.0.lock().unwrap().clone();
        assert!(shown.contains("kind=Host"), "{shown}");
        assert!(!shown.contains("61491570156"), "{shown}");
    }
}
