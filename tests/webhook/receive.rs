//! The receiver: consent events, retries and refusals.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use clinspark_twilio::sms::OptOut;
use clinspark_twilio::types::{AccountSid, BoxError, BoxFuture};
use clinspark_twilio::webhook::{
    ClaimToken, ConsentSignal, Lookup, MemoryReplayGuard, PathKind, Receiver, RefusalKind,
    ReplayGuard, ReplayKey, SIGNATURE_HEADER, StoredAnswer, Validator, Verified, WebhookPaths,
};
use http::{Request, Response, StatusCode};

use crate::support::{ACCOUNT, MESSAGE, NUMBERS, validator};

const CALL: &str = "CallSid=CA00000000000000000000000000000001&CallStatus=ringing\
    &Direction=inbound&From=%2B14155550123&To=%2B14155550199";

fn post(path: &str, form: &str) -> Request<String> {
    let mut request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("i-twilio-idempotency-token", "first")
        .body(format!("{ACCOUNT}&{form}"))
        .unwrap();
    sign(&validator(), &mut request);
    request
}

fn sign(validator: &Validator, request: &mut Request<String>) {
    let signature = validator.sign(request).parse().unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
}

fn text(body: &str) -> Request<String> {
    post("/sms", &format!("{MESSAGE}&{NUMBERS}&Body={body}"))
}

fn paths() -> WebhookPaths {
    WebhookPaths::new()
        .message("/sms")
        .message_status("/status")
        .voice("/voice")
        .call_status("/call-status")
}

/// A receiver with all that it was told, and the handler's calls.
#[derive(Clone, Default)]
struct Service {
    consent: Arc<Mutex<Vec<ConsentSignal>>>,
    fails: Arc<Mutex<bool>>,
    handled: Arc<AtomicUsize>,
    refused: Arc<Mutex<Vec<String>>>,
}

impl Service {
    fn receiver(&self) -> Receiver {
        let (consent, fails) = (Arc::clone(&self.consent), Arc::clone(&self.fails));
        let refused = Arc::clone(&self.refused);
        Receiver::new(validator(), move |event| {
            let (consent, fails) = (Arc::clone(&consent), Arc::clone(&fails));
            async move {
                if *fails.lock().unwrap() {
                    return Err("no database".into());
                }
                consent.lock().unwrap().push(event.signal);
                Ok(())
            }
        })
        .paths(paths())
        .unwrap()
        .on_refusal(move |head, refusal| {
            assert!(!format!("{head:?}").contains(&validator().sign(&text("STOP"))));
            refused.lock().unwrap().push(refusal.to_string());
        })
    }

    /// Answers with the number of requests handled before, and whether this one is a retry.
    async fn handle(&self, receiver: &Receiver, request: Request<String>) -> (u16, String) {
        self.answer(receiver, request, StatusCode::OK).await
    }

    async fn answer(
        &self,
        receiver: &Receiver,
        request: Request<String>,
        status: StatusCode,
    ) -> (u16, String) {
        let count = Arc::clone(&self.handled);
        let handler = |verified: Verified<String>| async move {
            let before = count.fetch_add(1, Ordering::Relaxed);
            let retry = if verified.is_retry() { " retry" } else { "" };
            let mut response = Response::new(format!("{before}{retry}"));
            *response.status_mut() = status;
            response
        };
        let response = receiver.handle(request, handler).await;
        let body = String::from_utf8(response.body().to_vec()).unwrap();
        (response.status().as_u16(), body)
    }
}

#[tokio::test]
async fn a_service_without_a_client_hears_stop() {
    let service = Service::default();
    let receiver = service.receiver();
    assert_eq!(service.handle(&receiver, text("STOP")).await.0, 200);
    assert_eq!(service.handle(&receiver, text("Yes+please")).await.0, 200);
    let report = format!("{MESSAGE}&{NUMBERS}&MessageStatus=undelivered&ErrorCode=21610");
    assert_eq!(
        service.handle(&receiver, post("/status", &report)).await.0,
        200
    );
    let heard = service.consent.lock().unwrap().clone();
    assert_eq!(
        heard,
        [
            ConsentSignal::Replied(OptOut::Stop),
            ConsentSignal::OptedOut
        ]
    );
    assert_eq!(service.handled.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn a_stop_that_is_not_recorded_is_not_handled_either() {
    let service = Service::default();
    let receiver = service.receiver().replay_guard(MemoryReplayGuard::new(10));
    *service.fails.lock().unwrap() = true;
    assert_eq!(
        service.handle(&receiver, text("STOP")).await,
        (503, String::new())
    );
    assert_eq!(service.handled.load(Ordering::Relaxed), 0);
    // Twilio retries after 503, and the claim was released.
    *service.fails.lock().unwrap() = false;
    assert_eq!(
        service.handle(&receiver, text("STOP")).await,
        (200, "0".to_owned())
    );
    assert_eq!(service.consent.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_receiver_of_calls_refuses_messages() {
    let receiver = Receiver::calls_only(validator());
    assert!(receiver.receive(post("/voice", CALL)).await.is_ok());
    let report = format!("{MESSAGE}&{NUMBERS}&MessageStatus=sent");
    for request in [text("STOP"), text("hi"), post("/status", &report)] {
        let refusal = receiver.receive(request).await.unwrap_err();
        assert_eq!(refusal.kind(), RefusalKind::CallsOnly);
        assert_eq!(refusal.status(), StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn the_kind_is_told_by_the_path() {
    let receiver = Service::default().receiver();
    let verified = receiver.receive(text("hi")).await.unwrap();
    assert_eq!(verified.path_kind(), Some(PathKind::Message));
    let refusal = receiver.receive(post("/sms", CALL)).await.unwrap_err();
    assert_eq!(
        (refusal.kind(), refusal.path_kind()),
        (RefusalKind::Path, Some(PathKind::Message))
    );
    // A client of the Voice SDK adds the parameters of a message.
    let forged = format!("{CALL}&{MESSAGE}&Body=STOP");
    let refusal = receiver.receive(post("/sms", &forged)).await.unwrap_err();
    assert_eq!(refusal.kind(), RefusalKind::Path);
}

#[tokio::test]
async fn other_accounts_and_numbers_are_refused() {
    let other = AccountSid::parse("AC00000000000000000000000000000002").unwrap();
    let receiver = Service::default().receiver().account_sid(other);
    let refusal = receiver.receive(text("hi")).await.unwrap_err();
    assert_eq!(refusal.kind(), RefusalKind::Account);
    for (number, kind) in [
        ("+14155550199", None),
        ("+14155550123", None),
        ("+14155550198", Some(RefusalKind::Number)),
    ] {
        let receiver = Service::default()
            .receiver()
            .number(number.parse().unwrap());
        let refusal = receiver.receive(text("hi")).await.err();
        assert_eq!(refusal.map(|refusal| refusal.kind()), kind, "{number}");
    }
}

#[tokio::test]
async fn a_retry_gets_the_first_answer_and_is_handled_once() {
    let service = Service::default();
    let receiver = service.receiver().replay_guard(MemoryReplayGuard::new(10));
    let first = service.handle(&receiver, text("STOP")).await;
    assert_eq!(first, (200, "0".to_owned()));
    let mut replayed = text("STOP");
    // A replay may carry another token: it is not signed.
    replayed
        .headers_mut()
        .insert("i-twilio-idempotency-token", "other".parse().unwrap());
    assert_eq!(service.handle(&receiver, replayed).await, first);
    assert_eq!(service.handled.load(Ordering::Relaxed), 1);
    assert_eq!(service.consent.lock().unwrap().len(), 1, "recorded once");
}

#[tokio::test]
async fn a_request_that_failed_is_handled_again() {
    let service = Service::default();
    let receiver = service.receiver().replay_guard(MemoryReplayGuard::new(10));
    let broken = StatusCode::INTERNAL_SERVER_ERROR;
    assert_eq!(service.answer(&receiver, text("hi"), broken).await.0, 500);
    assert_eq!(
        service.handle(&receiver, text("hi")).await,
        (200, "1".to_owned())
    );
}

#[tokio::test]
async fn a_request_that_was_cut_off_is_handled_again() {
    let service = Service::default();
    let receiver = service.receiver().replay_guard(MemoryReplayGuard::new(10));
    let never = receiver.handle(text("hi"), |_| std::future::pending::<Response<String>>());
    let mut never = Box::pin(never);
    tokio::select! {
        biased;
        _ = &mut never => unreachable!("the handler never answers"),
        () = std::future::ready(()) => {}
    }
    let (status, _) = service.handle(&receiver, text("hi")).await;
    assert_eq!(status, 503, "the first attempt is in progress");
    drop(never);
    assert_eq!(
        service.handle(&receiver, text("hi")).await,
        (200, "0".to_owned())
    );
}

/// A guard that keeps keys, tokens and states only, as a database does, or fails.
#[derive(Clone, Default)]
struct Table {
    rows: Arc<Mutex<HashMap<ReplayKey, (ClaimToken, bool)>>>,
    fails: bool,
}

impl Table {
    fn failing() -> Self {
        let rows = Arc::default();
        Self { rows, fails: true }
    }

    /// Ends every claim that is in progress, as time does.
    fn expire(&self) {
        self.rows.lock().unwrap().retain(|_, (_, handled)| *handled);
    }
}

impl ReplayGuard for Table {
    fn begin<'a>(
        &'a self,
        key: &'a ReplayKey,
        token: &'a ClaimToken,
    ) -> BoxFuture<'a, Result<Lookup, BoxError>> {
        Box::pin(async move {
            if self.fails {
                return Err("no database".into());
            }
            let mut rows = self.rows.lock().unwrap();
            let (holder, handled) = rows.entry(key.clone()).or_insert((token.clone(), false));
            Ok(match (*handled, holder == token) {
                (true, _) => Lookup::Handled,
                (false, true) => Lookup::New,
                (false, false) => Lookup::InProgress,
            })
        })
    }

    fn finish<'a>(
        &'a self,
        key: &'a ReplayKey,
        token: &'a ClaimToken,
        _: &'a StoredAnswer,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            match self.rows.lock().unwrap().get_mut(key) {
                Some((holder, handled)) if holder == token => *handled = true,
                _ => return Err("another worker holds the claim".into()),
            }
            Ok(())
        })
    }

    fn release<'a>(
        &'a self,
        key: &'a ReplayKey,
        token: &'a ClaimToken,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            let own = (token.clone(), false);
            let mut rows = self.rows.lock().unwrap();
            rows.retain(|known, row| known != key || *row != own);
            Ok(())
        })
    }
}

#[tokio::test]
async fn a_guard_without_answers_sends_none_twice() {
    let service = Service::default();
    let receiver = service.receiver().replay_guard(Table::default());
    let report = || {
        post(
            "/status",
            &format!("{MESSAGE}&{NUMBERS}&MessageStatus=sent"),
        )
    };
    assert_eq!(
        service.handle(&receiver, text("hi")).await,
        (200, "0".to_owned())
    );
    assert_eq!(
        service.handle(&receiver, text("hi")).await,
        (
            200,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>".to_owned()
        )
    );
    assert_eq!(
        service.handle(&receiver, report()).await,
        (200, "1".to_owned())
    );
    assert_eq!(
        service.handle(&receiver, report()).await,
        (204, String::new())
    );
    // A caller needs an answer, so the handler makes it again, and knows.
    let call = || post("/voice", CALL);
    assert_eq!(
        service.handle(&receiver, call()).await,
        (200, "2".to_owned())
    );
    assert_eq!(
        service.handle(&receiver, call()).await,
        (200, "3 retry".to_owned())
    );
}

/// A store in a database cannot be told of a dropped claim, so the receiver releases it.
#[tokio::test]
async fn a_stored_claim_is_released_when_consent_is_not_recorded() {
    let service = Service::default();
    let receiver = service.receiver().replay_guard(Table::default());
    *service.fails.lock().unwrap() = true;
    assert_eq!(service.handle(&receiver, text("STOP")).await.0, 503);
    *service.fails.lock().unwrap() = false;
    let answer = service.handle(&receiver, text("STOP")).await;
    assert_eq!(answer, (200, "0".to_owned()));
}

/// A slow worker outlives its claim, and a second worker handles the retry.
#[tokio::test]
async fn a_late_worker_neither_finishes_nor_releases_the_claim_of_another() {
    for status in [StatusCode::OK, StatusCode::INTERNAL_SERVER_ERROR] {
        let table = Table::default();
        let service = Service::default();
        let receiver = service.receiver().replay_guard(table.clone());
        let (release_first, first_waits) = tokio::sync::oneshot::channel::<()>();
        let slow = receiver.handle(text("hi"), |_| async move {
            first_waits.await.unwrap();
            let mut response = Response::new(String::new());
            *response.status_mut() = status;
            response
        });
        let mut slow = Box::pin(slow);
        tokio::select! {
            biased;
            _ = &mut slow => unreachable!("the first worker waits"),
            () = std::future::ready(()) => {}
        }
        table.expire();
        let second = receiver.handle(text("hi"), |_| std::future::pending::<Response<String>>());
        let mut second = Box::pin(second);
        tokio::select! {
            biased;
            _ = &mut second => unreachable!("the second worker never answers"),
            () = std::future::ready(()) => {}
        }
        let held_by_second = table.rows.lock().unwrap().clone();
        release_first.send(()).unwrap();
        assert_eq!(slow.await.status(), status);
        assert_eq!(*table.rows.lock().unwrap(), held_by_second);
        // A third attempt is neither answered as handled nor handled beside the second.
        assert_eq!(service.handle(&receiver, text("hi")).await.0, 503);
    }
}

#[tokio::test]
async fn a_repeated_key_of_a_menu_is_no_retry() {
    let service = Service::default();
    let receiver = service.receiver().replay_guard(MemoryReplayGuard::new(10));
    let pressed = |token: &str| {
        let mut request = post("/voice/menu", &format!("{CALL}&Digits=9"));
        let header = "i-twilio-idempotency-token";
        request.headers_mut().insert(header, token.parse().unwrap());
        request
    };
    assert_eq!(service.handle(&receiver, pressed("a")).await.1, "0");
    assert_eq!(
        service.handle(&receiver, pressed("b")).await.1,
        "1",
        "pressed again"
    );
    assert_eq!(
        service.handle(&receiver, pressed("a")).await.1,
        "0",
        "a retry"
    );
}

#[tokio::test]
async fn without_its_guard_no_webhook_is_handled() {
    let service = Service::default();
    let receiver = service.receiver().replay_guard(Table::failing());
    for body in ["START", "hello", "STOP"] {
        let answer = service.handle(&receiver, text(body)).await;
        assert_eq!(answer, (503, String::new()));
    }
    assert_eq!(service.handled.load(Ordering::Relaxed), 0);
    // Twilio may never retry: a STOP is recorded nonetheless, and nothing else.
    let heard = service.consent.lock().unwrap().clone();
    assert_eq!(heard, [ConsentSignal::Replied(OptOut::Stop)]);
    let told = service.refused.lock().unwrap().join("\n");
    assert!(told.contains("the replay guard failed"), "{told}");
}

#[tokio::test]
async fn a_stop_is_recorded_where_the_guard_has_no_space() {
    let service = Service::default();
    let receiver = service.receiver().replay_guard(MemoryReplayGuard::new(1));
    let other = format!("MessageSid=SM00000000000000000000000000000009&{NUMBERS}&Body=hi");
    let slow = receiver.handle(post("/sms", &other), |_| {
        std::future::pending::<Response<String>>()
    });
    let mut slow = Box::pin(slow);
    tokio::select! {
        biased;
        _ = &mut slow => unreachable!("the handler never answers"),
        () = std::future::ready(()) => {}
    }
    for body in ["START", "STOP"] {
        assert_eq!(service.handle(&receiver, text(body)).await.0, 503);
    }
    let heard = service.consent.lock().unwrap().clone();
    assert_eq!(heard, [ConsentSignal::Replied(OptOut::Stop)]);
}

#[tokio::test]
async fn a_refusal_says_the_reason_and_the_urls_but_no_number() {
    let service = Service::default();
    let receiver = service.receiver();
    let mut request = text("hi");
    *request.uri_mut() = "/sms/14155550123?to=%2B14155550123".parse().unwrap();
    assert_eq!(
        service.handle(&receiver, request).await,
        (403, String::new())
    );
    let mut unsigned = text("hi");
    unsigned.headers_mut().remove(SIGNATURE_HEADER);
    assert_eq!(service.handle(&receiver, unsigned).await.0, 403);
    let told = service.refused.lock().unwrap().clone();
    assert!(told[0].contains("no key signs this request"), "{told:?}");
    assert!(
        told[0].contains("tried https://acme.example.com/sms/"),
        "{told:?}"
    );
    assert!(!told[0].contains("4155550123"), "{told:?}");
    assert!(told[1].contains("no X-Twilio-Signature header"), "{told:?}");
}
