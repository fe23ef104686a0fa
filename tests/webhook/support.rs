//! Validators, and requests signed for them.

use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{Algorithm, PublicOrigin, SIGNATURE_HEADER, Validator, Verified};
use http::{HeaderValue, Request};

pub(crate) const ACCOUNT: &str = "AccountSid=AC00000000000000000000000000000001";
pub(crate) const MESSAGE: &str = "MessageSid=SM00000000000000000000000000000001";
pub(crate) const NUMBERS: &str = "From=%2B14155550123&To=%2B14155550199";

pub(crate) fn token(text: &str) -> AuthToken {
    AuthToken::new(text).unwrap()
}

pub(crate) fn origin(text: &str) -> PublicOrigin {
    PublicOrigin::parse(text).unwrap()
}

pub(crate) fn validator() -> Validator {
    Validator::new(token("12345"), origin("https://acme.example.com"))
}

pub(crate) fn signed<B>(mut request: Request<B>, message: &str) -> Request<B> {
    let signature = Algorithm::HmacSha1.sign(b"12345", message.as_bytes());
    request
        .headers_mut()
        .insert(SIGNATURE_HEADER, HeaderValue::from_str(&signature).unwrap());
    request
}

pub(crate) fn handshake(target: &str) -> Request<&'static str> {
    Request::get(target)
        .header("connection", "Upgrade")
        .header("upgrade", "WebSocket")
        .body("")
        .unwrap()
}

/// Returns a verified form.
pub(crate) fn verified(parts: &[&str]) -> Verified<String> {
    let validator = validator();
    let mut request = Request::post("/hook")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("i-twilio-idempotency-token", "abc")
        .body(format!("{ACCOUNT}&{}", parts.join("&")))
        .unwrap();
    let signature = HeaderValue::from_str(&validator.sign(&request)).unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    validator.verify(request).unwrap()
}
