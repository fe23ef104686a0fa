//! A transport to the sandbox that fails on request.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use clinspark_twilio::client::{Body, Phase, ReqwestTransport, Transport, TransportError};
use clinspark_twilio::types::BoxFuture;
use http::{Method, Request, Response, StatusCode};

/// Fault of a request.
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
pub(crate) struct FaultyTransport {
    inner: Arc<ReqwestTransport>,
    requests: Arc<AtomicUsize>,
    fault: Arc<Mutex<Option<(usize, Fault)>>>,
    writes: Arc<Mutex<Vec<String>>>,
    concurrent_change: Arc<Mutex<Option<ConcurrentChange>>>,
}

/// Request of another user: index of the request that it precedes, path and form.
type ConcurrentChange = (usize, String, &'static str);

impl FaultyTransport {
    pub(crate) fn new() -> Self {
        // Plain HTTP needs no roots of trust, and reading the system's takes a tenth of a second.
        let plain = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        Self {
            inner: Arc::new(ReqwestTransport::from_builder(plain).unwrap()),
            requests: Arc::default(),
            fault: Arc::default(),
            writes: Arc::default(),
            concurrent_change: Arc::default(),
        }
    }

    /// Lets request `nth` fail, counted from 0.
    pub(crate) fn set_fault(&self, nth: usize, fault: Fault) {
        *self.fault.lock().unwrap() = Some((nth, fault));
    }

    /// Sends another user's change before request `nth`, counted from 0.
    pub(crate) fn set_concurrent_change(&self, nth: usize, path: String, form: &'static str) {
        *self.concurrent_change.lock().unwrap() = Some((nth, path, form));
    }

    pub(crate) fn clear_fault(&self) {
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

impl FaultyTransport {
    async fn send_concurrent_change(
        &self,
        nth: usize,
        ours: &Request<Bytes>,
    ) -> Result<(), TransportError> {
        let theirs = self
            .concurrent_change
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
        let done = self.inner.send(request).await?;
        assert_eq!(done.status(), StatusCode::OK);
        Ok(())
    }
}

fn answer(status: u16, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

impl Transport for FaultyTransport {
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
                    return self
                        .inner
                        .send(Request::from_parts(head, Bytes::new()))
                        .await;
                }
                _ => {}
            }
            self.send_concurrent_change(nth, &request).await?;
            if request.method() != Method::GET {
                let write = format!("{} {}", request.method(), request.uri().path());
                self.writes.lock().unwrap().push(write);
            }
            let response = self.inner.send(request).await?;
            if fault == Some(Fault::After) {
                return Err(TransportError::possibly_sent(Phase::Answer, "scripted"));
            }
            Ok(response)
        })
    }
}
