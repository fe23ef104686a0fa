//! A sandbox with a clinic's application behind it.

use clinspark_twilio::sandbox::{AnswerBehavior, Sandbox, SandboxBuilder};
use serde_json::{Value, json};

use crate::app::{Api, App, CLINIC, e164};

pub(crate) const RUTH: &str = "+14155550123";
pub(crate) const GRACE: &str = "+14155550134";

pub(crate) const MENU: &str = "<Gather input=\"dtmf speech\" numDigits=\"1\" timeout=\"5\" action=\"/voice/menu\">\
     <Say>Press 1 to confirm.</Say></Gather><Say>Goodbye.</Say>";

/// The sandbox, the clinic's application, and its client of the REST API.
pub(crate) struct Clinic {
    pub(crate) sandbox: Sandbox,
    pub(crate) app: App,
    pub(crate) api: Api,
}

impl Clinic {
    pub(crate) async fn start() -> Self {
        Self::with(Sandbox::builder()).await
    }

    pub(crate) async fn with(builder: SandboxBuilder) -> Self {
        // As the program does.
        let builder = builder.unknown_phones(AnswerBehavior::Ring);
        let sandbox = builder.start().await.unwrap();
        let number = sandbox.add_number(e164(CLINIC));
        let app = App::start(&sandbox).await;
        app.twiml("/sms", "<Message>Thank you, see you at 9.</Message>")
            .twiml("/voice", MENU)
            .twiml("/voice/menu", "<Say>Confirmed.</Say><Hangup/>");
        let urls = [("SmsUrl", app.url("/sms")), ("VoiceUrl", app.url("/voice"))];
        let urls: Vec<(&str, &str)> = urls
            .iter()
            .map(|(name, url)| (*name, url.as_str()))
            .collect();
        sandbox.configure_number(number, &urls).unwrap();
        let api = Api::new(&sandbox);
        Self { sandbox, app, api }
    }

    /// Adds a phone with a name, as the page does.
    pub(crate) async fn phone(&self, number: &str, name: &str) {
        let body = json!({ "number": number, "name": name });
        self.control("POST", "/phones", Some(body)).await;
    }

    /// Sends a request to the control API, which must succeed.
    pub(crate) async fn control(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let url = format!("{}/_sandbox{path}", self.sandbox.base_url());
        let request = self.api.http.request(method.parse().unwrap(), url);
        let request = match body {
            Some(body) => request
                .header("content-type", "application/json")
                .body(body.to_string()),
            None => request,
        };
        let response = request.send().await.unwrap();
        let (status, text) = (response.status(), response.text().await.unwrap());
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// Sets the URL that texts to the clinic go to.
    pub(crate) async fn sms_url(&self, url: &str) {
        let path = format!("/numbers/{CLINIC}");
        let body = json!({ "sms_url": url });
        self.control("PATCH", &path, Some(body)).await;
    }

    /// Sends a text of the clinic, with a status callback.
    pub(crate) async fn text(&self, to: &str, body: &str) -> Value {
        let callback = self.app.url("/sms/status");
        let fields = [
            ("To", to),
            ("From", CLINIC),
            ("Body", body),
            ("StatusCallback", &callback),
        ];
        self.api.create("Messages.json", &fields).await
    }

    /// Calls a phone, which rings for `timeout` seconds.
    pub(crate) async fn call(&self, to: &str, timeout: &str) -> Value {
        let url = self.app.url("/voice");
        let fields = [
            ("To", to),
            ("From", CLINIC),
            ("Url", &url),
            ("Timeout", timeout),
        ];
        self.api.create("Calls.json", &fields).await
    }
}

/// Selector of the row of a phone.
pub(crate) fn row(number: &str) -> String {
    format!("[data-testid=\"phone\"][data-number=\"{number}\"]")
}
