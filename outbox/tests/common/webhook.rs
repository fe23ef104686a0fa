//! Webhooks for the replay guards.

use bytes::Bytes;
use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{
    PublicOrigin, ReplayKey, SIGNATURE_HEADER, StoredAnswer, Validator,
};
use http::{Request, Response};

/// Returns the key of a webhook with this message.
pub(crate) fn key(number: u32) -> ReplayKey {
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    let validator = Validator::new(AuthToken::new("12345").unwrap(), origin);
    let body = format!(
        "MessageSid=SM{number:032x}&MessageStatus=delivered\
         &AccountSid=AC00000000000000000000000000000001&To=%2B14155550123"
    );
    let mut request = Request::post("/twilio")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .unwrap();
    let signature = validator.sign(&request).parse().unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    ReplayKey::of(&validator.verify(request).unwrap()).unwrap()
}

pub(crate) fn answer() -> StoredAnswer {
    StoredAnswer::new(Response::new(Bytes::from_static(b"<Response/>")))
}
