//! Keys: several accounts, shared keys and their algorithms, and the hash of a body.

use std::collections::HashMap;

use clinspark_twilio::types::{AccountSid, Method, SharedKeySecret};
use clinspark_twilio::webhook::{
    Algorithm, KeySource, Keys, SIGNATURE_HEADER, SharedKey, SignatureErrorKind as Kind, Validator,
    body_sha256,
};
use http::{HeaderValue, Request};

use crate::support::{handshake, origin, signed, token, validator};

const FORM: &str = "application/x-www-form-urlencoded";
const PARENT: &str = "AC00000000000000000000000000000001";
const CHILD: &str = "AC00000000000000000000000000000002";

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
fn an_endpoint_with_a_fixed_account() {
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
fn a_shared_key_is_bound_to_its_algorithm() {
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
fn a_body_hash_is_found_beside_escaped_names() {
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
