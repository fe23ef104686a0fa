//! WebSocket handshakes: the URLs that Twilio signs, and requests that are not handshakes.

use clinspark_twilio::webhook::{
    Keys, RequestKind, SIGNATURE_HEADER, SignatureErrorKind as Kind, SignedBy, Validator, diagnose,
};
use http::{HeaderValue, Request};

use crate::support::{handshake, origin, signed, token, validator};

/// Returns `true` if a handshake for the target is accepted when Twilio signed this URL.
fn is_accepted(target: &str, message: &str) -> bool {
    validator()
        .verify_websocket(signed(handshake(target), message))
        .is_ok()
}

#[test]
fn a_handshake_is_signed_as_a_wss_url() {
    assert!(is_accepted("/media", "wss://acme.example.com/media"));
    assert!(is_accepted("/media", "wss://acme.example.com/media/"));
    assert!(is_accepted("/media", "wss://acme.example.com:443/media"));
    assert!(is_accepted("/media", "wss://acme.example.com:443/media/"));
    assert!(is_accepted("/", "wss://acme.example.com"));
    assert!(is_accepted(
        "/relay?b=2&a=1",
        "wss://acme.example.com/relay?b=2&a=1"
    ));
    assert!(is_accepted(
        "/relay?b=2&a=x%20y",
        "wss://acme.example.com/relayax yb2"
    ));

    assert!(!is_accepted("/media", "https://acme.example.com/media"));
    assert!(!is_accepted("/media", "ws://acme.example.com/media"));
    assert!(!is_accepted("/media", "wss://acme.example.com:80/media"));
    assert!(!is_accepted("/media", "wss://acme.example.com/media//"));
    assert!(!is_accepted("/media/", "wss://acme.example.com/media"));
    assert!(!is_accepted("/media/", "wss://acme.example.com/media//"));
    assert!(!is_accepted("/media", "wss://acme.example.com"));
    let plain = Validator::new(token("12345"), origin("http://acme.example.com:8080"));
    assert!(
        plain
            .verify_websocket(signed(handshake("/m"), "ws://acme.example.com:8080/m"))
            .is_ok()
    );
    assert!(
        plain
            .verify_websocket(signed(handshake("/m"), "ws://acme.example.com/m"))
            .is_ok()
    );
    assert!(
        plain
            .verify_websocket(signed(handshake("/m"), "wss://acme.example.com/m"))
            .is_err()
    );
}

#[test]
fn a_scheme_is_kept_as_written() {
    for (url, message) in [
        ("WSS://acme.example.com/m", "WSS://acme.example.com/m"),
        ("HTTPS://acme.example.com/m", "wss://acme.example.com/m"),
    ] {
        let request = signed(handshake("/m"), message);
        let verdict = diagnose(
            &Keys::new(token("12345")),
            RequestKind::WebSocket,
            url,
            &request,
        );
        assert_eq!(verdict, Ok(SignedBy::AuthToken { index: 0 }), "{url}");
    }
}

#[test]
fn a_request_that_is_not_a_handshake_is_refused() {
    let message = "wss://acme.example.com/media";
    let kind = |request| validator().verify_websocket(request).unwrap_err().kind();
    assert_eq!(
        kind(signed(Request::get("/media").body("").unwrap(), message)),
        Kind::NotAHandshake
    );
    let mut post = handshake("/media");
    *post.method_mut() = http::Method::POST;
    assert_eq!(kind(signed(post, message)), Kind::NotAHandshake);
    assert_eq!(
        kind(signed(handshake("/media").map(|_| "body"), message)),
        Kind::UncoveredBody
    );
    let refusal = validator()
        .verify_websocket(signed(handshake("/media"), "x"))
        .unwrap_err();
    let tried: Vec<_> = refusal.tried_urls().collect();
    assert_eq!(
        tried,
        [
            "wss://acme.example.com/media",
            "wss://acme.example.com:443/media",
            "wss://acme.example.com/media/",
            "wss://acme.example.com:443/media/",
        ]
    );
    let http2 = Request::connect("https://acme.example.com/media")
        .body("")
        .unwrap();
    assert!(validator().verify_websocket(signed(http2, message)).is_ok());
    let mut own = handshake("/media");
    let signature = HeaderValue::from_str(&validator().sign_websocket(&own)).unwrap();
    own.headers_mut().insert(SIGNATURE_HEADER, signature);
    assert!(validator().verify_websocket(own).is_ok());
}
