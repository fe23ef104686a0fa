//! Routes of a number: which URL really answers its texts and calls, and why the others do not.

use clinspark_twilio::sandbox::{Sandbox, WebhookKind};
use clinspark_twilio::types::{ApplicationSid, MessagingServiceSid};
use serde_json::{Value, json};

use super::client::Stage;
use crate::app::{Api, CLINIC, VOLUNTEER, e164};

/// A number with a URL of each kind, a TwiML App, and a Messaging Service.
struct Routed {
    stage: Stage,
    application: ApplicationSid,
    service: MessagingServiceSid,
}

impl Routed {
    async fn start() -> Self {
        let stage = Stage::start().await;
        let (sandbox, app) = (&stage.sandbox, &stage.app);
        for path in [
            "/sms",
            "/voice",
            "/app-sms",
            "/app-voice",
            "/service",
            "/status",
        ] {
            app.twiml(path, "");
        }
        let urls = [
            app.url("/app-sms"),
            app.url("/app-voice"),
            app.url("/service"),
        ];
        let [sms, voice, inbound] = urls.each_ref().map(String::as_str);
        let settings = [("SmsUrl", sms), ("VoiceUrl", voice)];
        let application = sandbox.add_application(&settings).unwrap();
        let settings = [("FriendlyName", "Clinic"), ("InboundRequestUrl", inbound)];
        let service = sandbox.add_service(&settings).unwrap();
        Self {
            stage,
            application,
            service,
        }
    }

    fn sandbox(&self) -> &Sandbox {
        &self.stage.sandbox
    }

    async fn change(&self, change: Value) {
        let path = format!("/numbers/{CLINIC}");
        let (status, number) = self.stage.control.patch(&path, &change).await;
        assert_eq!(status, 200, "{number}");
    }

    fn pool(&self) {
        let number = self.sandbox().numbers()[0].sid;
        let added = self.sandbox().add_number_to_service(self.service, number);
        added.unwrap();
    }

    fn configure_service(&self, name: &str, value: &str) {
        let settings = [(name, value)];
        let configured = self.sandbox().configure_service(self.service, &settings);
        configured.unwrap();
    }

    /// Returns the candidates as `source path: reason`, where the winner has the reason `wins`.
    async fn routes(&self, kind: &str) -> Vec<String> {
        let numbers = self.stage.control.read("/numbers").await;
        let origin = self.stage.app.url("");
        let candidates = numbers[0][kind]["candidates"].as_array().unwrap();
        let lines = candidates.iter().map(|candidate| {
            let text = |name: &str| candidate[name].as_str().unwrap_or_default().to_owned();
            let source = text("source").split(' ').next().unwrap().to_owned();
            let url = text("url").replace(&origin, "");
            assert_eq!(candidate["wins"], candidate["reason"].is_null());
            let reason = if candidate["wins"] == true {
                "wins".to_owned()
            } else {
                text("reason")
            };
            format!("{source} {url}: {reason}")
        });
        lines.collect()
    }

    /// Texts and calls the number. Returns the path of the URL that each was sent to.
    async fn answered_by(&self) -> (Option<String>, Option<String>) {
        let phone = self.sandbox().phone(e164(VOLUNTEER));
        phone.text(e164(CLINIC), "hi").await.unwrap();
        phone.call(e164(CLINIC)).await.unwrap();
        self.sandbox().wait_idle().await.unwrap();
        let sent = self.sandbox().webhooks();
        let of = |kind: WebhookKind| {
            let newest = sent.iter().rev().find(|webhook| webhook.kind == kind)?;
            Some(newest.url.expose().replace(&self.stage.app.url(""), ""))
        };
        (of(WebhookKind::InboundMessage), of(WebhookKind::Voice))
    }

    /// Checks that the routes name the URLs that really answer.
    async fn assert_true(&self) {
        let won = async |kind: &str| {
            let routes = self.routes(kind).await;
            let won = routes.iter().find_map(|line| line.strip_suffix(": wins"));
            won.map(|line| line.split_once(' ').unwrap().1.to_owned())
        };
        let named = (won("sms").await, won("voice").await);
        assert_eq!(self.answered_by().await, named);
    }
}

const REPLACED: &str = "the number has a TwiML App, which replaces its own URLs";
const POOLED: &str = "the number is in the sender pool of a Messaging Service";
const NO_URL: &str = "it has no URL, so nothing is sent";

#[tokio::test]
async fn the_numbers_own_urls_answer_where_nothing_else_does() {
    let routed = Routed::start().await;
    assert_eq!(routed.routes("sms").await, ["number /sms: wins"]);
    assert_eq!(routed.routes("voice").await, ["number /voice: wins"]);
    let none = format!("number : {NO_URL}");
    assert_eq!(routed.routes("status").await, [none.as_str()]);
    routed.assert_true().await;

    routed
        .change(json!({"status_callback": routed.stage.app.url("/status")}))
        .await;
    assert_eq!(routed.routes("status").await, ["number /status: wins"]);
    // No call is answered, so none is reported.
    routed.change(json!({"voice_url": ""})).await;
    assert_eq!(routed.routes("voice").await, [none]);
    let unanswered = "there is no voice URL, so no call is answered and reported";
    assert_eq!(
        routed.routes("status").await,
        [format!("number /status: {unanswered}")]
    );
}

#[tokio::test]
async fn a_twiml_app_answers_in_place_of_the_number() {
    let routed = Routed::start().await;
    let sid = routed.application.as_str();
    routed
        .change(json!({"sms_application_sid": sid, "voice_application_sid": sid}))
        .await;
    let replaced = format!("number /sms: {REPLACED}");
    assert_eq!(
        routed.routes("sms").await,
        ["application /app-sms: wins", &replaced]
    );
    let voice = routed.routes("voice").await;
    assert_eq!(
        voice,
        [
            "application /app-voice: wins".to_owned(),
            format!("number /voice: {REPLACED}")
        ]
    );
    routed.assert_true().await;

    // An application without a URL takes the texts, and nothing is sent.
    let application = routed.application;
    routed
        .sandbox()
        .configure_application(application, &[("SmsUrl", "")])
        .unwrap();
    let lost = format!("application : {NO_URL}");
    assert_eq!(routed.routes("sms").await, [lost, replaced]);
    let before = routed.sandbox().webhooks().len();
    let phone = routed.sandbox().phone(e164(VOLUNTEER));
    phone.text(e164(CLINIC), "hi").await.unwrap();
    assert_eq!(routed.sandbox().webhooks().len(), before);
}

#[tokio::test]
async fn a_messaging_service_takes_the_texts_and_not_the_calls() {
    let routed = Routed::start().await;
    routed.pool();
    let pooled = format!("number /sms: {POOLED}");
    assert_eq!(
        routed.routes("sms").await,
        ["service /service: wins", &pooled]
    );
    assert_eq!(routed.routes("voice").await, ["number /voice: wins"]);
    routed.assert_true().await;

    routed.configure_service("UseInboundWebhookOnNumber", "true");
    let left =
        "service /service: its UseInboundWebhookOnNumber leaves the texts to the number's URL";
    assert_eq!(routed.routes("sms").await, [left, "number /sms: wins"]);
    routed.assert_true().await;

    // A service without a URL drops the texts.
    routed.configure_service("UseInboundWebhookOnNumber", "false");
    routed.configure_service("InboundRequestUrl", "");
    assert_eq!(
        routed.routes("sms").await,
        [format!("service : {NO_URL}"), pooled]
    );
}

#[tokio::test]
async fn a_trunk_takes_the_calls_and_their_reports() {
    let routed = Routed::start().await;
    routed
        .change(json!({"status_callback": routed.stage.app.url("/status")}))
        .await;
    routed
        .change(json!({"trunk_sid": "TK0123456789abcdef0123456789abcdef"}))
        .await;
    let taken = "the number has a SIP trunk, which takes its calls";
    for (kind, url) in [("voice", "/voice"), ("status", "/status")] {
        assert_eq!(
            routed.routes(kind).await,
            [format!("number {url}: {taken}")]
        );
    }
    assert_eq!(routed.routes("sms").await, ["number /sms: wins"]);
}

#[tokio::test]
async fn a_twiml_app_that_was_deleted_is_named() {
    let routed = Routed::start().await;
    let sid = routed.application.as_str();
    routed.change(json!({"sms_application_sid": sid})).await;
    let api = Api::new(routed.sandbox());
    let path = api.path(&format!("Applications/{sid}.json"));
    assert_eq!(api.send("DELETE", &path, None).await.0, 204);
    let candidates = routed.routes("sms").await;
    let gone = "application : the account has no such TwiML App, so nothing is sent";
    assert_eq!(
        candidates,
        [gone.to_owned(), format!("number /sms: {REPLACED}")]
    );
    let phone = routed.sandbox().phone(e164(VOLUNTEER));
    phone.text(e164(CLINIC), "hi").await.unwrap();
    assert_eq!(routed.sandbox().webhooks(), []);
}
