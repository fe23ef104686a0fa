//! A line to the embedded Twilio that fails when it is told to.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use clinspark_twilio::client::{Body, Phase, ReqwestTransport, Transport, TransportError};
use clinspark_twilio::types::BoxFuture;
use http::{Method, Request, Response, StatusCode};

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It does not leave, and nothing leaves after it.
    Before,
    /// It has its effect, the answer is lost, and nothing leaves after it.
    After,
    /// It, and it alone, is answered with 403.
    Forbidden,
    /// It, and it alone, is answered as if it had its effect, which it has not.
    Ignored,
}

#[derive(Clone)]
pub(crate) struct Line {
    out: Arc<ReqwestTransport>,
    requests: Arc<AtomicUsize>,
    fault: Arc<Mutex<Option<(usize, Fault)>>>,
    writes: Arc<Mutex<Vec<String>>>,
    meanwhile: Arc<Mutex<Option<Meanwhile>>>,
}

/// Somebody else's request: before which of ours, where to, with what form.
type Meanwhile = (usize, String, &'static str);

impl Line {
    pub(crate) fn new() -> Self {
        // Plain HTTP needs no roots of trust, and reading the system's takes a tenth of a second.
        let plain = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        Self {
            out: Arc::new(ReqwestTransport::from_builder(plain).unwrap()),
            requests: Arc::default(),
            fault: Arc::default(),
            writes: Arc::default(),
            meanwhile: Arc::default(),
        }
    }

    /// Lets the request fail before which `nth` have been sent.
    pub(crate) fn fails_at(&self, nth: usize, fault: Fault) {
        *self.fault.lock().unwrap() = Some((nth, fault));
    }

    /// Lets somebody else change something before the request before which `nth` have been sent.
    pub(crate) fn meanwhile(&self, nth: usize, path: String, form: &'static str) {
        *self.meanwhile.lock().unwrap() = Some((nth, path, form));
    }

    pub(crate) fn heals(&self) {
        *self.fault.lock().unwrap() = None;
    }

    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// Method and path of everything that was sent to change something.
    pub(crate) fn writes(&self) -> Vec<String> {
        self.writes.lock().unwrap().clone()
    }
}

impl Line {
    async fn interfere(&self, nth: usize, ours: &Request<Bytes>) -> Result<(), TransportError> {
        let theirs = self
            .meanwhile
            .lock()
            .unwrap()
            .take_if(|(at, ..)| *at == nth);
        let Some((_, path, form)) = theirs else {
            return Ok(());
        };
        let mut request = Request::new(Bytes::from(form));
        *request.method_mut() = Method::POST;
        *request.headers_mut() = ours.headers().clone();
        let form = "application/x-www-form-urlencoded".parse().unwrap();
        request.headers_mut().insert("content-type", form);
        let origin = ours.uri().authority().unwrap();
        *request.uri_mut() = format!("http://{origin}{path}").parse().unwrap();
        let done = self.out.send(request).await?;
        assert_eq!(done.status(), StatusCode::OK);
        Ok(())
    }
}

fn answer(status: u16, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

impl Transport for Line {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Body>, TransportError>> {
        Box::pin(async move {
            let nth = self.requests.fetch_add(1, Ordering::SeqCst);
            let fault = match *self.fault.lock().unwrap() {
                Some((at, fault)) if nth == at => Some(fault),
                Some((at, Fault::Before | Fault::After)) if nth > at => Some(Fault::Before),
                _ => None,
            };
            match fault {
                Some(Fault::Before) => return Err(TransportError::not_sent("scripted")),
                Some(Fault::Forbidden) => {
                    return Ok(answer(403, r#"{"code": 20403, "status": 403}"#.to_owned()));
                }
                Some(Fault::Ignored) => {
                    let (mut head, _) = request.into_parts();
                    head.method = Method::GET;
                    return self.out.send(Request::from_parts(head, Bytes::new())).await;
                }
                _ => {}
            }
            self.interfere(nth, &request).await?;
            if request.method() != Method::GET {
                let write = format!("{} {}", request.method(), request.uri().path());
                self.writes.lock().unwrap().push(write);
            }
            let response = self.out.send(request).await?;
            if fault == Some(Fault::After) {
                return Err(TransportError::possibly_sent(Phase::Answer, "scripted"));
            }
            Ok(response)
        })
    }
}
