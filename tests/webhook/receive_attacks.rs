//! Attacks on the receiver by a reader of its log, by a tenant beside it, and by a client of the
//! Voice SDK; and handlers that are cut off.

use std::future::ready;
use std::sync::{Arc, Mutex};

use clinspark_twilio::webhook::{
    ConsentSignal, MemoryReplayGuard, Receiver, ReplayGuard, SIGNATURE_HEADER, Validator, Verified,
    WebhookPaths,
};
use http::{Request, Response};

use crate::support::{ACCOUNT, MESSAGE, NUMBERS, origin, token, validator};

fn post(path: &str, form: &str) -> Request<String> {
    Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.to_owned())
        .unwrap()
}

fn signed_by(validator: &Validator, mut request: Request<String>) -> Request<String> {
    let signature = validator.sign(&request).parse().unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    request
}

fn paths() -> WebhookPaths {
    WebhookPaths::new()
        .message("/sms")
        .message_status("/status")
        .voice("/voice")
        .call_status("/call-status")
}

type Heard = Arc<Mutex<Vec<ConsentSignal>>>;

fn receiver(validator: Validator, guard: Arc<dyn ReplayGuard>) -> (Receiver, Heard) {
    let heard = Heard::default();
    let told = Arc::clone(&heard);
    let receiver = Receiver::new(validator, move |event| {
        told.lock().unwrap().push(event.signal);
        ready(Ok(()))
    });
    (receiver.paths(paths()).replay_guard(guard), heard)
}

/// Answers with a text, and returns the response's status and body.
async fn answer(receiver: &Receiver, request: Request<String>, text: &str) -> (u16, String) {
    let handler = |_: Verified<String>| ready(Response::new(text.to_owned()));
    let response = receiver.handle(request, handler).await;
    let body = String::from_utf8(response.body().to_vec()).unwrap();
    (response.status().as_u16(), body)
}

#[tokio::test]
async fn a_tenant_never_gets_the_answer_of_another() {
    // Two tenants, each with the token of an account of its own, share one guard.
    let guard: Arc<dyn ReplayGuard> = Arc::new(MemoryReplayGuard::new(10));
    let (one, _) = receiver(validator(), Arc::clone(&guard));
    let other = Validator::new(token("other"), origin("https://acme.example.com"));
    let (two, _) = receiver(other.clone(), guard);
    let form = format!("{ACCOUNT}&{MESSAGE}&{NUMBERS}&Body=hi");
    let request = signed_by(&validator(), post("/sms", &form));
    assert_eq!(answer(&one, request, "of one").await.1, "of one");
    // The second tenant signs the SID of the first tenant's message with its own token.
    let form = form.replace(
        "AC00000000000000000000000000000001",
        "AC00000000000000000000000000000002",
    );
    let request = signed_by(&other, post("/sms", &form));
    assert_eq!(answer(&two, request, "of two").await.1, "of two");
}
