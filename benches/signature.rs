//! Cost of a signature check, compared with the HMAC alone.
//!
//!     cargo bench -p clinspark-twilio-benches --bench signature
//!
//! Only ratios within one run are comparable.

#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark fails loudly")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderValue, Request};
use sha1::Sha1;

const TOKEN: &str = "12345678901234567890123456789012";
const ORIGIN: &str = "https://acme.example.com";
const TARGET: &str = "/twilio/sms?clinic=7";

/// The 20 parameters of an inbound SMS, in the order in which Twilio sends them.
const FORM: &str = "ToCountry=US&ToState=CA&SmsMessageSid=SM00000000000000000000000000000001&NumMedia=0\
    &ToCity=SAN+FRANCISCO&FromZip=94105&SmsSid=SM00000000000000000000000000000001&FromState=CA\
    &SmsStatus=received&FromCity=SAN+FRANCISCO&Body=Yes%2C+I+will+come+tomorrow+at+nine+o%27clock\
    &FromCountry=US&To=%2B14155550199&MessagingServiceSid=MG00000000000000000000000000000001\
    &ToZip=94105&NumSegments=1&MessageSid=SM00000000000000000000000000000001\
    &AccountSid=AC00000000000000000000000000000001&From=%2B14155550123&ApiVersion=2010-04-01";

fn validator() -> Validator {
    Validator::new(
        AuthToken::new(TOKEN).unwrap(),
        PublicOrigin::parse(ORIGIN).unwrap(),
    )
    // The largest body of `e_size` is above the default limit.
    .body_limit(usize::MAX)
}

fn signed(form: &str) -> Request<String> {
    let mut request = Request::post(TARGET)
        .header(
            "content-type",
            "application/x-www-form-urlencoded; charset=UTF-8",
        )
        .body(form.to_owned())
        .unwrap();
    let signature = HeaderValue::from_str(&validator().sign(&request)).unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    request
}

/// Returns the signed text, in the simplest implementation.
fn message(form: &str) -> String {
    let mut pairs: Vec<_> = form_urlencoded::parse(form.as_bytes()).collect();
    pairs.sort();
    let mut message = format!("{ORIGIN}{TARGET}");
    for (name, value) in &pairs {
        message.push_str(name);
        message.push_str(value);
    }
    message
}

/// Calls per sample. By default, divan uses one call per sample if the first call was slow, and
/// then measures mostly its timer.
const SIZE: u32 = 100;
const COUNT: u32 = 1_000;

fn main() {
    divan::main();
}

// divan sorts by name; the first letters set the order of the output.
#[divan::bench(sample_count = COUNT, sample_size = SIZE)]
fn a_bare_hmac(bencher: Bencher<'_, '_>) {
    let key = Hmac::<Sha1>::new_from_slice(TOKEN.as_bytes()).unwrap();
    let text = message(FORM);
    bencher.bench_local(|| key.clone().chain_update(black_box(&text)).finalize());
}

#[divan::bench(sample_count = COUNT, sample_size = SIZE)]
fn b_ours(bencher: Bencher<'_, '_>) {
    verify_again(bencher, FORM);
}

#[divan::bench(sample_count = COUNT, sample_size = SIZE)]
fn c_form_urlencoded(bencher: Bencher<'_, '_>) {
    let key = Hmac::<Sha1>::new_from_slice(TOKEN.as_bytes()).unwrap();
    let header = signed(FORM).headers()[SIGNATURE_HEADER].clone();
    bencher.bench_local(|| {
        let text = message(black_box(FORM));
        let mac = key.clone().chain_update(text).finalize().into_bytes();
        assert_eq!(STANDARD.encode(mac).as_bytes(), header.as_bytes());
    });
}

#[divan::bench(sample_count = COUNT, sample_size = SIZE)]
fn d_malformed_header(bencher: Bencher<'_, '_>) {
    let validator = validator();
    let mut malformed = signed(FORM);
    malformed
        .headers_mut()
        .insert(SIGNATURE_HEADER, HeaderValue::from_static("no base64"));
    bencher
        .with_inputs(|| malformed.clone())
        .bench_local_values(|request| validator.verify(request).unwrap_err());
}

/// The cost is linear in the size of the body, with one parameter or with many.
#[divan::bench(args = ["10 KB value", "1 MB value", "100 parameters", "400 parameters"])]
fn e_size(bencher: Bencher<'_, '_>, name: &str) {
    let value = |length: usize| format!("Body={}", "x".repeat(length));
    let many = |count: usize| {
        (0..count)
            .map(|n| format!("Name{n:07}={n}"))
            .collect::<Vec<_>>()
            .join("&")
    };
    let form = match name {
        "10 KB value" => value(10_000),
        "1 MB value" => value(1_000_000),
        "100 parameters" => many(100),
        _ => many(400),
    };
    verify_again(bencher.counter(BytesCount::of_str(&form)), &form);
}

/// Verifies one request repeatedly; each verified result returns the request.
fn verify_again(bencher: Bencher<'_, '_>, form: &str) {
    let validator = validator();
    let mut request = Some(signed(form));
    bencher.bench_local(|| {
        let verified = validator.verify(request.take().unwrap()).unwrap();
        request = Some(verified.into_request());
    });
}
