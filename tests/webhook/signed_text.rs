//! Everything that can be read from a verified request is signed text, for every way of verifying.

use clinspark_twilio::types::{AuthToken, Method};
use clinspark_twilio::webhook::{
    Algorithm, ForwardedHeaders, MessageStatusCallback, PublicOrigin, ReplayKey, SIGNATURE_HEADER,
    TrustedProxies, Validator, Verified, body_sha256,
};
use http::{HeaderValue, Request};
use proptest::collection::vec;
use proptest::prelude::*;

const ORIGIN: &str = "https://acme.example.com";
const FORM: &str = "application/x-www-form-urlencoded";
const NAMES: [&str; 8] = [
    "message_id",
    "AccountSid",
    "MessageSid",
    "MessageStatus",
    "From",
    "Body",
    "a",
    "\u{E9}",
];

fn validator(origin: &str) -> Validator {
    let origin = PublicOrigin::parse(origin).unwrap();
    Validator::new(AuthToken::new("12345").unwrap(), origin).methods([Method::Get, Method::Post])
}

/// Names and values, encoded as a query or as a form.
fn pairs() -> impl Strategy<Value = String> {
    let name = prop::sample::select(NAMES.to_vec());
    let value = prop_oneof![
        3 => "(SM|AC)[0-9a-f]{32}",
        3 => "[a-z]{1,8}-[0-9]{1,4}",
        2 => "[ -~]{0,10}",
        1 => any::<String>(),
    ];
    vec((name, value), 0..6).prop_map(|pairs| {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish()
    })
}

fn targets() -> impl Strategy<Value = String> {
    let path = prop::sample::select(vec!["/sms", "/status", "/status/", "/a//b/%2F", "/"]);
    (path, prop::option::of(pairs())).prop_map(|(path, query)| match query {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    })
}

fn query(url: &str) -> &str {
    url.split_once('?').map_or("", |(_, query)| query)
}

/// Returns the text that Twilio signs: the URL, and the distinct pairs in order.
fn message(url: &str, form: &str) -> String {
    let mut pairs: Vec<_> = form_urlencoded::parse(form.as_bytes()).collect();
    pairs.sort();
    pairs.dedup();
    let pairs = pairs.iter().map(|(name, value)| format!("{name}{value}"));
    format!("{url}{}", pairs.collect::<String>())
}

fn signed(mut request: Request<Vec<u8>>, message: &str) -> Request<Vec<u8>> {
    let signature = Algorithm::HmacSha1.sign(b"12345", message.as_bytes());
    let signature = HeaderValue::from_str(&signature).unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    request
}

fn post(target: &str, form: &str) -> Request<Vec<u8>> {
    Request::post(target)
        .header("content-type", FORM)
        .body(form.as_bytes().to_vec())
        .unwrap()
}

/// Reads everything from a request, and compares it with the signed URL and the signed form.
#[track_caller]
fn assert_signed<B: AsRef<[u8]>>(verified: &Verified<B>, url: &str, parameters: &str) {
    let path = url.split('?').next().unwrap_or_default();
    assert_eq!(format!("{ORIGIN}{}", verified.path()), path);
    for name in NAMES {
        let first = |text: &str| {
            let mut pairs = form_urlencoded::parse(text.as_bytes());
            pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
        };
        assert_eq!(
            verified.query_parameter(name).map(Into::into),
            first(query(url))
        );
        assert_eq!(verified.parameter(name).map(Into::into), first(parameters));
    }
    let read: Vec<_> = verified.parameters().collect();
    let right: Vec<_> = form_urlencoded::parse(parameters.as_bytes()).collect();
    assert_eq!(read, right);
    let values = read.iter().map(|(name, value)| format!("{name} {value} "));
    let values = values.collect::<Vec<_>>().concat();
    if let Some(key) = ReplayKey::of(verified) {
        let is_hash = |part: &str| {
            read.iter()
                .any(|(_, value)| body_sha256(value.as_bytes()) == part)
        };
        let mut parts = key.as_str().split('-');
        assert!(parts.all(|part| values.contains(part) || is_hash(part)));
    }
    #[cfg(feature = "client")]
    if let Some(id) = clinspark_twilio::messenger::MessageId::from_callback(verified) {
        assert!(
            form_urlencoded::parse(query(url).as_bytes()).any(|(name, value)| name == "message_id"
                && value.strip_suffix('.') == Some(id.as_str()))
        );
    }
    if let Ok(callback) = verified.parse::<MessageStatusCallback>() {
        assert!(values.contains(callback.message_sid.as_str()));
    }
    let shown = format!("{verified:?}");
    assert!(shown.contains(&format!("{:?}", verified.path())), "{shown}");
}

proptest! {
    #[test]
    fn by_origin_and_target(target in targets(), form in pairs(), get in any::<bool>()) {
        let url = format!("{ORIGIN}{target}");
        let mut request = post(&target, if get { "" } else { &form });
        if get {
            *request.method_mut() = http::Method::GET;
        }
        let (form, read) = if get { ("", query(&url)) } else { (form.as_str(), form.as_str()) };
        let request = signed(request, &message(&url, form));
        if let Ok(verified) = validator(ORIGIN).verify(request) {
            assert_signed(&verified, &url, read);
        }
    }

    #[test]
    fn behind_a_proxy(target in targets(), form in pairs()) {
        let url = format!("{ORIGIN}{target}");
        let mut request = signed(post(&target, &form), &message(&url, &form));
        for (name, value) in [("x-forwarded-proto", "https"), ("x-forwarded-host", "acme.example.com")] {
            request.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        let proxies = TrustedProxies::new(ForwardedHeaders::XForwarded)
            .add_network("10.0.0.1".parse().unwrap());
        let other = validator("https://other.example");
        if let Ok(verified) = other.verify_via_proxy(&proxies, "10.0.0.1".parse().unwrap(), request) {
            assert_signed(&verified, &url, &form);
        }
    }

    /// The URL of the request differs from the signed one, so it must not be read.
    #[test]
    fn by_a_url_as_text(target in targets(), own in targets(), form in pairs(), get in any::<bool>()) {
        let url = format!("{ORIGIN}{target}");
        let mut request = post(&own, if get { "" } else { &form });
        if get {
            *request.method_mut() = http::Method::GET;
        }
        let (form, read) = if get { ("", query(&url)) } else { (form.as_str(), form.as_str()) };
        let request = signed(request, &message(&url, form));
        let given = url.replacen("https://", "https://user:secret@", 1) + "#rc=2";
        if let Ok(verified) = validator("https://other.example").verify_with_url(&given, request) {
            assert_signed(&verified, &url, read);
        }
    }

    #[test]
    fn a_handshake(target in targets(), as_form in any::<bool>(), slash in any::<bool>()) {
        let request = Request::get(&target)
            .header("upgrade", "websocket")
            .body(Vec::new())
            .unwrap();
        let url = format!("wss{}{target}", ORIGIN.trim_start_matches("https"));
        let text = match url.split_once('?') {
            Some((path, query)) if as_form => message(path, query),
            None if slash => format!("{url}/"),
            _ => url.clone(),
        };
        if let Ok(verified) = validator(ORIGIN).verify_websocket(signed(request, &text)) {
            assert_signed(&verified, &url.replacen("wss", "https", 1), query(&url));
        }
    }
}

/// Fixed samples, which the properties might not generate.
#[test]
fn a_signed_url_that_differs_from_the_request() {
    let sid = "SM00000000000000000000000000000001";
    let url = "https://acme.example.com/status?message_id=reminder-4711";
    let form = format!("AccountSid=AC00000000000000000000000000000001&MessageSid={sid}");
    let request = post("/rewritten?message_id=reminder-47&Body=YES", &form);
    let request = signed(request, &message(url, &form));
    let verified = validator(ORIGIN).verify_with_url(url, request).unwrap();
    assert_signed(&verified, url, &form);
    assert_eq!(
        verified.query_parameter("message_id").as_deref(),
        Some("reminder-4711")
    );
    assert_eq!(
        (verified.path(), verified.query_parameter("Body")),
        ("/status", None)
    );

    let mut by_get = post("/rewritten?Body=YES", "");
    *by_get.method_mut() = http::Method::GET;
    let by_get = signed(by_get, "https://acme.example.com?Body=NO");
    let verified = validator(ORIGIN).verify_with_url("https://acme.example.com?Body=NO", by_get);
    let verified = verified.unwrap();
    assert_signed(&verified, "https://acme.example.com?Body=NO", "Body=NO");
    assert_eq!(verified.path(), "");
}

/// Proof that a handler finds behind the layer.
#[cfg(feature = "tower")]
mod layer {
    use std::convert::Infallible;
    use std::future::{Ready, poll_fn, ready};
    use std::sync::{Arc, Mutex};
    use std::task::{Context, Poll};

    use axum::body::Body;
    use bytes::Bytes;
    use clinspark_twilio::webhook::{Receiver, WebhookLayer};
    use tower_layer::Layer as _;
    use tower_service::Service;

    use super::*;

    /// Keeps the proof of the last request.
    #[derive(Clone, Default)]
    struct Handler(Arc<Mutex<Option<Verified<Bytes>>>>);

    impl Service<Request<Body>> for Handler {
        type Response = http::Response<Body>;
        type Error = Infallible;
        type Future = Ready<Result<Self::Response, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, mut request: Request<Body>) -> Self::Future {
            *self.0.lock().unwrap() = request.extensions_mut().remove();
            ready(Ok(http::Response::new(Body::empty())))
        }
    }

    async fn proof(request: Request<Vec<u8>>) -> Option<Verified<Bytes>> {
        let handler = Handler::default();
        let receiver = Receiver::new(validator(ORIGIN), |_| async { Ok(()) });
        let mut service = WebhookLayer::new(receiver).layer(handler.clone());
        poll_fn(|cx| service.poll_ready(cx)).await.unwrap();
        service.call(request.map(Body::from)).await.unwrap();
        handler.0.lock().unwrap().take()
    }

    proptest! {
        #[test]
        fn behind_the_layer(target in targets(), form in pairs()) {
            let url = format!("{ORIGIN}{target}");
            let request = signed(post(&target, &form), &message(&url, &form));
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            if let Some(verified) = runtime.block_on(proof(request)) {
                assert_signed(&verified, &url, &form);
            }
        }
    }

    #[tokio::test]
    async fn a_signed_form_comes_through() {
        let url = format!("{ORIGIN}/sms?a=1");
        let request = signed(post("/sms?a=1", "Answer=Yes"), &message(&url, "Answer=Yes"));
        assert_signed(&proof(request).await.unwrap(), &url, "Answer=Yes");
    }
}
