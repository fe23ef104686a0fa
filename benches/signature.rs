//! What a signature check costs, beside the bare HMAC that nobody can go without.
//!
//!     cargo bench --bench signature --no-default-features
//!
//! Machines differ: only the ratios of one run count.

#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark fails loudly")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderValue, Request};
use sha1::Sha1;

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

fn validator() -> Validator {
    Validator::new(
        AuthToken::new(TOKEN).unwrap(),
        PublicOrigin::parse(ORIGIN).unwrap(),
    )
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

/// The text that is signed, as everybody writes it first.
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

fn sms(c: &mut Criterion) {
    let mut group = c.benchmark_group("signature");
    let key = Hmac::<Sha1>::new_from_slice(TOKEN.as_bytes()).unwrap();
    let text = message(FORM);
    group.bench_function("bare HMAC", |b| {
        b.iter(|| key.clone().chain_update(&text).finalize());
    });

    let validator = validator();
    let mut request = Some(signed(FORM));
    group.bench_function("ours", |b| {
        b.iter(|| {
            request = Some(
                validator
                    .verify(request.take().unwrap())
                    .unwrap()
                    .into_request(),
            );
        });
    });

    let header = signed(FORM).headers()[SIGNATURE_HEADER].clone();
    group.bench_function("form_urlencoded", |b| {
        b.iter(|| {
            let mac = key
                .clone()
                .chain_update(message(FORM))
                .finalize()
                .into_bytes();
            assert_eq!(STANDARD.encode(mac).as_bytes(), header.as_bytes());
        });
    });

    let mut malformed = signed(FORM);
    malformed
        .headers_mut()
        .insert(SIGNATURE_HEADER, HeaderValue::from_static("no base64"));
    group.bench_function("malformed header", |b| {
        b.iter_batched(
            || malformed.clone(),
            |request| validator.verify(request).unwrap_err(),
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

/// Linear in the size of the body, whether it is one value or many.
fn sizes(c: &mut Criterion) {
    let mut group = c.benchmark_group("size");
    let many = |count: usize| {
        (0..count)
            .map(|n| format!("Name{n:07}={n}"))
            .collect::<Vec<_>>()
            .join("&")
    };
    let bodies = [
        ("10 KB value", format!("Body={}", "x".repeat(10_000))),
        ("1 MB value", format!("Body={}", "x".repeat(1_000_000))),
        ("100 parameters", many(100)),
        ("1,000 parameters", many(1_000)),
        ("10,000 parameters", many(10_000)),
    ];
    for (name, form) in bodies {
        let validator = validator();
        let mut request = Some(signed(&form));
        group.throughput(Throughput::Bytes(form.len() as u64));
        group.bench_function(name, |b| {
            b.iter(|| {
                request = Some(
                    validator
                        .verify(request.take().unwrap())
                        .unwrap()
                        .into_request(),
                );
            });
        });
    }
    group.finish();
}

criterion_group!(benches, sms, sizes);
criterion_main!(benches);
