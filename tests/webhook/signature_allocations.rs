//! The signature check allocates nothing for a request of Twilio's usual size.

use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
use http::{HeaderValue, Request};

/// Counts the allocations of a form's verification.
fn allocations(form: &str) -> u64 {
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    let validator = Validator::new(AuthToken::new("12345").unwrap(), origin);
    let mut request = Request::post("/twilio/sms?clinic=7")
        .header(
            "content-type",
            "application/x-www-form-urlencoded; charset=UTF-8",
        )
        .body(form.to_owned())
        .unwrap();
    let signature = HeaderValue::from_str(&validator.sign(&request)).unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    let mut verified = None;
    let counted = allocation_counter::measure(|| verified = Some(validator.verify(request)));
    assert!(verified.unwrap().is_ok());
    counted.count_total
}

#[test]
fn no_allocation_up_to_32_parameters() {
    let form = |count: usize, value: &str| {
        (0..count)
            .map(|n| format!("Name{n}={value}{n}"))
            .collect::<Vec<_>>()
            .join("&")
    };
    for value in [
        "",
        "plain",
        "%2B1415+555",
        "%F0%9F%91%8D",
        "\u{1F44D}",
        "%zz",
    ] {
        for count in [0, 1, 20, 32] {
            assert_eq!(allocations(&form(count, value)), 0, "{count} of {value:?}");
        }
    }
    let long = format!("Body={}", "%F0%9F%91%8D".repeat(1600));
    assert_eq!(
        allocations(&long),
        1,
        "a text of 1600 emoji is decoded into one buffer"
    );
    assert_eq!(
        allocations("A%2B=1&A%2B=%2B&A%2B=2"),
        0,
        "repeated and escaped"
    );
    assert!(allocations(&form(33, "plain")) > 0, "the test can count");
}

#[test]
fn a_malformed_header_is_refused_before_the_body_is_read() {
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    let validator = Validator::new(AuthToken::new("12345").unwrap(), origin);
    let refused = |header: &'static str, body: String| {
        let request = Request::post("/twilio/sms")
            .header("content-type", "application/x-www-form-urlencoded")
            .header(SIGNATURE_HEADER, header)
            .body(body)
            .unwrap();
        let counted = allocation_counter::measure(|| drop(validator.verify(request)));
        counted.count_total
    };
    // Sorting this many parameters allocates.
    let many = || "a=1&".repeat(400);
    assert_eq!(refused("x", many()), refused("x", String::new()));
    let well_formed = "AAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    assert!(refused(well_formed, many()) > refused(well_formed, String::new()));
}
