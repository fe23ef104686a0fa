//! Conversations of the service with a simulated Twilio and a volunteer's phone.
use std::sync::Arc;

use clinic::{ConsentTable, MemoryConsent, gate};
use clinspark_twilio::clinspark::Setup;
use clinspark_twilio::sandbox::{Phone, Sandbox, WebhookKind};
use clinspark_twilio::webhook::SIGNATURE_HEADER;
use clinspark_twilio::{E164, Messenger};
use serde_json::{Value, json};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

struct World {
    twilio: Sandbox,
    volunteer: Phone,
    clinic: E164,
    http: reqwest::Client,
    messenger: Messenger,
}

impl World {
    async fn start() -> Self {
        let twilio = Sandbox::start().await.unwrap();
        let clinic = E164::parse("+61255501234").unwrap();
        twilio.add_number(clinic);
        let volunteer = twilio.phone(E164::parse("+61491570156").unwrap());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let settings = twilio
            .settings()
            .domain(format!("http://{}", listener.local_addr().unwrap()))
            .voice_path("/hooks/voice")
            .call_status_path("/hooks/call-status")
            .message_path("/hooks/message")
            .message_status_path("/hooks/message-status")
            .delivery(format!("only:{}", volunteer.number().as_str()))
            .build()
            .unwrap();
        let consent: Arc<dyn ConsentTable> = Arc::new(MemoryConsent::default());
        let builder = || settings.messenger_builder(gate(&consent));
        let messenger = builder().build().unwrap();
        Setup::new(&settings, messenger.client()).provision().await.unwrap();
        let router = clinic::router(builder(), Arc::clone(&consent), TOKEN).unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let world = Self { twilio, volunteer, clinic, http, messenger };
        assert_eq!(world.post("/consents", json!("0491 570 156")).await, 204);
        world
    }

    async fn post(&self, path: &str, body: Value) -> u16 {
        let request = self.http.post(self.messenger.origin().url(path)).bearer_auth(TOKEN);
        request.json(&body).send().await.unwrap().status().as_u16()
    }

    async fn order(&self, path: &str, id: &str) -> u16 {
        let order = json!({"id": id, "to": "0491 570 156", "when": "tomorrow at 9:00"});
        let status = self.post(path, order).await;
        self.twilio.wait_idle().await.unwrap();
        status
    }

    async fn state(&self, id: &str) -> Value {
        let url = self.messenger.origin().url(&format!("/reminders/{id}"));
        self.http.get(url).bearer_auth(TOKEN).send().await.unwrap().json().await.unwrap()
    }

    /// Repeats the last webhook of a kind, with a value of its form replaced.
    async fn repeat(&self, kind: WebhookKind, change: (&str, &str), sign: bool) -> (u16, String) {
        let it = self.twilio.webhooks().into_iter().rfind(|it| it.kind == kind).unwrap();
        let mut form = it.parameters.into_inner();
        form.iter_mut().filter(|it| it.0 == change.0).for_each(|it| it.1 = change.1.to_owned());
        let form = serde_urlencoded::to_string(&form).unwrap();
        let mut request = http::Request::post(it.url.expose())
            .header("content-type", "application/x-www-form-urlencoded")
            .header(SIGNATURE_HEADER, it.signature.expose())
            .body(form)
            .unwrap();
        if sign {
            let signature = self.messenger.receiver().validator().sign(&request);
            request.headers_mut().insert(SIGNATURE_HEADER, signature.parse().unwrap());
        }
        let answer = self.http.execute(request.try_into().unwrap()).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

#[tokio::test]
async fn a_text_is_delivered_and_confirmed_once() {
    let world = World::start().await;
    assert_eq!(world.order("/reminders", "visit-1").await, 202);
    assert_eq!(world.order("/reminders", "visit-1").await, 409);
    assert!(world.volunteer.next_text().await.unwrap().body.expose().contains("tomorrow at 9:00"));
    world.twilio.wait_idle().await.unwrap();
    assert_eq!(world.volunteer.inbox().len(), 1);
    assert_eq!(world.state("visit-1").await["text"], "delivered");
    let late = ("MessageStatus", "sending");
    assert_eq!(world.repeat(WebhookKind::MessageStatus, late, true).await.0, 204);
    assert_eq!(world.state("visit-1").await["text"], "delivered");

    let polite = world.volunteer.text(world.clinic, "Where do I park?").await.unwrap();
    assert!(polite[0].body.expose().contains("please call the clinic"));
    assert_eq!(world.state("visit-1").await["answer"], Value::Null);
    let thanks = world.volunteer.text(world.clinic, "Yes!").await.unwrap();
    assert!(thanks[0].body.expose().contains("confirmed"));
    assert_eq!(world.state("visit-1").await["answer"], "confirmed");
    world.order("/reminders", "visit-2").await;
    let retry = world.repeat(WebhookKind::InboundMessage, ("", ""), false).await;
    assert!(retry.1.contains("confirmed"));
    assert_eq!(world.state("visit-2").await["answer"], Value::Null);
}

#[tokio::test]
async fn nothing_leaves_after_stop() {
    let world = World::start().await;
    for stop in ["Please stop texting me", "STOP"] {
        assert_eq!(world.post("/consents", json!("0491 570 156")).await, 204);
        world.volunteer.text(world.clinic, stop).await.unwrap();
        assert_eq!(world.order("/reminders", "visit-1").await, 403);
        assert_eq!(world.order("/calls", "call-1").await, 403);
        let answers = world.volunteer.text(world.clinic, "And my parking?").await.unwrap();
        assert!(answers.is_empty());
    }
    assert_eq!(world.post("/consents", json!("0491 570 156")).await, 204);
    world.repeat(WebhookKind::InboundMessage, ("", ""), false).await;
    assert_eq!(world.order("/calls", "call-1").await, 202);
}

#[tokio::test]
async fn key_1_confirms() {
    let world = World::start().await;
    for (id, key, answer) in [("call-1", "1", "confirmed"), ("call-2", "2", "call back")] {
        assert_eq!(world.order("/calls", id).await, 202);
        let call = world.volunteer.answer().await.unwrap();
        assert!(call.hear().await.unwrap().contains("Press 1"));
        call.press("9").await.unwrap();
        assert!(call.hear().await.unwrap().contains("nothing on that key"));
        call.press(key).await.unwrap();
        call.wait_ended().await.unwrap();
        assert_eq!(world.state(id).await["answer"], answer);
        assert_eq!(world.state(id).await["call"], "completed");
    }
    assert!(world.twilio.alerts().is_empty());
}

#[tokio::test]
async fn forged_requests_are_refused() {
    let world = World::start().await;
    world.order("/reminders", "visit-1").await;
    world.volunteer.text(world.clinic, "No").await.unwrap();
    let forged = world.repeat(WebhookKind::InboundMessage, ("Body", "YES"), false).await;
    assert_eq!(forged, (403, String::new()));
    assert_eq!(world.state("visit-1").await["answer"], Value::Null);
    let unsigned = world.http.post(world.messenger.origin().url("/hooks/message"));
    assert_eq!(unsigned.send().await.unwrap().status(), 403);
    let stranger = world.http.post(world.messenger.origin().url("/reminders"));
    assert_eq!(stranger.send().await.unwrap().status(), 401);
}
