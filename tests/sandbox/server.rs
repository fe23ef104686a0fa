//! A webhook service whose responses, with their headers, a test computes from each request.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio::types::Method;
use clinspark_twilio::webhook::{PublicOrigin, Validator};

/// A request to the service.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: String,
    /// Set if the signature is valid for the host that the request names.
    pub(crate) is_signed: bool,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

type Answer = dyn Fn(&Received) -> Response + Send + Sync;

struct Service {
    token: clinspark_twilio::types::AuthToken,
    received: Mutex<Vec<Received>>,
    answer: Box<Answer>,
}

/// A webhook service on a free port of 127.0.0.1.
pub(crate) struct Server {
    pub(crate) address: std::net::SocketAddr,
    service: Arc<Service>,
}

impl Server {
    pub(crate) async fn start(
        sandbox: &Sandbox,
        answer: impl Fn(&Received) -> Response + Send + Sync + 'static,
    ) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = Arc::new(Service {
            token: sandbox.auth_token().clone(),
            received: Mutex::default(),
            answer: Box::new(answer),
        });
        let router = axum::Router::new()
            .fallback(serve)
            .with_state(Arc::clone(&service));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, service }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.service.received.lock().unwrap().clone()
    }

    /// Returns the path and query of each request.
    pub(crate) fn targets(&self) -> Vec<String> {
        let received = self.received();
        received.into_iter().map(|seen| seen.target).collect()
    }
}

async fn serve(State(service): State<Arc<Service>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let host = parts.headers["host"].to_str().unwrap();
    let origin = PublicOrigin::parse(&format!("http://{host}")).unwrap();
    let validator = Validator::new(service.token.clone(), origin);
    let validator = validator.methods([Method::Get, Method::Post]);
    let request = http::Request::from_parts(parts.clone(), body.clone());
    let received = Received {
        method: parts.method.to_string(),
        target: parts.uri.to_string(),
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
        is_signed: validator.verify(request).is_ok(),
    };
    let response = (service.answer)(&received);
    service.received.lock().unwrap().push(received);
    response
}

/// Creates a response with a status, headers and a body.
pub(crate) fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let mut response = http::Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(Body::from(body.to_owned())).unwrap()
}

/// Creates a response with TwiML.
pub(crate) fn twiml(inside: &str) -> Response {
    let body = format!("<Response>{inside}</Response>");
    response(200, &[("content-type", "text/xml")], &body)
}
