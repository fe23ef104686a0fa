//! The signature check of other crates, from the same raw bytes, beside the bare HMAC and ours.
//!
//!     cargo bench --manifest-path benches/peers/Cargo.toml --bench signature
//!
//! The crate `twilio` is not here: its check cannot be called apart from an old hyper's request.

#![allow(missing_docs)]

use std::collections::BTreeMap;

use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
use criterion::{Criterion, criterion_group, criterion_main};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderValue, Request};
use sha1::Sha1;
use sms_core::InboundWebhook as _;

const TOKEN: &str = "12345678901234567890123456789012";
const ORIGIN: &str = "https://acme.example.com";
const TARGET: &str = "/twilio/sms?clinic=7";

/// The 20 parameters of an inbound SMS, in the order that Twilio sends them.
const FORM: &str = "ToCountry=US&ToState=CA&SmsMessageSid=SM00000000000000000000000000000001&NumMedia=0\
    &ToCity=SAN+FRANCISCO&FromZip=94105&SmsSid=SM00000000000000000000000000000001&FromState=CA\
    &SmsStatus=received&FromCity=SAN+FRANCISCO&Body=Yes%2C+I+will+come+tomorrow+at+nine+o%27clock\
    &FromCountry=US&To=%2B14155550199&MessagingServiceSid=MG00000000000000000000000000000001\
    &ToZip=94105&NumSegments=1&MessageSid=SM00000000000000000000000000000001\
    &AccountSid=AC00000000000000000000000000000001&From=%2B14155550123&ApiVersion=2010-04-01";

fn peers(c: &mut Criterion) {
    let mut group = c.benchmark_group("peers");
    let origin = PublicOrigin::parse(ORIGIN).unwrap();
    let validator = Validator::new(AuthToken::new(TOKEN).unwrap(), origin);
    let mut request = Request::post(TARGET)
        .header("host", "acme.example.com")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(FORM)
        .unwrap();
    let signature = validator.sign(&request);
    let header = HeaderValue::from_str(&signature).unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, header);

    let mut pairs: Vec<_> = form_urlencoded::parse(FORM.as_bytes()).collect();
    pairs.sort();
    let text = pairs
        .iter()
        .fold(format!("{ORIGIN}{TARGET}"), |text, (n, v)| text + n + v);
    let key = Hmac::<Sha1>::new_from_slice(TOKEN.as_bytes()).unwrap();
    group.bench_function("bare HMAC", |b| {
        b.iter(|| key.clone().chain_update(&text).finalize());
    });

    let mut again = Some(request.clone());
    group.bench_function("ours", |b| {
        b.iter(|| {
            again = Some(
                validator
                    .verify(again.take().unwrap())
                    .unwrap()
                    .into_request(),
            )
        });
    });

    group.bench_function("rusty_twilio", |b| {
        b.iter(|| {
            let form: BTreeMap<String, String> = form_urlencoded::parse(request.body().as_bytes())
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
    });

    let client =
        sms_twilio::TwilioClient::new("AC1", TOKEN).with_webhook_url(format!("{ORIGIN}{TARGET}"));
    let headers = vec![("x-twilio-signature".to_owned(), signature)];
    group.bench_function("sms-twilio", |b| {
        b.iter(|| client.verify(&headers, request.body().as_bytes()).unwrap());
    });
    group.finish();
}

criterion_group!(benches, peers);
criterion_main!(benches);
