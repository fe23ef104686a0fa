//! Parties of a test: an application that responds to webhooks, and a client of the API.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio::types::Method;
use clinspark_twilio::webhook::{Payload, PublicOrigin, Validator, Verified};
use serde_json::Value;

pub(crate) const CLINIC: &str = "+14155550100";
pub(crate) const VOLUNTEER: &str = "+14155550123";

pub(crate) fn e164(text: &str) -> E164 {
    E164::parse(text).unwrap()
}

/// A request to the application with a valid signature.
#[derive(Clone, Debug)]
pub(crate) struct ReceivedWebhook {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) idempotency_token: String,
    pub(crate) host: String,
    verified: Verified<Bytes>,
}

impl ReceivedWebhook {
    pub(crate) fn field(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(key, _)| key == name);
        found.map_or_else(|| panic!("no field {name} in {self:?}"), |(_, value)| value)
    }

    /// Reads the request as the payload of this type.
    pub(crate) fn parse<P: Payload>(&self) -> P {
        self.verified.parse().unwrap()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(key, _)| key == name)
    }
}

#[derive(Clone)]
struct Reply {
    status: u16,
    content_type: &'static str,
    body: String,
}

struct AppState {
    validator: Validator,
    replies: Mutex<HashMap<String, Vec<Reply>>>,
    seen: Mutex<Vec<ReceivedWebhook>>,
    forged: Mutex<usize>,
}

/// A small webhook service. It rejects unsigned requests and sends the replies that a test adds.
pub(crate) struct App {
    pub(crate) address: std::net::SocketAddr,
    state: Arc<AppState>,
}

impl App {
    pub(crate) async fn start(sandbox: &Sandbox) -> Self {
        Self::start_as(sandbox, None).await
    }

    /// Starts the service. `origin` is its public origin, by default its own address.
    pub(crate) async fn start_as(sandbox: &Sandbox, origin: Option<&str>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let own = format!("http://{address}");
        let origin = PublicOrigin::parse(origin.unwrap_or(&own)).unwrap();
        let state = Arc::new(AppState {
            validator: Validator::new(sandbox.auth_token().clone(), origin)
                .methods([Method::Get, Method::Post]),
            replies: Mutex::default(),
            seen: Mutex::default(),
            forged: Mutex::default(),
        });
        let router = axum::Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&state));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, state }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Adds a reply with TwiML for `path`. Several replies for one path are sent in order; the last
    /// one is repeated.
    pub(crate) fn twiml(&self, path: &str, inside: &str) -> &Self {
        self.reply(
            path,
            200,
            "text/xml",
            &format!("<Response>{inside}</Response>"),
        )
    }

    pub(crate) fn reply(
        &self,
        path: &str,
        status: u16,
        content_type: &'static str,
        body: &str,
    ) -> &Self {
        let reply = Reply {
            status,
            content_type,
            body: body.to_owned(),
        };
        self.state
            .replies
            .lock()
            .unwrap()
            .entry(path.to_owned())
            .or_default()
            .push(reply);
        self
    }

    pub(crate) fn seen(&self, path: &str) -> Vec<ReceivedWebhook> {
        let seen = self.state.seen.lock().unwrap();
        seen.iter()
            .filter(|seen| seen.path == path)
            .cloned()
            .collect()
    }

    pub(crate) fn forged(&self) -> usize {
        *self.state.forged.lock().unwrap()
    }
}

async fn answer(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let method = parts.method.to_string();
    let path = parts.uri.path().to_owned();
    let host = parts.headers["host"].to_str().unwrap().to_owned();
    let token = parts.headers.get("i-twilio-idempotency-token").cloned();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let Ok(verified) = state
        .validator
        .verify(http::Request::from_parts(parts, body))
    else {
        *state.forged.lock().unwrap() += 1;
        return http::StatusCode::FORBIDDEN.into_response();
    };
    let fields: Vec<(String, String)> = if method == "GET" {
        serde_urlencoded::from_str(&query).unwrap()
    } else {
        let owned = |(key, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
            (key.into_owned(), value.into_owned())
        };
        verified.parameters().map(owned).collect()
    };
    state.seen.lock().unwrap().push(ReceivedWebhook {
        method,
        path: path.clone(),
        fields,
        host,
        verified,
        idempotency_token: token.unwrap().to_str().unwrap().to_owned(),
    });
    let mut replies = state.replies.lock().unwrap();
    let reply = match replies.get_mut(&path) {
        None => return http::StatusCode::NO_CONTENT.into_response(),
        Some(queue) if queue.len() > 1 => queue.remove(0),
        Some(queue) => queue[0].clone(),
    };
    let status = http::StatusCode::from_u16(reply.status).unwrap();
    (status, [("content-type", reply.content_type)], reply.body).into_response()
}

/// Client of the REST API.
pub(crate) struct Api {
    pub(crate) http: reqwest::Client,
    base_url: String,
    account: String,
    token: String,
}

impl Api {
    pub(crate) fn new(sandbox: &Sandbox) -> Self {
        Self {
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            base_url: sandbox.base_url().to_owned(),
            account: sandbox.account_sid().to_string(),
            token: sandbox.auth_token().expose().to_owned(),
        }
    }

    /// Returns the path of a resource of the account, such as `Messages.json`.
    pub(crate) fn path(&self, resource: &str) -> String {
        format!("/2010-04-01/Accounts/{}/{resource}", self.account)
    }

    pub(crate) async fn get(&self, resource: &str) -> (u16, Value) {
        self.send("GET", &self.path(resource), None).await
    }

    pub(crate) async fn post(&self, resource: &str, fields: &[(&str, &str)]) -> (u16, Value) {
        let form = serde_urlencoded::to_string(fields).unwrap();
        self.send("POST", &self.path(resource), Some(form)).await
    }

    /// Creates a resource. The request must succeed.
    pub(crate) async fn create(&self, resource: &str, fields: &[(&str, &str)]) -> Value {
        let (status, value) = self.post(resource, fields).await;
        assert_eq!(status, 201, "{value}");
        value
    }

    /// Returns the status and the error code of a request that must fail.
    pub(crate) async fn refused(&self, resource: &str, fields: &[(&str, &str)]) -> (u16, u64) {
        let (status, value) = self.post(resource, fields).await;
        assert_eq!(value["status"], status, "{value}");
        let code = value["code"].as_u64().unwrap();
        assert_eq!(
            value["more_info"],
            format!("https://www.twilio.com/docs/errors/{code}")
        );
        (status, code)
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        form: Option<String>,
    ) -> (u16, Value) {
        let request = self.request(method, path, form);
        read(
            request
                .basic_auth(&self.account, Some(&self.token))
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    pub(crate) async fn send_as(&self, user: &str, password: &str, path: &str) -> (u16, Value) {
        let request = self.request("GET", path, None);
        read(
            request
                .basic_auth(user, Some(password))
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    fn request(&self, method: &str, path: &str, form: Option<String>) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.base_url);
        let request = self.http.request(method.parse().unwrap(), url);
        match form {
            None => request,
            Some(form) => request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(form),
        }
    }
}

async fn read(response: reqwest::Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    if text.is_empty() {
        return (status, Value::Null);
    }
    (status, serde_json::from_str(&text).unwrap())
}

/// Returns the codes of the alerts, in order.
pub(crate) fn codes(sandbox: &Sandbox) -> Vec<u32> {
    sandbox.alerts().iter().map(|alert| alert.code).collect()
}
