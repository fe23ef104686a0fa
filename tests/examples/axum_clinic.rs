//! The example server as a clinic, between the sandbox and a receptionist's system.

use std::net::SocketAddr;

use axum::Router;
use clinspark_twilio::clinspark::Settings;
use clinspark_twilio::clinspark::Setup;
use clinspark_twilio::messenger::WithoutConsentGate;
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::{Sandbox, SentWebhook, WebhookKind};
use clinspark_twilio::webhook::{MemoryReplayGuard, SIGNATURE_HEADER};
use tokio::net::TcpListener;

const CLINIC: &str = "+61255501234";
const VOLUNTEER: &str = "+61491570156";
const TYPED: &str = "0491 570 156";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";

struct Fixture {
    twilio: Sandbox,
    webhooks: SocketAddr,
    desk: SocketAddr,
    http: reqwest::Client,
}

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

impl Fixture {
    async fn new() -> Self {
        let twilio = Sandbox::start().await.unwrap();
        twilio.add_number(E164::parse(CLINIC).unwrap());
        let settings = twilio
            .settings()
            .domain("demo")
            .voice_path("/hooks/voice")
            .call_status_path("/hooks/call-status")
            .message_path("/hooks/message")
            .message_status_path("/hooks/message-status")
            .delivery(format!("only:{VOLUNTEER}"))
            .build()
            .unwrap();
        let messenger = settings
            .messenger_builder(WithoutConsentGate)
            .replay_guard(MemoryReplayGuard::new(100))
            .build()
            .unwrap();
        let setup = Setup::new(&settings, messenger.client());
        setup.provision().await.unwrap();
        let layer = messenger.layer();
        let clinic = crate::service::Clinic::new(messenger);
        let webhooks = serve(crate::service::webhooks(&clinic, layer).unwrap()).await;
        twilio
            .map_origin("https://demo.clinspark.com", webhooks)
            .unwrap();
        Self {
            twilio,
            webhooks,
            desk: serve(crate::service::desk(&clinic, TOKEN).unwrap()).await,
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    async fn post_to_desk(&self, path: &str, form: &[(&str, &str)]) -> u16 {
        let request = self
            .http
            .post(format!("http://{}{path}", self.desk))
            .bearer_auth(TOKEN)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(serde_urlencoded::to_string(form).unwrap());
        request.send().await.unwrap().status().as_u16()
    }

    async fn get_from_desk(&self, path: &str) -> String {
        let request = self.http.get(format!("http://{}{path}", self.desk));
        let answer = request.bearer_auth(TOKEN).send();
        answer.await.unwrap().text().await.unwrap()
    }

    /// Sends a webhook again, unchanged, as Twilio does or as an attacker who recorded it.
    async fn replay(&self, webhook: &SentWebhook) -> (u16, String) {
        let path = webhook
            .url
            .expose()
            .strip_prefix("https://demo.clinspark.com");
        let request = self
            .http
            .post(format!("http://{}{}", self.webhooks, path.unwrap()))
            .header(SIGNATURE_HEADER, webhook.signature.expose())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(serde_urlencoded::to_string(webhook.parameters.expose()).unwrap());
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

#[tokio::test]
async fn a_reminder_is_sent_once_and_its_status_tracked() {
    let fixture = Fixture::new().await;
    let volunteer = fixture.twilio.phone(E164::parse(VOLUNTEER).unwrap());
    let body = "See you tomorrow at 9:00?";
    let form = [("id", "visit-1"), ("to", TYPED), ("body", body)];
    assert_eq!(fixture.post_to_desk("/reminders", &form).await, 202);
    // A repeated request with the same id sends nothing.
    assert_eq!(fixture.post_to_desk("/reminders", &form).await, 409);
    fixture.twilio.wait_idle().await.unwrap();
    assert_eq!(volunteer.inbox().len(), 1);
    assert_eq!(fixture.get_from_desk("/status/visit-1").await, "delivered");

    // A late callback does not change a later status.
    let sent = fixture.twilio.webhooks();
    let sent = sent.iter().find(|w| w.kind == WebhookKind::MessageStatus);
    assert_eq!(fixture.replay(sent.unwrap()).await.0, 204);
    assert_eq!(fixture.get_from_desk("/status/visit-1").await, "delivered");

    // A request that texted no one can be sent again with the same id.
    for wrong in ["1231231234", "+14155550123"] {
        let form = [("id", "visit-2"), ("to", wrong), ("body", body)];
        let status = fixture.post_to_desk("/reminders", &form).await;
        assert!(matches!(status, 422 | 502), "{status}");
    }
    let form = [("id", "visit-2"), ("to", TYPED), ("body", body)];
    assert_eq!(fixture.post_to_desk("/reminders", &form).await, 202);
    assert_eq!(
        fixture
            .post_to_desk("/reminders", &[("id", "0491 570 156")])
            .await,
        400
    );
    assert!(fixture.twilio.alerts().is_empty());
}

#[tokio::test]
async fn a_repeated_reply_is_answered_once() {
    let fixture = Fixture::new().await;
    let volunteer = fixture.twilio.phone(E164::parse(VOLUNTEER).unwrap());
    let clinic = E164::parse(CLINIC).unwrap();
    let answers = volunteer.text(clinic, "Yes").await.unwrap();
    assert_eq!(answers[0].body.expose(), "See you at 9:00.");
    assert_eq!(fixture.get_from_desk("/confirmed").await, "1");

    let webhooks = fixture.twilio.webhooks();
    let inbound = webhooks
        .iter()
        .find(|w| w.kind == WebhookKind::InboundMessage)
        .unwrap();
    let repeated = fixture.replay(inbound).await;
    assert_eq!(repeated.0, 200);
    assert!(
        repeated
            .1
            .ends_with("<Response><Message>See you at 9:00.</Message></Response>")
    );
    assert_eq!(fixture.get_from_desk("/confirmed").await, "1");

    let answers = volunteer.text(clinic, "who is this?").await.unwrap();
    assert_eq!(answers[0].body.expose(), "A nurse will call you.");
    let answers = volunteer
        .text(clinic, "please stop texting me")
        .await
        .unwrap();
    assert!(answers.is_empty());
}

#[tokio::test]
async fn outbound_and_inbound_calls_run_the_menu() {
    let fixture = Fixture::new().await;
    let volunteer = fixture.twilio.phone(E164::parse(VOLUNTEER).unwrap());
    let form = [("id", "call-1"), ("to", TYPED)];
    assert_eq!(fixture.post_to_desk("/calls", &form).await, 202);
    assert_eq!(fixture.post_to_desk("/calls", &form).await, 409);
    let menu = "Press one to confirm your visit, or two to speak to a nurse.";
    let call = volunteer.answer().await.unwrap();
    assert_eq!(call.hear().await.unwrap(), menu);
    // A wrong key, then a valid one: both are requests for the same call, and neither is dropped.
    call.press("7").await.unwrap();
    assert_eq!(call.hear().await.unwrap(), "We did not understand.");
    assert_eq!(call.hear().await.unwrap(), menu);
    call.press("1").await.unwrap();
    assert_eq!(call.hear().await.unwrap(), "Thank you. See you at nine.");
    call.wait_ended().await.unwrap();
    fixture.twilio.wait_idle().await.unwrap();
    assert_eq!(fixture.get_from_desk("/status/call-1").await, "completed");
    assert_eq!(fixture.get_from_desk("/confirmed").await, "1");

    let back = volunteer.call(E164::parse(CLINIC).unwrap()).await.unwrap();
    assert_eq!(back.hear().await.unwrap(), menu);
    back.press("2").await.unwrap();
    assert_eq!(
        back.hear().await.unwrap(),
        "A nurse will call you. Goodbye."
    );
    back.wait_ended().await.unwrap();
    assert_eq!(fixture.get_from_desk("/confirmed").await, "1");
    assert!(fixture.twilio.alerts().is_empty());
}

#[tokio::test]
async fn a_web_page_cannot_send_through_the_desk() {
    let fixture = Fixture::new().await;
    let volunteer = fixture.twilio.phone(E164::parse(VOLUNTEER).unwrap());
    let body = "Your visit is canceled.";
    let form = [("id", "visit-9"), ("to", TYPED), ("body", body)];
    let form = serde_urlencoded::to_string(form).unwrap();
    let bearer = format!("Bearer {TOKEN}");
    let short = bearer.strip_suffix('f').unwrap();
    let upper = bearer.to_uppercase();
    // Headers that the form of a web page can send, and invalid tokens.
    let strangers: &[&[(&str, &str)]] = &[
        &[],
        &[("origin", "https://attacker.example")],
        &[("origin", "null"), ("sec-fetch-site", "cross-site")],
        &[("host", "attacker.example")],
        &[("cookie", &bearer)],
        &[("authorization", "")],
        &[("authorization", TOKEN)],
        &[("authorization", "Bearer ")],
        &[("authorization", short)],
        &[("authorization", &upper)],
        &[("authorization", "Basic Ojo=")],
    ];
    for headers in strangers {
        for content_type in ["application/x-www-form-urlencoded", "text/plain"] {
            for path in ["/reminders", "/calls"] {
                let request = fixture.http.post(format!("http://{}{path}", fixture.desk));
                let request = request.header("content-type", content_type);
                let request = headers.iter().fold(request, |request, (name, value)| {
                    request.header(*name, *value)
                });
                let answer = request.body(form.clone()).send().await.unwrap();
                assert_eq!(answer.status(), 401, "{path} {headers:?}");
            }
        }
    }
    for path in ["/status/visit-9", "/confirmed"] {
        let answer = fixture
            .http
            .get(format!("http://{}{path}", fixture.desk))
            .send();
        assert_eq!(answer.await.unwrap().status(), 401, "{path}");
    }
    fixture.twilio.wait_idle().await.unwrap();
    assert!(volunteer.inbox().is_empty());
    assert!(fixture.twilio.messages().is_empty() && fixture.twilio.calls().is_empty());
    // The rejected requests have not used the id: the receptionist's own request is sent.
    let form = [("id", "visit-9"), ("to", TYPED), ("body", body)];
    assert_eq!(fixture.post_to_desk("/reminders", &form).await, 202);
}

#[test]
fn the_desk_rejects_a_short_token() {
    let settings = Settings::builder()
        .domain("demo")
        .account_sid("AC00000000000000000000000000000001")
        .auth_token("12345")
        .number(CLINIC)
        .delivery("off")
        .build()
        .unwrap();
    let clinic = crate::service::Clinic::new(settings.messenger(WithoutConsentGate).unwrap());
    for token in ["", "secret", TOKEN.strip_prefix('0').unwrap()] {
        let error = crate::service::desk(&clinic, token).unwrap_err();
        assert!(error.contains("openssl rand -hex 32"), "{error}");
        assert!(token.is_empty() || !error.contains(token));
    }
}
