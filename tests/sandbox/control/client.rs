//! Client of the control API.

use clinspark_twilio::sandbox::{Sandbox, SandboxBuilder};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::app::{App, CLINIC};

/// A sandbox with its control API, and an application with the webhooks of [`CLINIC`].
pub(super) struct Stage {
    pub(super) sandbox: Sandbox,
    pub(super) app: App,
    pub(super) control: Control,
}

impl Stage {
    pub(super) async fn start() -> Self {
        Self::with(Sandbox::builder()).await
    }

    pub(super) async fn with(builder: SandboxBuilder) -> Self {
        let sandbox = builder.start().await.unwrap();
        let app = App::start(&sandbox).await;
        let control = Control::new(sandbox.base_url());
        let added = control.post("/numbers", &json!({"number": CLINIC})).await;
        assert_eq!(added.0, 201, "{}", added.1);
        let urls = json!({"sms_url": app.url("/sms"), "voice_url": app.url("/voice")});
        let (status, number) = control.patch(&format!("/numbers/{CLINIC}"), &urls).await;
        assert_eq!(status, 200, "{number}");
        Self {
            sandbox,
            app,
            control,
        }
    }
}

#[derive(Clone)]
pub(super) struct Control {
    pub(super) http: reqwest::Client,
    pub(super) url: String,
}

impl Control {
    pub(super) fn new(base_url: &str) -> Self {
        Self {
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            url: format!("{base_url}/_sandbox"),
        }
    }

    /// Sends a request, with a JSON body if there is one.
    pub(super) async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Response {
        let method: Method = method.parse().unwrap();
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        request.send().await.unwrap()
    }

    async fn json(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let response = self.send(method, path, body).await;
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        if text.is_empty() {
            return (status, Value::Null);
        }
        (status, serde_json::from_str(&text).unwrap())
    }

    pub(super) async fn get(&self, path: &str) -> (u16, Value) {
        self.json("GET", path, None).await
    }

    /// Returns the body of a request that must succeed.
    pub(super) async fn read(&self, path: &str) -> Value {
        let (status, value) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {value}");
        value
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.json("POST", path, Some(body)).await
    }

    /// Returns the body of a `POST` that must succeed.
    pub(super) async fn act(&self, path: &str, body: &Value) -> Value {
        let (status, value) = self.post(path, body).await;
        assert!((200..300).contains(&status), "{path}: {status} {value}");
        value
    }

    pub(super) async fn patch(&self, path: &str, body: &Value) -> (u16, Value) {
        self.json("PATCH", path, Some(body)).await
    }

    pub(super) async fn put(&self, path: &str, body: &Value) -> (u16, Value) {
        self.json("PUT", path, Some(body)).await
    }

    pub(super) async fn delete(&self, path: &str) -> (u16, Value) {
        self.json("DELETE", path, None).await
    }
}

/// Returns status and code of an error, whose message must not be empty.
pub(super) fn error((status, value): (u16, Value)) -> (u16, String) {
    let error = &value["error"];
    assert!(error["message"].as_str().unwrap().len() > 20, "{value}");
    (status, error["code"].as_str().unwrap().to_owned())
}

pub(super) async fn read_json(response: Response) -> Value {
    let text = response.text().await.unwrap();
    serde_json::from_str(&text).unwrap()
}
