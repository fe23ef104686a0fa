//! Requests signed as Twilio signs them, to the axum router and to the plain function.

use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use clinspark_twilio::phone::Address;
use clinspark_twilio::twiml::read;
use clinspark_twilio::types::{AccountSid, AuthToken};
use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
use hospital_webhooks::Gateway;
use http::Request;
use tower::ServiceExt as _;

const ACCOUNT: &str = "AC00000000000000000000000000000001";

fn twilio() -> Validator {
    let origin = PublicOrigin::parse("https://hospital.example.org").unwrap();
    Validator::new(AuthToken::new("0123456789abcdef").unwrap(), origin)
}

fn service() -> (Gateway, Arc<Mutex<String>>) {
    let log = Arc::new(Mutex::new(String::new()));
    let lines = Arc::clone(&log);
    let append = move |line: &str| lines.lock().unwrap().push_str(line);
    let account = AccountSid::parse(ACCOUNT).unwrap();
    (Gateway::new(account, twilio(), append), log)
}

fn signed(path: &str, form: &str) -> Request<Vec<u8>> {
    let form = format!("AccountSid={ACCOUNT}&From=%2B14155550123&To=%2B14155550100&{form}");
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    let mut request = request.body(form.into_bytes()).unwrap();
    let signature = twilio().sign(&request).parse().unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    request
}

fn sms(sid: u8, body: &str) -> Request<Vec<u8>> {
    signed("/sms", &format!("MessageSid=SM{sid:032}&Body={body}"))
}

fn call(path: &str, more: &str) -> Request<Vec<u8>> {
    let form = format!("CallStatus=in-progress&Direction=inbound{more}");
    signed(path, &format!("CallSid=CA{:032}&{form}", 1))
}

async fn axum(gateway: &Gateway, request: Request<Vec<u8>>) -> (u16, String) {
    let answer = gateway.router().oneshot(request.map(Body::from)).await.unwrap();
    let status = answer.status().as_u16();
    let body = to_bytes(answer.into_body(), 65_536).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn plain(gateway: &Gateway, request: Request<Vec<u8>>) -> (u16, String) {
    let (head, body) = gateway.handle(request).await.into_parts();
    (head.status.as_u16(), String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn forged_requests_get_a_bare_403_and_leave_nothing_private_in_the_log() {
    let (gateway, log) = service();
    let mut forged = sms(1, "Hello");
    forged.body_mut().push(b'!');
    let mut unsigned = sms(1, "Hello");
    unsigned.headers_mut().clear();
    for request in [forged, unsigned] {
        assert_eq!(axum(&gateway, request.clone()).await, (403, String::new()));
        assert_eq!(plain(&gateway, request).await, (403, String::new()));
    }
    let log = log.lock().unwrap();
    assert_eq!(log.matches("refused: ").count(), 4);
    assert!(!log.contains("4155550") && !log.contains("ello"), "{log}");
}

#[tokio::test]
async fn stop_and_start_are_heard_and_a_retry_gets_the_first_answer() {
    let (gateway, _) = service();
    let patient = Address::parse("whatsapp:+14155550123");
    let first = axum(&gateway, sms(1, "Where+are+you%3F")).await;
    assert!(read(&first.1).unwrap().find("Message").is_some());
    let silent = plain(&gateway, sms(2, "Stop")).await;
    assert!(read(&silent.1).unwrap().find("Message").is_none());
    assert!(!gateway.may_contact(&patient));
    assert_eq!(plain(&gateway, sms(1, "Where+are+you%3F")).await, first);
    assert_eq!(axum(&gateway, sms(3, "YES")).await, silent);
    axum(&gateway, sms(4, "START")).await;
    assert!(gateway.may_contact(&patient));
    axum(&gateway, sms(2, "Stop")).await; // replayed
    assert!(gateway.may_contact(&patient));
    plain(&gateway, sms(5, "please+stop+texting+me")).await;
    plain(&gateway, sms(6, "START")).await;
    assert!(!gateway.may_contact(&patient));
    gateway.reviewed(&patient);
    assert!(gateway.may_contact(&patient));
}

#[tokio::test]
async fn calls_and_reports_are_answered() {
    let (gateway, log) = service();
    let (_, menu) = axum(&gateway, call("/voice", "")).await;
    assert!(read(&menu).unwrap().find("Gather").is_some() && menu.contains("es-MX"));
    let (_, spanish) = axum(&gateway, call("/voice/menu", "&Digits=2")).await;
    let record = read(&spanish).unwrap().find("Record").cloned().unwrap();
    let (_, thanks) = plain(
        &gateway,
        call(
            record.attribute("action").unwrap(),
            "&RecordingUrl=https://api.twilio.com/x",
        ),
    ).await;
    assert!(thanks.contains("Gracias"));
    let callback = record.attribute("recordingStatusCallback").unwrap();
    let done = format!("RecordingSid=RE{:032}&RecordingStatus=completed", 1);
    assert_eq!(plain(&gateway, signed(callback, &done)).await.0, 204);
    let blocked = format!(
        "MessageSid=SM{:032}&MessageStatus=failed&ErrorCode=21610",
        9
    );
    assert_eq!(axum(&gateway, signed("/status", &blocked)).await.0, 204);
    assert!(!gateway.may_contact(&Address::parse("+14155550100")));
    assert_eq!(
        axum(&gateway, signed("/status", "MessageSid=x")).await.0,
        403
    );
    assert!(log.lock().unwrap().contains("completed") && log.lock().unwrap().contains("21610"));
}
