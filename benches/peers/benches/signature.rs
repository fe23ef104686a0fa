//! Cost of the signature check of other crates on the same raw bytes, compared with the HMAC alone
//! and with this crate.
//!
//!     cargo bench --manifest-path benches/peers/Cargo.toml --bench signature
//!
//! The crate `twilio` is not included: its check needs a request of an old hyper version.

#![allow(missing_docs)]

use std::collections::BTreeMap;

use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
use divan::{Bencher, black_box};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderValue, Request};
use sha1::Sha1;
use sms_core::InboundWebhook as _;

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

/// Calls per sample. By default, divan uses one call per sample if the first call was slow, and
/// then measures mostly its timer.
const SIZE: u32 = 100;
const COUNT: u32 = 1_000;

fn main() {
    divan::main();
}

fn validator() -> Validator {
    let origin = PublicOrigin::parse(ORIGIN).unwrap();
    Validator::new(AuthToken::new(TOKEN).unwrap(), origin)
}

fn signed() -> Request<&'static str> {
    let mut request = Request::post(TARGET)
        .header("host", "acme.example.com")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(FORM)
        .unwrap();
    let header = HeaderValue::from_str(&validator().sign(&request)).unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, header);
    request
}

#[divan::bench(sample_count = COUNT, sample_size = SIZE)]
fn a_bare_hmac(bencher: Bencher<'_, '_>) {
    let mut pairs: Vec<_> = form_urlencoded::parse(FORM.as_bytes()).collect();
    pairs.sort();
    let text = pairs
        .iter()
        .fold(format!("{ORIGIN}{TARGET}"), |text, (n, v)| text + n + v);
    let key = Hmac::<Sha1>::new_from_slice(TOKEN.as_bytes()).unwrap();
    bencher.bench_local(|| key.clone().chain_update(black_box(&text)).finalize());
}

#[divan::bench(sample_count = COUNT, sample_size = SIZE)]
fn b_ours(bencher: Bencher<'_, '_>) {
    let validator = validator();
    let mut request = Some(signed());
    bencher.bench_local(|| {
        let verified = validator.verify(request.take().unwrap()).unwrap();
        request = Some(verified.into_request());
    });
}

#[divan::bench(sample_count = COUNT, sample_size = SIZE)]
fn c_rusty_twilio(bencher: Bencher<'_, '_>) {
    let request = signed();
    bencher.bench_local(|| {
        let form: BTreeMap<String, String> =
            form_urlencoded::parse(black_box(&request).body().as_bytes())
                .into_owned()
                .collect();
        rusty_twilio::validation::validate_twilio_signature(
            TOKEN,
            request.method(),
            request.uri(),
            request.headers(),
            Some(&form),
        )
        .unwrap();
    });
}

#[divan::bench(sample_count = COUNT, sample_size = SIZE)]
fn d_sms_twilio(bencher: Bencher<'_, '_>) {
    let client =
        sms_twilio::TwilioClient::new("AC1", TOKEN).with_webhook_url(format!("{ORIGIN}{TARGET}"));
    let request = signed();
    let signature = request.headers()[SIGNATURE_HEADER].to_str().unwrap();
    let headers = vec![("x-twilio-signature".to_owned(), signature.to_owned())];
    bencher.bench_local(|| {
        client
            .verify(black_box(&headers), request.body().as_bytes())
            .unwrap()
    });
}
