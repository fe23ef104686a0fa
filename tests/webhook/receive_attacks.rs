//! Attacks on the receiver by a reader of its log, by a tenant beside it, and by a client of the
//! Voice SDK; and handlers that are cut off.

use std::future::{pending, ready};
use std::sync::{Arc, Mutex};

use clinspark_twilio::sms::OptOut;
use clinspark_twilio::types::{BoxError, BoxFuture};
use clinspark_twilio::webhook::{
    CallStatusCallback, ClaimToken, ConsentSignal, ForwardedHeaders, Lookup, MemoryReplayGuard,
    Receiver, RefusalKind, ReplayGuard, ReplayKey, SIGNATURE_HEADER, StoredAnswer, TrustedProxies,
    Validator, Verified, WebhookPaths,
};
use http::{Request, Response};

use crate::support::{ACCOUNT, MESSAGE, NUMBERS, handshake, origin, token, validator, verified};

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
    let receiver = receiver.paths(paths()).unwrap();
    (receiver.replay_guard(guard), heard)
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

#[tokio::test]
async fn a_replayed_start_gets_no_other_key() {
    let (receiver, heard) = receiver(validator(), Arc::new(MemoryReplayGuard::new(10)));
    let sid = |n| format!("SM{n:032}");
    let (own, replied) = (sid(1), sid(2));
    // Signed text: the names are sorted, and nothing separates them from the values.
    let original = format!(
        "{ACCOUNT}&Body=START&From=whatsapp%3A%2B14155550123&MessageSid={own}&NumMedia=0\
         &NumSegments=1&OriginalRepliedMessageSender=whatsapp%3A%2B14155550199\
         &OriginalRepliedMessageSid={replied}&ProfileName=Ann&SmsMessageSid={own}&SmsSid={own}\
         &SmsStatus=received&To=whatsapp%3A%2B14155550199"
    );
    let original = signed_by(&validator(), post("/sms", &original));
    assert_eq!(answer(&receiver, original.clone(), "").await.0, 200);
    let start = ConsentSignal::Replied(OptOut::Start);
    assert_eq!(*heard.lock().unwrap(), [start]);
    // The SID of the message moves into a name without meaning, and the SID of the message that it
    // replied to takes its place.
    let moved = format!(
        "{ACCOUNT}&Body=START&From=whatsapp%3A%2B14155550123&MessageS=id{own}NumMedia0\
         NumSegments1OriginalRepliedMessageSenderwhatsapp%3A%2B14155550199OriginalReplied\
         &MessageSid={replied}&ProfileName=Ann&SmsMessageSid={own}&SmsSid={own}\
         &SmsStatus=received&To=whatsapp%3A%2B14155550199"
    );
    let mut replay = post("/sms", &moved);
    let signature = original.headers()[SIGNATURE_HEADER].clone();
    replay.headers_mut().insert(SIGNATURE_HEADER, signature);
    assert!(
        validator().verify(replay.clone()).is_ok(),
        "the same signed text"
    );
    let (status, _) = answer(&receiver, replay, "").await;
    assert_eq!(
        (status, heard.lock().unwrap().as_slice()),
        (403, &[start][..])
    );
}

#[test]
fn a_key_holds_no_number() {
    // A reader of a log moves the end of the form into the status.
    let call = |called: &str| {
        let status = format!("completedCalled%2B{called}");
        let call = "CallSid=CA00000000000000000000000000000001&Direction=inbound";
        let callback = format!("CallStatus={status}&CallbackSource=call-progress-events");
        let request = verified(&[call, &callback, NUMBERS]);
        ReplayKey::from(&request.parse::<CallStatusCallback>().unwrap())
    };
    let key = call("14155550123");
    assert!(!format!("{key:?}").contains("4155550123"), "{key:?}");
    assert_ne!(key, call("14155550124"));
}

#[tokio::test]
async fn a_replayed_report_gets_no_other_key() {
    let (receiver, heard) = receiver(validator(), Arc::new(MemoryReplayGuard::new(10)));
    let sid = "SM00000000000000000000000000000001";
    let report = |status: &str| {
        let form = format!(
            "{ACCOUNT}&ErrorCode=21610&MessageSid={sid}&MessageStatus={status}&To=%2B14155550123"
        );
        post("/status", &form)
    };
    let original = report(&format!("undelivered&SmsSid={sid}&SmsStatus=undelivered"));
    let original = signed_by(&validator(), original);
    assert_eq!(answer(&receiver, original.clone(), "").await.0, 200);
    assert_eq!(*heard.lock().unwrap(), [ConsentSignal::OptedOut]);
    for moved in [
        format!("undeliveredSmsSid{sid}&SmsStatus=undelivered"),
        format!("undeliveredSmsSid{sid}SmsStatusundelivered"),
    ] {
        let mut replay = report(&moved);
        let signature = original.headers()[SIGNATURE_HEADER].clone();
        replay.headers_mut().insert(SIGNATURE_HEADER, signature);
        assert!(
            validator().verify(replay.clone()).is_ok(),
            "the same signed text"
        );
        assert_eq!(answer(&receiver, replay, "").await.0, 403);
    }
    assert_eq!(heard.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_voice_client_cannot_take_the_key_of_a_status_callback() {
    let (receiver, _) = receiver(validator(), Arc::new(MemoryReplayGuard::new(10)));
    let call = format!(
        "{ACCOUNT}&CallSid=CA00000000000000000000000000000001&CallStatus=in-progress\
         &Direction=inbound&{NUMBERS}"
    );
    // A client of the Voice SDK adds the parameters of a callback to its request for TwiML. The URL
    // may be the voice path, an action below it, below the status path or outside of all paths.
    let added = format!("{call}&CallbackSource=call-progress-events&SequenceNumber=1");
    for path in ["/voice", "/voice/menu", "/call-status/menu", "/twiml/menu"] {
        let twiml = signed_by(&validator(), post(path, &added));
        assert_eq!(answer(&receiver, twiml, "menu").await.1, "menu");
    }
    let callback = signed_by(&validator(), post("/call-status", &added));
    assert_eq!(answer(&receiver, callback, "recorded").await.1, "recorded");
}

/// Parameters of messages without one that Twilio always sends. They may hold a STOP.
#[tokio::test]
async fn a_message_that_cannot_be_read_reaches_no_handler() {
    let heard = Heard::default();
    let told = Arc::clone(&heard);
    let without_paths = Receiver::new(validator(), move |event| {
        told.lock().unwrap().push(event.signal);
        ready(Ok(()))
    });
    let (with_paths, _) = receiver(validator(), Arc::new(MemoryReplayGuard::new(10)));
    let sid = "MessageSid=SM00000000000000000000000000000001";
    let broken = [
        format!("Body=STOP&{NUMBERS}"),
        format!("{sid}&Body=STOP&To=%2B14155550199"),
        format!("{sid}&{NUMBERS}"),
        format!("MessageSid=SM1&{NUMBERS}&Body=STOP"),
        format!("MessageStatus=undelivered&ErrorCode=21610&{NUMBERS}"),
        format!("{sid}&MessageStatus=&{NUMBERS}"),
        "SmsSid=SM00000000000000000000000000000001&SmsStatus=received".to_owned(),
    ];
    for form in broken {
        let form = format!("{ACCOUNT}&{form}");
        for path in ["/sms", "/status", "/voice", "/elsewhere"] {
            for receiver in [&without_paths, &with_paths] {
                let request = signed_by(&validator(), post(path, &form));
                let refusal = receiver.receive(request).await.unwrap_err();
                assert_eq!(refusal.kind(), RefusalKind::Unreadable, "{path} {form}");
            }
            let calls_only = Receiver::calls_only(validator());
            let request = signed_by(&validator(), post(path, &form));
            let refusal = calls_only.receive(request).await.unwrap_err();
            assert_eq!(refusal.kind(), RefusalKind::CallsOnly, "{path} {form}");
        }
    }
    // An empty `CallSid` makes no call of a message.
    let form = format!("{ACCOUNT}&{sid}&{NUMBERS}&Body=STOP&CallSid=");
    let request = signed_by(&validator(), post("/sms", &form));
    assert!(without_paths.receive(request).await.is_ok());
    assert_eq!(
        *heard.lock().unwrap(),
        [ConsentSignal::Replied(OptOut::Stop)]
    );
    // An event of Conversations is no message to this number.
    let event = format!(
        "{ACCOUNT}&EventType=onMessageAdded&ConversationSid=CH00000000000000000000000000000001\
         &MessageSid=IM00000000000000000000000000000001&Body=STOP&Author=Ann"
    );
    let request = signed_by(&validator(), post("/elsewhere", &event));
    assert!(without_paths.receive(request).await.is_ok());
}

#[test]
fn a_handshake_has_no_key() {
    let mut request = handshake("/stream?CallSid=CA00000000000000000000000000000001");
    let signature = validator().sign_websocket(&request).parse().unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    let token = "first".parse().unwrap();
    request
        .headers_mut()
        .insert("i-twilio-idempotency-token", token);
    let verified = validator().verify_websocket(request).unwrap();
    assert_eq!(ReplayKey::of(&verified), None);
}

#[test]
fn no_debug_output_holds_a_number() {
    let mut request = post("/sms/%2B14155550123?to=%2B14155550123", ACCOUNT);
    request = signed_by(&validator(), request);
    let verified = validator().verify(request).unwrap();
    let shown = format!("{verified:?}");
    assert!(
        !shown.contains("4155550123") && shown.contains("/sms"),
        "{shown}"
    );
}

#[test]
fn a_forged_path_does_not_fill_the_log() {
    for long in [
        "/4155550123".repeat(5_000),
        "/a".repeat(30_000),
        format!("/{}", "a".repeat(60_000)),
    ] {
        let request = signed_by(&validator(), post("/sms", ACCOUNT));
        let (mut head, body) = request.into_parts();
        head.uri = long.parse().unwrap();
        let error = validator()
            .verify(Request::from_parts(head, body))
            .unwrap_err();
        let shown = format!("{error:?}");
        assert!(
            shown.len() < 2_000 && shown.contains("[cut]"),
            "{}",
            shown.len()
        );
        assert!(!shown.contains("4155"), "{shown}");
    }
}

#[tokio::test]
async fn a_head_in_a_log_holds_no_secret() {
    let head = Arc::new(Mutex::new(String::new()));
    let told = Arc::clone(&head);
    let receiver = Receiver::calls_only(validator()).on_refusal(move |head, _| {
        *told.lock().unwrap() = format!("{head:?}");
    });
    let mut request = signed_by(&validator(), post("/sms", "Body=hi"));
    // Twilio sends the user name and password of a URL so.
    let header = "Basic dHdpbGlvOnNlY3JldA==".parse().unwrap();
    request.headers_mut().insert("authorization", header);
    *request.uri_mut() = "/other".parse().unwrap();
    assert_eq!(answer(&receiver, request, "").await.0, 403);
    let shown = head.lock().unwrap().clone();
    assert!(
        shown.contains("authorization") && !shown.contains("dHdpbGlv"),
        "{shown}"
    );
}

/// A guard that records what it is told, and that never ends `finish`.
#[derive(Clone, Default)]
struct Slow(Arc<Mutex<Vec<&'static str>>>);

impl Slow {
    fn told(&self, what: &'static str) {
        self.0.lock().unwrap().push(what);
    }
}

impl ReplayGuard for Slow {
    fn begin<'a>(
        &'a self,
        _: &'a ReplayKey,
        _: &'a ClaimToken,
    ) -> BoxFuture<'a, Result<Lookup, BoxError>> {
        Box::pin(ready(Ok(Lookup::New)))
    }

    fn finish<'a>(
        &'a self,
        _: &'a ReplayKey,
        _: &'a ClaimToken,
        _: &'a StoredAnswer,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        self.told("finish");
        Box::pin(pending())
    }

    fn release<'a>(
        &'a self,
        _: &'a ReplayKey,
        _: &'a ClaimToken,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        self.told("release");
        Box::pin(ready(Ok(())))
    }

    fn abandon(&self, _: &ReplayKey, _: &ClaimToken) {
        self.told("abandon");
    }
}

fn text() -> Request<String> {
    let form = format!("{ACCOUNT}&{MESSAGE}&{NUMBERS}&Body=hi");
    signed_by(&validator(), post("/sms", &form))
}

#[tokio::test]
async fn a_handled_webhook_is_never_abandoned() {
    let guard = Slow::default();
    let (receiver, _) = receiver(validator(), Arc::new(guard.clone()));
    let mut handling = Box::pin(answer(&receiver, text(), "handled"));
    tokio::select! {
        biased;
        _ = &mut handling => unreachable!("the guard never ends"),
        () = ready(()) => {}
    }
    // The connection closes while the guard stores the answer. The handler has run.
    drop(handling);
    assert_eq!(*guard.0.lock().unwrap(), ["finish"]);
}

#[test]
fn an_authority_takes_precedence_over_a_host_header() {
    let proxies = TrustedProxies::new(ForwardedHeaders::XForwarded)
        .add_network("10.0.0.0/8".parse().unwrap());
    // HTTP/2 through a proxy that checks the authority and passes on the header.
    let request = Request::post("https://acme.example.com/sms")
        .header("host", "staging.example.com")
        .header("x-forwarded-proto", "https")
        .body("")
        .unwrap();
    let origin = proxies.origin("10.0.0.1".parse().unwrap(), &request);
    assert_eq!(origin.unwrap().as_str(), "https://acme.example.com");
}

#[cfg(feature = "tower")]
mod layer {
    use std::convert::Infallible;
    use std::future::{Ready, ready};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Poll};

    use axum::body::{Body, Bytes};
    use clinspark_twilio::webhook::{
        MemoryReplayGuard, ReplayGuard, Validator, Verified, WebhookLayer,
    };
    use http::{Request, Response};
    use tower_layer::Layer as _;
    use tower_service::Service;

    use super::{Slow, post, receiver, signed_by, text};
    use crate::support::{ACCOUNT, MESSAGE, NUMBERS, origin, token, validator};

    /// A service that fails, as one behind a timeout does.
    #[derive(Clone)]
    struct Failing;

    impl Service<Request<Body>> for Failing {
        type Response = Response<Body>;
        type Error = &'static str;
        type Future = Ready<Result<Self::Response, Self::Error>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Request<Body>) -> Self::Future {
            ready(Err("timed out"))
        }
    }

    #[tokio::test]
    async fn a_service_that_fails_releases_its_webhook() {
        let guard = Slow::default();
        let (receiver, _) = receiver(validator(), Arc::new(guard.clone()));
        let mut service = WebhookLayer::new(receiver).layer(Failing);
        let failed = service.call(text().map(Body::from)).await;
        assert_eq!(failed.unwrap_err(), "timed out");
        // Waits for the store, which `abandon` cannot do.
        assert_eq!(*guard.0.lock().unwrap(), ["release"]);
    }

    /// A service that answers with the number of calls before.
    #[derive(Clone, Default)]
    struct Counting(Arc<AtomicUsize>);

    impl Service<Request<Body>> for Counting {
        type Response = Response<Body>;
        type Error = Infallible;
        type Future = Ready<Result<Self::Response, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, request: Request<Body>) -> Self::Future {
            assert!(request.extensions().get::<Verified<Bytes>>().is_some());
            let before = self.0.fetch_add(1, Ordering::Relaxed);
            ready(Ok(Response::new(Body::from(before.to_string()))))
        }
    }

    fn stop() -> Request<Body> {
        let form = format!("{ACCOUNT}&{MESSAGE}&{NUMBERS}&Body=STOP");
        signed_by(&validator(), post("/sms", &form)).map(Body::from)
    }

    #[tokio::test]
    async fn a_second_layer_passes_on_what_the_first_admitted() {
        let (receiver, heard) = receiver(validator(), Arc::new(MemoryReplayGuard::new(10)));
        let (handler, layer) = (Counting::default(), WebhookLayer::new(receiver));
        let mut service = layer.layer(layer.layer(handler.clone()));
        for _ in 0..2 {
            assert_eq!(service.call(stop()).await.unwrap().status(), 200);
        }
        assert_eq!(handler.0.load(Ordering::Relaxed), 1, "handled once");
        assert_eq!(heard.lock().unwrap().len(), 1, "recorded once");
    }

    #[tokio::test]
    async fn a_layer_of_another_receiver_checks_for_itself_and_shares_the_claim() {
        let guard: Arc<dyn ReplayGuard> = Arc::new(MemoryReplayGuard::new(10));
        let of = |validator| WebhookLayer::new(receiver(validator, Arc::clone(&guard)).0);
        let handler = Counting::default();
        let mut service = of(validator()).layer(of(validator()).layer(handler.clone()));
        for _ in 0..2 {
            assert_eq!(service.call(stop()).await.unwrap().status(), 200);
        }
        assert_eq!(handler.0.load(Ordering::Relaxed), 1, "handled once");
        // What the outer layer admitted, the inner one may refuse.
        let other = Validator::new(token("other"), origin("https://acme.example.com"));
        let mut service = of(validator()).layer(of(other).layer(handler.clone()));
        let form =
            format!("{ACCOUNT}&MessageSid=SM00000000000000000000000000000009&{NUMBERS}&Body=");
        let request = signed_by(&validator(), post("/sms", &form)).map(Body::from);
        assert_eq!(service.call(request).await.unwrap().status(), 403);
        assert_eq!(handler.0.load(Ordering::Relaxed), 1);
    }

    /// No sender can set an extension, and an extension of another type changes nothing.
    #[tokio::test]
    async fn a_verified_request_in_the_extensions_admits_no_other() {
        let (receiver, _) = receiver(validator(), Arc::new(MemoryReplayGuard::new(10)));
        let handler = Counting::default();
        let mut service = WebhookLayer::new(receiver).layer(handler.clone());
        let mut unsigned = post("/sms", "Body=STOP").map(Body::from);
        let verified = validator().verify(text().map(Bytes::from)).unwrap();
        unsigned.extensions_mut().insert(verified);
        assert_eq!(service.call(unsigned).await.unwrap().status(), 403);
        assert_eq!(handler.0.load(Ordering::Relaxed), 0);
    }
}
