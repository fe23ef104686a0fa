//! CPU of reading a payload: twice the form costs twice as much, whatever it holds.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{
    CallStatusCallback, Event, InboundMessage, PublicOrigin, SIGNATURE_HEADER, Validator, Verified,
};
use http::{HeaderValue, Request};
use rustix::time::{ClockId, clock_gettime};

const SMS: &str = "AccountSid=AC00000000000000000000000000000001&Body=hi\
    &MessageSid=SM00000000000000000000000000000001&From=%2B14155550123&To=%2B14155550199";
const CALL: &str = "AccountSid=AC00000000000000000000000000000001&CallStatus=completed\
    &CallSid=CA00000000000000000000000000000001&From=%2B14155550123&To=%2B14155550199\
    &CallbackSource=x";
/// The largest growth of CPU for twice the size.
const LARGEST_RATIO: f64 = 2.5;

fn verified(form: String) -> Verified<String> {
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    let validator = Validator::new(AuthToken::new("12345").unwrap(), origin);
    let mut request = Request::post("/hook")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .unwrap();
    let signature = HeaderValue::from_str(&validator.sign(&request)).unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    validator.verify(request).unwrap()
}

/// CPU time of this thread in seconds.
fn now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    #[expect(clippy::cast_precision_loss, reason = "a test runs for seconds")]
    let seconds = time.tv_sec as f64 + time.tv_nsec as f64 / 1e9;
    seconds
}

/// The least CPU of several readings of the shape at a size.
fn cpu(shape: &dyn Fn(usize) -> String, bytes: usize) -> f64 {
    let mut filler = String::new();
    let mut n = 0;
    while filler.len() < bytes {
        filler.push_str(&shape(n));
        n += 1;
    }
    let message = verified(format!("{SMS}{filler}"));
    let call = verified(format!("{CALL}{filler}"));
    let other = verified(filler);
    let times = (0..5).map(|_| {
        let start = now();
        let _ = message.parse::<InboundMessage>();
        let _ = call.parse::<CallStatusCallback>();
        for form in [&message, &call, &other] {
            assert!(form.parse::<Event>().is_ok());
        }
        now() - start
    });
    times.fold(f64::INFINITY, f64::min)
}

#[test]
fn twice_the_form_costs_twice() {
    let shapes: [(&str, &dyn Fn(usize) -> String); 9] = [
        ("no values", &|_| "&a".to_owned()),
        ("names that differ", &|n| format!("&Name{n}={n}")),
        ("one name, values that differ", &|n| format!("&a={n}")),
        ("a field, values that differ", &|n| format!("&From={n}")),
        ("a field, one value", &|_| "&From=%2B14155550123".to_owned()),
        ("the headers of a call", &|n| format!("&SipHeader_{n}={n}")),
        ("names that begin as a field does", &|_| {
            "&MessageSidX=1".to_owned()
        }),
        ("escapes", &|_| "&%C3%A9=%C3%A9".to_owned()),
        ("one long value", &|n| {
            if n == 0 {
                "&a=".to_owned()
            } else {
                "%41+".repeat(64)
            }
        }),
    ];
    for (name, shape) in shapes {
        let times = [16, 32, 64, 128].map(|kib| cpu(shape, kib * 1024));
        for pair in times.windows(2) {
            let [small, large] = pair else { unreachable!() };
            // Below 50 microseconds the clock's own noise decides.
            let ratio = large / small.max(50e-6);
            assert!(ratio <= LARGEST_RATIO, "{name}: {times:?}");
        }
    }
}
