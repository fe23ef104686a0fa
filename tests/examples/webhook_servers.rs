//! The examples that serve webhooks, with a sandbox that sends them.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use clinspark_twilio::messenger::{Consent, ConsentGate, ContactAttempt, Messenger};
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::{Sandbox, SentWebhook};
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::types::BoxFuture;
use clinspark_twilio::webhook::{ConsentError, ConsentEvent, ConsentSignal, SIGNATURE_HEADER};
use tokio::net::TcpListener;

#[path = "../../examples/two_tenants.rs"]
#[expect(dead_code, reason = "its `main` needs two accounts")]
mod two_tenants;
#[path = "../../examples/webhook_axum.rs"]
#[expect(dead_code, reason = "its `main` needs an account")]
mod webhook_axum;
#[path = "../../examples/webhook_hyper.rs"]
#[expect(dead_code, reason = "its `main` needs an account")]
mod webhook_hyper;

const CLINIC: &str = "+61255501234";
const VOLUNTEER: &str = "+61491570156";
const ANSWER: &str = "A nurse will call you.";

/// Records the signals of all people.
#[derive(Clone, Default)]
struct Signals(Arc<Mutex<Vec<ConsentSignal>>>);

impl ConsentGate for Signals {
    fn check<'a>(&'a self, _: &'a ContactAttempt) -> BoxFuture<'a, Result<Consent, ConsentError>> {
        Box::pin(async { Ok(Consent::Given) })
    }

    fn on_event<'a>(&'a self, event: &'a ConsentEvent) -> BoxFuture<'a, Result<(), ConsentError>> {
        self.0.lock().unwrap().push(event.signal);
        Box::pin(async { Ok(()) })
    }
}

/// One clinic: its account, and what its messenger has told its consent gate.
struct Clinic {
    twilio: Sandbox,
    messenger: Messenger,
    signals: Signals,
}

impl Clinic {
    async fn new(origin: &str) -> Self {
        let twilio = Sandbox::start().await.unwrap();
        let number = twilio.add_number(E164::parse(CLINIC).unwrap());
        let url = format!("{origin}/twilio/sms");
        twilio
            .configure_number(number, &[("SmsUrl", &url)])
            .unwrap();
        let settings = twilio
            .settings()
            .domain(origin)
            .message_path("/twilio/sms")
            .delivery(format!("only:{VOLUNTEER}"));
        let signals = Signals::default();
        let messenger = settings.build().unwrap().messenger_builder();
        let messenger = messenger.consent_gate(signals.clone()).build().unwrap();
        Self {
            twilio,
            messenger,
            signals,
        }
    }

    /// Texts the clinic. Returns the bodies of the replies.
    async fn text(&self, body: &str) -> Vec<String> {
        let volunteer = self.twilio.phone(E164::parse(VOLUNTEER).unwrap());
        let clinic = E164::parse(CLINIC).unwrap();
        let replies = volunteer.text(clinic, body).await.unwrap();
        self.twilio.wait_idle().await.unwrap();
        replies
            .iter()
            .map(|reply| reply.body.expose().clone())
            .collect()
    }

    fn last_webhook(&self) -> SentWebhook {
        self.twilio.webhooks().pop().unwrap()
    }
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// Sends a recorded webhook to a server. Returns its status, or `None` if it closed the connection.
async fn send(
    webhook: &SentWebhook,
    server: SocketAddr,
    host: &str,
    change: impl Fn(String) -> String,
) -> Option<u16> {
    let form = serde_urlencoded::to_string(webhook.parameters.expose()).unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let sent = client
        .post(format!("http://{server}/twilio/sms"))
        .header("host", host)
        .header(SIGNATURE_HEADER, webhook.signature.expose())
        .header("content-type", "application/x-www-form-urlencoded")
        .body(change(form))
        .send()
        .await;
    sent.ok().map(|answer| answer.status().as_u16())
}

async fn check_server(clinic: Clinic, server: SocketAddr, too_large: Option<u16>) {
    assert_eq!(clinic.text("Yes").await, [ANSWER]);
    let webhook = clinic.last_webhook();
    let host = server.to_string();
    assert_eq!(send(&webhook, server, &host, |form| form).await, Some(200));
    let forge = |form: String| form.replace("Body=Yes", "Body=No");
    assert_eq!(send(&webhook, server, &host, forge).await, Some(403));
    let pad = |form: String| format!("{form}&{}", "a".repeat(64 * 1024));
    assert_eq!(send(&webhook, server, &host, pad).await, too_large);

    // Twilio delivers this one as any other text. Only the service can leave it without a reply.
    assert!(clinic.text("Please stop texting me").await.is_empty());
    // A reply to STOP would be rejected with alert 21610.
    clinic.text("STOP").await;
    let signals = clinic.signals.0.lock().unwrap();
    let opt_outs = [OptOut::MaybeStop, OptOut::Stop].map(ConsentSignal::Replied);
    assert!(signals.ends_with(&opt_outs), "{signals:?}");
    assert!(clinic.twilio.alerts().is_empty());
}

#[tokio::test]
async fn axum_answers_signed_texts() {
    let (listener, server) = listen().await;
    let clinic = Clinic::new(&format!("http://{server}")).await;
    let router = webhook_axum::router(&clinic.messenger);
    tokio::spawn(async move { axum::serve(listener, router).await });
    check_server(clinic, server, Some(413)).await;
}

#[tokio::test]
async fn hyper_answers_signed_texts() {
    let (listener, server) = listen().await;
    let clinic = Clinic::new(&format!("http://{server}")).await;
    tokio::spawn(webhook_hyper::serve(listener, clinic.messenger.clone()));
    check_server(clinic, server, None).await;
}

#[tokio::test]
async fn nothing_of_one_tenant_reaches_the_other() {
    let (listener, server) = listen().await;
    let hosts = ["acme.example.com", "demo.example.com"];
    let acme = Clinic::new("https://acme.example.com").await;
    let demo = Clinic::new("https://demo.example.com").await;
    let router = two_tenants::router([acme.messenger.clone(), demo.messenger.clone()]).unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    for (clinic, host) in [&acme, &demo].into_iter().zip(hosts) {
        let origin = format!("https://{host}");
        clinic.twilio.map_origin(&origin, server).unwrap();
    }

    // Both clinics have the same number, so only account and origin tell them apart.
    acme.text("START").await;
    assert_eq!(acme.signals.0.lock().unwrap().len(), 1);
    assert_eq!(demo.signals.0.lock().unwrap().len(), 0);
    let webhook = acme.last_webhook();
    assert_eq!(webhook.status, Some(200));
    assert_eq!(
        send(&webhook, server, hosts[0], |form| form).await,
        Some(200)
    );
    assert_eq!(
        send(&webhook, server, hosts[1], |form| form).await,
        Some(403)
    );
    assert_eq!(
        send(&webhook, server, "other.example", |form| form).await,
        Some(403)
    );
    assert_eq!(demo.signals.0.lock().unwrap().len(), 0);

    demo.messenger.text(VOLUNTEER, "Hello").await.unwrap();
    let texts = |clinic: &Clinic| {
        let volunteer = clinic.twilio.phone(E164::parse(VOLUNTEER).unwrap());
        volunteer
            .inbox()
            .iter()
            .filter(|text| text.body.expose() == "Hello")
            .count()
    };
    demo.twilio.wait_idle().await.unwrap();
    assert_eq!([texts(&acme), texts(&demo)], [0, 1]);
}
