//! Arbitrary bytes in any field: the verdict equals that of a naive parser, and nothing panics.
//!
//! `PROPTEST_CASES=1000000 cargo test --release --test webhook properties` is the long run.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use std::collections::BTreeSet;
use std::sync::LazyLock;

use clinspark_twilio::sms::OptOut;
use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{
    Algorithm, ClaimToken, ForwardedHeaders, GatherResult, InboundMessage, IntelligenceCallback,
    Keys, Lookup, MemoryReplayGuard, MessageStatusCallback, PayResult, PublicOrigin,
    RealTimeTranscription, ReplayGuard, ReplayKey, RequestKind, SIGNATURE_HEADER, SignatureError,
    SignatureErrorKind, StoredAnswer, TrustedProxies, Validator, Verified, WebhookEvent, diagnose,
};
use http::{HeaderName, HeaderValue, Request};
use proptest::collection::vec;
use proptest::prelude::*;

const ORIGIN: &str = "https://acme.example.com";

fn token() -> AuthToken {
    AuthToken::new("12345").unwrap()
}

fn validator() -> Validator {
    Validator::new(token(), PublicOrigin::parse(ORIGIN).unwrap())
}

fn post(form: &[u8]) -> Request<Vec<u8>> {
    Request::post("/hook?q=1")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.to_vec())
        .unwrap()
}

fn verified(form: &[u8]) -> Verified<Vec<u8>> {
    verdict(form).unwrap()
}

fn verdict(form: &[u8]) -> Result<Verified<Vec<u8>>, SignatureError> {
    let mut request = post(form);
    let signature = HeaderValue::from_str(&validator().sign(&request)).unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    validator().verify(request)
}

/// Signs a form by the plainest reading of Twilio's rule, with another form parser.
fn naive_signature(form: &[u8]) -> String {
    let pairs: BTreeSet<(String, String)> = form_urlencoded::parse(form).into_owned().collect();
    let text: String = pairs
        .into_iter()
        .map(|(name, value)| name + &value)
        .collect();
    Algorithm::HmacSha1.sign(b"12345", format!("{ORIGIN}/hook?q=1{text}").as_bytes())
}

/// Forms in which separators, escapes and incomplete characters are frequent.
fn forms() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => vec(prop_oneof![Just(b'&'), Just(b'='), Just(b'%'), Just(b'+'), Just(b'a'), Just(b'B'), Just(b'2')], 1..6),
        2 => vec(any::<u8>(), 1..9),
        2 => Just(b"%F0%9F%91%8D".to_vec()),
        1 => Just("\u{1F44D}".as_bytes().to_vec()),
        1 => Just(b"%E9%80".to_vec()),
        2 => "[A-Za-z]{1,20}=[ -~]{0,12}&".prop_map(String::into_bytes),
        1 => (1_usize..600).prop_map(|n| "\u{E9}".repeat(n).into_bytes()),
    ];
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Forms with the parameter names that payloads read.
fn payload_forms() -> impl Strategy<Value = Vec<u8>> {
    let name = prop::sample::select(vec![
        "MessageSid",
        "AccountSid",
        "From",
        "To",
        "Body",
        "NumMedia",
        "MediaUrl0",
        "MessageStatus",
        "ErrorCode",
        "ErrorUrl",
        "CallSid",
        "CallStatus",
        "Direction",
        "Digits",
        "Confidence",
        "SequenceNumber",
        "Timestamp",
        "CallDuration",
        "Sid",
        "PayloadType",
        "Level",
        "Payload",
        "RecordingStatus",
        "RecordingSid",
        "ConferenceSid",
        "StatusCallbackEvent",
        "DialCallStatus",
        "QueueResult",
        "QueuePosition",
        "QueueSid",
        "DequeingCallSid",
        "AnsweredBy",
        "StreamSid",
        "StreamEvent",
        "SipHeader_X",
        "SessionStatus",
        "TranscriptionSid",
        "Latitude",
        "Longitude",
        "ButtonText",
    ]);
    let value = prop_oneof![
        "(SM|AC|CA|RE|CF|QU|TR|MZ|NO)[0-9a-f]{32}",
        "[0-9]{0,20}",
        "%2B[0-9]{0,20}",
        "[a-z-]{0,12}",
        "(client|sip|whatsapp|rcs)%3A[ -~]{0,12}",
        "[ -~]{0,20}",
        any::<String>(),
    ];
    vec((name, value), 0..24).prop_map(|pairs| {
        pairs
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("&")
            .into_bytes()
    })
}

/// Forms are read eight bytes at a time, so each byte is tried at each position.
#[test]
fn every_byte_is_read_at_every_position() {
    let form = b"name=value&n=v&a";
    for (at, byte) in (0..form.len()).flat_map(|at| (0..=u8::MAX).map(move |byte| (at, byte))) {
        let mut form = form.to_vec();
        form.splice(at..=at, [byte]);
        let signature = validator().sign(&post(&form));
        assert_eq!(signature, naive_signature(&form), "{byte:#04x} at {at}");
    }
}

/// Bytes that are not UTF-8 become U+FFFD before sorting and before the search for repeats.
#[test]
fn invalid_utf8_is_replaced_before_it_is_sorted() {
    for form in [
        &b"%FF=1&%F0%9F%91%8D=2"[..],
        b"%FF=b&%FE=a",
        b"%FF=b&%FE=b",
        b"a=%FF&a=%F0%9F%91%8D",
        b"a=%FF&a=%FE",
        b"same+sixteen+byte%FF=1&same+sixteen+byte%F0%9F%91%8D=2",
        b"\xFF=b&%FE=a&\xBD=c",
    ] {
        let signature = validator().sign(&post(form));
        assert_eq!(signature, naive_signature(form), "{}", form.escape_ascii());
    }
}

proptest! {
    #[test]
    fn signatures_equal_those_of_a_naive_parser(form in forms()) {
        prop_assert_eq!(validator().sign(&post(&form)), naive_signature(&form));
    }

    #[test]
    fn parameters_equal_those_of_another_parser(form in forms()) {
        let verified = verified(&form);
        let ours: Vec<_> = verified.parameters().collect();
        let theirs: Vec<_> = form_urlencoded::parse(&form).collect();
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn another_form_is_refused(form in forms(), at in any::<prop::sample::Index>(), bit in 0_u32..8) {
        if form.is_empty() {
            return Ok(());
        }
        let mut request = verified(&form).into_request();
        let at = at.index(form.len());
        if let Some(byte) = request.body_mut().get_mut(at) {
            *byte ^= 1_u8 << bit;
        }
        let same = naive_signature(request.body()) == naive_signature(&form);
        prop_assert_eq!(validator().verify(request).is_ok(), same);
    }

    #[test]
    fn any_header_is_accepted_or_refused(header in vec(any::<u8>(), 0..80), settings in vec(any::<u8>(), 0..80)) {
        let mut request = post(b"a=1");
        let values = [(SIGNATURE_HEADER, header), (HeaderName::from_static("x-twilio-webhooks-signature-settings"), settings)];
        for (name, bytes) in values {
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                request.headers_mut().insert(name, value);
            }
        }
        prop_assert!(validator().verify(request).is_err());
    }

    #[test]
    fn any_url_is_accepted_or_refused(url in prop_oneof![any::<String>(), "(https?|wss?)://[ -~]{0,40}"], form in forms()) {
        let mut request = post(&form);
        request.headers_mut().insert(SIGNATURE_HEADER, HeaderValue::from_static("AAAAAAAAAAAAAAAAAAAAAAAAAAA="));
        prop_assert!(validator().verify_with_url(&url, request).is_err());
        if let Ok(origin) = PublicOrigin::parse(&url) {
            prop_assert_eq!(PublicOrigin::parse(origin.as_str()).unwrap(), origin);
        }
    }

    #[test]
    fn any_forwarded_header_is_read(values in vec("[ -~]{0,60}", 0..6)) {
        let names = ["forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "host"];
        let mut request = post(b"");
        for (name, value) in names.into_iter().zip(&values) {
            request.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
        }
        for headers in [ForwardedHeaders::Forwarded, ForwardedHeaders::XForwarded] {
            let proxies = TrustedProxies::new(headers).add_network("0.0.0.0/0".parse().unwrap());
            let origin = proxies.origin("192.0.2.1".parse().unwrap(), &request);
            prop_assert!(origin.is_none_or(|origin| origin.as_str().starts_with("http")));
        }
    }

    #[test]
    fn any_payload_is_read_or_refused(form in prop_oneof![payload_forms(), forms()]) {
        let verified = match verdict(&form) {
            Ok(verified) => verified,
            Err(error) => {
                prop_assert_eq!(error.kind(), SignatureErrorKind::AmbiguousForm);
                return Ok(());
            }
        };
        let shown = format!(
            "{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}",
            verified.parse::<WebhookEvent>(), verified.parse::<InboundMessage>(), verified.parse::<GatherResult>(),
            verified.parse::<MessageStatusCallback>(), ReplayKey::of(&verified), verified.parse::<PayResult>(),
            verified.parse::<RealTimeTranscription>(), IntelligenceCallback::from_verified(&verified),
        );
        prop_assert!(!shown.is_empty());
    }

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        let reading = OptOut::classify(&text);
        prop_assert_eq!(OptOut::classify(&format!(" {text} ")), reading);
    }
}

static KEYS: LazyLock<Vec<ReplayKey>> = LazyLock::new(|| {
    let forms = (0..9).map(|n| {
        format!(
            "MessageSid=SM{n:032}&AccountSid=AC00000000000000000000000000000001\
             &From=%2B14155550123&To=%2B14155550199&Body=Yes"
        )
    });
    let keys = forms.map(|form| ReplayKey::of(&verified(form.as_bytes())));
    keys.collect::<Option<_>>().unwrap()
});

/// Output of a future that never waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a guard in memory waits for nothing"),
    }
}

/// State of a key for the holder of a token, with the body of a stored answer.
fn state(guard: &MemoryReplayGuard, key: &ReplayKey, token: &ClaimToken) -> String {
    match now(guard.begin(key, token)).unwrap() {
        Lookup::Answered(answer) => {
            String::from_utf8(answer.into_response().into_body().to_vec()).unwrap()
        }
        other => format!("{other:?}"),
    }
}

proptest! {
    /// Compares the guard with one that searches plain lists. A key in progress is never evicted,
    /// the number of keys never exceeds the capacity, and no token ends the claim of another.
    #[test]
    fn a_full_guard_keeps_what_is_in_progress(
        capacity in 1_usize..6,
        steps in vec((0_u8..3, 0_usize..9, 0_usize..2), 0..80),
    ) {
        let guard = MemoryReplayGuard::new(capacity);
        let tokens = [ClaimToken::random(), ClaimToken::random()];
        // Keys with their holders, and with their answers.
        let (mut in_progress, mut answered) = (Vec::new(), Vec::new());
        for (at, (step, n, holder)) in steps.into_iter().enumerate() {
            let (Some(key), Some(token)) = (KEYS.get(n), tokens.get(holder)) else { continue };
            let claim = (n, holder);
            match step {
                0 => {
                    let known = answered.iter().find(|((known, _), _)| *known == n);
                    let claimed = in_progress.iter().find(|(known, _)| *known == n);
                    let right = match (known, claimed) {
                        (Some((_, answer)), _) => format!("{answer}"),
                        (None, Some(claimed)) if *claimed == claim => "New".to_owned(),
                        (None, Some(_)) => "InProgress".to_owned(),
                        (None, None) if in_progress.len() >= capacity => "InProgress".to_owned(),
                        (None, None) => {
                            if in_progress.len() + answered.len() >= capacity {
                                answered.remove(0);
                            }
                            in_progress.push(claim);
                            "New".to_owned()
                        }
                    };
                    prop_assert_eq!(state(&guard, key, token), right);
                }
                1 => {
                    let answer = http::Response::new(at.to_string().into());
                    let finished = now(guard.finish(key, token, &StoredAnswer::new(answer)));
                    let is_known = answered.iter().any(|(known, _)| *known == claim);
                    prop_assert_eq!(finished.is_ok(), is_known || in_progress.contains(&claim));
                    if let Some((_, answer)) = answered.iter_mut().find(|(known, _)| *known == claim)
                    {
                        *answer = at;
                    } else if in_progress.contains(&claim) {
                        in_progress.retain(|known| *known != claim);
                        answered.push((claim, at));
                    }
                }
                _ => {
                    now(guard.release(key, token)).unwrap();
                    in_progress.retain(|known| *known != claim);
                }
            }
            prop_assert_eq!(guard.len(), in_progress.len() + answered.len());
            prop_assert!(guard.len() <= capacity);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases / 16))]

    #[test]
    fn any_refusal_is_explained(
        form in forms(),
        json in any::<bool>(),
        handshake in any::<bool>(),
        url in prop_oneof![Just(format!("{ORIGIN}/hook?q=1")), "(https?|wss?)://[!-~]{1,40}", any::<String>()],
    ) {
        let mut request = post(&form);
        request.headers_mut().insert(SIGNATURE_HEADER, HeaderValue::from_static("AAAAAAAAAAAAAAAAAAAAAAAAAAA="));
        if json {
            request.headers_mut().insert("content-type", HeaderValue::from_static("application/json"));
        }
        if handshake {
            *request.method_mut() = http::Method::CONNECT;
            request.body_mut().clear();
        }
        let kind = if handshake { RequestKind::WebSocket } else { RequestKind::Webhook };
        let diagnosis = diagnose(&Keys::new(token()), kind, &url, &request).unwrap_err();
        prop_assert!(!diagnosis.to_string().is_empty());
    }
}
