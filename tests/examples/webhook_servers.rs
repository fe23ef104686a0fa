//! The examples that serve webhooks, with a sandbox that sends them.

use std::net::SocketAddr;

use clinspark_twilio::messenger::{ErrorKind, MemoryConsentGate, Messenger};
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::{Sandbox, SentWebhook};
use clinspark_twilio::twiml::{Say, VoiceResponse};
use clinspark_twilio::webhook::SIGNATURE_HEADER;
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

/// One clinic: its account, and the record of consent that its messenger keeps.
struct Clinic {
    twilio: Sandbox,
    messenger: Messenger,
    consent: MemoryConsentGate,
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
        let consent = MemoryConsentGate::new();
        let settings = settings.build().unwrap();
        let messenger = settings.messenger(consent.clone()).unwrap();
        Self {
            twilio,
            messenger,
            consent,
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

    /// Checks whether the volunteer may be contacted. Without consent, texts and calls are refused
    /// before Twilio hears of them.
    async fn assert_consents(&self, consents: bool) {
        let volunteer = E164::parse(VOLUNTEER).unwrap();
        assert_eq!(self.consent.consents(volunteer), consents);
        if !consents {
            let twiml = VoiceResponse::new().append(Say::new("Hello."));
            let text = self.messenger.text(VOLUNTEER, "Hello").await.unwrap_err();
            let call = self.messenger.call(VOLUNTEER, &twiml).await.unwrap_err();
            assert_eq!([text.kind(), call.kind()], [ErrorKind::Consent; 2]);
        }
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

/// Sends a recorded webhook to a server. Returns its status.
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

async fn check_server(clinic: Clinic, server: SocketAddr) {
    assert_eq!(clinic.text("Yes").await, [ANSWER]);
    let webhook = clinic.last_webhook();
    let host = server.to_string();
    assert_eq!(send(&webhook, server, &host, |form| form).await, Some(200));
    let forge = |form: String| form.replace("Body=Yes", "Body=No");
    assert_eq!(send(&webhook, server, &host, forge).await, Some(403));
    let pad = |form: String| format!("{form}&{}", "a".repeat(64 * 1024));
    assert_eq!(send(&webhook, server, &host, pad).await, Some(413));

    // Twilio delivers this one as any other text. Only the service can leave it without a reply.
    assert!(clinic.text("Please stop texting me").await.is_empty());
    clinic.assert_consents(false).await;
    clinic.text("START").await;
    clinic.assert_consents(true).await;
    // A reply to STOP would be rejected with alert 21610.
    clinic.text("STOP").await;
    clinic.assert_consents(false).await;
    assert!(clinic.twilio.alerts().is_empty());
}

#[tokio::test]
async fn axum_answers_signed_texts() {
    let (listener, server) = listen().await;
    let clinic = Clinic::new(&format!("http://{server}")).await;
    let router = webhook_axum::router(&clinic.messenger);
    tokio::spawn(async move { axum::serve(listener, router).await });
    check_server(clinic, server).await;
}

#[tokio::test]
async fn hyper_answers_signed_texts() {
    let (listener, server) = listen().await;
    let clinic = Clinic::new(&format!("http://{server}")).await;
    tokio::spawn(webhook_hyper::serve(listener, clinic.messenger.clone()));
    check_server(clinic, server).await;
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
    acme.text("STOP").await;
    acme.assert_consents(false).await;
    demo.assert_consents(true).await;
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
    demo.assert_consents(true).await;

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
