//! Largest cost of a diagnosis, whatever the request holds.
//!
//! The cost is counted in bytes and signatures, not in seconds. The usual mistakes are still found.

use std::fmt::Write as _;

use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{
    Cause, Keys, PublicOrigin, RequestKind, SIGNATURE_HEADER, SignatureErrorKind as Kind,
    Validator, body_sha256, diagnose,
};
use http::{HeaderValue, Request};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const ORIGIN: &str = "https://acme.example.com";

fn request(content_type: &'static str, target: &str, body: impl Into<Vec<u8>>) -> Request<Vec<u8>> {
    Request::post(target)
        .header("content-type", content_type)
        .header(SIGNATURE_HEADER, "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")
        .body(body.into())
        .unwrap()
}

fn keys() -> Keys {
    Keys::new(AuthToken::new("12345").unwrap())
}

/// Largest number of signatures, as documented for `Diagnosis::attempts`.
pub(crate) const MAX_ATTEMPTS: usize = 37_120;

/// Signs a request as Twilio does, then replaces its body.
fn signed(mut request: Request<Vec<u8>>, body: impl Into<Vec<u8>>) -> Request<Vec<u8>> {
    let origin = PublicOrigin::parse(ORIGIN).unwrap();
    let signature = Validator::with_key_source(keys(), origin).sign(&request);
    let signature = HeaderValue::from_str(&signature).unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    *request.body_mut() = body.into();
    request
}

/// Diagnoses a request for this URL, and counts the cost.
#[track_caller]
fn diagnosed(url: &str, request: &Request<Vec<u8>>) -> (Kind, Vec<Cause>) {
    let mut found = None;
    let counted = allocation_counter::measure(|| {
        let diagnosis = diagnose(&keys(), RequestKind::Webhook, url, request).unwrap_err();
        assert!(diagnosis.attempts() <= MAX_ATTEMPTS);
        found = Some((diagnosis.error().kind(), diagnosis.causes().to_vec()));
    });
    assert!(counted.bytes_total < 512 << 20, "{counted:?}");
    assert!(counted.bytes_max < 64 << 20, "{counted:?}");
    found.unwrap()
}

#[test]
fn the_cost_of_a_form_is_bounded() {
    let plain = "/sms".to_owned();
    let many_spellings = "/a%20//B?a='1'&b=%27&c=x+y&d=z%20&e=%2F:@".to_owned();
    let unexplained = (Kind::SignatureMismatch, vec![Cause::OtherToken]);
    for (target, body) in [
        (&plain, b"&a".repeat(6000)),
        (&many_spellings, b"&a".repeat(8000)),
        (&plain, b"%E9".repeat(5000)),
        (&plain, b"%E9&".repeat(4000)),
        (&plain, b"\xE9&".repeat(8000)),
        (
            &many_spellings,
            format!("a={}&", "%E9".repeat(80)).repeat(63).into_bytes(),
        ),
        (&many_spellings, b"&a".repeat(500_000)),
        (&format!("/p?{}", "a&".repeat(30_000)), b"&b".repeat(8000)),
        (&format!("/p{}", "//".repeat(30_000)), b"a=1".to_vec()),
        (
            &format!("/p?a=%20'&b=1&c=1&d=1&e={}", "%27".repeat(5000)),
            b"a=1".to_vec(),
        ),
    ] {
        let url = format!("{ORIGIN}{target}");
        let found = diagnosed(&url, &request(FORM, target, body));
        let malformed = (Kind::MalformedForm, Vec::new());
        assert!(found == unexplained || found == malformed, "{found:?}");
    }
}

#[test]
fn the_cost_of_json_is_bounded() {
    let target = format!("/studio?bodySHA256={}", body_sha256(b"{}"));
    for body in [
        format!(
            "{}{}1{}",
            "[".repeat(120),
            "[],".repeat(5000),
            "]".repeat(120)
        ),
        format!(
            "{}{}1{}",
            "[".repeat(120),
            "[],".repeat(100_000),
            "]".repeat(120)
        ),
        format!("[\"{}\"]", "\\u00e9".repeat(100_000)),
        format!("[\"{}\"]", "é".repeat(100_000)),
        "[".repeat(10 << 20),
    ] {
        let url = format!("{ORIGIN}{target}");
        let found = diagnosed(&url, &signed(request(JSON, &target, "{}"), body));
        assert_eq!(found, (Kind::BodyHashMismatch, Vec::new()));
    }
}

/// The last mistake that is tried with a form of usual size, and the most likely one with a huge
/// form.
#[test]
fn usual_mistakes_are_still_found() {
    let mut form = "CallSid=CA00000000000000000000000000000001".to_owned();
    for n in 0..40 {
        write!(form, "&Parameter{n}=some+words+{n}").unwrap();
    }
    let empty = "&Body=&FromCity=&CallerCity=&FromState=&CallerState=&FromZip=&CallerZip=\
                 &FromCountry=&CallerCountry=&ToCity=&CalledCity=&ToState=&CalledState=&ToZip=\
                 &CalledZip=&ToCountry=&CalledCountry=";
    let dropped = signed(request(FORM, "/voice", format!("{form}{empty}")), form);
    assert_eq!(
        diagnosed(&format!("{ORIGIN}/voice"), &dropped),
        (Kind::SignatureMismatch, vec![Cause::EmptyValues])
    );

    let large = format!("AddOns={}", "x".repeat(1 << 20));
    let by_http = signed(request(FORM, "/sms?a=1&b=2", large.as_str()), large);
    assert_eq!(
        diagnosed("http://acme.example.com/sms?a=1&b=2", &by_http),
        (Kind::SignatureMismatch, vec![Cause::Scheme])
    );
}
