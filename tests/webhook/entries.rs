//! The other doors: WebSocket handshakes, several accounts, shared keys, declared proxies.

use std::collections::HashMap;
use std::net::IpAddr;

use clinspark_twilio::types::{AccountSid, AuthToken, Method, SharedKeySecret};
use clinspark_twilio::webhook::{
    Algorithm, ForwardedHeaders, KeySource, Keys, Network, PublicOrigin, RequestKind,
    SIGNATURE_HEADER, SharedKey, SignatureErrorKind as Kind, TrustedProxies, Validator,
    body_sha256, diagnose,
};
use http::{HeaderValue, Request};

const FORM: &str = "application/x-www-form-urlencoded";
const PARENT: &str = "AC00000000000000000000000000000001";
const CHILD: &str = "AC00000000000000000000000000000002";

fn token(text: &str) -> AuthToken {
    AuthToken::new(text).unwrap()
}

fn origin(text: &str) -> PublicOrigin {
    PublicOrigin::parse(text).unwrap()
}

fn validator() -> Validator {
    Validator::new(token("12345"), origin("https://acme.example.com"))
}

fn signed<B>(mut request: Request<B>, message: &str) -> Request<B> {
    let signature = Algorithm::HmacSha1.sign(b"12345", message.as_bytes());
    request
        .headers_mut()
        .insert(SIGNATURE_HEADER, HeaderValue::from_str(&signature).unwrap());
    request
}

fn handshake(target: &str) -> Request<&'static str> {
    Request::get(target)
        .header("connection", "Upgrade")
        .header("upgrade", "WebSocket")
        .body("")
        .unwrap()
}

/// Whether a handshake for the target is believed when Twilio signed this URL.
fn opens(target: &str, message: &str) -> bool {
    validator()
        .verify_websocket(signed(handshake(target), message))
        .is_ok()
}

#[test]
fn handshakes() {
    assert!(opens("/media", "wss://acme.example.com/media"));
    assert!(opens("/media", "wss://acme.example.com/media/"));
    assert!(opens("/media", "wss://acme.example.com:443/media"));
    assert!(opens("/media", "wss://acme.example.com:443/media/"));
    assert!(opens("/", "wss://acme.example.com"));
    assert!(opens(
        "/relay?b=2&a=1",
        "wss://acme.example.com/relay?b=2&a=1"
    ));
    assert!(opens(
        "/relay?b=2&a=x%20y",
        "wss://acme.example.com/relayax yb2"
    ));

    assert!(!opens("/media", "https://acme.example.com/media"));
    assert!(!opens("/media", "ws://acme.example.com/media"));
    assert!(!opens("/media", "wss://acme.example.com:80/media"));
    assert!(!opens("/media", "wss://acme.example.com/media//"));
    assert!(!opens("/media/", "wss://acme.example.com/media"));
    assert!(!opens("/media/", "wss://acme.example.com/media//"));
    assert!(!opens("/media", "wss://acme.example.com"));
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
        assert_eq!(verdict, Ok(()), "{url}");
    }
}

#[test]
fn the_hash_of_a_body_beside_names_that_are_escaped() {
    let hash = body_sha256(b"{}");
    for (name, is_it) in [
        ("bodySHA256", true),
        ("body%53HA256", true),
        ("bodySHA25%37", false),
    ] {
        let target = format!("/studio?a%20b=1&a+c=2&{name}={hash}");
        let request = Request::post(&target)
            .header("content-type", "application/json")
            .body("{}")
            .unwrap();
        let request = signed(request, &format!("https://acme.example.com{target}"));
        assert_eq!(validator().verify(request).is_ok(), is_it, "{name}");
    }
}

#[test]
fn only_handshakes() {
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

fn accounts() -> Validator<HashMap<AccountSid, Keys>> {
    let keys = [(PARENT, "12345"), (CHILD, "67890")]
        .map(|(sid, text)| (AccountSid::parse(sid).unwrap(), Keys::new(token(text))));
    Validator::with_key_source(HashMap::from(keys), origin("https://acme.example.com"))
}

fn of_account(sid: &str, signer: &str) -> Request<String> {
    let mut request = Request::post("/sms")
        .header("content-type", FORM)
        .body(format!("AccountSid={sid}&Body=hi"))
        .unwrap();
    let signer = Validator::new(token(signer), origin("https://acme.example.com"));
    let signature = HeaderValue::from_str(&signer.sign(&request)).unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    request
}

#[test]
fn each_account_signs_with_its_own_token() {
    assert!(accounts().verify(of_account(PARENT, "12345")).is_ok());
    assert!(accounts().verify(of_account(CHILD, "67890")).is_ok());
    let kind = |request| accounts().verify(request).unwrap_err().kind();
    assert_eq!(kind(of_account(CHILD, "12345")), Kind::SignatureMismatch);
    assert_eq!(
        kind(of_account("AC00000000000000000000000000000003", "12345")),
        Kind::UnknownAccount
    );
    assert_eq!(kind(of_account("", "12345")), Kind::UnknownAccount);
    let by_get = Request::get(format!("/sms?AccountSid={PARENT}"))
        .body(String::new())
        .unwrap();
    let url = format!("https://acme.example.com/sms?AccountSid={PARENT}");
    let by_get = signed(by_get, &url);
    assert!(accounts().methods([Method::Get]).verify(by_get).is_ok());
}

#[test]
fn an_endpoint_that_knows_its_account() {
    let message = "wss://acme.example.com/media";
    let nameless = || signed(handshake("/media"), message);
    assert_eq!(
        accounts().verify_websocket(nameless()).unwrap_err().kind(),
        Kind::UnknownAccount
    );
    let parent = accounts()
        .for_account(&AccountSid::parse(PARENT).unwrap())
        .unwrap();
    assert!(parent.verify_websocket(nameless()).is_ok());
    let child = accounts()
        .for_account(&AccountSid::parse(CHILD).unwrap())
        .unwrap();
    assert!(child.verify_websocket(nameless()).is_err());
    let stranger = AccountSid::parse("AC00000000000000000000000000000003").unwrap();
    assert_eq!(
        accounts().for_account(&stranger).unwrap_err().kind(),
        Kind::UnknownAccount
    );
    let shared: std::sync::Arc<dyn KeySource> = std::sync::Arc::new(Keys::new(token("12345")));
    let dynamic = Validator::with_key_source(shared, origin("https://acme.example.com"));
    assert!(dynamic.verify_websocket(nameless()).is_ok());
}

#[test]
fn a_shared_key_and_its_algorithm() {
    let secret = SharedKeySecret::new("s3cret").unwrap();
    let keys = Keys::new(token("12345"))
        .add_shared_key(SharedKey::new("strong", Algorithm::HmacSha256, &secret))
        .add_shared_key(SharedKey::new("weak", Algorithm::HmacSha1, &secret));
    let validator = Validator::with_key_source(keys, origin("https://acme.example.com"));
    let verdict = |settings: Option<&str>, algorithm: Algorithm, key: &str| {
        let signature = algorithm.sign(key.as_bytes(), b"https://acme.example.com/p");
        let mut request = Request::post("/p")
            .header(SIGNATURE_HEADER, signature)
            .body("")
            .unwrap();
        if let Some(settings) = settings {
            let value = HeaderValue::from_str(settings).unwrap();
            request
                .headers_mut()
                .insert("x-twilio-webhooks-signature-settings", value);
        }
        validator
            .verify(request)
            .map(drop)
            .map_err(|error| error.kind())
    };
    let (sha1, sha256) = (Algorithm::HmacSha1, Algorithm::HmacSha256);
    assert_eq!(
        verdict(Some("key=strong,algorithm=HMAC_SHA256"), sha256, "s3cret"),
        Ok(())
    );
    assert_eq!(
        verdict(Some("algorithm=hmac_sha256, key=strong"), sha256, "s3cret"),
        Ok(())
    );
    assert_eq!(
        verdict(Some("key=weak,algorithm=HMAC_SHA1"), sha1, "s3cret"),
        Ok(())
    );
    assert_eq!(verdict(Some("key=weak"), sha1, "s3cret"), Ok(()));
    assert_eq!(verdict(None, sha1, "12345"), Ok(()));
    assert_eq!(verdict(Some(""), sha1, "12345"), Ok(()));
    assert_eq!(verdict(Some("algorithm=HMAC_SHA1"), sha1, "12345"), Ok(()));

    let unsupported = Err(Kind::UnsupportedAlgorithm);
    assert_eq!(
        verdict(Some("key=strong,algorithm=HMAC_SHA1"), sha1, "s3cret"),
        unsupported
    );
    assert_eq!(verdict(Some("key=strong"), sha1, "s3cret"), unsupported);
    assert_eq!(
        verdict(Some("key=weak,algorithm=HMAC_SHA256"), sha256, "s3cret"),
        unsupported
    );
    assert_eq!(
        verdict(Some("key=strong,algorithm=HMAC_MD5"), sha256, "s3cret"),
        unsupported
    );
    assert_eq!(
        verdict(Some("algorithm=HMAC_SHA256"), sha256, "12345"),
        unsupported
    );
    assert_eq!(
        verdict(Some("key=other,algorithm=HMAC_SHA256"), sha256, "s3cret"),
        Err(Kind::UnknownKey)
    );
    let twice = Some("key=strong,key=weak,algorithm=HMAC_SHA256");
    assert_eq!(verdict(twice, sha256, "s3cret"), Err(Kind::MalformedHeader));
    let mismatch = Err(Kind::SignatureMismatch);
    assert_eq!(
        verdict(Some("key=strong,algorithm=HMAC_SHA256"), sha1, "s3cret"),
        mismatch
    );
    assert_eq!(
        verdict(Some("key=strong,algorithm=HMAC_SHA256"), sha256, "12345"),
        mismatch
    );
    assert_eq!(verdict(None, sha256, "12345"), mismatch);
    assert_eq!(verdict(None, sha1, "s3cret"), mismatch);
}

#[test]
fn what_proxies_forward() {
    let peer: IpAddr = "10.0.0.1".parse().unwrap();
    let proxies = |headers| {
        TrustedProxies::new(headers)
            .add_network("10.0.0.0/8".parse().unwrap())
            .add_network("2001:db8::/32".parse().unwrap())
    };
    let told = |kind, peer: IpAddr, headers: &[(&str, &str)]| {
        let mut request = Request::post("/p").header("host", "app:8080");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body("").unwrap();
        proxies(kind)
            .origin(peer, &request)
            .map(|origin| origin.as_str().to_owned())
    };
    let x = |headers: &[(&str, &str)]| told(ForwardedHeaders::XForwarded, peer, headers);
    let proto = ("x-forwarded-proto", "https");
    assert_eq!(
        x(&[proto, ("x-forwarded-host", "a.example")]).unwrap(),
        "https://a.example"
    );
    assert_eq!(
        x(&[proto]).unwrap(),
        "https://app:8080",
        "the proxy left Host alone"
    );
    let port = |port| {
        x(&[
            proto,
            ("x-forwarded-host", "a.example"),
            ("x-forwarded-port", port),
        ])
    };
    assert_eq!(port("8443").unwrap(), "https://a.example:8443");
    assert_eq!(port("443").unwrap(), "https://a.example");
    assert_eq!(port("no").unwrap(), "https://a.example");
    assert_eq!(
        x(&[("x-forwarded-host", "a.example")]),
        None,
        "no scheme, no origin"
    );
    assert_eq!(x(&[("x-forwarded-proto", "gopher")]), None);
    assert_eq!(x(&[("forwarded", "proto=https;host=evil.example")]), None);

    // The sender wrote the left part; the nearest proxy appended the right one.
    let forged = [
        ("x-forwarded-proto", "http, https"),
        ("x-forwarded-host", "evil.example, a.example"),
    ];
    assert_eq!(x(&forged).unwrap(), "https://a.example");
    // Two declared proxies in a row: what the outer one was asked for.
    let chain = [
        ("x-forwarded-for", "192.0.2.7, 10.0.0.9"),
        ("x-forwarded-proto", "ftp, https, http"),
        ("x-forwarded-host", "evil.example, a.example, inner:80"),
    ];
    assert_eq!(x(&chain).unwrap(), "https://a.example");

    let f = |value| told(ForwardedHeaders::Forwarded, peer, &[("forwarded", value)]);
    assert_eq!(
        f("proto=https;host=a.example").unwrap(),
        "https://a.example"
    );
    assert_eq!(
        f("for=192.0.2.7;Proto=https;Host=\"a.example:8443\"").unwrap(),
        "https://a.example:8443"
    );
    assert_eq!(
        f("host=evil.example;proto=http, for=192.0.2.7;host=a.example;proto=https").unwrap(),
        "https://a.example"
    );
    assert_eq!(
        f("for=192.0.2.7;host=a.example;proto=https, for=\"[2001:db8::5]:80\";host=inner;proto=http").unwrap(),
        "https://a.example"
    );
    assert_eq!(f("for=10.0.0.5"), None);
    // The proxy quotes what the sender asked for: separators in it separate nothing.
    let asked = r#"for=192.0.2.7;proto=https;host="a\",host=evil.example;proto=https;x=""#;
    assert_eq!(f(asked), None);
    let asked = r#"for="x,y;host=evil.example";proto=https;host=a.example"#;
    assert_eq!(f(asked).unwrap(), "https://a.example");

    let stranger: IpAddr = "192.0.2.1".parse().unwrap();
    assert_eq!(told(ForwardedHeaders::XForwarded, stranger, &[proto]), None);
    let mapped: IpAddr = "::ffff:10.9.9.9".parse().unwrap();
    assert!(told(ForwardedHeaders::XForwarded, mapped, &[proto]).is_some());
}

#[test]
fn behind_proxies() {
    let proxies =
        TrustedProxies::new(ForwardedHeaders::XForwarded).add_network("10.0.0.1".parse().unwrap());
    let request = || {
        let request = Request::post("/p?a=1")
            .header("x-forwarded-proto", "https")
            .header("x-forwarded-host", "other.example")
            .body("")
            .unwrap();
        signed(request, "https://other.example/p?a=1")
    };
    let verify =
        |peer: &str| validator().verify_via_proxy(&proxies, peer.parse().unwrap(), request());
    assert!(verify("10.0.0.1").is_ok());
    assert_eq!(
        verify("10.0.0.2").unwrap_err().kind(),
        Kind::SignatureMismatch
    );
}

#[test]
fn networks() {
    for (network, inside, outside) in [
        ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"),
        ("192.0.2.7", "192.0.2.7", "192.0.2.6"),
        ("192.0.2.128/25", "192.0.2.255", "192.0.2.127"),
        ("fd00::/8", "fdff::1", "fe00::1"),
        ("::1", "::1", "::2"),
        ("0.0.0.0/0", "203.0.113.9", "::1"),
        ("::/0", "2001:db8::1", "203.0.113.9"),
    ] {
        let network: Network = network.parse().unwrap();
        assert!(network.contains(inside.parse().unwrap()), "{network}");
        assert!(!network.contains(outside.parse().unwrap()), "{network}");
    }
    for wrong in [
        "",
        "10.0.0.0/33",
        "::/129",
        "10.0.0",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "a/8",
    ] {
        assert!(wrong.parse::<Network>().is_err(), "{wrong}");
    }
}
