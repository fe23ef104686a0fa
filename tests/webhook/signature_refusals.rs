//! Requests that must be refused, whatever bytes they hold.

use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{
    PublicOrigin, SIGNATURE_HEADER, SignatureError, SignatureErrorKind as Kind, Validator,
};
use http::{HeaderValue, Request, StatusCode};

fn validator() -> Validator {
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    Validator::new(AuthToken::new("12345").unwrap(), origin)
}

fn form(body: impl Into<Vec<u8>>) -> Request<Vec<u8>> {
    let mut request = Request::post("/hook?q=private")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.into())
        .unwrap();
    sign(&mut request);
    request
}

fn sign(request: &mut Request<Vec<u8>>) {
    let signature = HeaderValue::from_str(&validator().sign(request)).unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
}

#[track_caller]
fn refused(request: Request<Vec<u8>>) -> SignatureError {
    validator().verify(request).unwrap_err()
}

#[test]
fn missing_malformed_and_repeated_signatures() {
    let mut none = form("a=1");
    none.headers_mut().remove(SIGNATURE_HEADER);
    assert_eq!(refused(none).kind(), Kind::MissingHeader);

    for header in [
        &b"x"[..],
        b"\xff\xfe",
        b"A".repeat(60_000).as_slice(),
        b"0/KCTR6DLpKmkAf8muzZqo1nDgQ",
    ] {
        let mut request = form("a=1");
        let value = HeaderValue::from_bytes(header).unwrap();
        request.headers_mut().insert(SIGNATURE_HEADER, value);
        assert_eq!(refused(request).kind(), Kind::MalformedHeader);
    }

    let mut two = form("a=1");
    let again = two.headers()[SIGNATURE_HEADER].clone();
    two.headers_mut().append(SIGNATURE_HEADER, again);
    assert_eq!(refused(two).kind(), Kind::MalformedHeader);
}

#[test]
fn a_body_over_the_limit() {
    let huge = form(vec![b'a'; 10 * 1024 * 1024]);
    let error = refused(huge);
    assert_eq!(
        (error.kind(), error.status()),
        (Kind::TooLarge, StatusCode::PAYLOAD_TOO_LARGE)
    );

    let exact = form(vec![b'a'; 64 * 1024]);
    assert!(validator().verify(exact).is_ok());
    assert!(validator().body_limit(3).verify(form("a=1")).is_ok());
    assert_eq!(
        validator()
            .body_limit(2)
            .verify(form("a=1"))
            .unwrap_err()
            .kind(),
        Kind::TooLarge
    );
}

#[test]
fn any_flipped_bit_of_body_or_signature() {
    let body = b"Body=Yes%2C+9%3A00&From=%2B14155550123&MessageSid=SM1".to_vec();
    for bit in 0..body.len() * 8 {
        let mut request = form(body.clone());
        request.body_mut()[bit / 8] ^= 1 << (bit % 8);
        let decoded = |bytes: &[u8]| {
            let pairs = String::from_utf8_lossy(bytes).into_owned();
            serde_urlencoded::from_str::<Vec<(String, String)>>(&pairs).unwrap()
        };
        // A flipped bit may only change the spelling, such as `%2c` for `%2C`.
        let is_same = decoded(request.body()) == decoded(&body);
        assert_eq!(validator().verify(request).is_ok(), is_same, "bit {bit}");
    }
    let signature = form(body.clone()).headers()[SIGNATURE_HEADER]
        .as_bytes()
        .to_vec();
    for bit in 0..signature.len() * 8 {
        let mut request = form(body.clone());
        let mut flipped = signature.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let Ok(value) = HeaderValue::from_bytes(&flipped) else {
            continue;
        };
        request.headers_mut().insert(SIGNATURE_HEADER, value);
        assert!(validator().verify(request).is_err(), "bit {bit}");
    }
}

#[test]
fn a_target_without_a_path() {
    for target in ["*", "acme.example.com:443"] {
        let mut request = form("a=1");
        *request.uri_mut() = target.parse().unwrap();
        assert_eq!(refused(request).kind(), Kind::BadUrl, "{target}");
    }
    for url in [
        "",
        "/hook",
        "https://",
        "https:///p",
        "ftp://a/b",
        "https://a b/",
        "https://[::1/",
        "https://[x]/",
        "https://a:99999/",
        "https://a:+80/",
    ] {
        let error = validator().verify_with_url(url, form("a=1")).unwrap_err();
        assert_eq!(error.kind(), Kind::BadUrl, "{url}");
    }
}

#[test]
fn a_token_during_a_rotation() {
    let old = form("a=1");
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    let new_only = Validator::new(AuthToken::new("67890").unwrap(), origin);
    assert_eq!(
        new_only.verify(old.clone()).unwrap_err().kind(),
        Kind::SignatureMismatch
    );
    assert!(
        new_only
            .add_auth_token(AuthToken::new("12345").unwrap())
            .verify(old)
            .is_ok()
    );
}

#[test]
fn the_operator_gets_the_reason_and_the_sender_does_not() {
    let mut forged = form("a=1");
    *forged.body_mut() = b"a=2".to_vec();
    let error = refused(forged);
    assert_eq!(error.kind().as_str(), "signature-mismatch");
    let tried: Vec<_> = error.tried_urls().collect();
    let urls = [
        "https://acme.example.com/hook?q=private",
        "https://acme.example.com:443/hook?q=private",
    ];
    assert_eq!(tried, urls);
    assert!(!format!("{error} {error:?}").contains("private"));
    assert_eq!(
        format!("{error:?}"),
        "SignatureError { kind: SignatureMismatch, tried_urls: \
         [\"https://acme.example.com/hook?[redacted]\", \
         \"https://acme.example.com:443/hook?[redacted]\"] }"
    );
    let answer = error.into_response();
    assert_eq!(
        (answer.status(), answer.body().as_str()),
        (StatusCode::FORBIDDEN, "")
    );
    assert!(answer.headers().is_empty());
}

#[test]
fn origins() {
    let origin = PublicOrigin::parse("https://acme.example.com:8443/").unwrap();
    assert_eq!(origin.as_str(), "https://acme.example.com:8443");
    assert_eq!(
        (origin.host(), origin.port()),
        ("acme.example.com", Some(8443))
    );
    assert!(origin.is_https());
    assert_eq!(
        format!("{origin:?} {origin}"),
        "PublicOrigin(https://acme.example.com:8443) https://acme.example.com:8443"
    );
    assert_eq!(origin.url("/a?b"), "https://acme.example.com:8443/a?b");
    let v6 = PublicOrigin::parse("http://[2001:db8::1]:80").unwrap();
    assert_eq!(
        (v6.host(), v6.port(), v6.is_https()),
        ("[2001:db8::1]", Some(80), false)
    );
    for wrong in [
        "",
        "acme.example.com",
        "https://",
        "https://a/b",
        "https://a?b",
        "https://a#b",
        "wss://a",
        "https://u:p@a",
        "https://a:99999",
        "https://a:x",
        "https://a:",
        "https://a//",
        "https://a b",
        "https://[::1",
        "https://::1",
        "https://[x]",
        "https://a:+80",
        "ftp://a",
        "https://a\n",
    ] {
        assert!(PublicOrigin::parse(wrong).is_err(), "{wrong:?}");
    }
    let error = PublicOrigin::parse("https://u:secret@a")
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "the public origin holds a user name or password; leave them out; \
         write it like https://acme.example.com"
    );
}

#[test]
fn only_hosts_of_this_machine_are_loopback() {
    let is_loopback = |text| PublicOrigin::parse(text).is_ok_and(|origin| origin.is_loopback());
    for local in [
        "http://127.0.0.1:4010",
        "https://127.8.9.10",
        "http://LocalHost:1/",
        "http://[::1]:80",
    ] {
        assert!(is_loopback(local), "{local}");
    }
    for other in [
        "https://api.example.com",
        "http://127.0.0.1.example.com",
        "http://user@example.com",
        "http://localhost@example.com",
        "http://[::1].example.com",
        "http://localhost#@example.com",
        "http://localhost\\@example.com",
        "127.0.0.1",
        "",
    ] {
        assert!(!is_loopback(other), "{other}");
    }
}
